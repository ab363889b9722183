"""Everything that Foothold keeps anywhere: what it holds, for how long, and what ends it.

The promises that visitors can read are made from this list, and so are the tests: a file or a table
that no entry names fails them. Whoever adds a store adds its life here, and the job that ends it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import PurePosixPath
from typing import Any

UNTIL_LEFT_OR_IDLE = "until the visitor leaves, or has been silent for so many minutes"
UNTIL_NEXT_START = "until the next start"
UNTIL_REPLACED = "until a newer one takes its place"


@dataclass(frozen=True)
class Store:
    """One thing that is kept.

    `files` are patterns of paths in the data folder, `tables` those of its databases.
    `of_visitors`: whether it holds anything that a visitor said or did. `life` in words; where it
    is counted in minutes, `setting` names the setting that holds their number. `ended_by` is the
    code that ends it.
    """

    name: str
    holds: str
    of_visitors: bool
    life: str
    ended_by: tuple[str, ...]
    setting: str = ""
    files: tuple[str, ...] = ()
    tables: tuple[str, ...] = ()


STORES = (
    Store(
        name="talks",
        holds="the answers of a talk, its plan and the latest turn; sealed with a key that only "
        "the visitor's page has",
        of_visitors=True,
        life=UNTIL_LEFT_OR_IDLE,
        setting="idle_minutes",
        ended_by=("bot.rasa_server.sealed_rows",),
        files=("conversations.db", "conversations.db-wal", "conversations.db-shm"),
        tables=("conversations",),
    ),
    Store(
        name="erasures",
        holds="the hash of an erased talk's random name, so that nothing brings the talk back",
        of_visitors=True,
        life="for so many minutes after a talk was erased",
        setting="idle_minutes",
        ended_by=("bot.rasa_server.sealed_rows",),
        tables=("erased",),
    ),
    Store(
        name="the last answer",
        holds="in memory: the latest answer, the open question and its buttons",
        of_visitors=True,
        life=UNTIL_LEFT_OR_IDLE,
        setting="idle_minutes",
        ended_by=("bot.conversation",),
    ),
    Store(
        name="logs",
        holds="kinds of errors and the lines that raised them; no words, addresses or names",
        of_visitors=False,
        life="the latest 2 MB of each process, and as much before them",
        ended_by=("bot.supervisor",),
        files=("log/*",),
    ),
    Store(
        name="the trained model",
        holds="what was learned from the examples in data/, which were all made up",
        of_visitors=False,
        life=UNTIL_REPLACED,
        ended_by=("bot.training",),
        files=("models/*", "rasa-cache/*"),
    ),
    Store(
        name="temporary files",
        holds="the model, unpacked",
        of_visitors=False,
        life=UNTIL_NEXT_START,
        ended_by=("bot.supervisor",),
        files=("tmp/*",),
    ),
)


def store_of_file(path: PurePosixPath) -> Store | None:
    """The store that a file of the data folder belongs to."""
    return next(
        (each for each in STORES if any(fnmatch(str(path), part) for part in each.files)), None
    )


def store_of_table(table: str) -> Store | None:
    """The store that a table belongs to."""
    return next((each for each in STORES if table in each.tables), None)


def promises(**minutes: int) -> dict[str, Any]:
    """What is promised to visitors, with the numbers that are set; `minutes` by setting."""
    return {
        "kept": [dict(promise(each, minutes)) for each in STORES if each.of_visitors],
        "never": [
            "cookies or anything else stored in the browser",
            "addresses, device names or where somebody came from",
            "requests to anybody else",
            "the words of a talk in a log",
            "talks as material for training",
        ],
    }


def promise(store: Store, minutes: dict[str, int]) -> Iterator[tuple[str, Any]]:
    """One promise, as pairs; raises KeyError when its setting was not given."""
    yield "what", store.name
    yield "holds", store.holds
    yield "life", store.life
    if store.setting:
        yield "minutes", minutes[store.setting]
        yield "setting", f"FOOTHOLD_{store.setting.upper()}"
