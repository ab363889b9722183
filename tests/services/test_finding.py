"""The directory when it is broken, locked or slow: nobody waits, and the numbers are there."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from bot.actions.finding import PATIENCE_SECONDS, REST_SECONDS, Directory
from bot.services.directory.opening import FILE, address_of, opened
from bot.services.searching import Wish

WISH = Wish(now=datetime(2026, 11, 24, tzinfo=UTC), need="shelter", country="US")


@pytest.fixture
def threads() -> Iterator[ThreadPoolExecutor]:
    """Those who look things up."""
    with ThreadPoolExecutor(2) as pool:
        yield pool


def directory_at(folder: Path, threads: ThreadPoolExecutor) -> Directory:
    """The directory in a folder, as the chat opens it."""
    return Directory(partial(opened, address_of(folder), read_only=True), threads)


def test_a_broken_file_gives_nothing(tmp_path: Path, threads: ThreadPoolExecutor) -> None:
    (tmp_path / FILE).write_bytes(b"no database at all" * 500)

    assert directory_at(tmp_path, threads).look_up(WISH) is None


def test_one_that_breaks_later_gives_nothing(tmp_path: Path, threads: ThreadPoolExecutor) -> None:
    opened(address_of(tmp_path)).dispose()
    directory = directory_at(tmp_path, threads)
    assert directory.look_up(WISH)
    assert directory.engine
    directory.engine.dispose()
    (tmp_path / FILE).write_bytes(b"no database at all" * 500)

    assert directory.look_up(WISH) is None


def test_one_of_another_version_gives_nothing(tmp_path: Path, threads: ThreadPoolExecutor) -> None:
    with opened(address_of(tmp_path)).begin() as connection:
        connection.execute(text("UPDATE kept SET value = '999' WHERE name = 'schema'"))

    assert directory_at(tmp_path, threads).look_up(WISH) is None


def test_one_that_failed_is_left_in_peace_for_a_while(
    tmp_path: Path, threads: ThreadPoolExecutor
) -> None:
    now = [0.0]
    (tmp_path / FILE).write_bytes(b"no database at all" * 500)
    opening = partial(opened, address_of(tmp_path), read_only=True)
    directory = Directory(opening, threads, lambda: now[0])
    assert directory.look_up(WISH) is None
    (tmp_path / FILE).unlink()
    opened(address_of(tmp_path)).dispose()

    assert directory.look_up(WISH) is None
    now[0] = REST_SECONDS

    assert directory.look_up(WISH) is not None


def test_an_empty_directory_is_no_fault(
    sqlite_directory: Engine, threads: ThreadPoolExecutor
) -> None:
    found = Directory(lambda: sqlite_directory, threads).look_up(WISH)

    assert found is not None
    assert found.services == ()


def test_a_locked_one_keeps_nobody_waiting(
    postgres_directory: Engine, threads: ThreadPoolExecutor
) -> None:
    with postgres_directory.begin() as other:
        other.execute(text("LOCK TABLE cover IN ACCESS EXCLUSIVE MODE"))
        begun = time.monotonic()
        found = Directory(lambda: postgres_directory, threads).look_up(WISH)
        took = time.monotonic() - begun

    assert found is None
    assert took < PATIENCE_SECONDS + 1
