"""How the door's knowledge changes what a turn means."""

import pytest

from bot.rasa_server.components.turn_context import (
    Turn,
    TurnReader,
    is_command,
    only_corrects,
    urgent_flags,
)

READER = TurnReader(["can", "what", "qué", "puedo"])


def intent(text: str, first: str, expects: object, confidence: float = 0.6) -> str:
    return READER.intent(Turn(text, first, confidence), expects)


@pytest.mark.parametrize("first", ["ask_police", "want_plan", "greet", "insult", "nlu_fallback"])
def test_a_story_stays_a_story_whatever_it_sounds_like(first: str) -> None:
    assert intent("the police came and i wanted to leave", first, "text") == "tell"


@pytest.mark.parametrize(
    "text", ["can the police help me", "and the police?", "¿Qué hago", "What now"]
)
def test_a_question_is_heard_while_a_story_is_expected(text: str) -> None:
    assert intent(text, "ask_police", "text") == "ask_police"


def test_a_short_turn_that_is_surely_a_wish_is_heard_while_a_story_is_expected() -> None:
    assert intent("make a safety plan", "want_plan", "text", confidence=0.95) == "want_plan"


def test_a_long_turn_is_a_story_even_if_it_is_surely_something_else() -> None:
    text = "he said i should make a plan and then he laughed at me"

    assert intent(text, "want_plan", "text", confidence=0.95) == "tell"


@pytest.mark.parametrize("first", ["affirm", "deny", "tell"])
def test_an_answer_is_an_answer_while_a_story_is_expected(first: str) -> None:
    assert intent("i suppose so", first, "text") == first


@pytest.mark.parametrize("first", ["goodbye", "feel_afraid", "helping_someone", "just_look"])
def test_a_feeling_or_a_farewell_in_a_story_is_part_of_the_story(first: str) -> None:
    assert intent("then i said bye to my sister and cried", first, "text") == "tell"


def test_what_goes_into_a_plan_is_no_request_however_sure_it_sounds() -> None:
    assert intent("call the police", "ask_police", "words", confidence=0.99) == "tell"


def test_a_question_is_heard_while_words_for_a_plan_are_expected() -> None:
    assert intent("what is a plan", "ask_bot", "words") == "ask_bot"


@pytest.mark.parametrize("expects", ["text", "words", "place"])
@pytest.mark.parametrize(
    "first",
    [
        "pause", "go_back", "stop", "not_safe", "quick_exit", "skip", "own_suicide", "not_sure",
        "correct",
    ],
)  # fmt: skip
def test_controls_and_safety_are_always_heard(first: str, expects: str) -> None:
    assert intent("anything at all", first, expects) == first


@pytest.mark.parametrize("expects", ["text", "words"])
@pytest.mark.parametrize(
    "text",
    [
        "sorry I meant no",
        "wait, i pressed the wrong button, its yes",
        "can I change what I said about the gun a few questions ago?",
        "puedo cambiar lo que dije de la pistola en la pregunta de antes",
    ],
)
def test_a_short_or_asked_correction_is_heard_while_own_words_are_expected(
    text: str, expects: str
) -> None:
    assert intent(text, "correct", expects) == "correct"


@pytest.mark.parametrize("expects", ["text", "words"])
@pytest.mark.parametrize("confidence", [0.5, 0.99])
@pytest.mark.parametrize(
    "text",
    [
        "i said no and i meant it but he did not stop until i cried",
        "he said it was a mistake and then he asked me again who i was with",
        "me equivoqué con él, pensé que iba a cambiar y no",
    ],
)
def test_a_correction_told_in_a_long_story_is_part_of_the_story(
    text: str, confidence: float, expects: str
) -> None:
    assert intent(text, "correct", expects, confidence) == "tell"


@pytest.mark.parametrize("expects", ["place", "choice", "", None])
def test_a_long_correction_is_heard_where_no_own_words_are_expected(expects: object) -> None:
    text = "you asked about weapons and i said no but there was the bat so change it to yes"

    assert intent(text, "correct", expects) == "correct"


@pytest.mark.parametrize("first", ["tell", "insult", "affirm", "nlu_fallback"])
def test_an_unknown_name_is_a_place_while_a_place_is_expected(first: str) -> None:
    assert intent("Sand Springs", first, "place") == "give_place"


def test_a_question_is_heard_while_a_place_is_expected() -> None:
    assert (
        intent("what do you need it for", "ask_confidentiality", "place") == "ask_confidentiality"
    )


@pytest.mark.parametrize("expects", [None, "", "choice", {"text": 1}, 7])
def test_nothing_changes_when_nothing_is_expected(expects: object) -> None:
    assert intent("the police came", "ask_police", expects) == "ask_police"


def test_the_list_of_what_counts_only_when_asking_can_be_changed() -> None:
    reader = TurnReader([], only_when_asking=["ask_*"])

    assert reader.intent(Turn("hello there", "greet", 0.5), "text") == "greet"


@pytest.mark.parametrize("text", ["", "\u200b", "...", "\U0001f600", "¿"])
def test_a_text_without_words_is_no_trouble(text: str) -> None:
    assert intent(text, "ask_police", "text") in {"tell", "ask_police"}


@pytest.mark.parametrize("text", ["/affirm", "  /inform{}"])
def test_what_begins_with_a_slash_is_a_command(text: str) -> None:
    assert is_command(text)


def test_a_slash_inside_a_text_is_no_command() -> None:
    assert not is_command("he/she left")


def test_urgent_flags_are_names_and_nothing_else() -> None:
    assert urgent_flags({"urgent": ["person_here_now", 3, None]}) == ["person_here_now"]


@pytest.mark.parametrize("urgent", [None, "person_here_now", {"a": 1}, 4])
def test_urgent_flags_of_another_shape_are_none(urgent: object) -> None:
    assert urgent_flags({"urgent": urgent}) == []


@pytest.mark.parametrize(("expects", "meant"), [("choice", "nlu_fallback"), ("text", "tell")])
def test_mashed_keys_are_not_understood_but_may_stand_in_a_story(expects: str, meant: str) -> None:
    assert (
        intent("asdf he said no qwerty zxcv and then we left the house", "gibberish", expects)
        == meant
    )


@pytest.mark.parametrize(
    ("text", "name", "confidence", "expected"),
    [
        ("i meant no", "correct", 0.97, True),
        ("quise decir que no", "correct", 0.97, True),
        ("i meant no", "correct", 0.6, False),
        ("i told him no and he did it anyway, every time that month", "correct", 0.97, False),
        ("he hit me", "tell", 0.97, False),
    ],
)
def test_a_short_correction_tells_nothing_of_its_own(
    text: str, name: str, confidence: float, expected: bool
) -> None:
    assert only_corrects(text, {"name": name, "confidence": confidence}) is expected
    assert not only_corrects(text, None)
