"""Making a plan together: question by question, usable after every one of them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.safety.own_plan import OwnPlan
from bot.safety.plan import Situation, tailored
from bot.safety.planning import (
    ITEM_OPTIONS,
    SHOWN,
    Making,
    asked_for,
    items_shown,
    plan_questions,
    priorities,
)
from bot.safety.questions import SKIPPED, Question
from tests.safety.test_plan import CATALOGUE, situations

CHANGING = {"plan_section/contacts": "change_items"}
OWN_WORDS = "call my aunt"


NOTHING_TOLD, NOTHING_KEPT = Situation(), OwnPlan()


def asked(
    situation: Situation = NOTHING_TOLD,
    answers: dict[str, str] | None = None,
    plan: OwnPlan = NOTHING_KEPT,
) -> dict[str, Question]:
    questions = plan_questions(CATALOGUE, situation, answers or {}, plan)
    return {each.key: each for each in questions}


def making(
    answers: dict[str, str] | None = None,
    plan: OwnPlan = NOTHING_KEPT,
    situation: Situation = NOTHING_TOLD,
) -> Making:
    return Making(CATALOGUE, situation, answers or {}, plan)


def shown(part: str, answers: dict[str, str] | None = None) -> tuple[str, ...]:
    offered = next(each for each in tailored(CATALOGUE, Situation()) if each.id == part)
    return items_shown(offered, answers or {}, OwnPlan())


def test_a_part_is_kept_changed_or_left_out_and_more_can_be_seen() -> None:
    part = asked()["plan_section/contacts"]

    assert part.options == (
        "keep_all",
        "more_items",
        "change_items",
        "leave_out",
        "show_plan",
        "enough_parts",
    )
    assert part.understands == {"affirm": "keep_all", "deny": "leave_out"}


def test_a_part_shows_a_few_steps_and_all_when_they_are_asked_for() -> None:
    every = shown("contacts", {"plan_shown/contacts": "yes"})
    part = asked(answers={"plan_shown/contacts": "yes"})["plan_section/contacts"]

    assert shown("contacts") == every[:SHOWN]
    assert len(every) > SHOWN
    assert "more_items" not in part.options


def test_a_part_to_be_changed_is_asked_step_by_step_and_then_for_own_words() -> None:
    items = [f"plan_item/{item}" for item in shown("contacts")]

    of_part = list(asked(answers=CHANGING))[: len(items) + 2]

    assert of_part == ["plan_section/contacts", *items, "plan_own/contacts"]


def test_the_last_question_offers_the_parts_that_were_not_offered() -> None:
    *_, last = asked().values()
    offered = {each.id for each in tailored(CATALOGUE, Situation())}
    left = [f"section:{each.id}" for each in CATALOGUE.sections if each.id not in offered]

    assert last.key == "more_sections/0"
    assert last.options == (*left, "no_more")


def test_who_has_enough_is_asked_nothing_more_of_the_plan() -> None:
    answers = {"plan_section/contacts": "keep_all", "enough_parts": "yes"}

    assert list(asked(answers=answers)) == ["plan_section/contacts"]


def test_a_part_that_was_asked_for_is_asked_about() -> None:
    answers = {"more_sections/0": "section:pets"}

    keys = list(asked(Situation(asked_for=asked_for(answers)), answers))

    assert "plan_section/pets" in keys
    assert keys[-1] == "more_sections/1"


def test_keeping_a_part_keeps_the_steps_that_were_shown() -> None:
    part = asked()["plan_section/contacts"]

    plan = making().after(part, "keep_all")

    assert tuple(step.id for step in plan.steps) == shown("contacts")


def test_leaving_a_part_out_takes_its_steps_out() -> None:
    part = asked()["plan_section/contacts"]
    plan = making().after(part, "keep_all").with_own("code_word", OWN_WORDS)

    after = making(plan=plan).after(part, "leave_out")

    assert [step.section for step in after.steps] == ["code_word"]


@pytest.mark.parametrize("value", ["change_items", "enough_parts", SKIPPED])
def test_other_answers_to_a_part_leave_the_plan_as_it_is(value: str) -> None:
    part = asked()["plan_section/contacts"]
    plan = making().after(part, "keep_all")

    assert making(plan=plan).after(part, value) == plan


def test_a_step_is_kept_left_out_or_worded_anew() -> None:
    first = shown("contacts")[0]
    question = asked(answers=CHANGING)[f"plan_item/{first}"]

    kept = making().after(question, "keep_item")
    worded = making(plan=kept).after(question, OWN_WORDS)

    assert question.options == ITEM_OPTIONS
    assert [step.id for step in kept.steps] == [first]
    assert [step.words for step in worded.steps] == [OWN_WORDS]
    assert making(plan=worded).after(question, "leave_out") == OwnPlan()


def test_own_words_are_added_to_a_part_or_nothing_is() -> None:
    question = asked(answers=CHANGING)["plan_own/contacts"]

    (step,) = making().after(question, OWN_WORDS).steps

    assert (step.section, step.words, step.is_own) == ("contacts", OWN_WORDS, True)
    assert making().after(question, "nothing_to_add") == OwnPlan()


def test_a_part_that_is_looked_at_again_shows_only_what_is_new() -> None:
    everything = shown("contacts", {"plan_shown/contacts": "yes"})
    plan = OwnPlan().with_items("contacts", everything[1:])
    again = {"plan_again/contacts": "yes"}
    part = asked(answers=again, plan=plan)["plan_section/contacts"]

    kept = making(again, plan).after(part, "keep_all")

    assert kept.ids == set(everything)
    assert making(again, plan).after(part, "leave_out") == plan


def test_a_part_that_is_looked_at_again_and_has_nothing_new_is_not_asked_about() -> None:
    plan = OwnPlan().with_items("contacts", shown("contacts", {"plan_shown/contacts": "yes"}))

    assert "plan_section/contacts" not in asked(answers={"plan_again/contacts": "yes"}, plan=plan)


def test_what_matters_most_is_read_from_the_answers_in_their_order() -> None:
    answers = {"first_money": "yes", "first_phone": "no", "first_children": "yes"}

    assert priorities(answers) == ("first_money", "first_children")


@given(situations, st.data())
def test_the_plan_is_usable_after_every_answer_and_holds_only_what_was_kept(
    situation: Situation, data: st.DataObject
) -> None:
    answers: dict[str, str] = {}
    plan = OwnPlan()
    for _ in range(40):
        questions = plan_questions(CATALOGUE, situation, answers, plan)
        question = next((each for each in questions if each.key not in answers), None)
        if question is None:
            break
        usable = [each for each in question.options if each not in question.stays]
        value = data.draw(st.sampled_from([*usable, SKIPPED]))
        before = plan
        plan = Making(CATALOGUE, situation, answers, plan).after(question, value)
        answers[question.key] = value
        if value in (SKIPPED, "change_items", "enough_parts", "no_more"):
            assert plan == before
        if value == "enough_parts":
            answers["enough_parts"] = "yes"
        assert all(step.section in {each.id for each in CATALOGUE.sections} for step in plan.steps)
        assert not {
            key.partition("/")[2] for key, said in answers.items() if said == "leave_out"
        } & {step.section for step in plan.steps}
