"""A plan made together, changed, tried out, saved under a code, and looked at again."""

import io
import re
from collections.abc import Callable
from typing import Any

import pytest
from pypdf import PdfReader

from bot.content import Content
from bot.plans.codes import read_code
from tests.stack import Stack
from tests.visitor import Press, Visitor

pytestmark = pytest.mark.rasa

TO_THE_PLAN = ("yes", "no", "want_plan", "nothing_now", "rather_not_say")
NOTHING_MORE = ("none_of_these", "none_of_these", "none_of_these")
STAYING = (*TO_THE_PLAN, "none_of_these", "yes", "no", "no", *NOTHING_MORE)
MARKED = "Marigold-7731 from the bakery"


def with_plan(press: Press) -> Visitor:
    """A visitor at the plan's menu, with two parts kept."""
    return press(*STAYING, "keep_all", "keep_all", "enough_parts")


def steps(plan: str) -> list[str]:
    """The steps of a plan that was taken away as text."""
    return [line for line in plan.splitlines() if line.startswith("– ")]


def key_of(visitor: Visitor) -> dict[str, str]:
    return {"X-Conversation": visitor.token}


def by_id(plan: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {step["id"]: step for part in plan["sections"] for step in part["steps"]}


def saved(press: Press, kind: str = "code_words") -> str:
    """The code of the plan, saved in the talk."""
    visitor = press("take_it", "keep_saved", kind, "for_a_week")
    assert visitor.sees[0] == "plan_saved"
    return visitor.reads("plan_saved").splitlines()[1]


def test_after_every_answer_the_plan_is_there_and_usable(press: Press) -> None:
    visitor = press(*STAYING)
    assert steps(visitor.plan) == []

    press("keep_all")
    assert len(steps(visitor.plan)) == 5
    press("change_items", "keep_item")
    assert len(steps(visitor.plan)) == 6
    press("pause")
    assert len(steps(visitor.plan)) == 6


def test_a_plan_is_added_to_changed_and_undone_in_the_talk(press: Press) -> None:
    visitor = with_plan(press)
    press("add_own")
    visitor.presses(press.content.language(visitor.language).planning["own"]["person"])
    visitor.says("Marigold from work, may know all")
    assert visitor.sees == ["plan_changed", "plan_add"]
    press("as_it_is", "show_plan")
    assert "Marigold from work" in visitor.reads("plan")

    press("undo_change")
    assert "Marigold" not in visitor.plan
    press("undo_change")
    assert "Marigold" in visitor.plan


def test_a_step_is_marked_as_done_in_the_talk(press: Press) -> None:
    visitor = with_plan(press)
    press("change_steps")
    visitor.presses(visitor.buttons[0])
    visitor.presses(visitor.buttons[0])
    press("mark_done")

    assert visitor.asked == "plan_menu"
    done = press.content.language(visitor.language).planning["done"]
    assert [step for step in steps(visitor.plan) if f"({done})" in step]


def test_leaving_is_tried_out_with_surprises_and_gaps_are_closed(press: Press) -> None:
    visitor = with_plan(press)
    before = len(steps(visitor.plan))

    press("try_it_out", "repair", "covered")
    visitor.says("my cousin has a spare key / mi prima tiene una llave")
    while visitor.asked == "rehearse":
        press("not_for_me" if "not_for_me" in options(press) else "skip")

    assert visitor.asked == "plan_menu"
    assert len(steps(visitor.plan)) > before
    assert "spare key" in visitor.plan


def options(press: Press) -> set[str]:
    titles = press.content.buttons(press.visitor.language)
    return {name for name, title in titles.items() if title in press.visitor.buttons}


@pytest.mark.parametrize("kind", ["code_words", "code_digits"])
def test_a_plan_is_saved_and_found_again_with_its_code_alone(
    press: Press, visitor_speaking: Callable[[str], Visitor], content: Content, kind: str
) -> None:
    visitor = with_plan(press)
    kept = steps(visitor.plan)
    code = saved(press, kind)
    assert read_code(code)
    visitor.leaves()

    back = visitor_speaking("en")
    back.says(code.upper())

    assert back.sees == ["plan_opened", "safe_now"]
    assert steps(back.plan) == kept


def test_who_comes_back_is_asked_what_has_changed_and_sees_the_difference(
    press: Press, visitor_speaking: Callable[[str], Visitor], content: Content
) -> None:
    with_plan(press)
    code = saved(press)
    language = press.visitor.language
    again = Press(visitor_speaking(language), content)
    again.visitor.says(code)
    again("yes", "no")
    assert again.visitor.asked == "list_changes"

    words = content.language(language).planning
    again.visitor.presses(words["events"]["changed_moved_out"])
    again("none_of_these")
    assert again.visitor.asked == "danger_consent"
    again("not_now")
    looked_at = []
    while again.visitor.asked != "plan_menu":
        if again.visitor.asked == "plan_section":
            looked_at.append(again.visitor.reads("plan_section").splitlines()[0])
            again("keep_all")
        else:
            again("skip")

    assert content.language(language).plan_sections["after_leave"]["title"] in looked_at
    assert content.language(language).plan_sections["contacts"]["title"] not in looked_at
    told = again.visitor.reads("plan_difference")
    assert told.startswith(words["difference"]["title"])
    assert f"– {words['difference']['added']}: " in told


def test_a_wrong_code_finds_nothing_and_the_talk_goes_on(visitor: Visitor) -> None:
    visitor.says("1234 5678 9012 3456")

    assert visitor.sees == ["code_unknown", "safe_now"]
    assert visitor.says("yes").asked == "device"


def test_a_saved_plan_is_deleted_with_its_code_in_one_step(
    stack: Stack, press: Press, visitor_speaking: Callable[[str], Visitor]
) -> None:
    with_plan(press)
    code = saved(press)
    for _ in range(2):
        gone = stack.http.request("DELETE", "/api/plans", json={"code": code})
        assert gone.status_code == 204

    assert visitor_speaking("en").says(code).sees[0] == "code_unknown"


def test_every_change_can_be_made_beside_the_talk(on_the_web: Visitor, content: Content) -> None:
    with_plan(Press(on_the_web, content))

    def change(**wish: str) -> dict[str, Any]:
        answer = on_the_web.http.post("/api/plan/changes", json=wish, headers=key_of(on_the_web))
        assert answer.status_code == 200
        assert answer.json()["replies"][-1]["message"] == "plan_menu"
        return by_id(answer.json()["plan"])

    assert change(do="add", kind="place", words=MARKED)["own:1"]["text"] == MARKED
    assert change(do="reword", step="own:1", words="the library")["own:1"]["text"] == "the library"
    assert change(do="mark_done", step="own:1")["own:1"]["done"]
    assert not change(do="mark_not_done", step="own:1")["own:1"]["done"]
    assert "own:1" not in change(do="take_out", step="own:1")
    assert "own:1" in change(do="undo_change")


def test_files_are_made_of_the_plan_and_named_for_nothing(
    on_the_web: Visitor, content: Content
) -> None:
    with_plan(Press(on_the_web, content))
    key = key_of(on_the_web)

    locked = on_the_web.http.post(
        "/api/plan/file", json={"form": "pdf", "password": "seven boats"}, headers=key
    )
    text = on_the_web.http.post("/api/plan/file", json={"form": "text"}, headers=key)
    reminder = on_the_web.http.post(
        "/api/plan/file", json={"form": "ics", "cover": "Call the dentist"}, headers=key
    )

    reader = PdfReader(io.BytesIO(locked.content), password="seven boats")
    assert "My plan" in reader.pages[0].extract_text()
    assert b"My plan" not in locked.content
    assert text.text.startswith("My plan")
    assert "SUMMARY:Call the dentist" in reminder.text
    for file, ending in ((locked, "pdf"), (text, "txt"), (reminder, "ics")):
        assert file.headers["content-disposition"] == f'attachment; filename="notes.{ending}"'
        assert file.headers["cache-control"] == "no-store"


def test_a_plan_is_saved_again_under_the_same_code(on_the_web: Visitor, content: Content) -> None:
    with_plan(Press(on_the_web, content))
    key = key_of(on_the_web)
    first = on_the_web.http.post("/api/plans", json={"kind": "digits", "hours": 2}, headers=key)
    code = first.json()["code"]
    on_the_web.http.post(
        "/api/plan/changes", json={"do": "add", "kind": "person", "words": MARKED}, headers=key
    )

    again = on_the_web.http.post("/api/plans", json={"code": code, "hours": 5}, headers=key)

    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json()["code"] == code
    back = Visitor(on_the_web.http)
    opened = on_the_web.http.post("/api/plans/opened", json={"code": code}, headers=key_of(back))
    assert opened.status_code == 200
    assert MARKED in back.plan


def test_a_helpers_link_brings_what_was_sealed_and_nothing_else(
    on_the_web: Visitor, content: Content
) -> None:
    with_plan(Press(on_the_web, content))
    wish = {"parts": ["code_word"], "hours": 1}
    made = on_the_web.http.post("/api/slices", json=wish, headers=key_of(on_the_web))
    name, _, secret = made.json()["fragment"].partition(".")

    found = on_the_web.http.post("/api/slices/opened", json={"name": name})
    nothing = on_the_web.http.post("/api/slices/opened", json={"name": "A" * 22})

    assert (found.status_code, nothing.status_code) == (200, 404)
    assert secret not in found.text
    assert re.fullmatch(r"[A-Za-z0-9+/=]+", found.json()["sealed"])


def test_what_is_saved_lies_sealed_and_no_log_holds_a_word_or_a_code(
    on_the_web: Visitor, content: Content, stack: Stack
) -> None:
    press = Press(on_the_web, content)
    with_plan(press)
    on_the_web.http.post(
        "/api/plan/changes",
        json={"do": "add", "kind": "person", "words": MARKED},
        headers=key_of(on_the_web),
    )
    code = saved(press)

    for path in stack.data.rglob("*"):
        if path.is_file():
            held = path.read_bytes()
            assert MARKED.encode() not in held, path.name
            assert code.encode() not in held, path.name
