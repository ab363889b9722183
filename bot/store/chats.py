"""Chats of messengers: sealed rows that say when they are due, and what was taken already.

A row is named by a keyed hash and sealed by the process that speaks with the messenger. Nothing
here tells whose it is or what is in it; only when something has to be done with it, so that a
restart forgets no message that is to be deleted.
"""

import time
from collections.abc import Callable, Iterable
from typing import NamedTuple

from sqlalchemy import BigInteger, LargeBinary, delete, select
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.store.database import Base, forget_pages

REMEMBERED_SECONDS = 2 * 24 * 3600
"""A messenger that was not told in time sends an update again for a day (Bot API, getUpdates)."""

MOVE_SECONDS = 5 * 60
MOST_DUE = 1000


class ChatRow(Base):
    """A sealed chat: when something has to be done with it, and when it ends."""

    __tablename__ = "chats"

    name: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    due: Mapped[int] = mapped_column(BigInteger, index=True)
    until: Mapped[int] = mapped_column(BigInteger, index=True)


class TakenUpdate(Base):
    """The number of an update that was taken, so that it is never answered twice."""

    __tablename__ = "updates"

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    seen: Mapped[int] = mapped_column(BigInteger, index=True)


class Move(Base):
    """A conversation on its way to another channel, sealed with the key in its link."""

    __tablename__ = "moves"

    name: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    until: Mapped[int] = mapped_column(BigInteger, index=True)


class Row(NamedTuple):
    """A chat as it is kept: times are Unix seconds."""

    name: bytes
    sealed: bytes
    due: int
    until: int


class Chats:
    """The chats and moves of this installation."""

    def __init__(self, engine: Engine, clock: Callable[[], float] = time.time) -> None:
        self._engine = engine
        self._clock = clock
        Base.metadata.create_all(engine)

    def put(self, row: Row, taken: Iterable[int] = ()) -> None:
        """Keeps a chat, and that these updates were taken, both or neither."""
        with Session(self._engine) as session, session.begin():
            session.merge(ChatRow(**row._asdict()))
            self._remember(session, taken)

    def get(self, name: bytes) -> bytes | None:
        """A sealed chat, if there is one whose time is not over."""
        with Session(self._engine) as session:
            kept = session.get(ChatRow, name)
            return kept.sealed if kept and kept.until > self._clock() else None

    def drop(self, name: bytes, taken: Iterable[int] = ()) -> None:
        """Deletes a chat, if there is one, and keeps that these updates were taken."""
        with Session(self._engine) as session, session.begin():
            gone = session.execute(delete(ChatRow).where(ChatRow.name == name))
            count = int(getattr(gone, "rowcount", 0))
            self._remember(session, taken)
        if count:
            forget_pages(self._engine)

    def due(self) -> list[tuple[bytes, bytes]]:
        """Names and sealed chats with which something has to be done now, the longest due first."""
        wanted = select(ChatRow).where(ChatRow.due <= int(self._clock()))
        with Session(self._engine) as session:
            found = session.scalars(wanted.order_by(ChatRow.due).limit(MOST_DUE))
            return [(each.name, each.sealed) for each in found]

    def taken(self) -> list[int]:
        """The updates that were taken of late."""
        with Session(self._engine) as session:
            return list(session.scalars(select(TakenUpdate.id)))

    def put_move(self, name: bytes, sealed: bytes) -> None:
        """Keeps a move for five minutes."""
        until = int(self._clock()) + MOVE_SECONDS
        with Session(self._engine) as session, session.begin():
            session.merge(Move(name=name, sealed=sealed, until=until))

    def take_move(self, name: bytes) -> bytes | None:
        """A sealed move, once: whoever asks second gets nothing."""
        wanted = delete(Move).where(Move.name == name).returning(Move.sealed, Move.until)
        with Session(self._engine) as session, session.begin():
            found = session.execute(wanted).one_or_none()
        return found.sealed if found and found.until > self._clock() else None

    def has_move(self, name: bytes) -> bool:
        """Whether a move still waits to be taken."""
        with Session(self._engine) as session:
            kept = session.get(Move, name)
            return kept is not None and kept.until > self._clock()

    def expire(self) -> int:
        """Deletes what has ended; how many rows."""
        now = int(self._clock())
        ended = (
            delete(ChatRow).where(ChatRow.until <= now),
            delete(Move).where(Move.until <= now),
            delete(TakenUpdate).where(TakenUpdate.seen <= now - REMEMBERED_SECONDS),
        )
        with Session(self._engine) as session, session.begin():
            gone = [session.execute(each) for each in ended]
            count = sum(int(getattr(each, "rowcount", 0)) for each in gone)
        if count:
            forget_pages(self._engine)
        return count

    def _remember(self, session: Session, taken: Iterable[int]) -> None:
        """Keeps that updates were taken."""
        for update in taken:
            session.merge(TakenUpdate(id=update, seen=int(self._clock())))
