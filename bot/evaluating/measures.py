"""The figures of an evaluation: precision, recall, F1, each with an interval."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

DRAWS = 1000
SURE = 1.96
"""Standard deviations within which 95 of 100 draws fall."""


@dataclass(frozen=True)
class Figure:
    """A share of 0 to 1 with the interval in which it lies with 95 % confidence, and its base."""

    value: float
    low: float
    high: float
    of: int

    def __str__(self) -> str:
        return f"{self.value:.2f} ({self.low:.2f}–{self.high:.2f})" if self.of else "–"


@dataclass(frozen=True)
class Counts:
    """How often a label was found rightly, found wrongly, and missed."""

    right: int
    wrong: int
    missed: int

    @property
    def precision(self) -> Figure:
        """Of what was found, the share that is there."""
        return share(self.right, self.right + self.wrong)

    @property
    def recall(self) -> Figure:
        """Of what is there, the share that was found."""
        return share(self.right, self.right + self.missed)

    @property
    def f1(self) -> float:
        """The harmonic mean of both; 0 where nothing was right."""
        return 2 * self.right / (2 * self.right + self.wrong + self.missed) if self.right else 0.0


Read = Mapping[str, Any]
"""What is understood of a message, as `foothold understand` prints it."""
Labels = Collection[str]
Pair = tuple[Labels, Labels]
"""What is there in a message, and what was found."""


def share(part: int, of: int) -> Figure:
    """A share with Wilson's interval, which also holds near 0 and 1 and for few cases.

    Source: E. B. Wilson, 1927, Journal of the American Statistical Association 22: 209-212.
    """
    if not of:
        return Figure(0.0, 0.0, 1.0, 0)
    value, spread = part / of, SURE**2 / of
    middle = (value + spread / 2) / (1 + spread)
    reach = SURE * math.sqrt(value * (1 - value) / of + spread / (4 * of)) / (1 + spread)
    # Rounding may put a bound a hair's breadth on the wrong side of the share itself.
    low, high = max(0.0, middle - reach), min(1.0, middle + reach)
    return Figure(value, min(low, value), max(high, value), of)


def counts(label: str, pairs: Sequence[Pair]) -> Counts:
    """How a label fared."""
    right = sum(label in there and label in found for there, found in pairs)
    return Counts(
        right,
        sum(label in found for _, found in pairs) - right,
        sum(label in there for there, _ in pairs) - right,
    )


def macro_f1(labels: Collection[str], pairs: Sequence[Pair]) -> float:
    """The mean F1 of the labels that are there at least once."""
    there = [label for label in labels if any(label in each for each, _ in pairs)]
    return sum(counts(label, pairs).f1 for label in there) / len(there) if there else 0.0


def recall_of(labels: Collection[str], pairs: Sequence[Pair]) -> Figure:
    """Of all that is there of these labels, the share that was found."""
    there = [(label, found) for each, found in pairs for label in labels if label in each]
    return share(sum(label in found for label, found in there), len(there))


def false_alarms(pairs: Sequence[Pair]) -> Figure:
    """Of the messages with nothing in them, the share in which something was found."""
    empty = [found for there, found in pairs if not there]
    return share(sum(bool(found) for found in empty), len(empty))


def drawn(figure: Callable[[Sequence[Pair]], float], pairs: Sequence[Pair]) -> Figure:
    """Any figure, with the interval of 1,000 draws of as many messages (bootstrap)."""
    if not pairs:
        return Figure(0.0, 0.0, 1.0, 0)
    rng = random.Random(0)  # noqa: S311  # nosec B311 - nothing secret is drawn
    values = sorted(figure(rng.choices(pairs, k=len(pairs))) for _ in range(DRAWS))
    low, high = values[int(0.025 * DRAWS)], values[int(0.975 * DRAWS)]
    return Figure(figure(pairs), low, high, len(pairs))
