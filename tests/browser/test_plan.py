"""The plan in a real browser: made, changed, saved, found again, looked at again, taken away."""

import base64
import io
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from pypdf import PdfReader

from bot.content import Content
from tests.browser.conftest import PHONE
from tests.browser.talker import Talker
from tests.browser.test_page import DESKTOP, LOCALES, a_page, violations
from tests.stack import Stack

pytestmark = [pytest.mark.rasa, pytest.mark.browser]

STORIES = {
    "en": "he reads my phone every night and he said he would take the kids",
    "es": "me revisa el celular cada noche y dice que se lleva a los niños",
}
PERSON = "Marigold"
PASSWORD = "seven boats"
TO_THE_STORY = ("yes", "no", "want_plan")


class PlanPage:
    """The plan's own page, as somebody uses it."""

    def __init__(self, page: Page, content: Content, language: str) -> None:
        self.page = page
        self.words = content.language(language).planning
        self.own = self.words["page"]

    def opens(self) -> "PlanPage":
        """Goes from the talk to the plan."""
        self.page.locator("#to-plan").click()
        expect(self.page.locator("h1")).to_have_text(self.own["my_plan"])
        return self

    def presses(self, name: str, within: str = "") -> None:
        """Presses a button by its words."""
        place = self.page.locator(within) if within else self.page
        place.get_by_role("button", name=self.own[name], exact=True).first.click()

    def adds(self, kind: str, words: str) -> None:
        """Adds something of one's own."""
        self.page.locator("#kind").select_option(kind)
        self.page.locator("#own-words").fill(words)
        self.presses("add")

    def saves(self) -> str:
        """Saves the plan, and reads the code."""
        self.page.locator("#save-life").select_option("for_a_week")
        self.presses("save_make")
        return self.page.locator(".code").inner_text().strip()

    @property
    def steps(self) -> Any:
        """The steps of the plan."""
        return self.page.locator(".step")


def with_a_plan(talker: Talker, language: str) -> None:
    """Tells a story, says what fits, and keeps two parts."""
    talker.opens()
    for option in TO_THE_STORY:
        talker.presses(option)
    talker.writes(STORIES[language])
    to_the_parts(talker)
    talker.presses("keep_all").presses("keep_all").presses("enough_parts")


def to_the_parts(talker: Talker) -> None:
    """Answers what the plan is tailored by."""
    while not talker.is_offered("keep_all"):
        offered = ("rather_not_say", "yes", "none_of_these", "no_more_services")
        talker.presses(next(each for each in offered if talker.is_offered(each)))


@pytest.mark.parametrize("language", LOCALES)
def test_a_plan_from_a_told_story_to_the_card_and_the_locked_file(
    browser: Browser, stack: Stack, content: Content, pictures: Path, language: str
) -> None:
    page = a_page(browser, stack, viewport=PHONE, locale=LOCALES[language])
    with_a_plan(Talker(page, content, language), language)
    plan = PlanPage(page, content, language).opens()
    before = plan.steps.count()
    assert violations(page) == []

    plan.adds("person", PERSON)
    expect(plan.steps).to_have_count(before + 1)
    plan.presses("mark_done", ".step:nth-child(2)")
    expect(page.locator(".is-done")).to_have_count(1)
    plan.presses("take_out", ".step:nth-child(3)")
    expect(plan.steps).to_have_count(before)
    plan.presses("undo")
    expect(plan.steps).to_have_count(before + 1)
    page.screenshot(path=pictures / f"plan-{language}-phone.png", full_page=False)
    code = plan.saves()
    assert page.url == f"{stack.url}/"
    page.context.close()

    page = a_page(browser, stack, viewport=DESKTOP, locale=LOCALES[language], accept_downloads=True)
    talker = Talker(page, content, language).opens()
    talker.writes(code)
    talker.presses("yes").presses("no")
    events = content.language(language).planning["events"]
    page.get_by_role("button", name=events["changed_moved_out"], exact=True).click()
    talker.settles()
    while not talker.is_offered("take_it"):
        offered = ("keep_all", "keep_them", "none_of_these", "not_now", "no_more")
        talker.presses(next(each for each in offered if talker.is_offered(each)))
    difference = content.language(language).planning["difference"]
    expect(page.locator("#log")).to_contain_text(difference["title"])
    expect(page.locator("#log")).to_contain_text(f"{difference['added']}: ")

    takes_it_away(page, content, pictures, language)
    page.context.close()


def takes_it_away(page: Page, content: Content, pictures: Path, language: str) -> None:
    """Prints the card, and keeps the file that a password locks."""
    plan = PlanPage(page, content, language).opens()
    expect(page.locator(".my-plan")).to_contain_text(PERSON)
    assert violations(page) == []
    page.screenshot(path=pictures / f"plan-{language}-desktop.png", full_page=False)
    plan.presses("print_card")
    expect(page.locator(".wallet")).to_contain_text(PERSON)
    assert page.title() == content.page(language)["title"]
    assert violations(page) == []
    page.screenshot(path=pictures / f"plan-{language}-card.png")
    printed = page.pdf()
    assert PERSON in text_of(printed)
    assert content.page(language)["leave"] not in text_of(printed)

    page.locator("button[value=show]").click()
    page.locator("#password").fill(PASSWORD)
    with page.expect_download() as downloading:
        plan.presses("pdf_make")
    assert downloading.value.suggested_filename == "notes.pdf"
    file = Path(downloading.value.path()).read_bytes()
    assert PERSON.encode() not in file
    assert PERSON in text_of(file, PASSWORD)
    (pictures / f"plan-{language}.pdf").write_bytes(file)


def text_of(pdf: bytes, password: str = "") -> str:
    """What a PDF says."""
    reader = PdfReader(io.BytesIO(pdf), password=password or None)
    return "\n".join(page.extract_text() for page in reader.pages)


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_leaving_from_the_plan_erases_the_talk(
    browser: Browser, stack: Stack, content: Content, *, scripts: bool
) -> None:
    page = a_page(browser, stack, viewport=PHONE, locale="en-US", java_script_enabled=scripts)
    if scripts:
        with_a_plan(Talker(page, content, "en"), "en")
    else:
        page.goto("/")
        page.locator("button[name=start]").click()
    PlanPage(page, content, "en").opens()
    token = page.locator("[name=conversation]").first.get_attribute("value") or ""
    if scripts:
        with page.expect_request(lambda each: each.method == "DELETE", timeout=10_000):
            page.locator("#leave").click()
        headers = {"X-Conversation": token}
        assert page.request.get(f"{stack.url}/api/plan", headers=headers).status == 404
    else:
        assert page.locator("#leave").get_attribute("href")
    page.context.close()


def test_the_talk_goes_on_after_the_plan(browser: Browser, stack: Stack, content: Content) -> None:
    page = a_page(browser, stack, viewport=PHONE, locale="en-US")
    talker = Talker(page, content, "en")
    with_a_plan(talker, "en")
    plan = PlanPage(page, content, "en").opens()
    plan.adds("place", "the library")

    plan.presses("back")

    talker.is_asked("plan_menu")
    talker.presses("show_plan")
    expect(page.locator("#log")).to_contain_text("the library")
    page.context.close()


def test_a_helper_sees_the_parts_that_are_meant_for_them_and_the_address_keeps_nothing(
    browser: Browser, stack: Stack, content: Content, pictures: Path
) -> None:
    page = a_page(browser, stack, viewport=PHONE, locale="en-US")
    with_a_plan(Talker(page, content, "en"), "en")
    plan = PlanPage(page, content, "en").opens()
    plan.adds("code_word", "tulips")
    plan.adds("person", PERSON)
    plan.presses("helper_make")
    link = page.locator(".code.link").inner_text().strip()
    key = link.partition("#")[2].partition(".")[2]
    assert page.locator(".said svg").count() == 1
    page.screenshot(path=pictures / "plan-en-helper-link.png")

    helper = a_page(browser, stack, viewport=PHONE, locale="en-US")
    sent: list[str] = []
    helper.on("request", lambda each: sent.append(f"{each.url} {each.post_data or ''}"))
    helper.goto(link)

    expect(helper.locator("main")).to_contain_text("tulips")
    assert PERSON not in helper.locator("main").inner_text()
    assert helper.url == f"{stack.url}/"
    assert not [each for each in sent if key in each]
    assert violations(helper) == []
    helper.screenshot(path=pictures / "plan-en-helper.png")

    helper.goto("about:blank")
    helper.goto(f"{stack.url}/#{base64.urlsafe_b64encode(b'n' * 16).decode().rstrip('=')}.{key}")
    expect(helper.locator("main")).to_contain_text(content.page("en")["slice_gone"])
    helper.context.close()
    page.context.close()


def test_a_code_opens_a_plan_without_scripts(
    browser: Browser, stack: Stack, content: Content
) -> None:
    page = a_page(browser, stack, viewport=PHONE, locale="en-US")
    with_a_plan(Talker(page, content, "en"), "en")
    code = PlanPage(page, content, "en").opens().saves()
    page.context.close()

    page = a_page(browser, stack, viewport=PHONE, locale="en-US", java_script_enabled=False)
    page.goto("/")
    page.get_by_text(content.page("en")["find_title"]).click()
    page.locator("#code").fill(code)
    page.locator("button[value=find]").click()
    said = content.language("en").messages["plan_opened"].strip()
    expect(page.locator("#log")).to_contain_text(said)
    plan = PlanPage(page, content, "en").opens()
    assert plan.steps.count() > 3

    page.locator("#old-code").fill(code)
    plan.presses("delete_make")
    expect(page.locator(".said")).to_contain_text(plan.own["deleted"].strip())
    page.goto("/")
    page.get_by_text(content.page("en")["find_title"]).click()
    page.locator("#code").fill(code)
    page.locator("button[value=find]").click()
    unknown = content.language("en").messages["code_unknown"].strip()
    expect(page.locator("main")).to_contain_text(unknown)
    page.context.close()
