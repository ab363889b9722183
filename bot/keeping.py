"""What is kept by a visitor's wish: plans under a code, and slices for a helper.

Sealing and opening happen here, beside the door; the rows lie behind it, with another process,
which never sees a code or a key. Wrong codes are slowed down without knowing who tries: all codes
go through one narrow gate, and each takes a run of Argon2id.
"""

import asyncio
import base64
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Protocol

import httpx

from bot.plans.codes import Kind, new_code, read_code
from bot.plans.sealing import CannotOpen, Keys, keys_of, seal, unseal
from bot.plans.slices import Slice

SHELF_SECONDS = 5.0
# So many codes may be tried at once, then one in so many seconds. A right one waits like others.
AT_ONCE, SECONDS_EACH = 10, 1.0
MOST_WAITING = 30


class ShelfDown(Exception):
    """Nobody behind the door can keep or find anything now."""


class TooManyCodes(Exception):
    """So many codes are being tried that this one can't be taken now."""


class Shelf(Protocol):
    """Where sealed rows lie."""

    async def salt(self) -> bytes:
        """The salt of this installation; raises ShelfDown."""

    async def put(self, name: bytes, sealed: bytes, hours: int) -> int:
        """Keeps a row for so many hours; until when (Unix time). Raises ShelfDown."""

    async def get(self, name: bytes) -> bytes | None:
        """The row of a name, if there is one; raises ShelfDown."""

    async def drop(self, name: bytes) -> None:
        """Deletes a row; raises ShelfDown."""


class ShelfClient:
    """The shelf of the internal app, over HTTP on loopback."""

    def __init__(self, internal: httpx.AsyncClient) -> None:
        self._internal = internal

    async def salt(self) -> bytes:
        """The salt of this installation."""
        return from_text((await asked(self._internal, "/kept/salt", {}))["salt"])

    async def put(self, name: bytes, sealed: bytes, hours: int) -> int:
        """Keeps a row for so many hours; until when (Unix time)."""
        row = {"name": as_text(name), "sealed": as_text(sealed), "hours": hours}
        return int((await asked(self._internal, "/kept/put", row))["until"])

    async def get(self, name: bytes) -> bytes | None:
        """The row of a name, if there is one."""
        sealed = (await asked(self._internal, "/kept/get", {"name": as_text(name)}))["sealed"]
        return from_text(sealed) if sealed else None

    async def drop(self, name: bytes) -> None:
        """Deletes a row."""
        await asked(self._internal, "/kept/drop", {"name": as_text(name)})


async def asked(
    internal: httpx.AsyncClient, path: str, call: Mapping[str, object]
) -> dict[str, Any]:
    """What the internal app answers about sealed rows; raises ShelfDown."""
    try:
        answer = await internal.post(path, json=call, timeout=SHELF_SECONDS)
        return dict(answer.raise_for_status().json())
    except (httpx.HTTPError, ValueError, TypeError) as error:
        raise ShelfDown from error


@dataclass(frozen=True)
class Saved:
    """A plan that was saved: its code, shown once, and until when it is kept (Unix time)."""

    code: str
    until: int


class Keeper:
    """Saves, finds and deletes what visitors want to be kept."""

    def __init__(
        self,
        shelf: Shelf,
        left_out: Mapping[str, tuple[str, ...]],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._shelf = shelf
        self._left_out = left_out
        self._gate = Gate(clock)
        # One at a time: each takes 64 MiB, and nobody shall be able to keep all processors busy.
        self._thread = ThreadPoolExecutor(1, "codes")
        self._salt = b""

    async def save(
        self, record: Mapping[str, Any], kind: Kind, language: str, hours: int, code: str = ""
    ) -> Saved:
        """Saves a plan under a new code, or in place of the one under `code`; raises ShelfDown."""
        shown = code or new_code(kind, language, self._left_out.get(language, ()))
        keys = await self._keys(read_code(shown) or shown)
        return Saved(shown, await self._shelf.put(keys.name, seal(record, keys), hours))

    async def find(self, text: str) -> dict[str, Any] | None:
        """What was saved under a code, if anything; raises ShelfDown, TooManyCodes."""
        keys = await self._tried(text)
        sealed = await self._shelf.get(keys.name) if keys else None
        try:
            return unseal(sealed, keys) if sealed and keys else None
        except CannotOpen:
            return None

    async def delete(self, text: str) -> None:
        """Deletes what was saved under a code, if anything; raises ShelfDown, TooManyCodes."""
        keys = await self._tried(text)
        if keys:
            await self._shelf.drop(keys.name)

    async def put_slice(self, kept: Slice, hours: int) -> int:
        """Keeps a slice for so many hours; until when (Unix time). Raises ShelfDown."""
        return await self._shelf.put(kept.name, kept.sealed, hours)

    async def slice(self, name: bytes) -> bytes | None:
        """A sealed slice, if it is there; raises ShelfDown."""
        return await self._shelf.get(name)

    async def _tried(self, text: str) -> Keys | None:
        """Name and key of a code that somebody typed; None where it can be none."""
        code = read_code(text)
        if code is None:
            return None
        await self._gate.through()
        return await self._keys(code)

    async def _keys(self, code: str) -> Keys:
        """Name and key of a code."""
        self._salt = self._salt or await self._shelf.salt()
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._thread, keys_of, code, self._salt)


class Gate:
    """Lets a few through at once, and then one after another."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._free_at = 0.0  # when the gate would be as free as at the beginning
        self._waiting = 0

    async def through(self) -> None:
        """Waits for its turn; raises TooManyCodes when too many wait already."""
        now = self._clock()
        self._free_at = max(self._free_at, now) + SECONDS_EACH
        wait = self._free_at - now - AT_ONCE * SECONDS_EACH
        if wait <= 0:
            return
        if self._waiting >= MOST_WAITING:
            self._free_at -= SECONDS_EACH
            raise TooManyCodes
        self._waiting += 1
        try:
            await asyncio.sleep(wait)
        finally:
            self._waiting -= 1


def as_text(data: bytes) -> str:
    """Bytes as they go through JSON."""
    return base64.b64encode(data).decode()


def from_text(text: str) -> bytes:
    """Bytes that came through JSON."""
    return base64.b64decode(text)
