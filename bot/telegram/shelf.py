"""Where chats are kept while nobody writes in them: sealed rows of the internal app."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

import httpx

from bot.keeping import as_text, asked, from_text
from bot.telegram.chat import Chat, Keys


class ChatShelf(Protocol):
    """Keeps chats; every method raises ShelfDown where nobody keeps anything now."""

    async def put(self, chat: Chat, taken: Iterable[int]) -> None:
        """Keeps a chat, and that these updates were taken."""

    async def get(self, chat: int) -> Chat | None:
        """A chat, if it is kept."""

    async def drop(self, chat: int, taken: Iterable[int]) -> None:
        """Deletes a chat, and keeps that these updates were taken."""

    async def due(self) -> list[Chat]:
        """The chats with which something has to be done now."""

    async def taken(self) -> frozenset[int]:
        """The updates that were taken of late."""


class InternalShelf:
    """The shelf of the internal app, over HTTP on loopback."""

    def __init__(self, internal: httpx.AsyncClient, keys: Keys) -> None:
        self._internal = internal
        self._keys = keys

    async def put(self, chat: Chat, taken: Iterable[int]) -> None:
        """Keeps a chat, and that these updates were taken."""
        row = {
            "name": as_text(self._keys.name(chat.id)),
            "sealed": as_text(self._keys.seal(chat)),
            "due": chat.due(),
            "until": chat.until(),
            "taken": list(taken),
        }
        await asked(self._internal, "/chats/put", row)

    async def get(self, chat: int) -> Chat | None:
        """A chat, if it is kept."""
        name = self._keys.name(chat)
        sealed = (await asked(self._internal, "/chats/get", {"name": as_text(name)}))["sealed"]
        return self._keys.unseal(from_text(sealed), name) if sealed else None

    async def drop(self, chat: int, taken: Iterable[int]) -> None:
        """Deletes a chat, and keeps that these updates were taken."""
        name = as_text(self._keys.name(chat))
        await asked(self._internal, "/chats/drop", {"name": name, "taken": list(taken)})

    async def due(self) -> list[Chat]:
        """The chats with which something has to be done now."""
        rows = (await asked(self._internal, "/chats/due", {}))["due"]
        found = (self._keys.unseal(from_text(sealed), from_text(name)) for name, sealed in rows)
        return [chat for chat in found if chat]

    async def taken(self) -> frozenset[int]:
        """The updates that were taken of late."""
        return frozenset((await asked(self._internal, "/chats/taken", {}))["taken"])
