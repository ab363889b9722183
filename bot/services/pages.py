"""Many rows in lists of a size, so that a directory of any length needs little memory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import Column, ColumnElement, Connection, select

AT_ONCE = 1_000
Item = TypeVar("Item")


def batches(items: Iterable[Item], size: int = AT_ONCE) -> Iterator[list[Item]]:
    """Items in lists of a size."""
    rest = iter(items)
    while batch := list(islice(rest, size)):
        yield batch


def pages(
    connection: Connection, key: Column[Any], *where: ColumnElement[bool]
) -> Iterator[list[dict[str, Any]]]:
    """All rows of a key's table, in its order, in lists that begin where the last ended.

    Each list is read to its end before it is given, so that rows may be written meanwhile.
    """
    rows = select(key.table).where(*where).order_by(key).limit(AT_ONCE)
    page = connection.execute(rows).mappings().all()
    while page:
        yield [dict(row) for row in page]
        if len(page) < AT_ONCE:
            return
        page = connection.execute(rows.where(key > page[-1][key.name])).mappings().all()
