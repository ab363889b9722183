"""Reads directories that others made: rows of HSDS tables, one at a time, whatever the form.

Nothing is held in memory but the object that is being read: a file may have any length.
"""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Any

import ijson

from bot.services.hsds.shape import link, nested
from bot.services.legacy import table_of

# The longest field that a table may have; descriptions are long, but not without end.
LONGEST_FIELD = 1 << 20
FLAT = "flat"
"""The table that rows of a plain spreadsheet belong to: one service a row."""
ROOTS = ("service", "organization", "location", "service_at_location", "taxonomy", "taxonomy_term")


class CannotRead(Exception):
    """A file is no directory that we know; the message names the file and the remedy."""


@dataclass(frozen=True)
class Raw:
    """A row as it stands in a file: its table, its values, and where it stands.

    `row` is the line of a table (the heading is line 1), or the place in a list that begins with 1.
    """

    table: str
    values: Mapping[str, Any]
    file: str
    row: int
    country: str = ""
    """The country that the row itself names, where it does."""
    gone: bool = False
    """Whether the row with this id is to be taken away."""


def rows_of(path: Path, read: Callable[[int], None] = lambda _: None) -> Iterator[Raw]:
    """Every row of a directory, in the order of the file; `read` is told how many bytes were read.

    Takes a folder or a zip of HSDS tables or JSON files, one JSON file (an object, a list, a page
    of an API, a line each), or a plain spreadsheet (.csv). Raises CannotRead.
    """
    if path.is_dir():
        yield from rows_of_folder(path, read)
    elif zipfile.is_zipfile(path):
        yield from rows_of_zip(path, read)
    elif path.is_file():
        with path.open("rb") as file:
            yield from rows_in(path.name, Counting(file, read))
    else:
        raise CannotRead(f"{path.name}: there is no such file or folder")


def rows_of_folder(folder: Path, read: Callable[[int], None]) -> Iterator[Raw]:
    """The rows of all tables and JSON files in a folder."""
    files = sorted(file for file in folder.rglob("*") if is_data(file.name))
    if not files:
        raise CannotRead(f"{folder.name}: no .csv, .json or .ndjson file is in this folder")
    for file in files:
        with file.open("rb") as opened:
            yield from rows_in(str(file.relative_to(folder)), Counting(opened, read))


def rows_of_zip(path: Path, read: Callable[[int], None]) -> Iterator[Raw]:
    """The rows of all tables and JSON files in a zip."""
    with zipfile.ZipFile(path) as package:
        names = sorted(name for name in package.namelist() if is_data(name))
        if not names:
            raise CannotRead(f"{path.name}: no .csv, .json or .ndjson file is in this package")
        for name in names:
            with package.open(name) as opened:
                yield from rows_in(name, Counting(opened, read))


def is_data(name: str) -> bool:
    """Whether a file of a package holds rows, and is not its description."""
    path = PurePosixPath(name)
    described = path.name in ("datapackage.json", "package.json", "openapi.json")
    hidden = any(part.startswith((".", "__MACOSX")) for part in path.parts)
    return path.suffix.lower() in (".csv", ".json", ".ndjson", ".jsonl") and not (
        described or hidden
    )


class Counting(io.RawIOBase):
    """A file that tells how much of it was read."""

    def __init__(self, file: IO[bytes], read: Callable[[int], None]) -> None:
        self._file, self._read = file, read

    def readable(self) -> bool:
        """It can be read."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Fills the buffer and tells how far."""
        data = self._file.read(len(buffer))
        buffer[: len(data)] = data
        self._read(len(data))
        return len(data)


def rows_in(name: str, file: io.RawIOBase) -> Iterator[Raw]:
    """The rows of one file."""
    buffered: io.BufferedReader[Any] = io.BufferedReader(file, 1 << 16)
    if PurePosixPath(name).suffix.lower() == ".csv":
        yield from rows_of_table(name, buffered)
    else:
        yield from rows_of_json(name, buffered)


def rows_of_table(name: str, file: io.BufferedReader) -> Iterator[Raw]:
    """The rows of a CSV; one whose name is no HSDS table is a plain spreadsheet."""
    csv.field_size_limit(LONGEST_FIELD)
    head = file.peek(1 << 12).partition(b"\n")[0]
    # A field may hold bytes that are no text: they are shown as a sign, the rest is read.
    with closing(io.TextIOWrapper(file, "utf-8-sig", errors="replace", newline="")) as text:
        reader = csv.DictReader(text, delimiter=";" if head.count(b";") > head.count(b",") else ",")
        table = table_of(PurePosixPath(name).stem, tuple(reader.fieldnames or ())) or FLAT
        try:
            for values in reader:
                extra = values.pop(None, None)
                if any(each not in (None, "") for each in values.values()) or extra:
                    yield Raw(table, values, name, reader.line_num)
        except csv.Error as error:
            raise CannotRead(f"{name}, line {reader.line_num}: {error}") from None


def rows_of_json(name: str, file: io.BufferedReader) -> Iterator[Raw]:
    """The rows of a JSON file: each object with all that it nests, as rows of their tables."""
    table = table_of(PurePosixPath(name).stem, ()) or ""
    for number, (found, item) in enumerate(objects(name, file, table), start=1):
        if not isinstance(item, Mapping):
            raise CannotRead(f"{name}, object {number}: expected an object in braces")
        yield from flattened(found or kind_of(item), item, name, number)


def objects(name: str, file: io.BufferedReader, table: str) -> Iterator[tuple[str, Any]]:
    """The objects of a JSON file, with the table that a key says they belong to."""
    start = file.peek(1 << 12).lstrip(b"\xef\xbb\xbf \t\r\n")
    try:
        if start.startswith(b"["):
            yield from ((table, item) for item in ijson.items(file, "item", use_float=True))
        elif is_lines(start):
            yield from ((table, json.loads(line)) for line in file if line.strip())
        else:
            yield from in_one(file, table)
    except (ijson.JSONError, json.JSONDecodeError, UnicodeDecodeError) as error:
        raise CannotRead(f"{name} is no complete JSON: {str(error).splitlines()[0]}") from None


def is_lines(start: bytes) -> bool:
    """Whether a file begins with an object that ends on its first line, and another follows."""
    first, _, rest = start.partition(b"\n")
    return first.rstrip().endswith(b"}") and rest.lstrip().startswith(b"{")


def in_one(file: io.BufferedReader, table: str) -> Iterator[tuple[str, Any]]:
    """The objects in one object: a page of an API, lists by table, or the object itself.

    Read event by event: a list of objects under a key that we know is never whole in memory.
    """
    events = ijson.parse(file, use_float=True)
    rest: dict[str, Any] = {}
    key, found = "", 0
    for prefix, event, value in events:
        if event == "map_key" and prefix == "":
            key = value
        elif event == "start_array" and prefix == key and is_list_of_objects(key, rest):
            for item in items_of(events, f"{key}.item"):
                found += 1
                yield (table_of(key, ()) or table, item)
        elif prefix == key and key:
            rest[key] = built(events, event, value)
    if rest.get("id") and not (found and "id" not in rest):
        yield table, rest


def is_list_of_objects(key: str, rest: Mapping[str, Any]) -> bool:
    """Whether a list holds the objects of the file and no part of the object around it."""
    page = key in ("contents", "content", "data", "items", "results")
    return page or (bool(table_of(key, ())) and "id" not in rest and "name" not in rest)


def items_of(events: Iterator[tuple[str, str, Any]], prefix: str) -> Iterator[Any]:
    """The members of a list, one at a time."""
    for where, event, value in events:
        if where == prefix.removesuffix(".item") and event == "end_array":
            return
        if where == prefix:
            yield built(events, event, value)


def built(events: Iterator[tuple[str, str, Any]], event: str, value: Any) -> Any:
    """The value that begins with an event."""
    if event not in ("start_map", "start_array"):
        return value
    builder = ijson.ObjectBuilder()
    builder.event(event, value)
    depth = 1
    for _, inner, said in events:
        builder.event(inner, said)
        depth += inner.startswith("start_")
        depth -= inner.startswith("end_")
        if not depth:
            break
    return builder.value


def kind_of(item: Mapping[str, Any]) -> str:
    """What an object is, by its fields, where the file does not say."""
    if "service" in item or {"service_id", "location_id"} <= set(item):
        return "service_at_location"
    if "location_type" in item or "latitude" in item:
        return "location"
    if "taxonomy_detail" in item or "parent_id" in item:
        return "taxonomy_term"
    organization = {"tax_id", "tax_status", "legal_status", "year_incorporated", "services"}
    return "organization" if organization & set(item) else "service"


def flattened(table: str, item: Mapping[str, Any], file: str, row: int) -> Iterator[Raw]:
    """An object as a row, then all that it nests as rows that name it."""
    own = dict(item)
    inner: list[tuple[str, dict[str, Any]]] = []
    identity = str(own.get("id") or "")
    for each in nested(table):
        value = own.pop(each.field, None)
        for child in value if isinstance(value, list) else [value] if value else []:
            if not isinstance(child, Mapping):
                continue
            keys = {key: said.format(id=identity) for key, said in link(table, each).items()}
            inner.append((each.table, {**child, **keys}))
            if not each.many:
                own.setdefault(single_key(table, each.field, each.table), child.get("id"))
    yield Raw(table, own, file, row)
    # An organization may list its services whole (`services` is in the UK's profile).
    services = own.pop("services", None) or ()
    inner += [("service", {"organization_id": identity, **each}) for each in services]
    for kind, child in inner:
        yield from flattened(kind, child, file, row)


def single_key(table: str, field: str, child: str) -> str:
    """The column of an object that names the one object nested in it."""
    return (
        "taxonomy_id" if (table, field) == ("taxonomy_term", "taxonomy_detail") else f"{child}_id"
    )
