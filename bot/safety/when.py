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


ALWAYS = When()


def facts_of(answers: Mapping[str, str]) -> frozenset[str]:
    """What the answers tell: `children` for a yes, `wants:want_plan` for any other choice."""
    return frozenset(key if value == YES else f"{key}:{value}" for key, value in answers.items())
