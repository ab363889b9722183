"""What the models say about tables: columns, nested objects, foreign keys."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from bot.services.hsds.models import MODELS, Attribute, Metadata, Record

# How the owner of an attribute, and what metadata is about, is named in a table.
LINKS = {
    Attribute.TABLE: ("link_id", "link_entity"),
    Metadata.TABLE: ("resource_id", "resource_type"),
}
# A foreign key that is not called after its table.
SPECIAL_KEYS = {
    ("organization", "parent_organization_id"): "organization",
    ("taxonomy_term", "parent_id"): "taxonomy_term",
}


@dataclass(frozen=True)
class Nested:
    """Objects inside an object: the field, what they are, and whether there are many."""

    field: str
    table: str
    many: bool


@dataclass(frozen=True)
class Column:
    """A field of a table; `type` is str, float or int."""

    name: str
    type: type
    required: bool
    owner: str = ""
    """The table whose id it holds, if it is a foreign key."""
    is_link: bool = False
    """Whether it holds the id of anything, of a table that another column names."""


@cache
def columns(table: str) -> tuple[Column, ...]:
    """The columns of a table, `id` first."""
    model = MODELS[table]
    return tuple(
        Column(name, kind, field.is_required(), owner_of(table, name), is_link(table, name))
        for name, field in model.model_fields.items()
        for kind in [plain_type(field.annotation)]
        if kind
    )


@cache
def nested(table: str) -> tuple[Nested, ...]:
    """The fields of a table that hold other objects in JSON."""
    found = []
    for name, field in MODELS[table].model_fields.items():
        model = model_in(field.annotation)
        if model:
            found.append(Nested(name, model.TABLE, get_origin(field.annotation) is list))
    return tuple(found)


def plain_type(annotation: Any) -> type | None:
    """The type of a column: str, float or int; None where objects are nested."""
    origin = get_origin(annotation)
    if origin is Annotated:
        return plain_type(get_args(annotation)[0])
    if origin in (Union, UnionType):
        return next((each for each in map(plain_type, get_args(annotation)) if each), None)
    if annotation in (str, float, int):
        return annotation  # type: ignore[no-any-return]
    return str if origin and all(isinstance(each, str) for each in get_args(annotation)) else None


def model_in(annotation: Any) -> type[Record] | None:
    """The model that a field nests, one or many."""
    if isinstance(annotation, type):
        return annotation if issubclass(annotation, Record) else None
    return next((each for each in map(model_in, get_args(annotation)) if each), None)


def owner_of(table: str, column: str) -> str:
    """The table that a foreign key points to; "" when a column is none."""
    special = SPECIAL_KEYS.get((table, column))
    name = column.removesuffix("_id")
    if special or column in ("tax_id", "id") or name == column or name not in MODELS:
        return special or ""
    return name


def is_link(table: str, column: str) -> bool:
    """Whether a column holds the id of what an attribute or metadata is about."""
    return column == LINKS.get(table, ("",))[0]


def link(owner: str, child: Nested) -> dict[str, str]:
    """How a nested object names its owner: columns of the child and what they hold.

    "{id}" stands for the owner's id. Empty where the owner names the child instead.
    """
    if child.table in LINKS:
        key, entity = LINKS[child.table]
        return {key: "{id}", entity: owner}
    return {f"{owner}_id": "{id}"} if child.many else {}
