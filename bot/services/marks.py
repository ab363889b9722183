"""What we note about a service beyond HSDS: attributes with words of a vocabulary of our own.

HSDS has room for this: an `attribute` names a `taxonomy_term`, and may carry a value. So nothing
is lost in an export, and other programs can read it or leave it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from uuid import UUID, uuid5

from bot.services.needs import NEEDS, TRAITS

NAMESPACE = UUID("6f1c6b0e-6d0f-5f0c-9f57-3c1c3b6f2a11")
TAXONOMY = "Foothold"
TAXONOMY_ID = str(uuid5(NAMESPACE, "taxonomy"))

NEED, HAS, LACKS = "need", "has", "lacks"
# Marks with a value, and what they are about.
VALUES: Mapping[str, str] = {
    "hours": "When somebody answers, in OpenStreetMap's opening_hours",
    "timezone": "The time zone in which the hours hold (IANA)",
    "country": "The country that it serves (ISO 3166-1 alpha-2)",
    "region": "The region that it serves, as written in the directory",
    "city": "The town that it is in or near",
    "boys_until": "Boys are surely taken up to this age",
    "confidence": "How sure we are of the number that is dialled",
    "checked_by": "Where the number was checked",
    "public_address": "Somebody made sure that the address may be shown",
    "kind": "What sort of line it is, in the words of its source",
    "audience": "Whom it is for, in the words of its source",
}


def made_id(*parts: str) -> str:
    """An id that is always the same for the same parts."""
    return str(uuid5(NAMESPACE, "\x1f".join(parts)))


def codes() -> tuple[str, ...]:
    """All words of the vocabulary."""
    needs = (f"{NEED}:{word}" for word in NEEDS)
    traits = (f"{sort}:{word}" for word in TRAITS for sort in (HAS, LACKS))
    return (*needs, *traits, *VALUES)


TERM_IDS: Mapping[str, str] = {code: made_id("term", code) for code in codes()}
CODES: Mapping[str, str] = {term: code for code, term in TERM_IDS.items()}


def vocabulary() -> list[tuple[str, dict[str, str]]]:
    """The taxonomy and its terms as rows: table and values."""
    about = "What somebody can look for, and what is known of a service"
    rows = [("taxonomy", {"id": TAXONOMY_ID, "name": TAXONOMY, "description": about})]
    for code, term in TERM_IDS.items():
        described = VALUES.get(code, code.replace("_", " ").replace(":", ": "))
        row = {"id": term, "code": code, "name": code, "description": described}
        rows.append(("taxonomy_term", {**row, "taxonomy": TAXONOMY, "taxonomy_id": TAXONOMY_ID}))
    return rows


def mark(service_id: str, code: str, value: str = "") -> tuple[str, dict[str, str]]:
    """An attribute of a service, as a row."""
    row = {
        "id": made_id("mark", service_id, code),
        "link_id": service_id,
        "link_entity": "service",
        "taxonomy_term_id": TERM_IDS[code],
    }
    return "attribute", {**row, "value": value} if value else row


def marks_of(attributes: Iterable[Mapping[str, object]]) -> dict[str, str]:
    """Our marks among attributes, with their values ("" where they have none)."""
    return {
        CODES[str(each["taxonomy_term_id"])]: str(each.get("value") or "")
        for each in attributes
        if each.get("taxonomy_term_id") in CODES
    }


def sorted_marks(marks: Mapping[str, str], sort: str) -> frozenset[str]:
    """The words of one sort: needs, what it has, what it lacks."""
    return frozenset(code.partition(":")[2] for code in marks if code.startswith(f"{sort}:"))
