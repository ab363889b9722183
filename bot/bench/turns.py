"""How long a turn takes, in conversations as people have them, and late in a long one."""

import asyncio
import itertools
import statistics
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager

from bot.bench.figures import Figure, Target, over_repetitions
from bot.bench.stack import Stack
from bot.bench.visitor import (
    Cast,
    Line,
    Reply,
    Script,
    Walk,
    begun,
    once_more,
    through_http,
    through_websocket,
    timed,
)

MENU = frozenset({"more"})
EARLY = 5
AROUND = 8  # turns in a window: each of the four that come again, twice

Way = Callable[[str], AbstractAsyncContextManager[Line]]
WAYS: Mapping[str, Way] = {"WebSocket": through_websocket, "HTTP": through_http}


def one_visitor_turns(stack: Stack, cast: Cast, repetitions: int) -> list[Figure]:
    """How long a turn takes while nobody else is there."""
    asyncio.run(one_visitor(stack, cast, through_websocket))  # the first visitors warm it up
    figures = []
    for name, way in WAYS.items():
        times = [asyncio.run(one_visitor(stack, cast, way)) for _ in range(repetitions)]
        figures += turn_figures(name, times)
    return figures


def turn_figures(name: str, times: Sequence[Sequence[float]]) -> list[Figure]:
    """The figures of a turn through one kind of line."""
    what, note = f"turn through {name}, one visitor", f"{len(times[0])} turns each time"
    p50, p95 = (over_repetitions(times, percent) for percent in (50, 95))
    return [
        Figure(f"turn_{name}_p50".lower(), f"{what}, p50", "ms", p50, Target(25)),
        Figure(f"turn_{name}_p95".lower(), f"{what}, p95", "ms", p95, Target(60), note),
    ]


async def one_visitor(stack: Stack, cast: Cast, way: Way = through_websocket) -> list[float]:
    """The milliseconds of all turns of one visitor after the other, each conversation once."""
    times: list[float] = []
    for script in cast.scripts:
        async with way(stack.url) as line:
            times += [took async for took in walked(line, script, cast)]
    return times


async def walked(line: Line, script: Script, cast: Cast) -> AsyncIterator[float]:
    """One whole conversation; yields the milliseconds of each turn."""
    walk = Walk(script, cast.titles[script.language])
    replies = await begun(line, script.language)
    while body := walk.answer(replies):
        took, replies = await timed(line, body)
        yield took


# ── A long conversation ────────────────────────────────────────────────────────────────────────


def long_conversations(stack: Stack, cast: Cast, repetitions: int, late: int) -> list[Figure]:
    """What a late turn costs against an early one of the same kind, in a full conversation."""
    with_plan = [script for script in cast.scripts if "plan_section" in script.presses]
    scripts = itertools.islice(itertools.cycle(with_plan), repetitions)
    pairs = [asyncio.run(early_and_late(stack, cast, each, late)) for each in scripts]
    ratios = tuple(after / before for before, after in pairs)
    what = f"cost of turn {late} against turn {EARLY}"
    note = f"medians of {AROUND} turns around each, the same kinds"
    return [
        Figure("long", what, "x", ratios, Target(1.3), note),
        Figure("long_early", f"  turn {EARLY}", "ms", tuple(before for before, _ in pairs)),
        Figure("long_late", f"  turn {late}", "ms", tuple(after for _, after in pairs)),
    ]


async def early_and_late(
    stack: Stack, cast: Cast, script: Script, late: int
) -> tuple[float, float]:
    """The median milliseconds of turns around an early and a late one."""
    async with through_websocket(stack.url) as line:
        talk = LongTalk(line, script, cast)
        replies = await begun(line, script.language)
        replies = await talk.go_on(replies, until_turn=EARLY - AROUND // 2 + 1)
        early, replies = await talk.again(replies, AROUND)
        replies = await talk.go_on(replies, until_turn=late - AROUND // 2)
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
