"""Coming back with a saved plan: only what a life event touches is asked again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.content import Content
from bot.safety.course import Course, open_question, questions_of, with_answer, with_opened
from bot.safety.own_plan import OwnPlan, as_record
from bot.safety.plan import FACTS, Situation, facts_told
from bot.safety.questions import SKIPPED, sign_answers
from bot.safety.reviewing import (
    difference,
    event_of,
    kept_facts,
    outgrown,
    outgrown_questions,
    told_again,
)
from bot.safety.signs import SIGNS
from tests.safety.test_own_plan import plans
from tests.safety.test_plan import CATALOGUE

EVENTS = [each.id for each in CATALOGUE.events]
STAYING = OwnPlan().with_items("stay_home", ["stay_home_rooms", "stay_home_ready"])


def opened(content: Content, plan: OwnPlan = STAYING, **facts: str) -> Course:
    """The course of somebody who came back with a plan and is past the first two questions."""
    record = {"plan": as_record(plan), "facts": {"lives_together": "yes", **facts}}
    return after(content, with_opened(content.outline, Course(), record), "yes", "no")


def after(content: Content, course: Course, *values: str) -> Course:
    for value in values:
        question = open_question(content.outline, course)
        course = with_answer(content.outline, course, question, value)
    return course


def to_the_menu(content: Content, course: Course) -> tuple[Course, list[str]]:
    """Skips on to the plan's menu; and what was asked on the way."""
    asked = []
    while (question := open_question(content.outline, course)).id != "plan_menu":
        asked.append(question.key)
        course = with_answer(content.outline, course, question, SKIPPED)
    return course, asked


def test_it_is_first_asked_whether_it_is_safe_and_then_what_has_changed(content: Content) -> None:
    course = with_opened(content.outline, Course(), {"plan": as_record(STAYING)})

    assert open_question(content.outline, course).id == "safe_now"
    assert open_question(content.outline, after(content, course, "yes", "no")).id == "list_changes"


def test_the_danger_questions_are_offered_afresh_and_nothing_of_them_was_kept(
    content: Content,
) -> None:
    course = after(content, opened(content), "none_of_these")

    assert open_question(content.outline, course).id == "danger_consent"
    assert sign_answers(course.answers) == {}


def test_where_nothing_has_changed_no_part_is_asked_about(content: Content) -> None:
    course = after(content, opened(content), "none_of_these", "not_now")

    _, asked = to_the_menu(content, course)

    assert not [key for key in asked if key.startswith(("plan_section", "plan_outgrown"))]


def test_moving_out_asks_about_what_it_touches_and_what_no_longer_fits(content: Content) -> None:
    course = after(content, opened(content), "so:changed_moved_out", "none_of_these", "not_now")

    reviewed, asked = to_the_menu(content, course)

    assert {"plan_section/after_leave", "plan_outgrown/stay_home"} <= set(asked)
    assert "plan_section/contacts" not in asked
    assert reviewed.plan == STAYING


def test_what_no_longer_fits_goes_only_by_its_owners_word(content: Content) -> None:
    course = after(content, opened(content), "so:changed_moved_out", "none_of_these", "not_now")
    while open_question(content.outline, course).id != "plan_outgrown":
        course = after(content, course, SKIPPED)

    assert after(content, course, "keep_them").plan == STAYING
    assert after(content, course, "take_them_out").plan == OwnPlan()


def test_the_difference_to_the_saved_plan_is_known(content: Content) -> None:
    course = after(content, opened(content), "so:changed_moved_out", "none_of_these", "not_now")
    while open_question(content.outline, course).key != "plan_section/after_leave":
        course = after(content, course, SKIPPED)

    new = difference(course.plan_opened, after(content, course, "keep_all").plan)

    assert {step.section for step in new.added} == {"after_leave"}
    assert not new.removed


def test_coming_back_can_be_undone_to_the_plan_that_was_there(content: Content) -> None:
    begun = Course(plan=OwnPlan().with_own("contacts", "my aunt"))

    course = with_opened(content.outline, begun, {"plan": as_record(STAYING)})

    assert course.plan_before == begun.plan


@pytest.mark.parametrize("event", EVENTS)
def test_every_event_touches_something_and_nothing_else(event: str) -> None:
    answers = {f"plan_section/{each.id}": "keep_all" for each in CATALOGUE.sections}
    of = event_of(CATALOGUE, event)

    told = told_again(CATALOGUE, {**answers, "children": "no"}, event)

    dropped = {key.partition("/")[2] for key in answers.keys() - told.keys()}
    assert dropped == set(of.parts)
    assert of.facts or of.asks or of.parts
    assert of.parts


def test_an_unknown_event_is_an_error() -> None:
    with pytest.raises(KeyError):
        event_of(CATALOGUE, "changed_the_weather")


@given(
    st.dictionaries(st.sampled_from([each.value for each in SIGNS]), st.sampled_from(["yes", "no"]))
)
def test_no_danger_answer_is_saved_with_a_plan(answers: dict[str, str]) -> None:
    danger = {each.value for each in SIGNS} - set(FACTS)

    assert not danger & set(kept_facts(answers))


def test_what_tailors_the_plan_is_saved_with_it() -> None:
    told = kept_facts({"children": "yes", "pets": "no", "first_money": "yes", "device": "yes"})

    assert told == {
        "children": "yes",
        "pets": "no",
        "first_money": "yes",
        "monitored_phone": "yes",
    }
    assert "lives_together" not in kept_facts({"lives_with": "not_sure"})


@given(plans(), plans())
def test_a_difference_leads_from_the_old_plan_to_the_new_one(old: OwnPlan, new: OwnPlan) -> None:
    differs = difference(old, new)

    gone = {step.id for step in differs.removed}
    assert (old.ids - gone) | {step.id for step in differs.added} == new.ids
    assert bool(difference(old, old)) is False


@given(plans(), st.frozensets(st.sampled_from(FACTS)))
def test_only_what_something_speaks_against_is_outgrown(
    plan: OwnPlan, facts: frozenset[str]
) -> None:
    assert outgrown(CATALOGUE, Situation(facts), plan) == {}


def test_the_steps_that_are_outgrown_are_asked_about_by_part() -> None:
    situation = Situation(facts_told({"lives_with": "no"}))

    (question,) = outgrown_questions(CATALOGUE, situation, STAYING)

    assert (question.key, question.options) == (
        "plan_outgrown/stay_home",
        ("keep_them", "take_them_out"),
    )


def test_a_talk_without_a_saved_plan_asks_nothing_of_the_kind(content: Content) -> None:
    course = Course(answers={"plan_start": "yes", "lives_with": "no"}, plan=STAYING)

    assert not [q for q in questions_of(content.outline, course) if q.id == "plan_outgrown"]
