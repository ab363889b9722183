"""The WebSocket: the first frame, turns, and frames that are wrong."""

import json

import pytest
from starlette.testclient import TestClient, WebSocketDenialResponse
from starlette.websockets import WebSocketDisconnect

from bot.conversation import hashed
from tests.builders import FakeRasa, said


def test_the_first_frame_opens_a_conversation(client: TestClient) -> None:
    with client.websocket_connect("/ws") as line:
        line.send_json({"language": "en"})
        opened = line.receive_json()

    assert opened.keys() == {"conversation", "replies"}


def test_a_turn_is_answered_with_replies(client: TestClient) -> None:
    with client.websocket_connect("/ws") as line:
        line.send_json({})
        line.receive_json()
        line.send_json({"text": "hello"})

        assert line.receive_json().keys() == {"replies"}


def test_the_language_is_told_only_when_it_changes(client: TestClient, rasa: FakeRasa) -> None:
    with client.websocket_connect("/ws") as line:
        line.send_json({})
        line.receive_json()
        rasa.answers = [said(language="es")]
        line.send_json({"text": "español"})
        changed = line.receive_json()
        line.send_json({"text": "hola"})
        after = line.receive_json()

    assert changed["language"] == "es"
    assert "language" not in after


def test_a_broken_line_is_taken_up_again_without_repeating(client: TestClient, token: str) -> None:
    with client.websocket_connect("/ws") as line:
        line.send_json({"conversation": token})

        assert line.receive_json() == {"conversation": token, "replies": []}


def test_a_repeated_turn_is_answered_on_the_new_line(client: TestClient, rasa: FakeRasa) -> None:
    with client.websocket_connect("/ws") as line:
        line.send_json({})
        token = line.receive_json()["conversation"]
        line.send_json({"text": "hello", "turn": "a"})
        first = line.receive_json()
    with client.websocket_connect("/ws") as line:
        line.send_json({"conversation": token})
        line.receive_json()
        line.send_json({"text": "hello", "turn": "a"})

        assert line.receive_json() == first
    assert len(rasa.sent) == 2  # the greeting and one turn


def test_an_unknown_conversation_is_told_in_words_and_closed(client: TestClient) -> None:
    with client.websocket_connect("/ws") as line:
        line.send_json({"conversation": "unknown"})
        told = line.receive_json()
        with pytest.raises(WebSocketDisconnect) as closed:
            line.receive_json()

    assert told["replies"][0]["message"] == "conversation_gone"
    assert closed.value.code == 4404


def test_a_leave_word_tells_the_page_to_leave(client: TestClient, rasa: FakeRasa) -> None:
    with client.websocket_connect("/ws") as line:
        line.send_json({})
        token = line.receive_json()["conversation"]
        line.send_json({"text": "leave now"})

        assert line.receive_json() == {"replies": [], "leave": True}
    assert hashed(token) in rasa.forgotten


@pytest.mark.parametrize(
    "frame",
    ["", "MARKED", "[" * 50_000, '{"text": 1}', '{"text": "MARKED", "button": 0}', "null", "{}"],
)
def test_a_wrong_frame_is_answered_and_the_line_stays_open(client: TestClient, frame: str) -> None:
    with client.websocket_connect("/ws") as line:
        line.send_json({})
        line.receive_json()
        line.send_text(frame)
        told = line.receive_json()
        line.send_json({"text": "hello"})
        answer = line.receive_json()

    assert told["replies"][0]["message"] == "unreadable"
    assert "MARKED" not in json.dumps(told)
    assert answer["replies"][0]["message"] == "device"


def test_a_frame_of_bytes_is_unreadable(client: TestClient) -> None:
    with client.websocket_connect("/ws") as line:
        line.send_bytes(b"\xff")

        assert line.receive_json()["replies"][0]["message"] == "unreadable"


def test_a_turn_before_the_first_frame_is_unreadable(client: TestClient) -> None:
    with client.websocket_connect("/ws") as line:
        line.send_json({"text": "hello"})

        assert line.receive_json()["replies"][0]["message"] == "unreadable"


@pytest.mark.parametrize("origin", ["https://elsewhere.example", "null", "http://[", "http://"])
def test_w3_the_page_of_another_site_cannot_open_a_line(client: TestClient, origin: str) -> None:
    with (
        pytest.raises((WebSocketDisconnect, WebSocketDenialResponse)),
        client.websocket_connect("/ws", headers={"origin": origin}),
    ):
        pass


@pytest.mark.parametrize("origin", ["http://testserver", "https://testserver"])
def test_our_own_page_can(client: TestClient, origin: str) -> None:
    with client.websocket_connect("/ws", headers={"origin": origin}) as line:
        line.send_json({})

        assert "conversation" in line.receive_json()
