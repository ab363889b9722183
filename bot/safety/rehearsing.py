"""A rehearsal: leaving, walked through in thought, with what could go wrong on the way.

Each surprise shows what the plan has for it, and offers the steps that would close a gap. Nothing
is rated; whoever has enough of it stops.
"""

from collections.abc import Mapping

from bot.safety.own_plan import OwnPlan
from bot.safety.plan import Catalogue, Situation, Surprise
from bot.safety.questions import SKIPPED, Question

COVERED, REPAIR, NOT_FOR_ME = "covered", "repair", "not_for_me"
REHEARSE = "rehearse"


def rehearsal_questions(
    catalogue: Catalogue, situation: Situation, plan: OwnPlan, answers: Mapping[str, str]
) -> tuple[Question, ...]:
    """A question for every surprise that could happen to this person."""
    return tuple(
        surprise_question(each, plan, answered=f"{REHEARSE}/{each.id}" in answers)
        for each in catalogue.surprises
        if each.when.may_hold(situation.facts)
    )


def surprise_question(surprise: Surprise, plan: OwnPlan, *, answered: bool) -> Question:
    """What one would do then; the repair is offered where the plan lacks a step of it."""
    lacks = answered or bool(missing(surprise, plan))
    return Question(
        REHEARSE,
        about=surprise.id,
        options=(*((REPAIR,) if lacks else ()), COVERED, NOT_FOR_ME),
        takes="words",
        understands={"affirm": REPAIR if lacks else COVERED, "deny": NOT_FOR_ME},
        says={REPAIR: ("plan_kept",)},
    )


def missing(surprise: Surprise, plan: OwnPlan) -> tuple[str, ...]:
    """The steps against a surprise that a plan does not have."""
    return tuple(each for each in surprise.repairs if each not in plan.ids)


def repaired(catalogue: Catalogue, plan: OwnPlan, surprise_id: str, value: str) -> OwnPlan:
    """The plan after an answer: with the steps that were missing, or with own words."""
    surprise = next(each for each in catalogue.surprises if each.id == surprise_id)
    home = catalogue.section_of
    if value == REPAIR:
        for step in missing(surprise, plan):
            plan = plan.with_items(home[step], [step])
        return plan
    if value in (COVERED, NOT_FOR_ME, SKIPPED):
        return plan
    return plan.with_own(home[surprise.repairs[0]], value)
