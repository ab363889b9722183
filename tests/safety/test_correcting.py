"""Answers changed later: what was meant, asked once more, or chosen from what was said."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.content import Content
from bot.safety.course import CHANGE_WHICH, PAUSED, Course, gone_back, open_question, with_answer
from bot.safety.listening import Correction, Understood, take, take_correction
from bot.safety.questions import SKIPPED, assessment_of
from bot.safety.signs import Level, Sign

CONSENTED = {"safe_now": "yes", "device": "no", "wants": "want_danger_questions",
             "listen": "nothing_now", "danger_consent": "yes"}  # fmt: skip
A_GUN = Course(
    answers={**CONSENTED, "stalking": "no", "fear": "fear_1", "gun_access": "yes"}, asked="x"
)
GUN = frozenset({"gun_access"})


def asked(content: Content, course: Course) -> str:
    return open_question(content.outline, course).id


def test_i_meant_no_changes_the_latest_answer_that_a_no_fits(content: Content) -> None:
    course = Course(answers={**CONSENTED, "threat_to_kill": "yes", "fear": "fear_1"})

    taken = take_correction(content.outline, course, Correction(value="no"))

    assert taken.course.answers["threat_to_kill"] == "no"
    assert taken.says == ("corrected",)


def test_the_level_follows_a_corrected_answer(content: Content) -> None:
    course = Course(answers={**CONSENTED, "threat_to_kill": "yes"})
    assert assessment_of(course.answers).low is Level.HIGH

    taken = take_correction(content.outline, course, Correction(value="no"))

    assert assessment_of(taken.course.answers).low is Level.NOTHING_NAMED


def test_the_question_that_is_named_is_changed_and_no_other(content: Content) -> None:
    taken = take_correction(content.outline, A_GUN, Correction(GUN, value="no"))

    assert taken.course.answers == {**A_GUN.answers, "gun_access": "no"}


def test_a_question_that_is_named_without_an_answer_is_asked_again(content: Content) -> None:
    taken = take_correction(content.outline, A_GUN, Correction(GUN))

    assert asked(content, taken.course) == "gun_access"
    assert taken.says == ("asked_again",)


def test_an_answer_holds_until_a_new_one_is_there(content: Content) -> None:
    again = take_correction(content.outline, A_GUN, Correction(GUN)).course

    assert assessment_of(again.answers) == assessment_of(A_GUN.answers)


def test_what_is_asked_again_is_answered_anew(content: Content) -> None:
    again = take_correction(content.outline, A_GUN, Correction(GUN)).course

    taken = take(content.outline, again, Understood(intent="deny", leading="no"))

    assert taken.course.answers["gun_access"] == "no"
    assert taken.course.corrections == ("gun_access",)


def test_skipping_what_is_asked_again_leaves_it_as_it_was(content: Content) -> None:
    again = take_correction(content.outline, A_GUN, Correction(GUN)).course

    taken = take(content.outline, again, Understood(intent=SKIPPED))

    assert taken.course.answers == A_GUN.answers
    assert asked(content, taken.course) == "after_gun"


def test_ask_me_that_again_asks_the_latest_question_again(content: Content) -> None:
    taken = take_correction(content.outline, A_GUN, Correction(again=True))

    assert asked(content, taken.course) == "gun_access"


def test_after_none_of_these_the_whole_list_is_asked_again(content: Content) -> None:
    course = Course(answers={**CONSENTED, "fear": "fear_0", "own_level": "own_none"})
    outline = content.outline
    none = with_answer(outline, course, open_question(outline, course), "none_of_these")

    taken = take_correction(outline, none, Correction(value="yes"))

    assert taken.says == ("asked_again",)
    assert asked(content, taken.course) == "list_grave"


def test_a_question_that_was_not_asked_yet_is_asked_when_it_is_named(content: Content) -> None:
    taken = take_correction(content.outline, A_GUN, Correction(frozenset({"strangled"})))

    assert asked(content, taken.course) == "strangled"


def test_a_correction_that_names_nothing_shows_what_can_be_changed(content: Content) -> None:
    taken = take_correction(content.outline, A_GUN, Correction())
    which = open_question(content.outline, taken.course)

    assert which.id == CHANGE_WHICH
    assert which.options == ("change:gun_access", "change:fear", "change:stalking", "keep_answers")


def test_the_chosen_answer_is_asked_again(content: Content) -> None:
    course = take_correction(content.outline, A_GUN, Correction()).course

    taken = take(content.outline, course, Understood(pressed=(CHANGE_WHICH, "change:fear")))

    assert asked(content, taken.course) == "fear"


@pytest.mark.parametrize("option", ["keep_answers", SKIPPED])
def test_leaving_all_answers_as_they_are(content: Content, option: str) -> None:
    course = take_correction(content.outline, A_GUN, Correction()).course

    taken = take(content.outline, course, Understood(pressed=(CHANGE_WHICH, option)))

    assert taken.course.answers == A_GUN.answers
    assert asked(content, taken.course) == "after_gun"


def test_before_any_answer_there_is_nothing_to_change(content: Content) -> None:
    taken = take_correction(content.outline, Course(), Correction())

    assert taken.says == ("nothing_to_change",)
    assert asked(content, taken.course) == "safe_now"


def test_a_no_to_being_safe_is_heard_as_danger_also_when_it_comes_late(content: Content) -> None:
    course = Course(answers={"safe_now": "yes"})

    taken = take_correction(content.outline, course, Correction(value="no"))

    assert "danger" in taken.says
    assert asked(content, taken.course) == "safer_now"


def test_a_critical_yes_is_given_what_it_needs_also_as_a_correction(content: Content) -> None:
    course = Course(answers={**CONSENTED, "strangled": "no"})

    taken = take_correction(content.outline, course, Correction(frozenset({"strangled"}), "yes"))

    assert asked(content, taken.course) == "after_strangled"


def test_the_explanation_is_given_anew_after_a_change(content: Content) -> None:
    enough = {**CONSENTED, "danger_consent": "enough_for_now"}
    course = Course(answers={**enough, "threat_to_kill": "yes", "explained": "not_now"})

    taken = take_correction(content.outline, course, Correction(value="no"))

    assert taken.says == ("corrected", "change_result")
    assert asked(content, taken.course) == "explained"


def test_that_an_answer_was_changed_is_kept_and_not_what_it_was(content: Content) -> None:
    taken = take_correction(content.outline, A_GUN, Correction(GUN, value="no"))

    assert taken.course.corrections == ("gun_access",)
    assert "yes" not in taken.course.corrections


def test_go_back_leaves_what_is_asked_again_as_it_was(content: Content) -> None:
    again = take_correction(content.outline, A_GUN, Correction(GUN)).course

    back = gone_back(content.outline, again)

    assert back
    assert back.answers == A_GUN.answers
    assert asked(content, back) == "after_gun"


def test_an_answer_can_be_changed_from_the_explanation(content: Content) -> None:
    enough = {**CONSENTED, "danger_consent": "enough_for_now"}
    course = Course(answers={**enough, "threat_to_kill": "yes"})

    taken = take(content.outline, course, Understood(pressed=("explained", "change_answer")))

    assert asked(content, taken.course) == CHANGE_WHICH


@pytest.mark.parametrize("option", ["how_sure_button", "basis_button"])
def test_asking_how_sure_it_is_leaves_the_question_open(content: Content, option: str) -> None:
    enough = {**CONSENTED, "danger_consent": "enough_for_now"}
    course = Course(answers={**enough, "threat_to_kill": "yes"})

    taken = take(content.outline, course, Understood(pressed=("explained", option)))

    assert taken.course.answers == course.answers
    assert asked(content, taken.course) == "explained"
    assert taken.says


SIGN_NAMES = [sign.value for sign in Sign if not sign.value.startswith(("own", "other"))]


@given(
    st.dictionaries(st.sampled_from(SIGN_NAMES), st.sampled_from(["yes", "no", "not_sure"])),
    st.sampled_from(SIGN_NAMES),
    st.sampled_from(["yes", "no", "not_sure"]),
)
def test_a_corrected_conversation_is_assessed_as_one_that_said_so_at_once(
    content: Content, said: dict[str, str], sign: str, value: str
) -> None:
    course = Course(answers={**CONSENTED, **said, sign: "no"})

    taken = take_correction(content.outline, course, Correction(frozenset({sign}), value=value))

    assert assessment_of(taken.course.answers) == assessment_of({**said, sign: value})


def test_going_back_after_enough_opens_that_choice_again(content: Content) -> None:
    course = Course(answers={**CONSENTED, "fear": "fear_4", "own_level": "own_high"})
    outline = content.outline
    enough = with_answer(outline, course, open_question(outline, course), "see_meaning")

    back = gone_back(outline, enough)

    assert back
    assert asked(content, back) == "danger_more"


def test_what_is_asked_again_is_asked_as_if_it_was_new(content: Content) -> None:
    again = take_correction(content.outline, A_GUN, Correction(GUN)).course

    assert again == replace(A_GUN, again="gun_access", asked="")


def test_a_correction_while_paused_asks_what_it_is_about(content: Content) -> None:
    paused = replace(A_GUN, interrupt=PAUSED)

    again = take_correction(content.outline, paused, Correction(GUN)).course

    assert asked(content, again) == "gun_access"


def test_choosing_what_to_change_changes_nothing_yet(content: Content) -> None:
    course = take_correction(content.outline, A_GUN, Correction()).course

    taken = take(content.outline, course, Understood(pressed=(CHANGE_WHICH, "change:fear")))

    assert taken.course == replace(A_GUN, again="fear")


def test_showing_what_can_be_changed_says_no_more(content: Content) -> None:
    assert take_correction(content.outline, A_GUN, Correction()).says == ()


def test_of_two_signs_that_are_named_the_first_is_asked_first(content: Content) -> None:
    course, two = Course(answers=CONSENTED), frozenset({"weapon", "strangled"})

    taken = take_correction(content.outline, course, Correction(two))

    assert asked(content, taken.course) == "strangled"


def test_after_a_correction_misses_are_counted_anew(content: Content) -> None:
    course = take_correction(content.outline, replace(A_GUN, misses=1), Correction(GUN)).course

    taken = take(content.outline, course, Understood(intent="nlu_fallback", text="asdf"))

    assert taken.says == ("not_understood",)


def test_a_correction_changes_the_one_answer_and_that_it_was_changed(content: Content) -> None:
    told = replace(A_GUN, heard=frozenset({Sign.GUN_ACCESS, Sign.STRANGLED}))

    taken = take_correction(content.outline, told, Correction(GUN, value="no"))

    answers = {**A_GUN.answers, "gun_access": "no"}
    assert taken.course == Course(
        answers, heard=frozenset({Sign.STRANGLED}), corrections=("gun_access",)
    )


def test_a_pause_that_is_asked_again_can_be_gone_on_from(content: Content) -> None:
    on = Course(answers={**A_GUN.answers, "after_gun": "go_on"})
    again = take_correction(content.outline, on, Correction(again=True)).course

    taken = take(content.outline, again, Understood(pressed=("after_gun", "go_on")))

    assert asked(content, again) == "after_gun"
    assert taken.course.answers == on.answers


@pytest.mark.parametrize("before", [replace(A_GUN, interrupt=PAUSED), replace(A_GUN, again="fear")])
def test_go_back_from_what_goes_before_all_others_undoes_no_answer(
    content: Content, before: Course
) -> None:
    assert gone_back(content.outline, before) == A_GUN


def test_after_a_question_that_was_named_early_the_others_come_as_before(content: Content) -> None:
    begun = Course(answers=CONSENTED)
    early = take_correction(content.outline, begun, Correction(frozenset({"stalking"}))).course

    taken = take(content.outline, early, Understood(pressed=("stalking", "no")))

    assert taken.course == Course(answers={**CONSENTED, "stalking": "no"})


def test_a_skip_of_what_is_asked_again_goes_on_where_it_stood(content: Content) -> None:
    again = replace(A_GUN, again="fear")

    assert take(content.outline, again, Understood(intent=SKIPPED)).course == A_GUN
