"""Looks after chats in which nobody writes: what is due is done in time, also after a restart."""

from __future__ import annotations

import asyncio
import logging

from bot.keeping import ShelfDown
from bot.telegram.attendant import Attendant
from bot.telegram.chat import NEVER, Chat
from bot.telegram.receiving import Inbox
from bot.telegram.room import Room

log = logging.getLogger("foothold.telegram")

EACH = 1.0  # seconds between two looks at the chats that are held
KEPT_EACH = 20  # looks between two at those that are kept
AT_ONCE = 20


class Sweeper:
    """Sweeps for as long as it runs."""

    def __init__(self, room: Room, attendant: Attendant, inbox: Inbox) -> None:
        self._room = room
        self._attendant = attendant
        self._inbox = inbox

    async def run(self) -> None:
        """Looks at all chats, again and again until it is cancelled."""
        looks = 0
        while True:
            try:
                if looks % KEPT_EACH == 0:
                    await self.take_up_kept()
                await self.sweep()
            except Exception as error:  # noqa: BLE001 - the next time it may work again
                log.error("sweep_failed %s", type(error).__name__)  # noqa: TRY400 - no texts
            looks += 1
            await asyncio.sleep(EACH)

    async def take_up_kept(self) -> None:
        """Holds what is kept and due: a restart cancels nothing."""
        try:
            for chat in await self._room.shelf.due():
                self._room.chats.setdefault(chat.id, chat)
        except ShelfDown:
            log.warning("shelf_down")

    async def sweep(self) -> None:
        """Does what is due, a few chats side by side."""
        due = [chat for chat in self._room.chats.values() if self.is_due(chat)]
        due.sort(key=lambda chat: chat.due())
        for at in range(0, len(due), AT_ONCE):
            await asyncio.gather(*map(self._attendant.look_after, due[at : at + AT_ONCE]))
        idle = [each for each in self._room.chats.values() if self.is_idle(each)]
        for chat in idle:
            self._room.let_go(chat)

    def is_due(self, chat: Chat) -> bool:
        """Whether something has to be done in a chat, and nobody is at it."""
        if self._inbox.is_busy(chat.id):
            return False
        return chat.due() <= self._room.now() or bool(chat.move)

    def is_idle(self, chat: Chat) -> bool:
        """Whether a chat need not be held: it is kept, or there is nothing in it."""
        return chat.due() == NEVER and not self._inbox.is_busy(chat.id)
