"""A place that somebody may mean, and what a look-up finds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from bot.services.earth import Point

COUNTRY, REGION, CITY, DISTRICT = "country", "region", "city", "district"

# Where a region says enough by itself: nobody needs "Leeds, England, United Kingdom".
KNOWN_BY_REGION = frozenset({"US", "GB", "CA", "AU"})


@dataclass(frozen=True)
class Place:
    """A place, never finer than a town or a postcode area."""

    id: str
    label: str
    country: str
    region: str
    kind: str
    lat: float | None
    lon: float | None
    timezone: str
    population: int
    name: str = ""

    @property
    def point(self) -> Point | None:
        """Where it lies, as coarsely as a town; None for countries and regions."""
        wide = self.kind in (COUNTRY, REGION) or self.lat is None or self.lon is None
        return None if wide else Point(self.lat or 0.0, self.lon or 0.0)


@dataclass(frozen=True)
class Found:
    """The place that is meant, or two to four to ask about; neither where nothing is known."""

    place: Place | None = None
    choices: tuple[Place, ...] = ()


NOTHING = Found()


@dataclass(frozen=True)
class Candidate:
    """A place with what is known of it beyond what is shown."""

    place: Place
    fame: int
    """By how many names the world knows it."""
    region_name: str

    def labelled(self, language: str, countries: Mapping[str, tuple[str, str]]) -> Place:
        """The place with its label; `countries` has their names in English and in Spanish."""
        english, spanish = countries.get(self.place.country, ("", ""))
        country = spanish if language == "es" else english
        return replace(self.place, label=label_of(self.place, self.region_name, country))


def label_of(place: Place, region: str, country: str) -> str:
    """What a visitor sees: "Leeds, England", "LS → Leeds, England"."""
    if place.kind == COUNTRY:
        return country or place.name
    parts = [place.name]
    if region not in ("", place.name) and place.lat is not None:
        parts.append(region)
    if place.country not in KNOWN_BY_REGION or len(parts) == 1:
        parts.append(country)
    named = ", ".join(part for part in parts if part)
    code = place.id.rpartition(":")[2] if place.id.startswith("code:") else ""
    return f"{code} → {named}" if code else named
