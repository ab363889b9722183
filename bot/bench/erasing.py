"""How long it takes to erase a conversation."""

import asyncio
import time
from http import HTTPStatus

from bot.bench.figures import Figure, percentile
from bot.bench.stack import Stack
from bot.bench.visitor import HttpLine, begun, ids_of, through_http, timed


class NotErased(Exception):
    """A conversation was still there after it was erased."""


def erasing(stack: Stack, count: int) -> list[Figure]:
    """How long it takes until erasing is answered."""
    times = asyncio.run(erased(stack, count))
    return [
        Figure("erase_p50", "erase answered, p50", "ms", (percentile(times, 50),)),
        Figure("erase_p95", "erase answered, p95", "ms", (percentile(times, 95),)),
    ]


async def erased(stack: Stack, count: int) -> list[float]:
    """The milliseconds of erasing conversations that were begun; raises NotErased."""
    times = []
    async with through_http(stack.url) as line:
        for _ in range(count):
            await begun(line, "en")
            await timed(line, {"button": 0})
            started = time.perf_counter()
            status = await line.erase()
            times.append((time.perf_counter() - started) * 1000)
            await make_sure(line, status)
    return times


async def make_sure(line: HttpLine, status: int) -> None:
    """Looks whether anything of an erased conversation is left; raises NotErased."""
    replies = await line.turn({"button": 0})
    if status != HTTPStatus.NO_CONTENT or ids_of(replies) != ["conversation_gone"]:
        raise NotErased
