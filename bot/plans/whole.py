"""What a conversation holds of a plan, taken from its slots: to show, to hand out, to save."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from bot.content.planned import WordedPlan, worded_plan
from bot.content.wording import Wording
from bot.safety.course import Course
from bot.safety.own_plan import OwnPlan, as_record, from_record, ready
from bot.safety.plan import Situation
from bot.safety.reviewing import kept_facts
from bot.safety.signs import Now

VERSION = 1
# What stands before the name and number in what was kept of a service: its id.
NAME = "~"


@dataclass(frozen=True)
class WholePlan:
    """A plan with all that it takes to put it into words, or to save it."""

    plan: OwnPlan
    situation: Situation
    picked: tuple[str, ...]
    language: str
    country: str
    region: str
    place_label: str
    facts: Mapping[str, str]

    def __bool__(self) -> bool:
        """Whether there is anything in it."""
        return bool(self.plan or self.picked)

    @property
    def services(self) -> tuple[str, ...]:
        """The services that were kept, by name and number."""
        return names_of(self.picked)

    def worded(self, wording: Wording) -> WordedPlan:
        """The plan in words, in the language and for the place of the conversation."""
        here = replace(
            wording,
            language=self.language,
            country=self.country or wording.country,
            region=self.region,
        )
        catalogue = wording.content.outline.catalogue
        return worded_plan(here, ready(catalogue, self.situation, self.plan), self.services)

    def as_record(self) -> dict[str, Any]:
        """What is saved of it: the plan and what tailors it, and no danger answer."""
        return {
            "version": VERSION,
            "plan": as_record(self.plan),
            "facts": dict(self.facts),
            "picked": list(self.picked),
            "language": self.language,
            "country": self.country,
            "region": self.region,
            "place_label": self.place_label,
        }


def names_of(picked: Iterable[str]) -> tuple[str, ...]:
    """The names and numbers of services that were kept."""
    return tuple(each.partition(NAME)[2] for each in picked)


def whole_plan(slots: Mapping[str, Any], language: str) -> WholePlan:
    """The plan that the slots of a conversation hold."""
    answers = slots.get("answers") or {}
    now = frozenset(Now(name) for name in slots.get("now_flags") or ())
    plan = from_record(slots.get("plan"))
    return WholePlan(
        plan=plan,
        situation=Course(answers=answers, now=now).situation,
        picked=tuple(slots.get("picked") or ()),
        language=slots.get("language") or language,
        country=slots.get("country") or "",
        region=slots.get("region") or "",
        place_label=slots.get("place_label") or "",
        facts=kept_facts(answers),
    )
