"""One import from beginning to end."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from sqlalchemy import Engine

from bot.services.directory.indexing import Towns, index_changed, no_towns
from bot.services.hsds import MODELS
from bot.services.hsds.shape import columns
from bot.services.importing import flat
from bot.services.importing.hiding import hide_confidential
from bot.services.importing.joining import join
from bot.services.importing.report import Problem, Report, Told
from bot.services.importing.stage import PARTS, STAGE, Stage
from bot.services.importing.taking import Taking
from bot.services.legacy import LEFT_OUT, Row, modern
from bot.services.marks import vocabulary
from bot.services.pages import batches
from bot.services.reading import Raw, rows_of

Step = Callable[[str, int], None]
"""Told what is being done and how much more of it is done: bytes read, then rows compared."""


def import_directory(
    engine: Engine,
    path: Path,
    *,
    origin: str = "",
    country: str = "",
    complete: bool = False,
    only_try: bool = False,
    leave: Collection[str] = (),
    towns: Towns = no_towns,
    told: Told = lambda _: None,
    step: Step = lambda _, __: None,
) -> Report:
    """Brings a file, folder or package into the directory, all of it or nothing.

    `origin` names where it comes from (the name of the file, if not given): the same origin again
    is an update. `complete` removes what this origin no longer has. `only_try` changes nothing.
    Services in `leave` stay as they are, where the file is a spreadsheet. `told` hears of each row
    that is refused or mended. Raises CannotRead.
    """
    origin = origin or path.stem
    with Stage() as stage:
        intake = Intake(stage, origin, country, told)
        with engine.connect() as directory:
            raws = rows_of(path, lambda size: step("read", size))
            intake.fill(flat.told_apart(raws, directory, intake.hear, leave))
            join(stage, directory, intake.hear)
            intake.report.hidden = hide_confidential(stage, directory, towns)
        with engine.begin() as directory:
            taking = Taking(stage, directory, origin, intake.report)
            taking.all(complete=complete, told=lambda many: step("compare", many))
            number = intake.report.import_id
            if only_try:
                directory.rollback()
                intake.report.import_id = None
            elif number is not None:
                index_changed(directory, number, towns, lambda many: step("index", many))
    return intake.report


class Intake:
    """Lays the rows of a file aside, each checked; counts, and tells what is refused."""

    def __init__(self, stage: Stage, origin: str, country: str, told: Told) -> None:
        self.stage, self.origin, self.country = stage, origin, country
        self.told, self.report = told, Report()
        self.written: dict[str, str] = {}

    def hear(self, problem: Problem) -> None:
        """Counts a problem, and passes it on."""
        self.report.note(problem)
        self.told(problem)

    def fill(self, raws: Iterable[Raw]) -> None:
        """Lays all rows aside that are what HSDS wants, and the words of our vocabulary."""
        ours = (Raw(table, values, "", 0) for table, values in vocabulary())
        for batch in batches(row for raw in chain(ours, raws) for row in self.checked(raw)):
            by_table: dict[str, list[dict[str, Any]]] = {}
            for table, values in batch:
                by_table.setdefault(table, []).append(values)
            for table, rows in by_table.items():
                waiting = PARTS if table == PARTS.name else STAGE[table]
                self.stage.add(waiting, rows, self.hear)
            self.stage.note_written(self.written)
            self.written.clear()
            self.stage.connection.commit()

    def checked(self, raw: Raw) -> Iterator[tuple[str, dict[str, Any]]]:
        """The rows that a row of the file becomes, each checked."""
        if raw.file and not raw.gone:
            self.report.read[raw.table] += 1
        if raw.table in LEFT_OUT:
            self.report.left_out[raw.table] += 1
            return
        if raw.gone:
            self.stage.take_away(raw.table, str(raw.values["id"]))
            return
        country = "" if raw.country else self.country
        for row in modern(raw.table, raw.values, self.origin, file=raw.file, country=country):
            values = row.values if row.part else self.valid(row, raw)
            if values is not None:
                table = PARTS.name if row.part else row.table
                complete = {column.name: values.get(column.name) for column in columns(row.table)}
                self.written |= row.written
                yield table, {**complete, "at_file": raw.file, "at_row": raw.row}

    def valid(self, row: Row, raw: Raw) -> dict[str, Any] | None:
        """The values of a row as HSDS wants them; None if it is refused.

        A field that is not required and wrong is left out, and the row is taken without it.
        """
        model = MODELS[row.table]
        values = dict(row.values)
        try:
            return model.model_validate(values).model_dump()
        except ValidationError as error:
            faults = {str(each["loc"][0]): each for each in error.errors()}
        refused = False
        for field, fault in faults.items():
            known = model.model_fields.get(field)
            optional = known is not None and not known.is_required()
            value = str(row.values.get(field) or "")[:80]
            told = Problem(raw.file, raw.row, row.table, field, value, remedy(fault), optional)
            self.hear(told)
            refused |= not optional
            values.pop(field, None)
        return None if refused else model.model_validate(values).model_dump()


def remedy(fault: Any) -> str:
    """What to do about a fault, in a sentence."""
    context = fault.get("ctx") or {}
    match fault["type"]:
        case "missing" | "string_type":
            return "this field must not be empty"
        case "literal_error":
            return f"must be one of {context['expected']}"
        case "value_error":
            said = str(context.get("error", ""))
            return said if said.startswith("must") else "must be a number"
        case "greater_than_equal" | "less_than_equal":
            return f"must lie within bounds ({fault['msg'].removeprefix('Input should be ')})"
        case _:
            return f"must be {fault['msg'].removeprefix('Input should be ')}"
