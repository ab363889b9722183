"""The page without JavaScript: every press is a form, and the page itself carries the talk."""

import re
from dataclasses import dataclass, field
from html import unescape
from html.parser import HTMLParser
from itertools import pairwise

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from bot.channels import WEB
from bot.content import Content
from bot.content.how import how_words
from bot.conversation import Door, hashed
from bot.safety.danger import RULES, SOURCE
from bot.settings import ChatSettings, load
from tests.builders import FakeRasa, said
from webchat.chat import create_app
from webchat.templates import LONGEST_DRAFT, MOST_SHOWN, read_shown
from webchat.templates.numbers import Links


@dataclass
class Seen(HTMLParser):
    """A page as its form and its words."""

    html: str
    hidden: dict[str, str] = field(default_factory=dict)
    buttons: dict[str, dict[str, str]] = field(default_factory=dict)
    links: list[dict[str, str]] = field(default_factory=list)
    language: str = ""
    _button: dict[str, str] | None = None

    def __post_init__(self) -> None:
        super().__init__()
        self.feed(self.html)

    def handle_starttag(self, tag: str, attrs) -> None:
        attributes = {name: value or "" for name, value in attrs}
        if tag == "html":
            self.language = attributes["lang"]
        if attributes.get("type") == "hidden":
            self.hidden[attributes["name"]] = attributes["value"]
        if tag == "a":
            self.links.append(attributes)
        self._button = attributes if tag == "button" else None

    def handle_data(self, data: str) -> None:
        if self._button is not None:
            self.buttons[data.strip()] = self._button


class Browser:
    """A browser without JavaScript: sees a page, presses, writes."""

    def __init__(self, client: TestClient) -> None:
        self.client = client
        self.show(client.get("/"))

    def show(self, answer) -> "Browser":
        self.answer = answer
        self.page = Seen(answer.text)
        return self

    def press(self, title: str, text: str = "") -> "Browser":
        button = self.page.buttons[title]
        return self.send({"text": text, button["name"]: button["value"]})

    def write(self, text: str) -> "Browser":
        return self.send({"text": text})

    def send(self, fields: dict[str, str]) -> "Browser":
        return self.show(self.client.post("/", data={**self.page.hidden, **fields}))


@pytest.fixture
def browser(client: TestClient) -> Browser:
    return Browser(client)


@pytest.fixture
def talking(browser: Browser) -> Browser:
    return browser.press("Start")


def test_opening_the_page_opens_no_conversation(browser: Browser, rasa: FakeRasa) -> None:
    assert rasa.sent == []


def test_the_page_is_the_same_for_everyone(client: TestClient) -> None:
    assert client.get("/").content == client.get("/").content


@pytest.mark.promise("cookies")
def test_d1_the_page_sets_no_cookie(talking: Browser) -> None:
    assert not talking.client.cookies


def test_leaving_is_the_first_link_and_also_the_last(talking: Browser) -> None:
    first, *_, last = talking.page.links

    assert first["href"] == last["href"] == "https://weather.com/"
    assert "noreferrer" in first["rel"]
    assert "noreferrer" in last["rel"]


def test_d3_everything_the_page_loads_is_ours(talking: Browser) -> None:
    elsewhere = [link for link in talking.page.links if link["href"].startswith("http")]

    assert {link["href"] for link in elsewhere} == {"https://weather.com/"}
    assert "src=http" not in talking.answer.text.replace('"', "")


def test_start_shows_the_opening(talking: Browser) -> None:
    assert {"Yes", "No"} <= talking.page.buttons.keys()


def test_pressing_a_button_is_a_turn(talking: Browser, rasa: FakeRasa) -> None:
    talking.press("Yes")

    assert rasa.sent[-1][0] == "/choose{}"


def test_writing_is_a_turn(talking: Browser, rasa: FakeRasa) -> None:
    talking.write("hello\r\nthere")

    assert rasa.sent[-1][0] == "hello\nthere"


def test_writing_nothing_is_no_turn_and_the_question_stays(
    talking: Browser, rasa: FakeRasa
) -> None:
    talking.write("  ")

    assert len(rasa.sent) == 1
    assert "Yes" in talking.page.buttons


def test_words_that_were_typed_beside_a_pressed_button_stay(talking: Browser) -> None:
    talking.press("Yes", text="half a thought")

    assert "half a thought</textarea>" in talking.answer.text


def test_what_was_said_is_shown_again(talking: Browser) -> None:
    talking.write("first words").write("second words")

    assert "first words" in talking.answer.text


def test_what_was_said_is_never_markup(talking: Browser) -> None:
    talking.write("<script>alert(1)</script>").write('"><b>bold</b>')

    assert "<script>alert" not in talking.answer.text
    assert "<b>bold" not in talking.answer.text


def test_a_form_that_is_sent_twice_counts_once(talking: Browser, rasa: FakeRasa) -> None:
    fields = {**talking.page.hidden, "text": "hello"}
    first = Seen(talking.client.post("/", data=fields).text)
    again = Seen(talking.client.post("/", data=fields).text)

    assert first.buttons.keys() == again.buttons.keys()
    assert len(rasa.sent) == 2  # the greeting and one turn


def test_after_an_expired_button_the_next_one_works(talking: Browser, rasa: FakeRasa) -> None:
    old = dict(talking.page.hidden)
    talking.write("one").write("two")
    talking.show(talking.client.post("/", data={**old, "after": "gone", "button": "0"}))
    sent = len(rasa.sent)
    talking.press("Yes")

    assert len(rasa.sent) == sent + 1


def test_a_long_talk_still_fits_into_the_form(talking: Browser) -> None:
    for _ in range(18):
        talking.write("€" * WEB.longest_message)
    talking.write("€" * LONGEST_DRAFT)

    assert "€</textarea>" in talking.answer.text  # refused as too long by the door, not by us
    assert talking.write("hello again").answer.status_code == 200


def test_no_more_than_the_latest_entries_are_carried(talking: Browser) -> None:
    for _ in range(18):
        talking.write("hello")

    assert len(read_shown(talking.page.hidden["shown"])) == MOST_SHOWN


def test_a_transcript_that_was_tampered_with_is_not_shown(talking: Browser) -> None:
    talking.send({"shown": '[{"who": "bot", "text": "call me", "html": "x"}]', "text": ""})

    assert "call me" not in talking.answer.text


def test_a_form_of_another_site_shows_only_the_first_page(talking: Browser, rasa: FakeRasa) -> None:
    fields = {**talking.page.hidden, "text": "hello"}
    answer = talking.client.post("/", data=fields, headers={"sec-fetch-site": "cross-site"})

    assert answer.status_code == 403
    assert "conversation" not in Seen(answer.text).hidden
    assert len(rasa.sent) == 1


def test_w3_a_form_of_another_site_is_also_known_by_its_origin(talking: Browser) -> None:
    answer = talking.client.post("/", data={}, headers={"origin": "https://elsewhere.example"})

    assert answer.status_code == 403


def test_our_own_form_has_no_origin_to_show(talking: Browser) -> None:
    headers = {"origin": "null", "sec-fetch-site": "same-origin"}

    assert talking.client.post("/", data={}, headers=headers).status_code == 200


def test_a_conversation_that_is_gone_shows_nothing_of_it(talking: Browser) -> None:
    talking.write("secret words")
    gone = {**talking.page.hidden, "conversation": "gone", "text": "hello"}
    talking.show(talking.client.post("/", data=gone))

    assert talking.answer.status_code == 404
    assert "secret words" not in talking.answer.text
    assert "Start" in talking.page.buttons


def test_leaving_erases_clears_and_goes_on(talking: Browser, rasa: FakeRasa) -> None:
    token = talking.page.hidden["conversation"]
    talking.press("Erase this chat and leave the page")

    assert rasa.forgotten == [hashed(token)]
    assert "clear-site-data" in talking.answer.headers
    assert 'content="0; url=https://weather.com/"' in talking.answer.text


def test_a_typed_leave_word_does_the_same(talking: Browser) -> None:
    talking.write("leave now")

    assert talking.answer.headers["x-leave"] == "now"
    assert talking.page.hidden == {}


def test_the_page_follows_the_language_of_the_browser(client: TestClient) -> None:
    assert (
        Seen(client.get("/", headers={"accept-language": "es-MX,es;q=0.9"}).text).language == "es"
    )


def test_the_language_can_be_switched_before_the_start(browser: Browser, rasa: FakeRasa) -> None:
    browser.press("Español")

    assert browser.page.language == "es"
    assert "Empezar" in browser.page.buttons
    assert rasa.sent == []


def test_the_language_can_be_switched_while_talking(talking: Browser, rasa: FakeRasa) -> None:
    rasa.answers = [said(language="es")]
    talking.press("Español")

    assert talking.page.language == "es"
    assert "change_language" in rasa.sent[-1][0]


def test_when_rasa_is_down_the_words_and_the_question_stay(
    talking: Browser, rasa: FakeRasa
) -> None:
    rasa.down = True
    talking.write("please read this")

    assert "please read this</textarea>" in talking.answer.text
    assert "Yes" in talking.page.buttons
    assert 'href="tel:911"' in talking.answer.text


def test_the_controls_have_their_own_row(talking: Browser, rasa: FakeRasa) -> None:
    rasa.answers = [said(buttons={"Yes": "/choose{}", "I'm not safe": "/not_safe"})]
    talking.write("hello")

    assert talking.page.buttons["I'm not safe"]["data-control"] == "not_safe"
    assert "data-control" not in talking.page.buttons["Yes"]


def test_a_form_that_is_no_utf8_gets_the_page(client: TestClient) -> None:
    answer = client.post("/", content=b"text=\xff")

    assert answer.status_code == 400
    assert "Start" in Seen(answer.text).buttons


def test_a_wrong_address_in_a_browser_gets_the_page(client: TestClient) -> None:
    answer = client.get("/nowhere", headers={"accept": "text/html"})

    assert answer.status_code == 404
    assert "Start" in Seen(answer.text).buttons


def test_the_first_page_with_all_it_loads_is_small(client: TestClient, app: FastAPI) -> None:
    sizes = [
        int(client.get(f"/static/{name}").headers["content-length"]) for name in app.state.files
    ]
    page = int(client.get("/").headers["content-length"])

    assert page + sum(sizes) <= 40_000


def test_all_words_of_the_page_are_there_in_every_language(content: Content) -> None:
    pages = [content.page(code) for code in content.languages]

    assert all(page.keys() == pages[0].keys() for page in pages)


def test_the_page_promises_the_idle_time_that_is_set(browser: Browser) -> None:
    assert "after 30\nminutes" in browser.answer.text or "after 30 minutes" in browser.answer.text


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("911", "tel:911"),
        ("988", "tel:988"),
        ("116 123", "tel:116123"),
        ("1-800-799-7233", "tel:18007997233"),
        ("+34 600 000 016", "tel:+34600000016"),
        ("(800) 799-7233", "tel:8007997233"),
        ("24", ""),
        ("2026-11-22", ""),
        ("350", ""),
        ("1234 5678 9012 3456", ""),
    ],
)
def test_only_numbers_to_call_become_links(content: Content, text: str, number: str) -> None:
    assert Links.of(content).link(text) == number


@pytest.mark.parametrize(
    ("line", "links"),
    [
        ("Call 911. 24/7, or 1-800-799-7233.", ["tel:911", "tel:18007997233"]),
        ("3919 Violences Femmes Info: 3919 · open day and night", ["tel:3919", "tel:3919"]),
        ("Casa Marta: 4141 · abierto ahora", ["tel:4141"]),
        ("Hotline: 1-800-799-7233 · text START to 88788", ["tel:18007997233", "sms:88788"]),
        ("Shout: text 85258", ["sms:85258"]),
        ("Línea: 016 · mensaje al 600 000 016", ["tel:016", "sms:600000016"]),
        ("Línea: mensaje con HOLA al 45678", ["sms:45678"]),
        ("From a mobile: *4141", ["tel:*4141"]),
        ("Centro: #7233 · abierto", ["tel:%237233"]),
        ("its town is 24 km away · open 9 to 5", []),
        ("You answered 5 of 16. It took: 10 minutes", []),
    ],
)
def test_a_line_keeps_every_letter_around_its_links(
    content: Content, line: str, links: list[str]
) -> None:
    pieces = list(Links.of(content).linked(line))

    assert "".join(text for text, _ in pieces) == line
    assert [link for _, link in pieces if link] == links


@pytest.mark.parametrize("language", ["en", "es"])
def test_how_this_works_stands_on_the_page_itself(
    client: TestClient, content: Content, language: str
) -> None:
    page = unescape(client.get("/", headers={"Accept-Language": language}).text)
    danger = content.language(language).danger

    assert danger["how"]["title"] in page
    assert all(danger["rules"][rule.id] in page for rule in RULES)
    assert all(limit in page for limit in danger["how"]["limits"])


def how_this_works(html: str) -> str:
    """The markup of "How this works"."""
    found = re.search(r'<details class="about how"[^>]*>.*?</details>', html, re.DOTALL)
    assert found
    return found[0]


def test_how_this_works_is_closed_until_somebody_opens_it(browser: Browser) -> None:
    assert not re.search(r"<details[^>]*\sopen\b", browser.answer.text)


def test_how_this_works_stands_after_the_way_out_and_the_conversation(talking: Browser) -> None:
    page = talking.answer.text
    how = page.index(how_this_works(page))

    assert page.index('id="leave"') < page.index("</form>") < how


def test_how_this_works_needs_no_address_and_nothing_to_press(browser: Browser) -> None:
    assert not re.search(
        r"href|src=|action=|<a\b|<button|tabindex", how_this_works(browser.page.html)
    )


def test_how_this_works_stands_under_its_headings_in_order(browser: Browser) -> None:
    levels = [int(level) for level in re.findall(r"<h(\d)", how_this_works(browser.page.html))]

    assert levels[0] == 2
    assert all(after <= before + 1 for before, after in pairwise(levels))


@pytest.mark.parametrize("language", ["en", "es"])
def test_every_rule_says_whether_it_is_law_or_ours(
    client: TestClient, content: Content, language: str
) -> None:
    page = client.get("/", headers={"Accept-Language": language}).text
    how = content.language(language).danger["how"]
    shown = unescape(how_this_works(page))

    assert shown.count(how["law"]) == sum(rule.source == SOURCE for rule in RULES)
    assert shown.count(how["ours"]) == sum(rule.source != SOURCE for rule in RULES)


def test_every_word_of_how_this_works_changes_with_the_language(browser: Browser) -> None:
    how = how_this_works(browser.page.html)
    said = re.findall(r"<(/?\w+[^>]*)>([^<]*)", how)

    assert all("data-word" in tag for tag, text in said if text.strip())


def test_how_this_works_holds_no_figure_that_could_be_read_as_a_chance(content: Content) -> None:
    for language in content.languages.values():
        words = " ".join(how_words(language.danger).values())
        without_sources = re.sub(r"77-36-2\.1|741\.29|12 (months|meses)", "", words)

        assert not re.search(r"\d|%", without_sources)


# ---- Where leaving goes. ------------------------------------------------------------------------

EXITS = "MX=https://example.com/clima; es=https://example.com/tiempo"


@pytest.mark.parametrize(
    ("accepted", "country", "goes_to"),
    [
        ("es-MX,es;q=0.9", "", "https://example.com/clima"),
        ("en;q=0.9,es-es", "", "https://example.com/tiempo"),
        ("zh-Hant-MX", "", "https://example.com/clima"),
        ("es", "MX", "https://example.com/clima"),
        ("es-AR", "", "https://weather.com/"),
        ("en-US", "ES", "https://example.com/tiempo"),
        ("", "", "https://weather.com/"),
    ],
)
def test_each_country_can_have_its_own_way_out(
    door: Door, content: Content, accepted: str, country: str, goes_to: str
) -> None:
    settings = load(ChatSettings).model_copy(update={"exit_urls": EXITS, "country": country})
    with TestClient(create_app(settings, door, content)) as client:
        headers = {"accept-language": accepted}
        first = client.get("/", headers=headers)
        begun = client.post("/", data={"start": "yes"}, headers=headers)
        left = client.post("/", data={"leave": "yes"}, headers=headers)

    for answer in (first, begun):
        assert answer.text.count(f'href="{goes_to}"') == 2
    assert f"0; url={goes_to}" in left.text
