"""What somebody asks for in their own words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.services.needs import NEEDS, TRAITS
from bot.services.wishes import asked_for, words


@pytest.mark.parametrize(
    ("text", "need"),
    [
        ("is there somewhere that takes boys over 13?", "shelter"),
        ("where can i go tonight", "shelter"),
        ("¿dónde puedo dormir con mis hijos?", "shelter"),
        ("necesito una abogada", "legal"),
        ("who answers at 3 a.m.", ""),
        ("a number to call", "hotline"),
        ("hello", ""),
    ],
)
def test_what_for(text: str, need: str) -> None:
    assert asked_for(text).need == need


def test_who_comes_along_and_how() -> None:
    asked = asked_for(
        "Is there a shelter for me, my boys over 13 and my dog that speaks Spanish, far away?"
    )

    assert asked.boys == (14.0,)
    assert {"pets", "children"} <= asked.traits
    assert asked.languages == ("es",)
    assert asked.away


@pytest.mark.parametrize(
    "text", ["can't talk, is there a text line", "no puedo hablar, ¿hay mensaje?"]
)
def test_by_text(text: str) -> None:
    assert asked_for(text).channel == "text"


def test_now() -> None:
    assert asked_for("who answers at 3 a.m.").open_now
    assert asked_for("¿quién atiende a esta hora?").open_now


def test_every_word_is_one_that_the_directory_knows() -> None:
    assert set(words().needs) <= set(NEEDS)
    assert set(words().has) <= set(TRAITS)


@given(st.text(max_size=200))
def test_any_text_can_be_asked(text: str) -> None:
    asked_for(text)
