"""How fast the directory answers, and what it needs: made-up services all over the world.

The services are made straight in the rows that searching reads; an import would take minutes. They
lie around real towns, more of them around larger ones, and differ in need, traits, hours and
languages. Queries come from towns in the same way, and a few from anywhere, oceans included.
"""

import json
import random
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psutil
from rich.console import Console
from sqlalchemy import Connection, func, insert, select

from bot.bench.figures import percentile
from bot.bench.postgres import new_database, running_postgres
from bot.services.directory.near import add_spots
from bot.services.directory.opening import opened
from bot.services.directory.tables import cover, listing
from bot.services.earth import Point
from bot.services.needs import NEEDS, TRAITS
from bot.services.searching import CHANNELS, Wish, search

AT_ONCE = 5_000
SMALLEST_TOWN = 15_000
NEAR_SHARE = 10
"""One service in so many lies in the Americas; how the others slow these down is measured."""
AMERICAS = -30.0
"""Degrees of longitude, west of which the Americas lie."""
QUERIES, FROM_ANYWHERE = 500, 50
WHOLE_COUNTRY = 0.05
HOURS = ("24/7", "", "Mo-Fr 09:00-17:00", "Mo-Fr 08:30-18:00; Sa 10:00-14:00; PH off")
LANGUAGES = ("", "en", "es;en", "fr")
NIGHT = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Town:
    """A town of the gazetteer."""

    country: str
    region: str
    name: str
    lat: float
    lon: float
    timezone: str
    people: int


@dataclass(frozen=True)
class Answers:
    """How long answers took, in milliseconds, and how much memory those who asked have."""

    p50: float
    p95: float
    slowest: float
    megabytes: float
    answered: int


@dataclass(frozen=True)
class Measured:
    """The directory in one database."""

    database: str
    services: int
    seconds_to_make: float
    all: Answers
    anywhere: Answers
    near_alone: Answers
    near_among_all: Answers

    @property
    def growth(self) -> float:
        """How much slower the same queries are among many services far away."""
        return self.near_among_all.p50 / self.near_alone.p50


def measure(database: str, address: str, places: Path, services: int) -> Measured:
    """Fills an empty directory and asks it; first with the Americas alone, then with the rest.

    `places` is the file of the gazetteer. Those who ask are processes of their own.
    """
    every = towns(places)
    near = [each for each in every if each.lon < AMERICAS]
    far = [each for each in every if each.lon >= AMERICAS]
    engine, begun = opened(address), time.monotonic()
    few = services // NEAR_SHARE
    with engine.begin() as directory:
        make(directory, near, few)
    alone = asked(address, places, "near")
    with engine.begin() as directory:
        make(directory, far, services - few)
    engine.dispose()
    took = time.monotonic() - begun
    among = asked(address, places, "near")
    return Measured(
        database, services, took, asked(address, places, "all"),
        asked(address, places, "anywhere"), alone, among,
    )  # fmt: skip


def towns(places: Path) -> list[Town]:
    """The larger towns of a gazetteer."""
    with closing(sqlite3.connect(f"{places.absolute().as_uri()}?mode=ro", uri=True)) as file:
        rows = file.execute(
            "SELECT country, region, name, lat, lon, timezone, people FROM place "
            "WHERE kind = 'city' AND people >= ? ORDER BY key",
            (SMALLEST_TOWN,),
        )
        return [Town(*row) for row in rows]


def make(directory: Connection, around: Sequence[Town], many: int) -> None:
    """Makes services around towns."""
    first = (directory.scalar(select(func.max(listing.c.id))) or 0) + 1
    chance = random.Random(first)  # noqa: S311  # nosec B311 - made-up services
    for begin in range(first, first + many, AT_ONCE):
        some = range(begin, min(begin + AT_ONCE, first + many))
        rows = [
            a_listing(number, town, chance)
            for number, town in zip(some, chosen(around, len(some), chance), strict=True)
        ]
        directory.execute(insert(listing), rows)
        add_spots(directory, ((row["id"], row) for row in rows))
        wide = [
            {
                "country": row["country"], "region": row["region"] if chance.random() < 0.7 else "",
                "standing": row["standing"], "listing_id": row["id"], "needs": row["needs"],
                "lacks": row["lacks"],
            }
            for row in rows
            if row["lat"] is None
        ]  # fmt: skip
        if wide:
            directory.execute(insert(cover), wide)


def chosen(around: Sequence[Town], many: int, chance: random.Random) -> list[Town]:
    """Towns, the larger the more often."""
    return chance.choices(around, [each.people**0.5 for each in around], k=many)


def a_listing(number: int, town: Town, chance: random.Random) -> dict[str, Any]:
    """One made-up service; few are for a whole country or region, and have no place."""
    wide = chance.random() < WHOLE_COUNTRY
    has = chance.getrandbits(len(TRAITS)) & chance.getrandbits(len(TRAITS))
    lacks = chance.getrandbits(len(TRAITS)) & chance.getrandbits(len(TRAITS)) & ~has
    lon = (town.lon + chance.gauss(0, 0.1) + 180) % 360 - 180
    return {
        "id": number, "service_id": f"s{number}", "location_id": None, "origin": "bench",
        "name": f"Service {number}", "organization": f"Organization {number % 1000}",
        "country": town.country, "region": town.region, "city": town.name,
        "lat": None if wide else town.lat + chance.gauss(0, 0.1), "lon": None if wide else lon,
        "confidential": 0, "needs": 1 << chance.randrange(len(NEEDS)), "has": has, "lacks": lacks,
        "youngest": None, "oldest": None, "boys_until": None,
        "languages": chance.choice(LANGUAGES), "serves": "", "phone": "555-0142", "sms": "",
        "chat": "", "website": "", "hours": chance.choice(HOURS), "hours_text": "",
        "timezone": town.timezone, "assured": "2026-03-01", "confirmed": 1,
        "standing": chance.randrange(8),
    }  # fmt: skip


def asked(address: str, places: Path, whence: str) -> Answers:
    """Asks a directory from a new process."""
    command = [sys.executable, "-m", "bot.bench.nearby", address, str(places), whence]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return Answers(**json.loads(done.stdout))


def ask(address: str, places: Path, whence: str) -> Answers:
    """Asks as visitors do, with a need, two traits, sometimes a language, a channel or the hour."""
    chance = random.Random(2)  # noqa: S311  # nosec B311 - made-up wishes
    engine, times, answered = opened(address, read_only=True), [], 0
    for wish in wishes(places, whence, chance):
        begun = time.perf_counter()
        found = search(engine, wish)
        times.append(1_000 * (time.perf_counter() - begun))
        answered += bool(found.services)
    megabytes = psutil.Process().memory_info().rss / 1e6
    return Answers(percentile(times, 50), percentile(times, 95), max(times), megabytes, answered)


def wishes(places: Path, whence: str, chance: random.Random) -> Iterator[Wish]:
    """What visitors look for, from towns or from anywhere."""
    every = towns(places)
    around = [each for each in every if whence != "near" or each.lon < AMERICAS]
    for number, town in enumerate(chosen(around, QUERIES, chance)):
        if whence == "anywhere" and number >= FROM_ANYWHERE:
            return
        anywhere = Point(chance.uniform(-60, 70), chance.uniform(-180, 180))
        yield Wish(
            now=NIGHT, need=chance.choice(NEEDS), country=town.country, region=town.region,
            at=anywhere if whence == "anywhere" else Point(town.lat, town.lon),
            traits=frozenset(chance.sample(TRAITS, 2)),
            languages=("es",) if number % 2 else (),
            channel=chance.choice(CHANNELS) if number % 5 == 0 else "",
            open_now=number % 3 == 0,
        )  # fmt: skip


def in_both(
    places: Path, services: int, console: Console, *, postgres: bool = True
) -> Iterator[Measured]:
    """The directory in a file, and in a PostgreSQL that is started for this; raises NoPostgres."""
    with tempfile.TemporaryDirectory() as folder, console.status("In a file (SQLite)"):
        yield measure("SQLite", f"sqlite:///{folder}/services.db", places, services)
    if postgres:
        with running_postgres() as server, console.status("In PostgreSQL"):
            yield measure("PostgreSQL", new_database(server, "bench"), places, services)


def show(measured: Measured) -> None:
    """The figures of one database, for people."""
    print(f"{measured.database}, {measured.services:,} services")
    for name, answers in (
        ("from towns", measured.all), ("from anywhere, oceans too", measured.anywhere),
        ("in the Americas alone, a tenth of them", measured.near_alone),
        ("in the Americas, among all", measured.near_among_all),
    ):  # fmt: skip
        print(
            f"  {name}: p50 {answers.p50:.1f} ms, p95 {answers.p95:.1f} ms, "
            f"slowest {answers.slowest:.0f} ms, {answers.megabytes:.0f} MB of memory"
        )
    print(f"  the services far away make it {measured.growth:.2f} x as slow")


if __name__ == "__main__":
    print(json.dumps(asdict(ask(sys.argv[1], Path(sys.argv[2]), sys.argv[3]))))
