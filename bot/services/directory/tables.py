"""The tables of the directory, for SQLite and PostgreSQL alike.

One table for each HSDS object, with its own columns and where it came from. Beside them what
searching needs: `listing` (a service at one place, with all that a card shows), `cover` (whom a
service is for by area) and the journal of imports, by which the last one can be undone.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    Float,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    text,
)

from bot.services.hsds import MODELS
from bot.services.hsds.shape import columns

SCHEMA = 1
"""Grows when a table changes; a directory of another number is refused, with what to do."""
TYPES = {str: Text, float: Float, int: Integer}
RowId = BigInteger().with_variant(Integer, "sqlite")

metadata = MetaData()


def hsds_table(name: str, within: MetaData, *others: Column[Any], prefix: str = "") -> Table:
    """A table with the columns of one HSDS object and others of ours, indexed by its owners."""
    table = Table(
        f"{prefix}{name}",
        within,
        *(
            Column(each.name, TYPES[each.type], primary_key=each.name == "id")
            for each in columns(name)
        ),
        *others,
    )
    for each in columns(name):
        if each.owner or each.is_link:
            column = table.c[each.name]
            # Most rows have one owner and leave the other keys empty.
            where = column.is_not(None)
            called = f"{table.name}_by_{each.name}"
            Index(called, column, sqlite_where=where, postgresql_where=where)
    return table


HSDS: Mapping[str, Table] = {
    name: hsds_table(name, metadata, Column("origin", Text, nullable=False)) for name in MODELS
}
"""`origin` names the file or system that a row came from."""

listing = Table(
    "listing",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("service_id", Text, nullable=False, index=True),
    Column("location_id", Text),
    Column("origin", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("organization", Text, nullable=False),
    Column("country", Text, nullable=False),
    Column("region", Text, nullable=False),
    Column("city", Text, nullable=False),
    # Degrees; of a confidential place those of its town.
    Column("lat", Float),
    Column("lon", Float),
    Column("confidential", Integer, nullable=False),
    # Bits of bot/services/needs.py: what it is for, what is known of it, what it surely has not.
    Column("needs", Integer, nullable=False),
    Column("has", Integer, nullable=False),
    Column("lacks", Integer, nullable=False),
    Column("youngest", Float),
    Column("oldest", Float),
    Column("boys_until", Float),
    Column("languages", Text, nullable=False),
    Column("serves", Text, nullable=False),
    Column("phone", Text, nullable=False),
    Column("sms", Text, nullable=False),
    Column("chat", Text, nullable=False),
    Column("website", Text, nullable=False),
    # OSM opening_hours, in the time zone; empty where not known.
    Column("hours", Text, nullable=False),
    Column("hours_text", Text, nullable=False),
    Column("timezone", Text, nullable=False),
    Column("assured", Text, nullable=False),
    Column("confirmed", Integer, nullable=False),
    # How good it is whoever asks; the best come first among many that cover a place.
    Column("standing", Integer, nullable=False),
)

cover = Table(
    "cover",
    metadata,
    Column("country", Text, primary_key=True),
    Column("region", Text, primary_key=True),
    Column("standing", Integer, primary_key=True),
    Column("listing_id", RowId, primary_key=True, index=True),
    Column("needs", Integer, nullable=False),
    Column("lacks", Integer, nullable=False),
    sqlite_with_rowid=False,
)

imported = Table(
    "imported",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("origin", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("undone", Integer, nullable=False, server_default=text("0")),
)

changed = Table(
    "changed",
    metadata,
    Column("import_id", RowId, primary_key=True),
    Column("entity", Text, primary_key=True),
    Column("id", Text, primary_key=True),
    # The row as it was, in JSON; nothing where it is new.
    Column("before", Text),
    sqlite_with_rowid=False,
)

kept = Table(
    "kept",
    metadata,
    Column("name", Text, primary_key=True),
    Column("value", Text, nullable=False),
)
