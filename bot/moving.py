"""A conversation on its way from one channel to another: a link that works once, for five minutes.

What stands behind the # of the link is the key. The row under its hash holds the conversation,
sealed; whoever takes it has it, and nobody after them.
"""

import base64
import binascii
import hashlib
import re
import secrets

import httpx
from nacl.exceptions import CryptoError
from nacl.secret import SecretBox

from bot.keeping import as_text, asked, from_text

A_KEY = re.compile(r"[A-Za-z0-9_-]{43}")


class Moves:
    """The moves that the internal app keeps, over HTTP on loopback."""

    def __init__(self, internal: httpx.AsyncClient) -> None:
        self._internal = internal

    async def begin(self, conversation: str) -> str:
        """The key of a new move: it takes the conversation along, once. Raises ShelfDown."""
        secret = secrets.token_bytes(SecretBox.KEY_SIZE)
        sealed = bytes(SecretBox(secret).encrypt(conversation.encode()))
        await asked(
            self._internal,
            "/moves/put",
            {"name": as_text(named(secret)), "sealed": as_text(sealed)},
        )
        return base64.urlsafe_b64encode(secret).decode().rstrip("=")

    async def waits(self, key: str) -> bool:
        """Whether nobody has taken it yet, and its time is not over; raises ShelfDown."""
        return bool((await asked(self._internal, "/moves/waits", {"name": name_of(key)}))["waits"])

    async def take(self, key: str) -> str | None:
        """The conversation of a key, once; raises ShelfDown."""
        if not A_KEY.fullmatch(key):
            return None
        sealed = (await asked(self._internal, "/moves/take", {"name": name_of(key)}))["sealed"]
        try:
            return SecretBox(secret_of(key)).decrypt(from_text(sealed)).decode() if sealed else None
        except (CryptoError, ValueError):
            return None


def secret_of(key: str) -> bytes:
    """The bytes of a key; none for what is no key."""
    try:
        return base64.urlsafe_b64decode(key + "=")
    except (binascii.Error, ValueError):
        return b""


def name_of(key: str) -> str:
    """The name of a key's row, as it goes through JSON."""
    return as_text(named(secret_of(key)))


def named(secret: bytes) -> bytes:
    """The name of the row that a secret opens."""
    return hashlib.sha256(b"foothold move " + secret).digest()
