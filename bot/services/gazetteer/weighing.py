"""Which of the places that bear a name is meant, or whether to ask."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from bot.services.earth import Point, km_between
from bot.services.gazetteer.place import CITY, COUNTRY, REGION, Candidate, Place
from bot.services.gazetteer.store import Known

CHOICES = 4
CLEAR = 0.95
"""By so much one place must be likelier than the next, else it is asked: some nine times."""
RIVAL_SHARE, RIVAL_PEOPLE = 1 / 3, 150_000
"""A town that is asked about has a third of the likeliest's people, or so many."""
FAIR_SHARE, FAIR_PEOPLE = 1 / 10, 50_000
"""A town of the visitor's own country is meant if it has a tenth of the people, or so many."""
OF_RANK = (-1.5, 0.3, 0.5, -1.0)
"""By rank: one of many names, a short form, its own, the letters of a state."""
OF_KIND = {COUNTRY: 1.5, REGION: 0.5}
HERE, EDIT, FAME, REGIONAL = 1.6, 0.7, 0.5, 3.0
SAME_PLACE_KM = 40.0
NEAR_ONE = 5_000
"""A town near a larger one that is named too is meant, if so many people live there."""
TOWN_OF_A_REGION, WELL_KNOWN = 100_000, 1_500_000


@dataclass(frozen=True)
class Heard:
    """A name in a text, its words from first to last, and the places that bear it."""

    first: int
    last: int
    places: tuple[Known, ...]
    regional: bool = False
    """Whether the words before it speak of a region: "upstate New York"."""


@dataclass(frozen=True)
class Weighed:
    """A place that may be meant: how likely, and in how many of the other names it lies."""

    candidate: Candidate
    score: float
    inside: int
    name: Heard
    is_well_named: bool

    @property
    def place(self) -> Place:
        """The place itself."""
        return self.candidate.place


def chosen(heard: Sequence[Heard], country: str) -> list[Candidate]:
    """The place that is meant, or the two to four to ask about, the likeliest first."""
    pool = weighed(heard, country)
    if not pool:
        return []
    # "Guadalajara, Mexico" is in Mexico wherever the visitor is known to be.
    deepest = max(each.inside for each in pool)
    pool = at_home([each for each in pool if each.inside == deepest], country)
    pool = without_regions_of_towns(pool)
    best = pool[0]
    rivals = [best]
    for each in pool[1:]:
        near = best.score - each.score < CLEAR and is_rival(each.place, best.place)
        if near and not any(is_same(each.place, other.place) for other in rivals):
            rivals.append(each)
    return [each.candidate for each in rivals[:CHOICES]]


def weighed(heard: Sequence[Heard], country: str) -> list[Weighed]:
    """All places of all names, the likeliest first, each once."""
    found: dict[str, Weighed] = {}
    for name in heard:
        others = [each for each in heard if each is not name]
        for known in name.places:
            inside = sum(is_inside(known, other) for other in others)
            score = weight(known, country) + regional(known.place, name)
            each = Weighed(known.candidate, score, inside, name, is_well_named(known))
            before = found.get(known.place.id)
            if before is None or (each.inside, each.score) > (before.inside, before.score):
                found[known.place.id] = each
    return sorted(found.values(), key=lambda each: (-each.score, each.place.id))


def is_inside(known: Known, other: Heard) -> bool:
    """Whether a place lies in one that another name means, or beside it."""
    return any(
        lies_in(known.place, around.place) or is_near(known.place, around.place)
        for around in other.places
        if around.rank
    )


def is_well_named(known: Known) -> bool:
    """Whether a place is called so by many: Havana is La Habana to who lives there."""
    return known.rank > 0 or known.place.population >= WELL_KNOWN


def weight(known: Known, country: str) -> float:
    """How likely a place is meant by a name alone."""
    place = known.place
    points = math.log10(place.population + 10) + OF_KIND.get(place.kind, 0.0)
    points += FAME * math.log10(1 + known.candidate.fame) + OF_RANK[known.rank]
    return points + (HERE if country == place.country else 0.0) - EDIT * known.edits


def regional(place: Place, name: Heard) -> float:
    """What the words before a name add to a region."""
    return REGIONAL if name.regional and place.kind == REGION else 0.0


def at_home(pool: list[Weighed], country: str) -> list[Weighed]:
    """The places in the visitor's own country, if the likeliest of them is of fair size."""
    here = [each for each in pool if each.place.country == country]
    if not here:
        return pool
    people, most = here[0].place.population, pool[0].place.population
    fair = here[0].place.kind != CITY or people >= min(FAIR_PEOPLE, FAIR_SHARE * most)
    return here if fair or here[0] is pool[0] else pool


def without_regions_of_towns(pool: list[Weighed]) -> list[Weighed]:
    """The places without the regions that have a large town of the same name: that is nearer."""
    towns = [
        each
        for each in pool
        if each.place.kind == CITY
        and each.place.population >= TOWN_OF_A_REGION
        and each.is_well_named
        and not each.name.regional
    ]
    return [
        each
        for each in pool
        if each.place.kind != REGION
        or not any(town.name is each.name and lies_in(town.place, each.place) for town in towns)
    ]


def is_rival(place: Place, best: Place) -> bool:
    """Whether a place is large enough to ask about it beside the likeliest."""
    if place.kind != CITY or best.kind != CITY:
        return True
    return place.population >= min(RIVAL_PEOPLE, RIVAL_SHARE * best.population)


def lies_in(place: Place, around: Place) -> bool:
    """Whether a place lies in a country, or a town in a region or county."""
    if place.id == around.id or place.country != around.country or place.kind == COUNTRY:
        return False
    if around.kind == COUNTRY:
        return True
    if around.kind != REGION or place.kind == REGION or place.region != around.region:
        return False
    # A county is a region that lies somewhere; what is far from there lies in another one.
    return around.lat is None or km_apart(place, around) < 2 * SAME_PLACE_KM


def is_near(place: Place, around: Place) -> bool:
    """Whether a place is a smaller town beside a larger one: "Stockport near Manchester"."""
    smaller = around.kind == CITY and NEAR_ONE <= place.population < around.population / 2
    return smaller and place.kind != REGION and km_apart(place, around) < SAME_PLACE_KM


def is_same(one: Place, other: Place) -> bool:
    """Whether two are one for whoever looks for help there: a region and the town of its name."""
    if lies_in(one, other) or lies_in(other, one):
        return True
    if one.country != other.country or one.region != other.region:
        return False
    return km_apart(one, other) < SAME_PLACE_KM


def km_apart(one: Place, other: Place) -> float:
    """How far two places are from each other; far, where it is not known."""
    if one.lat is None or one.lon is None or other.lat is None or other.lon is None:
        return math.inf
    return km_between(Point(one.lat, one.lon), Point(other.lat, other.lon))
