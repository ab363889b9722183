"""A plan looked at again: what has changed in somebody's life, and what that does to the plan.

Only what an event touches is asked again. Nothing is taken out of a plan without its owner; the
danger answers are never carried over.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bot.safety.own_plan import OwnPlan, Step
from bot.safety.plan import (
    FACTS,
    FIRST,
    Catalogue,
    LifeEvent,
    Situation,
    facts_told,
    tailored,
)
from bot.safety.questions import Question
from bot.safety.signs import Sign
from bot.safety.when import NO, YES

CHANGED = "changed_"  # begins the key of a life event
OPENED = "opened"
KEEP_THEM, TAKE_THEM_OUT = "keep_them", "take_them_out"
OUTGROWN = "plan_outgrown"
AGAIN = "plan_again/"  # begins the note beside the answers that a part is looked at again


@dataclass(frozen=True)
class Difference:
    """What is new in a plan, what is gone, what is worded anew, and what was done since."""

    added: tuple[Step, ...] = ()
    removed: tuple[Step, ...] = ()
    reworded: tuple[Step, ...] = ()
    done: tuple[Step, ...] = ()

    def __bool__(self) -> bool:
        """Whether anything differs."""
        return bool(self.added or self.removed or self.reworded or self.done)


def difference(old: OwnPlan, new: OwnPlan) -> Difference:
    """What differs between two states of a plan."""
    before = {step.id: step for step in old.steps}
    both = [step for step in new.steps if step.id in before]
    return Difference(
        added=tuple(step for step in new.steps if step.id not in before),
        removed=tuple(step for step in old.steps if step.id not in new.ids),
        reworded=tuple(step for step in both if step.words != before[step.id].words),
        done=tuple(step for step in both if step.done and not before[step.id].done),
    )


def kept_facts(answers: Mapping[str, str]) -> dict[str, str]:
    """What is kept of the answers with a plan: what tailors it, and what matters most.

    No danger answer is among them: they are asked afresh.
    """
    told = facts_told(answers)
    asked_afresh = {sign.value for sign in Sign}
    kept = [fact for fact in FACTS if fact not in asked_afresh]
    facts = {fact: YES for fact in kept if fact in told}
    denied = {fact: NO for fact in kept if f"{fact}:{NO}" in told and fact not in facts}
    wishes = {key: value for key, value in answers.items() if key.startswith(FIRST)}
    return {**facts, **denied, **wishes}


def told_again(catalogue: Catalogue, answers: Mapping[str, str], event_id: str) -> dict[str, str]:
    """The answers after a life event: what it tells is known, what it touches is open again."""
    event = event_of(catalogue, event_id)
    parted = (fact.partition(":") for fact in event.facts)
    told = {fact: said or YES for fact, _, said in parted}
    touched = {f"plan_section/{part}" for part in event.parts}
    kept = {k: v for k, v in answers.items() if k not in {*event.asks, *touched, *told}}
    # In front, so that going back does not stop at them.
    return {**told, **{f"{AGAIN}{part}": YES for part in event.parts}, **kept}


def event_of(catalogue: Catalogue, event_id: str) -> LifeEvent:
    """A life event by its id; raises KeyError."""
    for each in catalogue.events:
        if each.id == event_id:
            return each
    raise KeyError(event_id)


def outgrown_questions(
    catalogue: Catalogue, situation: Situation, plan: OwnPlan
) -> tuple[Question, ...]:
    """Whether steps stay that no longer fit what was told, part by part."""
    by_part = outgrown(catalogue, situation, plan)
    return tuple(
        Question(
            OUTGROWN,
            about=part,
            options=(KEEP_THEM, TAKE_THEM_OUT),
            understands={"affirm": KEEP_THEM, "deny": TAKE_THEM_OUT},
        )
        for part in by_part
    )


def outgrown(
    catalogue: Catalogue, situation: Situation, plan: OwnPlan
) -> dict[str, tuple[str, ...]]:
    """The steps of each part of which something that was told says that they don't fit."""
    found: dict[str, tuple[str, ...]] = {}
    for section in catalogue.sections:
        fits = section.when.may_hold(situation.facts)
        gone = tuple(
            item.id
            for item in section.items
            if item.id in plan.ids and not (fits and item.when.may_hold(situation.facts))
        )
        if gone:
            found[section.id] = gone
    return found


def restored(catalogue: Catalogue, situation: Situation, plan: OwnPlan) -> dict[str, str]:
    """The answers that say that no part is asked about again, but for what changes."""
    offered: Iterable[str] = (each.id for each in tailored(catalogue, situation))
    parts = dict.fromkeys((*offered, *(step.section for step in plan.steps)))
    return {f"plan_section/{part}": "keep_all" for part in parts}
