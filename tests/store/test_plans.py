"""The rows of saved plans: sealed, nameless, and gone at their hour, in SQLite and PostgreSQL."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from bot.plans.sealing import Keys, seal
from bot.store.lives import LONGEST_HOURS
from bot.store.plans import HOUR, KeptByWish, kept_by_wish

NAME = b"n" * 32
KEYS = Keys(NAME, b"k" * 32)
MARKED = "Marigold-7731"
NOON = 1_800_000_000 // HOUR * HOUR


class Clock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = float(NOON + 1800)

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def kept(address: str, tmp_path: Path, clock: Clock) -> Iterator[KeptByWish]:
    opened = kept_by_wish(address, tmp_path, clock)
    opened.drop(NAME)
    yield opened
    opened.close()  # PostgreSQL waits for who is still connected before it ends


def test_what_is_put_is_found_until_it_is_dropped(kept: KeptByWish) -> None:
    kept.put(NAME, b"sealed", 24)

    assert kept.get(NAME) == b"sealed"
    assert kept.get(b"x" * 32) is None
    kept.drop(NAME)
    kept.drop(NAME)
    assert kept.get(NAME) is None


def test_a_row_of_the_same_name_takes_its_place(kept: KeptByWish) -> None:
    kept.put(NAME, b"old", 24)
    kept.put(NAME, b"new", 1)

    assert kept.get(NAME) == b"new"


@pytest.mark.promise("saved_plans")
def test_a_saved_plan_ends_at_its_hour_and_after_ninety_days_at_the_latest(
    kept: KeptByWish, clock: Clock
) -> None:
    assert kept.put(NAME, b"sealed", 1) == NOON + 2 * HOUR
    assert kept.put(NAME, b"sealed", LONGEST_HOURS) <= clock.now + LONGEST_HOURS * HOUR
    assert kept.put(NAME, b"sealed", 10 * LONGEST_HOURS) <= clock.now + LONGEST_HOURS * HOUR

    clock.now += LONGEST_HOURS * HOUR
    assert kept.get(NAME) is None
    assert kept.expire() == 1
    assert kept.expire() == 0


def test_the_end_does_not_tell_when_it_was_made(kept: KeptByWish, clock: Clock) -> None:
    ends = set()
    for minute in range(0, 30, 7):
        clock.now = NOON + minute * 60
        ends.add(kept.put(NAME, b"sealed", 24))

    assert ends == {NOON + 25 * HOUR}


def test_the_salt_stays_the_same(kept: KeptByWish, tmp_path: Path) -> None:
    assert kept.salt() == kept.salt()
    assert len(kept.salt()) == 16


@pytest.mark.promise("saved_plans")
def test_the_rows_of_saved_plans_say_nothing_without_the_code(tmp_path: Path, clock: Clock) -> None:
    kept = kept_by_wish("", tmp_path, clock)
    kept.put(NAME, seal({"plan": MARKED, "country": "US"}, KEYS), 24)

    with closing(sqlite3.connect(tmp_path / "kept.db")) as database:
        (row,) = database.execute("SELECT * FROM sealed").fetchall()
    assert len(row) == 3
    assert {len(part) for part in row if isinstance(part, bytes)} == {32, 8 * 1024 + 40}
    for path in tmp_path.iterdir():
        assert MARKED.encode() not in path.read_bytes()


@pytest.mark.promise("saved_plans")
def test_deleting_leaves_nothing_in_the_file(tmp_path: Path, clock: Clock) -> None:
    kept = kept_by_wish("", tmp_path, clock)
    kept.put(NAME, MARKED.encode() * 500, 24)
    assert any(MARKED.encode() in path.read_bytes() for path in tmp_path.iterdir())

    kept.drop(NAME)

    assert not any(MARKED.encode() in path.read_bytes() for path in tmp_path.iterdir())


def test_two_processes_share_one_file(tmp_path: Path, clock: Clock) -> None:
    one, other = kept_by_wish("", tmp_path, clock), kept_by_wish("", tmp_path, clock)
    one.put(NAME, b"sealed", 24)

    assert other.get(NAME) == b"sealed"
    assert one.salt() == other.salt()
