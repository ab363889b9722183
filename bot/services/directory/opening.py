"""Opens the directory: SQLite in the data folder by default, PostgreSQL by its address alone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, insert, inspect, select, text

from bot.services.directory.tables import SCHEMA, kept, metadata

FILE = "services.db"
PAGES_KIB = 16_000
"""What SQLite may keep of the file in memory."""
WAIT_MS = 1_500
"""How long a look-up waits while an import writes its last pages: less than a visitor does."""

# The places of all listings in a tree of boxes, an entry for each need that a listing meets. Need
# and country are dimensions of the tree, so that only what may fit is looked at. R*Tree keeps
# numbers of 32 bits, rounded outward: a metre or two.
SQLITE_TREE = (
    (
        "CREATE VIRTUAL TABLE spot USING rtree("
        "id, south, north, west, east, need, need_too, country, country_too, +listing_id, +lacks)"
    ),
)
# PostgreSQL's own points and boxes, with no extension to install: each need and country has a
# stretch of the plane of its own.
POSTGRES_TREE = (
    (
        "CREATE TABLE spot (id bigint PRIMARY KEY, lat float8, lon float8, need int, "
        "country int, listing_id bigint, lacks int)"
    ),
    "CREATE INDEX spot_at ON spot USING gist (point(lon + 400 * need, lat + 200 * country))",
)


class WrongDirectory(Exception):
    """The database can't be used as a directory; the message says why and what to do."""


def address_of(folder: Path) -> str:
    """The address of the default directory in a data folder."""
    return f"sqlite:///{folder / FILE}"


def opened(address: str, *, read_only: bool = False) -> Engine:
    """An engine for a directory, made if it is new; raises WrongDirectory when it is another's.

    Nothing is logged: the values in a query are what somebody looks for.
    """
    postgres = address.startswith("postgres")
    # Who reads answers a visitor; who writes may take its time.
    patience = {"options": f"-c statement_timeout={WAIT_MS}"} if postgres and read_only else {}
    engine = create_engine(
        address, hide_parameters=True, pool_pre_ping=postgres, connect_args=patience
    )
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", prepared(read_only=read_only))
    with engine.begin() as connection:
        made(connection)
    return engine


def prepared(*, read_only: bool) -> Callable[[Any, Any], None]:
    """What is set on each new connection to SQLite."""

    def prepare(connection: Any, _: Any) -> None:
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout = {WAIT_MS}")
        # Readers go on while an import writes.
        cursor.execute("PRAGMA journal_mode = WAL")
        cursor.execute("PRAGMA synchronous = NORMAL")
        cursor.execute(f"PRAGMA cache_size = -{PAGES_KIB}")
        cursor.execute("PRAGMA temp_store = FILE")
        if read_only:
            cursor.execute("PRAGMA query_only = ON")
        cursor.close()

    return prepare


def made(connection: Connection) -> None:
    """Makes the tables where there are none; raises WrongDirectory for another schema."""
    if not inspect(connection).has_table(kept.name):
        metadata.create_all(connection)
        tree = SQLITE_TREE if connection.dialect.name == "sqlite" else POSTGRES_TREE
        for statement in tree:
            connection.execute(text(statement))
        connection.execute(insert(kept).values(name="schema", value=str(SCHEMA)))
        return
    schema = connection.scalar(select(kept.c.value).where(kept.c.name == "schema"))
    if schema != str(SCHEMA):
        raise WrongDirectory(
            f"the directory was written by another version (schema {schema}, this is {SCHEMA}): "
            "export it with that version, move it away, and import the export"
        )
