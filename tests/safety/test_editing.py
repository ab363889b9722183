"""Changing a plan: in the talk by choosing, beside it on the plan's own page."""

import pytest

from bot.content import Content
from bot.safety.course import (
    Course,
    gone_back,
    open_question,
    with_answer,
    with_change_beside,
)
from bot.safety.editing import Editing, changed_beside, edited, options
from bot.safety.own_plan import MOST_STEPS, OwnPlan
from bot.safety.questions import SKIPPED

PLAN = OwnPlan().with_items("contacts", ["contacts_hotline"]).with_own("pets", "the cat")
AT_THE_MENU = {
    "safe_now": "yes",
    "device": "no",
    "wants": "want_plan",
    "listen": "nothing_now",
    "place": SKIPPED,
    "plan_start": "yes",
    "enough_parts": "yes",
}


def at_the_menu(content: Content, plan: OwnPlan = PLAN) -> Course:
    """The course of somebody who has a plan and is past the questions that tailor it."""
    course = Course(answers=AT_THE_MENU, plan=plan)
    while (question := open_question(content.outline, course)).id != "plan_menu":
        course = with_answer(content.outline, course, question, SKIPPED)
    return course


def after(content: Content, course: Course, *values: str) -> Course:
    for value in values:
        question = open_question(content.outline, course)
        course = with_answer(content.outline, course, question, value)
    return course


def test_a_step_is_chosen_by_its_part_and_marked_done(content: Content) -> None:
    course = after(
        content, at_the_menu(content), "change_steps", "part:contacts", "step:contacts_hotline",
        "mark_done",
    )  # fmt: skip

    step = course.plan.find("contacts_hotline")
    assert step is not None
    assert step.done
    assert open_question(content.outline, course).id == "plan_menu"


def test_a_step_is_written_in_own_words(content: Content) -> None:
    course = after(
        content, at_the_menu(content), "change_steps", "part:pets", "step:own:1", "the dog",
    )  # fmt: skip

    assert [step.words for step in course.plan.of("pets")] == ["the dog"]


def test_people_places_words_and_signs_are_added_one_after_another(content: Content) -> None:
    course = after(
        content, at_the_menu(content), "add_own", "add:person", "Marigold", "add:place",
        "the library", "as_it_is",
    )  # fmt: skip

    assert {(step.kind, step.section) for step in course.plan.steps[-2:]} == {
        ("person", "contacts"),
        ("place", "safe_places"),
    }
    assert open_question(content.outline, course).id == "plan_menu"


def test_the_last_change_can_be_undone_and_done_again(content: Content) -> None:
    changed = after(
        content, at_the_menu(content), "change_steps", "part:pets", "step:own:1", "take_out"
    )

    undone = after(content, changed, "undo_change")

    assert changed.plan.of("pets") == ()
    assert undone.plan == PLAN
    assert after(content, undone, "undo_change").plan == changed.plan


def test_who_has_no_plan_has_nothing_to_change_or_undo(content: Content) -> None:
    course = at_the_menu(content, OwnPlan())

    assert after(content, course, "change_steps").interrupt == ""
    assert after(content, course, "undo_change").plan == OwnPlan()


def test_a_skip_leaves_everything_as_it_is(content: Content) -> None:
    course = after(content, at_the_menu(content), "change_steps", "part:pets", SKIPPED)

    assert (course.plan, course.interrupt) == (PLAN, "")


def test_the_rehearsal_comes_back_to_the_menu(content: Content) -> None:
    course = after(content, at_the_menu(content), "try_it_out")

    asked = []
    while (question := open_question(content.outline, course)).id == "rehearse":
        asked.append(question.about)
        course = after(content, course, SKIPPED)

    assert "keys_gone" in asked
    assert open_question(content.outline, course).id == "plan_menu"
    assert open_question(content.outline, after(content, course, "try_it_out")).id == "rehearse"


def test_going_back_takes_the_own_words_of_the_latest_answer_out(content: Content) -> None:
    answers = {k: v for k, v in AT_THE_MENU.items() if k != "enough_parts"}
    course = Course(answers={**answers, "plan_section/contacts": "change_items"})
    while open_question(content.outline, course).key != "plan_own/contacts":
        course = after(content, course, SKIPPED)

    back = gone_back(content.outline, after(content, course, "my aunt"))

    assert back is not None
    assert open_question(content.outline, back).key == "plan_own/contacts"
    assert back.plan == OwnPlan()


def test_a_code_is_asked_for_by_kind_and_by_time(content: Content) -> None:
    course = after(content, at_the_menu(content), "take_it", "keep_saved", "code_words")

    assert open_question(content.outline, course).id == "save_life"
    assert after(content, course, "for_a_week").editing == "code_words for_a_week"
    assert after(content, course, SKIPPED).editing == ""


def test_only_steps_of_the_chosen_part_can_be_chosen() -> None:
    assert options(Editing(PLAN, "plan_part")) == ("part:contacts", "part:pets")
    assert options(Editing(PLAN, "plan_which", "pets")) == ("step:own:1",)
    assert options(Editing(PLAN, "")) == ()


def test_a_done_step_can_be_marked_as_not_done() -> None:
    done = PLAN.marked("own:1", done=True)

    assert options(Editing(done, "plan_step", "own:1"))[0] == "mark_not_done"
    assert edited(Editing(done, "plan_step", "own:1"), "mark_not_done").plan == PLAN


def test_words_that_look_like_a_choice_are_kept_as_words() -> None:
    at = Editing(PLAN, "plan_words", "person")

    assert edited(at, "step: by step").plan.steps[-1].words == "step: by step"


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"do": "dance"},
        {"do": "mark_done", "step": "nothing"},
        {"do": "add", "kind": "robot", "words": "x"},
        {"do": "reword", "step": "own:1", "words": " "},
        {"do": "add", "kind": "person", "words": ""},
    ],
)
def test_a_change_that_makes_no_sense_changes_nothing(change: dict[str, str]) -> None:
    assert changed_beside(PLAN, change) == PLAN


def test_changes_are_made_beside_the_talk() -> None:
    course = Course(plan=PLAN)

    added = with_change_beside(course, {"do": "add", "kind": "signal", "words": "the porch light"})
    out = with_change_beside(added, {"do": "take_out", "step": "own:1"})

    assert added.plan.steps[-1].section == "code_word"
    assert "own:1" not in out.plan.ids
    assert with_change_beside(out, {"do": "undo_change"}).plan == added.plan


def test_a_full_plan_stays_as_it_is() -> None:
    plan = OwnPlan()
    for number in range(MOST_STEPS):
        plan = plan.with_own("contacts", f"step {number}")
    course = Course(plan=plan)

    assert with_change_beside(course, {"do": "add", "kind": "person", "words": "x"}) == course
