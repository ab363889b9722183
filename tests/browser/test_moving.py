"""From Telegram to the page: the same talk goes on, once, and Telegram is cleared."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from bot.content import Content
from tests.browser.conftest import keep_inside
from tests.stack import Stack, wait_for
from tests.telegram.visitor import TelegramVisitor
from tests.visitor import Press

pytestmark = [pytest.mark.rasa, pytest.mark.browser]

LINK = re.compile(r"/#([A-Za-z0-9_-]{43})")


def link_of(visitor: TelegramVisitor) -> str:
    """What stands behind the # of the link that was given."""
    said = visitor.answered(lambda: visitor.person.sends("/web"))
    found = LINK.search(said[-1].text)
    assert found
    return found[1]


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_same_talk_goes_on_in_the_browser(
    page: Page, stack: Stack, content: Content, language: str
) -> None:
    visitor = TelegramVisitor(stack.telegram, language)
    Press(visitor, content)("yes", "no")
    asked = content.language(language).questions["wants"]["ask"].strip().splitlines()[0]
    key = link_of(visitor)

    page.goto(f"/#{key}")
    expect(page.locator("#log")).to_contain_text(asked)
    assert "#" not in page.url
    title = content.buttons(language)["want_plan"]
    page.get_by_role("button", name=title, exact=True).click()
    listen = content.language(language).questions["listen"]["ask"].strip().splitlines()[0]
    expect(page.locator("#log")).to_contain_text(listen)

    wait_for(lambda: visitor.person.screen == [], "Telegram was not cleared", 10)
    assert visitor.is_gone


def test_a_link_works_once(page: Page, browser: Browser, stack: Stack, content: Content) -> None:
    visitor = TelegramVisitor(stack.telegram)
    key = link_of(visitor)
    page.goto(f"/#{key}")
    expect(page.locator("#answers button").first).to_be_visible()

    with browser.new_context(base_url=stack.url, locale="en-US") as other:
        keep_inside(other)
        second = other.new_page()
        second.goto(f"/#{key}")
        gone = content.page("en")["move_gone"]
        expect(second.locator("#log")).to_contain_text(gone)
        expect(second.locator("#answers button").first).to_be_visible()


def test_who_writes_on_in_telegram_keeps_the_talk_there(page: Page, stack: Stack) -> None:
    visitor = TelegramVisitor(stack.telegram)
    key = link_of(visitor)
    assert visitor.says("yes").asked == "device"

    answer = page.request.post(f"{stack.url}/api/moves", data={"key": key})

    assert answer.status == 404
    assert visitor.says("no").asked == "wants"
