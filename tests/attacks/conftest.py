"""A house that is attacked: the real app on a real port, with short limits and a fake Rasa."""

from collections.abc import Iterator

import httpx
import pytest

from bot.content import Content
from bot.content.hotlines import Hotlines
from bot.conversation import Door
from bot.settings import ChatSettings, load
from tests.attacks.strangers import Stranger
from tests.builders import FakeRasa
from tests.serving import serving
from webchat.chat import create_app
from webchat.server import Crowd, Limits

# Long enough for an honest visitor on a machine that is busy with other tests.
SHORT = Limits(head=0.4, body=0.4, unread=0.4, first_frame=0.4)


@pytest.fixture(scope="package")
def rasa() -> FakeRasa:
    return FakeRasa()


@pytest.fixture(scope="package")
def door(rasa: FakeRasa, content: Content, hotlines: Hotlines) -> Door:
    return Door(rasa, content, hotlines, country="US", erase_pause=0.01)


@pytest.fixture(scope="package")
def served(door: Door, content: Content) -> Iterator[tuple[int, Crowd]]:
    app = create_app(load(ChatSettings), door, content, limits=SHORT)
    with serving(app, SHORT) as port_and_crowd:
        yield port_and_crowd


@pytest.fixture
def crowd(served: tuple[int, Crowd]) -> Iterator[Crowd]:
    """Who is connected; a test may set other limits."""
    _, crowd = served
    yield crowd
    crowd.limits = SHORT


@pytest.fixture(scope="package")
def http(served: tuple[int, Crowd]) -> Iterator[httpx.Client]:
    """A visitor among the strangers."""
    port, _ = served
    # What is kept open is cut soon here, maybe just when it is used again.
    each_its_own = httpx.Limits(max_keepalive_connections=0)
    address = f"http://127.0.0.1:{port}"
    with httpx.Client(base_url=address, trust_env=False, limits=each_its_own) as client:
        yield client


@pytest.fixture
def stranger(served: tuple[int, Crowd]) -> Iterator[type[Stranger]]:
    """Makes strangers, who go away at the end of the test."""
    port, _ = served
    there: list[Stranger] = []

    class Coming(Stranger):
        def __init__(self, sends: bytes = b"") -> None:
            super().__init__(port, sends)
            there.append(self)

    yield Coming
    for each in there:
        each.close()


@pytest.fixture
def token(http: httpx.Client) -> str:
    """A conversation that was just opened."""
    return str(http.post("/api/conversations", json={}).json()["conversation"])
