"""Figures in a table, as the model card shows them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

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
