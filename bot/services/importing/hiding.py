"""Leaves out where a confidential place is, before the directory ever sees it.

Who seeks a shelter is told a number to call and an area. So a shelter's street, its exact place,
the way there and every text with a street in it go, unless a person marked the address as public.
That holds for what waits, and for what the directory has of a service that is known to be a
shelter only now. Source: reference services.md §1.3 and §2.5 (FVPSA, 42 U.S.C. 10406(c)(5)).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, Connection, Table, Text, delete, insert, select

from bot.services.directory.indexing import Town, Towns
from bot.services.directory.tables import HSDS
from bot.services.importing.stage import STAGE, Stage, staged
from bot.services.importing.streets import without_whereabouts
from bot.services.kinds import kinds, words_in
from bot.services.marks import NEED, made_id, mark, marks_of, sorted_marks
from bot.services.pages import batches, pages

CONFIDENTIAL_NEED = "shelter"
PUBLIC = "public_address"
VIRTUAL = "virtual"
COARSE = 1
"""Decimals of degrees that stand for a place whose town is not known: some ten kilometres."""

AT_STAKE = Table("at_stake", staged, Column("id", Text, primary_key=True))
"""Services that the import touches, and that may be confidential."""

Row = dict[str, Any]


def hide_confidential(stage: Stage, directory: Connection, towns: Towns) -> int:
    """Takes the whereabouts of confidential services out; says of how many places."""
    both = Both(stage, directory)
    note_at_stake(both)
    hidden = 0
    for page in pages(stage.connection, AT_STAKE.c.id):
        services = both.rows("service", "id", [row["id"] for row in page])
        confidential = confidential_among(both, services)
        if confidential:
            hidden += Hiding(both, confidential, towns).all()
    stage.connection.commit()
    return hidden


@dataclass(frozen=True)
class Both:
    """What waits and what the directory has, as they will be together."""

    stage: Stage
    directory: Connection

    def rows(self, table: str, key: str, values: Iterable[Any]) -> list[Row]:
        """Rows by a key: those that wait, and those of the directory that don't."""
        found: dict[str, Row] = {}
        for wanted in batches(sorted({value for value in values if value})):
            for connection, tables in ((self.stage.connection, STAGE), (self.directory, HSDS)):
                asked = select(tables[table]).where(tables[table].c[key].in_(wanted))
                for row in connection.execute(asked).mappings():
                    found.setdefault(row["id"], dict(row))
        return list(found.values())

    def waiting(self, table: str, key: str) -> Iterator[list[str]]:
        """The values of a column of what waits."""
        for rows in batches(self.stage.rows(STAGE[table])):
            yield [row[key] for row in rows if row[key]]

    def put(self, table: str, row: Mapping[str, Any]) -> None:
        """Lays a row aside in place of the one that has its id."""
        own = STAGE[table]
        complete = {each.name: row.get(each.name) for each in own.columns}
        complete |= {"at_file": row.get("at_file", ""), "at_row": row.get("at_row", 0)}
        self.stage.connection.execute(delete(own).where(own.c.id == row["id"]))
        self.stage.connection.execute(insert(own), [complete])

    def drop(self, table: str, ids: Collection[str]) -> None:
        """Takes rows away, from what waits and from the directory."""
        own = STAGE[table]
        self.stage.connection.execute(delete(own).where(own.c.id.in_(ids)))
        for each in ids:
            self.stage.take_away(table, each)
            self.stage.note_hidden(table, each)


def note_at_stake(both: Both) -> None:
    """Notes the services that wait, and those of which a part, a place or the owner waits."""
    for ids in at_stake(both):
        rows = [{"id": each} for each in set(ids) if each]
        if rows:
            both.stage.connection.execute(insert(AT_STAKE).prefix_with("OR IGNORE"), rows)


def at_stake(both: Both) -> Iterator[Iterable[str]]:
    """Ids of services, in lists."""
    service, joined = HSDS["service"].c, HSDS["service_at_location"].c
    yield from both.waiting("service", "id")
    for table in STAGE:
        for key in ("service_id", "link_id"):
            if key in STAGE[table].c:
                yield from both.waiting(table, key)
    for table, key, owner, named in (
        ("location", "id", joined.service_id, joined.location_id),
        ("address", "location_id", joined.service_id, joined.location_id),
        ("organization", "id", service.id, service.organization_id),
        ("location", "organization_id", service.id, service.organization_id),
    ):
        for ids in both.waiting(table, key):
            yield both.directory.scalars(select(owner).where(named.in_(ids)))


def confidential_among(both: Both, services: list[Row]) -> list[Row]:
    """Those services that are places to hide in, and whose address nobody marked as public."""
    attributes: dict[str, list[Row]] = {}
    for row in both.rows("attribute", "link_id", [each["id"] for each in services]):
        attributes.setdefault(row["link_id"], []).append(row)
    named = [row["taxonomy_term_id"] for rows in attributes.values() for row in rows]
    terms = {row["id"]: row["name"] for row in both.rows("taxonomy_term", "id", named)}
    owned = [each["organization_id"] for each in services]
    owners = {row["id"]: row["name"] for row in both.rows("organization", "id", owned)}
    found = []
    for service in services:
        own = attributes.get(service["id"], [])
        said = [
            service["name"], service["alternate_name"], service["description"],
            owners.get(service["organization_id"]),
            *(terms.get(each["taxonomy_term_id"]) for each in own),
            *(each["value"] for each in own),
        ]  # fmt: skip
        if is_confidential(marks_of(own), said):
            found.append(service)
    return found


def is_confidential(marks: Mapping[str, str], said: Iterable[str | None]) -> bool:
    """Whether a service is a shelter, by its marks or, without any, by what is said of it.

    A text that speaks of a shelter anywhere is taken as one: to hide too much harms nobody.
    """
    if PUBLIC in marks:
        return False
    needs = sorted_marks(marks, NEED)
    shelter = {CONFIDENTIAL_NEED: kinds().needs[CONFIDENTIAL_NEED]}
    return CONFIDENTIAL_NEED in (needs or words_in(shelter, said))


class Hiding:
    """Some confidential services with all that could tell where they are."""

    def __init__(self, both: Both, services: list[Row], towns: Towns) -> None:
        self.both, self.towns = both, towns
        self.services = {row["id"]: row for row in services}
        self.owners = {row["organization_id"] for row in services if row["organization_id"]}
        self.joined = both.rows("service_at_location", "service_id", self.services)
        joined = [row["location_id"] for row in self.joined]
        self.locations = both.rows("location", "id", joined) + self.without_a_service()
        places = [row["id"] for row in self.locations]
        self.addresses = both.rows("address", "location_id", places)

    def all(self) -> int:
        """Clears everything; says how many places were."""
        address_of = {row["location_id"]: row for row in reversed(self.addresses)}
        for row in self.joined:
            if row["location_id"] in address_of:
                self.note_area(row["service_id"], address_of[row["location_id"]])
        self.both.drop("address", [row["id"] for row in self.addresses])
        cleared = sum(self.clear_place(row, address_of.get(row["id"])) for row in self.locations)
        self.clear_texts()
        return cleared

    def without_a_service(self) -> list[Row]:
        """Places of the organizations that no service is joined to: any may be the shelter."""
        owned = self.both.rows("location", "organization_id", self.owners)
        ids = [row["id"] for row in owned]
        joined = self.both.rows("service_at_location", "location_id", ids)
        used = {row["location_id"] for row in joined}
        return [row for row in owned if row["id"] not in used]

    def note_area(self, service: str, address: Row) -> None:
        """Keeps the town of a hidden address as the area that a service is for."""
        named = ", ".join(filter(None, (address["city"], address["state_province"])))
        if named and not self.both.rows("service_area", "service_id", [service]):
            area = {"id": made_id("area", service), "service_id": service, "name": named}
            self.both.put("service_area", area)
        for code, key in (("country", "country"), ("region", "state_province"), ("city", "city")):
            if address[key] and address[key] != "-":
                row = mark(service, code, address[key])[1]
                if not self.both.rows("attribute", "id", [row["id"]]):
                    self.both.put("attribute", row)

    def clear_place(self, location: Row, address: Row | None) -> bool:
        """Takes the exact place of a location away; its town stands for it, or some ten km."""
        if "at_file" not in location and location["location_type"] == VIRTUAL and not address:
            return False  # Cleared when it came.
        lat, lon = location["latitude"], location["longitude"]
        town = address and self.towns(
            address["city"], address["state_province"], address["country"]
        )
        if town:
            lat, lon = town.lat, town.lon
        elif lat is not None and lon is not None:
            lat, lon = round(lat, COARSE), round(lon, COARSE)
        values = {"latitude": lat, "longitude": lon, "transportation": None, "url": None}
        self.both.put("location", {**location, **values, "location_type": VIRTUAL})
        return True

    def town(self, address: Row) -> Town | None:
        """The town of an address, where it is known."""
        return self.towns(address["city"], address["state_province"], address["country"])

    def clear_texts(self) -> None:
        """Takes streets and links to maps out of every text that belongs to the services."""
        places = {row["id"] for row in self.locations}
        joined = {row["id"] for row in self.joined}
        named = {row["id"] for row in self.addresses}
        about: dict[str, Collection[str]] = {
            "service_id": self.services, "location_id": places, "service_at_location_id": joined,
            "organization_id": self.owners, "link_id": self.services,
            "resource_id": {*self.services, *places, *joined, *named, *self.owners},
        }  # fmt: skip
        of_its_own = {
            "service": self.services, "location": places, "service_at_location": joined,
            "organization": self.owners,
        }  # fmt: skip
        for table in STAGE.keys() - {"address"}:
            keys = {"id": of_its_own[table]} if table in of_its_own else about
            for key, ids in keys.items():
                if key in STAGE[table].c:
                    self.clear(table, self.both.rows(table, key, ids))

    def clear(self, table: str, rows: Iterable[Row]) -> None:
        """Takes them out of some rows."""
        for row in rows:
            self.both.stage.note_hidden(table, row["id"])
            cleared = without_whereabouts(table, row)
            if cleared != row:
                self.both.put(table, cleared)
