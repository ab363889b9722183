"""A real Chromium before the real page."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, sync_playwright

from bot.settings import CHECKOUT
from tests.stack import Stack

NEUTRAL = "https://weather.com/"
CHROMIUM = CHECKOUT / "var" / "chromium-path"
# Without these Chromium speaks to its maker's servers at every start.
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PHONE = ViewportSize(width=360, height=740)


# Not for the whole run: while Playwright is open, no test can run an event loop of its own.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """The Chromium that `make test` found or installed."""
    if not CHROMIUM.exists():
        pytest.fail("No Chromium was made ready: run `make test`, which finds or installs one.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM.read_text().strip(), args=QUIET
        )
        yield browser
        browser.close()


@pytest.fixture
def context(browser: Browser, stack: Stack) -> Iterator[BrowserContext]:
    """A fresh browser of an English speaker on a phone."""
    with browser.new_context(base_url=stack.url, viewport=PHONE, locale="en-US") as context:
        keep_inside(context)
        yield context


@pytest.fixture
def page(context: BrowserContext) -> Page:
    """An empty tab."""
    return context.new_page()


@pytest.fixture(scope="session")
def pictures() -> Path:
    """Where pictures of the page are put, to be looked at."""
    folder = CHECKOUT / "var" / "pictures"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def keep_inside(context: BrowserContext) -> None:
    """Stands in for the neutral page outside, so that leaving works without a network."""
    context.route(
        NEUTRAL + "**", lambda route: route.fulfill(body="<title>Weather</title><p>Sunny</p>")
    )
