"""A directory of its own for each test, in SQLite and in PostgreSQL."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import Engine

from bot.bench.stack import free_ports
from bot.services.directory.opening import address_of, opened
from tests.stack import wait_for

NUMBERS = count()


def postgres_program(name: str) -> str:
    """A program of PostgreSQL; Debian keeps them out of the path."""
    found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    return str(found[-1]) if found else shutil.which(name) or name


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """A PostgreSQL of the tests' own: its address, without a database."""
    (port,) = free_ports(1)
    # PostgreSQL refuses to run as root.
    account = "postgres" if os.geteuid() == 0 else None
    folder = Path(tempfile.mkdtemp(prefix="foothold-postgres-"))
    data = folder / "data"
    if account:
        shutil.chown(folder, account)
    null = subprocess.DEVNULL
    make = [postgres_program("initdb"), "-D", str(data), "-A", "trust", "-U", "foothold"]
    subprocess.run(
        [*make, "--no-sync"], check=True, user=account, cwd=folder, stdout=null, stderr=null
    )
    options = ["-h", "127.0.0.1", "-p", str(port), "-k", str(folder), "-c", "fsync=off"]
    serve = [postgres_program("postgres"), "-D", str(data), *options]
    server = subprocess.Popen(serve, user=account, cwd=folder, stdout=null, stderr=null)
    address = f"127.0.0.1:{port}"
    wait_for(lambda: answers(address), "PostgreSQL did not start", seconds=20)
    yield address
    server.terminate()
    server.wait()
    shutil.rmtree(folder)


def answers(address: str) -> bool:
    """Whether a PostgreSQL is there."""
    try:
        with psycopg.connect(f"postgresql://foothold@{address}/postgres"):
            return True
    except psycopg.OperationalError:
        return False


@pytest.fixture
def sqlite_directory(tmp_path: Path) -> Iterator[Engine]:
    """An empty directory in a file."""
    engine = opened(address_of(tmp_path))
    yield engine
    engine.dispose()


@pytest.fixture
def postgres_directory(postgres: str) -> Iterator[Engine]:
    """An empty directory in a database of its own."""
    name = f"test{next(NUMBERS)}"
    with psycopg.connect(f"postgresql://foothold@{postgres}/postgres", autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}")
    engine = opened(f"postgresql+psycopg://foothold@{postgres}/{name}")
    yield engine
    engine.dispose()


@pytest.fixture(params=["sqlite", "postgres"])
def directory(request: pytest.FixtureRequest) -> Engine:
    """An empty directory, once in each kind of database."""
    engine: Engine = request.getfixturevalue(f"{request.param}_directory")
    return engine
