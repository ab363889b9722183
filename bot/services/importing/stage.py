"""Where rows are laid aside before the directory takes them over: a file of its own, then gone.

So a file of any length needs little memory, rows may come in any order, and the directory sees
nothing until all is joined.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from sqlalchemy import (
    Column,
    Connection,
    Engine,
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

from bot.services.directory.tables import hsds_table
from bot.services.hsds import MODELS
from bot.services.importing.report import Problem, Told
from bot.services.marks import made_id
from bot.services.pages import pages

staged = MetaData()


def stage_table(name: str, prefix: str = "") -> Table:
    """A table like that of the directory, with the place in the file."""
    place = (Column("at_file", Text, nullable=False), Column("at_row", Integer, nullable=False))
    return hsds_table(name, staged, *place, prefix=prefix)


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

HIDDEN = Table(
    "hidden",
    staged,
    Column("entity", Text, primary_key=True),
    Column("id", Text, primary_key=True),
)
"""Rows of confidential services: what they were before must not tell where these are."""


WRITTEN = Table("written", staged, Column("id", Text, primary_key=True), Column("as_written", Text))
"""Ids as a file has them, where another was made of them."""

ROOTS = frozenset(
    {
        "organization",
        "service",
        "location",
        "taxonomy",
        "taxonomy_term",
        "unit",
        "meta_table_description",
    }
)
"""What stands by itself; all else must belong to something."""
REPEATABLE = frozenset(MODELS) - ROOTS - {"attribute"}
PLACE = ("at_file", "at_row")

Values = dict[str, Any]


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

    def add(self, table: Table, rows: list[Values], told: Told) -> None:
        """Lays rows aside; the same id twice is one row where the two agree.

        Where they don't, the first holds, and a part of something is taken as one more of its
        kind: there are files whose ids of languages are those of the services that speak them.
        """
        there = self.connection.execute(
            select(table).where(table.c.id.in_({row["id"] for row in rows}))
        )
        known = {row["id"]: dict(row) for row in there.mappings()}
        new: dict[str, Values] = {}
        again: list[Values] = []
        for row in rows:
            before = known.get(row["id"]) or new.get(row["id"])
            if before is None:
                new[row["id"]] = row
            elif differing := differences(before, row):
                told(repeated(table.name, differing, row))
                if table.name in REPEATABLE:
                    again.append({**row, "id": made_id("again", content_of(row))})
            else:
                filled = {key: row[key] for key in row if before[key] is None}
                before.update(filled)
                # Never in both: `new` rows are written below, `known` ones are there already.
                if row["id"] in known and any(filled.values()):
                    where = table.c.id == row["id"]
                    self.connection.execute(update(table).where(where).values(**filled))
        if new:
            self.connection.execute(insert(table), list(new.values()))
        if again:
            self.add(table, again, told)

    def note_written(self, ids: Mapping[str, str]) -> None:
        """Notes ids as they are written in the file."""
        if ids:
            rows = [{"id": made, "as_written": written} for made, written in ids.items()]
            self.connection.execute(insert(WRITTEN).prefix_with("OR IGNORE"), rows)

    def as_written(self, id_: str) -> str:
        """An id as the file has it."""
        found = select(WRITTEN.c.as_written).where(WRITTEN.c.id == id_)
        return self.connection.scalar(found) or id_

    def take_away(self, table: str, id_: str) -> None:
        """Notes that a row of the directory is to go."""
        self.connection.execute(insert(GONE).prefix_with("OR IGNORE").values(entity=table, id=id_))

    def note_hidden(self, table: str, id_: str) -> None:
        """Notes that a row belongs to a confidential service."""
        noted = insert(HIDDEN).prefix_with("OR IGNORE").values(entity=table, id=id_)
        self.connection.execute(noted)

    def hidden(self, table: str) -> Iterator[list[str]]:
        """The ids of the rows of a table that belong to confidential services, in lists."""
        for page in pages(self.connection, HIDDEN.c.id, HIDDEN.c.entity == table):
            yield [row["id"] for row in page]

    def gone(self, table: str) -> list[str]:
        """The ids of the rows of a table that are to go."""
        return list(self.connection.scalars(select(GONE.c.id).where(GONE.c.entity == table)))

    def row(self, name: str, id_: str) -> dict[str, Any] | None:
        """One row that waits."""
        found = self.connection.execute(select(STAGE[name]).where(STAGE[name].c.id == id_))
        row = found.mappings().first()
        return dict(row) if row else None

    def rows(self, table: Table) -> Iterator[dict[str, Any]]:
        """All rows of a table, read in batches that begin where the last ended."""
        for page in pages(self.connection, table.c.id):
            yield from page


def differences(one: Values, other: Values) -> list[str]:
    """The fields in which two rows of one id say different things."""
    return [
        name
        for name, value in other.items()
        if name not in PLACE and None not in (value, one[name]) and one[name] != value
    ]


def content_of(row: Values) -> str:
    """What a row says, wherever it stands."""
    return json.dumps({key: row[key] for key in row if key not in PLACE}, sort_keys=True)


def repeated(table: str, differing: list[str], row: Values) -> Problem:
    """That an id stood there before, with something else."""
    taken = "both were taken" if table in REPEATABLE else "the first was taken"
    remedy = f"the same id stands twice with different values: {taken}"
    field = differing[0]
    place, value = (row["at_file"], row["at_row"]), str(row[field])[:80]
    return Problem(*place, table, field, value, remedy, mended=True)


def quick(connection: Any, _: Any) -> None:
    """A file that is thrown away need not survive a power cut."""
    for pragma in (
        "journal_mode = OFF",
        "synchronous = OFF",
        "cache_size = -32000",
        "temp_store = FILE",
    ):
        connection.execute(f"PRAGMA {pragma}")
