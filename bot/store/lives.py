"""Everything that Foothold keeps anywhere: what it holds, for how long, and what ends it.

The promises that visitors can read are made from this list, and so are the tests: a file, a table,
a channel or a promise that no entry names fails them. Whoever adds a store adds its life here, its
words in bot/content/<language>/promises.yml, the job that ends it, and the test that proves it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from fnmatch import fnmatch
from pathlib import PurePosixPath
from typing import Any


class Life(StrEnum):
    """How long something is kept; the words of each are in promises.yml."""

    UNTIL_LEFT_OR_IDLE = "until_left_or_idle"
    AFTER_ERASING = "after_erasing"
    LATEST_MEGABYTES = "latest_megabytes"
    UNTIL_NEXT_START = "until_next_start"
    UNTIL_REPLACED = "until_replaced"
    UNTIL_CHOSEN = "until_chosen"
    UNTIL_CLEARED = "until_cleared"
    TWO_DAYS = "two_days"
    FIVE_MINUTES = "five_minutes"


LONGEST_HOURS = 90 * 24
"""A plan that a visitor saves is kept as long as they choose, and never longer (hours)."""


WORDS_KEPT_DAYS = 30
"""A word that somebody chose on Telegram is kept so long after they last came."""


@dataclass(frozen=True)
class Store:
    """One thing that is kept; what it holds is told in promises.yml under its id.

    `files` are patterns of paths in the data folder, `tables` those of its databases.
    `of_visitors`: whether it holds anything that a visitor said or did. Where a life is counted in
    minutes, `setting` names the setting that holds their number; where visitors choose it,
    `longest` is the most that they can (minutes). `ended_by` is the code that ends it.
    """

    id: str
    of_visitors: bool
    life: Life
    ended_by: tuple[str, ...]
    setting: str = ""
    longest: int = 0
    files: tuple[str, ...] = ()
    tables: tuple[str, ...] = ()


STORES = (
    Store(
        id="talks",  # sealed with a key that only the visitor's page has
        of_visitors=True,
        life=Life.UNTIL_LEFT_OR_IDLE,
        setting="idle_minutes",
        ended_by=("bot.rasa_server.sealed_rows",),
        files=("conversations.db", "conversations.db-wal", "conversations.db-shm"),
        tables=("conversations",),
    ),
    Store(
        id="erasures",  # the hash of an erased talk's random name, so that nothing brings it back
        of_visitors=True,
        life=Life.AFTER_ERASING,
        setting="idle_minutes",
        ended_by=("bot.rasa_server.sealed_rows",),
        tables=("erased",),
    ),
    Store(
        id="last_answer",  # in memory: the open question and its buttons
        of_visitors=True,
        life=Life.UNTIL_LEFT_OR_IDLE,
        setting="idle_minutes",
        ended_by=("bot.conversation",),
    ),
    Store(
        id="saved_plans",  # and helper slices: by wish, sealed with a key that only the code gives
        of_visitors=True,
        life=Life.UNTIL_CHOSEN,
        longest=LONGEST_HOURS * 60,
        ended_by=("bot.store.plans",),
        files=("kept.db", "kept.db-wal", "kept.db-shm"),
        tables=("sealed", "salt"),
    ),
    Store(
        id="chats",  # of Telegram: sealed with a key that only the bot's token gives
        of_visitors=True,
        life=Life.UNTIL_CLEARED,
        longest=WORDS_KEPT_DAYS * 24 * 60,
        ended_by=("bot.store.chats", "bot.telegram.sweeping"),
        tables=("chats",),
    ),
    Store(
        id="updates",  # numbers of Telegram's, and nothing else
        of_visitors=True,
        life=Life.TWO_DAYS,
        longest=2 * 24 * 60,
        ended_by=("bot.store.chats",),
        tables=("updates",),
    ),
    Store(
        id="moves",  # to another channel: sealed with a key that stands in the link alone
        of_visitors=True,
        life=Life.FIVE_MINUTES,
        longest=5,
        ended_by=("bot.store.chats",),
        tables=("moves",),
    ),
    Store(
        id="logs",  # kinds of errors and the lines that raised them
        of_visitors=False,
        life=Life.LATEST_MEGABYTES,
        ended_by=("bot.supervisor",),
        files=("log/*",),
    ),
    Store(
        id="model",  # learned from the examples in data/, which were all made up
        of_visitors=False,
        life=Life.UNTIL_REPLACED,
        ended_by=("bot.training",),
        files=("models/*", "rasa-cache/*"),
    ),
    Store(
        id="places",  # where towns lie, made from open data
        of_visitors=False,
        life=Life.UNTIL_REPLACED,
        ended_by=("bot.services.home",),
        files=("places.db",),
    ),
    Store(
        id="directory",  # services, with the journal of imports; looking up leaves nothing in it
        of_visitors=False,
        life=Life.UNTIL_REPLACED,
        ended_by=("bot.services.importing.taking",),
        files=("services.db", "services.db-wal", "services.db-shm"),
    ),
    Store(
        id="temporary",  # the model, unpacked
        of_visitors=False,
        life=Life.UNTIL_NEXT_START,
        ended_by=("bot.supervisor",),
        files=("tmp/*",),
    ),
)

KEPT = tuple(store for store in STORES if store.of_visitors)
"""What holds anything that a visitor said or did."""

NEVER = ("cookies", "addresses", "third_parties", "words_in_logs", "training")
"""What is never done; each has words in promises.yml and a test that proves it."""

CANNOT = ("call", "tell_danger", "watchers", "history", "network", "calls", "who_types", "demand")
"""What Foothold can't do, in the order it is told."""


def store_of_file(path: PurePosixPath) -> Store | None:
    """The store that a file of the data folder belongs to."""
    return next(
        (each for each in STORES if any(fnmatch(str(path), part) for part in each.files)), None
    )


def store_of_table(table: str) -> Store | None:
    """The store that a table belongs to."""
    return next((each for each in STORES if table in each.tables), None)


def promises(**minutes: int) -> dict[str, Any]:
    """What is promised to visitors, by ids, with the numbers that are set.

    `minutes` by the name of their setting; raises KeyError when one that is promised was not given.
    """
    return {
        "kept": [promise(store, minutes) for store in KEPT],
        "never": list(NEVER),
        "cannot": list(CANNOT),
    }


def promise(store: Store, minutes: Mapping[str, int]) -> dict[str, Any]:
    """One promise: what is kept, how long at most, and the setting that says so, if one does."""
    setting = f"FOOTHOLD_{store.setting.upper()}" if store.setting else None
    number = longest_life(store, minutes)
    return {"id": store.id, "life": store.life.value, "minutes": number, "setting": setting}


def longest_life(store: Store, minutes: Mapping[str, int]) -> int:
    """How many minutes something of a visitor is kept at most."""
    return minutes[store.setting] if store.setting else store.longest
