"""Makes the gazetteer's file, once: python -m bot.services.gazetteer FILE.

A process of its own does it, because the sources take some 300 MB of memory.
"""

from __future__ import annotations

import os
import sqlite3
import sys
from collections import defaultdict
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean

from bot.services.gazetteer import sources
from bot.services.gazetteer.place import CITY, COUNTRY, DISTRICT, REGION
from bot.services.gazetteer.spelling import by_ear, is_latin, plain

SCHEMA = "2"
OTHER, SHORT, OWN, CODE = 0, 1, 2, 3
"""One of many names, the short form that people use, the place's own, or a state's letters."""
MISSPELT_HERE, MISSPELT_ANYWHERE = 2_000, 100_000
"""Misspelt names are understood for places of so many people, where the country is known or not."""
WELL_KNOWN = 500_000
"""Of towns of so many people other names are misspelt too: Banglore."""
LARGEST_AREA = 300_000
"""A county weighs no more than a town of so many people."""
SHORTEST = 3
"""Other names that are not longer are codes or noise; those that people use are nicknames."""
CALLED = ("{} state", "state of {}", "estado de {}", "provincia de {}", "departamento de {}")
"""How people say that they mean the region and not its town."""
JOINED = (" de ", " del ", " upon ", " on ", " le ", " in ", " by ")
"""What begins the end of a long name that people leave out: Newcastle (upon Tyne)."""
ALSO_WRITTEN = (
    ("ciudad ", ""), ("ciudad ", "cd "), ("saint ", "st "), ("st ", "saint "), ("fort ", "ft "),
    ("mount ", "mt "), ("santa ", "sta "),
)  # fmt: skip
"""Ciudad Juárez is Juárez to who lives there; Saint and Fort are written short."""
FAME_OF_STATES, FAME_OF_REGIONS = 100, 20
"""States of the US are known the world over; for others no number is at hand."""
US_ISLANDS = frozenset({"PR", "VI", "GU", "AS", "MP"})
TABLES = """
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
PRAGMA cache_size = -64000;
CREATE TABLE made_of (name TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;
CREATE TABLE country (code TEXT PRIMARY KEY, english TEXT, spanish TEXT) WITHOUT ROWID;
CREATE TABLE place (key INTEGER PRIMARY KEY, id TEXT, name TEXT, country TEXT, region TEXT,
  region_name TEXT, kind TEXT, lat REAL, lon REAL, timezone TEXT, people INTEGER, fame INTEGER);
CREATE TABLE alias (norm TEXT, key INTEGER, rank INTEGER, PRIMARY KEY (norm, key)) WITHOUT ROWID;
CREATE TABLE spelling (country TEXT, norm TEXT, sound TEXT, PRIMARY KEY (country, norm))
  WITHOUT ROWID;
CREATE TABLE postcode (country TEXT, code TEXT, key INTEGER, PRIMARY KEY (country, code))
  WITHOUT ROWID;
"""
PLACE = "INSERT INTO place VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"


def is_current(file: Path) -> bool:
    """Whether a file is a gazetteer of these sources, made in this way."""
    if not file.is_file():
        return False
    try:
        with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as made:
            return dict(made.execute("SELECT name, value FROM made_of")) == marks()
    except sqlite3.DatabaseError:
        return False


def marks() -> dict[str, str]:
    """What a gazetteer that is current has in it."""
    return {"schema": SCHEMA, **sources.made_of()}


def build(file: Path) -> None:
    """Makes the gazetteer; until it is whole, nothing stands under its name."""
    waiting = file.with_name(f".{file.name}.{os.getpid()}")
    waiting.unlink(missing_ok=True)
    try:
        with closing(sqlite3.connect(waiting)) as made, made:
            made.executescript(TABLES)
            fill(made)
        waiting.replace(file)
    finally:
        waiting.unlink(missing_ok=True)


def fill(made: sqlite3.Connection) -> None:
    """Fills all tables; the order matters: later tables name towns and regions of earlier ones."""
    builder = Builder(made)
    builder.countries()
    builder.regions()
    builder.towns()
    builder.region_sizes()
    builder.areas()
    builder.nicknames()
    builder.zips()
    builder.postcodes()
    builder.spellings()
    made.executemany("INSERT INTO made_of VALUES (?, ?)", marks().items())
    made.execute("CREATE UNIQUE INDEX place_id ON place (id)")


@dataclass(frozen=True)
class Spot:
    """A town that one of our tables names."""

    key: int
    name: str
    region: str
    region_name: str
    lat: float
    lon: float
    timezone: str
    people: int

    @property
    def of(self) -> tuple[str, str]:
        """Its region: code and name."""
        return self.region, self.region_name


class Builder:
    """Fills a gazetteer, and remembers what later tables need of earlier ones."""

    def __init__(self, made: sqlite3.Connection) -> None:
        self.made = made
        self.key = 0
        self.region_of: dict[tuple[str, str], tuple[int, str, str]] = {}
        """By country and GeoNames' code: key, the region's code with us, and its name."""

    def place(
        self, identity: str, name: str, country: str, kind: str, *,
        region: tuple[str, str] = ("", ""), spot: tuple[float | None, float | None] = (None, None),
        timezone: str = "", people: int = 0, fame: int = 0,
    ) -> int:  # fmt: skip
        """Adds a place and says its key."""
        self.key += 1
        self.made.execute(
            PLACE,
            (self.key, identity, name, country, *region, kind, *spot, timezone, people, fame),
        )
        return self.key

    def name(self, name: str, key: int, rank: int) -> None:
        """Adds a name of a place; where it has it already, the better rank stays."""
        norm = plain(name)
        if norm and is_latin(name):
            self.made.execute(
                "INSERT INTO alias VALUES (?, ?, ?) "
                "ON CONFLICT DO UPDATE SET rank = max(rank, excluded.rank)",
                (norm, key, rank),
            )

    def countries(self) -> None:
        """All countries, in English and Spanish."""
        for code, english, spanish, people in sources.countries():
            self.made.execute("INSERT INTO country VALUES (?, ?, ?)", (code, english, spanish))
            key = self.place(f"country:{code}", english, code, COUNTRY, people=people, fame=100)
            for name in (english, spanish, *sources.ALSO_CALLED.get(code, "").split(";")):
                self.name(name, key, OWN)

    def regions(self) -> None:
        """States and provinces, where the table or the package has them."""
        for code, name in sources.states().items():
            self.region("US", code, code, [name])
        for row in sources.rows("regions"):
            names = row["names"].split(";")
            # Lists of hotlines name regions without accents, by letters where a country has them.
            code = row["region"] or plain(names[0]).title()
            self.region(row["country"], row["geonames"], code, names)

    def region(self, country: str, geonames: str, code: str, names: list[str]) -> None:
        """One region."""
        of = (code, names[0])
        key = self.place(f"region:{country}:{geonames}", names[0], country, REGION, region=of)
        self.region_of[country, geonames] = (key, *of)
        for name in names:
            self.name(name, key, OWN)
            for words in CALLED:
                self.name(words.format(name), key, SHORT)
        if code.isupper():
            self.name(code, key, CODE)

    def towns(self) -> None:
        """All towns, with their names in our letters."""
        for town in sources.towns():
            of = self.region_of.get((town.country, town.region), (0, "", ""))[1:]
            key = self.place(
                f"town:{town.number}", town.name, town.country, CITY, region=(of[0], of[1]),
                spot=(town.lat, town.lon), timezone=town.timezone, people=town.people,
                fame=town.fame,
            )  # fmt: skip
            self.names_of(town, key)

    def names_of(self, town: sources.Town, key: int) -> None:
        """A town's names: its own, the short forms of it, and the others."""
        for name in {town.name, *town.name.split(" / ")}:
            self.name(name, key, OWN)
        for short in short_forms(plain(town.name)):
            self.name(short, key, SHORT)
        for name in town.others:
            if len(name) > SHORTEST:
                self.name(name, key, OTHER)

    def region_sizes(self) -> None:
        """How many people live in a region's towns: a larger one is meant more often."""
        people: dict[tuple[str, str], int] = {}
        for country, region, number in self.made.execute(
            "SELECT country, region, sum(people) FROM place WHERE kind = 'city' AND region <> '' "
            "GROUP BY country, region"
        ):
            people[country, region] = number
        for (country, _), (key, code, _) in self.region_of.items():
            self.made.execute(
                "UPDATE place SET fame = ?, people = ? WHERE key = ?",
                (
                    FAME_OF_STATES if country == "US" else FAME_OF_REGIONS,
                    people.get((country, code), 0),
                    key,
                ),
            )

    def town(self, name: str, country: str) -> Spot:
        """The largest town of a name; the tables name only towns that are known."""
        found = self.made.execute(
            "SELECT key, name, region, region_name, lat, lon, timezone, people "
            "FROM alias JOIN place USING (key) WHERE norm = ? AND country = ? AND kind = 'city' "
            "ORDER BY rank < ?, people DESC",
            (plain(name), country, SHORT),
        ).fetchone()
        if found is None:
            raise LookupError(f"no town {name} in {country}")
        return Spot(*found)

    def areas(self) -> None:
        """Counties, islands and boroughs, which lie where their main town lies."""
        for row in sources.rows("areas"):
            town = self.town(row["town"], row["country"])
            names = row["names"].split(";")
            key = self.place(
                f"area:{row['country']}:{plain(names[0])}", names[0], row["country"], row["kind"],
                region=town.of, spot=(town.lat, town.lon), timezone=town.timezone,
                people=min(town.people, LARGEST_AREA), fame=10,
            )  # fmt: skip
            for name in names:
                self.name(name, key, OWN)

    def nicknames(self) -> None:
        """Names by which people call towns, and GeoNames does not."""
        for row in sources.rows("nicknames"):
            key = self.town(row["town"], row["country"]).key
            for name in row["names"].split(";"):
                self.name(name, key, OWN)

    def zips(self) -> None:
        """ZIP codes: each means its town, in the middle of all that the town has."""
        of_town: defaultdict[tuple[str, str], list[sources.Zip]] = defaultdict(list)
        for found in sources.zips():
            of_town[found.state, found.town].append(found)
        for together in of_town.values():
            self.town_of_zips(together)

    def town_of_zips(self, together: list[sources.Zip]) -> None:
        """The town of some ZIP codes; no code has a place of its own, which would be too fine."""
        first = together[0]
        country = first.state if first.state in US_ISLANDS else "US"
        of = self.region_of.get(("US", first.state), (0, "", ""))
        spot = (
            round(fmean(each.lat for each in together), 2),
            round(fmean(each.lon for each in together), 2),
        )
        key = self.place(
            f"zips:{first.state}:{plain(first.town)}", first.town, country, DISTRICT,
            region=(of[1], of[2]), spot=spot, timezone=first.timezone,
        )  # fmt: skip
        for each in together:
            self.code("US", each.code, key)

    def postcodes(self) -> None:
        """The first letters or digits of other countries' postcodes: a town or a region."""
        for row in sources.rows("uk_postcode_areas"):
            self.postcode("GB", row["area"], self.town(row["town"], row["country"]), row["country"])
        for row in sources.rows("postcodes"):
            country, code = row["country"], row["prefix"]
            if row["town"]:
                self.postcode(country, code, self.town(row["town"], country), country)
            else:
                self.code(country, code, self.region_of[country, row["geonames"]][0])

    def postcode(self, of: str, code: str, town: Spot, country: str) -> None:
        """The first letters or digits that stand for a town and what lies around it."""
        key = self.place(
            f"code:{of}:{code}", town.name, country, DISTRICT, region=town.of,
            spot=(round(town.lat, 2), round(town.lon, 2)), timezone=town.timezone,
            people=town.people,
        )  # fmt: skip
        self.code(of, code, key)

    def code(self, country: str, code: str, key: int) -> None:
        """The place for a code, or for what codes begin with."""
        self.made.execute("INSERT OR IGNORE INTO postcode VALUES (?, ?, ?)", (country, code, key))

    def spellings(self) -> None:
        """The names that are understood when misspelt: in one country, and ('') anywhere."""
        names = self.made.execute(
            "SELECT DISTINCT place.country, norm, rank > 0 AND (people >= ? OR kind <> 'city') "
            "FROM alias JOIN place USING (key) "
            "WHERE length(norm) > 3 AND norm NOT GLOB '*[0-9]*' AND kind <> 'district' "
            "AND (rank > 0 OR people >= ?) AND (kind <> 'city' OR people >= ?)",
            (MISSPELT_ANYWHERE, WELL_KNOWN, MISSPELT_HERE),
        ).fetchall()
        for country, norm, everywhere in names:
            for of in (country, "") if everywhere else (country,):
                self.made.execute(
                    "INSERT OR IGNORE INTO spelling VALUES (?, ?, ?)", (of, norm, by_ear(norm))
                )


def short_forms(norm: str) -> list[str]:
    """What people leave of a long name, as "newcastle" of "newcastle upon tyne"."""
    shorter = [norm.partition(joint)[0] for joint in JOINED if joint in norm]
    for first, instead in ALSO_WRITTEN:
        if norm.startswith(first):
            shorter.append(instead + norm.removeprefix(first))
    # By ear: Leicester, Worcester, Gloucester.
    if norm.endswith("cester"):
        shorter.append(norm.removesuffix("cester") + "ster")
    return [each for each in shorter if len(each) > SHORTEST]


def main() -> None:
    """Makes the gazetteer in the file that is named, if that is not current."""
    file = Path(sys.argv[1])
    if not is_current(file):
        build(file)
