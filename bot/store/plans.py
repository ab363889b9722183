"""Saved plans and helper slices: sealed rows, each with the hour when it ends, and nothing else.

No row says who saved it, or when. What is in it, nobody here can open.
"""

import secrets
import time
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import BigInteger, LargeBinary, delete
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.store.database import Base, forget_pages, open_database
from bot.store.lives import LONGEST_HOURS

HOUR = 3600
SALT_BYTES = 16


class Sealed(Base):
    """A sealed row: found by its name, gone after its hour."""

    __tablename__ = "sealed"

    name: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    until: Mapped[int] = mapped_column(BigInteger, index=True)


class Salt(Base):
    """The one salt of this installation: tables of guesses made elsewhere are of no use here."""

    __tablename__ = "salt"

    id: Mapped[int] = mapped_column(primary_key=True)
    salt: Mapped[bytes] = mapped_column(LargeBinary)


class KeptByWish:
    """The sealed rows of this installation."""

    def __init__(self, engine: Engine, clock: Callable[[], float] = time.time) -> None:
        self._engine = engine
        self._clock = clock
        Base.metadata.create_all(engine)

    def salt(self) -> bytes:
        """The salt, made when it is asked for the first time."""
        with Session(self._engine) as session, session.begin():
            kept = session.get(Salt, 1)
            if kept is None:
                kept = Salt(id=1, salt=secrets.token_bytes(SALT_BYTES))
                session.add(kept)
            return kept.salt

    def put(self, name: bytes, sealed: bytes, hours: int) -> int:
        """Keeps a row for so many hours, in place of one of the same name; until when (Unix time).

        The end is on the hour, so that it does not tell when the row was made.
        """
        hours = min(max(hours, 1), LONGEST_HOURS)
        begun = (
            hours < LONGEST_HOURS
        )  # the hour that has begun counts in full, but never beyond 90 days
        until = (int(self._clock()) // HOUR + hours + begun) * HOUR
        with Session(self._engine) as session, session.begin():
            session.merge(Sealed(name=name, sealed=sealed, until=until))
        return until

    def get(self, name: bytes) -> bytes | None:
        """What is sealed under a name; None when there is nothing, or its time is over."""
        with Session(self._engine) as session:
            kept = session.get(Sealed, name)
            return kept.sealed if kept and kept.until > self._clock() else None

    def drop(self, name: bytes) -> None:
        """Deletes a row, if there is one."""
        with Session(self._engine) as session, session.begin():
            session.execute(delete(Sealed).where(Sealed.name == name))
        forget_pages(self._engine)

    def expire(self) -> int:
        """Deletes the rows whose time is over; how many."""
        with Session(self._engine) as session, session.begin():
            gone = session.execute(delete(Sealed).where(Sealed.until <= int(self._clock())))
            count = int(getattr(gone, "rowcount", 0))
        if count:
            forget_pages(self._engine)
        return count

    def close(self) -> None:
        """Lets the database go."""
        self._engine.dispose()


def kept_by_wish(address: str, folder: Path, clock: Callable[[], float] = time.time) -> KeptByWish:
    """The rows at an address (`postgresql://…`), or in a file of the data folder."""
    return KeptByWish(open_database(address, folder), clock)
