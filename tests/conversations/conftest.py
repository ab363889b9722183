"""What whole conversations share."""

from collections.abc import Callable

import pytest

from bot.content import Content
from tests.visitor import Press, Visitor


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
