"""Writes the directory out: HSDS as tables in a zip or as JSON, or a plain spreadsheet.

Whatever is written can be brought in again and changes nothing.
"""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Callable, Iterator
from itertools import chain
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine

from bot.services.directory.tables import HSDS
from bot.services.directory.whole import Row, wholes
from bot.services.hsds.shape import columns
from bot.services.pages import pages
from bot.services.sheet import COLUMNS, guarded, sheet_row

Told = Callable[[int], None]
VERSION = "3.1"


def export(engine: Engine, path: Path, told: Told = lambda _: None) -> int:
    """Writes the directory to a file; says how many services.

    The ending of the name says how: .zip tables, .json objects, .csv a spreadsheet with one
    service a row. Raises ValueError for any other. `told` is told how many rows are done.
    """
    writers = {".zip": write_tables, ".json": write_objects, ".csv": write_sheet}
    if path.suffix not in writers:
        raise ValueError(f"{path.name}: the name must end in .zip, .json or .csv")
    waiting = path.with_name(f".{path.name}.part")
    with engine.connect() as directory:
        many = writers[path.suffix](directory, waiting, told)
    waiting.replace(path)
    return many


def rows_of(directory: Connection, name: str) -> Iterator[Row]:
    """All rows of a table in the order of their ids."""
    return chain.from_iterable(pages(directory, HSDS[name].c.id))


def write_tables(directory: Connection, path: Path, told: Told) -> int:
    """HSDS as a tabular data package: a CSV for each table, and what they hold."""
    services = 0
    resources: list[dict[str, Any]] = []
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name in HSDS:
            rows = rows_of(directory, name)
            first = next(rows, None)
            if first is None:
                continue
            resources.append(described(name))
            with package.open(f"{name}.csv", "w", force_zip64=True) as file:
                text = io.TextIOWrapper(file, "utf-8", newline="")
                table = csv.DictWriter(
                    text, [each.name for each in columns(name)], extrasaction="ignore"
                )
                table.writeheader()
                for row in chain([first], rows):
                    table.writerow(row)
                    services += name == "service"
                text.flush()
                text.detach()
            told(1)
        package.writestr("datapackage.json", json.dumps(described_package(resources), indent=1))
    return services


def described(name: str) -> dict[str, Any]:
    """One table of a data package."""
    kinds = {str: "string", float: "number", int: "integer"}
    fields = [
        {"name": each.name, "type": kinds[each.type], "constraints": {"required": each.required}}
        for each in columns(name)
    ]
    return {"name": name, "path": f"{name}.csv", "schema": {"primaryKey": "id", "fields": fields}}


def described_package(resources: list[dict[str, Any]]) -> dict[str, Any]:
    """The description of a data package."""
    return {"name": "human_services_data", "version": VERSION, "resources": resources}


def write_objects(directory: Connection, path: Path, told: Told) -> int:
    """HSDS as JSON: a list for each table, each object as it stands in its table."""
    services = 0
    with path.open("w", encoding="utf-8") as file:
        file.write("{")
        begun = False
        for name in HSDS:
            rows = rows_of(directory, name)
            first = next(rows, None)
            if first is None:
                continue
            file.write(f"{',' if begun else ''}\n{json.dumps(name)}: [")
            for place, row in enumerate(chain([first], rows)):
                file.write(f"{',' if place else ''}\n{as_json(name, row)}")
                services += name == "service"
            file.write("\n]")
            begun = True
            told(1)
        file.write("\n}\n")
    return services


def as_json(name: str, row: Row) -> str:
    """A row without what it does not say."""
    said = {each.name: row[each.name] for each in columns(name) if row[each.name] is not None}
    return json.dumps(said, ensure_ascii=False)


def write_sheet(directory: Connection, path: Path, told: Told) -> int:
    """A plain spreadsheet: one service a row, in the columns that an import takes."""
    services = 0
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        sheet = csv.DictWriter(file, list(COLUMNS))
        sheet.writeheader()
        for page in pages(directory, HSDS["service"].c.id):
            for whole in wholes(directory, [row["id"] for row in page]):
                sheet.writerow({key: guarded(value) for key, value in sheet_row(whole).items()})
            services += len(page)
            told(len(page))
    return services
