"""Where sealed conversations lie: kept for a time, erased without a trace, never back again."""

import hashlib
import os
import shutil
import sqlite3
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import redis
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from bot.rasa_server.sealed_rows import FILE, RedisRows, Rows, SqliteRows, begun_anew, rows_at
from bot.settings import CHECKOUT
from tests.builders import Clock

MARK = b"zanahoria-7731"
HALF_AN_HOUR = 1800.0


def name(number: int) -> bytes:
    return hashlib.sha256(str(number).encode()).digest()


def marked(number: int, size: int = 3000) -> bytes:
    """A row that can be found again in any file it was ever written to."""
    return (MARK + b"/%d/" % number) * (size // 16)


def everything_in(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def sqlite_rows(tmp_path: Path, clock: Clock) -> SqliteRows:
    return SqliteRows(tmp_path / FILE, HALF_AN_HOUR, clock)


@pytest.fixture(params=["sqlite", "redis"])
def rows(request: pytest.FixtureRequest, tmp_path: Path) -> Rows:
    """The rows in each of their two places, empty."""
    if request.param == "sqlite":
        return rows_at(str(tmp_path), HALF_AN_HOUR)
    address = request.getfixturevalue("redis_address")
    redis.Redis.from_url(address).flushall()
    return rows_at(address, HALF_AN_HOUR)


# ---- Both places. -------------------------------------------------------------------------------


def test_what_was_put_comes_back(rows: Rows) -> None:
    assert rows.put(name(1), b"first")
    assert rows.put(name(1), b"second")

    assert rows.get(name(1)) == b"second"
    assert rows.get(name(2)) is None


def test_what_was_erased_is_gone_for_good(rows: Rows) -> None:
    rows.put(name(1), b"first")
    rows.put(name(2), b"another's")

    rows.erase(name(1), under_way=True)

    assert rows.get(name(1)) is None
    assert not rows.put(name(1), b"by a turn that was still under way")
    assert rows.get(name(1)) is None
    assert rows.get(name(2)) == b"another's"


def test_what_is_erased_before_it_was_written_stays_erased(rows: Rows) -> None:
    rows.erase(name(1), under_way=True)

    assert not rows.put(name(1), b"later")


def test_nothing_is_remembered_of_names_that_nobody_used(rows: Rows) -> None:
    rows.erase(name(1), under_way=False)

    assert rows.put(name(1), b"later")


def test_a_short_time_is_kept(redis_address: str, tmp_path: Path) -> None:
    for address in (redis_address, str(tmp_path)):
        brief = rows_at(address, 0.2)
        brief.put(name(7), b"first")
        assert brief.get(name(7)) == b"first"

        time.sleep(0.25)

        assert brief.get(name(7)) is None


def test_both_kinds_of_address_are_told_apart(redis_address: str, tmp_path: Path) -> None:
    assert isinstance(rows_at(redis_address, 1), RedisRows)
    assert isinstance(rows_at(str(tmp_path), 1), SqliteRows)


# ---- The file. ----------------------------------------------------------------------------------


def test_the_file_is_private(sqlite_rows: SqliteRows, tmp_path: Path) -> None:
    sqlite_rows.put(name(1), b"first")

    for path in tmp_path.iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_r3_nothing_of_an_erased_row_is_left_in_any_file(
    sqlite_rows: SqliteRows, tmp_path: Path
) -> None:
    for size in (30_000, 3_000, 300):
        sqlite_rows.put(name(1), marked(1, size))
    sqlite_rows.put(name(2), marked(2))
    assert MARK + b"/1/" in everything_in(tmp_path)

    sqlite_rows.erase(name(1), under_way=True)

    assert MARK + b"/1/" not in everything_in(tmp_path)
    assert MARK + b"/2/" in everything_in(tmp_path)


def test_r2_what_is_too_old_is_not_read_and_then_gone(
    sqlite_rows: SqliteRows, tmp_path: Path, clock: Clock
) -> None:
    sqlite_rows.put(name(1), marked(1))
    clock.now += HALF_AN_HOUR + 1
    sqlite_rows.put(name(2), marked(2))

    assert sqlite_rows.get(name(1)) is None  # also before anybody has cleaned up
    assert sqlite_rows.expire() == 1

    assert MARK + b"/1/" not in everything_in(tmp_path)
    assert sqlite_rows.get(name(2)) == marked(2)


def test_r2_a_clock_set_back_makes_nothing_live_longer(
    sqlite_rows: SqliteRows, clock: Clock
) -> None:
    sqlite_rows.put(name(1), b"first")
    clock.now -= 24 * 3600
    sqlite_rows.expire()
    assert sqlite_rows.get(name(1)) == b"first"

    clock.now += HALF_AN_HOUR + 1

    assert sqlite_rows.get(name(1)) is None
    assert sqlite_rows.expire() == 1


def test_r2_a_clock_set_forward_ends_what_was_there(sqlite_rows: SqliteRows, clock: Clock) -> None:
    sqlite_rows.put(name(1), b"first")

    clock.now += 24 * 3600

    assert sqlite_rows.get(name(1)) is None


@pytest.mark.promise("erasures")
def test_the_memory_of_an_erasure_ends_too(
    sqlite_rows: SqliteRows, tmp_path: Path, clock: Clock
) -> None:
    sqlite_rows.erase(name(1), under_way=True)
    clock.now += HALF_AN_HOUR + 1

    sqlite_rows.expire()

    assert name(1) not in everything_in(tmp_path)


def test_another_process_sees_and_erases_the_same(tmp_path: Path) -> None:
    first, second = (rows_at(str(tmp_path), HALF_AN_HOUR) for _ in range(2))
    first.put(name(1), marked(1))

    second.erase(name(1), under_way=True)

    assert first.get(name(1)) is None
    assert not first.put(name(1), b"late")
    assert MARK not in everything_in(tmp_path)


def test_many_at_once_leave_nothing_open(sqlite_rows: SqliteRows, tmp_path: Path) -> None:
    def one(number: int) -> None:
        sqlite_rows.put(name(number), marked(number))
        sqlite_rows.expire()
        sqlite_rows.erase(name(number), under_way=False)

    with ThreadPoolExecutor(16) as threads:
        list(threads.map(one, range(200)))

    another = rows_at(str(tmp_path), HALF_AN_HOUR)
    assert another.put(name(1000), b"first")
    assert MARK not in everything_in(tmp_path)


def test_half_an_erasure_is_none(sqlite_rows: SqliteRows) -> None:
    sqlite_rows.put(name(1), b"first")

    def half() -> None:
        with sqlite_rows.at_once():
            sqlite_rows.database.execute("DELETE FROM conversations")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        half()

    assert sqlite_rows.get(name(1)) == b"first"


WRITES_UNTIL_IT_IS_KILLED = """
import itertools, sys
from bot.rasa_server.sealed_rows import rows_at
rows = rows_at(sys.argv[1], 1800)
for number in itertools.count():
    rows.put(b"n" * 32, b"%d" % number)
    print(number, flush=True)
"""


@pytest.mark.parametrize("seconds", [0.05, 0.12, 0.3])
def test_a_killed_writer_loses_nothing_that_it_had_written(tmp_path: Path, seconds: float) -> None:
    writer = subprocess.Popen(
        [sys.executable, "-c", WRITES_UNTIL_IT_IS_KILLED, str(tmp_path)],
        cwd=CHECKOUT,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert writer.stdout
    writer.stdout.readline()
    time.sleep(seconds)
    writer.kill()
    told = [line for line in writer.stdout.read().split("\n")[:-1] if line]
    writer.wait()
    writer.stdout.close()

    kept = rows_at(str(tmp_path), HALF_AN_HOUR).get(b"n" * 32)

    assert kept is not None
    assert int(kept) >= int(told[-1])


def test_a_file_that_is_no_database_is_begun_anew(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(os.urandom(8192))

    assert begun_anew(tmp_path)

    rows = rows_at(str(tmp_path), HALF_AN_HOUR)
    assert rows.put(name(1), b"first")
    assert not begun_anew(tmp_path)
    assert rows.get(name(1)) == b"first"


def test_a_file_that_can_not_be_opened_is_an_error(tmp_path: Path) -> None:
    (tmp_path / FILE).mkdir()

    with pytest.raises((sqlite3.OperationalError, OSError)):
        rows_at(str(tmp_path), HALF_AN_HOUR)


# ---- Any order of things. -----------------------------------------------------------------------

numbers = st.integers(0, 5)


class AnyOrder(RuleBasedStateMachine):
    """Turns, erasures, clean-ups and hours in any order: no file holds what nobody may have."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(self.make_folder())
        self.clock = Clock()
        self.rows = SqliteRows(self.folder / FILE, HALF_AN_HOUR, self.clock)
        self.kept: dict[int, tuple[bytes, float]] = {}
        self.erased: dict[int, float] = {}

    make_folder: Callable[[], str]

    @rule(number=numbers, size=st.integers(16, 20_000))
    def put(self, number: int, size: int) -> None:
        taken = self.rows.put(name(number), marked(number, size))
        assert taken == (number not in self.erased)
        if taken:
            self.kept[number] = marked(number, size), self.clock.now

    @rule(number=numbers, under_way=st.booleans())
    def erase(self, number: int, under_way: bool) -> None:
        self.rows.erase(name(number), under_way=under_way)
        if self.kept.pop(number, None) or under_way:
            self.erased[number] = self.clock.now
        assert MARK + b"/%d/" % number not in everything_in(self.folder)

    @rule(minutes=st.integers(1, 40))
    def wait(self, minutes: int) -> None:
        self.clock.now += minutes * 60

    @rule()
    def expire(self) -> None:
        self.rows.expire()
        oldest = self.clock.now - HALF_AN_HOUR
        self.kept = {number: row for number, row in self.kept.items() if row[1] >= oldest}
        self.erased = {number: when for number, when in self.erased.items() if when >= oldest}
        found = everything_in(self.folder)
        for number in range(6):
            if number not in self.kept:
                assert MARK + b"/%d/" % number not in found

    @rule()
    def start_again(self) -> None:
        self.rows.database.close()
        self.rows = SqliteRows(self.folder / FILE, HALF_AN_HOUR, self.clock)

    @invariant()
    def what_is_read_is_what_was_kept(self) -> None:
        for number in range(6):
            row, when = self.kept.get(number, (None, 0.0))
            fresh = when >= self.clock.now - HALF_AN_HOUR
            assert self.rows.get(name(number)) == (row if fresh else None)

    def teardown(self) -> None:
        self.rows.database.close()
        shutil.rmtree(self.folder)


@pytest.fixture(autouse=True)
def folders(tmp_path_factory: pytest.TempPathFactory) -> None:
    AnyOrder.make_folder = staticmethod(lambda: str(tmp_path_factory.mktemp("any-order")))


TestAnyOrder = AnyOrder.TestCase
# Each step reads every file: thirty orders of fifty steps are enough, and take a second.
TestAnyOrder.settings = settings(max_examples=30)
