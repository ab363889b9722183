"""How fast messages may go out: thirty a second in all, one a second to each chat.

The figures are Telegram's (core.telegram.org/bots/faq). What is urgent goes before what is not.
"""

from __future__ import annotations

import asyncio
import heapq
import itertools
from collections.abc import Callable, Coroutine
from typing import Any

from telegram.error import RetryAfter
from telegram.ext import BaseRateLimiter

from bot.telegram.periods import seconds_in

OVERALL = 1 / 27  # seconds between two messages: no second holds thirty, though the network jitters
EACH_CHAT = 1.0
MOST_TRIES = 6
LONGEST_WAIT = 120.0
FORGET_CHATS = 10_000
HURRIED_SECONDS = 30.0

# What arrives in a chat as a message; all else is not counted by Telegram.
MESSAGES = frozenset({"sendMessage", "sendDocument", "sendPhoto"})

Result = bool | dict[str, Any] | list[dict[str, Any]]


class Queue:
    """Lets one through after another, with a gap between; the urgent first."""

    def __init__(self, gap: float) -> None:
        self._gap = gap
        self._waiting: list[tuple[int, int, int, asyncio.Future[None]]] = []
        self._number = itertools.count()
        self._runner: asyncio.Task[None] | None = None
        self._free_at = 0.0

    async def through(self, who: int = 0, *, urgent: bool = False) -> None:
        """Waits for its turn; `who` is the chat that it is for."""
        loop = asyncio.get_running_loop()
        mine = loop.create_future()
        heapq.heappush(self._waiting, (0 if urgent else 1, next(self._number), who, mine))
        if self._runner is None or self._runner.done():
            self._runner = asyncio.create_task(self._run())
        await mine

    def hurry(self, who: int) -> None:
        """Lets what waits for a chat go first."""
        for _, number, each, waiting in tuple(self._waiting):
            if each == who:
                heapq.heappush(self._waiting, (0, number, each, waiting))

    async def _run(self) -> None:
        """Lets the waiting through until none is left."""
        loop = asyncio.get_running_loop()
        while self._waiting:
            await asyncio.sleep(max(0.0, self._free_at - loop.time()))
            _, _, _, first = heapq.heappop(self._waiting)
            if not first.done():  # one that was hurried stands here twice
                self._free_at = loop.time() + self._gap
                first.set_result(None)


class Pace(BaseRateLimiter[bool]):
    """Keeps to Telegram's limits, and waits where it asks for more patience.

    The library hands on what a caller said of the rate: True for what is urgent.
    """

    def __init__(self, each_chat: float = EACH_CHAT, overall: float = OVERALL) -> None:
        self._each_chat = each_chat
        self._overall = Queue(overall)
        self._free_at: dict[int, float] = {}  # chats, and when the next message may go there
        self._hurried: dict[int, float] = {}  # chats, and until when they go first

    def hurry(self, chat: int) -> None:
        """Somebody is in danger: for a while what is for them goes before all else."""
        now = asyncio.get_running_loop().time()
        self._hurried = {each: at for each, at in self._hurried.items() if at > now}
        self._hurried[chat] = now + HURRIED_SECONDS
        self._overall.hurry(chat)

    async def initialize(self) -> None:
        """Nothing is to be done."""

    async def shutdown(self) -> None:
        """Nothing is to be done."""

    async def process_request(  # noqa: PLR0917 - as the library calls it
        self,
        callback: Callable[..., Coroutine[Any, Any, Result]],
        args: Any,
        kwargs: dict[str, Any],
        endpoint: str,
        data: dict[str, Any],
        rate_limit_args: bool | None,
    ) -> Result:
        """Makes a request when its time has come; raises RetryAfter when it never does."""
        chat = int(data.get("chat_id") or 0)
        for _ in range(MOST_TRIES):
            if endpoint in MESSAGES:
                await self._turn_of(chat)
                urgent = bool(rate_limit_args) or chat in self._hurried
                await self._overall.through(chat, urgent=urgent)
                self._sent_to(chat)
            try:
                return await callback(*args, **kwargs)
            except RetryAfter as error:
                pause = seconds_in(error.retry_after)
                if pause > LONGEST_WAIT:
                    raise
                await asyncio.sleep(pause + 0.1)
        return await callback(*args, **kwargs)

    async def _turn_of(self, chat: int) -> None:
        """Waits until the chat may have another message."""
        now = asyncio.get_running_loop().time()
        free_at = max(now, self._free_at.get(chat, 0.0))
        self._free_at[chat] = free_at + self._each_chat
        if len(self._free_at) > FORGET_CHATS:
            self._free_at = {each: at for each, at in self._free_at.items() if at > now}
        await asyncio.sleep(free_at - now)

    def _sent_to(self, chat: int) -> None:
        """Counts the pause from now on: a message may have waited for those to other chats."""
        next_at = asyncio.get_running_loop().time() + self._each_chat
        self._free_at[chat] = max(next_at, self._free_at.get(chat, 0.0))
