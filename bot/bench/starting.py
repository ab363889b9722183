"""How long a start takes, and what all processes together weigh."""

import time
from pathlib import Path

import httpx

from bot.bench.figures import Figure, Target
from bot.bench.stack import Stack, running


def starts(data: Path, count: int) -> list[Figure]:
    """How long a start takes until the first visitor is answered."""
    seconds = tuple(start(data) for _ in range(count))
    what = "ready to answer after a start, all installed and trained"
    return [Figure("ready", what, "s", seconds, Target(25))]


def start(data: Path) -> float:
    """The seconds from the start until a visitor gets the opening."""
    started = time.perf_counter()
    with running(data) as stack:
        stack.wait_until_ready()
        stack.wait_until(lambda: opens(stack))
        return time.perf_counter() - started


def opens(stack: Stack) -> bool:
    """Whether a visitor who comes now gets the opening."""
    try:
        answer = stack.http.post("/api/conversations", json={"language": "en"}).json()
    except (httpx.HTTPError, ValueError):
        return False
    return bool(answer["replies"][0]["message"] == "open")


def memory(stack: Stack) -> list[Figure]:
    """The resident memory of all processes together and of each."""
    sizes = stack.memory()
    whole = (sum(sizes.values()),)
    return [
        Figure("memory", "resident memory of all processes", "MB", whole, Target(1200)),
        *(Figure(f"memory_{name}", f"  {name}", "MB", (size,)) for name, size in sizes.items()),
    ]
