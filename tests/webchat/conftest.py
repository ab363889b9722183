"""The web app as tests meet it: the real app and the real door, with a fake Rasa behind them."""

import warnings
from collections.abc import Iterator

import httpx
import pytest
from fastapi import FastAPI

from bot.content import Content
from bot.content.hotlines import Hotlines
from bot.conversation import Door
from bot.settings import ChatSettings, load
from tests.builders import FakeRasa
from tests.serving import serving
from webchat.chat import create_app

with warnings.catch_warnings():
    # It asks for httpx2; the httpx that we have anyway serves it well.
    warnings.simplefilter("ignore")
    from starlette.testclient import TestClient


@pytest.fixture
def rasa() -> FakeRasa:
    return FakeRasa()


@pytest.fixture
def settings() -> ChatSettings:
    return load(ChatSettings)


@pytest.fixture
def door(rasa: FakeRasa, content: Content, hotlines: Hotlines) -> Door:
    return Door(rasa, content, hotlines, country="US", rate="20/minute")


@pytest.fixture
def app(settings: ChatSettings, door: Door, content: Content) -> FastAPI:
    return create_app(settings, door, content)


@pytest.fixture
def client(app: FastAPI) -> Iterator[TestClient]:
    with TestClient(app, headers={"accept-language": "en"}) as client:
        yield client


@pytest.fixture
def token(client: TestClient) -> str:
    """A conversation that was just opened."""
    return str(client.post("/api/conversations", json={}).json()["conversation"])


@pytest.fixture
def served(app: FastAPI) -> Iterator[httpx.Client]:
    """The app on a real port, as it runs in earnest."""
    with serving(app) as url, httpx.Client(base_url=url, trust_env=False) as client:
        yield client
