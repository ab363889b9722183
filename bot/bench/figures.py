"""Figures: what was measured how often, what it had to reach, and the table that says so."""

import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from rich.table import Table


@dataclass(frozen=True)
class Target:
    """A bound that a figure must keep: at most, or at least."""

    bound: float
    at_least: bool = False

    def holds(self, measured: float) -> bool:
        """Whether a measured value keeps the bound."""
        return measured >= self.bound if self.at_least else measured <= self.bound

    def words(self, unit: str) -> str:
        """The bound as the table shows it."""
        return f"{'≥' if self.at_least else '≤'} {rounded(self.bound)} {unit}".strip()


@dataclass(frozen=True)
class Figure:
    """One measured thing; `values` holds one value for each repetition, none when it failed."""

    id: str
    what: str
    unit: str
    values: tuple[float, ...]
    target: Target | None = None
    note: str = ""

    @property
    def measured(self) -> float | None:
        """The median over the repetitions."""
        return statistics.median(self.values) if self.values else None

    @property
    def reached(self) -> bool | None:
        """Whether the target was reached; None when there is none, or nothing was measured."""
        if self.target is None or self.measured is None:
            return None
        return self.target.holds(self.measured)

    def as_dict(self) -> dict[str, Any]:
        """The figure for machines."""
        target = self.target
        return {
            "id": self.id,
            "what": self.what,
            "unit": self.unit,
            "target": target and {"bound": target.bound, "at_least": target.at_least},
            "measured": self.measured,
            "values": list(self.values),
            "reached": self.reached,
            "note": self.note,
        }


def percentile(values: Sequence[float], percent: int) -> float:
    """The value that this many percent of the values stay within."""
    if len(values) == 1:
        return values[0]
    return statistics.quantiles(values, n=100, method="inclusive")[percent - 1]


def over_repetitions(repetitions: Iterable[Sequence[float]], percent: int) -> tuple[float, ...]:
    """One percentile for each repetition."""
    return tuple(percentile(times, percent) for times in repetitions)


def rounded(value: float) -> str:
    """A value with as many digits as say something."""
    if abs(value) >= 100 or value == int(value):
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"


def spread(figure: Figure) -> str:
    """The least and the most over the repetitions; empty when there was only one."""
    if len(figure.values) < 2:
        return ""
    return f"{rounded(min(figure.values))} – {rounded(max(figure.values))}"


def verdict(figure: Figure) -> str:
    """Reached or missed, or that it could not be measured."""
    if figure.measured is None:
        return "[red]failed[/red]"
    if figure.reached is None:
        return ""
    return "[green]reached[/green]" if figure.reached else "[red]missed[/red]"


def table(figures: Iterable[Figure]) -> Table:
    """All figures for people."""
    made = Table()
    made.add_column("what")
    for column in ("target", "measured", "spread"):
        made.add_column(column, justify="right", no_wrap=True)
    made.add_column("", no_wrap=True)
    for figure in figures:
        made.add_row(*row(figure))
    return made


def row(figure: Figure) -> tuple[str, str, str, str, str]:
    """A figure as the table shows it."""
    what = f"{figure.what} ({figure.note})" if figure.note else figure.what
    target = figure.target.words(figure.unit) if figure.target else "–"
    value = figure.measured
    measured = "–" if value is None else f"{rounded(value)} {figure.unit}".strip()
    return what, target, measured, spread(figure), verdict(figure)
