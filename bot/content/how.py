"""How this works: the levels, the rules and the limits of the danger profile, for the page.

Levels and rules come from the rules themselves, so that the page can't say anything else.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.safety.danger import RULES, Rule
from bot.safety.signs import Level
from bot.safety.statute import SOURCE

# The paragraphs around the table of rules, in their order.
BEFORE = ("intro", "levels_intro", "nothing_lowers")
AFTER = ("law_note", "ours_note", "at_most", "zero_note", "not_asked", "privacy")
LIMITS = "limits"


@dataclass(frozen=True)
class HowRule:
    """A rule as the page shows it: the words of the rule, and of where it comes from."""

    words: str
    origin: str


def how_levels() -> dict[str, list[HowRule]]:
    """For the words of each level, from the highest down, its rules."""
    return {
        word("level", level.id): [how_rule(rule) for rule in RULES if rule.level is level]
        for level in sorted(Level, reverse=True)
        if level
    }


def how_rule(rule: Rule) -> HowRule:
    """A rule of the table, by the ids of its words."""
    return HowRule(word("rule", rule.id), word("law" if rule.source == SOURCE else "ours"))


def how_limits(danger: Mapping[str, Any]) -> Sequence[str]:
    """The ids of what all this can't do."""
    return [word("limit", str(number)) for number, _ in enumerate(danger["how"][LIMITS], start=1)]


def how_words(danger: Mapping[str, Any]) -> dict[str, str]:
    """Every word of it in one language, by its id on the page."""
    how = danger["how"]
    limits = zip(how_limits(danger), how[LIMITS], strict=True)
    return {
        **{word(name): text for name, text in how.items() if name != LIMITS},
        **{word("level", name): text for name, text in danger["levels"].items()},
        **{word("rule", name): text for name, text in danger["rules"].items()},
        **dict(limits),
    }


def word(*parts: str) -> str:
    """The id of a word on the page."""
    return "_".join(("how", *parts))
