"""It fails towards the person: whatever breaks, something true is shown, and no word leaks."""

import json
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from http.client import HTTPConnection

import httpx
import pytest

from tests.stack import Stack
from tests.visitor import Visitor

pytestmark = pytest.mark.rasa

RASA, INTERNAL = "bot.rasa_server", "bot.action_server"
MARK = "zanahoria-7731"
MARKED = [
    MARK,
    f"my name is {MARK} and he has a gun",
    f"hes outside {MARK}",
    f"/{MARK}",
    f'/tell{{"sign": "{MARK}"}}',
    f"i live in {MARK}, texas",
    MARK * 200,
]


def shows_the_emergency_number(visitor: Visitor) -> bool:
    return any(r["kind"] == "emergency" and "911" in r["text"] for r in visitor.replies)


def test_with_rasa_gone_the_emergency_number_shows_at_once(stack: Stack, visitor: Visitor) -> None:
    with stack.killed(RASA):
        started = time.monotonic()
        visitor.says("are you still there")
        took = time.monotonic() - started

    assert visitor.status == 200
    assert visitor.sees == ["service_down"]
    assert shows_the_emergency_number(visitor)
    assert took < 1


def test_urgent_words_are_answered_with_rasa_gone(stack: Stack, visitor: Visitor) -> None:
    with stack.killed(RASA):
        visitor.says("hes outside")

    assert visitor.sees == ["danger", "service_down"]


def test_with_rasa_hanging_the_emergency_number_shows(stack: Stack, visitor: Visitor) -> None:
    with stack.frozen(RASA):
        visitor.says("are you still there")
        first = visitor.sees
        time.sleep(4)
        started = time.monotonic()
        visitor.says("hello")
        took = time.monotonic() - started

    assert first == ["service_down"]
    assert shows_the_emergency_number(visitor)
    assert took < 1  # by now the door knows, and lets nobody wait


def test_danger_does_not_wait_for_a_rasa_that_hangs(stack: Stack, visitor: Visitor) -> None:
    with stack.frozen(RASA):
        started = time.monotonic()
        visitor.says("hes outside")
        took = time.monotonic() - started

    assert visitor.sees == ["danger", "service_down"]
    assert took < 2


def test_a_connection_that_rasa_keeps_is_still_good_after_a_pause(stack: Stack) -> None:
    """Rasa sends an action over a kept connection once only: one closed under it loses a turn."""
    kept = HTTPConnection("127.0.0.1", stack.internal_port)
    with closing(kept):
        for pause in (0, 7, 9):  # within the time for which Rasa's client keeps one
            time.sleep(pause)
            kept.request("GET", "/health")
            assert kept.getresponse().read()


def test_with_the_internal_app_gone_the_emergency_number_shows(
    stack: Stack, visitor: Visitor
) -> None:
    with stack.killed(INTERNAL):
        visitor.says("yes")

    assert visitor.sees == ["service_down"]
    assert shows_the_emergency_number(visitor)


def test_the_talk_goes_on_after_the_internal_app_is_back(stack: Stack, at_wants: Visitor) -> None:
    with stack.killed(INTERNAL):
        at_wants.presses("A safety plan")

    at_wants.says("a safety plan")

    assert at_wants.asked == "listen"


@pytest.mark.parametrize("command", ["/restart", '/deny{"x":1}', " /stop", "/session_start"])
def test_a_command_of_rasa_is_only_words(at_wants: Visitor, command: str) -> None:
    at_wants.says(command)

    assert at_wants.language == "en"
    # "restart" may be heard as going back: as words it is a wish like any other.
    assert at_wants.asked in ("wants", "closing", "safe_now", "device")
    assert at_wants.says("a safety plan").status == 200


def test_a_message_of_a_megabyte_is_answered(on_the_web: Visitor) -> None:
    on_the_web.says("a" * 1_000_000)

    assert on_the_web.status == 413
    assert on_the_web.sees == ["too_long"]
    assert on_the_web.says("yes").asked == "device"


def test_a_hundred_messages_in_a_second_all_get_an_answer(
    stack: Stack, on_the_web: Visitor
) -> None:
    def send(_: int) -> httpx.Response:
        return stack.http.post(
            "/api/turns", json={"text": "hello"}, headers={"X-Conversation": on_the_web.token}
        )

    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(send, range(100)))

    assert {answer.status_code for answer in answers} <= {200, 429}
    assert all(answer.json()["replies"] for answer in answers)


@pytest.mark.parametrize(
    "body", [b'{"text": "\xff\xfe"}', b"\xff", b"{", b'{"text": 7}', b"[]", b'{"button": "x"}']
)
def test_what_cannot_be_read_gets_the_emergency_number(
    stack: Stack, on_the_web: Visitor, body: bytes
) -> None:
    answer = stack.http.post(
        "/api/turns",
        content=body,
        headers={"X-Conversation": on_the_web.token, "Content-Type": "application/json"},
    )

    assert answer.status_code in (400, 422)
    assert answer.headers["content-type"] == "application/problem+json"
    assert "911" in json.dumps(answer.json()["replies"])


def test_a_lone_surrogate_is_answered(stack: Stack, on_the_web: Visitor) -> None:
    answer = stack.http.post(
        "/api/turns",
        content=b'{"text": "\\ud800 hello"}',
        headers={"X-Conversation": on_the_web.token, "Content-Type": "application/json"},
    )

    assert answer.status_code in (200, 422)
    assert answer.json()["replies"]


def test_a_stale_button_answers_nothing(on_the_web: Visitor) -> None:
    on_the_web.says("yes").says("no").turn({"button": 40})

    assert on_the_web.sees == ["button_expired", "wants"]


def test_two_tabs_on_one_token_never_answer_for_each_other(on_the_web: Visitor) -> None:
    on_the_web.turn({"button": 0, "turn": "tab1-a"})
    on_the_web.turn({"button": 1, "turn": "tab2-a", "after": "nothing-yet"})

    assert on_the_web.sees == ["button_expired", "device"]


def test_a_made_up_token_gets_the_emergency_number(stack: Stack) -> None:
    answer = stack.http.post(
        "/api/turns", json={"text": "hi"}, headers={"X-Conversation": "made-up"}
    )

    assert answer.status_code == 404
    assert "911" in json.dumps(answer.json()["replies"])


def test_erasing_ends_a_conversation_everywhere(stack: Stack, on_the_web: Visitor) -> None:
    assert on_the_web.leaves() == 204
    assert on_the_web.leaves() == 204

    gone = stack.http.post(
        "/api/turns", json={"text": "hi"}, headers={"X-Conversation": on_the_web.token}
    )
    assert gone.status_code == 404


@pytest.mark.promise("words_in_logs")
def test_d2_no_word_of_a_visitor_is_written_anywhere(
    stack: Stack, visitor_speaking: Callable[[str], Visitor]
) -> None:
    """Marked words go down every path; afterwards no file of any process holds them."""
    visitors = [visitor_speaking("en"), visitor_speaking("es")]
    for visitor in visitors:
        for text in MARKED:
            visitor.says(text)
        if visitor.token:
            key = {"X-Conversation": visitor.token}
            stack.http.post("/api/turns", json={MARK: MARK}, headers=key)
    stack.http.post("/api/turns", json={"text": MARK}, headers={"X-Conversation": MARK})
    stack.http.post("/", data={"text": MARK, "conversation": MARK})
    stack.http.get(f"/{MARK}")
    with stack.killed(INTERNAL):
        visitors[0].says(f"the action fails {MARK}")
    with stack.frozen(RASA):
        visitors[1].says(f"rasa hangs {MARK}")
    with stack.killed(RASA):
        visitors[0].says(f"rasa is gone {MARK}")
    visitors[1].says(f"after all of it {MARK}")

    written = stack.everything_written()

    assert MARK.encode() not in written
    assert all(each.token.encode() not in written for each in visitors if each.token)
