"""A directory of its own for each test, in SQLite and in PostgreSQL."""

import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import Engine

from bot.services.directory.opening import address_of, opened
from tests.stack import wait_for

NUMBERS = count()


def postgres_program(name: str) -> str:
    """A program of PostgreSQL; Debian keeps them out of the path."""
    found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    return str(found[-1]) if found else shutil.which(name) or name


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A PostgreSQL of the tests' own: its address, without a database."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    # PostgreSQL refuses to run as root.
    account = "postgres" if os.geteuid() == 0 else None
    folder = tmp_path_factory.mktemp("postgres")
    data = folder / "data"
    for each in (folder, *folder.parents):
        if each != Path("/") and each.stat().st_uid == os.geteuid():
            each.chmod(0o755)
    if account:
        shutil.chown(folder, account)
    null = subprocess.DEVNULL
    make = [
        postgres_program("initdb"),
        "-D",
        str(data),
        "-A",
        "trust",
        "-U",
        "foothold",
        "--no-sync",
    ]
    subprocess.run(make, check=True, user=account, cwd=folder, stdout=null, stderr=null)
    options = ["-h", "127.0.0.1", "-p", str(port), "-k", str(folder), "-c", "fsync=off"]
    serve = [postgres_program("postgres"), "-D", str(data), *options]
    server = subprocess.Popen(serve, user=account, cwd=folder, stdout=null, stderr=null)
    address = f"127.0.0.1:{port}"
    wait_for(lambda: answers(address), "PostgreSQL did not start", seconds=20)
    yield address
    server.terminate()
    server.wait()


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


@pytest.fixture(params=["sqlite", "postgres"])
def directory(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """An empty directory, once in each kind of database."""
    if request.param == "sqlite":
        address = address_of(tmp_path)
    else:
        server = request.getfixturevalue("postgres")
        name = f"test{next(NUMBERS)}"
        with psycopg.connect(
            f"postgresql://foothold@{server}/postgres", autocommit=True
        ) as connection:
            connection.execute(f"CREATE DATABASE {name}")
        address = f"postgresql+psycopg://foothold@{server}/{name}"
    engine = opened(address)
    yield engine
    engine.dispose()
