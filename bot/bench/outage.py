"""What a visitor gets while Rasa is gone, and how soon."""

import asyncio
import time
from collections.abc import Mapping, Sequence

from bot.bench.figures import Figure, Target
from bot.bench.stack import Stack
from bot.bench.visitor import Cast, Line, NotAnswered, Reply, begun, ids_of, through_websocket

PAUSE = 0.05  # seconds between what the visitor says


def outages(stack: Stack, cast: Cast, repetitions: int) -> list[Figure]:
    """How soon the emergency text comes while Rasa is gone, until it is back."""
    gone = [asyncio.run(outage(stack, cast.outage)) for _ in range(repetitions)]
    hanging = tuple(asyncio.run(hang(stack, cast.outage["urgent"])) for _ in range(repetitions))
    what = "emergency text when Rasa hangs and it is not known yet"
    return [
        *(outage_figure(kind, [times[kind] for times in gone]) for kind in cast.outage),
        Figure("hang_urgent", what, "ms", hanging, Target(1_000)),
    ]


def outage_figure(kind: str, times: Sequence[Sequence[float]]) -> Figure:
    """The figure for one kind of message: the slowest answer counts."""
    what = f"emergency text when Rasa is down, {kind} message"
    note = f"the slowest of about {len(times[0])}, from its end until it is back"
    return Figure(f"outage_{kind}", what, "ms", tuple(map(max, times)), Target(100), note)


async def outage(stack: Stack, texts: Mapping[str, str]) -> dict[str, list[float]]:
    """Ends Rasa, and talks on until it answers again: the milliseconds of each emergency text."""
    times: dict[str, list[float]] = {kind: [] for kind in texts}
    async with through_websocket(stack.url) as line:
        await begun(line, "en")
        stack.processes()["rasa"].kill()
        is_back = False
        while not is_back:
            for kind, text in texts.items():
                took, replies = await emergency(line, text)
                is_back = all(times.values()) and "service_down" not in ids_of(replies)
                if not is_back:
                    times[kind].append(took)
            await asyncio.sleep(PAUSE)
    stack.wait_until_ready()
    return times


async def hang(stack: Stack, text: str) -> float:
    """Holds Rasa still: the milliseconds of the first emergency text."""
    async with through_websocket(stack.url) as line:
        await begun(line, "en")
        rasa = stack.processes()["rasa"]
        rasa.suspend()
        try:
            took, _ = await emergency(line, text)
        finally:
            rasa.resume()
    stack.wait_until_ready()
    return took


async def emergency(line: Line, text: str) -> tuple[float, list[Reply]]:
    """A turn while Rasa is gone; raises NotAnswered when nothing in it helps."""
    started = time.perf_counter()
    replies = await line.turn({"text": text})
    took = (time.perf_counter() - started) * 1000
    is_down = "service_down" in ids_of(replies)
    if is_down and not any(reply["kind"] == "emergency" for reply in replies):
        raise NotAnswered("no emergency text")
    return took, replies
