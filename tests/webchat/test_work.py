"""Where the operator asks for work before a chat begins: it is checked, and taken once (W4)."""

import hashlib
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient

from bot.settings import ChatSettings, load
from webchat.work import LIFE, Puzzle, Work, zero_bits

BITS = 6


@pytest.fixture
def settings() -> ChatSettings:
    return load(ChatSettings).model_copy(update={"proof_of_work": BITS})


def solved(puzzle: Puzzle, wrong: bool = False) -> str:
    tries = (f"{puzzle.challenge}:{number}" for number in count())
    hashes = ((each, hashlib.sha256(each.encode()).hexdigest()) for each in tries)
    return next(each for each, digest in hashes if (int(digest[:2], 16) < 4) is not wrong)


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_w4_a_puzzle_comes_first_with_numbers_that_help_all_the_same(client: TestClient) -> None:
    refused = client.post("/api/conversations", json={})

    assert refused.status_code == 428
    assert refused.json()["work"]["bits"] == BITS
    assert refused.json()["replies"][0]["text"]


def test_w4_its_solution_opens_a_conversation_once(client: TestClient) -> None:
    puzzle = Puzzle(**client.post("/api/conversations", json={}).json()["work"])

    work = {"work": solved(puzzle)}

    assert client.post("/api/conversations", json=work).status_code == 201
    assert client.post("/api/conversations", json=work).status_code == 428


def test_w4_over_a_websocket_the_same_line_goes_on(client: TestClient) -> None:
    with client.websocket_connect("/ws") as line:
        line.send_json({})
        puzzle = Puzzle(**line.receive_json()["work"])
        line.send_json({"work": solved(puzzle)})

        assert line.receive_json()["conversation"]


def test_w4_without_scripts_a_few_may_begin_each_minute(client: TestClient) -> None:
    begun = [client.post("/", data={"start": "yes"}).status_code for _ in range(21)]

    assert begun == [200] * 20 + [429]


def test_w4_without_the_setting_nobody_has_to_work() -> None:
    assert Work(0).done(None)
    assert all(Work(0).spared() for _ in range(50))


def test_w4_a_wrong_forged_or_late_solution_is_refused() -> None:
    clock = Clock()
    work, other = Work(BITS, clock), Work(BITS, clock)
    puzzle = work.puzzle()

    assert not work.done(solved(puzzle, wrong=True))
    assert not work.done(solved(other.puzzle()))
    assert not work.done(None)
    clock.now += LIFE
    assert not work.done(solved(puzzle))


def test_w4_spent_puzzles_are_forgotten_when_they_expire() -> None:
    clock = Clock()
    work = Work(BITS, clock)
    assert work.done(solved(work.puzzle()))

    clock.now += LIFE + 1
    work.done("anything")

    assert work._spent == {}


@given(st.text(st.characters()))
def test_w4_whatever_is_sent_is_refused_and_nothing_breaks(solution: str) -> None:
    assert not Work(BITS).done(solution)


@given(st.binary(min_size=32, max_size=32))
def test_zero_bits_are_those_before_the_first_one(digest: bytes) -> None:
    bits = "".join(f"{byte:08b}" for byte in digest)

    assert zero_bits(digest) == len(bits) - len(bits.lstrip("0"))
