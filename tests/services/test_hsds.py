"""Our models and the published schemas of HSDS 3.1 say the same; so do our exports."""

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from referencing import Registry
from referencing.jsonschema import DRAFT202012
from sqlalchemy import Engine

from bot.services.hsds import MODELS
from bot.services.hsds.shape import columns, link, nested
from tests.services.builders import brought

SCHEMAS = Path(__file__).parents[3] / "shared" / "data" / "hsds-schema"
NO_SCHEMAS = f"the published schemas are not at {SCHEMAS}"
published = pytest.mark.skipif(not SCHEMAS.is_dir(), reason=NO_SCHEMAS)


def schema_of(table: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((SCHEMAS / f"{table}.json").read_text(encoding="utf-8"))
    return found


@published
@pytest.mark.parametrize("table", MODELS)
def test_a_model_has_the_fields_of_its_schema(table: str) -> None:
    schema = schema_of(table)
    model = MODELS[table].model_fields
    # In a table the unit of a capacity stands apart and is named by `unit_id`.
    required = set(schema["required"]) - ({"unit"} if table == "service_capacity" else set())

    assert set(model) == set(schema["properties"])
    assert {name for name, field in model.items() if field.is_required()} == required


@published
@pytest.mark.parametrize("table", MODELS)
def test_a_column_has_the_type_of_its_schema(table: str) -> None:
    properties = schema_of(table)["properties"]
    kinds = {str: "string", float: "number", int: "number"}

    assert {each.name: kinds[each.type] for each in columns(table)} == {
        name: field["type"]
        for name, field in properties.items()
        if field.get("type") in kinds.values()
    }


@published
@pytest.mark.parametrize("table", MODELS)
def test_what_is_nested_is_of_the_model_that_the_schema_names(table: str) -> None:
    properties = schema_of(table)["properties"]
    refs = {
        name: (field.get("$ref") or field["items"]["$ref"]).removesuffix(".json")
        for name, field in properties.items()
        if "$ref" in field or "items" in field
    }

    assert {each.field: each.table for each in nested(table)} == refs


@published
@pytest.mark.parametrize("table", MODELS)
def test_a_choice_has_the_words_of_its_schema(table: str) -> None:
    properties = schema_of(table)["properties"]
    model = MODELS[table].model_json_schema()["properties"]
    ours = {
        name: choice["enum"]
        for name, field in model.items()
        for choice in [field, *field.get("anyOf", [])]
        if "enum" in choice
    }

    assert ours == {name: field["enum"] for name, field in properties.items() if "enum" in field}


@published
@pytest.mark.parametrize("name", ["service_full", "organization_full", "location"])
def test_the_published_examples_come_in(sqlite_directory: Engine, name: str) -> None:
    report, problems = brought(sqlite_directory, SCHEMAS / "examples" / f"{name}.json")

    assert report.added.total() > 70 - 60 * (name == "location")
    assert report.rejected.total() == 0
    # The examples lie at 100 degrees of latitude, repeat ids, and name parents that are not there.
    assert {each.field for each in problems if "twice" not in each.remedy} <= {
        "latitude",
        "parent_organization_id",
        "parent_id",
    }


@published
@pytest.mark.parametrize("table", MODELS)
def test_what_a_model_takes_its_schema_takes(table: str) -> None:
    registry: Registry[Any] = Registry().with_resources(
        (file.name, DRAFT202012.create_resource(json.loads(file.read_text(encoding="utf-8"))))
        for file in SCHEMAS.glob("*.json")
        if file.name != "openapi.json"
    )
    values = {
        each.name: an_example(table, each.name, each.type)
        for each in columns(table)
        if each.required or each.owner
    }
    if table == "service_capacity":
        values["unit"] = {"id": values["id"], "name": "bed"}

    MODELS[table].model_validate(values)
    Draft202012Validator(schema_of(table), registry=registry).validate(values)


def an_example(table: str, name: str, kind: type) -> Any:
    field = schema_of(table)["properties"][name]
    if "enum" in field:
        return field["enum"][0]
    formats = {
        "uuid": "ac148810-d857-441c-9679-408f346de14b",
        "uri": "https://example.org",
        "date-time": "2026-11-24T10:00:00Z",
    }
    dates = ("last_action_date",)
    if name in dates:
        return "2026-11-24"
    return 1 if kind is not str else formats.get(field.get("format", ""), "x")


def test_nested_objects_name_their_owner() -> None:
    of_service = {each.field: link("service", each) for each in nested("service")}

    assert of_service["phones"] == {"service_id": "{id}"}
    assert of_service["attributes"] == {"link_id": "{id}", "link_entity": "service"}
    assert of_service["organization"] == {}
