"""Somebody's own plan: the steps they chose, their own people, places, words and signs.

A plan changes only by what its owner does. Every change gives a new plan, so that what was before
can be had back.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from bot.safety.plan import (
    Catalogue,
    Conflict,
    Situation,
    offered_section,
    section_order,
    tailored,
)

PERSON, PLACE, CODE_WORD, SIGNAL, STEP = "person", "place", "code_word", "signal", "step"
KINDS = (PERSON, PLACE, CODE_WORD, SIGNAL, STEP)

# The part in which each of one's own things stands; a step stands where it was added.
HOME_OF = {PERSON: "contacts", PLACE: "safe_places", CODE_WORD: "code_word", SIGNAL: "code_word"}

OWN = "own:"
LONGEST_WORDS = 1000  # characters
MOST_STEPS = 400


class FullPlan(Exception):
    """There is no room for another step."""


@dataclass(frozen=True)
class Step:
    """One step of a plan.

    `id` is that of the item in the catalogue, or `own:<number>`. `words` are the owner's own, in
    place of the item's or where there is no item. `kind` is what an own step is: one of KINDS.
    """

    id: str
    section: str
    words: str = ""
    kind: str = STEP
    done: bool = False

    @property
    def is_own(self) -> bool:
        """Whether it is no item of the catalogue."""
        return self.id.startswith(OWN)


@dataclass(frozen=True)
class OwnPlan:
    """The steps that somebody chose, in the order in which they did."""

    steps: tuple[Step, ...] = ()

    def __bool__(self) -> bool:
        """Whether there is anything in it."""
        return bool(self.steps)

    @property
    def ids(self) -> frozenset[str]:
        """The ids of its steps."""
        return frozenset(step.id for step in self.steps)

    def find(self, step_id: str) -> Step | None:
        """The step of this id, if it is in the plan."""
        return next((step for step in self.steps if step.id == step_id), None)

    def of(self, section: str) -> tuple[Step, ...]:
        """The steps of a part."""
        return tuple(step for step in self.steps if step.section == section)

    def with_items(self, section: str, items: Iterable[str]) -> "OwnPlan":
        """The plan with items of a part; those that are there stay as they are."""
        new = (Step(item, section) for item in items if item not in self.ids)
        return self._with(*new)

    def without_section(self, section: str) -> "OwnPlan":
        """The plan without a part, own words included."""
        return replace(self, steps=tuple(each for each in self.steps if each.section != section))

    def without(self, *step_ids: str) -> "OwnPlan":
        """The plan without some steps."""
        return replace(self, steps=tuple(each for each in self.steps if each.id not in step_ids))

    def reworded(self, step_id: str, section: str, words: str) -> "OwnPlan":
        """The plan with a step in its owner's words; one that was not in it yet comes into it."""
        words = words.strip()[:LONGEST_WORDS]
        if step_id not in self.ids:
            return self._with(Step(step_id, section, words))
        return self._changed(step_id, words=words)

    def marked(self, step_id: str, *, done: bool) -> "OwnPlan":
        """The plan with a step done, or to be done again."""
        return self._changed(step_id, done=done)

    def with_own(self, section: str, words: str, kind: str = STEP) -> "OwnPlan":
        """The plan with something of the owner's own; raises FullPlan."""
        words = words.strip()[:LONGEST_WORDS]
        section = HOME_OF.get(kind, section)
        return self._with(Step(self._next_own(), section, words, kind)) if words else self

    def _changed(self, step_id: str, **values: Any) -> "OwnPlan":
        """The plan with one step changed."""
        steps = (replace(e, **values) if e.id == step_id else e for e in self.steps)
        return replace(self, steps=tuple(steps))

    def _with(self, *steps: Step) -> "OwnPlan":
        """The plan with steps at its end."""
        if len(self.steps) + len(steps) > MOST_STEPS:
            raise FullPlan
        return replace(self, steps=(*self.steps, *steps))

    def _next_own(self) -> str:
        """An id that no own step has; not used again after one was taken out."""
        numbers = [int(step.id.removeprefix(OWN)) for step in self.steps if step.is_own]
        return f"{OWN}{max(numbers, default=0) + 1}"


@dataclass(frozen=True)
class Flag:
    """A conflict that is in a plan, with the steps that it is about.

    `safer` are all steps of the safer order; which of them the plan has is for the reader to see.
    """

    conflict: Conflict
    steps: tuple[str, ...]
    against: tuple[str, ...]


@dataclass(frozen=True)
class ReadyStep:
    """A step of a plan with the facts that brought it."""

    step: Step
    because: tuple[str, ...] = ()


@dataclass(frozen=True)
class ReadySection:
    """A part of a plan, its own people and places first."""

    id: str
    steps: tuple[ReadyStep, ...]


@dataclass(frozen=True)
class ReadyPlan:
    """A plan as it is shown or taken away: in order, with every conflict flagged."""

    sections: tuple[ReadySection, ...] = ()
    flags: tuple[Flag, ...] = ()

    def __bool__(self) -> bool:
        """Whether there is anything in it."""
        return bool(self.sections)


def ready(catalogue: Catalogue, situation: Situation, plan: OwnPlan) -> ReadyPlan:
    """A plan as it can be handed out: nobody gets one in which a conflict is not flagged."""
    order = section_order(catalogue, situation)
    known = [each for each in plan.steps if each.section in order]
    sections = sorted({each.section for each in known}, key=order.__getitem__)
    return ReadyPlan(
        tuple(ready_section(catalogue, situation, plan, each) for each in sections),
        flags_in(catalogue, situation, plan),
    )


def ready_section(
    catalogue: Catalogue, situation: Situation, plan: OwnPlan, section: str
) -> ReadySection:
    """One part: what is somebody's own first, then the steps in their order."""
    wanted = replace(situation, asked_for=frozenset({section}))
    offered = offered_section(catalogue, catalogue.section(section), wanted)
    brought = {each.item.id: each.because for each in offered.items}
    places = {item: place for place, item in enumerate(brought)}
    # What does not fit any more, and yet was kept, stays; it stands last.
    steps = sorted(plan.of(section), key=lambda s: (not s.is_own, places.get(s.id, len(places))))
    return ReadySection(section, tuple(ReadyStep(s, brought.get(s.id, ())) for s in steps))


def flags_in(catalogue: Catalogue, situation: Situation, plan: OwnPlan) -> tuple[Flag, ...]:
    """Every conflict that is in a plan."""
    flags = (flag_of(each, situation, plan) for each in catalogue.conflicts)
    return tuple(flag for flag in flags if flag)


def flag_of(conflict: Conflict, situation: Situation, plan: OwnPlan) -> Flag | None:
    """A conflict with the steps that it is about; None where it is not there.

    A step that is done needs no warning any more.
    """
    ahead = {step.id for step in plan.steps if not step.done}
    about = tuple(each for each in conflict.steps if each in ahead)
    against = tuple(each for each in conflict.against if each in plan.ids)
    if not about or (conflict.against and not against) or not conflict.when.holds(situation.facts):
        return None
    return Flag(conflict, about, against)


def proposed(catalogue: Catalogue, situation: Situation) -> OwnPlan:
    """A plan with everything that fits, for who has not chosen yet."""
    plan = OwnPlan()
    for offered in tailored(catalogue, situation):
        plan = plan.with_items(offered.id, [each.item.id for each in offered.items])
    return plan


def as_record(plan: OwnPlan) -> list[dict[str, Any]]:
    """A plan as plain values, each step with what differs from an untouched one."""
    return [
        {
            "id": step.id,
            "section": step.section,
            **({"words": step.words} if step.words else {}),
            **({"kind": step.kind} if step.kind != STEP else {}),
            **({"done": True} if step.done else {}),
        }
        for step in plan.steps
    ]


def from_record(record: Iterable[Mapping[str, Any]] | None) -> OwnPlan:
    """A plan from plain values that `as_record` gave."""
    return OwnPlan(tuple(Step(**each) for each in record or ()))
