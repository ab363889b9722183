"""The questions that make a plan together, part by part, and what each answer does to it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from bot.safety.own_plan import OwnPlan
from bot.safety.plan import (
    FIRST,
    Catalogue,
    OfferedSection,
    Situation,
    offered_section,
    tailored,
)
from bot.safety.questions import SKIPPED, Question
from bot.safety.rehearsing import repaired
from bot.safety.reviewing import AGAIN, TAKE_THEM_OUT, outgrown
from bot.safety.when import YES

KEEP_ALL, MORE_ITEMS, CHANGE_ITEMS, LEAVE_OUT = (
    "keep_all",
    "more_items",
    "change_items",
    "leave_out",
)
ENOUGH_PARTS, SHOW_PLAN = "enough_parts", "show_plan"
KEEP_ITEM, NOTHING_TO_ADD = "keep_item", "nothing_to_add"
NO_MORE = "no_more"
SECTION = "section:"

SECTION_OPTIONS = (KEEP_ALL, MORE_ITEMS, CHANGE_ITEMS, LEAVE_OUT, SHOW_PLAN, ENOUGH_PARTS)
ITEM_OPTIONS = (KEEP_ITEM, LEAVE_OUT)

# Of a part so many steps are shown at first; the others are a press away.
SHOWN = 5

# A note beside the answers: all of a part is shown.
ALL_SHOWN = "plan_shown/"


def asked_for(answers: Mapping[str, str]) -> frozenset[str]:
    """The parts that the visitor chose to add."""
    return frozenset(
        value.removeprefix(SECTION)
        for key, value in answers.items()
        if key.startswith("more_sections/") and value.startswith(SECTION)
    )


def priorities(answers: Mapping[str, str]) -> tuple[str, ...]:
    """What matters most to the visitor, in the order in which they said it."""
    return tuple(key for key, value in answers.items() if key.startswith(FIRST) and value == YES)


def items_shown(
    offered: OfferedSection, answers: Mapping[str, str], plan: OwnPlan
) -> tuple[str, ...]:
    """The steps of a part that the visitor sees: a few, or all once they asked for them.

    Of a part that is looked at again, those that are not in the plan.
    """
    every = tuple(each.item.id for each in offered.items)
    if f"{AGAIN}{offered.id}" in answers:
        return tuple(each for each in every if each not in plan.ids)
    return every if f"{ALL_SHOWN}{offered.id}" in answers else every[:SHOWN]


def plan_questions(
    catalogue: Catalogue, situation: Situation, answers: Mapping[str, str], plan: OwnPlan
) -> tuple[Question, ...]:
    """The questions that walk through the plan.

    Each part is kept, changed or left out; one that is changed is asked step by step, and then
    for the visitor's own words. At the end the parts not yet offered can be added. It ends at any
    time by "that is enough".
    """
    offered = tailored(catalogue, situation)
    questions = [q for each in offered for q in section_questions(each, answers, plan)]
    left = [each.id for each in catalogue.sections if each.id not in {o.id for o in offered}]
    more = more_sections_question(left, len(situation.asked_for))
    if ENOUGH_PARTS in answers:
        return tuple(each for each in (*questions, more) if each.key in answers)
    return (*questions, more)


def section_questions(
    offered: OfferedSection, answers: Mapping[str, str], plan: OwnPlan
) -> tuple[Question, ...]:
    """The questions about one part: the part, then step by step if it is to be changed.

    None about a part that is looked at again and has nothing new.
    """
    again = f"{AGAIN}{offered.id}" in answers
    shown = items_shown(offered, answers, plan)
    if again and not shown and f"plan_section/{offered.id}" not in answers:
        return ()
    hidden = len(offered.items) > len(shown) and not again
    whole = Question(
        "plan_section",
        about=offered.id,
        options=tuple(each for each in SECTION_OPTIONS if each != MORE_ITEMS or hidden),
        understands={"affirm": KEEP_ALL, "deny": LEAVE_OUT},
        says={KEEP_ALL: ("plan_kept",), LEAVE_OUT: ("plan_left_out",), SHOW_PLAN: ("plan",)},
        stays=(SHOW_PLAN, MORE_ITEMS),
    )
    if answers.get(whole.key) != CHANGE_ITEMS:
        return (whole,)
    return (whole, *map(item_question, shown), own_question(offered.id))


def item_question(item: str) -> Question:
    """Whether one step is kept, left out, or put in the visitor's own words."""
    return Question(
        "plan_item",
        about=item,
        options=ITEM_OPTIONS,
        takes="words",
        understands={"affirm": KEEP_ITEM, "deny": LEAVE_OUT},
    )


def own_question(section: str) -> Question:
    """What the visitor wants to add to a part in their own words."""
    return Question(
        "plan_own",
        about=section,
        options=(NOTHING_TO_ADD,),
        takes="words",
        understands={"deny": NOTHING_TO_ADD},
    )


def more_sections_question(left: Sequence[str], asked: int) -> Question:
    """Which of the parts that were not offered the visitor wants to see as well."""
    return Question(
        "more_sections",
        about=str(asked),
        options=(*(f"{SECTION}{each}" for each in left), NO_MORE),
        understands={"deny": NO_MORE},
    )


@dataclass(frozen=True)
class Making:
    """A plan while it is made, with all that an answer is understood by."""

    catalogue: Catalogue
    situation: Situation
    answers: Mapping[str, str]
    plan: OwnPlan

    def after(self, question: Question, value: str) -> OwnPlan:
        """The plan after an answer to one of these questions; it is whole at any moment."""
        if value == SKIPPED or question.id not in CHANGES:
            return self.plan
        return CHANGES[question.id](self, question.about, value)

    def after_part(self, part: str, value: str) -> OwnPlan:
        """After a part was kept or left out; one that is to be changed stays as it is."""
        if value == KEEP_ALL:
            offered = offered_section(self.catalogue, self.catalogue.section(part), self.situation)
            return self.plan.with_items(part, items_shown(offered, self.answers, self.plan))
        # Of a part that is looked at again only what is new was left out.
        gone = value == LEAVE_OUT and f"{AGAIN}{part}" not in self.answers
        return self.plan.without_section(part) if gone else self.plan

    def after_item(self, item: str, value: str) -> OwnPlan:
        """After a step was kept, left out, or put in the visitor's own words."""
        part = self.catalogue.section_of[item]
        if value == KEEP_ITEM:
            return self.plan.with_items(part, [item])
        if value == LEAVE_OUT:
            return self.plan.without(item)
        return self.plan.reworded(item, part, value)

    def after_own(self, part: str, value: str) -> OwnPlan:
        """After the visitor added something to a part, or had nothing to add."""
        return self.plan if value == NOTHING_TO_ADD else self.plan.with_own(part, value)

    def after_surprise(self, surprise: str, value: str) -> OwnPlan:
        """After a surprise of the rehearsal."""
        return repaired(self.catalogue, self.plan, surprise, value)

    def after_outgrown(self, part: str, value: str) -> OwnPlan:
        """After the visitor kept, or took out, what no longer fits."""
        gone = outgrown(self.catalogue, self.situation, self.plan).get(part, ())
        return self.plan.without(*gone) if value == TAKE_THEM_OUT else self.plan


# What an answer to each question of the plan does.
CHANGES: Mapping[str, Callable[[Making, str, str], OwnPlan]] = {
    "plan_section": Making.after_part,
    "plan_item": Making.after_item,
    "plan_own": Making.after_own,
    "rehearse": Making.after_surprise,
    "plan_outgrown": Making.after_outgrown,
}
