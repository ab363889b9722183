"""Rows that belong together: owners are found, orphans told, services without anybody mended."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection, bindparam, delete, or_, select, update

from bot.services.directory.tables import HSDS
from bot.services.hsds.shape import LINKS, Column, columns
from bot.services.importing.report import Problem, Told
from bot.services.importing.stage import PARTS, ROOTS, STAGE, Stage
from bot.services.marks import made_id
from bot.services.pages import batches

# Both must be known, or there is nothing to join.
NEEDED = {
    "service_at_location": ("service_id", "location_id"),
    "attribute": ("link_id", "taxonomy_term_id"),
    "metadata": ("resource_id",),
}


def join(stage: Stage, directory: Connection, told: Told) -> None:
    """Puts parts together, mends services without an organization, and drops orphans, in turn.

    Dropping one row may leave others without an owner: owners come before what they own.
    """
    take_parts(stage)
    for table in STAGE:
        for column in columns(table):
            if column.owner:
                lose_unknown(stage, directory, table, column, told)
        if table == "service":
            give_organizations(stage, told)
        drop_orphans(stage, table, told)
        if table in LINKS:
            drop_unlinked(stage, directory, table, told)


def take_parts(stage: Stage) -> None:
    """Puts fields that stood in tables of their own into their services."""
    service = STAGE["service"]
    for part in stage.rows(PARTS):
        where = (service.c.id == part["id"]) & service.c.eligibility_description.is_(None)
        values = {"eligibility_description": part["eligibility_description"]}
        stage.connection.execute(update(service).where(where).values(**values))


def lose_unknown(
    stage: Stage, directory: Connection, table: str, column: Column, told: Told
) -> None:
    """Empties a foreign key where nobody knows what it names."""
    # A term's parent is a term: the table stands beside itself.
    own, owner = STAGE[table], STAGE[column.owner].alias()
    key = own.c[column.name]
    here = select(owner.c.id).where(owner.c.id == key).exists()
    missing = select(key).where(key.is_not(None), ~here).distinct()
    for names in batches(list(stage.connection.scalars(missing))):
        there = HSDS[column.owner]
        known = set(directory.scalars(select(there.c.id).where(there.c.id.in_(names))))
        unknown = [name for name in names if name not in known]
        if not unknown:
            continue
        rows = stage.connection.execute(select(own).where(key.in_(unknown))).all()
        for row in rows:
            remedy = f"no {column.owner} has this id: add it, or name another"
            value = stage.as_written(getattr(row, column.name))
            told(Problem(row.at_file, row.at_row, table, column.name, value, remedy, mended=True))
        emptied = update(own).where(key.in_(unknown)).values({column.name: None})
        stage.connection.execute(emptied)


def give_organizations(stage: Stage, told: Told) -> None:
    """Gives each service that belongs to nobody an organization of its own name.

    A service that can be called is worth more to somebody in need than a tidy table.
    """
    service, organization = STAGE["service"], STAGE["organization"]
    orphans = select(service).where(service.c.organization_id.is_(None))
    for batch in batches(list(stage.connection.execute(orphans))):
        made = [
            {
                "id": made_id("organization of", row.id),
                "name": row.name,
                "description": row.name,
                "at_file": row.at_file,
                "at_row": row.at_row,
            }
            for row in batch
        ]
        stage.add(organization, made, told)
        giving = update(service).where(service.c.id == bindparam("service"))
        values = [
            {"service": row.id, "given": each["id"]} for row, each in zip(batch, made, strict=True)
        ]
        stage.connection.execute(giving.values(organization_id=bindparam("given")), values)


def drop_orphans(stage: Stage, table: str, told: Told) -> None:
    """Drops rows that belong to nothing, or to too little to mean something."""
    own = STAGE[table]
    owners = [column.name for column in columns(table) if column.owner]
    if table in NEEDED:
        lacking = or_(*(own.c[name].is_(None) for name in NEEDED[table]))
        field = NEEDED[table][0]
    elif table in ROOTS or not owners:
        return
    else:
        empty = [own.c[name].is_(None) for name in owners]
        lacking, field = empty[0], owners[0]
        for each in empty[1:]:
            lacking = lacking & each
    remedy = "it belongs to nothing that is known: name a service, location or organization"
    for row in list(stage.connection.execute(select(own).where(lacking))):
        told(Problem(row.at_file, row.at_row, table, field, "", remedy))
    stage.connection.execute(delete(own).where(lacking))


def drop_unlinked(stage: Stage, directory: Connection, table: str, told: Told) -> None:
    """Drops attributes and metadata of things that nobody knows."""
    own = STAGE[table]
    key, entity = (own.c[name] for name in LINKS[table])
    for kind in list(stage.connection.scalars(select(entity).distinct())):
        known = STAGE.get(kind or "")
        here = entity.is_(None) if kind is None else entity == kind
        lost = (
            [row.id for row in stage.connection.execute(select(own).where(here))]
            if known is None
            else [
                found
                for batch in unlinked(stage, table, kind)
                for found in still_unknown(directory, kind, batch)
            ]
        )
        for ids in batches(lost):
            for row in stage.connection.execute(select(own).where(own.c.id.in_(ids))):
                remedy = f"no {kind or 'object'} has this id: add it, or take this row out"
                value = stage.as_written(getattr(row, key.name))
                told(Problem(row.at_file, row.at_row, table, key.name, value, remedy))
            stage.connection.execute(delete(own).where(own.c.id.in_(ids)))


def unlinked(stage: Stage, table: str, kind: str) -> Iterator[list[tuple[str, str]]]:
    """Ids of rows, and of what they are about, where that is not among the rows that wait."""
    own, owner = STAGE[table], STAGE[kind]
    key, entity = (own.c[name] for name in LINKS[table])
    here = select(owner.c.id).where(owner.c.id == key).exists()
    rows = stage.connection.execute(select(own.c.id, key).where(entity == kind, ~here)).all()
    yield from batches([(row[0], row[1]) for row in rows])


def still_unknown(directory: Connection, kind: str, rows: list[tuple[str, str]]) -> list[str]:
    """Of these rows, those whose thing is not in the directory either."""
    there = HSDS[kind]
    names = {about for _, about in rows}
    known = set(directory.scalars(select(there.c.id).where(there.c.id.in_(names))))
    return [row for row, about in rows if about not in known]
