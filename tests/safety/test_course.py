"""The course of a conversation: order, going back, interrupts, and that it always ends."""

from dataclasses import replace

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from bot.content import Content, load
from bot.safety.course import (
    CHANGE_WHICH,
    CLOSING,
    MENU,
    PAUSED,
    SAFER_NOW,
    SUICIDE,
    Course,
    asks_to_confirm,
    gone_back,
    not_yet_said,
    open_question,
    with_answer,
    with_heard,
    with_said,
    with_want,
)
from bot.safety.listening import Correction, take_correction
from bot.safety.questions import SKIPPED, Question, sign_answers
from bot.safety.signs import SIGNS, Answer, Now, Sign

SIGN_NAMES = {sign.value for sign in SIGNS}
OWN_WORDS = "my aunt in the next town"


def asked(content: Content, course: Course) -> str:
    return open_question(content.outline, course).id


def after(content: Content, course: Course, *values: str) -> Course:
    for value in values:
        question = open_question(content.outline, course)
        course = with_answer(content.outline, course, question, value)
    return course


def test_the_first_question_is_whether_it_is_safe_to_talk(content: Content) -> None:
    assert asked(content, Course()) == "safe_now"


def test_not_safe_now_goes_before_every_other_question(content: Content) -> None:
    course = after(content, Course(), "no")

    assert asked(content, course) == SAFER_NOW
    assert asked(content, after(content, course, "still_not_safe")) == SAFER_NOW
    assert asked(content, after(content, course, "safer")) == "device"


def test_a_plan_needs_no_danger_question(content: Content) -> None:
    course = after(content, Course(), "yes", "no", "want_plan", "nothing_now", SKIPPED)

    assert asked(content, course) == "list_first"


def test_enough_for_now_ends_the_danger_questions_and_explains(content: Content) -> None:
    course = after(
        content, Course(), "yes", "no", "want_danger_questions", "nothing_now", "yes",
        "fear_1", "own_some", "so:threat_to_kill", "enough_for_now",
    )  # fmt: skip

    assert asked(content, course) == "explained"
    assert sign_answers(course.answers)[Sign.THREAT_TO_KILL] is Answer.YES


def test_going_back_opens_the_latest_answer(content: Content) -> None:
    course = after(content, Course(), "yes", "no")

    back = gone_back(content.outline, course)

    assert back
    assert asked(content, back) == "device"


def test_there_is_nothing_before_the_first_question(content: Content) -> None:
    assert gone_back(content.outline, Course()) is None


def test_what_was_told_is_asked_for_confirmation_only(content: Content) -> None:
    course = with_heard(Course(), frozenset({Sign.STRANGLED}), frozenset())

    assert course.answers == {}
    assert course.heard == {Sign.STRANGLED}


def test_a_yes_is_not_asked_again_because_it_is_told_again() -> None:
    course = Course(answers={"strangled": "yes"})

    assert with_heard(course, frozenset({Sign.STRANGLED}), frozenset()) == course


@pytest.mark.parametrize("answer", ["no", "not_sure", SKIPPED])
def test_what_the_visitors_own_words_speak_against_is_open_again(answer: str) -> None:
    course = Course(answers={"strangled": answer})

    told = with_heard(course, frozenset({Sign.STRANGLED}), frozenset())

    assert told.answers == {}
    assert told.heard == {Sign.STRANGLED}


def test_the_visitors_own_state_is_not_asked_about_as_a_danger_sign() -> None:
    told = with_heard(Course(), frozenset({Sign.OWN_SUICIDAL_THOUGHTS}), frozenset())

    assert told.heard == frozenset()


def test_the_menu_reopens_the_danger_questions(content: Content) -> None:
    course = after(content, Course(), "yes", "no", "just_look")

    assert asked(content, course) == MENU
    assert asked(content, after(content, course, "more_danger_questions")) == "fear"


def test_a_plan_can_be_asked_for_at_any_time(content: Content) -> None:
    course = with_want(
        content.outline, after(content, Course(), "yes", "no", "just_look"), "want_plan"
    )

    assert asked(content, course) == "list_first"


LOOKING = Course(answers={"safe_now": "yes", "device": "no", "wants": "just_look"})


def test_what_somebody_wants_before_they_were_asked_is_not_asked_any_more(
    content: Content,
) -> None:
    course = with_want(content.outline, after(content, Course(), "yes", "no"), "want_legal")

    assert asked(content, course) == "listen"


def test_the_danger_questions_can_be_asked_for_at_any_time(content: Content) -> None:
    course = with_want(content.outline, LOOKING, "want_danger_questions")

    assert asked(content, course) == "fear"


def test_numbers_can_be_asked_for_after_the_place_was_skipped(content: Content) -> None:
    course = Course(answers={**LOOKING.answers, "wants": "want_numbers", "place": SKIPPED})

    wanted = with_want(content.outline, course, "want_numbers")

    assert asked(content, course) == MENU
    assert asked(content, wanted) == "place"


def test_who_wants_the_plan_again_is_offered_its_further_parts_again(content: Content) -> None:
    more = {"more_sections/0": "section:pets", "more_sections/1": "no_more", "pets": SKIPPED}

    course = with_want(content.outline, Course(answers={**LOOKING.answers, **more}), "want_plan")

    assert "more_sections/1" not in course.answers
    assert course.answers["more_sections/0"] == "section:pets"
    assert course.answers["pets"] == SKIPPED


def test_going_on_after_a_pause_is_no_yes_to_what_can_not_raise_the_level(
    content: Content,
) -> None:
    told = {"danger_consent": "yes", "gun_access": "yes"}

    course = after(content, Course(answers={**LOOKING.answers, **told}), "go_on")

    assert "danger_more" not in course.answers
    assert asked(content, course) == "fear"


def test_another_want_later_leaves_the_conversation_where_it_stands(content: Content) -> None:
    assert with_want(content.outline, LOOKING, "want_legal") == LOOKING


def test_only_a_sign_that_was_spoken_of_is_asked_about_to_confirm(content: Content) -> None:
    told = Course(answers=LOOKING.answers, heard=frozenset({Sign.STRANGLED}))
    signs = {each.id: each for each in content.outline.before}

    assert asks_to_confirm(signs["strangled"], told)
    assert not asks_to_confirm(signs["weapon"], told)


def test_an_answer_that_is_asked_again_is_asked_in_full(content: Content) -> None:
    told = Course(heard=frozenset({Sign.STRANGLED}), again="strangled")
    strangled = next(each for each in content.outline.before if each.id == "strangled")

    assert not asks_to_confirm(strangled, told)


def test_only_long_and_grave_messages_are_said_once() -> None:
    course = with_said(Course(), ("neck", "skip_ok"))

    assert not_yet_said(course, ("neck", "skip_ok", "gun_help")) == ("skip_ok", "gun_help")


# ---- What an answer leaves behind. --------------------------------------------------------------


def test_an_answer_given_anew_is_the_latest_and_no_correction(content: Content) -> None:
    course = Course(answers={"place": "ES", "plan_start": "not_now"})

    moved = with_answer(content.outline, course, Question("place"), "FR")

    assert list(moved.answers.items()) == [("plan_start", "not_now"), ("place", "FR")]
    assert moved.corrections == ()


@pytest.mark.parametrize("said", ["yes", "no", SKIPPED])
def test_a_sign_that_was_confirmed_or_not_waits_no_more(content: Content, said: str) -> None:
    spoken = frozenset({Sign.STRANGLED, Sign.WEAPON})
    course = Course(answers={**LOOKING.answers, "danger_consent": "yes"}, heard=spoken)

    confirmed = after(content, course, said)

    assert len(confirmed.heard) == 1
    assert confirmed.heard.isdisjoint(Sign(key) for key in confirmed.answers if key in SIGN_NAMES)


def test_none_of_these_leaves_no_sign_of_the_list_waiting(content: Content) -> None:
    scared = {"danger_consent": "yes", "fear": "fear_0", "own_level": "own_none"}
    course = Course(answers={**LOOKING.answers, **scared})
    grave = open_question(content.outline, course)
    told = replace(course, heard=frozenset({Sign.STRANGLED, Sign.STALKING}))

    said = with_answer(content.outline, told, grave, "none_of_these")

    assert said.heard == {Sign.STALKING}


def test_making_a_plan_after_the_explanation_begins_the_plan(content: Content) -> None:
    explained = {"danger_consent": "enough_for_now"}

    course = after(content, Course(answers={**LOOKING.answers, **explained}), "make_plan")

    assert course.answers["plan_start"] == "yes"


# ---- Going back. --------------------------------------------------------------------------------


def went_back(content: Content, **answers: str) -> dict[str, str]:
    """The answers that are left after going back once."""
    back = gone_back(content.outline, Course(answers=answers))
    assert back
    return dict(back.answers)


def test_going_back_from_wanting_a_plan_takes_the_plan_back_too(content: Content) -> None:
    course = after(content, Course(), "yes", "no")

    back = gone_back(content.outline, after(content, course, "want_plan"))

    assert back == course


def test_going_back_from_making_a_plan_takes_the_plan_back_too(content: Content) -> None:
    assert went_back(content, plan_start="yes", explained="make_plan") == {}


def test_going_back_within_the_plan_leaves_the_plan(content: Content) -> None:
    assert went_back(content, plan_start="yes", children="no") == {"plan_start": "yes"}


def test_going_back_takes_what_one_press_said_of_a_list_and_no_more(content: Content) -> None:
    said = {"strangled": "not_sure", "threat_to_kill": "no", "weapon": "no"}

    assert went_back(content, **said) == {"strangled": "not_sure"}


def test_going_back_takes_the_same_answer_to_another_question_one_at_a_time(
    content: Content,
) -> None:
    assert went_back(content, strangled="no", stalking="no") == {"strangled": "no"}
    assert went_back(content, fear=SKIPPED, own_level=SKIPPED) == {"fear": SKIPPED}


def test_going_back_takes_one_yes_of_a_list_at_a_time(content: Content) -> None:
    assert went_back(content, strangled="yes", weapon="yes") == {"strangled": "yes"}


# ---- Questions that go before all others, and the menu. -----------------------------------------


def test_who_is_safer_now_is_in_no_danger_now_any_more(content: Content) -> None:
    course = Course(interrupt=SAFER_NOW, now=frozenset({Now.PERSON_HERE}))

    assert after(content, course, "still_not_safe") == course
    assert after(content, course, "safer") == Course()


@pytest.mark.parametrize("interrupt", [SAFER_NOW, SUICIDE, PAUSED, CLOSING])
def test_a_skip_never_takes_danger_now_away(content: Content, interrupt: str) -> None:
    here = frozenset({Now.PERSON_HERE})

    assert after(content, Course(interrupt=interrupt, now=here), SKIPPED).now == here


def test_an_answer_to_something_else_never_takes_danger_now_away(content: Content) -> None:
    here = frozenset({Now.PERSON_HERE})

    for interrupt in (SUICIDE, PAUSED, CLOSING):
        for option in content.outline.interrupts[interrupt].options:
            assert after(content, Course(interrupt=interrupt, now=here), option).now == here


def test_only_the_question_about_dying_keeps_an_answer_about_it(content: Content) -> None:
    course = after(content, Course(interrupt=SUICIDE), "not_sure")

    assert course == Course(answers={"own_suicidal_thoughts": "not_sure"})


def test_dangers_that_are_told_add_up() -> None:
    course = with_heard(Course(heard=frozenset({Sign.WEAPON}), now=frozenset({Now.LOCKED_IN})),
                        frozenset({Sign.STRANGLED}), frozenset({Now.PERSON_HERE}))  # fmt: skip

    assert course.heard == {Sign.WEAPON, Sign.STRANGLED}
    assert course.now == {Now.LOCKED_IN, Now.PERSON_HERE}


def test_asking_for_the_rest_from_the_menu_explains_anew(content: Content) -> None:
    done = {
        "danger_consent": "enough_for_now",
        "danger_more": "see_meaning",
        "explained": "not_now",
    }

    course = with_want(
        content.outline, Course(answers={**LOOKING.answers, **done}), "want_danger_questions"
    )

    assert course.answers == {**LOOKING.answers, "danger_consent": "yes"}


def test_goodbye_closes_and_forgets_no_answer(content: Content) -> None:
    assert after(content, LOOKING, "goodbye") == replace(LOOKING, interrupt=CLOSING)


def test_numbers_asked_for_again_are_those_of_the_place_that_was_named(content: Content) -> None:
    course = Course(answers={**LOOKING.answers, "place": "ES"})

    assert with_want(content.outline, course, "want_numbers") == course


def test_eight_answers_at_most_are_shown_to_be_changed(content: Content) -> None:
    answers = {sign.value: "yes" for sign in SIGNS[:10]}

    which = open_question(content.outline, Course(answers=answers, interrupt=CHANGE_WHICH))

    assert len(which.options) == 9
    assert which.options[0] == f"change:{SIGNS[9].value}"
    assert which.options[-1] == "keep_answers"


def test_an_answer_that_plan_and_danger_share_can_be_changed(content: Content) -> None:
    course = Course(answers={"children": "yes"}, interrupt=CHANGE_WHICH)

    assert open_question(content.outline, course).options == ("change:children", "keep_answers")


class AnyConversation(RuleBasedStateMachine):
    """Any answers in any order, back, skips, dangers: there is always a question, and an end."""

    @initialize()
    def begin(self) -> None:
        self.content = load()
        self.course = Course()

    @rule(data=st.data())
    def answers(self, data: st.DataObject) -> None:
        question = open_question(self.content.outline, self.course)
        own = [OWN_WORDS] if question.takes in ("text", "words") else []
        value = data.draw(st.sampled_from([*question.options, *own, SKIPPED]))
        self.course = with_answer(self.content.outline, self.course, question, value)

    @rule()
    def goes_back(self) -> None:
        self.course = gone_back(self.content.outline, self.course) or self.course

    @rule(
        topics=st.frozensets(st.sampled_from([each.value for each in Sign]), max_size=2),
        value=st.sampled_from(["", "yes", "no", "not_sure"]),
        again=st.booleans(),
    )
    def corrects(self, topics: frozenset[str], value: str, *, again: bool) -> None:
        wish = Correction(topics, value, again)
        self.course = take_correction(self.content.outline, self.course, wish).course

    @rule(sign=st.sampled_from(Sign), now=st.sampled_from(Now))
    def tells(self, sign: Sign, now: Now) -> None:
        self.course = with_heard(self.course, frozenset({sign}), frozenset({now}))

    @invariant()
    def a_question_stands_open_and_its_words_exist(self) -> None:
        if not hasattr(self, "course"):
            return
        question = open_question(self.content.outline, self.course)
        for language in self.content.languages.values():
            assert question.id in language.questions

    def teardown(self) -> None:
        """Skipping everything leads to the menu, and from there to the end."""
        if not hasattr(self, "course"):
            return
        course = self.course
        for _ in range(200):
            question = open_question(self.content.outline, course)
            if question.id == MENU:
                break
            course = with_answer(self.content.outline, course, question, SKIPPED)
        assert open_question(self.content.outline, course).id == MENU
        outline = self.content.outline
        ended = with_answer(outline, course, open_question(outline, course), "goodbye")
        assert open_question(self.content.outline, ended).id == CLOSING


TestAnyConversation = AnyConversation.TestCase
