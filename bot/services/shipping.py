"""The numbers that come with Foothold, in the directory from the first start on.

A newer Foothold brings newer numbers: they are taken over, but for services that somebody here
has changed since.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

from sqlalchemy import Engine, delete, insert, select

from bot.services.directory import indexing, near
from bot.services.directory.indexing import AT_ONCE as INDEXED_AT_ONCE
from bot.services.directory.indexing import Towns, index, no_towns, touched
from bot.services.directory.tables import HSDS, imported, kept
from bot.services.importing import import_directory
from bot.services.importing.taking import SHIPPED
from bot.services.kinds import FILE as KINDS
from bot.services.pages import batches, pages

DATA = Path(__file__).parent / "data"
HOTLINES = Path(__file__).parents[1] / "content" / "numbers" / "hotlines.csv"
ROWS = "rows"
"""The name under which it is noted how the rows to search in were made."""
INDEXING, NEAR = Path(indexing.__file__), Path(near.__file__)
FILES = (HOTLINES, DATA / "places_to_go.csv")


def bring_up_to_date(
    engine: Engine, towns: Towns = no_towns, files: tuple[Path, ...] = FILES
) -> bool:
    """Loads what comes with Foothold unless it is there already; says whether it did.

    Where services are read in a new way since, the rows to search in are made anew.
    """
    made_anew = make_anew(engine, towns)
    digest = digest_of(files)
    if noted(engine, SHIPPED) == digest:
        return made_anew
    own = changed_here(engine)
    for file in files:
        import_directory(engine, file, origin=SHIPPED, towns=towns, leave=own)
    note(engine, SHIPPED, digest)
    return True


def make_anew(engine: Engine, towns: Towns) -> bool:
    """Makes the rows to search in anew if they were made in another way; says whether it did."""
    way = digest_of((KINDS, NEAR, INDEXING))
    before = noted(engine, ROWS)
    if before == way:
        return False
    with engine.begin() as directory:
        for page in pages(directory, HSDS["service"].c.id):
            for some in batches([row["id"] for row in page], INDEXED_AT_ONCE):
                index(directory, some, towns)
    note(engine, ROWS, way)
    return before is not None


def digest_of(files: Iterable[Path]) -> str:
    """What changes when one of the files does."""
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()


def noted(engine: Engine, name: str) -> str | None:
    """What was noted under a name."""
    with engine.connect() as directory:
        return directory.scalar(select(kept.c.value).where(kept.c.name == name))


def note(engine: Engine, name: str, value: str) -> None:
    """Notes a value under a name."""
    with engine.begin() as directory:
        directory.execute(delete(kept).where(kept.c.name == name))
        directory.execute(insert(kept).values(name=name, value=value))


def changed_here(engine: Engine) -> frozenset[str]:
    """The services that an import of somebody here touched."""
    with engine.connect() as directory:
        others = select(imported.c.id).where(imported.c.origin != SHIPPED, imported.c.undone == 0)
        numbers = list(directory.scalars(others))
        found = (service for number in numbers for service in directory.scalars(touched(number)))
        return frozenset(found)
