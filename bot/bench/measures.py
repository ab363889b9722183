"""The measures: each takes a running Foothold and gives figures."""

import asyncio
import itertools
import resource
import statistics
import time
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path

import httpx
from websockets.exceptions import WebSocketException
from websockets.protocol import State

from bot.bench.figures import Figure, Target, over_repetitions, percentile
from bot.bench.page import compressed_sizes
from bot.bench.stack import MEGABYTE, Stack, running
from bot.bench.visitor import (
    Cast,
    Line,
    NotAnswered,
    Reply,
    Script,
    Walk,
    WebSocketLine,
    begun,
    once_more,
    through_http,
    through_websocket,
    timed,
)

MENU = frozenset({"more"})
EARLY = 5
AROUND = 8  # turns in a window: each of the four that come again, twice
OPENED_AT_ONCE = 20
MANY_FILES = 16_384
HIGH_RATE = {"FOOTHOLD_RATE": "1000000/second"}

Way = Callable[[str], AbstractAsyncContextManager[Line]]
WAYS: Mapping[str, Way] = {"WebSocket": through_websocket, "HTTP": through_http}


@dataclass(frozen=True)
class Extent:
    """How much is measured."""

    repetitions: int = 5
    starts: int = 4
    visitors: int = 20
    load_seconds: float = 15.0
    late: int = 200
    chats: int = 2_000
    hold_seconds: float = 30.0  # longer than the server's own question whether we are still there
    erased: int = 50


QUICK = Extent(repetitions=2, starts=1, load_seconds=5.0, chats=200, hold_seconds=2.0, erased=20)


# ── Starting, and what it weighs ───────────────────────────────────────────────────────────────


def starts(data: Path, count: int) -> list[Figure]:
    """How long a start takes until the first visitor is answered."""
    seconds = []
    for _ in range(count):
        started = time.perf_counter()
        with running(data, HIGH_RATE) as stack:
            stack.wait_until_ready()
            stack.wait_until(lambda: opens(stack))
            seconds.append(time.perf_counter() - started)
    what = "ready to answer after a start, all installed and trained"
    return [Figure("ready", what, "s", tuple(seconds), Target(25))]


def opens(stack: Stack) -> bool:
    """Whether a visitor who comes now gets the opening."""
    try:
        answer = stack.http.post("/api/conversations", json={"language": "en"}).json()
    except (httpx.HTTPError, ValueError):
        return False
    return bool(answer["replies"][0]["message"] == "open")


def memory(stack: Stack) -> list[Figure]:
    """The resident memory of all processes together and of each."""
    each = stack.memory()
    whole = Figure("memory", "resident memory of all processes", "MB", (sum(each.values()),))
    parts = [Figure(f"memory_{name}", f"  {name}", "MB", (size,)) for name, size in each.items()]
    return [Figure(**{**vars(whole), "target": Target(1200)}), *parts]


def first_page(stack: Stack) -> list[Figure]:
    """The compressed size of the first page with all its files."""
    sizes = compressed_sizes(stack.http)
    size = sum(sizes.values()) / 1024
    what = "first page, compressed, everything in it"
    note = f"{len(sizes)} files, one origin"
    return [Figure("first_page", what, "KB", (size,), Target(40), note)]


# ── Turns ──────────────────────────────────────────────────────────────────────────────────────


async def walked(line: Line, script: Script, cast: Cast) -> AsyncIterator[float]:
    """One whole conversation; yields the milliseconds of each turn."""
    walk = Walk(script, cast.titles[script.language])
    replies = await begun(line, script.language)
    while body := walk.answer(replies):
        took, replies = await timed(line, body)
        yield took


async def one_visitor(stack: Stack, cast: Cast, way: Way) -> list[float]:
    """The milliseconds of all turns of a visitor, then the next, through all conversations."""
    times: list[float] = []
    for script in cast.scripts:
        async with way(stack.url) as line:
            times += [took async for took in walked(line, script, cast)]
    return times


def turns(stack: Stack, cast: Cast, repetitions: int) -> list[Figure]:
    """How long a turn takes while nobody else is there."""
    asyncio.run(one_visitor(stack, cast, through_websocket))  # the first visitors warm it up
    return [
        *(
            figure
            for name, way in WAYS.items()
            for figure in turn_figures(
                name, [asyncio.run(one_visitor(stack, cast, way)) for _ in range(repetitions)]
            )
        ),
    ]


def turn_figures(name: str, times: Sequence[Sequence[float]]) -> list[Figure]:
    """The figures of a turn through one kind of line."""
    what, note = f"turn through {name}, one visitor", f"{len(times[0])} turns each time"
    p50, p95 = (over_repetitions(times, percent) for percent in (50, 95))
    return [
        Figure(f"turn_{name}_p50".lower(), f"{what}, p50", "ms", p50, Target(25)),
        Figure(f"turn_{name}_p95".lower(), f"{what}, p95", "ms", p95, Target(60), note),
    ]


# ── Many visitors at once ──────────────────────────────────────────────────────────────────────


def load(stack: Stack, cast: Cast, extent: Extent) -> list[Figure]:
    """Turns a second, and how long one takes, with many visitors who never stop to think."""
    done = [
        asyncio.run(crowd(stack, cast, extent.visitors, extent.load_seconds))
        for _ in range(min(extent.repetitions, 3))
    ]
    rates = tuple(len(times) / seconds for times, seconds in done)
    times = [times for times, _ in done]
    what, note = f"{extent.visitors} visitors at once", f"{extent.load_seconds:g} s each time"
    return [
        Figure("rate", f"turns a second, {what}", "/s", rates, Target(100, at_least=True), note),
        Figure("rate_p50", f"turn with {what}, p50", "ms", over_repetitions(times, 50)),
        Figure(
            "rate_p95", f"turn with {what}, p95", "ms", over_repetitions(times, 95), Target(500)
        ),
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


# ── A long conversation ────────────────────────────────────────────────────────────────────────


def long_conversations(stack: Stack, cast: Cast, extent: Extent) -> list[Figure]:
    """What a late turn costs against an early one of the same kind, in a full conversation."""
    full = [script for script in cast.scripts if "pets" in script.presses]
    scripts = itertools.islice(itertools.cycle(full), extent.repetitions)
    pairs = [asyncio.run(early_and_late(stack, cast, each, extent.late)) for each in scripts]
    ratios = tuple(late / early for early, late in pairs)
    what = f"cost of turn {extent.late} against turn {EARLY}"
    note = f"medians of {AROUND} turns around each, the same kinds"
    return [
        Figure("long", what, "x", ratios, Target(1.3), note),
        Figure("long_early", f"  turn {EARLY}", "ms", tuple(early for early, _ in pairs)),
        Figure("long_late", f"  turn {extent.late}", "ms", tuple(late for _, late in pairs)),
    ]


async def early_and_late(
    stack: Stack, cast: Cast, script: Script, late: int
) -> tuple[float, float]:
    """The median milliseconds of turns around an early and a late one."""
    async with through_websocket(stack.url) as line:
        talk = LongTalk(line, script, cast)
        replies = await begun(line, script.language)
        replies = await talk.go_on(replies, until_turn=EARLY - AROUND // 2)
        early, replies = await talk.again(replies, AROUND)
        replies = await talk.go_on(replies, until_turn=late)
        _, replies = await talk.again(replies, max(0, late - AROUND // 2 - talk.turns))
        times, _ = await talk.again(replies, AROUND)
    return statistics.median(early), statistics.median(times)


class LongTalk:
    """A conversation that stays at its last question for as long as is wanted."""

    def __init__(self, line: Line, script: Script, cast: Cast) -> None:
        self.line = line
        self.titles = cast.titles[script.language]
        self.walk = Walk(script, self.titles, ends=MENU)
        self.steps = itertools.cycle(cast.again[script.language])
        self.turns = 0

    async def go_on(self, replies: list[Reply], until_turn: int) -> list[Reply]:
        """Answers what is asked until a turn, or until all is answered."""
        while self.turns < until_turn and (body := self.walk.answer(replies)):
            _, replies = await timed(self.line, body)
            self.turns += 1
        return replies

    async def again(self, replies: list[Reply], count: int) -> tuple[list[float], list[Reply]]:
        """Takes turns that leave the open question open; their milliseconds."""
        times = []
        for step in itertools.islice(self.steps, count):
            took, replies = await timed(self.line, once_more(step, replies, self.titles))
            times.append(took)
            self.turns += 1
        return times, replies


# ── Chats that only stay open ──────────────────────────────────────────────────────────────────


def idle_chats(stack: Stack, cast: Cast, extent: Extent) -> list[Figure]:
    """How many open chats are held, what they weigh, and how one more visitor is answered."""
    allow_many_files()
    before = sum(stack.memory().values())
    held, times, after = asyncio.run(hold(stack, cast, extent))
    added = (after - before) * MEGABYTE / 1024 / max(held, 1)
    return [
        Figure(
            "idle",
            "idle open chats held",
            "",
            (held,),
            Target(extent.chats, at_least=True),
            f"for {extent.hold_seconds:g} s",
        ),
        Figure("idle_p50", "  turn of one more visitor, p50", "ms", (percentile(times, 50),)),
        Figure("idle_p95", "  turn of one more visitor, p95", "ms", (percentile(times, 95),)),
        Figure("idle_memory", "  memory added by each", "KB", (added,)),
    ]


async def hold(stack: Stack, cast: Cast, extent: Extent) -> tuple[int, list[float], float]:
    """Opens chats and holds them: how many are still open, one more visitor's turns, the memory."""
    async with AsyncExitStack() as kept:
        opening = asyncio.Semaphore(OPENED_AT_ONCE)
        opened = await asyncio.gather(
            *(open_chat(stack, kept, opening) for _ in range(extent.chats))
        )
        await asyncio.sleep(extent.hold_seconds)
        times = await one_visitor(stack, cast, through_websocket)
        weight = sum(stack.memory().values())
        still = [line for line in opened if line and line.socket.state is State.OPEN]
        await spoken_to(still[:: max(1, len(still) // 20)])
        return len(still), times, weight


async def open_chat(
    stack: Stack, kept: AsyncExitStack, opening: asyncio.Semaphore
) -> WebSocketLine | None:
    """A chat that stays open; None when there is no room for it."""
    async with opening:
        try:
            line = await kept.enter_async_context(through_websocket(stack.url))
            await begun(line, "en")
        except (OSError, TimeoutError, WebSocketException, NotAnswered):
            return None
        return line


async def spoken_to(lines: Iterable[WebSocketLine]) -> None:
    """Makes sure that chats which were idle still answer; raises NotAnswered."""
    for line in lines:
        await timed(line, {"button": 0})


def allow_many_files() -> None:
    """Lets this process open many sockets. Those it has started keep the limit they have."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = MANY_FILES if hard == resource.RLIM_INFINITY else min(MANY_FILES, hard)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, most), hard))


# ── Erasing, and Rasa gone ─────────────────────────────────────────────────────────────────────


def erasing(stack: Stack, count: int) -> list[Figure]:
    """How long it takes to erase a conversation."""
    times = asyncio.run(erased(stack, count))
    return [
        Figure("erase_p50", "erase answered, p50", "ms", (percentile(times, 50),)),
        Figure("erase_p95", "erase answered, p95", "ms", (percentile(times, 95),)),
    ]


async def erased(stack: Stack, count: int) -> list[float]:
    """Erases conversations that were begun; raises NotAnswered when one is still there."""
    times = []
    async with through_http(stack.url) as line:
        for _ in range(count):
            await begun(line, "en")
            await timed(line, {"button": 0})
            started = time.perf_counter()
            status = await line.erase()
            times.append((time.perf_counter() - started) * 1000)
            replies = await line.turn({"button": 0})
            if status != HTTPStatus.NO_CONTENT or replies[0]["message"] != "conversation_gone":
                raise NotAnswered("not erased")
    return times


def outages(stack: Stack, cast: Cast, repetitions: int) -> list[Figure]:
    """How soon the emergency text comes while Rasa is gone, until it is back."""
    gone = [asyncio.run(outage(stack, cast.outage)) for _ in range(repetitions)]
    worst = {kind: tuple(max(times[kind]) for times in gone) for kind in cast.outage}
    note = f"the slowest of about {len(gone[0]['urgent'])}, from its end until it is back"
    return [
        Figure(
            f"outage_{kind}",
            f"emergency text when Rasa is down, {kind} message",
            "ms",
            each,
            Target(100),
            note,
        )
        for kind, each in worst.items()
    ]


async def outage(stack: Stack, texts: Mapping[str, str]) -> dict[str, list[float]]:
    """Ends Rasa, and talks on until it answers again: the milliseconds of each emergency text."""
    times: dict[str, list[float]] = {kind: [] for kind in texts}
    async with through_websocket(stack.url) as line:
        await begun(line, "en")
        stack.processes()["rasa"].kill()
        while not stack.is_ready() or not all(times.values()):
            for kind, text in texts.items():
                took, replies = await emergency(line, text)
                if "service_down" in ids_of(replies):
                    times[kind].append(took)
            await asyncio.sleep(0.05)
    stack.wait_until_ready()
    return times


async def emergency(line: Line, text: str) -> tuple[float, list[Reply]]:
    """A turn while Rasa is gone; raises NotAnswered when nothing in it helps."""
    started = time.perf_counter()
    replies = await line.turn({"text": text})
    took = (time.perf_counter() - started) * 1000
    is_down = "service_down" in ids_of(replies)
    if is_down and not any(reply["kind"] == "emergency" for reply in replies):
        raise NotAnswered("no emergency text")
    return took, replies


def ids_of(replies: Sequence[Reply]) -> list[str]:
    """The ids of the words of a turn."""
    return [str(reply["message"]) for reply in replies]
