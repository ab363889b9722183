"""Older and untidy HSDS: names of versions 1.1 and 2.0, and what real files get wrong.

Only what is surely meant is mended; what is not is left for the check to refuse, with its remedy.
Source of the names: the change logs of HSDS 2.0 and 3.0; of the faults: reference services.md §1.6.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from uuid import UUID

from babel import Locale

from bot.services.hours import DAYS, NAMES, clock
from bot.services.hsds.models import MODELS
from bot.services.hsds.shape import LINKS, columns
from bot.services.marks import made_id, mark

Values = dict[str, Any]

PLURALS = {
    "taxonomies": "taxonomy", "services_at_location": "service_at_location",
    "addresses": "address", "accessibilities": "accessibility", "metadatas": "metadata",
    "service_capacities": "service_capacity", "capacities": "service_capacity",
    "physical_address": "address", "physical_addresses": "address",
    "postal_address": "address", "postal_addresses": "address",
    "regular_schedule": "schedule", "regular_schedules": "schedule",
    "holiday_schedule": "holiday", "holiday_schedules": "holiday",
    "service_taxonomy": "attribute", "services_taxonomy": "attribute",
    "service_attribute": "attribute", "service_attributes": "attribute",
    "other_attribute": "attribute", "other_attributes": "attribute",
    "eligibility": "eligibility", "eligibilities": "eligibility",
    "payment_accepted": "payment", "payments_accepted": "payment",
    "accessibility_for_disabilities": "accessibility", "link_taxonomy": "attribute",
    "urls": "url", "organisations": "organization", "organisation": "organization",
    "meta_table_descriptions": "meta_table_description",
}  # fmt: skip
LEFT_OUT = frozenset({"holiday", "payment"})
"""Tables of older versions that have no place in HSDS 3; their rows are counted as left out."""

STATUSES = {
    "": "active", "open": "active", "closed": "defunct", "suspended": "temporarily closed",
    "temporarily_closed": "temporarily closed", "active": "active", "inactive": "inactive",
}  # fmt: skip
# UTF-8 that was once read as the letters of old PCs or of Windows.
GARBLED = {
    "GÇÖ": "’", "GÇÿ": "‘", "GÇ£": "“", "GÇ¥": "”", "GÇô": "–", "GÇö": "—",
    "GÇª": "…", "GÇó": "•", "ΓÇÖ": "’", "ΓÇ£": "“", "ΓÇ¥": "”", "ΓÇô": "–", "ΓÇö": "—",
    "â€™": "’", "â€˜": "‘", "â€œ": "“", "â€\x9d": "”", "â€“": "–", "â€”": "—", "â€¦": "…",
    "Ã¡": "á", "Ã©": "é", "Ã­": "í", "Ã³": "ó", "Ãº": "ú", "Ã±": "ñ", "Ã¼": "ü", "Â ": " ",
}  # fmt: skip
GARBLED_PARTS = re.compile("|".join(map(re.escape, GARBLED)))
EXTENSION = re.compile(
    r"(?P<number>.*\d.*?)[\s,;]*(?:ext?\.?|extension|x|#)\s*(?P<extension>\d+)\s*", re.IGNORECASE
)


@dataclass(frozen=True)
class Row:
    """A row of an HSDS 3.1 table; a `part` is merged into the row that has its id."""

    table: str
    values: Values
    part: bool = False
    written: Mapping[str, str] = field(default_factory=dict)
    """Ids as the file has them, by the ids made of them."""


@cache
def table_of(name: str, fields: tuple[str, ...] = ()) -> str:
    """The table that a file or key is named after; "" when it is none.

    `fields` tells apart what had the same name: `taxonomy` held the terms in version 1.1.
    """
    plain = name.strip().casefold().replace("-", "_").replace(" ", "_")
    found = PLURALS.get(plain) or next(
        (each for each in (plain, plain.removesuffix("s")) if each in MODELS), ""
    )
    if found == "taxonomy" and {"parent_id", "vocabulary"} & set(fields):
        return "taxonomy_term"
    return found


def modern(
    table: str, values: Mapping[str, Any], origin: str, *, file: str, country: str
) -> Iterator[Row]:
    """A row as HSDS 3.1 has it, mended where that is safe; several where one became several.

    `origin` makes ids that are no UUID unique; `country` stands where an address names none.
    """
    tidy = {key.strip(): tidied(value) for key, value in values.items() if key}
    if table == "eligibility":
        said = str(tidy.get("eligibility") or "")
        if tidy.get("service_id") and said:
            values_of_service = {"id": tidy["service_id"], "eligibility_description": said}
            yield Row("service", with_ids("service", values_of_service, origin), part=True)
        return
    renamed = RENAMED[table](tidy, file) if table in RENAMED else tidy
    if table == "address" and not renamed.get("country"):
        renamed["country"] = country
    spoken = renamed.pop("language", None) if table == "phone" else None
    row = with_ids(table, renamed, origin)
    ids = [each.name for each in columns(table) if each.owner or each.is_link]
    other = {row[key]: str(renamed[key]) for key in ids if row.get(key) != renamed.get(key)}
    yield Row(table, row, written=other)
    if table == "service" and country:
        yield Row(*mark(row["id"], "country", country))
    for language in re.split(r"[;,/]", str(spoken or "")):
        if language.strip():
            named = language_row({"name": language.strip(), "phone_id": row["id"]}, "")
            yield Row("language", with_ids("language", named, origin))


def tidied(value: Any) -> Any:
    """A value without blanks around it, and with letters that were garbled once put right."""
    if not isinstance(value, str):
        return value
    text = value.replace("\x00", "").strip()
    return GARBLED_PARTS.sub(lambda match: GARBLED[match[0]], text) or None


def with_ids(table: str, values: Values, origin: str) -> Values:
    """The row with UUIDs for all ids: others are made into one, always the same."""
    row = dict(values)
    for column in columns(table):
        if column.owner and row.get(column.name):
            row[column.name] = uuid_of(row[column.name], origin, column.owner)
    if table in LINKS:
        key, entity = LINKS[table]
        if row.get(key):
            about = table_of(str(row.get(entity) or "service")) or "service"
            row[key], row[entity] = uuid_of(row[key], origin, about), about
    row["id"] = uuid_of(row.get("id") or content_of(row), origin, table)
    return row


def content_of(row: Values) -> str:
    """What stands for the id of a row that has none."""
    return json.dumps(row, sort_keys=True, ensure_ascii=False, default=str)


def uuid_of(value: Any, origin: str, table: str) -> str:
    """An id as UUID."""
    text = str(value)
    return str(UUID(text)) if is_uuid(text) else made_id(origin, table, text)


def organization_row(row: Values, _: str) -> Values:
    """An organization: `url` was its website; its name describes one without a description."""
    row.setdefault("website", row.pop("url", None))
    row["website"] = web(row.get("website"))
    row["description"] = row.get("description") or row.get("name")
    row["year_incorporated"] = whole(row.get("year_incorporated"))
    return row


def service_row(row: Values, _: str) -> Values:
    """A service: without a status it is active; `fees` is described today."""
    status = str(row.get("status") or "").casefold()
    row["status"] = STATUSES.get(status, status)
    row["url"] = web(row.get("url"))
    if row.get("eligibility") and not row.get("eligibility_description"):
        row["eligibility_description"] = row["eligibility"]
    if row.get("fees") and not row.get("fees_description"):
        row["fees_description"] = row["fees"]
    return row


def location_row(row: Values, _: str) -> Values:
    """A location: a place, where nothing else is said; 0, 0 lies in the sea and means nothing."""
    row["location_type"] = row.get("location_type") or "physical"
    if not (number(row.get("latitude")) or number(row.get("longitude"))):
        row["latitude"] = row["longitude"] = None
    return row


def address_row(row: Values, file: str) -> Values:
    """An address: version 1.1 had a table for each type."""
    postal = "postal" in file and "address" in file
    row["address_type"] = row.get("address_type") or ("postal" if postal else "physical")
    row["country"] = str(row.get("country") or "").upper() or None
    return row


def phone_row(row: Values, _: str) -> Values:
    """A phone: an extension stood behind the number."""
    match = EXTENSION.fullmatch(str(row.get("number") or ""))
    if match:
        row["number"], row["extension"] = match["number"].strip(), match["extension"]
    row["extension"] = whole(row.get("extension"))
    return row


def schedule_row(row: Values, _: str) -> Values:
    """A schedule: one row for each weekday, in version 1.1; times as people write them."""
    weekday = str(row.pop("weekday", None) or "").strip()
    if weekday and not row.get("byday"):
        row["byday"] = day_of(weekday)
        row["freq"] = row.get("freq") or "WEEKLY"
    for key in ("opens_at", "closes_at"):
        row[key] = clock(str(row[key])) or row[key] if row.get(key) else None
    return row


def day_of(weekday: str) -> str:
    """MO for Monday, Mon, or 1."""
    plain = weekday.casefold()
    if plain.isdigit() and 1 <= int(plain) <= 7:
        return list(DAYS)[int(plain) - 1]
    named = next(
        (day for name, day in NAMES.items() if len(plain) > 1 and name.startswith(plain)), ""
    )
    return named or weekday.upper()


def attribute_row(row: Values, _: str) -> Values:
    """An attribute: version 1.1 tied terms to services in a table of their own."""
    if row.get("service_id") and not row.get("link_id"):
        row["link_id"], row["link_entity"] = row.pop("service_id"), "service"
    row["taxonomy_term_id"] = row.get("taxonomy_term_id") or row.pop("taxonomy_id", None)
    return row


def term_row(row: Values, _: str) -> Values:
    """A term: what had no description is described by its name; `vocabulary` was its taxonomy."""
    row["description"] = row.get("description") or row.get("name")
    row["taxonomy"] = row.get("taxonomy") or row.pop("vocabulary", None)
    if row.get("id") and not row.get("code") and not is_uuid(str(row["id"])):
        row["code"] = row["id"]
    return row


def accessibility_row(row: Values, _: str) -> Values:
    """Accessibility: `accessibility` was its description."""
    row["description"] = row.get("description") or row.pop("accessibility", None)
    return row


def language_row(row: Values, _: str) -> Values:
    """A language: `language` was its name; its code is known from its name."""
    name = row.get("name") or row.pop("language", None)
    row["name"] = name
    row["code"] = row.get("code") or language_codes().get(str(name or "").casefold())
    return row


def area_row(row: Values, _: str) -> Values:
    """An area: `service_area` was its name."""
    row["name"] = row.get("name") or row.pop("service_area", None)
    return row


def document_row(row: Values, _: str) -> Values:
    """A document: `required_document` was its name."""
    row["document"] = row.get("document") or row.pop("required_document", None)
    return row


RENAMED: Mapping[str, Callable[[Values, str], Values]] = {
    "organization": organization_row,
    "service": service_row,
    "location": location_row,
    "address": address_row,
    "phone": phone_row,
    "schedule": schedule_row,
    "attribute": attribute_row,
    "taxonomy_term": term_row,
    "accessibility": accessibility_row,
    "language": language_row,
    "service_area": area_row,
    "required_document": document_row,
}


@cache
def language_codes() -> dict[str, str]:
    """Codes of languages by their English and Spanish names, and by the codes themselves."""
    codes: dict[str, str] = {}
    for locale in ("en", "es"):
        for code, name in Locale(locale).languages.items():
            codes.setdefault(name.casefold(), code)
    codes |= {code: code for code in list(codes.values())}
    return codes | {"american sign language": "ase", "asl": "ase", "creole": "ht"}


def web(value: Any) -> Any:
    """A web address with its beginning; two in one field are left to the check."""
    text = str(value or "").strip()
    return f"https://{text}" if re.fullmatch(r"[\w-]+(\.[\w-]+)+(/\S*)?", text) else value


def whole(value: Any) -> Any:
    """A whole number without the ".0" that spreadsheets add."""
    text = str(value or "").strip()
    return text.removesuffix(".0") if re.fullmatch(r"\d+\.0", text) else value


def number(value: Any) -> float:
    """A number, or 0 where there is none."""
    try:
        return float(value)
    except (TypeError, ValueError):
        return 0.0


def is_uuid(text: str) -> bool:
    """Whether an id is a UUID already."""
    try:
        UUID(text)
    except ValueError:
        return False
    return True
