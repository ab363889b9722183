"""W4: who sends slowly, reads slowly or stays without a word does not keep a place for long."""

import resource
import time
from dataclasses import replace

import httpx
import pytest
from starlette.websockets import WebSocketDisconnect

from bot.content import Content
from bot.conversation import Door
from bot.settings import ChatSettings, load
from tests.attacks.conftest import SHORT
from tests.attacks.strangers import PING, TEXT, WEBSOCKET, Stranger, closing_code, frame, messages
from tests.serving import TestClient
from webchat.chat import create_app
from webchat.line import SILENT
from webchat.server import SPARE_FILES, Crowd, Limits, as_files_allow

HALF_A_HEAD = b"GET / HTTP/1.1\r\nHost: here\r\nX-Slow: "
HALF_A_BODY = (
    b"POST /api/turns HTTP/1.1\r\nHost: here\r\nContent-Type: application/json\r\n"
    b'Content-Length: 100\r\n\r\n{"text": "'
)
UNENDING_UPGRADE = WEBSOCKET + b"Content-Length: 100\r\n\r\n"
# websockets takes no line as long as this, and says nothing about it.
LONG_UPGRADE = WEBSOCKET + b"X-Long: " + b"x" * 9000 + b"\r\n\r\n"
A_REQUEST = b"GET /health HTTP/1.1\r\nHost: here\r\n\r\n"


def test_half_a_head_is_waited_for_only_so_long(stranger) -> None:
    halves = [b"", HALF_A_HEAD, b"\r\n", UNENDING_UPGRADE, LONG_UPGRADE]
    slow = [stranger(half) for half in halves]

    assert [each.hears() for each in slow] == [b""] * len(halves)


def test_the_time_for_a_head_does_not_begin_anew_with_each_byte(stranger) -> None:
    slow = stranger(HALF_A_HEAD)
    began = time.monotonic()
    while time.monotonic() - began < 2 * SHORT.head and slow.send(b"x") is None:
        time.sleep(0.02)

    assert slow.hears() == b""


def test_a_second_head_must_come_in_time_too(stranger) -> None:
    slow = [stranger(A_REQUEST), stranger(A_REQUEST)]
    for each, then in zip(slow, [HALF_A_HEAD, b"\r\n"], strict=True):
        each.hears_until(b"}")
        each.send(then)

    assert [each.hears() for each in slow] == [b"", b""]


def test_half_a_body_is_answered_with_numbers_and_cut(stranger) -> None:
    heard = stranger(HALF_A_BODY).hears()

    assert heard.startswith(b"HTTP/1.1 408 ")
    assert b"connection: close" in heard.lower()
    assert messages(heard) == ["service_down"]


def test_half_a_body_that_nobody_asked_for_is_cut(stranger) -> None:
    heard = stranger(HALF_A_BODY.replace(b"POST /api/turns", b"GET /health")).hears()

    assert heard.startswith(b"HTTP/1.1 200 ")


def test_a_websocket_that_says_nothing_or_half_is_closed_politely(stranger) -> None:
    silent = [stranger().says(), stranger().says(frame(b"{", TEXT, last=False))]

    assert [closing_code(each.hears()) for each in silent] == [SILENT, SILENT]


@pytest.mark.parametrize("opens", [b"", WEBSOCKET + b"\r\n"])
def test_who_sends_on_and_never_reads_is_cut(stranger, opens: bytes) -> None:
    deaf = stranger(opens)
    sends = frame(b"x" * 125, PING) * 100 if opens else A_REQUEST

    assert not goes_on_for(3, deaf, sends)


def goes_on_for(seconds: float, deaf: Stranger, sends: bytes) -> bool:
    """Whether somebody can send for so long without ever reading."""
    until = time.monotonic() + seconds
    try:
        while time.monotonic() < until:
            deaf.line.sendall(sends)
    except OSError:
        return False
    return True


def test_two_hundred_slow_strangers_keep_no_visitor_from_an_answer(
    stranger, http: httpx.Client, crowd: Crowd
) -> None:
    crowd.limits = replace(SHORT, head=5)
    for number in range(200):
        stranger((HALF_A_HEAD, LONG_UPGRADE)[number % 2])
    began = time.monotonic()
    opened = http.post("/api/conversations")

    assert opened.status_code == 201
    assert time.monotonic() - began < 2


def test_where_the_house_is_full_who_only_waits_makes_room(
    stranger, http: httpx.Client, crowd: Crowd
) -> None:
    crowd.limits = replace(SHORT, head=2, connections=5)
    waiting = [stranger(HALF_A_HEAD) for _ in range(8)]
    answer = http.get("/health", headers={"connection": "close"})

    assert answer.status_code == 200
    assert [each.hears() for each in waiting[:3]] == [b""] * 3


def test_a_house_full_of_talks_still_answers_in_words(
    stranger, http: httpx.Client, crowd: Crowd
) -> None:
    talking = [stranger().says(frame({})) for _ in range(3)]
    for each in talking:
        each.hears_until(b"replies")
    crowd.limits = replace(SHORT, connections=3)
    answer = httpx.post(http.base_url.join("/api/conversations"), trust_env=False)

    assert answer.status_code == 503
    assert int(answer.headers["retry-after"]) > 0
    assert answer.json()["replies"][0]["message"] == "slow_down"


def test_more_lines_than_there_is_room_for_leave_room_for_plain_requests(
    stranger, http: httpx.Client, crowd: Crowd
) -> None:
    talking = [stranger().says(frame({})) for _ in range(3)]
    for each in talking:
        each.hears_until(b"replies")
    crowd.limits = replace(SHORT, connections=5)
    refused = stranger(WEBSOCKET + b"\r\n").hears()
    answer = http.post("/api/conversations", headers={"connection": "close"})

    assert refused.startswith(b"HTTP/1.1 503 ")
    assert messages(refused) == ["slow_down"]
    assert answer.status_code == 201


def test_nobody_who_went_away_is_counted(stranger, http: httpx.Client, crowd: Crowd) -> None:
    wrong_upgrade = WEBSOCKET + b"Sec-WebSocket-Protocol: \xff\r\n\r\n"
    for each in [stranger().says(), *map(stranger, (HALF_A_HEAD, HALF_A_BODY, wrong_upgrade))]:
        each.hears()
    http.get("/health")
    time.sleep(0.02)

    assert not crowd.lines
    assert not crowd.asking


def test_a_line_ends_with_its_conversation(door: Door, content: Content) -> None:
    soon = load(ChatSettings).model_copy(update={"idle_minutes": 0.001})
    client = TestClient(create_app(soon, door, content))
    with client.websocket_connect("/ws") as line:
        line.send_json({})
        line.receive_json()
        with pytest.raises(WebSocketDisconnect) as closed:
            line.receive_json()

    assert closed.value.code == SILENT


def test_no_more_connections_are_taken_than_files_may_be_open() -> None:
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (1000, before[1]))
        allowed = as_files_allow(Limits())
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)

    assert allowed.connections + SPARE_FILES == 1000


def test_as_many_open_chats_as_are_promised_find_room() -> None:
    """README.md, "idle open chats held on one machine"."""
    assert Limits().lines >= 2000
