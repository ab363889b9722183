"""Leaves out where a confidential place is, before the directory ever sees it.

Who seeks a shelter is told a number to call and an area. So a shelter's street, its exact place,
the way there and every text with a street in it go, unless a person marked the address as public.
Source: reference services.md §1.3 and §2.5 (FVPSA, 42 U.S.C. 10406(c)(5)).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, delete, select, update

from bot.services.directory.indexing import Towns
from bot.services.directory.tables import HSDS
from bot.services.importing.stage import STAGE, Stage, batches
from bot.services.kinds import kinds, needs_in, words_in
from bot.services.marks import NEED, made_id, mark, marks_of, sorted_marks

CONFIDENTIAL_NEED = "shelter"
PUBLIC = "public_address"

STREET = re.compile(
    r"\b\d{1,6}(?:[-/]\d{1,5})?[a-z]?\s+(?:[nsew]\.?\s+|north\s+|south\s+|east\s+|west\s+)?"
    r"(?:[\w.'’-]+\s+){1,4}?"
    r"(?:st|street|ave|avenue|rd|road|blvd|boulevard|dr|drive|ln|lane|ct|court|pl|place|way|hwy|"
    r"highway|pkwy|parkway|ter|terrace|cir|circle|sq|square|close|crescent|row|gardens)\b\.?"
    r"(?:,?\s*(?:suite|ste|apt|unit|floor|fl|#)\.?\s*[\w-]+)?"
    r"|\b(?:calle|avenida|av|avda|carrera|cra|cl|calz|calzada|pasaje|rue|paseo|plaza)\.?\s+"
    r"(?:[\w.'’áéíóúñü-]+\s+){0,4}?(?:#|n[ºo°.]*|num\.?|numero)?\s*\d{1,6}(?:\s*-\s*\d+)?"
    r"|\bp\.?\s?o\.?\s+box\s+\d+",
    re.IGNORECASE,
)
MAP_LINK = re.compile(
    r"https?://\S*(?:maps\.|/maps|goo\.gl/maps|openstreetmap|bing\.com/maps)\S*", re.IGNORECASE
)
LEFT_OUT = "[address left out]"
TEXTS = {
    "service": ("name", "alternate_name", "description", "application_process", "alert"),
    "location": ("name", "alternate_name", "description"),
    "service_at_location": ("description",),
}


def hide_confidential(stage: Stage, directory: Connection, towns: Towns) -> int:
    """Takes the whereabouts of confidential services out of what waits; says of how many places."""
    hidden = 0
    for batch in batches(services_at_stake(stage, directory), 200):
        for service in batch:
            if is_confidential(stage, directory, service):
                hidden += hide(stage, directory, service, towns)
    stage.connection.commit()
    return hidden


def services_at_stake(stage: Stage, directory: Connection) -> Iterator[dict[str, Any]]:
    """Services that wait, and those in the directory whose location or address waits."""
    yield from stage.rows(STAGE["service"])
    joined = HSDS["service_at_location"]
    for name, key in (("location", "id"), ("address", "location_id")):
        for rows in batches(stage.rows(STAGE[name])):
            places = {row[key] for row in rows if row[key]}
            found = select(joined.c.service_id).where(joined.c.location_id.in_(places)).distinct()
            ids = [each for each in directory.scalars(found) if each]
            service = HSDS["service"]
            there = directory.execute(select(service).where(service.c.id.in_(ids)))
            yield from (dict(row) for row in there.mappings())


def is_confidential(stage: Stage, directory: Connection, service: dict[str, Any]) -> bool:
    """Whether a service is a place to hide in, and nobody marked its address as public."""
    attributes = list(of_service(stage, directory, "attribute", "link_id", service["id"]))
    marks = marks_of(attributes)
    if PUBLIC in marks:
        return False
    needs = sorted_marks(marks, NEED)
    if needs:
        return CONFIDENTIAL_NEED in needs
    terms = [name for each in attributes for name in term_names(stage, directory, each)]
    names = [service["name"], service["alternate_name"]]
    told = needs_in(names, terms, service["description"])
    # A text that speaks of a shelter anywhere is taken as one: to hide too much harms nobody.
    anywhere = words_in(
        {CONFIDENTIAL_NEED: kinds().needs[CONFIDENTIAL_NEED]}, [service["description"]]
    )
    return CONFIDENTIAL_NEED in told | anywhere


def of_service(
    stage: Stage, directory: Connection, table: str, key: str, service: str
) -> Iterator[dict[str, Any]]:
    """Rows of a table that name a service, those that wait before those that are there."""
    seen = set()
    for connection, tables in ((stage.connection, STAGE), (directory, HSDS)):
        where = tables[table].c[key] == service
        for row in connection.execute(select(tables[table]).where(where)).mappings().all():
            if row["id"] not in seen:
                seen.add(row["id"])
                yield dict(row)


def term_names(stage: Stage, directory: Connection, attribute: dict[str, Any]) -> list[str | None]:
    """The name and the value of an attribute."""
    for connection, tables in ((stage.connection, STAGE), (directory, HSDS)):
        term = tables["taxonomy_term"]
        where = term.c.id == attribute["taxonomy_term_id"]
        row = connection.execute(select(term.c.name).where(where)).first()
        if row:
            return [row.name, attribute["value"]]
    return [attribute["value"]]


def hide(stage: Stage, directory: Connection, service: dict[str, Any], towns: Towns) -> int:
    """Takes the whereabouts of one service out; its town, region and country stay as an area."""
    connection = stage.connection
    clear_texts(stage, "service", service["id"])
    places = 0
    for joined in of_service(stage, directory, "service_at_location", "service_id", service["id"]):
        clear_texts(stage, "service_at_location", joined["id"])
        where = STAGE["address"].c.location_id == joined["location_id"]
        address = connection.execute(select(STAGE["address"]).where(where)).mappings().first()
        if address:
            note_area(stage, service, address)
        connection.execute(delete(STAGE["address"]).where(where))
        places += clear_place(stage, joined["location_id"], address, towns)
    return places


def clear_texts(stage: Stage, table: str, id_: str) -> None:
    """Takes streets and links to maps out of the texts of a row."""
    own = STAGE[table]
    row = stage.connection.execute(select(own).where(own.c.id == id_)).mappings().first()
    if row is None:
        return
    texts = {name: row[name] for name in TEXTS[table]}
    cleared: dict[str, str | None] = {
        name: without_street(text) for name, text in texts.items() if text
    }
    if table == "service" and row["url"] and MAP_LINK.search(row["url"]):
        cleared["url"] = None
    if any(texts.get(name) != text for name, text in cleared.items()):
        stage.connection.execute(update(own).where(own.c.id == id_).values(**cleared))


def without_street(text: str) -> str:
    """A text with a sign in place of streets and links to maps."""
    return STREET.sub(LEFT_OUT, MAP_LINK.sub(LEFT_OUT, text))


def note_area(stage: Stage, service: dict[str, Any], address: Any) -> None:
    """Keeps the town of a hidden address as the area that a service is for."""
    about = {"at_file": service.get("at_file", ""), "at_row": service.get("at_row", 0)}
    named = ", ".join(filter(None, (address["city"], address["state_province"])))
    area = {"id": made_id("area", service["id"]), "service_id": service["id"], "name": named}
    known = select(STAGE["service_area"].c.id).where(
        STAGE["service_area"].c.service_id == service["id"]
    )
    if named and not stage.connection.execute(known).first():
        lay(stage, "service_area", {**area, **about})
    for code, value in (
        ("country", address["country"]),
        ("region", address["state_province"]),
        ("city", address["city"]),
    ):
        if value and value != "-":
            lay(stage, "attribute", {**mark(service["id"], code, value)[1], **about})


def lay(stage: Stage, table: str, row: dict[str, Any]) -> None:
    """Lays a row of ours aside, unless one of its id waits."""
    complete = {column.name: row.get(column.name) for column in STAGE[table].columns}
    stage.add(STAGE[table], [complete], lambda _: None)


def clear_place(stage: Stage, location: str, address: Any, towns: Towns) -> int:
    """Takes the exact place of a location away; that of its town stands for it."""
    own = STAGE["location"]
    row = stage.connection.execute(select(own).where(own.c.id == location)).first()
    if row is None:
        return 0
    town = (
        towns(address["city"], address["state_province"], address["country"]) if address else None
    )
    clear_texts(stage, "location", location)
    values = {
        "location_type": "virtual",
        "transportation": None,
        "url": None,
        "latitude": town.lat if town else None,
        "longitude": town.lon if town else None,
    }
    stage.connection.execute(update(own).where(own.c.id == location).values(**values))
    return 1
