"""The danger questions through the real Rasa: order, confirmation, pauses, corrections."""

import json
from collections.abc import Callable

import pytest
from websockets.sync.client import connect

from bot.bench.interview import interview
from bot.content import Content
from tests.stack import Stack
from tests.visitor import Press, Visitor

pytestmark = pytest.mark.rasa

CONSENT = ("yes", "no", "want_danger_questions", "nothing_now", "yes")
NOBODY = {"fear": "fear_0", "own_level": "own_none"}


@pytest.fixture
def asking(press: Press) -> Press:
    """A visitor of whom the danger questions are being asked."""
    press(*CONSENT)
    return press


@pytest.fixture
def opened(visitor_speaking: Callable[[str], Visitor], content: Content) -> Callable[[str], Press]:
    """A visitor of a language who has just opened the chat."""
    return lambda language: Press(visitor_speaking(language), content)


@pytest.fixture
def talker(opened: Callable[[str], Press]) -> Callable[[str], Press]:
    """A visitor of a language of whom the danger questions are being asked."""

    def in_language(language: str) -> Press:
        press = opened(language)
        press(*CONSENT)
        return press

    return in_language


def test_the_questions_come_in_the_order_of_the_rules(asking: Press, content: Content) -> None:
    person = {**{each.id: "no" for each in content.outline.before}, **NOBODY}
    asked = []
    while asking.visitor.asked != "exhausted_or_isolated":
        asked.append(asking.visitor.asked)
        listed = asking.visitor.asked.startswith("list_")
        asking("none_of_these" if listed else person[asking.visitor.asked])

    assert tuple(asked) == interview(content.outline, person).asked
    assert asking("no", "nothing_else").sees[0] == "explain_none_named"


def test_a_list_asks_on_about_what_is_left(asking: Press) -> None:
    asking("fear_0", "own_none", "none_of_these", "no", "no")
    assert asking.visitor.asked == "list_control"
    before = asking.visitor.reads("list_control").count("– ")

    pressed_sign(asking, "jealous_or_controlling")

    assert asking.visitor.reads("list_control").count("– ") == before - 1


def test_the_questions_end_when_none_could_raise_the_level(asking: Press) -> None:
    asking("fear_4", "own_high")

    assert asking.visitor.sees == ["danger_enough", "neck_open", "danger_more"]
    assert asking("see_meaning").sees[:3] == ["explain_high", "explain_why", "explain_open"]
    assert asking.visitor.asked == "explained"


def test_who_wants_to_go_on_can(asking: Press) -> None:
    asking("fear_4", "own_high", "keep_answering")

    assert asking.visitor.asked == "list_grave"


def test_how_many_questions_are_left_is_said_after_every_three(asking: Press) -> None:
    asking("fear_0", "own_none", "none_of_these")

    assert asking.visitor.sees == ["check_in", "expects_serious_harm"]


@pytest.mark.parametrize(
    ("language", "told", "sign", "yes"),
    [
        ("en", "last month he put his hands around my neck and squeezed", "strangled",
         "yes that is right"),
        ("en", "he told me he will kill me if i leave", "threat_to_kill", "yes"),
        ("es", "el mes pasado me apretó el cuello", "strangled", "sí, así es"),
        ("es", "me dijo que me va a matar", "threat_to_kill", "sí"),
    ],
)  # fmt: skip
def test_what_was_told_is_confirmed_first_and_not_asked_anew(
    opened: Callable[[str], Press], language: str, told: str, sign: str, yes: str
) -> None:
    press = opened(language)
    question = press.content.language(language).questions[sign]
    visitor = press("yes", "no", "want_danger_questions")
    visitor.says(told)
    press("yes")
    assert visitor.asked == sign
    assert visitor.reads(sign) == question["confirm"].strip()

    visitor.says(yes)

    assert visitor.asked in ("after_strangled", "after_threat")
    press("enough_for_now")
    assert visitor.sees[0] == "explain_high"
    assert question["sign"].strip() in visitor.reads("explain_high")


@pytest.mark.parametrize(
    ("language", "story", "sign"),
    [
        ("en", "sunday he squeezed my windpipe until the room went grey", "strangled"),
        ("en", "he promised they would find me in a ditch by easter", "threat_to_kill"),
        ("es", "el domingo me apretó la garganta hasta que se me nubló todo", "strangled"),
        ("es", "dijo que nadie iba a encontrar mi cuerpo", "threat_to_kill"),
    ],
)
def test_a_told_story_is_confirmed_and_means_fewer_questions(
    opened: Callable[[str], Press], content: Content, language: str, story: str, sign: str
) -> None:
    press = opened(language)
    question = press.content.language(language).questions[sign]
    visitor = press("yes", "no", "want_danger_questions")
    visitor.says(story)
    assert press("yes").asked == sign
    assert visitor.reads(sign) == question["confirm"].strip()

    assert press("yes").asked.startswith("after_")

    assert press("enough_for_now").sees[0] == "explain_high"
    assert question["sign"].strip() in visitor.reads("explain_high")
    untold = interview(content.outline, {**NOBODY, sign: "yes"})
    assert len(untold.asked) > 1


@pytest.mark.parametrize(
    ("language", "story"),
    [
        ("en", "an ex in college choked me. my husband now has never laid a hand on me"),
        ("en", "in the film the man strangles his wife and i had to leave the room"),
        ("es", "un ex de la universidad me ahorcó. mi esposo de ahora jamás me ha tocado"),
        ("es", "en la película él ahorca a la esposa y me tuve que salir"),
    ],
)
def test_what_was_with_somebody_else_or_in_a_film_fills_in_nothing(
    opened: Callable[[str], Press], language: str, story: str
) -> None:
    press = opened(language)
    visitor = press("yes", "no", "want_danger_questions")

    visitor.says(story)

    assert press("yes").asked == "fear"


@pytest.mark.parametrize(
    ("sign", "given"),
    [
        ("threat_to_kill", ["threat_help"]),
        ("strangled", ["neck", "neck_signs", "neck_care"]),
        ("weapon", ["threat_help"]),
        ("believes_would_kill", ["threat_help"]),
    ],
)
def test_a_critical_yes_is_given_what_it_needs_first(
    asking: Press, sign: str, given: list[str]
) -> None:
    asking("fear_0", "own_none")

    visitor = pressed_sign(asking, sign)

    neck = [] if sign == "strangled" else ["neck_open"]
    assert visitor.sees == [*given, "danger_enough", *neck, visitor.asked]
    assert visitor.asked.startswith("after_")


def test_a_gun_is_given_what_an_advocate_can_do_and_the_questions_go_on(asking: Press) -> None:
    asking("fear_0", "own_none", "none_of_these", "no", "no", "none_of_these")

    visitor = pressed_sign(asking, "gun_access")

    assert visitor.sees[-2:] == ["gun_help", "after_gun"]
    assert asking("go_on").asked == "list_other_person"


def pressed_sign(press: Press, sign: str) -> Visitor:
    """The visitor after pressing a sign of the open list."""
    danger = press.content.language(press.visitor.language).danger
    return press.visitor.presses(danger["signs"][sign]["name"])


def test_danger_right_now_in_their_own_rating_brings_the_number(asking: Press) -> None:
    visitor = asking("fear_3", "own_now")

    assert visitor.sees == ["danger", "safer_now"]
    assert visitor.replies[0]["kind"] == "emergency"


@pytest.mark.parametrize(
    ("language", "words", "message"),
    [
        ("en", "last night he choked me until i could not breathe", "neck"),
        ("en", "he keeps a gun in the truck", "gun_help"),
        ("en", "she said she is going to kill me one day", "threat_help"),
        ("en", "he is standing here with a knife in his hand", "danger"),
        ("en", "i want to kill myself", "suicide"),
        ("es", "anoche me ahorcó hasta que no pude respirar", "neck"),
        ("es", "tiene una pistola en la camioneta", "gun_help"),
        ("es", "me dijo que un día me va a matar", "threat_help"),
        ("es", "está aquí con un cuchillo en la mano", "danger"),
        ("es", "me quiero matar", "suicide"),
    ],
)
def test_what_is_needed_is_given_in_free_text_too_while_another_question_is_open(
    talker: Callable[[str], Press], language: str, words: str, message: str
) -> None:
    visitor = talker(language).visitor
    assert visitor.asked == "fear"

    visitor.says(words)

    assert message in visitor.sees


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "I meant no"),
        ("en", "sorry i meant no"),
        ("en", "wait, that was wrong, it should be no"),
        ("es", "quise decir que no"),
        ("es", "perdón, me equivoqué, es no"),
    ],
)
def test_i_meant_no(talker: Callable[[str], Press], language: str, words: str) -> None:
    press = talker(language)
    press("fear_0", "own_none")
    assert pressed_sign(press, "threat_to_kill").asked == "after_threat"

    press.visitor.says(words)

    assert press.visitor.sees == ["corrected", "list_grave"]


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "ask me that again"), ("es", "pregúntame eso otra vez")],
)
def test_ask_me_that_again(talker: Callable[[str], Press], language: str, words: str) -> None:
    press = talker(language)
    press("fear_0", "own_none", "none_of_these", "no")
    assert press.visitor.asked == "separated"

    press.visitor.says(words)

    assert press.visitor.sees == ["asked_again", "expects_serious_harm"]
    assert press("not_sure").asked == "separated"


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "change what I said about the gun"),
        ("es", "quiero cambiar lo que dije de la pistola"),
    ],
)
def test_what_was_said_about_the_gun_is_changed_and_the_result_follows(
    talker: Callable[[str], Press], language: str, words: str
) -> None:
    press = talker(language)
    press("fear_0", "own_none", "none_of_these", "no", "no", "none_of_these")
    pressed_sign(press, "gun_access")
    assert press("enough_for_now").sees[0] == "explain_elevated"

    press.visitor.says(words)
    assert press.visitor.sees == ["asked_again", "gun_access"]

    assert press("no").sees[0] == "explain_none_named"


def test_an_answer_can_be_chosen_to_be_changed(asking: Press) -> None:
    asking("fear_0", "own_none")
    pressed_sign(asking, "threat_to_kill")
    asking("enough_for_now", "change_answer")
    assert asking.visitor.asked == "change_which"

    pressed_sign(asking, "threat_to_kill")

    assert asking.visitor.asked == "threat_to_kill"
    assert asking("no").sees[0] == "explain_not_enough_info"


@pytest.mark.parametrize(
    ("language", "words", "message"),
    [
        ("en", "how sure is this?", "how_sure"),
        ("en", "what is this based on?", "basis_law"),
        ("es", "¿qué tan seguro es esto?", "how_sure"),
        ("es", "¿en qué se basa esto?", "basis_law"),
    ],
)
def test_how_sure_it_is_and_what_it_rests_on(
    talker: Callable[[str], Press], language: str, words: str, message: str
) -> None:
    press = talker(language)
    press("fear_4", "own_high", "see_meaning")

    press.visitor.says(words)

    assert press.visitor.sees[0] == message
    assert press.visitor.asked == "explained"


def test_nothing_a_visitor_sees_of_the_level_holds_a_figure(asking: Press) -> None:
    asking("fear_4", "own_high", "see_meaning")

    words = asking.visitor.reads("explain_high")

    assert not any(char.isdigit() for char in words)
    assert "%" not in words


def test_every_language_and_channel_says_the_same(
    talker: Callable[[str], Press], stack: Stack, content: Content
) -> None:
    presses = ("fear_2", "own_some", "none_of_these", "yes", "see_meaning")
    english, spanish = talker("en"), talker("es")
    for option in presses:
        english(option)
        spanish(option)

    over_the_line = said_over_the_line(stack, content, (*CONSENT, *presses))

    assert english.visitor.sees == spanish.visitor.sees == over_the_line


def said_over_the_line(stack: Stack, content: Content, presses: tuple[str, ...]) -> list[str]:
    """The messages of the last turn of a conversation over the WebSocket."""
    titles = content.buttons("en")
    address = stack.url.replace("http", "ws") + "/ws"
    with connect(address, origin=stack.url) as line:  # type: ignore[arg-type]
        line.send(json.dumps({"language": "en"}))
        replies = json.loads(line.recv())["replies"]
        for option in presses:
            offered = [each["title"] for reply in replies for each in reply["buttons"]]
            line.send(json.dumps({"button": offered.index(titles[option])}))
            replies = json.loads(line.recv())["replies"]
    return [reply["message"] for reply in replies]
