"""What in the directory should be looked after: old, double, unreachable, contradictory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import chain, groupby

from sqlalchemy import Connection, distinct, func, select, true

from bot.services.directory.tables import HSDS, listing
from bot.services.directory.whole import Row
from bot.services.hours import ALWAYS, parsed
from bot.services.needs import NEEDS, TRAITS, bits, words
from bot.services.numbers import can_be_right, digits_of, is_short_code
from bot.services.pages import pages
from bot.services.searching import STALE_AFTER, is_stale

SORTS = ("stale", "double", "unreachable", "contradictory")


@dataclass(frozen=True)
class Finding:
    """Something to look after: the sort, the service, and what to do in a sentence."""

    sort: str
    service_id: str
    name: str
    sentence: str


@dataclass(frozen=True)
class State:
    """How many services there are, how many nobody checked for long, and how many are unsure."""

    services: int
    stale: int
    unconfirmed: int


def state_of(directory: Connection, today: date) -> State:
    """The state of a directory, in numbers."""
    many = func.count(distinct(listing.c.service_id))
    # Days are written as 2026-11-24, so that earlier ones are smaller texts; "" is never checked.
    stale = listing.c.assured < (today - STALE_AFTER).isoformat()
    return State(
        *(
            directory.scalar(select(many).where(where)) or 0
            for where in (true(), stale, listing.c.confirmed == 0)
        )
    )


def check(directory: Connection, today: date) -> Iterator[Finding]:
    """All that should be looked after, service by service, then what is there twice."""
    for row in chain.from_iterable(pages(directory, listing.c.id)):
        for sort, sentence in faults(row, today):
            yield Finding(sort, row["service_id"], row["name"], sentence)
    yield from doubles(directory)
    yield from open_addresses(directory)


def faults(row: Row, today: date) -> Iterator[tuple[str, str]]:
    """What is wrong with one listing."""
    if is_stale(row["assured"], today):
        when = f"last checked {row['assured']}" if row["assured"] else "never checked"
        yield "stale", f"{when}: call, then write today's date into source_date"
    if not (row["phone"] or row["sms"] or row["chat"]):
        yield "unreachable", "no number to call or text, and no chat: add one"
    for number in filter(None, (row["phone"], row["sms"])):
        if not can_be_right(number, row["country"]):
            yield "unreachable", f"{number} can be no number of {row['country'] or 'any country'}"
    if row["hours"] and row["hours"] != ALWAYS and parsed(row["hours"], "") is None:
        yield "unreachable", f"the hours {row['hours']!r} can't be read: write Mo-Fr 09:00-17:00"
    yield from contradictions(row)


def contradictions(row: Row) -> Iterator[tuple[str, str]]:
    """Where one thing that is said speaks against another."""
    for trait in sorted(words(row["has"] & row["lacks"], TRAITS)):
        yield "contradictory", f"is said to have and to lack {trait}"
    youngest, oldest = row["youngest"], row["oldest"]
    if youngest is not None and oldest is not None and youngest > oldest:
        yield "contradictory", f"takes people from {youngest:g} to {oldest:g}: one age is wrong"
    if row["has"] & bits(["always_open"], TRAITS) and row["hours"] not in ("", ALWAYS):
        yield "contradictory", f"is said to be always open, and open {row['hours']}"
    if not row["country"]:
        yield "contradictory", "no country: its number can't be dialled for certain"


def doubles(directory: Connection) -> Iterator[Finding]:
    """Services that share a number; a line and its short code in two countries is a mistake."""
    found = sorted(
        (digits_of(row.phone), row.country, row.name, row.service_id)
        for row in directory.execute(
            select(listing.c.phone, listing.c.country, listing.c.name, listing.c.service_id)
            .where(listing.c.phone != "")
            .distinct()
        )
    )
    for digits, group in groupby(found, key=lambda each: each[0]):
        yield from shared(digits, list(group))


def shared(digits: str, group: list[tuple[str, str, str, str]]) -> Iterator[Finding]:
    """What is double among the services of one number."""
    first_of: dict[tuple[str, str], str] = {}
    for _, country, name, service in group:
        first = first_of.setdefault((country, name.casefold()), service)
        if first != service:
            yield Finding("double", service, name, f"the same name and number as {first}: keep one")
    countries = {country for _, country, _, _ in group}
    if len(countries) > 1 and not is_short_code(digits):
        told = ", ".join(sorted(countries))
        _, _, name, service = group[0]
        yield Finding("contradictory", service, name, f"{digits} stands for {told}: one is wrong")


def open_addresses(directory: Connection) -> Iterator[Finding]:
    """Shelters that have a street in the directory without a person's word for it."""
    address, joined = HSDS["address"], HSDS["service_at_location"]
    shelter = listing.c.needs.op("&")(bits(["shelter"], NEEDS)) != 0
    rows = directory.execute(
        select(listing.c.service_id, listing.c.name)
        .join(joined, joined.c.service_id == listing.c.service_id)
        .join(address, address.c.location_id == joined.c.location_id)
        .where(shelter, listing.c.confidential == 1)
        .distinct()
    )
    for row in rows:
        sentence = "a shelter with a street: take it out, or write yes into public_address"
        yield Finding("contradictory", row.service_id, row.name, sentence)


def counted(found: Iterable[Finding]) -> dict[str, int]:
    """How many of each sort."""
    counts = dict.fromkeys(SORTS, 0)
    for each in found:
        counts[each.sort] += 1
    return counts
