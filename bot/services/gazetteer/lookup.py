"""From what somebody wrote to where that is: offline, coarse, and asked back where it is not clear.

Nothing of the text is kept, logged or told to anybody.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from bot.services.earth import Point, boxes_around, km_between
from bot.services.gazetteer.hearing import heard_in
from bot.services.gazetteer.misspelt import nearly
from bot.services.gazetteer.place import COUNTRY, NOTHING, REGION, Candidate, Found, Place
from bot.services.gazetteer.postcodes import codes
from bot.services.gazetteer.spelling import plain
from bot.services.gazetteer.store import Store
from bot.services.gazetteer.weighing import Heard, chosen, lies_in, weight
from bot.services.gazetteer.words import (
    EVERYDAY,
    FILLERS,
    ORDINARY,
    Before,
    before,
    is_kept,
)

MOST_LETTERS, MOST_WORDS = 400, 60
"""What is looked at; who writes more is not answering where they are."""
LONGEST_MISSPELT = 3
"""Words."""


FAR_KM = 50.0
"""Who shares a place further than this from any town is not taken to be anywhere."""

MUCH = 2
"""A name that is known elsewhere is not one that differs so much."""


class Gazetteer:
    """Knows where places are, by what people call them."""

    def __init__(self, file: Path) -> None:
        self._store = Store(file)

    def close(self) -> None:
        """Closes the file."""
        self._store.close()

    def named(self, identity: str, language: str = "") -> Place | None:
        """The place of a choice that was pressed."""
        found = self._store.place(identity)
        return found.labelled(language, self._store.countries) if found else None

    def near(self, lat: float, lon: float, language: str = "") -> Place | None:
        """The town nearest to a point, as far as one lies within some 50 km; for who shared one."""
        here = Point(lat, lon)
        towns = [each for box in boxes_around(here, FAR_KM) for each in self._store.within(box)]
        nearest = min(towns, key=lambda town: km_between(point_of(town), here), default=None)
        return nearest.labelled(language, self._store.countries) if nearest else None

    def find(
        self, text: str, country: str = "", language: str = "", *, asked: bool = False
    ) -> Found:
        """The place that a text names, or a few to ask about.

        `country` is where the visitor is known to be: what lies there is likelier. `asked` says
        that the text answers where they are: then a name needs no "in" before it.
        """
        text = text[:MOST_LETTERS]
        words = plain(text).split()[:MOST_WORDS]
        if not words or is_kept(words):
            return NOTHING
        places = self._of_postcode(text, words, country, language, asked=asked)
        if places is None:
            places = chosen(self._heard(words, country, asked=asked), country)
        found = [each.labelled(language, self._store.countries) for each in places]
        return Found(place=found[0]) if len(found) == 1 else Found(choices=tuple(found))

    def _of_postcode(
        self, text: str, words: list[str], country: str, language: str, *, asked: bool
    ) -> list[Candidate] | None:
        """The places of a postcode; None where none is written that is known."""
        written = codes(text, country, asked=asked)
        found = [
            place
            for code in written
            for place in [self._store.postcode(code.country, code.beginning)]
            if place
        ]
        if len(found) < 2:
            return found or None
        # "28013 Madrid" says which of the countries is meant, and so does the language.
        names = [word for word in words if not word.isdigit()]
        said = chosen(self._heard(names, country, asked=asked), country) if names else []
        there = [each for each in found if said and each.place.country == said[0].place.country]
        if there:
            return there[:1]
        return found if language == "es" else found[:1]

    def _heard(self, words: list[str], country: str, *, asked: bool) -> list[Heard]:
        """The names in a text; those that may be misspelt with what they are like."""
        heard = heard_in(words, country, self._store, asked=asked)
        if not heard:
            return self._misspelt(words, country, asked=asked)
        if all(is_around(name) for name in heard):
            # "chatanooga tn": where the state is understood, what stands before it may be a town.
            of = heard[0].places[0].place.country
            return [*heard, *self._misspelt(words, of, asked=asked, but=heard)]
        return [self._mended(name, words, heard, country) for name in heard]

    def _mended(self, name: Heard, words: list[str], heard: Sequence[Heard], country: str) -> Heard:
        """A name that is none here, with those here that are like it: "edinburg" in the UK."""
        around = [other for other in heard if other is not name and is_around(other)]
        within = [known.place for other in around for known in other.places]
        of = within[0].country if within else country
        if not of or is_around(name):
            return name
        longer = self._longer(name, words, of)
        if longer or self._is_at_home(name, of, within):
            return longer or name
        written = " ".join(words[name.first : name.last])
        like = [each for each in nearly(written, of, self._store) if each.edits < MUCH]
        return replace(name, places=(*name.places, *like))

    def _longer(self, name: Heard, words: list[str], country: str) -> Heard | None:
        """A name with the misspelt word before it: "batton rouge" is not Rouge."""
        first = name.first - 1
        if first < 0 or not is_unknown(words[first]):
            return None
        like = nearly(" ".join(words[first : name.last]), country, self._store)
        return replace(name, first=first, places=tuple(like)) if like else None

    def _is_at_home(self, name: Heard, country: str, within: Sequence[Place]) -> bool:
        """Whether a place of this name lies in the region that is named, or in the country."""
        return any(
            any(lies_in(known.place, each) for each in within)
            if within
            else known.place.country == country and known.rank > 0
            for known in name.places
        )

    def _misspelt(
        self, words: list[str], country: str, *, asked: bool, but: Sequence[Heard] = ()
    ) -> list[Heard]:
        """The first words that are nearly the name of a larger place, where a place is expected."""
        for first, last in self._may_be_misspelt(words, asked=asked):
            if any(first < name.last and name.first < last for name in but):
                continue
            name = " ".join(words[first:last])
            like = nearly(name, country, self._store)
            if like:
                return [Heard(first, last, tuple(like))]
        return []

    def _may_be_misspelt(self, words: list[str], *, asked: bool) -> list[tuple[int, int]]:
        """The words that may be a misspelt name, the longest first."""
        said = [place for place, word in enumerate(words) if word not in FILLERS]
        short = asked and bool(said) and len(said) <= LONGEST_MISSPELT
        return [
            (first, first + length)
            for length in range(min(LONGEST_MISSPELT, len(words)), 0, -1)
            for first in range(len(words) - length + 1)
            if any(is_unknown(word) for word in words[first : first + length])
            and not (length > 1 and words[first] in FILLERS and words[first] not in LONG_BEGINNINGS)
            and (short or before(words, first) is Before.SURELY)
        ]


LONG_BEGINNINGS = frozenset(("la", "el", "mi"))
"""Fillers with which names begin: La Paz, El Paso."""


def point_of(town: Candidate) -> Point:
    """Where a town lies."""
    return Point(town.place.lat or 0.0, town.place.lon or 0.0)


def is_unknown(word: str) -> bool:
    """Whether a word is none that people use for other things."""
    return word not in ORDINARY and word not in EVERYDAY and word not in FILLERS


def is_around(name: Heard) -> bool:
    """Whether a name means a country or region first of all."""
    likeliest = max(name.places, key=lambda known: weight(known, ""))
    return likeliest.place.kind in (COUNTRY, REGION)
