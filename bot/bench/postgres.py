"""A PostgreSQL of its own for a while: for the tests of the directory, and for its benchmark."""

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from bot.bench.stack import free_ports

ACCOUNT = "foothold"
READY_SECONDS = 20.0


class NoPostgres(Exception):
    """There is no PostgreSQL here, or it did not start."""


@contextmanager
def running_postgres() -> Iterator[str]:
    """The address of a server without any database of ours; it is gone afterwards.

    Nothing is written safely to disk. Raises NoPostgres.
    """
    (port,) = free_ports(1)
    folder = Path(tempfile.mkdtemp(prefix="foothold-postgres-"))
    # PostgreSQL refuses to run as root.
    account = "postgres" if os.geteuid() == 0 else None
    if account:
        shutil.chown(folder, account)
    null, data = subprocess.DEVNULL, str(folder / "data")
    make = [program("initdb"), "-D", data, "-A", "trust", "-U", ACCOUNT, "--no-sync"]
    options = ["-h", "127.0.0.1", "-p", str(port), "-k", str(folder), "-c", "fsync=off"]
    serve = [program("postgres"), "-D", data, *options]
    try:
        subprocess.run(make, check=True, user=account, cwd=folder, stdout=null, stderr=null)
        server = subprocess.Popen(serve, user=account, cwd=folder, stdout=null, stderr=null)
        try:
            wait_for(address(port))
            yield f"127.0.0.1:{port}"
        finally:
            server.terminate()
            server.wait()
    except (OSError, subprocess.CalledProcessError) as error:
        raise NoPostgres(f"PostgreSQL can't be started here: {type(error).__name__}") from None
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def new_database(server: str, name: str) -> str:
    """Makes a database on such a server; its address for SQLAlchemy."""
    with psycopg.connect(f"postgresql://{ACCOUNT}@{server}/postgres", autocommit=True) as made:
        made.execute(f"CREATE DATABASE {name}")
    return f"postgresql+psycopg://{ACCOUNT}@{server}/{name}"


def program(name: str) -> str:
    """A program of PostgreSQL; Debian keeps them out of the path."""
    found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    return str(found[-1]) if found else shutil.which(name) or name


def address(port: int) -> str:
    """Where the server answers."""
    return f"postgresql://{ACCOUNT}@127.0.0.1:{port}/postgres"


def wait_for(server: str) -> None:
    """Waits until the server answers; raises NoPostgres."""
    until = time.monotonic() + READY_SECONDS
    while time.monotonic() < until:
        try:
            psycopg.connect(server).close()
        except psycopg.OperationalError:
            time.sleep(0.1)
        else:
            return
    raise NoPostgres("PostgreSQL did not start")
