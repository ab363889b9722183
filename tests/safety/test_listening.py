"""What a message does while a question stands open."""

from dataclasses import replace

import pytest

from bot.content import Content
from bot.safety.course import CLOSING, Course, open_question, with_said
from bot.safety.listening import TOLD, Taken, Understood, take, take_aside, take_back
from bot.safety.questions import SKIPPED
from bot.safety.signs import Sign

DANGER = {"safe_now": "yes", "device": "no", "wants": "want_danger_questions", "listen": TOLD}
AT_STRANGLED = Course(answers={**DANGER, "danger_consent": "yes"}, again="strangled")
AT_GRAVE = Course(
    answers={**DANGER, "danger_consent": "yes", "fear": SKIPPED, "own_level": SKIPPED}
)


def said(content: Content, course: Course, **heard: object) -> Taken:
    return take(content.outline, course, Understood(**heard))  # type: ignore[arg-type]


def test_a_yes_in_words_is_a_yes(content: Content) -> None:
    taken = said(content, AT_STRANGLED, intent="affirm", text="yes he did")

    assert taken.course.answers["strangled"] == "yes"


def test_not_sure_is_kept_as_not_sure(content: Content) -> None:
    taken = said(content, AT_STRANGLED, intent="not_sure", text="i dont know")

    assert taken.course.answers["strangled"] == "not_sure"


def test_the_first_word_can_say_it_all(content: Content) -> None:
    taken = said(content, AT_STRANGLED, intent="tell", text="no thank god", leading="no")

    assert taken.course.answers["strangled"] == "no"


def test_a_no_that_tells_the_opposite_is_asked_for_confirmation(content: Content) -> None:
    taken = said(
        content,
        AT_STRANGLED,
        intent="deny",
        text="no just my throat once",
        leading="no",
        signs={Sign.STRANGLED: "affirmed"},
    )

    assert "strangled" not in taken.course.answers
    assert Sign.STRANGLED in taken.course.heard
    assert taken.says == ("validate", "neck", "neck_signs", "neck_care")


@pytest.mark.parametrize("status", ["denied", "hypothetical", "past", "other_person", "idiom"])
def test_only_an_affirmed_sign_waits_to_be_confirmed(content: Content, status: str) -> None:
    taken = said(content, Course(), intent="tell", text="…", signs={Sign.STRANGLED: status})

    assert taken.course.heard == frozenset()
    assert "strangled" not in taken.course.answers


def test_a_told_sign_is_never_a_yes_by_itself(content: Content) -> None:
    taken = said(content, Course(), intent="tell", text="…", signs={Sign.WEAPON: "affirmed"})

    assert "weapon" not in taken.course.answers
    assert Sign.WEAPON in taken.course.heard


def test_a_button_of_another_question_answers_nothing(content: Content) -> None:
    taken = said(content, Course(), pressed=("weapon", "yes"))

    assert taken.says == ("button_expired",)
    assert taken.course == Course()


def test_an_option_that_was_not_offered_answers_nothing(content: Content) -> None:
    assert said(content, Course(), pressed=("safe_now", "maybe")).says == ("button_expired",)


def test_a_story_is_kept_as_told_and_not_in_words(content: Content) -> None:
    course = Course(answers={"safe_now": "yes", "device": "no", "wants": "want_plan"})

    taken = said(content, course, intent="tell", text="a secret story")

    assert taken.course.answers["listen"] == TOLD
    assert "secret" not in repr(taken)


def test_a_message_that_is_not_understood_twice_names_a_person(content: Content) -> None:
    once = said(content, Course(), intent="nlu_fallback", text="asdf")
    twice = said(content, once.course, intent="nlu_fallback", text="asdf")

    assert once.says == ("not_understood",)
    assert twice.says == ("not_understood_twice",)


def test_an_aside_leaves_the_open_question_where_it_was(content: Content) -> None:
    asked = Understood(intent="ask_children")
    taken = take_aside(content.outline, AT_STRANGLED, asked, ("children_reporting",))

    assert open_question(content.outline, taken.course).id == "strangled"
    assert taken.says == ("children_reporting",)


def test_a_grave_sign_in_an_aside_is_given_what_it_needs(content: Content) -> None:
    heard = Understood(intent="ask_police", signs={Sign.STRANGLED: "affirmed"})

    taken = take_aside(content.outline, AT_STRANGLED, heard, ("police",))

    assert taken.says == ("police", "neck", "neck_signs", "neck_care")
    assert Sign.STRANGLED in taken.course.heard


def test_going_back_at_the_beginning_says_that_there_is_nothing_before(
    content: Content,
) -> None:
    assert take_back(content.outline, Course()).says == ("back_none",)


def test_who_stopped_and_talks_again_is_asked_the_question_that_stood_open(
    content: Content,
) -> None:
    stopped = replace(AT_STRANGLED, interrupt=CLOSING)

    taken = said(content, stopped, intent="tell", text="one more thing")

    assert open_question(content.outline, taken.course).id == "strangled"


def test_thanks_for_telling_are_not_repeated_word_for_word(content: Content) -> None:
    first = said(content, AT_STRANGLED, intent="tell", text="he yells")
    told = with_said(first.course, first.says)

    assert first.says == ("validate",)
    assert said(content, told, intent="tell", text="he yells").says == ("heard_you",)


def test_no_in_words_to_a_list_is_a_no_to_each_of_its_signs(content: Content) -> None:
    taken = said(content, AT_GRAVE, intent="tell", text="no he never did any of that", leading="no")

    assert taken.course.answers["weapon"] == taken.course.answers["strangled"] == "no"


def test_a_no_that_tells_of_a_sign_of_the_list_is_no_no(content: Content) -> None:
    taken = said(
        content,
        AT_GRAVE,
        intent="deny",
        text="no, only the one time with the knife",
        signs={Sign.WEAPON: "affirmed"},
    )

    assert "strangled" not in taken.course.answers
    assert open_question(content.outline, taken.course).id == "weapon"


def test_a_yes_in_words_to_a_list_asks_which_one(content: Content) -> None:
    taken = said(content, AT_GRAVE, intent="affirm", text="yes")

    assert taken.says == ("choose_again",)
    assert taken.course.answers == AT_GRAVE.answers


def test_thoughts_of_dying_in_any_text_are_asked_about_kindly(content: Content) -> None:
    heard = {Sign.OWN_SUICIDAL_THOUGHTS: "affirmed"}

    taken = said(content, AT_GRAVE, intent="tell", text="i would rather be dead", signs=heard)

    assert open_question(content.outline, taken.course).id == "suicide"


def test_what_is_said_of_dying_is_kept_and_not_asked_again(content: Content) -> None:
    heard = {Sign.OWN_SUICIDAL_THOUGHTS: "affirmed"}
    told = said(content, AT_GRAVE, intent="tell", text="…", signs=heard).course
    answered = said(content, told, intent="affirm", text="yes").course

    again = said(content, answered, intent="tell", text="…", signs=heard).course

    assert answered.answers["own_suicidal_thoughts"] == "yes"
    assert open_question(content.outline, again).id == "list_grave"
