"""G1: whatever is given to what reads from outside, only our own errors come out, and soon."""

import contextlib
import json
import re
import time
from urllib.parse import quote_from_bytes

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from starlette.exceptions import HTTPException
from starlette.requests import Request

from bot.assessing.problems import WrongSheet
from bot.assessing.sheet import AnswerSheet, read
from bot.content import Content, load
from bot.content.hotlines import load_hotlines
from bot.conversation import Door, Turn, cleaned
from bot.safety.course import Course
from bot.safety.listening import Understood, take
from bot.safety.signs import Now, Sign
from bot.safety.urgent import plain, plain_words, urgent_in
from bot.settings import (
    a_country,
    a_language,
    a_page,
    a_rate,
    pages_by_country,
)
from tests.builders import FakeRasa
from webchat.given import A_REGION, country_of, preference
from webchat.line import UnreadableFrame
from webchat.line import read as read_frame
from webchat.page import form_of
from webchat.shapes import LONGEST_BODY, MOST_BUTTONS, READ_FIRST, READ_TURN, FirstFrame, Pressed
from webchat.templates import read_shown
from webchat.templates.numbers import Links

few = settings(max_examples=25)
odd = st.text(
    alphabet="aé1 .,;:=&%+-_/\\'\"[]{}()<>\n\r\t\x00\x1b\u00ad\u034f\u200b\u200d\u202e\u2066\ufeff"
    "\ufdfa\U0001f642\ud800\U000e0001ıßİ",
    max_size=60,
)
texts = st.one_of(st.text(max_size=60), odd)
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=8,
)
names = st.sampled_from(["text", "button", "turn", "after", "language", "conversation", "more"])
frames = st.dictionaries(names, values, max_size=4).map(json.dumps) | values.map(json.dumps) | texts


# ---- What the page and the API are sent. ---------------------------------------------------------


@few
@given(st.binary(max_size=200) | texts.map(lambda text: text.encode("utf-8", "replace")))
@example(b"a=" + b"%" * 60_000)
@example(b"&" * 60_000)
@example(b"=" * 60_000)
def test_a_form_is_read_or_refused(body: bytes) -> None:
    for each in (body, b"text=" + quote_from_bytes(body).encode()):
        with contextlib.suppress(HTTPException):
            fields = form_of(each)

            assert len(fields) <= 20
            assert sum(len(name) + len(value) for name, value in fields.items()) <= len(each)


@few
@given(frames)
@example("[" * LONGEST_BODY)
@example('{"text": ' * 5_000)
@example('[{"who": "bot", "text": "\\ud800", "language": "en"}]')
@example('[{"who": "bot", "text": "x", "language": "en", "buttons": ' + "1" * 5_000 + "}]")
def test_what_a_page_carries_is_read_or_left_out(shown: str) -> None:
    for entry in read_shown(shown):
        entry.text.encode()


@few
@given(frames)
@example("[" * (LONGEST_BODY - 1))
@example('{"button": ' + "9" * 60_000 + "}")
@example('{"button": 1e400}')
@example('{"button": -0.0}')
@example('{"button": NaN}')
@example('{"text": "a", "text": "b"}')
@example('{"text": "\\u0000\\ud83d"}')
@example('\ufeff{"text": "x"}')
def test_a_frame_is_read_or_unreadable(frame: str) -> None:
    with contextlib.suppress(UnreadableFrame):
        turn = read_frame(READ_TURN, frame)

        assert isinstance(turn, Pressed) is ("button" in json.loads(frame))
        assert not isinstance(turn, Pressed) or 0 <= turn.button < MOST_BUTTONS
    with contextlib.suppress(UnreadableFrame):
        assert isinstance(read_frame(READ_FIRST, frame), FirstFrame)


def asking(accepted: str) -> Request:
    """A request of a browser set to these languages."""
    headers = [(b"accept-language", accepted.encode("latin-1", "replace"))]
    return Request({"type": "http", "headers": headers})


languages = st.lists(
    st.builds(
        "{}{}".format,
        st.sampled_from(["es-MX", "en", "zh-Hant-TW", "*", "", "-", "ES-mx", "es-419"]) | texts,
        st.sampled_from(["", ";q=0.5", ";q=nan", ";q=inf", ";q=-1e400", ";q=٣", ";q=1_0", ";"]),
    ),
    max_size=6,
).map(",".join)


@few
@given(languages)
@example(",".join(["es;q=nan"] * 5_000))
@example("es-" * 20_000)
def test_the_languages_of_a_browser_tell_a_country_or_none(accepted: str) -> None:
    country = country_of(asking(accepted))

    assert country == "" or re.fullmatch("[A-Z]{2}", country)
    assert all(isinstance(preference(each), float | int) for each in accepted.split(","))
    assert A_REGION.fullmatch(accepted) is None or country


@few
@given(texts)
@example("1(" * 5_000)
@example("1 " * 5_000 + "x")
@example("(1)" * 5_000)
@example("+" * 10_000)
def test_a_line_with_numbers_in_it_stays_as_it_is(line: str) -> None:
    assert "".join(piece for piece, _ in Links(frozenset({"911"}), "text $").linked(line)) == line


# ---- What visitors say. --------------------------------------------------------------------------


@few
@given(texts)
def test_what_is_cleaned_or_made_plain_stays_so(text: str) -> None:
    clean = cleaned(text)

    assert cleaned(clean) == clean
    assert plain(plain(clean)) == plain(clean)
    assert len(plain(clean)) <= 40 * len(clean)  # one Arabic sign stands for 18 letters
    assert plain_words(clean) == plain(clean).replace(".", " ").split()


@pytest.mark.parametrize("part", ["he is ", "hes here ", ". ", "\ufdfa", "not no ", "\u200d"])
async def test_the_longest_message_is_looked_through_at_once(content: Content, part: str) -> None:
    door = Door(FakeRasa(), content, load_hotlines())
    token, _ = await door.open()
    began = time.monotonic()
    await door.take(token, Turn(text=(part * 2000)[:2000]))
    await door.take(token, Turn(text=(part * LONGEST_BODY)[:LONGEST_BODY]))

    assert time.monotonic() - began < 1


@few
@given(st.sampled_from(["hes outside", "he has a knife to my throat", "está afuera"]), texts, texts)
def test_danger_is_heard_behind_and_before_anything(danger: str, before: str, after: str) -> None:
    text = cleaned(f"{before}\n\n{danger}. {after}")

    assert urgent_in(text, load().urgent)


heard = st.builds(
    Understood,
    intent=st.sampled_from(["", "affirm", "deny", "tell", "repeat", "go_on", "choose", "skip"])
    | texts,
    text=texts,
    pressed=st.none() | st.tuples(texts, texts),
    signs=st.dictionaries(st.sampled_from(Sign), st.sampled_from(["affirmed", "denied", "?"])),
    now=st.frozensets(st.sampled_from(Now)),
    leading=st.sampled_from(["", "yes", "no", "?"]),
    place=texts,
)


@few
@given(st.lists(heard, max_size=12))
def test_whatever_is_understood_there_are_words_for_it(content: Content, messages) -> None:
    course = Course()
    for each in messages:
        taken = take(content.outline, course, each)
        course = taken.course

        assert set(taken.says) <= content.language("en").messages.keys()


# ---- What the operator gives. --------------------------------------------------------------------


@few
@given(frames | odd | st.text(alphabet=" -:{}[],\n&*!|>'\"#%@`yesno123", max_size=80))
@example("[" * 100_000)
@example("{a: " * 5_000)
@example("- " * 5_000)
@example("fear: " + "9" * 5_000)
@example("&a [*a]")
@example("signs: {strangled: yes, strangled: no}")
@example("fear: 0x_")
@example("fear: 1_000_")
@example("? [a]\n: b")
@example("2026-13-45")
@example("fear: .inf")
def test_an_answer_sheet_is_read_or_what_is_wrong_is_named(text: str) -> None:
    with contextlib.suppress(WrongSheet):
        assert isinstance(read(text), AnswerSheet)


@few
@given(texts)
@example("١/second")
@example("9" * 5_000 + "/second")
@example("1/second;" * 500)
@example("https://" + "a" * 10_000 + " ")
@example("US=https://x/;" * 500)
def test_a_setting_is_taken_or_refused(words: str) -> None:
    for parser in (a_country, a_language, a_rate, a_page, pages_by_country):
        with contextlib.suppress(ValueError):
            assert isinstance(parser(words), str)
