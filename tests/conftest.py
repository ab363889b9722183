"""What all tests share."""

import os
import subprocess
from collections.abc import Callable, Iterator

import pytest
import redis
from hypothesis import HealthCheck, settings

from bot.bench.stack import free_ports
from bot.content import Content, load
from bot.content.hotlines import Hotlines, load_hotlines
from bot.services.gazetteer import Gazetteer
from tests.stack import Stack, ready_gazetteer, running_stack, wait_for
from tests.visitor import Visitor

# Machines here are shared and noisy: no example fails for being slow.
settings.register_profile(
    "foothold", deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
# Under mutation each rule is tried hundreds of times, so fewer examples of each must do.
settings.register_profile(
    "mutation", parent=settings.get_profile("foothold"), max_examples=20, derandomize=True
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "foothold"))


@pytest.fixture(scope="session")
def content() -> Content:
    """All words, read once."""
    return load()


@pytest.fixture(scope="session")
def hotlines() -> Hotlines:
    """All numbers, read once."""
    return load_hotlines()


@pytest.fixture(scope="session")
def gazetteer() -> Gazetteer:
    """All places, made once for all runs."""
    return Gazetteer(ready_gazetteer())


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """One whole Foothold for all tests of a run."""
    with running_stack(tmp_path_factory.mktemp("foothold")) as running:
        yield running


@pytest.fixture
def visitor(stack: Stack) -> Visitor:
    """A visitor who has just opened the chat in English."""
    return Visitor(stack.http)


@pytest.fixture
def visitor_speaking(stack: Stack) -> Callable[[str], Visitor]:
    """A visitor who has just opened the chat in a language."""
    return lambda language: Visitor(stack.http, language)


@pytest.fixture(scope="session")
def redis_address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A Redis of the tests' own, which writes nothing to disk."""
    (port,) = free_ports(1)
    command = ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--save", ""]
    folder = tmp_path_factory.mktemp("redis")
    server = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL)
    address = f"redis://127.0.0.1:{port}/0"
    wait_for(lambda: answers(address), "Redis did not start", seconds=10)
    yield address
    server.terminate()
    server.wait()


def answers(address: str) -> bool:
    """Whether a Redis is there."""
    try:
        return bool(redis.Redis.from_url(address).ping())
    except redis.ConnectionError:
        return False
