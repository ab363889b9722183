"""What is possible at every turn: skip, pause, back, why, stop, leave, another language."""

from collections.abc import Callable

import pytest

from bot.content import Content
from tests.visitor import Visitor

pytestmark = pytest.mark.rasa


@pytest.fixture
def at_device(visitor: Visitor) -> Visitor:
    """A visitor with the second question open."""
    return visitor.says("yes")


def test_every_question_offers_the_controls(at_device: Visitor, content: Content) -> None:
    titles = content.buttons("en")
    controls = [titles[c] for c in ("skip", "why", "go_back", "pause", "stop", "not_safe")]

    assert at_device.buttons[-6:] == controls


@pytest.mark.parametrize("words", ["skip", "next question please", "I'd rather not say"])
def test_skipping(at_device: Visitor, words: str) -> None:
    at_device.says(words)

    assert at_device.sees == ["skip_ok", "wants"]


@pytest.mark.parametrize("words", ["why", "why do you want to know that", "why are you asking me"])
def test_asking_why(at_device: Visitor, words: str) -> None:
    at_device.says(words)

    assert at_device.sees == ["why", "device"]


@pytest.mark.parametrize("words", ["go back", "can i go back to the last question"])
def test_going_back(at_device: Visitor, words: str) -> None:
    at_device.says(words)

    assert at_device.sees == ["back_ok", "safe_now"]


def test_pausing_and_going_on(at_device: Visitor) -> None:
    at_device.says("hold on give me a minute")
    assert at_device.sees == ["pause_ok", "paused"]

    at_device.says("ok im back")

    assert at_device.asked == "device"


def test_stopping_with_a_way_back(at_device: Visitor) -> None:
    at_device.says("i want to stop now")
    assert at_device.sees == ["stop_ok", "end", "closing"]

    at_device.says("go on")

    assert at_device.asked == "device"


def test_not_safe_goes_before_everything(at_device: Visitor) -> None:
    at_device.presses("I'm not safe")
    assert at_device.sees == ["danger", "safer_now"]
    assert at_device.replies[0]["kind"] == "emergency"

    at_device.says("still not safe")
    assert at_device.sees == ["danger_again", "safer_now"]

    at_device.presses("Safer for now")
    assert at_device.sees == ["safer_good", "device"]


@pytest.mark.parametrize("words", ["he is outside", "hes breaking the door", "i'm hiding from him"])
def test_danger_in_own_words(at_device: Visitor, words: str) -> None:
    at_device.says(words)

    assert at_device.sees == ["danger", "safer_now"]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("should i call the police?", "police"),
        ("will they take my kids away", "children_reporting"),
        ("i think there is a tracker on my car", "tracker"),
        ("who can read this?", "confidentiality"),
        ("are you a real person", "bot"),
        ("can you call 911 for me", "cannot_call"),
        ("should i leave him", "decide"),
        ("how do i get a restraining order", "protection_order"),
        ("what did my wife tell you", "history"),
        ("its all my fault", "not_your_fault"),
        ("¿debo llamar a la policía?", "police"),
        ("me van a quitar a mis hijos?", "children_reporting"),
    ],
)
def test_a_digression_is_answered_and_the_talk_returns(
    at_device: Visitor, words: str, message: str
) -> None:
    at_device.says(words)

    assert at_device.sees[0] == message
    assert at_device.asked == "device"


@pytest.mark.parametrize(
    "words", ["Español", "hola, ¿podemos hablar en español?", "tengo mucho miedo de mi marido"]
)
def test_writing_in_the_other_language_changes_it(at_device: Visitor, words: str) -> None:
    at_device.says(words)

    assert at_device.language == "es"
    assert "¿Te preocupa" in at_device.replies[-1]["text"]


@pytest.mark.parametrize("words", ["i want to die", "i just want to sleep and not wake up"])
def test_the_visitors_own_thoughts_of_dying_are_asked_about_openly(
    at_device: Visitor, words: str
) -> None:
    at_device.says(words)
    assert at_device.sees == ["suicide"]

    at_device.says("yes")

    assert at_device.sees == ["suicide_yes", "device"]


def test_a_name_does_not_change_the_language(at_device: Visitor) -> None:
    at_device.says("Guadalajara")

    assert at_device.language == "en"


def test_two_messages_in_a_row_that_are_not_understood_name_a_person(at_device: Visitor) -> None:
    at_device.says("asdf qwerty zxcv")
    assert at_device.sees == ["not_understood", "device"]

    at_device.says("lkjhg poiuyt")
    assert at_device.sees == ["not_understood_twice", "device"]


@pytest.mark.parametrize("words", ["leave", "Exit", "salir"])
def test_leave_words_end_it_all(at_device: Visitor, words: str) -> None:
    at_device.says(words)

    assert at_device.replies == []
    assert at_device.is_gone


@pytest.mark.parametrize(
    ("language", "asks", "says"),
    [
        ("en", "what can't you do?", ["limits", "limits_privacy"]),
        ("en", "what doesn't this protect me from", ["limits", "limits_privacy"]),
        ("es", "¿qué no puedes hacer?", ["limits", "limits_privacy"]),
        ("en", "am I anonymous here", ["confidentiality", "who_knows_you"]),
        ("es", "¿esto es anónimo?", ["confidentiality", "who_knows_you"]),
    ],
)
def test_t3_what_this_cannot_do_can_be_asked_at_any_time(
    visitor_speaking: Callable[[str], Visitor], language: str, asks: str, says: list[str]
) -> None:
    visitor = visitor_speaking(language)

    visitor.says(asks)

    assert visitor.sees[: len(says)] == says
    assert visitor.asked == "safe_now"
