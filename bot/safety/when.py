"""When a question or a plan item fits: always, or by the facts that were told."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

YES, NO = "yes", "no"


@dataclass(frozen=True)
class When:
    """A condition in one of three forms: always (both empty), any of these, all of these."""

    any_of: tuple[str, ...] = ()
    all_of: tuple[str, ...] = ()

    def holds(self, facts: AbstractSet[str]) -> bool:
        """Whether the condition is met by these facts; a fact not told is not met."""
        met = not self.any_of or any(fact in facts for fact in self.any_of)
        return met and all(fact in facts for fact in self.all_of)

    def may_hold(self, facts: AbstractSet[str]) -> bool:
        """Whether nothing that was told speaks against it; what was not told may be so."""
        possible = not self.any_of or any(could_be(fact, facts) for fact in self.any_of)
        return possible and all(could_be(fact, facts) for fact in self.all_of)

    def met_by(self, facts: AbstractSet[str]) -> tuple[str, ...]:
        """Which of the facts it asks about were told."""
        return tuple(fact for fact in (*self.all_of, *self.any_of) if fact in facts)


ALWAYS = When()


def could_be(fact: str, facts: AbstractSet[str]) -> bool:
    """Whether a fact was told, or at least not denied."""
    return fact in facts or f"{fact}:{NO}" not in facts


def facts_of(answers: Mapping[str, str]) -> frozenset[str]:
    """What the answers tell: `children` for a yes, `wants:want_plan` for any other choice."""
    return frozenset(key if value == YES else f"{key}:{value}" for key, value in answers.items())
