"""Where somebody is, as coarsely as they like to say it: a country, a region or a city."""

import csv
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

DATA = Path(__file__).parent / "data" / "places.csv"
LONGEST_NAME = 5  # words

# A name of a place that is also an everyday word counts only when nothing else was written.
EVERYDAY = frozenset(
    {
        "us",
        "of",
        "hope",
        "male",
        "nice",
        "reading",
        "mobile",
        "bath",
        "sale",
        "as",
        "la",
        "de",
        "me",
    }
)


@dataclass(frozen=True)
class Place:
    """A place: its country, its region where hotlines differ by region, and its name."""

    country: str
    region: str = ""
    label: str = ""
    kind: str = "country"


class Places:
    """The names of places that are known without asking anybody else."""

    def __init__(self, names: Mapping[str, Place]) -> None:
        self._names = names

    def find(self, text: str) -> Place | None:
        """The place that a text names; the longest name wins; None when none is known."""
        words = plain(text).split()
        whole = " ".join(words)
        found = [
            self._names[name]
            for name in phrases(words)
            if name in self._names and (name == whole or name not in EVERYDAY)
        ]
        return narrowed(found)


def narrowed(found: list[Place]) -> Place | None:
    """The place meant by the names found; a country or region beside a city decides.

    "Guadalajara, Spain" is in Spain although the larger city of that name is in Mexico.
    """
    city = next((place for place in found if place.kind == "city"), None)
    around = next((place for place in found if place.kind != "city"), None)
    if city and around:
        return city if lies_in(city, around) else around
    return city or around


def lies_in(city: Place, around: Place) -> bool:
    """Whether a city lies in a country or region."""
    same_region = around.kind == "country" or city.region == around.region
    return city.country == around.country and same_region


def phrases(words: list[str]) -> Iterator[str]:
    """All runs of words, the longest first."""
    for length in range(min(LONGEST_NAME, len(words)), 0, -1):
        for start in range(len(words) - length + 1):
            yield " ".join(words[start : start + length])


def plain(text: str) -> str:
    """A text without case, accents and punctuation."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    letters = "".join(char for char in decomposed if not unicodedata.combining(char))
    return re.sub(r"[^a-z0-9]+", " ", letters).strip()


def load_places(path: Path = DATA) -> Places:
    """The places of the data file."""
    with path.open(encoding="utf-8", newline="") as file:
        return Places(
            {
                row["alias"]: Place(row["country_iso2"], row["region"], row["label"], row["kind"])
                for row in csv.DictReader(file)
            }
        )
