"""What an import tells: what it read, what it changed, and each row that it could not take."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Problem:
    """A row that was refused, or mended where `mended` is set, and what to do about it.

    `row` is its line in a table, its place in a list, or 0 where it came from inside.
    """

    file: str
    row: int
    table: str
    field: str
    value: str
    remedy: str
    mended: bool = False

    def __str__(self) -> str:
        place = f"{self.file}, row {self.row}" if self.row else self.file
        said = f" {self.value!r}" if self.value else ""
        return f"{place}: {self.table}.{self.field}{said}: {self.remedy}"


Told = Callable[[Problem], None]


@dataclass
class Report:
    """The counts of one import, by table."""

    read: Counter[str] = field(default_factory=Counter)
    left_out: Counter[str] = field(default_factory=Counter)
    rejected: Counter[str] = field(default_factory=Counter)
    mended: Counter[str] = field(default_factory=Counter)
    added: Counter[str] = field(default_factory=Counter)
    changed: Counter[str] = field(default_factory=Counter)
    removed: Counter[str] = field(default_factory=Counter)
    hidden: int = 0
    """Locations whose street was left out because the service is confidential."""
    import_id: int | None = None
    """The number under which it can be undone; None where nothing changed."""
    _noted: tuple[object, ...] = ()

    @property
    def changes(self) -> int:
        """How many rows of the directory are new, other or gone."""
        return sum(map(Counter.total, (self.added, self.changed, self.removed)))

    def note(self, problem: Problem) -> None:
        """Counts a row with a problem, once however many of its fields are wrong."""
        row = (problem.file, problem.row, problem.table, problem.mended)
        if not problem.row or row != self._noted:
            counts = self.mended if problem.mended else self.rejected
            counts[problem.table] += 1
        self._noted = row
