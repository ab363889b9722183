"""Where rows are laid aside before the directory takes them over: a file of its own, then gone.

So a file of any length needs little memory, rows may come in any order, and the directory sees
nothing until all is joined.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

from sqlalchemy import (
    Column,
    Connection,
    Engine,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    create_engine,
    event,
    insert,
    select,
    update,
)

from bot.services.directory.tables import TYPES
from bot.services.hsds import MODELS
from bot.services.hsds.shape import columns
from bot.services.importing.report import Problem, Told

AT_ONCE = 1_000
Item = TypeVar("Item")

staged = MetaData()


def stage_table(name: str, prefix: str = "") -> Table:
    """A table like that of the directory, with the place in the file."""
    table = Table(
        f"{prefix}{name}",
        staged,
        *(
            Column(each.name, TYPES[each.type], primary_key=each.name == "id")
            for each in columns(name)
        ),
        Column("at_file", Text, nullable=False),
        Column("at_row", Integer, nullable=False),
    )
    for each in columns(name):
        if each.owner or each.name in ("link_id", "resource_id"):
            Index(f"{prefix}{name}_by_{each.name}", table.c[each.name])
    return table


STAGE: Mapping[str, Table] = {name: stage_table(name) for name in MODELS}
PARTS = stage_table("service", "part_of_")
"""Fields of services that older versions kept in tables of their own."""

GONE = Table(
    "gone",
    staged,
    Column("entity", Text, primary_key=True),
    Column("id", Text, primary_key=True),
)
"""Rows that are to be taken away."""


def batches(items: Iterable[Item], size: int = AT_ONCE) -> Iterator[list[Item]]:
    """Items in lists of a size."""
    rest = iter(items)
    while batch := list(islice(rest, size)):
        yield batch


class Stage:
    """Rows that wait: `with Stage() as stage`."""

    engine: Engine

    def __enter__(self) -> Self:
        self._folder = tempfile.TemporaryDirectory(prefix="foothold-import-")
        file = Path(self._folder.name) / "stage.db"
        self.engine = create_engine(f"sqlite:///{file}", hide_parameters=True)
        event.listen(self.engine, "connect", quick)
        self.connection: Connection = self.engine.connect()
        staged.create_all(self.connection)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.connection.close()
        self.engine.dispose()
        self._folder.cleanup()

    def add(self, table: Table, rows: list[dict[str, Any]], told: Told) -> None:
        """Lays rows aside; the same id twice is one row if the two agree, else the first holds."""
        new = {row["id"]: row for row in reversed(rows)}
        there = self.connection.execute(select(table).where(table.c.id.in_(list(new))))
        known = {row["id"]: dict(row) for row in there.mappings()}
        seen: dict[str, dict[str, Any]] = {}
        for row in rows:
            before = known.get(row["id"]) or seen.get(row["id"])
            if before is None:
                seen[row["id"]] = row
            elif filled := self._joined(table, before, row, told):
                # Never in both: `seen` rows are written below, `known` ones are there already.
                before.update(filled)
                if row["id"] in known:
                    where = table.c.id == row["id"]
                    self.connection.execute(update(table).where(where).values(**filled))
        if seen:
            self.connection.execute(insert(table), list(seen.values()))

    def take_away(self, table: str, id_: str) -> None:
        """Notes that a row of the directory is to go."""
        self.connection.execute(insert(GONE).prefix_with("OR IGNORE").values(entity=table, id=id_))

    def gone(self, table: str) -> list[str]:
        """The ids of the rows of a table that are to go."""
        return list(self.connection.scalars(select(GONE.c.id).where(GONE.c.entity == table)))

    def _joined(
        self, table: Table, before: Mapping[str, Any], row: Mapping[str, Any], told: Told
    ) -> dict[str, Any]:
        """What a second row of the same id adds to the first; tells where the two disagree."""
        filled: dict[str, Any] = {}
        for name, value in row.items():
            if value is None or name in ("id", "at_file", "at_row") or before[name] == value:
                continue
            if before[name] is None:
                filled[name] = value
            else:
                remedy = "the same id stands twice with different values: the first was taken"
                problem = Problem(
                    row["at_file"],
                    row["at_row"],
                    table.name,
                    name,
                    str(value)[:80],
                    remedy,
                    mended=True,
                )
                told(problem)
        return filled

    def rows(self, table: Table, order: str = "id") -> Iterator[dict[str, Any]]:
        """All rows of a table, read in batches that begin where the last ended."""
        last: Any = ""
        column = table.c[order]
        while True:
            page = select(table).where(column > last).order_by(column).limit(AT_ONCE)
            found = self.connection.execute(page).mappings().all()
            yield from (dict(row) for row in found)
            if len(found) < AT_ONCE:
                return
            last = found[-1][order]


def quick(connection: Any, _: Any) -> None:
    """A file that is thrown away need not survive a power cut."""
    for pragma in (
        "journal_mode = OFF",
        "synchronous = OFF",
        "cache_size = -32000",
        "temp_store = FILE",
    ):
        connection.execute(f"PRAGMA {pragma}")
