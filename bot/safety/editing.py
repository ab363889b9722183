"""Changing a plan that is there: mark a step done, word it anew, take it out, add one's own."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from bot.safety.own_plan import KINDS, OwnPlan

# The questions of it, each as an interrupt: they stand before all others while they are open.
WHICH_PART, WHICH_STEP, ONE_STEP = "plan_part", "plan_which", "plan_step"
ADD_WHAT, ADD_WORDS = "plan_add", "plan_words"
EDITING = frozenset({WHICH_PART, WHICH_STEP, ONE_STEP, ADD_WHAT, ADD_WORDS})

IN_PART, THE_STEP, ADD = "part:", "step:", "add:"
DONE, NOT_DONE, TAKE_OUT, AS_IT_IS = "mark_done", "mark_not_done", "take_out", "as_it_is"

# Where a step of one's own stands that belongs to no part.
ANYWHERE = "emotional"


@dataclass(frozen=True)
class Editing:
    """A plan that is being changed: the open question, and what it is about.

    `about` is a part (WHICH_STEP), a step (ONE_STEP), or what is to be added (ADD_WORDS).
    """

    plan: OwnPlan
    question: str = ""
    about: str = ""

    def to(self, question: str, about: str = "") -> "Editing":
        """The next question."""
        return replace(self, question=question, about=about)

    def over(self, plan: OwnPlan) -> "Editing":
        """Done, with the plan as it is now."""
        return Editing(plan)


def options(at: Editing) -> tuple[str, ...]:
    """What can be chosen at the open question, besides what always can."""
    match at.question:
        case "plan_part":
            parts = dict.fromkeys(step.section for step in at.plan.steps)
            return tuple(f"{IN_PART}{each}" for each in parts)
        case "plan_which":
            return tuple(f"{THE_STEP}{step.id}" for step in at.plan.of(at.about))
        case "plan_step":
            step = at.plan.find(at.about)
            return (NOT_DONE if step and step.done else DONE, TAKE_OUT)
        case "plan_add":
            return tuple(f"{ADD}{kind}" for kind in KINDS)
    return ()


# What is asked after a part, a step or a kind was chosen.
NEXT = {IN_PART: WHICH_STEP, THE_STEP: ONE_STEP, ADD: ADD_WORDS}


def edited(at: Editing, value: str) -> Editing:
    """What an answer to the open question does; one that is no choice are the owner's words."""
    for chosen, question in NEXT.items():
        if value.startswith(chosen) and at.question != ADD_WORDS:
            return at.to(question, value.removeprefix(chosen))
    if value != AS_IT_IS and at.question == ONE_STEP:
        return at.over(changed(at.plan, at.about, value))
    if value != AS_IT_IS and at.question == ADD_WORDS:
        return at.over(at.plan.with_own(ANYWHERE, value, at.about)).to(ADD_WHAT)
    return at.over(at.plan)


def changed_beside(plan: OwnPlan, change: Mapping[str, str]) -> OwnPlan:
    """The plan after a change that was made beside the talk, on the plan's own page.

    `change` has `do` (mark_done, mark_not_done, take_out, reword, add), and with it `step`, or
    `kind` and `words`. One that makes no sense changes nothing. Raises FullPlan.
    """
    do, words = change.get("do"), change.get("words", "").strip()
    if do == "add" and change.get("kind") in KINDS:
        return plan.with_own(change.get("section") or ANYWHERE, words, change["kind"])
    if do == "reword" and words:
        return changed(plan, change.get("step", ""), words)
    if do in (DONE, NOT_DONE, TAKE_OUT):
        return changed(plan, change.get("step", ""), do)
    return plan


def changed(plan: OwnPlan, step_id: str, value: str) -> OwnPlan:
    """The plan with one step changed as was chosen, or in the words that were written."""
    step = plan.find(step_id)
    if step is None:
        return plan
    match value:
        case "mark_done" | "mark_not_done":
            return plan.marked(step_id, done=value == DONE)
        case "take_out":
            return plan.without(step_id)
    return plan.reworded(step_id, step.section, value)
