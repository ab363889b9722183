"""The course of a conversation: order, going back, interrupts, and that it always ends."""

from functools import cache

from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from bot.content import Content, load
from bot.safety.course import (
    CLOSING,
    MENU,
    SAFER_NOW,
    Course,
    gone_back,
    open_question,
    questions_of,
    with_answer,
    with_heard,
    with_want,
)
from bot.safety.danger import Answer, Now, Sign
from bot.safety.questions import SKIPPED, danger_progress, sign_answers

OWN_WORDS = "my aunt in the next town"


def asked(content: Content, course: Course) -> str:
    return open_question(content.outline, course).id


def after(content: Content, course: Course, *values: str) -> Course:
    for value in values:
        course = with_answer(course, open_question(content.outline, course), value)
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

    assert asked(content, course) == "lives_together"


def test_the_child_question_is_not_asked_where_there_are_no_children(content: Content) -> None:
    course = Course(answers={"danger_consent": "yes", "children": "no", "wants": SKIPPED})
    ids = [each.id for each in questions_of(content.outline, course)]
    progress = danger_progress(questions_of(content.outline, course), course.answers)

    assert "child_not_theirs" in ids
    assert progress == (0, 11)


def test_enough_for_now_ends_the_danger_questions_and_explains(content: Content) -> None:
    course = after(
        content, Course(), "yes", "no", "want_danger_questions", "nothing_now", "yes",
        "no", "no", "no", "yes", "enough_for_now",
    )  # fmt: skip

    assert asked(content, course) == "explained"
    assert sign_answers(course.answers)[Sign.THREAT_TO_KILL] is Answer.YES


def test_going_back_opens_the_latest_answer(content: Content) -> None:
    course = after(content, Course(), "yes", "no")

    back = gone_back(course)

    assert back
    assert asked(content, back) == "device"


def test_there_is_nothing_before_the_first_question() -> None:
    assert gone_back(Course()) is None


def test_what_was_told_is_asked_for_confirmation_only(content: Content) -> None:
    course = with_heard(Course(), frozenset({Sign.STRANGLED}), frozenset())

    assert course.answers == {}
    assert course.heard == {Sign.STRANGLED}


def test_what_was_answered_is_not_asked_again_because_it_is_told_again() -> None:
    course = Course(answers={"strangled": "no"})

    assert with_heard(course, frozenset({Sign.STRANGLED}), frozenset()).heard == frozenset()


def test_the_menu_reopens_the_danger_questions(content: Content) -> None:
    course = after(content, Course(), "yes", "no", "just_look")

    assert asked(content, course) == MENU
    assert (
        asked(content, after(content, course, "more_danger_questions")) == "jealous_or_controlling"
    )


def test_a_plan_can_be_asked_for_at_any_time(content: Content) -> None:
    course = with_want(after(content, Course(), "yes", "no", "just_look"), "want_plan")

    assert asked(content, course) == "lives_together"


@given(st.dictionaries(st.sampled_from([s.value for s in Sign]), st.sampled_from(
    ["yes", "no", "not_sure", SKIPPED])))  # fmt: skip
def test_skipped_and_not_sure_are_unknown_and_never_no(answers: dict[str, str]) -> None:
    read = sign_answers(answers)

    for sign, answer in read.items():
        assert (answer is Answer.NO) == (answers[sign.value] == "no")
        assert (answer is Answer.YES) == (answers[sign.value] == "yes")


@cache
def all_words() -> Content:
    return load()


class AnyConversation(RuleBasedStateMachine):
    """Any answers in any order, back, skips, dangers: there is always a question, and an end."""

    @initialize()
    def begin(self) -> None:
        self.content = all_words()
        self.course = Course()

    @rule(data=st.data())
    def answers(self, data: st.DataObject) -> None:
        question = open_question(self.content.outline, self.course)
        own = [OWN_WORDS] if question.takes in ("text", "words") else []
        value = data.draw(st.sampled_from([*question.options, *own, SKIPPED]))
        self.course = with_answer(self.course, question, value)

    @rule()
    def goes_back(self) -> None:
        self.course = gone_back(self.course) or self.course

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
            course = with_answer(course, question, SKIPPED)
        assert open_question(self.content.outline, course).id == MENU
        ended = with_answer(course, open_question(self.content.outline, course), "goodbye")
        assert open_question(self.content.outline, ended).id == CLOSING


TestAnyConversation = AnyConversation.TestCase
