"""The numbers that come with Foothold, in the directory from the first start on.

A newer Foothold brings newer numbers: they are taken over, but for services that somebody here
has changed since.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from sqlalchemy import Engine, delete, insert, select

from bot.services.directory.indexing import Towns, no_towns, touched
from bot.services.directory.tables import imported, kept
from bot.services.importing import import_directory

DATA = Path(__file__).parent / "data"
SHIPPED = "foothold"
"""The origin of what comes with Foothold."""
HOTLINES = Path(__file__).parents[1] / "content" / "numbers" / "hotlines.csv"
FILES = (HOTLINES, DATA / "places_to_go.csv")


def bring_up_to_date(
    engine: Engine, towns: Towns = no_towns, files: tuple[Path, ...] = FILES
) -> bool:
    """Loads what comes with Foothold unless it is there already; says whether it did."""
    digest = hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()
    with engine.connect() as directory:
        there = directory.scalar(select(kept.c.value).where(kept.c.name == SHIPPED))
        if there == digest:
            return False
        own = changed_here(engine)
    for file in files:
        import_directory(engine, file, origin=SHIPPED, towns=towns, leave=own)
    with engine.begin() as directory:
        directory.execute(delete(kept).where(kept.c.name == SHIPPED))
        directory.execute(insert(kept).values(name=SHIPPED, value=digest))
    return True


def changed_here(engine: Engine) -> frozenset[str]:
    """The services that an import of somebody here touched."""
    with engine.connect() as directory:
        others = select(imported.c.id).where(imported.c.origin != SHIPPED, imported.c.undone == 0)
        numbers = list(directory.scalars(others))
        found = (service for number in numbers for service in directory.scalars(touched(number)))
        return frozenset(found)
