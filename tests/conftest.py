"""What all tests share."""

import pytest
from hypothesis import HealthCheck, settings

from bot.content import Content, load
from bot.content.hotlines import Hotlines, load_hotlines

# Machines here are shared and noisy: no example fails for being slow.
settings.register_profile(
    "foothold", deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
settings.load_profile("foothold")


@pytest.fixture(scope="session")
def content() -> Content:
    """All words, read once."""
    return load()


@pytest.fixture(scope="session")
def hotlines() -> Hotlines:
    """All numbers, read once."""
    return load_hotlines()
