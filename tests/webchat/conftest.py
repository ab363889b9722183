"""The web app as tests meet it: the real app and the real door, with a fake Rasa behind them."""

from collections.abc import Iterator

import httpx
import pytest
from fastapi import FastAPI

from bot.content import Content
from bot.content.hotlines import Hotlines
from bot.conversation import Door
from bot.keeping import Keeper
from bot.settings import ChatSettings, load
from tests.builders import FakeRasa, FakeShelf
from tests.serving import TestClient, serving
from webchat.chat import USUAL, create_app


@pytest.fixture
def rasa() -> FakeRasa:
    return FakeRasa()


@pytest.fixture
def settings() -> ChatSettings:
    return load(ChatSettings)


@pytest.fixture
def door(rasa: FakeRasa, content: Content, hotlines: Hotlines) -> Door:
    keeper = Keeper(FakeShelf(), {})
    return Door(rasa, content, hotlines, country="US", rate="20/minute", keeper=keeper)


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
    with (
        serving(app, USUAL) as (port, _),
        httpx.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False) as client,
    ):
        yield client
