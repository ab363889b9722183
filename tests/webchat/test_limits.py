"""What is too long, on a real port: it gets an answer, and is never read in full first."""

import json
from collections.abc import Iterator

import httpx
import pytest
from starlette.requests import Request
from websockets.sync.client import connect

from webchat.security import BodyLimit
from webchat.shapes import LONGEST_BODY

MEGABYTE = 1_000_000


def test_w4_a_body_of_a_megabyte_is_answered_in_words(served: httpx.Client) -> None:
    answer = served.post("/api/turns", json={"text": "x" * MEGABYTE})

    assert answer.status_code == 413
    assert answer.json()["replies"][0]["message"] == "too_long"


def test_w4_a_body_without_a_length_is_measured_too(served: httpx.Client) -> None:
    def pieces() -> Iterator[bytes]:
        for _ in range(100):
            yield b"x" * 10_000

    headers = {"content-type": "application/json"}
    answer = served.post("/api/turns", content=pieces(), headers=headers)

    assert answer.status_code == 413


def test_w4_a_form_of_a_megabyte_is_answered_with_the_page(served: httpx.Client) -> None:
    answer = served.post("/", data={"text": "x" * MEGABYTE})

    assert answer.status_code == 413
    assert answer.headers["content-type"].startswith("text/html")


def test_w4_a_frame_of_a_megabyte_is_answered_and_the_line_stays_open(served: httpx.Client) -> None:
    url = str(served.base_url.join("/ws")).replace("http", "ws", 1)
    with connect(url, proxy=None) as line:
        line.send("{}")
        line.recv()
        line.send(json.dumps({"text": "x" * MEGABYTE}))
        told = json.loads(line.recv())
        line.send(json.dumps({"text": "hello"}))
        answer = json.loads(line.recv())

    assert told["replies"][0]["message"] == "too_long"
    assert answer["replies"][0]["message"] == "device"


def test_w4_a_text_that_only_the_door_finds_too_long_is_answered(served: httpx.Client) -> None:
    token = served.post("/api/conversations").json()["conversation"]
    body = {"text": "x" * (LONGEST_BODY - 1000)}
    answer = served.post("/api/turns", json=body, headers={"X-Conversation": token})

    assert answer.json()["replies"][0]["message"] == "too_long"


async def test_w4_a_long_body_is_refused_while_it_arrives() -> None:
    read = []

    async def receive():
        read.append(1)
        return {"type": "http.request", "body": b"x" * 1000, "more_body": len(read) < 10}

    async def app(scope, receive, send) -> None:
        await Request(scope, receive).body()

    async def send(message) -> None:
        """Nothing is answered here: the app is never reached."""

    limited = BodyLimit(app, most=2000, seconds=1)
    with pytest.raises(Exception, match="413"):
        await limited({"type": "http", "headers": []}, receive, send)
    assert len(read) == 10  # the rest was taken off the line, and not kept
