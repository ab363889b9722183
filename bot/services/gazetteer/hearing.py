"""The names of places in a text: which words are one, and which only look like one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bot.services.gazetteer.place import CITY
from bot.services.gazetteer.store import Known, Store
from bot.services.gazetteer.weighing import Heard, lies_in
from bot.services.gazetteer.words import (
    EVERYDAY,
    NAMES,
    OF_A_REGION,
    ORDINARY,
    Before,
    before,
)

LONGEST_NAME = 5
"""Words."""
CODE = 3
"""Letters that a state's or country's short form has at most."""
WELL_KNOWN = 500_000
"""Of towns of so many people other names count in any message: Bombay, Londres."""
OF_A_STATE = 3
"""The rank of a state's letters among its names."""
ALSO_WORDS = frozenset(("ok", "hi", "me", "in", "or", "no", "oh", "id", "ma", "al", "la", "de"))
"""Letters of states that are words: who lives there is understood by the town beside them."""
ANY_TOWN, LARGE_TOWN, GREAT_TOWN = 10_000, 50_000, 100_000
"""How many people a town has: whose name means something else is meant if it is large."""


@dataclass(frozen=True)
class Span:
    """Words of a text that are the name of a place, and may mean it."""

    first: int
    last: int
    known: tuple[Known, ...]

    def meets(self, other: Span) -> bool:
        """Whether a word belongs to both."""
        return self.first < other.last and other.first < self.last

    def beside(self, other: Span) -> bool:
        """Whether one stands right before the other."""
        return self.last == other.first or other.last == self.first


@dataclass
class Hearing:
    """A text that is read for names of places."""

    words: list[str]
    country: str
    asked: bool
    known: Mapping[str, list[Known]]
    taken: list[Span] = field(default_factory=list)

    def names(self) -> list[Heard]:
        """The names that mean places, in their order."""
        spans = self.spans()
        for span in spans:
            if self.is_free(span) and self.is_meant(span):
                self.taken.append(span)
        # "Columbus ohio" amid a sentence: each says that the other is a place.
        for span in spans:
            if self.is_free(span) and any(self.is_pair(span, other) for other in spans):
                self.taken.append(span)
        return [self.heard(span) for span in sorted(self.taken, key=lambda each: each.first)]

    def spans(self) -> list[Span]:
        """All words that are names, the longest first; of the same length, the later first."""
        count = len(self.words)
        return [
            Span(first, first + length, tuple(self.known[name]))
            for length in range(min(LONGEST_NAME, count), 0, -1)
            for first in range(count - length, -1, -1)
            if (name := " ".join(self.words[first : first + length])) in self.known
        ]

    def is_free(self, span: Span) -> bool:
        """Whether no longer name has a word of it."""
        return not any(span.meets(other) for other in self.taken)

    def heard(self, span: Span) -> Heard:
        """A name as it is weighed."""
        regional = span.first > 0 and self.words[span.first - 1] in OF_A_REGION
        return Heard(span.first, span.last, span.known, regional)

    def is_meant(self, span: Span) -> bool:
        """Whether the words of a name mean a place here."""
        words = self.words[span.first : span.last]
        if len(words) == len(self.words):
            return self.is_answer(span, words)
        if span.last == len(self.words) and self.is_state(span):
            return True
        if len("".join(words)) <= CODE:
            return self.is_short_form(span)
        if all(word in EVERYDAY or word in ORDINARY for word in words):
            return self.is_meant_beyond_its_words(span, words)
        if len(words) == 1 and words[0] in NAMES:
            return self.is_meant_beyond_a_person(span)
        return self.is_plainly_meant(span)

    def is_plainly_meant(self, span: Span) -> bool:
        """Whether a name that is nothing else means a place: the surer, the better known it is."""
        if self.asked:
            return True
        well_named = any(known.rank for known in span.known)
        if not well_named and largest_of_any(span) < WELL_KNOWN:
            return False
        says = before(self.words, span.first)
        return says >= Before.PERHAPS or largest(span, self.country) >= GREAT_TOWN

    def is_answer(self, span: Span, words: Sequence[str]) -> bool:
        """Whether a name means a place where nothing else was written."""
        if words[0] in ALSO_WORDS and len(words) == 1:
            return self.asked and any(is_here(known, self.country) for known in span.known)
        if all(word in ORDINARY for word in words):
            people = ANY_TOWN if len(words) > 1 else LARGE_TOWN
            return self.asked and largest(span, self.country) >= people
        if not self.asked and any(word in EVERYDAY for word in words):
            return largest(span, self.country) >= ANY_TOWN
        return True

    def is_state(self, span: Span) -> bool:
        """Whether the last letters of an answer are a state's, behind the name of a town."""
        word = self.words[span.first]
        behind = self.words[span.first - 1] in self.known if span.first else False
        letters = any(known.rank == OF_A_STATE for known in span.known)
        return self.asked and behind and letters and word not in ALSO_WORDS

    def is_short_form(self, span: Span) -> bool:
        """Whether a few letters mean a place: "nyc", "the uk"; a state's stand behind a town."""
        word = self.words[span.first]
        well_known = any(known.rank == 2 for known in span.known)
        if word in ORDINARY or word in EVERYDAY or not well_known:
            return False
        return self.asked or before(self.words, span.first) is Before.SURELY

    def is_meant_beyond_its_words(self, span: Span, words: Sequence[str]) -> bool:
        """Whether everyday words mean a place: "in Reading", and not "in pain"."""
        surely = before(self.words, span.first, through=len(words) > 1) is Before.SURELY
        rare = len(words) > 1 or words[0] not in ORDINARY
        people = largest(span, self.country)
        if surely:
            return people >= (ANY_TOWN if rare else GREAT_TOWN)
        return self.asked and len(words) > 1 and people >= LARGE_TOWN

    def is_meant_beyond_a_person(self, span: Span) -> bool:
        """Whether a first name means a place: "in Victoria", and not "my sister Victoria"."""
        says = before(self.words, span.first)
        return says is Before.SURELY or (self.asked and says is not Before.A_PERSON)

    def is_pair(self, span: Span, other: Span) -> bool:
        """Whether one of two names side by side lies in the other: a town and its state."""
        if span is other or not span.beside(other):
            return False
        town, around = (span, other) if span.first < other.first else (other, span)
        ordinary = all(word in ORDINARY for word in self.words[town.first : town.last])
        if ordinary and not self.asked and largest(town, self.country) < GREAT_TOWN:
            return False
        free = all(each in self.taken or self.is_free(each) for each in (town, around))
        answered = self.asked and (town.first, around.last) == (0, len(self.words))
        people = 0 if answered else ANY_TOWN
        return free and any(
            lies_in(inner.place, outer.place)
            for inner in town.known
            for outer in around.known
            if inner.rank and outer.rank and inner.place.population >= people
        )


def is_here(known: Known, country: str) -> bool:
    """Whether a place in the visitor's country is called so, and not by a state's letters."""
    return known.rank in (1, 2) and known.place.country == country


def largest_of_any(span: Span) -> int:
    """The people of the largest place of a name, under whatever name."""
    return max(known.place.population for known in span.known)


def largest(span: Span, country: str) -> int:
    """The people of the largest place of a name; what is no town, or lies here, weighs more."""
    return max(
        (
            known.place.population * (10 if known.place.country == country else 1)
            if known.place.kind == CITY
            else GREAT_TOWN
            for known in span.known
            if known.rank
        ),
        default=0,
    )


def heard_in(words: list[str], country: str, store: Store, *, asked: bool) -> list[Heard]:
    """The names of places in a text."""
    count = len(words)
    names = {
        " ".join(words[first : first + length])
        for length in range(1, min(LONGEST_NAME, count) + 1)
        for first in range(count - length + 1)
    }
    found = store.named(names)
    # "aguas calientes": who types fast leaves a blank too many.
    whole = "".join(words)
    if asked and 1 < count <= 3 and whole not in found:
        joined = [known for known in store.named([whole]).get(whole, []) if known.rank]
        here = [known for known in joined if country in ("", known.place.country)]
        if here and " ".join(words) not in found:
            return [Heard(0, count, tuple(here))]
        if here:
            found[" ".join(words)] = [*found[" ".join(words)], *here]
    return Hearing(words, country, asked, found).names()
