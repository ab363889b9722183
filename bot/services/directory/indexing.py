"""Makes the rows to search in (`listing`, `cover`) from the HSDS objects of each service."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import phonenumbers
from babel.core import get_global
from sqlalchemy import Connection, delete, insert, select, union

from bot.services.directory.near import add_spots, remove_spots
from bot.services.directory.tables import HSDS, changed, cover, listing
from bot.services.directory.whole import Row, Whole, wholes
from bot.services.hours import ALWAYS, as_osm
from bot.services.kinds import kinds, needs_in, words_in
from bot.services.marks import HAS, LACKS, NEED, marks_of, sorted_marks
from bot.services.needs import NEEDS, TRAITS, bits
from bot.services.pages import batches

AT_ONCE = 400
CONFIRMED = ("checked_2026", "official_page_read", "multi_source", "official_open_data")
"""Confidence with which a number may be shown as it stands (content/numbers/README.md)."""
TEXT_TYPES = ("sms", "text", "textphone", "tty")
CHAT = "chat"
AREAS = ("country", "nation", "national", "state", "province", "region")


@dataclass(frozen=True)
class Town:
    """Where a town lies."""

    lat: float
    lon: float
    timezone: str = ""


Placed = tuple[Row | None, Row | None, Row | None]
"""A service at a location, the location and its address, as far as there are any."""
Towns = Callable[[str, str, str], Town | None]
"""Finds a town by its name, region and country; None where it is not known."""


def no_towns(_: str, __: str, ___: str) -> Town | None:
    """Knows no town."""
    return None


def index_changed(
    directory: Connection,
    import_id: int,
    towns: Towns = no_towns,
    told: Callable[[int], None] = lambda _: None,
) -> None:
    """Makes the rows anew for all services that an import touched."""
    # Read to the end before writing: SQLite shows a reader what it writes meanwhile.
    ids = sorted(set(directory.scalars(touched(import_id))))
    for some in batches(ids, AT_ONCE):
        index(directory, some, towns)
        told(len(some))


def touched(import_id: int) -> Any:
    """The services that are new or other, or whose parts are."""

    def of(name: str) -> Any:
        where = (changed.c.import_id == import_id) & (changed.c.entity == name)
        return select(changed.c.id).where(where)

    service, joined = HSDS["service"], HSDS["service_at_location"]
    found = [
        select(changed.c.id).where(changed.c.import_id == import_id, changed.c.entity == "service")
    ]
    found.append(select(service.c.id).where(service.c.organization_id.in_(of("organization"))))
    for name, table in HSDS.items():
        here = table.c.id.in_(of(name))
        if "service_id" in table.c:
            found.append(select(table.c.service_id).where(here, table.c.service_id.is_not(None)))
        if "location_id" in table.c:
            places = select(table.c.location_id).where(here)
            found.append(select(joined.c.service_id).where(joined.c.location_id.in_(places)))
        if "organization_id" in table.c and name != "service":
            owners = select(table.c.organization_id).where(here)
            found.append(select(service.c.id).where(service.c.organization_id.in_(owners)))
        if "service_at_location_id" in table.c:
            places = select(table.c.service_at_location_id).where(here)
            found.append(select(joined.c.service_id).where(joined.c.id.in_(places)))
    found.append(select(joined.c.service_id).where(joined.c.location_id.in_(of("location"))))
    attribute = HSDS["attribute"]
    about = select(attribute.c.link_id).where(attribute.c.id.in_(of("attribute")))
    found.append(about.where(attribute.c.link_entity == "service"))
    return union(*found)


def index(directory: Connection, ids: list[str], towns: Towns = no_towns) -> None:
    """Makes the rows of these services anew; those that are gone or closed have none."""
    old = select(listing.c.id, listing.c.needs).where(listing.c.service_id.in_(ids))
    gone = [(row.id, row.needs) for row in directory.execute(old)]
    remove_spots(directory, gone)
    directory.execute(delete(cover).where(cover.c.listing_id.in_([number for number, _ in gone])))
    directory.execute(delete(listing).where(listing.c.service_id.in_(ids)))
    rows, covers = [], []
    for whole in wholes(directory, ids):
        if whole.service["status"] == "active":
            for row, areas in listings(whole, towns):
                rows.append(row)
                covers.append(areas)
    if not rows:
        return
    made = directory.scalars(
        insert(listing).returning(listing.c.id, sort_by_parameter_order=True), rows
    ).all()
    add_spots(directory, zip(made, rows, strict=True))
    wide = [
        {
            "country": country, "region": region, "standing": row["standing"], "listing_id": number,
            "needs": row["needs"], "lacks": row["lacks"],
        }
        for number, row, areas in zip(made, rows, covers, strict=True)
        for country, region in sorted(areas)
    ]  # fmt: skip
    if wide:
        directory.execute(insert(cover), wide)


def listings(whole: Whole, towns: Towns) -> Iterator[tuple[dict[str, Any], set[tuple[str, str]]]]:
    """The rows of a service, one for each of its places, with the areas that each covers."""
    marks = marks_of(whole.attributes)
    base = about(whole, marks)
    areas = areas_of(whole, marks)
    places: list[Placed] = [each for each in whole.places if each[1]]
    places = places or [(None, None, None)]
    for place, location, address in places:
        row = {**base, **where(whole, marks, location, address, towns)}
        row["location_id"] = place["location_id"] if place else None
        covered = set(areas)
        if row["lat"] is None and not covered:
            covered = {(row["country"], row["region"])}
        row["standing"] = standing(row)
        yield row, covered


def about(whole: Whole, marks: Mapping[str, str]) -> dict[str, Any]:
    """What is the same at all places of a service."""
    service, owner = whole.service, whole.organization
    names = [service["name"], service["alternate_name"], owner and owner["name"]]
    terms = [term["name"] for term in whole.terms.values() if term["taxonomy"] != "Foothold"]
    needs = sorted_marks(marks, NEED) or needs_in(names, terms, service["description"])
    has, lacks = traits(whole, marks, [*names, *terms])
    voice, sms = numbers(whole)
    chat = next((row["url"] for row in whole.urls if (row["label"] or "").casefold() == CHAT), "")
    hours = marks.get("hours") or as_osm(sorted(whole.schedules, key=lambda row: str(row["id"])))
    has |= {"phone"} if voice else set()
    has |= {"text"} if sms else set()
    has |= {"chat"} if chat else set()
    has |= {"always_open"} if hours == ALWAYS else set()
    return {
        "service_id": service["id"],
        "origin": service["origin"],
        "name": service["name"],
        "organization": owner["name"] if owner else "",
        "confidential": int("shelter" in needs and "public_address" not in marks),
        "needs": bits(needs, NEEDS),
        "has": bits(has, TRAITS),
        "lacks": bits(lacks - has, TRAITS),
        "youngest": service["minimum_age"],
        "oldest": service["maximum_age"],
        "boys_until": float(marks["boys_until"]) if marks.get("boys_until") else None,
        "languages": ";".join(dict.fromkeys(row["code"] for row in whole.languages if row["code"])),
        "serves": served(whole, marks),
        "phone": voice,
        "sms": sms,
        "chat": chat,
        "website": service["url"] or (owner["website"] if owner else None) or "",
        "hours": hours,
        "hours_text": "" if hours else hours_text(whole),
        "assured": service["assured_date"] or "",
        "confirmed": int(
            marks["confidence"] in CONFIRMED
            if "confidence" in marks
            else bool(service["assured_date"])
        ),
    }


def traits(
    whole: Whole, marks: Mapping[str, str], texts: list[str | None]
) -> tuple[set[str], set[str]]:
    """What a service is known to have, and known not to have."""
    has, lacks = sorted_marks(marks, HAS), sorted_marks(marks, LACKS)
    service = whole.service
    said = [
        *texts, service["description"], service["eligibility_description"],
        service["fees_description"], service["application_process"],
        *(row["description"] for row in whole.accessibility),
        *(row["details"] for row in whole.accessibility),
    ]  # fmt: skip
    lacking = words_in(kinds().lacks, said) | lacks
    having = words_in(kinds().has, said) - lacking
    return set(having | has), set(lacking)


def numbers(whole: Whole) -> tuple[str, str]:
    """The number to call and the one to text; the service's own before those of its owner."""
    texts = [row for row in whole.phones if (row["type"] or "").casefold() in TEXT_TYPES[:2]]
    voices = [
        row
        for row in whole.phones
        if (row["type"] or "voice").casefold() not in (*TEXT_TYPES, "fax")
    ]
    return dialled(voices), dialled(texts)


def dialled(phones: list[Row]) -> str:
    """The first of some numbers, with its extension."""
    for row in phones:
        extension = f" x{row['extension']}" if row["extension"] else ""
        return f"{row['number']}{extension}"
    return ""


def hours_text(whole: Whole) -> str:
    """Hours in the words of the source."""
    return next((row["description"] for row in whole.schedules if row["description"]), "")


def served(whole: Whole, marks: Mapping[str, str]) -> str:
    """The area that a service is for, in words."""
    named = next((row["name"] for row in whole.areas if row["name"]), "")
    return named or ", ".join(filter(None, (marks.get("city"), marks.get("region"))))


def areas_of(whole: Whole, marks: Mapping[str, str]) -> set[tuple[str, str]]:
    """Countries and regions in which a service is for everybody, wherever it sits."""
    country, region = marks.get("country", ""), marks.get("region", "")
    wide = any((row["extent_type"] or "").casefold() in AREAS for row in whole.areas)
    if not wide or (not country and "country" not in marks):
        return set()
    return {(country, each) for each in (region.split(";") if region else [""])}


def where(
    whole: Whole, marks: Mapping[str, str], location: Row | None, address: Row | None, towns: Towns
) -> dict[str, Any]:
    """The place of one listing: country, region, town, degrees, time zone."""
    country = (address["country"] if address else "") or marks.get("country") or country_of(whole)
    region = (address["state_province"] if address else "") or marks.get("region", "")
    city = (address["city"] if address else "") or marks.get("city", "")
    known = location is not None and location["latitude"] is not None
    lat, lon = (location["latitude"], location["longitude"]) if location and known else (None, None)
    town = towns(city, region, country) if city else None
    if lat is None and town:
        lat, lon = town.lat, town.lon
    zone = marks.get("timezone") or (town.timezone if town else "") or only_zone(country)
    return {
        "country": country, "region": region if ";" not in region else "", "city": city,
        "lat": lat, "lon": lon, "timezone": zone,
    }  # fmt: skip


def country_of(whole: Whole) -> str:
    """The country whose code a number begins with; "" where no number has one."""
    for row in whole.phones:
        if str(row["number"]).startswith("+"):
            try:
                found = phonenumbers.region_code_for_number(phonenumbers.parse(row["number"]))
            except phonenumbers.NumberParseException:
                continue
            if found:
                return str(found)
    return ""


@cache
def only_zone(country: str) -> str:
    """The time zone of a country that has just one."""
    zones = get_global("territory_zones").get(country, ())
    return zones[0] if len(zones) == 1 else ""


def standing(row: Mapping[str, Any]) -> int:
    """How good an entry is whoever asks, smaller is better: reachable, confirmed, always there."""
    points = 8 * (not (row["phone"] or row["sms"] or row["chat"]))
    points += 4 * (not row["confirmed"]) + 2 * (row["hours"] != ALWAYS) + (not row["assured"])
    return int(points)
