"""Distances on the earth, and the boxes in which to look for what is near."""

from __future__ import annotations

import math
from dataclasses import dataclass

RADIUS_KM = 6371.0088
"""The earth's mean radius (IUGG)."""
KM_A_DEGREE = math.pi * RADIUS_KM / 180
HALF_ROUND_KM = math.pi * RADIUS_KM
"""The furthest that two places can be apart."""


@dataclass(frozen=True)
class Point:
    """A place on the earth, in degrees."""

    lat: float
    lon: float


@dataclass(frozen=True)
class Box:
    """Degrees between which something lies."""

    south: float
    north: float
    west: float
    east: float


def km_between(one: Point, other: Point) -> float:
    """The way over ground between two places, in kilometres (haversine formula)."""
    lat_one, lat_other = math.radians(one.lat), math.radians(other.lat)
    up = math.sin((lat_other - lat_one) / 2) ** 2
    across = math.sin(math.radians(other.lon - one.lon) / 2) ** 2
    chord = up + math.cos(lat_one) * math.cos(lat_other) * across
    return 2 * RADIUS_KM * math.asin(min(1.0, math.sqrt(chord)))


def boxes_around(middle: Point, km: float) -> tuple[Box, ...]:
    """Boxes that hold all within so many kilometres: two where the date line cuts through."""
    reach = km / KM_A_DEGREE
    south, north = middle.lat - reach, middle.lat + reach
    if south <= -90 or north >= 90:
        return (Box(max(-90.0, south), min(90.0, north), -180.0, 180.0),)
    # The widest part of the circle lies nearer to the pole than its middle.
    widest = math.sin(math.radians(min(reach, 90.0))) / math.cos(math.radians(middle.lat))
    if widest >= 1:
        return (Box(south, north, -180.0, 180.0),)
    across = math.degrees(math.asin(widest))
    west, east = middle.lon - across, middle.lon + across
    if west < -180:
        return Box(south, north, -180.0, east), Box(south, north, west + 360, 180.0)
    if east > 180:
        return Box(south, north, west, 180.0), Box(south, north, -180.0, east - 360)
    return (Box(south, north, west, east),)
