"""Figures in a table, as the model card shows them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.evaluating.measures import Pair, counts

Row = tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """Figures with a heading; the first row names the columns."""

    heading: str
    rows: Sequence[Row]

    def __str__(self) -> str:
        head, *rest = (f"| {' | '.join(row)} |" for row in self.rows)
        line = "|" + "---|" * len(self.rows[0])
        return "\n".join([f"### {self.heading}", "", head, line, *rest])


def label_table(heading: str, what: str, labels: Iterable[str], pairs: Sequence[Pair]) -> Table:
    """Precision, recall and F1 of each label, a row each."""
    rows = [
        (label, str(each.precision), str(each.recall), f"{each.f1:.2f}", str(each.recall.of))
        for label in labels
        for each in [counts(label, pairs)]
    ]
    return Table(heading, [(what, "precision", "recall", "F1", "there"), *rows])
