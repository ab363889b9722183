"""How updates come in: by long polling or by webhook, none lost, none answered twice.

Telegram keeps an update until it is asked for a later one. So the number that we ask from is the
oldest update that is not finished: it was answered, or what answers it is kept. What was finished
is remembered, also across a crash. Each chat is attended to in its order, all chats side by side.
"""

from __future__ import annotations

import asyncio
import contextlib
import hmac
import logging
import time
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Any

from fastapi import FastAPI, Request
from fastapi.responses import Response

from bot.telegram.api import Doubled, Telegram, Unreachable
from bot.telegram.heard import Heard, heard_in

log = logging.getLogger("foothold.telegram")

LONG = 25  # seconds: how long Telegram holds a question when nothing is new
SOON = 0.2  # seconds between two questions while something is still worked on
SHORTEST = 0.5  # seconds: a server that does not hold the question is not asked oftener
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 30.0
UNREACHABLE = "Telegram can't be reached: trying again."
MOST_REMEMBERED = 100_000
SECRET = "x-telegram-bot-api-secret-token"  # noqa: S105 - the name of a header  # nosec B105
LONGEST_BODY = 1024 * 1024

Attend = Callable[[Heard], Awaitable[None]]
Leave = Callable[[Heard, list[Heard]], Awaitable[None]]
Look = Callable[[Heard], None]
Tell = Callable[[str], None]


def nothing(_: Heard) -> None:
    """Looks at nothing."""


class Inbox:
    """Takes each update once, in the order of its chat; a word for leaving goes before all.

    `leave` is given what still waited in the chat: it is not answered any more. `look` sees each
    update as soon as it comes.
    """

    def __init__(
        self, attend: Attend, leaves: Callable[[Heard], bool], leave: Leave, look: Look = nothing
    ) -> None:
        self._attend = attend
        self._look = look
        self._leaves = leaves
        self._leave = leave
        self._taken: dict[int, None] = {}  # in the order in which they came
        self._unfinished: dict[int, asyncio.Future[None]] = {}
        self._lines: dict[int, deque[Heard]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._finished = asyncio.Event()

    def remember(self, taken: frozenset[int]) -> None:
        """Updates that were taken before this process began."""
        self._taken.update(dict.fromkeys(sorted(taken)))

    @property
    def oldest(self) -> int | None:
        """The oldest update that is not finished."""
        return min(self._unfinished, default=None)

    def put(self, heard: Heard) -> asyncio.Future[None]:
        """Takes an update, unless it was taken before; done when it is finished."""
        if heard.update in self._unfinished:
            return self._unfinished[heard.update]
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        if heard.update in self._taken:
            done.set_result(None)
            return done
        self._taken[heard.update] = None
        if len(self._taken) > MOST_REMEMBERED:
            del self._taken[next(iter(self._taken))]
        self._unfinished[heard.update] = done
        self._look(heard)
        if self._leaves(heard):
            waiting = list(self._lines.get(heard.chat, ()))
            self._lines.get(heard.chat, deque()).clear()
            self._begin(self._done(self._leave(heard, waiting), heard, *waiting))
        elif heard.chat in self._lines:
            self._lines[heard.chat].append(heard)
        else:
            self._lines[heard.chat] = deque([heard])
            self._begin(self._line(heard.chat))
        return done

    def is_busy(self, chat: int) -> bool:
        """Whether something of a chat is worked on."""
        return chat in self._lines

    async def finished(self, seconds: float) -> None:
        """Waits until something is finished, or so long."""
        self._finished.clear()
        # Not wait_for: in Python 3.11 it may swallow that it was cancelled.
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._finished.wait()

    async def stop(self) -> None:
        """Lets what was begun come to its end, for a short time."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=5.0)

    def _begin(self, work: Any) -> None:
        """Lets something go on; a task that nobody holds may be dropped."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _line(self, chat: int) -> None:
        """Attends to all that waits in a chat, one after another."""
        waiting = self._lines[chat]
        while waiting:
            heard = waiting.popleft()
            await self._done(self._attend(heard), heard)
        del self._lines[chat]

    async def _done(self, work: Awaitable[None], *heard: Heard) -> None:
        """Does something for updates; whatever goes wrong ends here, without a word of it."""
        try:
            await work
        except Exception as error:  # noqa: BLE001 - the next one must be attended to
            log.error("update_failed %s", type(error).__name__)  # noqa: TRY400 - no texts
        for each in heard:
            self.finish(each.update)

    def finish(self, update: int) -> None:
        """An update need not come again: it was answered, or its answer is kept."""
        if done := self._unfinished.pop(update, None):
            done.set_result(None)
        self._finished.set()


class Patience:
    """Waits longer each time, and tells once what is wrong and once that it is over."""

    def __init__(self, tell: Tell) -> None:
        self._tell = tell
        self._pause = FIRST_PAUSE

    @property
    def is_tried(self) -> bool:
        """Whether something is wrong now."""
        return self._pause > FIRST_PAUSE

    async def wait(self, why: str) -> None:
        """Waits because something is wrong."""
        if not self.is_tried:
            self._tell(f"{why} The web chat goes on without it.")
        await asyncio.sleep(self._pause)
        self._pause = min(self._pause * 2, LONGEST_PAUSE)

    def over(self) -> None:
        """Nothing is wrong any more."""
        if self.is_tried:
            self._tell("Telegram can be reached again.")
        self._pause = FIRST_PAUSE


class Polling:
    """Asks Telegram for updates, for as long as it runs."""

    def __init__(self, telegram: Telegram, inbox: Inbox, patience: Patience) -> None:
        self._telegram = telegram
        self._inbox = inbox
        self._patience = patience
        self._next: int | None = None

    async def run(self) -> None:
        """Asks again and again; raises WrongToken."""
        while True:
            try:
                await self._ask()
            except Doubled:
                await self._patience.wait("Another program takes this bot's messages: stop it.")
            except Unreachable:
                await self._patience.wait(UNREACHABLE)

    async def _ask(self) -> None:
        """Asks once."""
        began, oldest = time.monotonic(), self._inbox.oldest
        offset = oldest if oldest is not None else self._next
        at_once = oldest is not None or self._patience.is_tried  # after a failure: is it back?
        updates = await self._telegram.updates(offset, 0 if at_once else LONG)
        self._patience.over()
        for update in updates:
            self._inbox.put(heard_in(update))
            self._next = max(self._next or 0, update.update_id + 1)
        if self._inbox.oldest is not None:
            await self._inbox.finished(SOON)
        elif not updates:
            await asyncio.sleep(SHORTEST - (time.monotonic() - began))


def webhook(telegram: Telegram, inbox: Inbox, path: str, secret: str) -> FastAPI:
    """The app that Telegram sends updates to; it answers when an update is finished."""
    app = FastAPI(openapi_url=None)

    @app.post(path)
    async def take(request: Request) -> Response:
        """Takes an update from Telegram, and from nobody else."""
        given = request.headers.get(SECRET, "")
        if not hmac.compare_digest(given.encode(), secret.encode()):
            return Response(status_code=403)
        if int(request.headers.get("content-length") or LONGEST_BODY + 1) > LONGEST_BODY:
            return Response(status_code=413)
        try:
            heard = heard_in(telegram.update_in(await request.json()))
        except (ValueError, TypeError, KeyError, AttributeError):
            return Response(status_code=400)
        await inbox.put(heard)
        return Response(status_code=200)

    return app
