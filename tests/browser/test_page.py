"""The page in a real browser: a whole conversation, without JavaScript too, and leaving it."""

from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect

from bot.content import Content
from bot.content.hotlines import Hotlines
from bot.conversation import Door
from bot.settings import ChatSettings, load
from tests.browser.conftest import NEUTRAL, PHONE, keep_inside
from tests.browser.talker import PATIENCE, Talker
from tests.builders import FakeRasa
from tests.serving import serving
from tests.stack import Stack
from webchat.chat import USUAL, create_app

pytestmark = [pytest.mark.browser, pytest.mark.rasa]

LOCALES = {"en": "en-US", "es": "es-MX"}
DESKTOP = {"width": 1280, "height": 800}


def violations(page: Page) -> list[str]:
    """What axe finds, a line each."""
    found = Axe().run(page).response["violations"]
    return [f"{each['id']}: {node['target']}" for each in found for node in each["nodes"]]


def a_page(browser: Browser, stack: Stack, **options: Any) -> Page:
    context = browser.new_context(base_url=stack.url, **options)
    keep_inside(context)
    return context.new_page()


# What is pressed, the first that is offered, until the danger questions are all answered.
ANSWERS = ("yes", "go_on", "own_some", "keep_answering", "fear_1", "none_of_these", "nothing_else")


@pytest.mark.parametrize("language", LOCALES)
@pytest.mark.parametrize(("size", "viewport"), [("phone", PHONE), ("desktop", DESKTOP)])
def test_a_whole_conversation_to_a_plan_on_screen(  # noqa: PLR0917 - fixtures, by name
    browser: Browser,
    stack: Stack,
    content: Content,
    pictures: Path,
    language: str,
    size: str,
    viewport: Any,
) -> None:
    page = a_page(browser, stack, viewport=viewport, locale=LOCALES[language])
    talker = Talker(page, content, language).opens()
    assert violations(page) == []

    def picture(name: str) -> None:
        page.wait_for_timeout(600)  # until the page has scrolled to what is new
        page.screenshot(path=pictures / f"{size}-{language}-{name}.png")

    picture("1-opening")
    talker.presses("yes").presses("no").presses("want_danger_questions")
    talker.writes("he put his hands on my neck" if language == "en" else "me apretó el cuello")
    picture("2-listening")
    assert violations(page) == []
    talker.presses("yes")
    picture("3-question")
    listed: list[Any] | None = None
    while not talker.is_offered("make_plan"):
        answer = next(each for each in ANSWERS if talker.is_offered(each))
        if answer == "none_of_these" and listed is None:
            picture("3-list")
            listed = violations(page)
        talker.presses(answer)
    assert listed == []
    picture("4-explained")
    assert violations(page) == []
    talker.presses("make_plan").writes("México")
    picture("5-numbers")
    assert page.locator("a[href^='tel:']").count() >= 2
    while not talker.is_offered("keep_all"):
        talker.presses("yes" if talker.is_offered("yes") else "none_of_these")
    picture("6-plan-part")
    assert violations(page) == []
    while talker.is_offered("keep_all"):
        talker.presses("keep_all")
    talker.presses("no_more")

    plan = page.locator("#log .kind-plan").last
    title = content.language(language).messages["plan_title"].strip()
    expect(plan).to_contain_text(title)
    assert plan.locator("h2").count() >= 6
    picture("7-plan")
    assert violations(page) == []
    page.context.close()


@pytest.mark.parametrize("language", LOCALES)
def test_the_conversation_is_whole_without_javascript(
    browser: Browser, stack: Stack, content: Content, pictures: Path, language: str
) -> None:
    page = a_page(
        browser, stack, viewport=PHONE, locale=LOCALES[language], java_script_enabled=False
    )
    titles = content.buttons(language)
    page.goto("/")
    page.locator("button[name=start]").click()

    to_the_plan = ("yes", "no", "want_plan", "nothing_now", "rather_not_say", "none_of_these")
    told = ("no", "no", "no", "none_of_these", "none_of_these", "none_of_these")
    for option in (*to_the_plan, *told):
        page.get_by_role("button", name=titles[option], exact=True).click()
    page.locator("#say").fill(titles["keep_all"])
    page.locator("#send").click()
    while page.get_by_role("button", name=titles["keep_all"], exact=True).count():
        page.get_by_role("button", name=titles["keep_all"], exact=True).click()
    page.screenshot(path=pictures / f"phone-{language}-no-script.png")
    page.get_by_role("button", name=titles["no_more"], exact=True).click()

    title = content.language(language).messages["plan_title"].strip()
    expect(page.locator("#log .kind-plan").last).to_contain_text(title)
    assert page.url == f"{stack.url}/"
    assert page.context.cookies() == []
    page.context.close()


def test_dark_and_narrow_have_no_violation(
    browser: Browser, stack: Stack, content: Content, pictures: Path
) -> None:
    page = a_page(
        browser,
        stack,
        viewport={"width": 320, "height": 600},
        locale="en-US",
        color_scheme="dark",
    )
    Talker(page, content, "en").opens().presses("not_safe")

    page.screenshot(path=pictures / "phone-en-dark-danger.png")
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.context.close()


def test_the_language_changes_at_any_time(page: Page, content: Content) -> None:
    Talker(page, content, "en").opens()

    page.locator("button.language[value=es]").click()

    expect(page.locator("#log .entry").last).to_contain_text("¿Es seguro", timeout=PATIENCE)
    expect(page.locator("html")).to_have_attribute("lang", "es")


def test_a_broken_line_loses_and_doubles_nothing(
    context: BrowserContext, page: Page, content: Content
) -> None:
    talker = Talker(page, content, "en").opens()
    context.set_offline(True)
    page.locator("#say").fill("yes")
    page.locator("#send").click()
    page.wait_for_timeout(2500)

    context.set_offline(False)

    talker.is_asked("device")
    expect(talker.said).to_have_count(1)
    asked = content.language("en").questions["device"]["ask"].strip()
    expect(page.locator("#log").get_by_text(asked)).to_have_count(1)


@pytest.mark.promise("third_parties")
def test_d3_nothing_is_asked_of_anybody_else(page: Page, stack: Stack, content: Content) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))

    Talker(page, content, "en").opens().presses("yes")

    assert asked
    assert all(each.startswith((stack.url, stack.url.replace("http", "ws"))) for each in asked)
    assert page.context.cookies() == []
    assert page.evaluate("[localStorage.length, sessionStorage.length]") == [0, 0]


BLANK_AFTER_PRESS = """() => {
  const began = performance.now();
  document.getElementById("leave").click();
  const took = performance.now() - began;
  return { took, text: document.body.innerText.trim(), title: document.title };
}"""


def test_e1_leaving_blanks_the_page_within_fifty_milliseconds(page: Page, content: Content) -> None:
    Talker(page, content, "en").opens().writes("a very private thing")

    left = page.evaluate(BLANK_AFTER_PRESS)

    assert left["took"] <= 50
    assert "private" not in left["text"]
    page.wait_for_url(NEUTRAL)


@pytest.mark.parametrize("key", ["Shift", "Escape"])
def test_e1_three_presses_of_a_key_leave(page: Page, content: Content, key: str) -> None:
    Talker(page, content, "en").opens()
    page.locator("#log").focus()

    for _ in range(3):
        page.keyboard.press(key)

    page.wait_for_url(NEUTRAL)


def test_a_typed_leave_word_leaves(page: Page, content: Content) -> None:
    Talker(page, content, "en").opens()

    page.locator("#say").fill("exit")
    page.locator("#send").click()

    page.wait_for_url(NEUTRAL)


def test_leaving_erases_the_conversation(page: Page, stack: Stack, content: Content) -> None:
    tokens: list[str] = []
    page.on("request", lambda request: tokens.append(request.headers.get("x-conversation", "")))
    Talker(page, content, "en").opens()

    page.locator("#leave").click()
    page.wait_for_url(NEUTRAL)

    (token,) = [each for each in tokens if each]
    gone = stack.http.post("/api/turns", json={"text": "hi"}, headers={"X-Conversation": token})
    assert gone.status_code == 404


def test_e1_back_after_leaving_shows_nothing(page: Page, content: Content) -> None:
    Talker(page, content, "en").opens().writes("a very private thing")
    page.locator("#leave").click()
    page.wait_for_url(NEUTRAL)

    page.go_back()

    assert "private" not in page.locator("body").inner_text()


def test_e1_the_first_press_of_tab_is_the_way_out(page: Page) -> None:
    page.goto("/")

    page.keyboard.press("Tab")

    expect(page.locator("#leave")).to_be_focused()


def test_e3_the_exit_stays_in_view(page: Page, content: Content) -> None:
    talker = Talker(page, content, "en").opens()
    for option in ("yes", "no", "want_plan", "nothing_now"):
        talker.presses(option)
    page.mouse.wheel(0, 5000)

    box = page.locator("#leave").bounding_box()

    assert box
    assert box["y"] >= 0
    assert box["height"] >= 44


REPORT_WHEN_BLANK = """() => {
  let pressed = 0;
  document.addEventListener("keyup", (event) => (pressed = event.timeStamp), true);
  new MutationObserver(() => {
    const said = document.querySelector("[role=alert]")?.textContent;
    const took = performance.now() - pressed;
    report({ took, said, title: document.title, text: document.body.innerText });
  }).observe(document.body, { childList: true });
}"""
LONG_AND_BUSY = """() => {
  for (let number = 0; number < 150; number++) {
    const entry = document.querySelector("#log .entry").cloneNode(true);
    document.getElementById("log").append(entry);
  }
  const work = () => {
    const until = performance.now() + 12;
    while (performance.now() < until);
    setTimeout(work, 0);
  };
  for (let number = 0; number < 2; number++) work();
}"""


def left_by_key(page: Page) -> dict[str, Any]:
    """What is there the moment after the third press of Shift."""
    reports: list[dict[str, Any]] = []
    page.expose_function("report", lambda report: reports.append(report))  # noqa: PLW0108 - Playwright marks it
    page.evaluate(REPORT_WHEN_BLANK)
    # The neutral page never comes: nothing may wait for it.
    page.route(NEUTRAL, lambda _: None)
    page.locator("#log").focus()
    for _ in range(3):
        page.keyboard.press("Shift")
    for _ in range(100):
        page.wait_for_timeout(50)
        if reports:
            return reports[0]
    raise AssertionError("the page did not go blank")


def test_e1_the_page_goes_blank_at_once_on_a_busy_slow_machine_without_a_network(
    context: BrowserContext, content: Content
) -> None:
    """A long talk, two tasks that never rest, a processor half as fast, no network.

    Tried until it is quick enough once: what else this machine does must not count against the
    page, and a page that waited for anything would never be.
    """
    took: list[float] = []
    while not took or min(took) > 50:
        assert len(took) < 10, took
        page = context.new_page()
        Talker(page, content, "en").opens().writes("a very private thing")
        context.set_offline(True)
        page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": 2})
        page.evaluate(LONG_AND_BUSY)
        left = left_by_key(page)
        assert left["title"] == ""
        assert left["text"].strip() == "Loading"
        took.append(left["took"])
        page.close()
        context.set_offline(False)


def test_e2_leaving_is_spoken_to_those_who_can_not_see_it(page: Page, content: Content) -> None:
    Talker(page, content, "en").opens()

    assert left_by_key(page)["said"] == "Loading"


def test_e1_other_tabs_leave_too(context: BrowserContext, page: Page, content: Content) -> None:
    Talker(page, content, "en").opens().writes("a very private thing")
    other = context.new_page()
    Talker(other, content, "en").opens()

    other.locator("#leave").click()

    page.wait_for_url(NEUTRAL)
    other.wait_for_url(NEUTRAL)


def test_a_page_that_nobody_uses_goes_blank(
    context: BrowserContext, stack: Stack, content: Content
) -> None:
    page = context.new_page()
    page.clock.install()
    tokens: list[str] = []
    page.on("request", lambda request: tokens.append(request.headers.get("x-conversation", "")))
    talker = Talker(page, content, "en").opens().writes("a very private thing")

    page.clock.fast_forward("31:00")

    expect(page.locator("#state")).to_have_text(content.page("en")["ended"].strip())
    assert talker.replies.count() == 0
    assert "private" not in page.locator("body").inner_text()
    (token,) = {each for each in tokens if each}
    gone = stack.http.post("/api/turns", json={"text": "hi"}, headers={"X-Conversation": token})
    assert gone.status_code == 404
    page.get_by_role("button", name=talker.words["start_again"].strip()).click()
    talker.is_asked("safe_now")


def test_erasing_and_staying_shows_a_receipt_and_a_new_start(page: Page, content: Content) -> None:
    talker = Talker(page, content, "en").opens().writes("WREN-5 hits me")

    page.locator("#erase-only").click()

    expect(page.locator("#state")).to_contain_text("This chat is erased here")
    assert "WREN" not in page.content()
    assert talker.replies.count() == 0
    page.locator("button[name=start]").click()
    talker.is_asked("safe_now")


def test_erasing_while_nothing_can_be_reached_promises_nothing(
    page: Page, context: BrowserContext, content: Content
) -> None:
    Talker(page, content, "en").opens()
    context.set_offline(True)

    page.locator("#erase-only").click()

    expect(page.locator("#state")).to_contain_text("can't be reached right now")


def test_what_is_kept_can_be_read_at_the_foot_in_both_languages(
    page: Page, content: Content
) -> None:
    Talker(page, content, "en").opens()
    page.locator("details.promises summary").click()
    expect(page.locator("details.promises")).to_contain_text("30 minutes without a word")

    page.locator("button.language[value=es]").click()

    expect(page.locator("details.promises")).to_contain_text("30 minutos sin una palabra")
    assert violations(page) == []


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP])
def test_the_page_of_promises_can_be_read_and_left(
    browser: Browser, stack: Stack, viewport: Any, pictures: Path
) -> None:
    page = a_page(browser, stack, viewport=viewport, locale="en-US")
    page.goto("/privacy")
    page.screenshot(path=pictures / f"privacy-{viewport['width']}.png", full_page=True)
    assert violations(page) == []

    for _ in range(3):
        page.keyboard.press("Shift")

    page.wait_for_url(NEUTRAL)


@pytest.mark.parametrize("websockets", [True, False])
def test_w4_a_browser_does_the_work_that_is_asked_for(
    browser: Browser, content: Content, hotlines: Hotlines, websockets: bool
) -> None:
    settings = load(ChatSettings).model_copy(update={"proof_of_work": 12})
    app = create_app(settings, Door(FakeRasa(), content, hotlines), content)
    with serving(app, USUAL) as (port, _):
        url = f"http://127.0.0.1:{port}"
        page = browser.new_context(base_url=url, locale="en-US").new_page()
        if not websockets:
            page.route_web_socket("**/ws", lambda line: line.close())
        page.goto("/")

        expect(page.locator("#log .entry").first).to_be_visible(timeout=PATIENCE)
