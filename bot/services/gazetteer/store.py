"""Reads the gazetteer's file: read-only, and from any thread."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import Any

from bot.services.earth import Box
from bot.services.gazetteer.place import CITY, DISTRICT, Candidate, Place

COLUMNS = (
    "place.id, place.name, place.country, place.region, place.region_name, place.kind, place.lat, "
    "place.lon, place.timezone, place.people, place.fame"
)
COUNTRIES_IN_MEMORY = 6


@dataclass(frozen=True)
class Known:
    """A place under one of its names; `rank` is 2 for its own, 1 for a short form, else 0."""

    candidate: Candidate
    rank: int
    edits: float = 0.0
    """How much of the name was misspelt."""

    @property
    def place(self) -> Place:
        """The place itself."""
        return self.candidate.place


class Store:
    """The file."""

    def __init__(self, file: Path) -> None:
        address = f"{file.absolute().as_uri()}?mode=ro&immutable=1"
        self._file = sqlite3.connect(address, uri=True, check_same_thread=False)
        self._lock = Lock()
        rows = self._rows("SELECT code, english, spanish FROM country", ())
        self.countries = {code: (english, spanish) for code, english, spanish in rows}
        self.spellings = lru_cache(COUNTRIES_IN_MEMORY)(self._spellings)

    def close(self) -> None:
        """Closes the file."""
        self._file.close()

    def _rows(self, question: str, values: Iterable[object]) -> list[tuple[Any, ...]]:
        with self._lock:
            return self._file.execute(question, tuple(values)).fetchall()

    def named(self, names: Collection[str]) -> dict[str, list[Known]]:
        """The places that bear these plain names."""
        marks = ",".join("?" * len(names))
        found: dict[str, list[Known]] = {}
        for norm, rank, *row in self._rows(
            f"SELECT norm, rank, {COLUMNS} FROM alias JOIN place USING (key) "  # noqa: S608  # nosec B608 - question marks alone
            f"WHERE norm IN ({marks})",
            names,
        ):
            found.setdefault(norm, []).append(Known(candidate(row), rank))
        return found

    def place(self, identity: str) -> Candidate | None:
        """The place of an id."""
        rows = self._rows(f"SELECT {COLUMNS} FROM place WHERE id = ?", (identity,))  # noqa: S608  # nosec B608 - our own names
        return candidate(rows[0]) if rows else None

    def postcode(self, country: str, code: str) -> Candidate | None:
        """The place for the longest beginning of a code that is known."""
        beginnings = [code[:length] for length in range(1, len(code) + 1)]
        marks = ",".join("?" * len(beginnings))
        rows = self._rows(
            f"SELECT {COLUMNS} FROM postcode JOIN place USING (key) WHERE postcode.country = ? "  # noqa: S608  # nosec B608 - question marks alone
            f"AND code IN ({marks}) ORDER BY length(code) DESC LIMIT 1",
            (country, *beginnings),
        )
        return candidate(rows[0]) if rows else None

    def within(self, box: Box) -> list[Candidate]:
        """The towns and districts in a box."""
        rows = self._rows(
            f"SELECT {COLUMNS} FROM place WHERE kind IN (?, ?) AND lat BETWEEN ? AND ? "  # noqa: S608  # nosec B608 - our own names
            "AND lon BETWEEN ? AND ?",
            (CITY, DISTRICT, box.south, box.north, box.west, box.east),
        )
        return [candidate(row) for row in rows]

    def _spellings(self, country: str) -> tuple[list[str], list[str]]:
        """The names of a country's larger places, as written and as they sound; "" is anywhere."""
        rows = self._rows("SELECT norm, sound FROM spelling WHERE country = ?", (country,))
        return [norm for norm, _ in rows], [sound for _, sound in rows]


def candidate(row: Iterable[Any]) -> Candidate:
    """A place from its row."""
    identity, name, country, region, region_name, kind, lat, lon, timezone, people, fame = row
    place = Place(
        id=identity, label="", country=country, region=region, kind=kind, lat=lat, lon=lon,
        timezone=timezone, population=people, name=name,
    )  # fmt: skip
    return Candidate(place, fame, region_name)
