"""How often the gazetteer is right on the texts that are kept for measuring."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from bot.services.gazetteer.lookup import Gazetteer
from bot.services.gazetteer.place import Found, Place
from bot.services.gazetteer.spelling import plain

NO_PLACE, MUST_ASK, NOT_KNOWN = "-", "?", "-"


@dataclass(frozen=True)
class PlaceExample:
    """A text with where its writer is known to be, and what should be understood of it."""

    text: str
    expected: str
    country: str
    language: str
    asked: bool

    @property
    def group(self) -> str:
        """The language and country that it is counted under."""
        wanted = self.expected.lstrip(MUST_ASK)
        return f"{self.language} {'no place' if wanted == NO_PLACE else wanted[:2]}"


@dataclass(frozen=True)
class Measure:
    """How many texts of a group were right, and how many were right or asked back with it."""

    group: str
    right: int
    right_or_asked: int
    texts: int


def examples(file: Path) -> Iterator[PlaceExample]:
    """The texts of a file: a line in brackets says language and whether they were asked for."""
    language, asked = "en", False
    for line in file.read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            language, _, rest = line.strip("[]").partition(" ")
            asked = bool(rest)
        elif line.strip() and not line.startswith("#"):
            expected, country, text = (part.strip() for part in line.split(" | ", 2))
            known = "" if country == NOT_KNOWN else country
            yield PlaceExample(text, expected, known, language, asked)


def measured(file: Path, gazetteer: Gazetteer) -> list[Measure]:
    """The share that is right, by language and country."""
    groups: defaultdict[str, list[tuple[bool, bool]]] = defaultdict(list)
    for example in examples(file):
        found = gazetteer.find(example.text, example.country, example.language, asked=example.asked)
        right = is_right(example.expected, found)
        groups[example.group].append((right, right or is_offered(example.expected, found)))
    return [
        Measure(group, sum(right for right, _ in each), sum(also for _, also in each), len(each))
        for group, each in sorted(groups.items())
    ]


def is_right(expected: str, found: Found) -> bool:
    """Whether the place is found, asked back where it must be, or none found where none is."""
    if expected == NO_PLACE:
        return found == Found()
    if expected.startswith(MUST_ASK):
        return found.place is None and is_one_of(found.choices, expected)
    return found.place is not None and is_one_of([found.place], expected)


def is_offered(expected: str, found: Found) -> bool:
    """Whether a place that could have been found is asked about."""
    return not expected.startswith((NO_PLACE, MUST_ASK)) and is_one_of(found.choices, expected)


def is_one_of(places: Iterable[Place], expected: str) -> bool:
    """Whether CC/Name is among the places, written with accents or without."""
    country, _, name = expected.lstrip(MUST_ASK).partition("/")
    return any(place.country == country and plain(place.name) == plain(name) for place in places)
