"""One run of the bench: all measures in order, with progress, whatever one of them does."""

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console

from bot.bench.crowd import busy_visitors, idle_chats
from bot.bench.erasing import erasing
from bot.bench.figures import Figure, row, table
from bot.bench.interview import rules
from bot.bench.outage import outages
from bot.bench.page import first_page
from bot.bench.planning import plans
from bot.bench.stack import Stack, data_with, running
from bot.bench.starting import memory, starts
from bot.bench.turns import long_conversations, one_visitor_turns
from bot.bench.visitor import Cast, load_cast
from bot.content import load
from bot.settings import SupervisorSettings
from bot.settings import load as load_settings
from bot.training import TrainingGround, ready_model

NOT_MEASURED = (
    "ratios beside plain Rasa: not measured yet",
    "exit, the page blank after the key press: measured in the browser tests",
    "directory, nearest services: not measured yet",
)

Measure = Callable[[], list[Figure]]


@dataclass(frozen=True)
class Extent:
    """How much is measured, and how often."""

    starts: int = 4
    repetitions: int = 5
    late: int = 200
    visitors: int = 20
    busy_seconds: float = 15.0
    busy_times: int = 3
    chats: int = 2_000
    idle_seconds: float = 30.0  # longer than the server waits to ask whether we are still there
    erased: int = 50
    outages: int = 3


QUICK = Extent(
    starts=1,
    repetitions=2,
    busy_seconds=5.0,
    busy_times=1,
    chats=200,
    idle_seconds=2.0,
    erased=20,
    outages=1,
)


@dataclass(frozen=True)
class Report:
    """All figures of a run, and how busy the machine was."""

    figures: tuple[Figure, ...]
    load_before: float
    load_after: float
    cores: int

    def as_dict(self) -> dict[str, Any]:
        """The report for machines."""
        return {
            "figures": [figure.as_dict() for figure in self.figures],
            "not_measured": list(NOT_MEASURED),
            "load_average": {"before": self.load_before, "after": self.load_after},
            "cores": self.cores,
        }

    @property
    def whole(self) -> bool:
        """Whether everything could be measured."""
        return all(figure.values for figure in self.figures)

    def show(self, console: Console) -> None:
        """Prints the report for people."""
        console.print(table(self.figures))
        for each in NOT_MEASURED:
            console.print(each)
        console.print(
            f"load average {self.load_before:.1f} before and {self.load_after:.1f} after, "
            f"{self.cores} cores"
        )


def bench(extent: Extent, console: Console) -> Report:
    """Measures a Foothold of its own, which is gone afterwards."""
    load_before = os.getloadavg()[0]
    model = ready_model(TrainingGround(load_settings(SupervisorSettings).data), console)
    cast = load_cast(load())
    figures = measured(console, "rules", rules)
    figures += measured(console, "plans", plans)
    with data_with(model) as data:
        figures += measured(console, "starting", lambda: starts(data, extent.starts))
        figures += all_of_a_stack(data, cast, extent, console)
    return Report(tuple(figures), load_before, os.getloadavg()[0], os.cpu_count() or 1)


def all_of_a_stack(data: Path, cast: Cast, extent: Extent, console: Console) -> list[Figure]:
    """All measures of a running Foothold."""
    figures: list[Figure] = []
    with running(data) as stack:
        stack.wait_until_ready()
        for name, measure in in_order(stack, cast, extent):
            figures += measured(console, name, measure)
    return figures


def in_order(stack: Stack, cast: Cast, extent: Extent) -> Sequence[tuple[str, Measure]]:
    """The measures; memory comes after the load that makes it grow, the outage last."""
    many, late, visitors = extent.repetitions, extent.late, extent.visitors
    seconds, times, chats = extent.busy_seconds, extent.busy_times, extent.chats
    return (
        ("first page", lambda: first_page(stack)),
        ("turns of one visitor", lambda: one_visitor_turns(stack, cast, many)),
        ("long conversations", lambda: long_conversations(stack, cast, many, late)),
        ("busy visitors", lambda: busy_visitors(stack, cast, visitors, seconds, times)),
        ("memory", lambda: memory(stack)),
        ("idle chats", lambda: idle_chats(stack, cast, chats, extent.idle_seconds)),
        ("erasing", lambda: erasing(stack, extent.erased)),
        ("Rasa gone", lambda: outages(stack, cast, extent.outages)),
    )


def measured(console: Console, name: str, measure: Measure) -> list[Figure]:
    """The figures of a measure; when it fails, one without values, so that the others stay."""
    console.print(f"[bold]{name}[/bold] …")
    try:
        figures = measure()
    except Exception as error:  # noqa: BLE001 - whatever fails in one, the others are measured
        figures = [Figure(name.replace(" ", "_"), name, "", (), note=why(error))]
    for figure in figures:
        what, _, value, _, verdict = row(figure)
        console.print(f"  {what.strip()}: {value} {verdict}".rstrip())
    return figures


def why(error: Exception) -> str:
    """Why a measure failed: the kind of error, and its text where it is one of ours."""
    ours = type(error).__module__.startswith("bot.")
    return f"{type(error).__name__} {error if ours else ''}".strip()
