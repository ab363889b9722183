"""Many visitors at once: those who never stop to think, and those who only keep a chat open."""

import asyncio
import itertools
import resource
import time
from collections.abc import Iterable
from contextlib import AsyncExitStack

from websockets.exceptions import WebSocketException
from websockets.protocol import State

from bot.bench.figures import Figure, Target, over_repetitions
from bot.bench.stack import MEGABYTE, Stack
from bot.bench.turns import one_visitor, walked
from bot.bench.visitor import (
    Cast,
    NotAnswered,
    WebSocketLine,
    begun,
    through_websocket,
    timed,
)

OPENED_AT_ONCE = 20
SPOKEN_TO = 20
MANY_FILES = 16_384
NO_ROOM = (OSError, TimeoutError, WebSocketException, NotAnswered)


def busy_visitors(
    stack: Stack, cast: Cast, visitors: int, seconds: float, repetitions: int
) -> list[Figure]:
    """Turns a second, and how long one takes, with many visitors at once."""
    done = [asyncio.run(crowd(stack, cast, visitors, seconds)) for _ in range(repetitions)]
    rates = tuple(len(times) / took for times, took in done)
    times = [times for times, _ in done]
    p50, p95 = (over_repetitions(times, percent) for percent in (50, 95))
    what, note = f"{visitors} visitors at once", f"{seconds:g} s each time"
    return [
        Figure("rate", f"turns a second, {what}", "/s", rates, Target(100, at_least=True), note),
        Figure("rate_p50", f"turn with {what}, p50", "ms", p50),
        Figure("rate_p95", f"turn with {what}, p95", "ms", p95, Target(500)),
    ]


async def crowd(
    stack: Stack, cast: Cast, visitors: int, seconds: float
) -> tuple[list[float], float]:
    """Many visitors talk for some seconds: the milliseconds of all turns, and the seconds."""
    started = time.perf_counter()
    until = started + seconds
    talks = (restless(stack, cast, place, until) for place in range(visitors))
    each = await asyncio.gather(*talks)
    return list(itertools.chain(*each)), time.perf_counter() - started


async def restless(stack: Stack, cast: Cast, place: int, until: float) -> list[float]:
    """One visitor who has one conversation after the other until the time is over."""
    times: list[float] = []
    # Each begins with another conversation, so that they are not all at the same question.
    for script in itertools.islice(itertools.cycle(cast.scripts), place, None):
        async with through_websocket(stack.url) as line:
            async for took in walked(line, script, cast):
                times.append(took)
                if time.perf_counter() > until:
                    return times
    return times


# ── Chats that only stay open ──────────────────────────────────────────────────────────────────


def idle_chats(stack: Stack, cast: Cast, chats: int, seconds: float) -> list[Figure]:
    """How many open chats are held, what they weigh, and how one more visitor is answered."""
    allow_many_files()
    before = sum(stack.memory().values())
    held, times, after = asyncio.run(hold(stack, cast, chats, seconds))
    added = (after - before) * MEGABYTE / 1024 / max(held, 1)
    answers = [times] if times else []
    note, target = f"for {seconds:g} s", Target(chats, at_least=True)
    return [
        Figure("idle", "idle open chats held", "", (held,), target, note),
        Figure("idle_p50", "  turn of one more visitor, p50", "ms", over_repetitions(answers, 50)),
        Figure("idle_p95", "  turn of one more visitor, p95", "ms", over_repetitions(answers, 95)),
        Figure("idle_memory", "  memory added by each", "KB", (added,)),
    ]


async def hold(
    stack: Stack, cast: Cast, chats: int, seconds: float
) -> tuple[int, list[float], float]:
    """Holds open chats: how many still are, one more visitor's turns, and all memory."""
    async with AsyncExitStack() as kept:
        turnstile = asyncio.Semaphore(OPENED_AT_ONCE)
        opened = await asyncio.gather(*(chat(stack, kept, turnstile) for _ in range(chats)))
        await asyncio.sleep(seconds)
        times = await one_more(stack, cast)
        weight = sum(stack.memory().values())
        still = [line for line in opened if line and line.socket.state is State.OPEN]
        await speak_to(still[:: max(1, len(still) // SPOKEN_TO)])
        return len(still), times, weight


async def chat(
    stack: Stack, kept: AsyncExitStack, turnstile: asyncio.Semaphore
) -> WebSocketLine | None:
    """A chat that stays open; None when there is no room for it."""
    async with turnstile:
        try:
            line = await kept.enter_async_context(through_websocket(stack.url))
            await begun(line, "en")
        except NO_ROOM:
            return None
        return line


async def one_more(stack: Stack, cast: Cast) -> list[float]:
    """The milliseconds of the turns of one more visitor; none when there is no room for them."""
    try:
        return await one_visitor(stack, cast)
    except NO_ROOM:
        return []


async def speak_to(lines: Iterable[WebSocketLine]) -> None:
    """Makes sure that chats which were idle still answer; raises NotAnswered."""
    for line in lines:
        await timed(line, {"button": 0})


def allow_many_files() -> None:
    """Lets this process open many sockets. Those it has started keep the limit they have."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = MANY_FILES if hard == resource.RLIM_INFINITY else min(MANY_FILES, hard)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, most), hard))
