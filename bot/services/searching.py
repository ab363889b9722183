"""Which services fit best, and why: a fixed order that is told in one line per result.

Source of the weights: reference services.md §6; they are our own design, not validated.
What is not known of a service never rules it out: it is kept, and said to be asked.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Any

from sqlalchemy import Connection, Engine, Row, bindparam, select

from bot.services.directory.near import FOR_SURVIVORS, REFUGE, Filter, nearest
from bot.services.directory.tables import cover, listing
from bot.services.earth import Point, km_between
from bot.services.hours import ALWAYS, is_open
from bot.services.needs import AWAY, LINES, NEEDS, TRAITS, bits, words

SHOWN = 3
NEAR = 40
COVERING = 30
STALE_AFTER = timedelta(days=365)
NEAR_FADES_KM = 25.0
AWAY_FROM_KM, AWAY_UNTIL_KM = 30.0, 250.0
HIDDEN_FROM_KM = 25.0
"""How far away somebody goes who must not be found nearby, unless they say otherwise."""

CHANNELS = ("phone", "text", "chat")
# Wishes that are given up, in this order, when nothing fits them all.
GIVEN_UP = ("open_now", "channel", "languages", "traits", "age", "need")

COVERING_AREA = (
    select(cover.c.listing_id)
    .where(
        cover.c.country == bindparam("country"),
        cover.c.region == bindparam("region"),
        cover.c.needs.op("&")(bindparam("needs")) != 0,
        cover.c.lacks.op("&")(bindparam("wanted")) == 0,
    )
    .order_by(cover.c.standing, cover.c.listing_id)
    .limit(COVERING)
)


@dataclass(frozen=True)
class Wish:
    """What somebody looks for.

    `country` is ISO2, `region` as in the directory; `at` is where they are, or None where they
    would rather not say. `traits` are words of TRAITS that it must not surely lack; `age` is the
    person's own, `boys` are those of the boys who come along. `beyond_km` is set for people who
    must not be found nearby. `now` is when they ask.
    """

    now: datetime
    need: str = ""
    country: str = ""
    region: str = ""
    at: Point | None = None
    languages: tuple[str, ...] = ()
    traits: frozenset[str] = frozenset()
    age: float | None = None
    boys: tuple[float, ...] = ()
    channel: str = ""
    open_now: bool = False
    high_danger: bool = False
    beyond_km: float = 0.0
    besides_lines: bool = False
    """Whether hotlines are left out, since the person has their numbers before them."""


@dataclass(frozen=True)
class Service:
    """A service as it is shown: never where a confidential one is.

    `km` is to its town when it is confidential; None where it serves an area. `reasons` say why
    it stands here, as words of our own with a value: ("km", "12"), ("open_now", "").
    """

    service_id: str
    name: str
    organization: str
    needs: frozenset[str]
    country: str
    region: str
    city: str
    confidential: bool
    phone: str
    sms: str
    chat: str
    website: str
    hours: str
    hours_text: str
    languages: tuple[str, ...]
    has: frozenset[str]
    lacks: frozenset[str]
    serves: str
    assured: date | None
    confirmed: bool
    km: float | None
    open: bool | None
    reasons: tuple[tuple[str, str], ...]
    ask: tuple[str, ...]
    """What nobody knows of it and should be asked."""


@dataclass(frozen=True)
class Results:
    """What was found; `given_up` are the wishes that nothing fitted, `need` first if it was."""

    services: tuple[Service, ...]
    given_up: tuple[str, ...] = ()


@dataclass(frozen=True)
class Candidate:
    """A row of the directory, as far as its fitness depends on who asks."""

    row: Row[Any]
    km: float | None
    open: bool | None
    unfit: frozenset[str]
    """"age" or "boys" where their ages are surely outside what is taken."""


def search(engine: Engine, wish: Wish, limit: int = SHOWN) -> Results:
    """The services that fit best; with fewer wishes where nothing fits them all."""
    given_up: list[str] = []
    with engine.connect() as connection:
        found = candidates(connection, wish)
        for wanted in ("", *GIVEN_UP):
            if wanted and not is_wished(wish, wanted):
                continue
            if wanted:
                wish = without(wish, wanted)
                given_up.append(wanted)
            if wanted in ("need", "traits"):
                found = candidates(connection, wish)
            fitting = [each for each in found if fits(each, wish)]
            if fitting:
                chosen = ranked(fitting, wish, limit)
                few = limit - len(chosen)
                return Results(chosen + lines_beside(connection, wish, few), tuple(given_up))
    return Results((), tuple(given_up))


def lines_beside(connection: Connection, wish: Wish, many: int) -> tuple[Service, ...]:
    """Hotlines for whoever looks for something that there is little of: they may know more."""
    if not many or wish.besides_lines or wish.need in ("", *LINES):
        return ()
    asking = Wish(
        now=wish.now, need="hotline", country=wish.country, region=wish.region,
        channel=wish.channel, high_danger=wish.high_danger,
    )  # fmt: skip
    found = [each for each in candidates(connection, asking) if fits(each, asking)]
    of_this = replace(asking, languages=wish.languages)
    own = [each for each in found if not each.row.needs & bits([wish.need], NEEDS)]
    return ranked(own, of_this, min(many, 1))


def candidates(connection: Connection, wish: Wish) -> list[Candidate]:
    """Listings worth looking at: the nearest ones, and those that serve the whole area."""
    wanted = bits(wish.traits, TRAITS)
    ids = covering(connection, wish, wanted)
    if wish.at and wish.country and wish.need not in LINES:
        for needs in looked_for(wish.need):
            fitting = Filter(wish.country, needs, wanted)
            near = nearest(connection, wish.at, fitting, NEAR, wish.beyond_km)
            ids += [found for found, _ in near]
    if not ids:
        return []
    rows = connection.execute(select(listing).where(listing.c.id.in_(ids)))
    return [candidate(row, wish) for row in rows]


def looked_for(need: str) -> list[tuple[int, ...]]:
    """The places of needs to look for in the tree, one look after another."""
    if need == "shelter":
        # In a city, refuges would be lost among the many places for anybody without a home.
        return [(REFUGE,), (NEEDS.index(need),)]
    return [(NEEDS.index(need),) if need else ()]


def covering(connection: Connection, wish: Wish, wanted: int) -> list[int]:
    """Listings for everybody in the region, the country or the world, the best first."""
    needs = bits([wish.need], NEEDS) if wish.need else (1 << len(NEEDS)) - 1
    areas = [(wish.country, wish.region), (wish.country, ""), ("", "")]
    found: list[int] = []
    for country, region in dict.fromkeys(areas):
        values = {"country": country, "region": region, "needs": needs, "wanted": wanted}
        found += connection.scalars(COVERING_AREA, values)
    return found


def candidate(row: Row[Any], wish: Wish) -> Candidate:
    """A row with what depends on who asks, and when."""
    at = Point(row.lat, row.lon) if row.lat is not None else None
    unfit = set()
    youngest, oldest = row.youngest or 0, row.oldest if row.oldest is not None else math.inf
    if wish.age is not None and not youngest <= wish.age <= oldest:
        unfit.add("age")
    if row.boys_until is not None and any(age > row.boys_until for age in wish.boys):
        unfit.add("boys")
    return Candidate(
        row,
        km_between(wish.at, at) if at and wish.at else None,
        is_open(row.hours, row.timezone, row.country, wish.now),
        frozenset(unfit),
    )


def fits(found: Candidate, wish: Wish) -> bool:
    """Whether nothing that is known speaks against it."""
    row = found.row
    if row.lacks & bits(wish.traits, TRAITS) or (
        found.unfit and (wish.age is not None or wish.boys)
    ):
        return False
    if wish.besides_lines and row.needs & bits(LINES, NEEDS):
        return False
    if wish.beyond_km and found.km is not None and found.km < wish.beyond_km:
        return False
    if wish.channel and not reachable(row, wish.channel):
        return False
    if wish.languages and row.languages and not speaks(row, wish.languages):
        return False
    return not (wish.open_now and found.open is False)


def reachable(row: Row[Any], channel: str) -> bool:
    """Whether there is a number to call, a number to text, or a chat."""
    return bool({"phone": row.phone, "text": row.sms, "chat": row.chat}[channel])


def speaks(row: Row[Any], languages: Iterable[str]) -> bool:
    """Whether one of the languages is spoken; a region of a language counts as the language."""
    spoken = {each.partition("-")[0] for each in row.languages.split(";")}
    return any(each.partition("-")[0] in spoken for each in languages)


def is_wished(wish: Wish, wanted: str) -> bool:
    """Whether this was asked for at all."""
    if wanted == "age":
        return wish.age is not None or bool(wish.boys)
    return bool(getattr(wish, wanted))


def without(wish: Wish, wanted: str) -> Wish:
    """The wish with one thing less."""
    match wanted:
        case "age":
            return replace(wish, age=None, boys=())
        case "open_now":
            return replace(wish, open_now=False)
        case "traits":
            return replace(wish, traits=frozenset())
        case "languages":
            return replace(wish, languages=())
        case "need":
            return replace(wish, need="hotline")
        case _:
            return replace(wish, channel="")


def ranked(found: Iterable[Candidate], wish: Wish, limit: int) -> tuple[Service, ...]:
    """The best, at most one entry a service, and different kinds where no kind was asked for."""
    scored = sorted(
        (
            (-score(each, wish), each.row.name, each.row.service_id, each.row.id, each)
            for each in found
        ),
        key=lambda each: each[:4],
    )
    once = list({each.row.service_id: each for *_, each in reversed(scored)}.values())[::-1]
    chosen = once[:limit] if wish.need else varied(once, limit)
    return tuple(service_of(each, wish) for each in chosen)


def service_of(found: Candidate, wish: Wish) -> Service:
    """A listing as somebody with this wish sees it."""
    row = found.row
    return Service(
        service_id=row.service_id,
        name=row.name,
        organization=row.organization,
        needs=words(row.needs, NEEDS),
        country=row.country,
        region=row.region,
        city=row.city,
        confidential=bool(row.confidential),
        phone=row.phone,
        sms=row.sms,
        chat=row.chat,
        website=row.website,
        hours=row.hours,
        hours_text=row.hours_text,
        languages=tuple(filter(None, row.languages.split(";"))),
        has=words(row.has, TRAITS),
        lacks=words(row.lacks, TRAITS),
        serves=row.serves,
        assured=date.fromisoformat(row.assured) if row.assured else None,
        confirmed=bool(row.confirmed),
        km=found.km,
        open=found.open,
        reasons=reasons(found, wish),
        ask=to_ask(row, wish),
    )


def varied(ordered: Sequence[Candidate], limit: int) -> list[Candidate]:
    """A line to call now, a place to stay and one service nearby; then the rest in order."""
    kinds = [bits(kind, NEEDS) for kind in (LINES, AWAY, frozenset(NEEDS) - LINES - AWAY)]
    chosen: list[Candidate] = []
    for kind in kinds:
        fresh = (each for each in ordered if each.row.needs & kind and each not in chosen)
        chosen += islice(fresh, 1)
    rest = [each for each in ordered if each not in chosen]
    return [*chosen, *rest][:limit]


def score(found: Candidate, wish: Wish) -> float:
    """How well a listing fits, more is better: reference services.md §6."""
    row, staffed = found.row, 30.0 if wish.high_danger else 15.0
    points = 25.0 if wish.need and row.needs & bits([wish.need], NEEDS) else 0.0
    points += distance_points(found, wish)
    points += staffed if found.open else 0.0
    points += staffed / 3 if row.hours == ALWAYS else 0.0
    if wish.languages and speaks(row, wish.languages):
        points += 10.0
    if wish.traits:
        points += 10.0 * (row.has & bits(wish.traits, TRAITS)).bit_count() / len(wish.traits)
    if wish.need in AWAY and row.needs & FOR_SURVIVORS:
        points += 15.0
    if not (row.phone or row.sms or row.chat):
        points -= 20.0
    points += 5.0 * bool(row.confirmed)
    return points + 5.0 * (not is_stale(row.assured, wish.now.date()))


def distance_points(found: Candidate, wish: Wish) -> float:
    """Points for being near, or for being far enough for a place to stay."""
    km = found.km
    if km is None:
        return coverage_points(found.row, wish)
    if found.row.needs & bits(AWAY, NEEDS) and (not wish.need or wish.need in AWAY):
        beyond = max(0.0, km - AWAY_UNTIL_KM)
        near = 10.0 if wish.beyond_km and km < AWAY_FROM_KM else 0.0
        return 30.0 * math.exp(-beyond / AWAY_UNTIL_KM) - near
    return 10.0 + 20.0 * math.exp(-km / NEAR_FADES_KM)


def coverage_points(row: Row[Any], wish: Wish) -> float:
    """Points for serving where the person is: their region rather than the whole country."""
    if not row.country:
        return 5.0
    return 25.0 if row.region and row.region == wish.region else 20.0


def is_stale(assured: str, today: date) -> bool:
    """Whether nobody has looked after this entry for too long, or ever."""
    return not assured or today - date.fromisoformat(assured) > STALE_AFTER


def reasons(found: Candidate, wish: Wish) -> tuple[tuple[str, str], ...]:
    """Why it stands here, in the order in which it is told."""
    row = found.row
    told: list[tuple[str, str]] = []
    if row.hours == ALWAYS:
        told.append(("always", ""))
    elif found.open is not None:
        told.append(("open_now" if found.open else "closed_now", ""))
    has = words(row.has, TRAITS)
    told += [(trait, "") for trait in TRAITS if trait in has & wish.traits]
    told += [("speaks", each) for each in wish.languages if speaks(row, [each])]
    if found.km is not None:
        told.append(("km_town" if row.confidential else "km", str(max(1, round(found.km)))))
    elif row.serves:
        told.append(("serves", row.serves))
    if not row.confirmed or is_stale(row.assured, wish.now.date()):
        told.append(("check_first", ""))
    return tuple(told)


def to_ask(row: Row[Any], wish: Wish) -> tuple[str, ...]:
    """What was wished for and nobody knows of this service."""
    unknown = wish.traits - words(row.has, TRAITS) - words(row.lacks, TRAITS)
    asked = [trait for trait in TRAITS if trait in unknown]
    return (*asked, "boys") if wish.boys else tuple(asked)
