"""The internal app: what an action says, and that a failing one says nothing about anybody."""

import time
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from rasa_sdk import Action

from bot.action_server import ACTIONS, create_app
from bot.actions.speaking import Room
from bot.content import Content
from bot.content.hotlines import Hotlines
from bot.rasa_server.sealed_rows import FILE, Rows, rows_at
from bot.services.gazetteer import Gazetteer

with warnings.catch_warnings():
    # It asks for httpx2; the httpx that we have anyway serves it well.
    warnings.simplefilter("ignore")
    from starlette.testclient import TestClient

MARK = "zanahoria-7731"


class FailingAction(Action):  # type: ignore[misc]  # rasa-sdk carries no types
    """An action that fails with the visitor's words in its error."""

    def __init__(self, room: Room) -> None:
        self.room = room

    def name(self) -> str:
        return "action_failing"

    async def run(self, dispatcher: Any, tracker: Any, domain: Any) -> list[Any]:
        raise ValueError(tracker.latest_message["text"])


@pytest.fixture
def rows(tmp_path: Path) -> Rows:
    return rows_at(str(tmp_path), seconds=1800)


@pytest.fixture
def internal(
    content: Content, hotlines: Hotlines, gazetteer: Gazetteer, rows: Rows
) -> Iterator[TestClient]:
    app = create_app(Room(content, hotlines, gazetteer), rows, (*ACTIONS, FailingAction))
    with TestClient(app) as client:
        yield client


def call(action: str, text: str = "hello") -> dict[str, Any]:
    return {
        "next_action": action,
        "sender_id": "x",
        "tracker": {
            "sender_id": "x",
            "slots": {"language": "es"},
            "latest_message": {"text": text, "intent": {"name": "tell"}, "entities": []},
            "events": [],
            "paused": False,
            "active_loop": {},
            "latest_action_name": "action_listen",
            "followup_action": None,
        },
        "domain": {},
    }


def test_an_action_says_ids_and_words(internal: TestClient) -> None:
    done = internal.post("/webhook", json=call("action_open")).json()

    said = [each["custom"] for each in done["responses"]]
    assert [each["message"] for each in said] == ["open", "open_limits"]
    assert {each["language"] for each in said} == {"es"}


def test_a_response_of_a_rule_has_its_words_from_content(internal: TestClient) -> None:
    asked = {"response": "utter_bot", "tracker": call("x")["tracker"]}

    said = internal.post("/nlg", json=asked).json()["custom"]

    assert said["message"] == "bot"
    assert said["language"] == "es"


def test_a_failing_action_answers_a_bare_error(
    internal: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    answer = internal.post("/webhook", json=call("action_failing", MARK))

    assert (answer.status_code, answer.content) == (500, b"")
    assert "action_failing" in caplog.text
    assert MARK not in caplog.text


def test_a_conversation_is_erased_here_while_rasa_is_down(internal: TestClient, rows: Rows) -> None:
    rows.put(b"n" * 32, b"sealed")

    answer = internal.post("/forget", json={"name": (b"n" * 32).hex(), "under_way": True})

    assert answer.status_code == 204
    assert rows.get(b"n" * 32) is None
    assert not rows.put(b"n" * 32, b"late")


def test_what_is_too_old_is_dropped_without_anybody_asking(
    content: Content, hotlines: Hotlines, gazetteer: Gazetteer, tmp_path: Path
) -> None:
    rows = rows_at(str(tmp_path), seconds=0)
    rows.put(b"n" * 32, MARK.encode())

    with TestClient(create_app(Room(content, hotlines, gazetteer), rows)):
        until = time.monotonic() + 5
        while MARK.encode() in (tmp_path / FILE).read_bytes() + wal(tmp_path):
            assert time.monotonic() < until
            time.sleep(0.02)


def wal(folder: Path) -> bytes:
    log = folder / f"{FILE}-wal"
    return log.read_bytes() if log.exists() else b""
