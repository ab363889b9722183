"""A service as a row of a plain spreadsheet, for people who don't program."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.services.directory.whole import Row, Whole
from bot.services.marks import HAS, LACKS, NEED, marks_of, sorted_marks
from bot.services.needs import NEEDS, TRAITS

COLUMNS: Mapping[str, str] = {
    "id": "leave empty for a new service; keep it to change one",
    "name": "the name people know it by",
    "organization": "who gives it; the name again if empty",
    "needs": "what it is for, separated by semicolons: " + ", ".join(NEEDS),
    "description": "a sentence or two",
    "phone": "the number to call, as it is dialled in the country",
    "sms": "the number to text",
    "chat_url": "the address of its chat",
    "website": "its page",
    "country_iso2": "the country, in two letters: US, MX",
    "region": "state or province that it serves; empty if the whole country",
    "city": "the town that it is in or near",
    "address": "street and number, only if anybody may know it; never of a shelter",
    "postal": "postcode of the address",
    "lat": "latitude, if you know it",
    "lon": "longitude, if you know it",
    "hours": "24/7, or days and times such as Mo-Fr 09:00-17:00",
    "timezone": "such as America/Chicago, if the hours are of another zone than its place",
    "languages": "codes separated by semicolons: en;es",
    "audience": "whom it is for, in words",
    "has": "what it surely has: " + ", ".join(TRAITS),
    "lacks": "what it surely has not, in the same words",
    "minimum_age": "youngest age that is taken",
    "maximum_age": "oldest age that is taken",
    "boys_until": "age up to which boys are surely taken along",
    "public_address": "yes, if anybody may know the address of this shelter",
    "status": "active, inactive, defunct or temporarily closed",
    "source": "where you know it from",
    "source_date": "the day it was checked: 2026-11-24",
    "confidence": "checked_2026, official_page_read, multi_source, single_source or knowledge",
}
"""The columns and what stands in them; a test holds docs/services.md to this."""


def guarded(value: str) -> str:
    """A field that no spreadsheet program takes for a formula."""
    return f"'{value}" if value[:1] in ("=", "@", "\t", "\r") else value


def sheet_row(whole: Whole) -> dict[str, str]:
    """A service as a row of the spreadsheet."""
    service, marks = whole.service, marks_of(whole.attributes)
    _, location, address = whole.places[0] if whole.places else (None, None, None)
    chat = next((row["url"] for row in whole.urls if row["label"] == "chat"), "")
    languages = [row["code"] for row in whole.languages if row["service_id"] == service["id"]]
    said: dict[str, Any] = {
        "id": service["id"], "name": service["name"],
        "organization": whole.organization["name"] if whole.organization else "",
        "needs": ";".join(sorted(sorted_marks(marks, NEED))),
        "description": service["description"], "phone": dialled(whole, "voice"),
        "sms": dialled(whole, "sms"),
        "chat_url": chat, "website": service["url"],
        "country_iso2": marks.get("country") or (address["country"] if address else ""),
        "region": marks.get("region") or (address["state_province"] if address else ""),
        "city": marks.get("city") or (address["city"] if address else ""),
        "address": address["address_1"] if address else "",
        "postal": address["postal_code"] if address else "",
        "lat": location["latitude"] if location else "",
        "lon": location["longitude"] if location else "",
        "hours": marks.get("hours"), "timezone": marks.get("timezone"),
        "languages": ";".join(filter(None, languages)), "audience": marks.get("audience"),
        "has": ";".join(sorted(sorted_marks(marks, HAS))),
        "lacks": ";".join(sorted(sorted_marks(marks, LACKS))),
        "minimum_age": service["minimum_age"], "maximum_age": service["maximum_age"],
        "boys_until": marks.get("boys_until"), "public_address": marks.get("public_address"),
        "status": service["status"], "source": marks.get("checked_by"),
        "source_date": service["assured_date"], "confidence": marks.get("confidence"),
    }  # fmt: skip
    return {key: "" if value is None else str(value) for key, value in said.items()}


def own_phone(whole: Whole, sort: str) -> Row | None:
    """The first number of a sort that is the service's own."""
    own = (row for row in whole.phones if row["service_id"] == whole.service["id"])
    fitting = [row for row in own if (row["type"] or "voice") == sort]
    return min(fitting, key=lambda row: str(row["id"]), default=None)


def dialled(whole: Whole, sort: str) -> str:
    """That number as it is written, with its extension."""
    row = own_phone(whole, sort)
    if row is None:
        return ""
    return f"{row['number']} x{row['extension']}" if row["extension"] else str(row["number"])
