"""A directory of its own for each test, in SQLite and in PostgreSQL."""

from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import Engine

from bot.bench.postgres import new_database, running_postgres
from bot.services.directory.opening import address_of, opened

NUMBERS = count()


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """A PostgreSQL of the tests' own: where it listens."""
    with running_postgres() as server:
        yield server


@pytest.fixture
def sqlite_directory(tmp_path: Path) -> Iterator[Engine]:
    """An empty directory in a file."""
    engine = opened(address_of(tmp_path))
    yield engine
    engine.dispose()


@pytest.fixture
def postgres_directory(postgres: str) -> Iterator[Engine]:
    """An empty directory in a database of its own."""
    engine = opened(new_database(postgres, f"test{next(NUMBERS)}"))
    yield engine
    engine.dispose()


@pytest.fixture(params=["sqlite", "postgres"])
def directory(request: pytest.FixtureRequest) -> Engine:
    """An empty directory, once in each kind of database."""
    engine: Engine = request.getfixturevalue(f"{request.param}_directory")
    return engine
