"""The safety plan: which parts are offered, and what the visitor made of them."""

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from bot.safety.questions import SKIPPED, Question
from bot.safety.when import ALWAYS, When

KEEP_ALL, CHANGE_ITEMS, LEAVE_OUT = "keep_all", "change_items", "leave_out"
KEEP_ITEM, NOTHING_TO_ADD = "keep_item", "nothing_to_add"
NO_MORE = "no_more"

SECTION_OPTIONS = (KEEP_ALL, CHANGE_ITEMS, LEAVE_OUT)
ITEM_OPTIONS = (KEEP_ITEM, LEAVE_OUT)


@dataclass(frozen=True)
class PlanItem:
    """One step that could be in a plan; its words are found by `id`."""

    id: str
    when: When = ALWAYS


@dataclass(frozen=True)
class PlanSection:
    """One part of a plan; `warn_first` opens with its caution, always."""

    id: str
    items: tuple[PlanItem, ...]
    when: When = ALWAYS
    warn_first: bool = False


@dataclass(frozen=True)
class PlannedSection:
    """What the visitor kept of one part: items as ids, own words as they were written."""

    id: str
    items: tuple[str, ...]
    own: tuple[str, ...] = ()


def sections_offered(
    sections: Iterable[PlanSection],
    facts: AbstractSet[str],
    asked_for: AbstractSet[str] = frozenset(),
) -> tuple[PlanSection, ...]:
    """The parts that fit what was told, and those the visitor asked for besides."""
    return tuple(each for each in sections if each.id in asked_for or each.when.holds(facts))


def items_offered(
    section: PlanSection, facts: AbstractSet[str], asked_for: AbstractSet[str] = frozenset()
) -> tuple[PlanItem, ...]:
    """The items of a part that fit what was told; all of a part that was asked for."""
    return tuple(
        item for item in section.items if section.id in asked_for or item.when.holds(facts)
    )


def plan_questions(
    sections: Sequence[PlanSection], facts: AbstractSet[str], answers: Mapping[str, str]
) -> tuple[Question, ...]:
    """The questions that walk through the plan, part by part.

    Each part is kept, changed or left out; one that is changed is asked item by item, and
    then for the visitor's own words. At the end the parts not yet offered can be added.
    """
    asked_for = sections_asked_for(answers)
    offered = sections_offered(sections, facts, asked_for)
    questions = [q for section in offered for q in section_questions(section, facts, answers)]
    left = tuple(f"section:{each.id}" for each in sections if each not in offered)
    return (*questions, more_sections_question(left, len(asked_for)))


def section_questions(
    section: PlanSection, facts: AbstractSet[str], answers: Mapping[str, str]
) -> tuple[Question, ...]:
    """The questions about one part: the part, then item by item if it is to be changed."""
    whole = Question(
        "plan_section",
        about=section.id,
        options=SECTION_OPTIONS,
        understands={"affirm": KEEP_ALL, "deny": LEAVE_OUT},
        says={KEEP_ALL: ("plan_kept",), LEAVE_OUT: ("plan_left_out",)},
    )
    if answers.get(whole.key) != CHANGE_ITEMS:
        return (whole,)
    asked = sections_asked_for(answers)
    return (
        whole,
        *(item_question(item) for item in items_offered(section, facts, asked)),
        own_question(section),
    )


def item_question(item: PlanItem) -> Question:
    """Whether one item is kept, left out, or put in the visitor's own words."""
    return Question(
        "plan_item",
        about=item.id,
        options=ITEM_OPTIONS,
        takes="words",
        understands={"affirm": KEEP_ITEM, "deny": LEAVE_OUT},
    )


def own_question(section: PlanSection) -> Question:
    """What the visitor wants to add to a part in their own words."""
    return Question(
        "plan_own",
        about=section.id,
        options=(NOTHING_TO_ADD,),
        takes="words",
        understands={"deny": NOTHING_TO_ADD},
    )


def more_sections_question(left: tuple[str, ...], asked: int) -> Question:
    """Which of the parts that were not offered the visitor wants to see as well."""
    return Question(
        "more_sections",
        about=str(asked),
        options=(*left, NO_MORE),
        understands={"deny": NO_MORE},
    )


def sections_asked_for(answers: Mapping[str, str]) -> frozenset[str]:
    """The parts that the visitor chose to add."""
    return frozenset(
        value.removeprefix("section:")
        for key, value in answers.items()
        if key.startswith("more_sections/") and value.startswith("section:")
    )


def plan_of(
    sections: Sequence[PlanSection], facts: AbstractSet[str], answers: Mapping[str, str]
) -> tuple[PlannedSection, ...]:
    """The plan so far: only what was kept, in the order of the parts; usable at any time."""
    offered = sections_offered(sections, facts, sections_asked_for(answers))
    planned = (planned_section(section, facts, answers) for section in offered)
    return tuple(each for each in planned if each.items or each.own)


def planned_section(
    section: PlanSection, facts: AbstractSet[str], answers: Mapping[str, str]
) -> PlannedSection:
    """What was kept of one part; a part that was not answered keeps nothing."""
    choice = answers.get(f"plan_section/{section.id}")
    items = items_offered(section, facts, sections_asked_for(answers))
    if choice == KEEP_ALL:
        return PlannedSection(section.id, tuple(item.id for item in items))
    if choice != CHANGE_ITEMS:
        return PlannedSection(section.id, ())
    said = {item.id: answers.get(f"plan_item/{item.id}", "") for item in items}
    added = answers.get(f"plan_own/{section.id}", "")
    return PlannedSection(
        section.id,
        tuple(item for item, answer in said.items() if answer == KEEP_ITEM),
        tuple(text for answer in (*said.values(), added) if (text := own_words(answer))),
    )


def own_words(answer: str) -> str:
    """The visitor's own words in an answer; empty when they pressed an option instead."""
    options = {*SECTION_OPTIONS, *ITEM_OPTIONS, NOTHING_TO_ADD, SKIPPED}
    return "" if answer in options else answer
