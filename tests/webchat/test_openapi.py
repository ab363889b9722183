"""The description of the API: there, true, and readable without loading anything from elsewhere."""

import jsonschema_rs
import pytest
import schemathesis
from fastapi import FastAPI
from hypothesis import given, settings
from schemathesis.core.result import Ok
from starlette.testclient import TestClient


def test_whatever_is_sent_the_answer_is_as_described(app: FastAPI) -> None:
    api = schemathesis.openapi.from_asgi("/api/openapi.json", app)
    for found in api.get_all_operations():
        assert isinstance(found, Ok)
        operation = found.ok()

        @settings(max_examples=40)
        @given(case=operation.as_strategy())
        def check(case) -> None:
            case.call_and_validate()

        check()


@pytest.fixture
def description(client: TestClient):
    return client.get("/api/openapi.json").json()


def test_every_shape_is_a_json_schema(description) -> None:
    for shape in description["components"]["schemas"].values():
        jsonschema_rs.meta.validate(shape)


def test_only_what_is_promised_is_described(description) -> None:
    calls = {(path, method) for path, each in description["paths"].items() for method in each}

    assert calls == {
        ("/api/conversations", "post"),
        ("/api/conversations", "delete"),
        ("/api/turns", "post"),
        ("/api/moves", "post"),
        ("/api/plan", "get"),
        ("/api/plan/changes", "post"),
        ("/api/plan/file", "post"),
        ("/api/plans", "post"),
        ("/api/plans", "delete"),
        ("/api/plans/opened", "post"),
        ("/api/slices", "post"),
        ("/api/slices/opened", "post"),
        ("/health", "get"),
    }


def test_problems_have_their_own_media_type(description) -> None:
    refused = description["paths"]["/api/turns"]["post"]["responses"]["404"]

    assert refused["content"].keys() == {"application/problem+json"}


def test_the_page_about_the_api_loads_nothing_from_elsewhere(client: TestClient) -> None:
    page = client.get("/api/docs")

    assert page.status_code == 200
    assert "http" not in page.text.replace("HTTP", "")


@pytest.mark.parametrize(
    "reason", ["conversation_gone", "too_long", "slow_down", "unreadable", "service_down"]
)
def test_every_type_of_problem_is_explained(client: TestClient, reason: str) -> None:
    assert f'id="{reason}"' in client.get("/api/docs").text
