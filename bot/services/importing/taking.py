"""Takes what waits over into the directory, in one transaction, with a journal to undo it by."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Row, Table, bindparam, delete, func, insert, select, update

from bot.services.directory.tables import HSDS, changed, imported
from bot.services.hsds.shape import columns
from bot.services.importing.report import Report
from bot.services.importing.stage import STAGE, Stage
from bot.services.importing.streets import without_whereabouts
from bot.services.pages import batches, pages

Values = Mapping[str, Any]
WHERE = ("latitude", "longitude", "transportation", "url", "location_type")
"""What a location says of where it is."""


SHIPPED = "foothold"
"""The origin of what comes with Foothold; a newer version brings it, and nobody undoes it."""


class NothingToUndo(Exception):
    """No import is left that could be undone."""


class Journal:
    """What each row was before, under the number of the import; begun with the first change."""

    def __init__(self, directory: Connection, origin: str) -> None:
        self.directory, self.origin = directory, origin
        self.number: int | None = None

    def write(self, table: str, before: Mapping[str, Values | None]) -> None:
        """Notes rows as they were; None for one that was not there."""
        if self.number is None:
            latest = self.directory.scalar(select(func.max(imported.c.id))) or 0
            self.number = latest + 1
            at = datetime.now(UTC).isoformat(timespec="seconds")
            values = {"id": self.number, "origin": self.origin, "at": at}
            self.directory.execute(insert(imported).values(**values))
        rows = [
            {
                "import_id": self.number,
                "entity": table,
                "id": id_,
                "before": row and json.dumps(dict(row)),
            }
            for id_, row in before.items()
        ]
        self.directory.execute(insert(changed), rows)


class Taking:
    """Takes one stage over into the directory."""

    def __init__(self, stage: Stage, directory: Connection, origin: str, report: Report) -> None:
        self.stage, self.directory, self.origin, self.report = stage, directory, origin, report
        self.journal = Journal(directory, origin)

    def all(self, *, complete: bool, told: Callable[[int], None] = lambda _: None) -> None:
        """Adds and changes rows; with `complete`, removes those of this origin that came no more.

        `told` is told how many rows were compared. A row that is the same is not written.
        """
        for name in STAGE:
            for batch in batches(self.stage.rows(STAGE[name])):
                self.compare(name, batch)
                told(len(batch))
            for ids in batches(self.stage.gone(name)):
                self.remove(name, ids)
            if complete:
                self.remove_missing(name)
        self.forget_whereabouts()
        self.report.import_id = self.journal.number

    def forget_whereabouts(self) -> None:
        """Takes out of the journal where confidential services are: no undo brings it back."""
        imports = list(self.directory.scalars(select(imported.c.id)))
        for name in STAGE:
            for ids in self.stage.hidden(name):
                where = (
                    changed.c.import_id.in_(imports) & (changed.c.entity == name)
                    & changed.c.id.in_(ids) & changed.c.before.is_not(None)
                )  # fmt: skip
                if name == "address":
                    self.directory.execute(delete(changed).where(where))
                    continue
                for row in self.directory.execute(select(changed).where(where)).all():
                    self.forget(row, self.stage.row(name, row.id))

    def forget(self, entry: Row[Any], now: Values | None) -> None:
        """Takes them out of one entry; of a location, as it is now."""
        before = json.loads(entry.before)
        cleared = without_whereabouts(entry.entity, before)
        if entry.entity == "location" and now:
            cleared |= {key: now[key] for key in WHERE}
        if cleared != before:
            which = (changed.c.import_id == entry.import_id) & (changed.c.entity == entry.entity)
            changing = update(changed).where(which, changed.c.id == entry.id)
            self.directory.execute(changing.values(before=json.dumps(cleared)))

    def compare(self, name: str, batch: list[dict[str, Any]]) -> None:
        """Writes those rows of a batch that are new or other."""
        table, own = HSDS[name], [column.name for column in columns(name)]
        there = rows_by_id(self.directory, table, [row["id"] for row in batch])
        added, other = [], []
        for row in batch:
            values = {key: row[key] for key in own}
            before = there.get(row["id"])
            if before is None:
                added.append({**values, "origin": self.origin})
            elif any(before[key] != value for key, value in values.items()):
                other.append(values)
        if added:
            self.journal.write(name, dict.fromkeys(row["id"] for row in added))
            self.directory.execute(insert(table), added)
        if other:
            self.journal.write(name, {row["id"]: there[row["id"]] for row in other})
            write(self.directory, table, other)
        self.report.added[name] += len(added)
        self.report.changed[name] += len(other)

    def remove_missing(self, name: str) -> None:
        """Removes the rows of this origin that its new file no longer has."""
        table, waiting = HSDS[name], STAGE[name]
        for page in pages(self.directory, table.c.id, table.c.origin == self.origin):
            ids = [row["id"] for row in page]
            here = select(waiting.c.id).where(waiting.c.id.in_(ids))
            came = set(self.stage.connection.scalars(here))
            self.remove(name, [each for each in ids if each not in came])

    def remove(self, name: str, ids: list[str]) -> None:
        """Removes those of these rows that are there."""
        table = HSDS[name]
        there = rows_by_id(self.directory, table, ids)
        if there:
            self.journal.write(name, there)
            self.directory.execute(delete(table).where(table.c.id.in_(list(there))))
            self.report.removed[name] += len(there)


def rows_by_id(
    directory: Connection, table: Table, ids: Iterable[str]
) -> dict[str, dict[str, Any]]:
    """Rows of the directory by their ids."""
    found = directory.execute(select(table).where(table.c.id.in_(list(ids))))
    return {row["id"]: dict(row) for row in found.mappings()}


def write(directory: Connection, table: Table, rows: list[dict[str, Any]]) -> None:
    """Changes whole rows; `origin` stays as it was unless it is given."""
    keys = [key for key in rows[0] if key != "id"]
    changing = update(table).where(table.c.id == bindparam("that_id"))
    changing = changing.values({key: bindparam(f"new_{key}") for key in keys})
    values = [{"that_id": row["id"], **{f"new_{key}": row[key] for key in keys}} for row in rows]
    directory.execute(changing, values)


def undo_last(directory: Connection) -> tuple[int, str, str]:
    """Takes the last import back; returns its number, its origin and when it was.

    Raises NothingToUndo. The rows are those of before; what searching needs is made anew by the
    caller, for the services named in the journal.
    """
    theirs = (imported.c.undone == 0) & (imported.c.origin != SHIPPED)
    open_ones = select(imported).where(theirs).order_by(imported.c.id.desc())
    last = directory.execute(open_ones.limit(1)).first()
    if last is None:
        raise NothingToUndo("no import is left to undo")
    for name, table in HSDS.items():
        where = (changed.c.import_id == last.id) & (changed.c.entity == name)
        for batch in batches(
            list(directory.execute(select(changed.c.id, changed.c.before).where(where)))
        ):
            ids = [row.id for row in batch]
            before = [json.loads(row.before) for row in batch if row.before]
            directory.execute(delete(table).where(table.c.id.in_(ids)))
            if before:
                directory.execute(insert(table), before)
    directory.execute(update(imported).where(imported.c.id == last.id).values(undone=1))
    return last.id, last.origin, last.at
