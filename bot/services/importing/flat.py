"""Plain spreadsheets: one service a row, for people who don't program.

The columns are those of `sheet.py`; all but `name`, one way to reach it and the country may be
empty. A row whose `id` is in the directory changes what was changed in the row, and nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from sqlalchemy import Connection

from bot.services.directory.whole import Whole, wholes
from bot.services.hours import ALWAYS, parsed
from bot.services.importing.report import Problem, Told
from bot.services.legacy import is_uuid
from bot.services.marks import HAS, LACKS, NEED, made_id, mark
from bot.services.needs import NEEDS, TRAITS
from bot.services.pages import batches
from bot.services.reading import FLAT, Raw
from bot.services.sheet import COLUMNS, own_phone, sheet_row

# Kinds of our own lists of hotlines and shelters, in words of needs and traits.
KINDS: Mapping[str, tuple[str, ...]] = {
    "domestic_violence": ("hotline", "support"), "child": ("hotline", "children"),
    "suicide": ("suicide",), "sexual_assault": ("hotline", "sexual_violence"),
    "men": ("hotline", "support"), "elder_abuse": ("hotline", "support"),
    "victim_support": ("hotline", "support"), "deaf": ("hotline", "support"),
    "lgbtq": ("hotline", "support"), "stalking": ("hotline", "stalking"),
    "emergency_relay": ("hotline", "police"), "immigrant": ("hotline", "immigration"),
    "human_trafficking": ("hotline", "support"), "missing_children": ("hotline", "children"),
    "domestic_violence_shelter": ("shelter", "support"), "legal_information": ("legal",),
    "women_rights": ("legal", "support"), "deaf_domestic_violence_services": ("support",),
    "domestic_violence_support (not a shelter)": ("support",),
    "forced_marriage": ("hotline", "support"),
    "pets_accepted_or_fostered": (), "military": ("hotline", "support"),
    "indigenous": ("hotline", "support"), "general_helpline": ("hotline", "support"),
}  # fmt: skip
TRAITS_OF_KINDS = {
    "pets_accepted_or_fostered": "pets", "men": "men", "elder_abuse": "older_people",
    "deaf": "deaf", "lgbtq": "lgbtq", "deaf_domestic_violence_services": "deaf",
}  # fmt: skip
AUDIENCES = {
    "women": "women", "men": "men", "children": "young_people", "youth": "young_people",
    "elder": "older_people", "lgbtq": "lgbtq", "trans": "trans", "deaf_tty": "deaf",
}  # fmt: skip
SEVERAL = re.compile(r"\s*[;|]\s*")


# Columns whose value is a mark of the same or another name.
MARKS = {
    "country_iso2": "country", "region": "region", "city": "city", "hours": "hours",
    "timezone": "timezone", "boys_until": "boys_until", "confidence": "confidence",
    "source": "checked_by", "audience": "audience", "public_address": "public_address",
}  # fmt: skip
FIELDS = {
    "name": "name", "description": "description", "website": "url", "status": "status",
    "minimum_age": "minimum_age", "maximum_age": "maximum_age", "source_date": "assured_date",
}  # fmt: skip
"""Columns that are fields of the service."""
WORDS = {"needs": NEED, "has": HAS, "lacks": LACKS}
PLACE = frozenset({"city", "address", "postal", "lat", "lon"})
# Where a confidential place is was never kept, so it can't be compared.
NOT_KEPT = frozenset({"address", "postal", "lat", "lon"})

Said = Mapping[str, str]
Rows = Iterator[tuple[str, dict[str, Any]]]


def told_apart(
    raws: Iterable[Raw], directory: Connection, told: Told, leave: Collection[str] = ()
) -> Iterator[Raw]:
    """Rows of HSDS as they are, and those of spreadsheets as the HSDS rows that they mean.

    Services in `leave` are left out.
    """
    for some in batches(raws):
        rows = [(raw, usable(raw, told)) for raw in some]
        ids = [id_of(said) for _, said in rows if said]
        known = {whole.service["id"]: whole for whole in wholes(directory, ids)}
        for raw, said in rows:
            if raw.table != FLAT:
                yield raw
            elif said and id_of(said) not in leave:
                yield from of_row(raw, said, known.get(id_of(said)))


def usable(raw: Raw, told: Told) -> dict[str, str] | None:
    """The fields of a spreadsheet row; None, and a problem told, where it can't be used."""
    if raw.table != FLAT:
        return None
    said = understood(raw.values)
    fault = fault_in(said)
    if fault:
        field, remedy = fault
        told(Problem(raw.file, raw.row, FLAT, field, said.get(field, "")[:80], remedy))
    return None if fault else said


def of_row(raw: Raw, said: Said, known: Whole | None) -> Iterator[Raw]:
    """The HSDS rows of one spreadsheet row."""
    rows = changed_rows(said, known) if known else new_rows(said, id_of(said))
    for table, values in rows:
        gone = values.pop("gone", False)
        yield Raw(table, values, raw.file, raw.row, said["country_iso2"], gone=gone)


def understood(values: Mapping[str, Any]) -> dict[str, str]:
    """The fields of a row in one way of writing; kinds of other lists as needs and traits."""
    said = {str(key).strip().casefold(): written(value) for key, value in values.items()}
    sorts = several(said.get("kind")) + several(said.get("services"))
    if sorts and "needs" not in said:
        needs = {word for sort in sorts for word in KINDS.get(sort, ())}
        has = {TRAITS_OF_KINDS[sort] for sort in sorts if sort in TRAITS_OF_KINDS}
        has |= {AUDIENCES[each] for each in several(said.get("audience")) if each in AUDIENCES}
        said |= {"needs": ";".join(sorted(needs)), "has": ";".join(sorted(has))}
    yes = said.get("public_address", "").casefold() in ("yes", "y", "1", "sí", "si", "true")
    said["public_address"] = "yes" if yes else ""
    said["country_iso2"] = said.get("country_iso2", "").upper()
    for column in ("needs", "has", "lacks", "languages"):
        if column in said:
            said[column] = ";".join(sorted(several(said[column])))
    return said


def written(value: Any) -> str:
    """A field without what spreadsheet programs add: blanks, a quote against formulas, ".0"."""
    text = str(value or "").strip()
    if re.match(r"'[=@]", text):
        text = text[1:]
    return text.removesuffix(".0") if re.fullmatch(r"-?\d+\.0", text) else text


def id_of(said: Said) -> str:
    """The id of the service that a row means."""
    given = said.get("id", "")
    if is_uuid(given):
        return given.lower()
    named = "|".join(said.get(each, "") for each in ("name", "country_iso2", "phone", "sms"))
    return made_id("flat", given or named)


def fault_in(said: Mapping[str, str]) -> tuple[str, str] | None:
    """The field of a row that can't be used, and what to do; None where all can."""
    if not said.get("name"):
        return "name", "give the name people know it by"
    if not any(said.get(each) for each in ("phone", "sms", "chat_url", "website")):
        return "phone", "give a number to call or to text, a chat or a website"
    country = said.get("country_iso2", "")
    if not re.fullmatch(r"[A-Za-z]{2}", country):
        return "country_iso2", "give the country in two letters, such as US"
    hours = said.get("hours", "")
    if hours and hours != ALWAYS and parsed(hours, "") is None:
        return "hours", "write 24/7, or days and times such as Mo-Fr 09:00-17:00"
    for column, vocabulary in (("needs", NEEDS), ("has", TRAITS), ("lacks", TRAITS)):
        wrong = [each for each in several(said.get(column)) if each not in vocabulary]
        if wrong:
            return column, f"{wrong[0]} is none of: {', '.join(vocabulary)}"
    return None


def several(text: str | None) -> list[str]:
    """Words that are separated by semicolons."""
    return [each for each in SEVERAL.split(text or "") if each]


def new_rows(said: Said, service: str) -> Rows:
    """The HSDS rows of a service that the directory does not know yet."""
    owner = said.get("organization") or said["name"]
    organization = made_id("organization", owner, said["country_iso2"])
    website = said.get("website")
    yield (
        "organization",
        {"id": organization, "name": owner, "description": owner, "website": website},
    )
    fields = {field: said.get(column) or None for column, field in FIELDS.items()}
    audience = {"eligibility_description": said.get("audience") or said.get("eligibility")}
    owned = {"id": service, "organization_id": organization}
    yield "service", {**fields, **audience, **owned, "status": said.get("status") or "active"}
    yield from reached(said, service, ("phone", "sms", "chat_url", "languages"), None)
    if said.get("city") or said.get("lat"):
        yield from placed(said, service, None)
    else:
        area = {"id": made_id("area", service), "service_id": service}
        region = said.get("region")
        sort = "region" if region else "country"
        yield "service_area", {**area, "name": region or said["country_iso2"], "extent_type": sort}
    yield from marked(said, service, (*MARKS, *WORDS), {})
    if said.get("kind"):
        yield mark(service, "kind", said["kind"])


def changed_rows(said: Said, whole: Whole) -> Rows:
    """The HSDS rows that a changed row of a known service means, and those that it takes away."""
    before = {column: written(value) for column, value in sheet_row(whole).items()}
    service = whole.service["id"]
    columns = [each for each in COLUMNS if each in said and said[each] != before[each]]
    if "shelter" in several(before["needs"]) and not said.get("public_address"):
        columns = [each for each in columns if each not in NOT_KEPT]
    fields = {FIELDS[each]: said[each] or None for each in columns if each in FIELDS}
    if fields:
        yield "service", {**whole.service, **fields}
    if "organization" in columns and whole.organization and said["organization"]:
        yield "organization", {**whole.organization, "name": said["organization"]}
    yield from reached(said, service, columns, whole)
    if PLACE & set(columns):
        yield from placed(said, service, whole)
    yield from marked(said, service, columns, before)


def reached(said: Said, service: str, columns: Iterable[str], whole: Whole | None) -> Rows:
    """Numbers, chat and languages, as far as these columns say something new."""
    for column, sort in (("phone", "voice"), ("sms", "sms")):
        there = own_phone(whole, sort) if whole else None
        if column in columns and said.get(column):
            row: dict[str, Any] = {"id": made_id(sort, service), "service_id": service}
            row |= there or {}
            yield "phone", {**row, "number": said[column], "extension": None, "type": sort}
        elif column in columns and there:
            yield "phone", {"id": there["id"], "gone": True}
    if "chat_url" in columns:
        chat = {"id": made_id("chat", service), "service_id": service, "label": "chat"}
        address = said.get("chat_url")
        yield "url", {**chat, "url": address} if address else {**chat, "gone": True}
    if "languages" in columns:
        yield from spoken(said, service, whole)


def spoken(said: Said, service: str, whole: Whole | None) -> Rows:
    """The languages that the row names, and those of the service that it names no more."""
    wanted = several(said.get("languages"))
    there = [row for row in whole.languages if row["service_id"]] if whole else []
    for row in there:
        if row["code"] not in wanted:
            yield "language", {"id": row["id"], "gone": True}
    for code in sorted(set(wanted) - {row["code"] for row in there}):
        identity = made_id("language", service, code)
        yield "language", {"id": identity, "service_id": service, "code": code, "name": code}


def placed(said: Said, service: str, whole: Whole | None) -> Rows:
    """Where it is: its first place, with an address only if the row gives one."""
    city, address = said.get("city", ""), said.get("address", "")
    _, location, _ = whole.places[0] if whole and whole.places else (None, None, None)
    identity = location["id"] if location else made_id("location", service)
    values = {"latitude": said.get("lat") or None, "longitude": said.get("lon") or None}
    sort = "physical" if address else "virtual"
    row = {**(location or {"name": city or said["name"]}), **values, "location_type": sort}
    yield "location", {**row, "id": identity}
    if not location:
        joining = {"id": made_id("joined", service), "service_id": service}
        yield "service_at_location", {**joining, "location_id": identity}
    if address:
        yield "address", {
            "id": made_id("address", service), "location_id": identity, "address_1": address,
            "city": city, "state_province": said.get("region") or "-",
            "postal_code": said.get("postal") or "-", "country": said["country_iso2"],
            "address_type": "physical",
        }  # fmt: skip


def marked(said: Said, service: str, columns: Iterable[str], before: Said) -> Rows:
    """Our own words for a service, as far as these columns say something new."""
    for column, code in MARKS.items():
        if column in columns:
            value = said.get(column, "")
            if value:
                yield mark(service, code, value)
            elif before.get(column):
                yield taken_off(service, code)
    for column, sort in WORDS.items():
        if column in columns:
            wanted, there = set(several(said.get(column))), set(several(before.get(column)))
            yield from (mark(service, f"{sort}:{word}") for word in sorted(wanted - there))
            yield from (taken_off(service, f"{sort}:{word}") for word in sorted(there - wanted))


def taken_off(service: str, code: str) -> tuple[str, dict[str, Any]]:
    """That a mark is no more."""
    table, row = mark(service, code)
    return table, {"id": row["id"], "gone": True}
