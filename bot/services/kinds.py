"""What a service is for and for whom, from its own words where nothing says so outright."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from ruamel.yaml import YAML

from bot.services.letters import plain_letters

FILE = Path(__file__).parent / "data" / "kinds.yml"
LONGEST = 2_000
"""Letters of a description that are looked at."""


@dataclass(frozen=True)
class Kinds:
    """Patterns by word: for needs, for what a service has, for what it surely has not."""

    needs: Mapping[str, re.Pattern[str]]
    has: Mapping[str, re.Pattern[str]]
    lacks: Mapping[str, re.Pattern[str]]


@cache
def kinds() -> Kinds:
    """The patterns of the data file."""
    load = YAML(typ="safe", pure=True).load
    written = load(FILE.read_text(encoding="utf-8"))
    return Kinds(
        *(
            {word: re.compile(pattern) for word, pattern in written[sort].items()}
            for sort in ("needs", "has", "lacks")
        )
    )


def words_in(
    patterns: Mapping[str, re.Pattern[str]], texts: Iterable[str | None]
) -> frozenset[str]:
    """The words whose pattern stands in one of the texts."""
    joined = " \n ".join(plain_letters(text[:LONGEST]) for text in texts if text)
    return frozenset(word for word, pattern in patterns.items() if pattern.search(joined))


def needs_in(
    names: Iterable[str | None], terms: Iterable[str | None], about: str | None
) -> frozenset[str]:
    """What a service is for: by its names and terms; by its description if these say nothing."""
    told = words_in(kinds().needs, [*names, *terms])
    return told or words_in(kinds().needs, [about]) or frozenset({"support"})
