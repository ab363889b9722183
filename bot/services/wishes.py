"""What somebody asks for in their own words: "is there somewhere that takes boys over 13?"

Read by patterns that people wrote and can check; nothing of the text is kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Self

from ruamel.yaml import YAML

from bot.services.letters import plain_letters

FILE = Path(__file__).parent / "data" / "wishes.yml"
LONGEST = 1_000
OPEN_NOW, AWAY = "open_now", "away"
OLDER = re.compile(r"over|older than|above|mas de|mayor(es)? de")
Patterns = Mapping[str, re.Pattern[str]]


@dataclass(frozen=True)
class Asked:
    """What a text asks for; all empty where it says nothing."""

    need: str = ""
    traits: frozenset[str] = frozenset()
    channel: str = ""
    open_now: bool = False
    away: bool = False
    languages: tuple[str, ...] = ()
    boys: tuple[float, ...] = ()

    def words(self) -> frozenset[str]:
        """All of it as words: "need:shelter", "has:pets", "away"."""
        several = {"has": self.traits, "language": self.languages, "boys": map(str, self.boys)}
        told = {f"{sort}:{each}" for sort, words in several.items() for each in words}
        told |= {f"need:{self.need}"} if self.need else set()
        told |= {f"channel:{self.channel}"} if self.channel else set()
        return frozenset(told | {each for each in (OPEN_NOW, AWAY) if getattr(self, each)})

    @classmethod
    def of(cls, words: Iterable[str]) -> Self:
        """What such words ask for."""
        said = set(words)

        def named(sort: str) -> list[str]:
            return sorted(each.partition(":")[2] for each in said if each.startswith(f"{sort}:"))

        return cls(
            need=next(iter(named("need")), ""), traits=frozenset(named("has")),
            channel=next(iter(named("channel")), ""), open_now=OPEN_NOW in said,
            away=AWAY in said, languages=tuple(named("language")),
            boys=tuple(map(float, named("boys"))),
        )  # fmt: skip


@dataclass(frozen=True)
class Words:
    """The patterns of the data file."""

    needs: Patterns
    has: Patterns
    channels: Patterns
    languages: Patterns
    open_now: re.Pattern[str]
    away: re.Pattern[str]
    boys: re.Pattern[str]


@cache
def words() -> Words:
    """The patterns, read once."""
    written = YAML(typ="safe", pure=True).load(FILE.read_text(encoding="utf-8"))
    lists = ("needs", "has", "channels", "languages")
    singles = ("open_now", "away", "boys")
    several = {
        name: {word: re.compile(pattern) for word, pattern in written[name].items()}
        for name in lists
    }
    single = {name: re.compile(written[name]) for name in singles}
    values: dict[str, Any] = {**several, **single}
    return Words(**values)


def asked_for(text: str) -> Asked:
    """What a text asks for."""
    said = plain_letters(text[:LONGEST])
    known = words()
    traits = found_in(known.has, said)
    need = next((name for name, pattern in known.needs.items() if pattern.search(said)), "")
    return Asked(
        need=need,
        traits=frozenset(traits),
        channel=next(iter(found_in(known.channels, said)), ""),
        open_now=bool(known.open_now.search(said)),
        away=bool(known.away.search(said)),
        languages=tuple(found_in(known.languages, said)),
        boys=boys_in(said),
    )


def found_in(patterns: Patterns, said: str) -> list[str]:
    """The names of the patterns that a text holds."""
    return [name for name, pattern in patterns.items() if pattern.search(said)]


def boys_in(said: str) -> tuple[float, ...]:
    """The ages of boys who come along; "over 13" means at least 14."""
    match = words().boys.search(said)
    if not match:
        return ()
    age = float(next(group for group in match.groups() if group and group.isdigit()))
    return (age + 1 if OLDER.search(match[0]) else age,)
