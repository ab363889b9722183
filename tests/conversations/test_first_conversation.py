"""The first whole conversation, through the real Rasa, in both languages."""

from collections.abc import Callable

import pytest

from bot.content import Content
from tests.visitor import Visitor

pytestmark = pytest.mark.rasa

DANGER_ORDER = [
    "jealous_or_controlling",
    "separated",
    "stalking",
    "threat_to_kill",
    "believes_would_kill",
    "weapon",
    "gun_access",
    "strangled",
    "children",
    "unemployed",
    "suicide_attempt",
    "other_worry",
]


class Press:
    """Presses buttons by the id of their words, in any language."""

    def __init__(self, visitor: Visitor, content: Content) -> None:
        self.visitor = visitor
        self.content = content

    def __call__(self, *options: str) -> Visitor:
        for option in options:
            titles = self.content.buttons(self.visitor.language)
            self.visitor.presses(titles[option])
        return self.visitor


@pytest.fixture(params=["en", "es"])
def press(
    request: pytest.FixtureRequest,
    visitor_speaking: Callable[[str], Visitor],
    content: Content,
) -> Press:
    return Press(visitor_speaking(request.param), content)


def test_from_the_opening_to_a_plan_on_screen(press: Press) -> None:
    visitor = press.visitor
    assert visitor.sees == ["open", "open_limits", "safe_now"]

    press("yes", "no", "want_danger_questions", "nothing_now", "yes")
    asked = []
    while visitor.asked != "explained":
        asked.append(visitor.asked)
        press("nothing_else" if visitor.asked == "other_worry" else "no")
    assert asked == DANGER_ORDER
    assert visitor.sees[0] == "explain_none"

    press("make_plan")
    assert visitor.asked == "place"
    visitor.says("México")
    assert "911" in visitor.reads("numbers")

    assert visitor.asked == "lives_together"
    press("no", "no")
    kept = []
    while visitor.asked == "plan_section":
        kept.append(visitor.reads("plan_section").splitlines()[0])
        press("keep_all")
    press("no_more")
    assert visitor.asked == "keep_plan"
    plan = visitor.reads("plan")
    assert len(kept) >= 4
    assert all(title in plan for title in kept)

    press("keep_on_screen")
    assert visitor.sees == ["keep_on_screen", "more"]
    press("goodbye")
    assert visitor.sees == ["end", "closing"]


def test_a_plan_can_hold_at_least_six_parts(press: Press) -> None:
    visitor = press.visitor
    press("yes", "yes", "want_plan", "nothing_now", "rather_not_say")
    press("yes", "yes", "yes", "yes")
    parts = 0
    while visitor.asked == "plan_section":
        parts += 1
        press("keep_all")

    assert parts >= 6


def test_a_part_can_be_changed_item_by_item_and_in_own_words(press: Press) -> None:
    visitor = press.visitor
    press("yes", "no", "want_plan", "nothing_now", "rather_not_say", "no", "no", "no")

    press("change_items", "leave_out", "keep_item")
    visitor.says("llamar a mi tia / call my aunt")
    while visitor.asked == "plan_item":
        press("leave_out")
    assert visitor.asked == "plan_own"
    visitor.says("my neighbour with the blue door")
    while visitor.asked == "plan_section":
        press("leave_out")
    press("no_more")

    plan = visitor.reads("plan")
    assert "call my aunt" in plan
    assert "blue door" in plan
    assert plan.count("–") == 3


def test_writing_is_understood_as_pressing_is(visitor: Visitor) -> None:
    visitor.says("yeah its fine, he is at work")
    assert visitor.asked == "device"
    visitor.says("no i dont think so")
    assert visitor.asked == "wants"
    visitor.says("i want to know how much danger im in")
    assert visitor.asked == "listen"
    visitor.says("he checks my phone every night and yells if im late")
    assert visitor.asked == "danger_consent"
    visitor.says("ok you can ask")
    assert visitor.asked == "jealous_or_controlling"
    visitor.says("yes all the time")
    assert visitor.asked == "separated"
    visitor.says("not sure")
    assert visitor.asked == "stalking"


def test_writing_is_understood_in_spanish(visitor_speaking: Callable[[str], Visitor]) -> None:
    visitor = visitor_speaking("es")
    visitor.says("sí, está en el trabajo")
    assert visitor.asked == "device"
    visitor.says("no creo")
    assert visitor.asked == "wants"
    visitor.says("quiero hacer un plan")
    assert visitor.asked == "listen"
    visitor.says("me revisa el celular y no me deja salir con mis amigas")
    assert visitor.asked == "place"
    visitor.says("estoy en Monterrey")
    assert "911" in visitor.reads("numbers")


def test_what_was_told_is_confirmed_and_not_asked_anew(visitor: Visitor) -> None:
    visitor.says("yes").says("no").says("look at danger signs")

    visitor.says("last month he put his hands around my neck and squeezed")

    assert {"validate", "neck", "neck_signs"} <= set(visitor.sees)
    visitor.says("yes")
    for _ in range(7):
        visitor.says("no")
    assert visitor.asked == "strangled"
    assert "You said" in visitor.reads("strangled")
    visitor.says("yes that is right")
    assert visitor.asked == "after_strangled"
    visitor.says("enough for now")
    assert visitor.sees[0] == "explain_triggered"
    assert "neck" in visitor.reads("explain_triggered")


def test_a_grave_yes_pauses_the_questions(press: Press) -> None:
    press("yes", "no", "want_danger_questions", "nothing_now", "yes", "no", "no", "no")

    visitor = press("yes")

    assert visitor.sees == ["threat_help", "after_threat"]
    assert press("go_on").asked == "believes_would_kill"


def test_nothing_a_visitor_sees_holds_a_number_for_the_danger(press: Press) -> None:
    press("yes", "no", "want_danger_questions", "nothing_now", "yes", "yes", "yes", "yes", "yes")
    visitor = press("enough_for_now")

    words = visitor.reads("explain_triggered")
    assert not any(char.isdigit() for char in words)
    assert "%" not in words
