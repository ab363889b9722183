"""Where sealed conversations lie: rows under a hash, each for a limited time.

Nothing here can be read: a row was sealed with a key that only the conversation's own id gives.
Rasa's process writes and reads; the internal app erases and expires, so that both also work while
Rasa is down. An erased name is remembered until nobody can write to it any more: a turn that was
under way while its conversation was erased must not bring it back.
"""

import contextlib
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple, Protocol

import redis

FILE = "conversations.db"
REDIS = ("redis://", "rediss://")
PRIVATE = 0o600
# Another process of ours may hold the file for some milliseconds.
BUSY_SECONDS = 5.0

TABLES = """
CREATE TABLE IF NOT EXISTS conversations
  (name BLOB PRIMARY KEY, sealed BLOB NOT NULL, used REAL NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS erased (name BLOB PRIMARY KEY, used REAL NOT NULL) WITHOUT ROWID;
"""
PUT = """
INSERT INTO conversations SELECT :name, :sealed, :now
 WHERE NOT EXISTS (SELECT 1 FROM erased WHERE name = :name)
 ON CONFLICT (name) DO UPDATE SET sealed = excluded.sealed, used = excluded.used
"""
LOOKS = (
    "SELECT sealed, used FROM conversations WHERE name = ?",
    "SELECT used FROM erased WHERE name = ?",
)
# The same in Redis, where a row carries its own end.
PUT_IN_REDIS = """
if redis.call('exists', KEYS[2]) == 1 then return 0 end
redis.call('set', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1
"""

ERASE_IN_REDIS = """
if redis.call('del', KEYS[1]) == 1 or ARGV[1] == '1' then
  redis.call('set', KEYS[2], '', 'PX', ARGV[2])
end
"""

Clock = Callable[[], float]


class Found(NamedTuple):
    """What lies under a name.

    `sealed` is the row as it lies there, `ends_in` the seconds until it is dropped; `erased` tells
    that a row was there and is not any more. An empty one, `NOTHING_FOUND`, says that the name is
    not known at all.
    """

    sealed: bytes = b""
    ends_in: float = 0.0
    erased: bool = False


NOTHING_FOUND = Found()


class Rows(Protocol):
    """Sealed rows by name; a name is a hash of 32 bytes."""

    def put(self, name: bytes, sealed: bytes) -> bool:
        """Keeps a row; False, and nothing kept, when its name was erased."""

    def get(self, name: bytes) -> bytes | None:
        """The row, if there is one that is not too old."""

    def erase(self, name: bytes, *, under_way: bool) -> None:
        """Drops a row now, without a trace in any file of ours, and for good.

        `under_way`: whether a turn may still write it, though there is no row yet. Of names that
        nobody ever used nothing is remembered, or strangers could fill the disk with them.
        """

    def expire(self) -> int:
        """Drops what is too old; how many conversations that were."""

    def found(self, name: bytes) -> "Found":
        """All there is under a name: for a legal demand, nothing of ours needs it."""


class SqliteRows:
    """Rows in one file that only this account can read."""

    def __init__(self, file: Path, seconds: float, clock: Clock = time.time) -> None:
        self.seconds = seconds
        self.clock = clock
        # One connection, several threads: a commit between another thread's statements would fail.
        self.alone = threading.Lock()
        file.touch(mode=PRIVATE)
        self.database = sqlite3.connect(
            file, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False
        )
        # What is deleted is overwritten, and the file shrinks. A killed process loses nothing that
        # was committed; a power cut may lose the latest turns, never the file.
        for pragma in ("secure_delete=ON", "auto_vacuum=FULL", "journal_mode=WAL",
                       "synchronous=NORMAL", "trusted_schema=OFF"):  # fmt: skip
            self.database.execute(f"PRAGMA {pragma}")
        self.database.executescript(TABLES)

    def put(self, name: bytes, sealed: bytes) -> bool:
        """Keeps a row; False, and nothing kept, when its name was erased."""
        row = {"name": name, "sealed": sealed, "now": self.clock()}
        with self.alone:
            return self.database.execute(PUT, row).rowcount > 0

    def get(self, name: bytes) -> bytes | None:
        """The row, if there is one that is not too old."""
        oldest = self.clock() - self.seconds
        with self.alone:
            found = self.database.execute(
                "SELECT sealed FROM conversations WHERE name = ? AND used >= ?", (name, oldest)
            ).fetchone()
        return found[0] if found else None

    def erase(self, name: bytes, *, under_way: bool) -> None:
        """Drops a row now, from the file and from its write-ahead log, and for good."""
        with self.alone:
            with self.at_once():
                dropped = self.database.execute("DELETE FROM conversations WHERE name = ?", (name,))
                if under_way or dropped.rowcount:
                    row = (name, self.clock())
                    self.database.execute("INSERT OR REPLACE INTO erased VALUES (?, ?)", row)
            self.empty_the_log()

    def expire(self) -> int:
        """Drops what is too old; how many conversations that were."""
        now = self.clock()
        with self.alone:
            with self.at_once():
                # A clock that was set back must not make anything live longer.
                self.database.execute("UPDATE conversations SET used = ?1 WHERE used > ?1", (now,))
                self.database.execute("UPDATE erased SET used = ?1 WHERE used > ?1", (now,))
                oldest = (now - self.seconds,)
                self.database.execute("DELETE FROM erased WHERE used < ?", oldest)
                dropped = self.database.execute("DELETE FROM conversations WHERE used < ?", oldest)
            self.empty_the_log()
        return dropped.rowcount

    def found(self, name: bytes) -> Found:
        """All there is under a name."""
        with self.alone:
            kept, gone = (self.database.execute(query, (name,)).fetchone() for query in LOOKS)
        sealed, used = kept or (b"", *(gone or (0.0,)))
        ends_in = used + self.seconds - self.clock()
        return Found(sealed, ends_in, bool(gone)) if ends_in > 0 else NOTHING_FOUND

    @contextlib.contextmanager
    def at_once(self) -> Iterator[None]:
        """All that is done inside, or nothing of it."""
        self.database.execute("BEGIN IMMEDIATE")
        try:
            yield
            self.database.execute("COMMIT")
        except BaseException:
            self.database.execute("ROLLBACK")
            raise

    def empty_the_log(self) -> None:
        """Moves the write-ahead log into the file and empties it: it holds older versions."""
        self.database.execute("PRAGMA wal_checkpoint(TRUNCATE)")


class RedisRows:
    """Rows in Redis, which drops them itself when their time is over."""

    def __init__(self, address: str, seconds: float) -> None:
        self.milliseconds = int(seconds * 1000)
        self.redis = redis.Redis.from_url(address)
        self.put_unless_erased = self.redis.register_script(PUT_IN_REDIS)
        self.erase_and_remember = self.redis.register_script(ERASE_IN_REDIS)

    def put(self, name: bytes, sealed: bytes) -> bool:
        """Keeps a row; False, and nothing kept, when its name was erased."""
        keys = [kept_key(name), erased_key(name)]
        return bool(self.put_unless_erased(keys=keys, args=[sealed, self.milliseconds]))

    def get(self, name: bytes) -> bytes | None:
        """The row, if there is one that is not too old."""
        found = self.redis.get(kept_key(name))
        return found if isinstance(found, bytes) else None

    def erase(self, name: bytes, *, under_way: bool) -> None:
        """Drops a row now, and for good."""
        keys = [kept_key(name), erased_key(name)]
        self.erase_and_remember(keys=keys, args=[int(under_way), self.milliseconds])

    def expire(self) -> int:
        """Nothing is left to do: Redis has done it."""
        return 0

    def found(self, name: bytes) -> Found:
        """All there is under a name."""
        keys = (kept_key(name), erased_key(name))
        sealed = self.redis.get(keys[0])
        left = [float(str(self.redis.pttl(key))) for key in keys]
        ends_in = max(left) / 1000
        if ends_in <= 0:
            return NOTHING_FOUND
        return Found(sealed if isinstance(sealed, bytes) else b"", ends_in, not sealed)


def kept_key(name: bytes) -> str:
    """The key of a row."""
    return f"foothold:conversation:{name.hex()}"


def erased_key(name: bytes) -> str:
    """The key that tells that a row was erased."""
    return f"foothold:erased:{name.hex()}"


def begun_anew(folder: Path) -> bool:
    """Whether the file of a folder was damaged and thrown away; only while nobody uses it.

    Nothing in it would have lived longer than the talks that it was for.
    """
    file = folder / FILE
    if not file.exists():
        return False
    try:
        SqliteRows(file, seconds=0).database.execute("PRAGMA quick_check").close()
    except sqlite3.OperationalError:
        raise
    except sqlite3.DatabaseError:
        for each in folder.glob(f"{FILE}*"):
            each.unlink()
        return True
    return False


def rows_at(address: str, seconds: float) -> Rows:
    """The rows at a redis:// address, or in a file of the data folder that is named."""
    if address.startswith(REDIS):
        return RedisRows(address, seconds)
    return SqliteRows(Path(address) / FILE, seconds)
