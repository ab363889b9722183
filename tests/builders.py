"""Small stand-ins for what lies outside, and builders whose defaults are the dull case."""

import asyncio
from collections.abc import Mapping
from typing import Any

from bot.keeping import ShelfDown
from bot.rasa_client import Call, Said, Unavailable


def said(
    message: str = "device",
    *,
    text: str = "…",
    buttons: Mapping[str, str] | None = None,
    language: str = "en",
    country: str = "",
    expects: str = "choice",
) -> dict[str, Any]:
    """One reply as an action sends it."""
    offered = {"Yes": "/choose{}", "No": "/choose{}"} if buttons is None else buttons
    return {
        "message": message,
        "text": text,
        "kind": "question" if offered else "text",
        "language": language,
        "country": country,
        "expects": expects,
        "buttons": [{"title": title, "payload": payload} for title, payload in offered.items()],
    }


class Clock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


class FakeRasa:
    """A Rasa that says what it is told to say, and remembers what it was sent."""

    def __init__(self) -> None:
        self.answers: list[dict[str, Any]] = [said()]
        self.sent: list[tuple[str, Mapping[str, object]]] = []
        self.calls: list[Call] = []
        self.taken_late = ""  # the unsure turn that was taken all the same
        self.kept: dict[str, Said] = {}
        self.forgotten: list[str] = []
        self.slots: dict[str, Any] | None = {}
        self.can_forget = True
        self.down = False
        self.hangs = False

    async def send(self, conversation: str, call: Call) -> Said:
        self.sent.append((call.text, call.metadata))
        self.calls.append(call)
        if self.down:
            raise Unavailable
        if self.hangs:
            await asyncio.sleep(3600)
        return Said(self.taken_late or call.turn, self.answers)

    async def latest(self, conversation: str) -> Said | None:
        if self.down:
            raise Unavailable
        return self.kept.get(conversation)

    async def plan(self, conversation: str) -> dict[str, Any] | None:
        if self.down:
            raise Unavailable
        return self.slots

    async def forget(self, name: str, *, under_way: bool) -> bool:
        self.forgotten.append(name)
        return self.can_forget

    async def health(self) -> dict[str, str]:
        state = "down" if self.down else "ok"
        return {"rasa": state, "internal": "ok"}


class FakeShelf:
    """A shelf in memory."""

    def __init__(self) -> None:
        self.rows: dict[bytes, bytes] = {}
        self.down = False

    async def salt(self) -> bytes:
        if self.down:
            raise ShelfDown
        return b"s" * 16

    async def put(self, name: bytes, sealed: bytes, hours: int) -> int:
        self.rows[name] = sealed
        return hours * 3600

    async def get(self, name: bytes) -> bytes | None:
        return self.rows.get(name)

    async def drop(self, name: bytes) -> None:
        self.rows.pop(name, None)
