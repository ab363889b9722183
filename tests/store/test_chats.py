"""The rows of messenger chats: due in time, gone when they end, in SQLite and PostgreSQL."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.store.chats import REMEMBERED_SECONDS, Chats, Row
from bot.store.database import open_database
from tests.builders import Clock

NAME, OTHER = b"n" * 32, b"o" * 32
FAR = 2**62


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def chats(address: str, tmp_path: Path, clock: Clock) -> Iterator[Chats]:
    engine = open_database(address, tmp_path)
    yield Chats(engine, clock)
    engine.dispose()  # PostgreSQL waits for who is still connected before it ends


def test_a_chat_is_kept_replaced_and_dropped(chats: Chats) -> None:
    chats.put(Row(NAME, b"one", 5, FAR))
    chats.put(Row(NAME, b"two", 5, FAR))

    assert chats.get(NAME) == b"two"
    assert chats.get(OTHER) is None
    chats.drop(NAME)
    chats.drop(NAME)
    assert chats.get(NAME) is None


def test_what_is_due_comes_the_longest_due_first(chats: Chats, clock: Clock) -> None:
    now = int(clock())
    chats.put(Row(NAME, b"late", now - 5, FAR))
    chats.put(Row(OTHER, b"later", now - 9, FAR))
    chats.put(Row(b"p" * 32, b"not yet", now + 1, FAR))

    assert chats.due() == [(OTHER, b"later"), (NAME, b"late")]
    for name in (NAME, OTHER, b"p" * 32):
        chats.drop(name)


def test_what_has_ended_is_not_read_and_then_gone(chats: Chats, clock: Clock) -> None:
    chats.put(Row(NAME, b"sealed", FAR, int(clock()) + 10))
    clock.now += 10

    assert chats.get(NAME) is None
    assert chats.expire() >= 1
    clock.now -= 10
    assert chats.get(NAME) is None


@pytest.mark.promise("updates")
def test_updates_are_remembered_for_two_days_and_not_longer(chats: Chats, clock: Clock) -> None:
    chats.put(Row(NAME, b"sealed", FAR, FAR), taken=[7, 8])
    chats.drop(NAME, taken=[9])
    chats.put(Row(NAME, b"sealed", FAR, FAR), taken=[7])

    assert sorted(chats.taken()) == [7, 8, 9]
    clock.now += REMEMBERED_SECONDS - 1
    chats.expire()
    assert sorted(chats.taken()) == [7, 8, 9]
    clock.now += 2
    chats.expire()
    assert chats.taken() == []


@pytest.mark.promise("moves")
def test_a_move_is_taken_once_and_within_five_minutes(chats: Chats, clock: Clock) -> None:
    chats.put_move(NAME, b"sealed")
    chats.put_move(OTHER, b"sealed too")

    assert chats.has_move(NAME)
    assert chats.take_move(NAME) == b"sealed"
    assert chats.take_move(NAME) is None
    assert not chats.has_move(NAME)
    clock.now += 300
    assert not chats.has_move(OTHER)
    assert chats.take_move(OTHER) is None


def test_dropped_rows_leave_nothing_in_the_file(tmp_path: Path, clock: Clock) -> None:
    engine = open_database("", tmp_path)
    chats = Chats(engine, clock)
    chats.put(Row(NAME, b"Marked-Words" * 9, FAR, FAR))
    chats.drop(NAME)
    engine.dispose()

    for file in tmp_path.iterdir():
        assert b"Marked-Words" not in file.read_bytes()
