"""What whole conversations share: they run over each channel, and in each language."""

from collections.abc import Callable

import pytest

from bot.content import Content
from tests.stack import Stack
from tests.telegram.visitor import TelegramVisitor
from tests.visitor import Press, Visitor


@pytest.fixture(params=["web", "telegram"])
def visitor_speaking(request: pytest.FixtureRequest, stack: Stack) -> Callable[[str], Visitor]:
    """A visitor who has just opened the chat in a language, on each channel."""
    if request.param == "web":
        return lambda language: Visitor(stack.http, language)
    return lambda language: TelegramVisitor(stack.telegram, language)


@pytest.fixture
def visitor(visitor_speaking: Callable[[str], Visitor]) -> Visitor:
    """A visitor who has just opened the chat in English, on each channel."""
    return visitor_speaking("en")


@pytest.fixture
def on_the_web(stack: Stack) -> Visitor:
    """A visitor on the page, for what is about the page's own API."""
    return Visitor(stack.http)


@pytest.fixture(params=["en", "es"])
def press(
    request: pytest.FixtureRequest,
    visitor_speaking: Callable[[str], Visitor],
    content: Content,
) -> Press:
    """A visitor who presses buttons, in each language."""
    return Press(visitor_speaking(request.param), content)


@pytest.fixture
def at_wants(visitor: Visitor) -> Visitor:
    """A visitor with the third question open."""
    return visitor.says("yes").says("no")
