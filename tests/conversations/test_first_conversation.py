"""The first whole conversation, through the real Rasa, in both languages."""

from collections.abc import Callable

import pytest

from tests.visitor import Press, Visitor

pytestmark = pytest.mark.rasa

# Three lists before the plan: what is part of one's life, what goes on, and what one is.
NOTHING_MORE = ("none_of_these", "none_of_these", "none_of_these")


def test_from_the_opening_to_a_plan_on_screen(press: Press) -> None:
    visitor = press.visitor
    assert visitor.sees == ["open", "open_limits", "safe_now"]

    press("yes", "no", "want_danger_questions", "nothing_now", "yes")
    press("fear_4", "own_high")
    assert visitor.sees == ["danger_enough", "neck_open", "danger_more"]
    press("see_meaning")
    assert visitor.sees[0] == "explain_high"

    press("make_plan")
    assert visitor.asked == "place"
    visitor.says("México")
    assert "911" in visitor.reads("numbers")

    assert visitor.asked == "list_first"
    press("none_of_these", "no", "no", "no", *NOTHING_MORE)
    kept = []
    while visitor.asked == "plan_section":
        kept.append(visitor.reads("plan_section").splitlines()[0])
        press("keep_all")
    press("no_more")
    assert visitor.asked == "plan_menu"
    plan = visitor.reads("plan")
    assert len(kept) >= 4
    assert all(title in plan for title in kept)

    press("take_it", "keep_on_screen")
    assert visitor.sees == ["keep_on_screen", "more"]
    press("goodbye")
    assert visitor.sees == ["end", "closing"]


def test_a_plan_can_hold_at_least_six_parts(press: Press) -> None:
    visitor = press.visitor
    press("yes", "yes", "want_plan", "nothing_now", "rather_not_say")
    press("none_of_these", "yes", "yes", "yes", *NOTHING_MORE)
    parts = 0
    while visitor.asked == "plan_section":
        parts += 1
        press("keep_all")

    assert parts >= 6


def test_a_part_can_be_changed_item_by_item_and_in_own_words(press: Press) -> None:
    visitor = press.visitor
    press("yes", "no", "want_plan", "nothing_now", "rather_not_say")
    press("none_of_these", "no", "no", "no", *NOTHING_MORE)

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
    assert visitor.asked == "tracks_devices"
    visitor.says("yes")
    assert visitor.asked == "fear"
    visitor.says("not sure")
    assert visitor.asked == "own_level"


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
