"""A service with all that belongs to it, gathered in a handful of queries for many at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, select

from bot.services.directory.tables import HSDS

HAS_STREET = ("physical",)
# Tables whose rows belong to a service, to its place, or to who gives it.
PARTS = {
    "phone": "phones",
    "schedule": "schedules",
    "language": "languages",
    "service_area": "areas",
    "url": "urls",
    "accessibility": "accessibility",
}

Row = Mapping[str, Any]
Rows = Callable[[str, str, Iterable[Any]], list[Row]]


@dataclass
class Whole:
    """A service with all that belongs to it."""

    service: Row
    organization: Row | None = None
    places: list[tuple[Row | None, Row | None, Row | None]] = field(default_factory=list)
    """Each service_at_location, its location and that one's address."""
    phones: list[Row] = field(default_factory=list)
    schedules: list[Row] = field(default_factory=list)
    languages: list[Row] = field(default_factory=list)
    areas: list[Row] = field(default_factory=list)
    urls: list[Row] = field(default_factory=list)
    attributes: list[Row] = field(default_factory=list)
    terms: dict[str, Row] = field(default_factory=dict)
    accessibility: list[Row] = field(default_factory=list)


Owners = Mapping[str, list[Whole]]
"""Services by the id of what they have in common."""


def wholes(directory: Connection, ids: list[str]) -> list[Whole]:
    """The services with these ids, each with all that belongs to it."""

    def rows(name: str, key: str, values: Iterable[Any]) -> list[Row]:
        table = HSDS[name]
        wanted = [value for value in set(values) if value]
        found = directory.execute(select(table).where(table.c[key].in_(wanted)))
        return [dict(row) for row in found.mappings()]

    found = {row["id"]: Whole(row) for row in rows("service", "id", ids)}
    of_organization = with_organizations(found, rows)
    of_location, of_join = with_places(found, rows)
    owners: list[tuple[str, Owners]] = [
        ("service_id", {key: [whole] for key, whole in found.items()}),
        ("service_at_location_id", of_join),
        ("location_id", of_location),
        ("organization_id", of_organization),
    ]
    for table, name in PARTS.items():
        for key, owned in owners:
            if key in HSDS[table].c:
                give(table, name, key, owned, rows)
    with_attributes(found, rows)
    of_phone = {row["id"]: whole for whole in found.values() for row in whole.phones}
    for row in rows("language", "phone_id", of_phone):
        of_phone[row["phone_id"]].languages.append(row)
    return list(found.values())


def with_organizations(found: Mapping[str, Whole], rows: Rows) -> dict[str, list[Whole]]:
    """Gives each service who gives it; the services by the id of that."""
    owners = {each.service["organization_id"] for each in found.values()}
    organizations = {row["id"]: row for row in rows("organization", "id", owners)}
    services: dict[str, list[Whole]] = {}
    for whole in found.values():
        key = whole.service["organization_id"]
        whole.organization = organizations.get(key)
        services.setdefault(key, []).append(whole)
    return services


def with_places(
    found: Mapping[str, Whole], rows: Rows
) -> tuple[dict[str, list[Whole]], dict[str, list[Whole]]]:
    """Gives each service its places; the services by location, and by service at location."""
    joined = rows("service_at_location", "service_id", found)
    places = {row["location_id"] for row in joined}
    locations = {row["id"]: row for row in rows("location", "id", places)}
    addresses = {
        row["location_id"]: row
        for row in rows("address", "location_id", locations)
        if row["address_type"] in HAS_STREET
    }
    of_location: dict[str, list[Whole]] = {}
    of_join: dict[str, list[Whole]] = {}
    for row in joined:
        whole, place = found[row["service_id"]], row["location_id"]
        whole.places.append((row, locations.get(place), addresses.get(place)))
        of_location.setdefault(place, []).append(whole)
        of_join[row["id"]] = [whole]
    return of_location, of_join


def give(table: str, name: str, key: str, owned: Owners, rows: Rows) -> None:
    """Gives rows to the services that own them, each row once."""
    for row in rows(table, key, owned):
        for whole in owned[row[key]]:
            mine: list[Row] = getattr(whole, name)
            if all(row["id"] != each["id"] for each in mine):
                mine.append(row)


def with_attributes(found: Mapping[str, Whole], rows: Rows) -> None:
    """Gives each service its attributes, and the terms that they name."""
    attributes = rows("attribute", "link_id", found)
    named = {row["taxonomy_term_id"] for row in attributes}
    terms = {row["id"]: row for row in rows("taxonomy_term", "id", named)}
    for row in attributes:
        whole = found[row["link_id"]]
        whole.attributes.append(row)
        if term := terms.get(row["taxonomy_term_id"]):
            whole.terms[term["id"]] = term
