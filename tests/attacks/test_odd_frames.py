"""W4: what is too long, broken or endless ends in words or in a closed line, and in no log."""

import io
import logging
import time
from collections.abc import Callable, Iterator

import httpx
import pytest

from bot.rasa_server.wordless_logging import WordlessFormatter
from tests.attacks.strangers import (
    BYTES,
    CLOSE,
    PING,
    WEBSOCKET,
    closing_code,
    frame,
)
from tests.builders import FakeRasa
from webchat.line import MOST_REFUSED, TOO_MANY
from webchat.server import LONGEST_HEAD, MOST_PIECES

MARKED = b"MARKED"
BROKEN = {
    "invalid UTF-8": (frame(MARKED + b"\xff"), 1007),
    "half a character over two pieces": (
        frame(b'{"text": "\xc3', last=False) + frame(b'"}', kind=0),
        1007,
    ),
    "three megabytes": (frame(MARKED * 500_000), 1009),
    "a length of 2^63": (b"\x81\xff" + b"\xff" * 8 + MARKED, 1009),
    "reserved bits": (b"\xf1\x86" + bytes(4) + MARKED, 1002),
    "an unknown kind": (frame(MARKED, kind=3), 1002),
    "no mask": (b"\x81\x06" + MARKED, 1002),
    "the rest of nothing": (frame(MARKED, kind=0), 1002),
    "a beginning inside a beginning": (frame(MARKED, last=False) + frame(MARKED), 1002),
    "a ping in pieces": (frame(MARKED, kind=PING, last=False), 1002),
    "a ping that is too long": (frame(MARKED * 30, kind=PING), 1002),
    "half a reason to close": (frame(b"\x03", kind=CLOSE), 1002),
    "a reason that is none": (frame(b"\x00\x01" + MARKED, kind=CLOSE), 1002),
    "pieces without end": (
        frame(b"{", last=False) + frame(b"", kind=0, last=False) * MOST_PIECES * 2,
        1009,
    ),
}


@pytest.fixture
def logged(capfd: pytest.CaptureFixture[str]) -> Iterator[Callable[[], bytes]]:
    """All that would be written in earnest, and all that is printed."""
    handler = logging.StreamHandler(io.StringIO())
    handler.setFormatter(WordlessFormatter())
    logging.root.addHandler(handler)

    def written() -> bytes:
        return (handler.stream.getvalue() + "".join(capfd.readouterr())).encode()

    yield written
    logging.root.removeHandler(handler)


def test_broken_frames_close_the_line_with_their_reason_and_are_in_no_log(
    stranger, http: httpx.Client, logged
) -> None:
    lines = {name: stranger().says(sends) for name, (sends, _) in BROKEN.items()}
    ends = {name: closing_code(line.hears()) for name, line in lines.items()}

    assert ends == {name: code for name, (_, code) in BROKEN.items()}
    assert MARKED not in logged()
    assert b"Traceback" not in logged()
    assert http.get("/health").status_code == 200


POST = b"POST /api/turns HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
PIECES = b"Transfer-Encoding: chunked\r\n\r\nMARKED\r\n"
BROKEN_HEADS = {
    "no HTTP at all": (b"\x16\x03\x01\x02MARKED\r\n\r\n", b"400"),
    "no such version": (b"GET / HTTP/9.9\r\nX: MARKED\r\n\r\n", b"400"),
    "two lengths": (POST + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\nMARKED", b"400"),
    "a length and pieces": (POST + b"Content-Length: 6\r\n" + PIECES, b"400"),
    "a piece of no length": (POST + PIECES, b"400"),
    "a line that does not end": (b"GET /" + MARKED * LONGEST_HEAD, b"431"),
    "a header that does not end": (b"GET / HTTP/1.1\r\nX: " + MARKED * LONGEST_HEAD, b"431"),
    "headers without end": (b"GET / HTTP/1.1\r\n" + b"X: MARKED\r\n" * LONGEST_HEAD, b"431"),
    "requests without end": (b"GET / HTTP/1.1\r\nHost: MARKED\r\n\r\n" * 2000, b"400"),
    "a handshake that is no text": (
        WEBSOCKET + b"Sec-WebSocket-Protocol: MARKED\xff\r\n\r\n",
        b"400",
    ),
}


def test_broken_heads_are_answered_with_numbers_and_are_in_no_log(stranger, logged) -> None:
    lines = {name: stranger(sends) for name, (sends, _) in BROKEN_HEADS.items()}
    heard = {name: line.hears() for name, line in lines.items()}

    assert {name: each[9:12] for name, each in heard.items()} == {
        name: status for name, (_, status) in BROKEN_HEADS.items()
    }
    assert all(b"911" in each for each in heard.values())
    assert all(b"no-store" in each for each in heard.values())
    assert not any(MARKED in each for each in heard.values())
    assert MARKED not in logged()


def test_frames_that_cannot_be_read_are_answered_and_then_the_line_ends(stranger) -> None:
    odd = [frame(b"MARKED"), frame(b"[" * 1000), frame(b"\xff" * 9, kind=BYTES)]
    heard = stranger().says(frame({}), *odd * MOST_REFUSED).hears()

    assert heard.count(b'"unreadable"') == MOST_REFUSED + 1
    assert MARKED not in heard
    assert closing_code(heard) == TOO_MANY


def test_a_flood_of_frames_keeps_nobody_else_waiting(stranger, http: httpx.Client) -> None:
    """They lie in one read, so that nothing makes the line pause between them."""
    stranger().says(frame({}), frame({"text": "hello"}) * 3000)
    began = time.monotonic()
    http.get("/health")

    assert time.monotonic() - began < 0.5


def test_pings_are_answered_as_they_come(stranger) -> None:
    pinging = stranger().says(frame({}), frame(b"x", kind=PING) * 1000, frame({"text": "leave"}))

    assert pinging.hears().count(b"\x8a\x01x") == 1000


def test_what_comes_after_leaving_is_heard_by_nobody(stranger, rasa: FakeRasa) -> None:
    after = [frame({"text": text}) for text in ("MARKED", "hes outside", "hello")]
    heard = stranger().says(frame({}), frame({"text": "leave"}), *after).hears()

    assert heard.count(b"replies") == 2  # the opening and the leaving
    assert b'"leave":true' in heard.replace(b" ", b"")
    assert "MARKED" not in [text for text, _ in rasa.sent]


def test_a_text_in_many_pieces_is_one_turn(stranger, rasa: FakeRasa) -> None:
    pieces = [frame(bytes([each]), kind=0, last=False) for each in b'"text": "in pieces"}']
    whole = [frame(b"{", last=False), *pieces, frame(b"", kind=0)]
    stranger().says(frame({}), *whole, frame({"text": "leave"})).hears()

    assert rasa.sent[-1][0] == "in pieces"


def test_a_form_of_too_many_fields_is_answered_with_the_page(http: httpx.Client) -> None:
    answer = http.post("/", data={f"f{number}": "MARKED" for number in range(5000)})

    assert answer.status_code == 400
    assert 'href="tel:911"' in answer.text
    assert "MARKED" not in answer.text
