"""Each header that protects a visitor, by name, on every kind of answer."""

import pytest
from starlette.testclient import TestClient

from bot.content import Content
from bot.content.hotlines import Hotlines
from bot.conversation import Door
from bot.settings import ChatSettings, load
from tests.builders import FakeRasa
from webchat.chat import create_app
from webchat.security import CONTENT_SECURITY_POLICY

ANSWERS = ["/", "/health", "/static/page.css", "/api/openapi.json", "/api/docs", "/nowhere"]


@pytest.fixture(scope="module", params=ANSWERS)
def headers(request: pytest.FixtureRequest, content: Content, hotlines: Hotlines):
    app = create_app(load(ChatSettings), Door(FakeRasa(), content, hotlines), content)
    return TestClient(app).get(request.param).headers


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("cache-control", "no-store"),
        ("referrer-policy", "no-referrer"),
        ("x-content-type-options", "nosniff"),
        ("x-frame-options", "DENY"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-embedder-policy", "require-corp"),
        ("cross-origin-resource-policy", "same-origin"),
    ],
)
def test_w1_every_answer_carries_the_header(headers, name: str, value: str) -> None:
    assert headers[name] == value


@pytest.mark.parametrize("name", ["set-cookie", "etag", "last-modified", "server", "date"])
def test_w1_no_answer_carries_what_could_identify(headers, name: str) -> None:
    assert name not in headers


def test_w1_no_answer_is_kept_by_search_engines(headers) -> None:
    assert "noarchive" in headers["x-robots-tag"]


@pytest.mark.parametrize(
    ("directive", "source"),
    [
        ("default-src", "'none'"),
        ("script-src", "'self'"),
        ("style-src", "'self'"),
        ("img-src", "'self'"),
        ("connect-src", "'self'"),
        ("form-action", "'self'"),
        ("frame-ancestors", "'none'"),
        ("base-uri", "'none'"),
        ("require-trusted-types-for", "'script'"),
        ("trusted-types", "'none'"),
    ],
)
def test_w1_the_content_security_policy_allows_only_ourselves(
    headers, directive: str, source: str
) -> None:
    assert f"{directive} {source}" in headers["content-security-policy"].split("; ")


def test_w1_the_content_security_policy_has_nothing_else() -> None:
    assert len(CONTENT_SECURITY_POLICY) == 10


@pytest.mark.parametrize(
    "feature", ["camera", "microphone", "geolocation", "clipboard-read", "usb", "serial"]
)
def test_w1_the_page_may_ask_the_device_for_nothing(headers, feature: str) -> None:
    assert f"{feature}=()" in headers["permissions-policy"].split(", ")


def test_w1_the_server_in_earnest_adds_nothing(served) -> None:
    headers = served.get("/").headers

    assert {"server", "date", "etag", "set-cookie"}.isdisjoint(headers)
