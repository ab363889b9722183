"""Services to put into a directory, with as little as a test needs to say."""

import csv
import json
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from sqlalchemy import Engine

from bot.services.importing import Problem, Report, import_directory


def an_id(name: str) -> str:
    """A UUID that is always the same for a name."""
    return str(uuid5(NAMESPACE_URL, name))


def a_service(name: str = "Helping Hands", **more: Any) -> dict[str, Any]:
    """A service in HSDS 3 with its organization; `more` are further fields."""
    organization = {"id": an_id("org"), "name": "Hands", "description": "Hands"}
    service = {"id": an_id(name), "name": name, "status": "active", "organization": organization}
    return {**service, **more}


def a_row(name: str, **more: str) -> dict[str, str]:
    """A row of a spreadsheet."""
    return {"name": name, "country_iso2": "US", "phone": "212-555-0142", **more}


def written(folder: Path, name: str, what: Any) -> Path:
    """A file with JSON, or with a spreadsheet where rows are given for a .csv."""
    file = folder / name
    if file.suffix == ".csv":
        columns = list(dict.fromkeys(key for row in what for key in row))
        with file.open("w", encoding="utf-8", newline="") as opened:
            sheet = csv.DictWriter(opened, columns)
            sheet.writeheader()
            sheet.writerows(what)
    else:
        file.write_text(json.dumps(what), encoding="utf-8")
    return file


def brought(engine: Engine, file: Path, **options: Any) -> tuple[Report, list[Problem]]:
    """An import and the problems it told."""
    problems: list[Problem] = []
    return import_directory(engine, file, told=problems.append, **options), problems
