"""What a message does while a question stands open."""

from dataclasses import replace

import pytest

from bot.content import Content
from bot.safety.course import CLOSING, MENU, SUICIDE, Course, open_question, with_said
from bot.safety.listening import TOLD, Taken, Understood, take, take_aside, take_back
from bot.safety.questions import SKIPPED
from bot.safety.signs import Sign

DANGER = {"safe_now": "yes", "device": "no", "wants": "want_danger_questions", "listen": TOLD}
AT_STRANGLED = Course(answers={**DANGER, "danger_consent": "yes"}, again="strangled")
AT_GRAVE = Course(
    answers={**DANGER, "danger_consent": "yes", "fear": SKIPPED, "own_level": SKIPPED}
)
AT_WANTS = Course(answers={"safe_now": "yes", "device": "no"})
AT_LISTEN = Course(answers={**AT_WANTS.answers, "wants": "want_plan"})
AT_PLACE = Course(answers={**AT_WANTS.answers, "wants": "want_numbers"})
AT_MENU = Course(answers={**AT_WANTS.answers, "wants": "just_look"})
STRANGLED = {Sign.STRANGLED: "affirmed"}
NECK = ("neck", "neck_signs", "neck_care")


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


def pressed(content: Content, course: Course, value: str) -> Taken:
    """What a press on an option of the open question does."""
    key = open_question(content.outline, course).key
    return take(content.outline, course, Understood(pressed=(key, value)))


def not_understood(content: Content, course: Course) -> tuple[str, ...]:
    """What is said to a message that makes no sense."""
    return said(content, course, intent="nlu_fallback", text="asdf").says


# ---- What is said to an answer. -----------------------------------------------------------------


def test_an_answer_says_its_own_words_and_then_what_a_grave_sign_needs(content: Content) -> None:
    taken = said(content, Course(), intent="tell", text="…", leading="no", signs=STRANGLED)

    assert taken.course.answers["safe_now"] == "no"
    assert taken.says == ("danger", *NECK)


def test_going_on_in_words_after_a_pause_needs_no_second_yes(content: Content) -> None:
    course = Course(answers={**AT_GRAVE.answers, "strangled": "yes"})

    taken = said(content, course, intent="go_on", text="keep going")

    assert open_question(content.outline, taken.course).id == "list_grave"


def test_a_skip_is_fine_aloud(content: Content) -> None:
    assert pressed(content, AT_GRAVE, SKIPPED).says == ("skip_ok",)


def test_a_skip_of_the_question_about_dying_says_its_own_words(content: Content) -> None:
    course = replace(AT_GRAVE, interrupt=SUICIDE)

    assert pressed(content, course, SKIPPED).says == ("suicide_no",)


def test_an_answer_that_brings_no_words_is_answered_with_none(content: Content) -> None:
    assert pressed(content, Course(), "yes").says == ()


def test_a_told_story_is_thanked_for(content: Content) -> None:
    assert said(content, AT_LISTEN, intent="tell", text="a story").says == ("validate",)


@pytest.mark.parametrize(
    ("option", "says"),
    [("so:suicide_talk", ("suicide_threats",)), ("so:gun_access", ()), ("none_of_these", ())],
)
def test_a_press_on_a_list_says_what_its_sign_brings(
    content: Content, option: str, says: tuple[str, ...]
) -> None:
    grave = ("strangled", "threat_to_kill", "weapon", "believes_would_kill", "expects_serious_harm")
    control = ("separated", "jealous_or_controlling", "stalking", "tracks_devices")
    course = Course(answers={**AT_GRAVE.answers, **dict.fromkeys((*grave, *control), "no")})

    assert pressed(content, course, option).says == says


def test_a_place_brings_its_numbers_whatever_it_is(content: Content) -> None:
    taken = said(content, AT_PLACE, intent="tell", text="i live in spain", place="ES")

    assert taken.course.answers["place"] == "ES"
    assert taken.says == ("numbers", "services")


def test_changing_an_answer_before_there_is_one_says_that_there_is_none(content: Content) -> None:
    taken = pressed(content, AT_MENU, "change_answer")

    assert taken.says == ("nothing_to_change",)
    assert open_question(content.outline, taken.course).id == MENU


def test_changing_an_answer_asks_which_one_and_says_no_more(content: Content) -> None:
    course = Course(answers={**AT_MENU.answers, "weapon": "no"})

    assert pressed(content, course, "change_answer").says == ()


# ---- What written words mean. -------------------------------------------------------------------


def test_what_somebody_wants_can_be_said_in_words(content: Content) -> None:
    taken = said(content, AT_WANTS, intent="ask_police", text="can the police help")

    assert taken.course.answers["wants"] == "want_legal"


def test_a_want_is_no_answer_to_another_question(content: Content) -> None:
    course = Course(answers={"safe_now": "yes"})

    assert said(content, course, intent="ask_police", text="…").course.answers == course.answers


def test_a_story_is_no_answer_to_what_somebody_wants(content: Content) -> None:
    taken = said(content, AT_WANTS, intent="tell", text="he yells")

    assert taken.course.answers == AT_WANTS.answers


@pytest.mark.parametrize("text", ["", "  "])
def test_a_message_without_words_tells_nothing(content: Content, text: str) -> None:
    taken = said(content, AT_LISTEN, intent="nlu_fallback", text=text)

    assert "listen" not in taken.course.answers


def test_own_words_are_kept_in_the_plan_as_they_were_written(content: Content) -> None:
    contacts = content.outline.catalogue.section("contacts")
    key = f"plan_item/{contacts.items[0].id}"
    changing = {"plan_start": "yes", f"plan_section/{contacts.id}": "change_items"}

    taken = said(content, Course(answers=changing, again=key), intent="tell", text=" My aunt. ")

    (step,) = taken.course.plan.steps
    assert (step.id, step.words) == (contacts.items[0].id, "My aunt.")
    assert "My aunt." not in taken.course.answers.values()


def test_a_yes_that_denies_the_sign_is_asked_for_confirmation(content: Content) -> None:
    taken = said(content, AT_STRANGLED, intent="affirm", text="…", signs={Sign.STRANGLED: "denied"})

    assert "strangled" not in taken.course.answers


def test_not_sure_stays_not_sure_where_the_words_deny_the_sign(content: Content) -> None:
    taken = said(
        content, AT_STRANGLED, intent="not_sure", text="…", signs={Sign.STRANGLED: "denied"}
    )

    assert taken.course.answers["strangled"] == "not_sure"


# ---- What does not answer the open question. ----------------------------------------------------


@pytest.mark.parametrize("intent", ["repeat", "go_on"])
def test_who_asks_to_hear_it_again_is_told_nothing_else(content: Content, intent: str) -> None:
    assert said(content, AT_WANTS, intent=intent, text="what?") == Taken(AT_WANTS)


@pytest.mark.parametrize("intent", ["affirm", "deny", "choose"])
def test_a_bare_yes_or_no_where_there_is_more_to_choose_asks_to_choose(
    content: Content, intent: str
) -> None:
    assert said(content, AT_WANTS, intent=intent, text="…") == Taken(AT_WANTS, ("choose_again",))


def test_a_yes_that_tells_of_something_is_heard(content: Content) -> None:
    taken = said(content, AT_WANTS, intent="affirm", text="yes he tracks my phone",
                 signs={Sign.TRACKS_DEVICES: "affirmed"})  # fmt: skip

    assert taken.says == ("validate",)


def test_a_yes_in_place_of_a_place_is_no_place(content: Content) -> None:
    assert said(content, AT_PLACE, intent="affirm", text="yes").says == ("place_not_found",)


@pytest.mark.parametrize(
    ("course", "intent", "last"),
    [(AT_PLACE, "tell", "place_not_found"), (AT_WANTS, "choose", "choose_again")],
)
def test_what_a_grave_sign_needs_comes_before_the_question_is_asked_again(
    content: Content, course: Course, intent: str, last: str
) -> None:
    taken = said(content, course, intent=intent, text="…", signs=STRANGLED)

    assert taken.says == (*NECK, last)


def test_who_stopped_and_talks_again_stands_where_they_stood(content: Content) -> None:
    stopped = replace(AT_STRANGLED, interrupt=CLOSING)

    assert said(content, stopped, intent="tell", text="one more thing").course == AT_STRANGLED


# ---- A message that is understood ends the count of those that were not. -------------------------


def test_after_an_answer_misses_are_counted_anew(content: Content) -> None:
    answered = pressed(content, Course(misses=1), "yes")

    assert not_understood(content, answered.course) == ("not_understood",)


def test_after_a_story_misses_are_counted_anew(content: Content) -> None:
    told = said(content, replace(AT_WANTS, misses=1), intent="tell", text="he yells")

    assert not_understood(content, told.course) == ("not_understood",)


def test_after_an_aside_misses_are_counted_anew(content: Content) -> None:
    asked = Understood(intent="ask_children")

    aside = take_aside(content.outline, replace(AT_WANTS, misses=1), asked, ("children_reporting",))

    assert not_understood(content, aside.course) == ("not_understood",)


# ---- Beside the open question, and back. --------------------------------------------------------


def test_a_want_beside_the_open_question_is_kept(content: Content) -> None:
    taken = take_aside(content.outline, Course(), Understood(intent="want_plan"), ())

    assert taken.course.answers["wants"] == "want_plan"


def test_a_feeling_beside_the_open_question_wants_nothing(content: Content) -> None:
    taken = take_aside(content.outline, AT_WANTS, Understood(intent="feel_scared"), ("calm",))

    assert taken == Taken(AT_WANTS, ("calm",))


def test_going_back_says_so_and_opens_the_latest_answer(content: Content) -> None:
    taken = take_back(content.outline, AT_WANTS)

    assert taken.says == ("back_ok",)
    assert open_question(content.outline, taken.course).id == "device"


def test_going_back_at_the_beginning_leaves_everything_as_it_is(content: Content) -> None:
    assert take_back(content.outline, Course()).course == Course()
