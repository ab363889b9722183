"""The one small database of the internal app: sealed rows, each with the moment when it ends."""

from pathlib import Path

from sqlalchemy import create_engine, event
from sqlalchemy.engine import Engine, make_url
from sqlalchemy.orm import DeclarativeBase


class Base(DeclarativeBase):
    """The tables of what is kept sealed."""


def open_database(address: str, folder: Path) -> Engine:
    """The database at an address (`postgresql://…`), or in a file of the data folder."""
    if address:
        return create_engine(make_url(address).set(drivername="postgresql+psycopg"))
    engine = create_engine(f"sqlite:///{folder / 'kept.db'}")
    event.listen(engine, "connect", make_private)
    return engine


def make_private(connection: object, _: object) -> None:
    """Overwrites what is deleted, and lets readers and the writer go on side by side."""
    for pragma in ("secure_delete=ON", "journal_mode=WAL", "busy_timeout=5000"):
        connection.execute(f"PRAGMA {pragma}")  # type: ignore[attr-defined]


def forget_pages(engine: Engine) -> None:
    """Empties SQLite's write-ahead log, in which a deleted row would still stand."""
    if engine.dialect.name == "sqlite":
        with engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
