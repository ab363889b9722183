"""The databases that sealed rows can lie in."""

from collections.abc import Iterator

import pytest

from bot.bench.postgres import new_database, running_postgres


@pytest.fixture(scope="module")
def postgres() -> Iterator[str]:
    """A PostgreSQL of a module's own."""
    with running_postgres() as server:
        yield new_database(server, "kept").replace("+psycopg", "")


@pytest.fixture(params=["sqlite", "postgresql"])
def address(request: pytest.FixtureRequest) -> str:
    """Where rows lie: in a file (empty), or in PostgreSQL."""
    wanted = request.getfixturevalue("postgres") if request.param == "postgresql" else ""
    return str(wanted)
