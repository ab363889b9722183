"""What a visit leaves behind on the device and on the server, looked for after leaving.

A real Chromium with a profile on disk holds a marked conversation, leaves and quits. Then every
file of the profile, every file of the server and the memory of its processes is searched. What is
found must be one of the things explained here, and is listed in docs/exit-forensics.md.
"""

import gzip
import os
import re
import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, sync_playwright

from bot.content import Content
from bot.settings import CHECKOUT
from tests.browser.conftest import CHROMIUM, NEUTRAL, PHONE, QUIET, keep_inside
from tests.browser.forensics import Search, by_place, forms_of
from tests.browser.forensics_report import PRIVATE, Visit, Visits, explained, ours, written
from tests.browser.talker import Talker
from tests.stack import Stack, wait_for

pytestmark = [pytest.mark.browser, pytest.mark.rasa]

REPORT = CHECKOUT / "docs" / "exit-forensics.md"
WRITE = "FOOTHOLD_WRITE_REPORT"
PROCESSES = {"chat": "webchat.chat", "internal": "bot.action_server", "rasa": "bot.rasa_server"}


def a_mark() -> str:
    return f"q{secrets.token_hex(12)}"


@pytest.fixture(scope="module")
def visits(stack: Stack, content: Content, tmp_path_factory: pytest.TempPathFactory) -> Visits:
    """A visit with JavaScript and one without, each with a profile of its own."""
    made = {}
    for scripted in (True, False):
        visit = Visit(scripted, tmp_path_factory.mktemp("profile"))
        visit.marks = {name: a_mark() for name in PRIVATE if name != "token"}
        with chromium(stack, visit) as page:
            talk = with_scripts if scripted else without_scripts
            visit.marks["token"] = talk(page, content, visit.marks)
            page.wait_for_timeout(500)  # a browser writes some things a little later
        look(stack, visit)
        made[scripted] = visit
    return made


@contextmanager
def chromium(stack: Stack, visit: Visit) -> Iterator[Page]:
    """A tab of a Chromium with a profile on disk, which is quit in good order."""
    with sync_playwright() as playwright:
        context = playwright.chromium.launch_persistent_context(
            visit.profile,
            executable_path=CHROMIUM.read_text().strip(),
            args=QUIET,
            base_url=stack.url,
            viewport=PHONE,
            locale="en-US",
            java_script_enabled=visit.scripted,
        )
        keep_inside(context)
        yield context.pages[0]
        context.close()


BEFORE_TELLING = ("yes", "no", "want_plan")
BEFORE_THE_PLAN = (
    *("rather_not_say", "none_of_these", "no", "no", "no"),
    *("none_of_these", "none_of_these", "none_of_these", "change_items"),
)


def on_the_plans_page(page: Page, marks: dict[str, str]) -> None:
    """Goes to the plan's own page, adds something marked, and comes back to the talk."""
    page.locator("#to-plan").click()
    page.locator("#own-words").fill(f"{marks['plan']} is my nickname for her")
    page.locator("button[value=add]").click()
    page.locator("button[value=back]").click()
    page.locator("#say").wait_for()


def with_scripts(page: Page, content: Content, marks: dict[str, str]) -> str:
    """A talk to a plan, and leaving it; the token."""
    tokens: set[str] = set()
    page.on(
        "websocket",
        lambda line: line.on("framereceived", lambda frame: tokens.update(token_in(frame))),
    )
    talker = Talker(page, content, "en").opens()
    for option in BEFORE_TELLING:
        talker.presses(option)
    talker.writes(f"my name is {marks['name']} and he shouts at me every day about {marks['told']}")
    for option in BEFORE_THE_PLAN:
        talker.presses(option)
    talker.writes(f"{marks['plan']} has a key to my flat")
    on_the_plans_page(page, marks)
    page.locator("#say").fill(marks["draft"])
    page.locator("#leave").click()
    page.wait_for_url(NEUTRAL)
    (token,) = tokens
    return token


def token_in(frame: str | bytes) -> set[str]:
    """The token that the first frame of a line holds."""
    found = re.search(r'"conversation": ?"([^"]+)"', str(frame))
    return {found[1]} if found else set()


def without_scripts(page: Page, content: Content, marks: dict[str, str]) -> str:
    """The same talk with forms alone, erased at its end; the token."""
    titles = content.buttons("en")

    def press(*options: str) -> None:
        for option in options:
            page.get_by_role("button", name=titles[option], exact=True).click()

    def write(text: str) -> None:
        page.locator("#say").fill(text)
        page.locator("#send").click()

    page.goto("/")
    page.locator("button[name=start]").click()
    press(*BEFORE_TELLING)
    write(f"my name is {marks['name']} and he shouts at me every day about {marks['told']}")
    press(*BEFORE_THE_PLAN)
    write(f"{marks['plan']} has a key to my flat")
    on_the_plans_page(page, marks)
    token = page.locator("input[name=conversation]").input_value()
    page.locator("#say").fill(marks["draft"])
    page.locator("#erase").click()
    page.wait_for_url(NEUTRAL)
    return token


def look(stack: Stack, visit: Visit) -> None:
    """Searches everything for the marks of a visit."""
    content = Search(visit.marks)
    surface = Search({"address": urlsplit(stack.url).netloc, "title": "Notes"})
    wait_for(lambda: not any(content.in_folder(stack.data)), "the server still holds it", 2)
    visit.on_device = [*content.in_folder(visit.profile), *surface.in_folder(visit.profile)]
    visit.on_server = list(content.in_folder(stack.data))
    for name, module in PROCESSES.items():
        visit.in_memory += content.in_memory(stack.process(module), name)


# ---- What must hold. ----------------------------------------------------------------------------


@pytest.mark.parametrize("scripted", [True, False])
def test_e1_nothing_of_a_talk_is_left_on_the_device(visits: Visits, scripted: bool) -> None:
    assert [each for each in visits[scripted].on_device if each.mark in PRIVATE] == []


@pytest.mark.parametrize("scripted", [True, False])
def test_r4_nothing_of_a_talk_is_left_on_the_server(visits: Visits, scripted: bool) -> None:
    assert visits[scripted].on_server == []


@pytest.mark.promise("cookies")
@pytest.mark.parametrize("scripted", [True, False])
def test_d1_no_cookie_and_nothing_stored_is_left(
    visits: Visits, stack: Stack, scripted: bool
) -> None:
    profile = visits[scripted].profile / "Default"
    host = urlsplit(stack.url).hostname

    with closing(sqlite3.connect(profile / "Cookies")) as jar:
        assert (
            jar.execute("SELECT * FROM cookies WHERE host_key LIKE ?", (f"%{host}%",)).fetchall()
            == []
        )
    for storage in (
        "Local Storage",
        "Session Storage",
        "IndexedDB",
        "Service Worker",
        "WebStorage",
    ):
        held = [path for path in (profile / storage).rglob("*") if path.is_file()]
        assert not any(str(host).encode() in path.read_bytes() for path in held), storage
    if (profile / "Login Data").exists():
        with closing(sqlite3.connect(profile / "Login Data")) as logins:
            assert logins.execute("SELECT * FROM logins").fetchall() == []


@pytest.mark.parametrize("scripted", [True, False])
def test_what_chromium_keeps_is_known(visits: Visits, scripted: bool) -> None:
    kept = by_place(visits[scripted].on_device)

    unknown = [place for place in kept if not explained(place)]
    assert unknown == [], "what is it, and can it be avoided?"


def test_the_search_would_have_found_it(visits: Visits, tmp_path: Path) -> None:
    """A search that finds nothing must be one that can find something."""
    marks = visits[True].marks
    for number, form in enumerate(forms_of(marks["told"])):
        (tmp_path / f"{number}").write_bytes(b"before" + form + b"after")
    (tmp_path / "packed").write_bytes(b"before" + gzip.compress(marks["told"].encode()))

    found = list(Search(marks).in_folder(tmp_path))

    assert len(found) == len(list(tmp_path.iterdir()))
    assert {each.mark for each in found} == {"told"}


def test_the_report_says_what_was_found(visits: Visits) -> None:
    report = written(visits)
    fresh = CHECKOUT / "var" / REPORT.name
    fresh.parent.mkdir(exist_ok=True, mode=0o700)
    fresh.write_text(report, encoding="utf-8")
    if os.environ.get(WRITE):
        REPORT.write_text(report, encoding="utf-8")

    # Chromium changes; what we say of ourselves must not.
    assert ours(REPORT.read_text(encoding="utf-8")) == ours(report), "run `make forensics`"
