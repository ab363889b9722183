"""A helper slice: the part of a plan that is meant for one trusted person.

It is sealed with a key of its own that stands behind the # of the link, where no server sees it:
who opens the link fetches what is sealed, and their own browser opens it (AES-256-GCM, which
browsers have built in).
"""

import base64
import io
import json
import secrets
from dataclasses import dataclass
from typing import Any

import segno
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from bot.content.planned import WordedPlan
from bot.plans.sealing import padded

NAME_BYTES = 16
KEY_BYTES = 16  # 128 bits: a shorter link, and a QR code that old cameras can read
NONCE_BYTES = 12


@dataclass(frozen=True)
class Slice:
    """What is kept of a slice, and the link's part behind the #."""

    name: bytes
    sealed: bytes
    fragment: str


def slice_of(plan: WordedPlan, parts: frozenset[str]) -> dict[str, Any]:
    """The chosen parts of a plan: steps and cautions, nothing of the person's situation."""
    return {
        "language": plan.language,
        "title": plan.title,
        "numbers": list(plan.numbers),
        "sections": [
            {
                "title": part.title,
                "caution": part.caution,
                "steps": [
                    {"about": step.says_what_it_is, "text": step.text} for step in part.steps
                ],
            }
            for part in plan.sections
            if part.id in parts
        ],
    }


def sealed_slice(content: dict[str, Any]) -> Slice:
    """A slice, sealed with a new key."""
    name, key = secrets.token_bytes(NAME_BYTES), secrets.token_bytes(KEY_BYTES)
    nonce = secrets.token_bytes(NONCE_BYTES)
    sealed = nonce + AESGCM(key).encrypt(nonce, padded(json.dumps(content).encode()), name)
    return Slice(name, sealed, f"{in_link(name)}.{in_link(key)}")


def in_link(data: bytes) -> str:
    """Bytes as they stand in a link."""
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def from_link(text: str) -> bytes:
    """Bytes that stood in a link; raises ValueError."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def qr_code(link: str) -> str:
    """A link as a picture (SVG) for somebody's camera."""
    picture = io.BytesIO()
    segno.make_qr(link, error="m").save(
        picture, kind="svg", scale=4, border=4, xmldecl=False, svgns=True, nl=False
    )
    return picture.getvalue().decode()
