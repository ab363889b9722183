"""The listings nearest to a place, from a tree of boxes: what lies far away costs nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, text

from bot.services.earth import Box, Point, boxes_around, km_between
from bot.services.needs import NEEDS, bits

FIRST_KM = 4.0
WIDER = 2.0
ENOUGH_NEAR_KM, ENOUGH = 120.0, 12
"""Further away than this a handful is enough to choose from."""
FURTHEST_KM = 2_500.0
"""Whoever is further from everything is told of the lines for the whole country."""
REFUGE = 31
"""The place, beyond those of the needs, of shelters for people like our visitors."""
SHELTER = bits(["shelter"], NEEDS)
FOR_SURVIVORS = bits(["support", "sexual_violence", "stalking"], NEEDS)
PLACES = 32
"""Ids of entries: the listing's times this, and the place of the need."""

IN_SQLITE = text(
    "SELECT listing_id, (south + north) / 2 AS lat, (west + east) / 2 AS lon FROM spot "
    "WHERE north >= :south AND south <= :north AND east >= :west AND west <= :east "
    "AND need >= :need AND need <= :need_too AND country = :country AND NOT lacks & :wanted"
)
IN_POSTGRES = text(
    "SELECT listing_id, lat, lon FROM spot "
    "WHERE point(lon + 400 * need, lat + 200 * country) <@ "
    "box(point(:west + 400 * :need, :south + 200 * :country), "
    "point(:east + 400 * :need, :north + 200 * :country)) AND lacks & :wanted = 0"
)
ADD_IN_SQLITE = text(
    "INSERT INTO spot VALUES "
    "(:id, :lat, :lat, :lon, :lon, :need, :need, :country, :country, :listing_id, :lacks)"
)
ADD_IN_POSTGRES = text(
    "INSERT INTO spot VALUES (:id, :lat, :lon, :need, :country, :listing_id, :lacks)"
)
REMOVE = text("DELETE FROM spot WHERE id = :id")


@dataclass(frozen=True)
class Filter:
    """A country, places of needs (none: all of them), and traits in bits that must not lack."""

    country: str
    needs: tuple[int, ...] = ()
    wanted: int = 0


def country_number(country: str) -> int:
    """A number for a country's two letters: AA is 0; -1 for none."""
    letters = [ord(letter) - ord("A") for letter in country.upper()[:2]]
    fitting = len(letters) == 2 and all(0 <= letter < 26 for letter in letters)
    return letters[0] * 26 + letters[1] if fitting else -1


def places_of(needs: int) -> list[int]:
    """Where a listing stands among the needs, and among the refuges if it is one."""
    places = [place for place in range(len(NEEDS)) if needs >> place & 1]
    refuge = needs & SHELTER and needs & FOR_SURVIVORS
    return [*places, REFUGE] if refuge else places


def add_spots(connection: Connection, listings: Iterable[tuple[int, Mapping[str, Any]]]) -> None:
    """Puts listings (their ids and rows) that have a place into the tree."""
    rows = [
        {
            "id": number * PLACES + need, "lat": row["lat"], "lon": row["lon"], "need": need,
            "country": country_number(row["country"]), "listing_id": number, "lacks": row["lacks"],
        }
        for number, row in listings
        if row["lat"] is not None
        for need in places_of(row["needs"])
    ]  # fmt: skip
    if rows:
        sqlite = connection.dialect.name == "sqlite"
        connection.execute(ADD_IN_SQLITE if sqlite else ADD_IN_POSTGRES, rows)


def remove_spots(connection: Connection, listings: Iterable[tuple[int, int]]) -> None:
    """Takes listings (their ids and needs in bits) out of the tree."""
    ids = [
        {"id": number * PLACES + need} for number, needs in listings for need in places_of(needs)
    ]
    if ids:
        connection.execute(REMOVE, ids)


def nearest(
    connection: Connection, middle: Point, fitting: Filter, many: int, beyond_km: float = 0.0
) -> list[tuple[int, float]]:
    """The ids and kilometres of the nearest listings that fit, nearest first.

    None nearer than `beyond_km`; none further than FURTHEST_KM. Within ENOUGH_NEAR_KM as many as
    asked for, further away at least ENOUGH if there are so many.
    """
    found: dict[int, float] = {}
    for km in radii(beyond_km):
        for box in boxes_around(middle, km):
            for row in rows_in(connection, box, fitting):
                away = km_between(middle, Point(row.lat, row.lon))
                if beyond_km <= away <= km:
                    found[row.listing_id] = away
        if len(found) >= (many if km <= ENOUGH_NEAR_KM else min(many, ENOUGH)):
            break
    return sorted(found.items(), key=lambda each: (each[1], each[0]))[:many]


def radii(beyond_km: float) -> Iterator[float]:
    """Ever wider looks."""
    km = max(FIRST_KM, beyond_km * 1.5)
    while km < FURTHEST_KM:
        yield km
        km *= WIDER
    yield FURTHEST_KM


def rows_in(connection: Connection, box: Box, fitting: Filter) -> Iterator[Row[Any]]:
    """Ids and places of the listings in a box that fit; a listing may come more than once."""
    values = {
        "south": box.south, "north": box.north, "west": box.west, "east": box.east,
        "wanted": fitting.wanted, "country": country_number(fitting.country),
    }  # fmt: skip
    if connection.dialect.name == "sqlite":
        for need, need_too in spans(fitting.needs):
            yield from connection.execute(IN_SQLITE, {**values, "need": need, "need_too": need_too})
    else:
        for need in fitting.needs or range(len(NEEDS)):
            yield from connection.execute(IN_POSTGRES, {**values, "need": need})


def spans(needs: tuple[int, ...]) -> list[tuple[int, int]]:
    """First and last of each stretch of needs to look at."""
    return [(need, need) for need in needs] or [(0, len(NEEDS) - 1)]
