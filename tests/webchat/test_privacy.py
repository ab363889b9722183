"""What a visitor wrote is in no log and in no error, whatever fails."""

import logging

import pytest
from starlette.testclient import TestClient

from bot.rasa_client import Call, Said
from tests.builders import FakeRasa
from webchat.security import log_failure

MARKED = "MARKED"


class Broken(FakeRasa):
    """A Rasa that fails in a way nobody foresaw, and quotes what it was sent."""

    async def send(self, conversation: str, call: Call) -> Said:
        if MARKED in call.text:
            raise RuntimeError(call.text)
        return await super().send(conversation, call)


@pytest.fixture
def rasa() -> FakeRasa:
    return Broken()


@pytest.fixture
def everything_logged(caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]):
    caplog.set_level(logging.DEBUG)
    caplog.set_level(logging.WARNING, logger="httpx")  # the test's own client
    return lambda: caplog.text + "".join(capfd.readouterr())


def test_a_failure_is_answered_barely_over_http(
    client: TestClient, token: str, everything_logged
) -> None:
    answer = client.post("/api/turns", json={"text": MARKED}, headers={"X-Conversation": token})
    logged = everything_logged()

    assert answer.status_code == 500
    assert answer.json()["replies"][0]["message"] == "service_down"
    assert MARKED not in answer.text
    assert MARKED not in logged
    assert "RuntimeError" in logged


def test_the_answer_to_a_failure_is_guarded_too(client: TestClient, token: str) -> None:
    answer = client.post("/api/turns", json={"text": MARKED}, headers={"X-Conversation": token})

    assert answer.headers["cache-control"] == "no-store"


def test_a_failure_is_answered_over_the_websocket_and_the_line_stays_open(
    client: TestClient, everything_logged
) -> None:
    with client.websocket_connect("/ws") as line:
        line.send_json({})
        line.receive_json()
        line.send_json({"text": MARKED})
        told = line.receive_json()
        line.send_json({"text": "hello"})
        line.receive_json()

    assert told["replies"][0]["message"] == "service_down"
    assert MARKED not in everything_logged()


def test_a_failure_shows_the_page_to_a_browser(client: TestClient, token: str) -> None:
    answer = client.post("/", data={"conversation": token, "text": MARKED})

    assert answer.status_code == 500
    assert 'href="tel:911"' in answer.text
    assert MARKED not in answer.text


def test_d2_no_way_of_being_wrong_is_logged_in_words(
    client: TestClient, token: str, everything_logged
) -> None:
    headers = {"X-Conversation": token}
    client.post("/api/turns", json={"text": MARKED, "more": MARKED}, headers=headers)
    client.post("/api/turns", content=MARKED.encode(), headers=headers)
    client.post("/", data={"conversation": MARKED, "text": MARKED, "shown": MARKED})
    client.get(f"/{MARKED}")
    with client.websocket_connect("/ws") as line:
        line.send_text(MARKED)
        line.receive_json()

    assert MARKED not in everything_logged()


def test_d2_a_failure_is_logged_by_its_kind_and_place_alone(everything_logged) -> None:
    try:
        int(MARKED)
    except ValueError as error:
        log_failure(error)
    logged = everything_logged()

    assert "ValueError" in logged
    assert "test_privacy.py" in logged
    assert MARKED not in logged
