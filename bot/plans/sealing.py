"""Sealing: what is saved can be read with its code alone, and looks like any other.

From a code come a name and a key (Argon2id). The name finds the row, the key opens it. Whoever has
the rows without a code can't tell which is whose, what is in one, or how long it is; guessing one
code costs a run of Argon2id with 64 MiB.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from nacl.exceptions import CryptoError
from nacl.pwhash import argon2id
from nacl.secret import Aead

KEY_BYTES = 32
# RFC 9106 recommends one pass and 2 GiB, or three and 64 MiB where memory is short.
PASSES, MEMORY = 3, 64 * 1024 * 1024
SMALLEST = 8 * 1024  # bytes: nearly every plan fits, and so all look alike
LENGTH_BYTES = 4


@dataclass(frozen=True)
class Keys:
    """What a code gives: the name of a row, and the key that opens it."""

    name: bytes
    key: bytes


class CannotOpen(Exception):
    """What is there was not sealed with this key, or was damaged."""


def keys_of(code: str, salt: bytes) -> Keys:
    """Name and key of a code; `salt` is this installation's own (16 bytes). Takes 0.1 s or more."""
    both = argon2id.kdf(2 * KEY_BYTES, code.encode(), salt, opslimit=PASSES, memlimit=MEMORY)
    return Keys(both[:KEY_BYTES], both[KEY_BYTES:])


def seal(record: Mapping[str, Any], keys: Keys) -> bytes:
    """A record, padded and sealed (XChaCha20-Poly1305), bound to its name."""
    return bytes(Aead(keys.key).encrypt(padded(json.dumps(record).encode()), keys.name))


def unseal(sealed: bytes, keys: Keys) -> dict[str, Any]:
    """What was sealed; raises CannotOpen."""
    try:
        return dict(json.loads(unpadded(Aead(keys.key).decrypt(sealed, keys.name))))
    except (CryptoError, ValueError) as error:
        raise CannotOpen from error


def padded(data: bytes) -> bytes:
    """Data with its length before it and zeros after it: 8 KiB, or twice that, and so on."""
    whole = len(data).to_bytes(LENGTH_BYTES) + data
    size = SMALLEST
    while size < len(whole):
        size *= 2
    return whole.ljust(size, b"\0")


def unpadded(whole: bytes) -> bytes:
    """The data without its padding."""
    length = int.from_bytes(whole[:LENGTH_BYTES])
    return whole[LENGTH_BYTES : LENGTH_BYTES + length]
