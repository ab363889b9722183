"""Personal data in a text: found, masked, and nothing else with it."""

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

import bot.rasa_server.components
from bot.evaluating.heldout import PersonalExample, lines_of, personal
from bot.rasa_server.components.personal_data import KINDS, PersonalData, PersonalWords
from bot.rasa_server.components.personal_reading import masked

HERE = Path(__file__).parents[1] / "understanding"
WORDS = Path(next(iter(bot.rasa_server.components.__path__))) / "personal"
NAMES = ("carlos", "maria", "mike", "thuy", "ramiro", "yesenia", "aisha", "dolores", "will", "rosa")
EVERYDAY = [
    "he", "she", "my", "me", "is", "was", "hit", "hits", "llamo", "el", "mi", "con", "que", "no",
    "se", "and", "the", "a", "to", "in", "at", "him", "call", "called", "phone", "esposo", "marido",
    "husband", "son", "daughter", "said", "dice", "dijo", "pega", "vive", "lives", "here", "aqui",
    "casa", "house", "plate",
]  # fmt: skip

WORDS_OF = [
    PersonalWords.of(YAML(typ="safe", pure=True).load(file.read_text(encoding="utf-8")))
    for file in sorted(WORDS.glob("*.yml"))
]
READER = PersonalData(WORDS_OF, NAMES, EVERYDAY)


def hidden(text: str) -> str:
    return masked(text, READER.find(text))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("carlos hit me", "[name] hit me"),
        ("my husband Darnell hit me", "my husband [name] hit me"),
        ("me llamo yesenia y mi esposo me pega", "me llamo [name] y mi esposo me pega"),
        ("call me at (555) 010-2030", "call me at [phone]"),
        ("mi cel es +52 55 1234 5678", "mi cel es [phone]"),
        ("five five five 0 1 9 9", "[phone]"),
        ("write to ana.luz@correo.example", "write to [email]"),
        ("my insta is rosita.luz99", "my insta is [handle]"),
        ("i live at 44 maple street apt 3", "i live at [address]"),
        ("vivo en la calle Olmos 12, depto 4b", "vivo en la [address]"),
        ("his plate is KJX 4471", "his plate is [plate]"),
        ("my ssn is 123-45-6789", "my ssn is [id]"),
        ("i was born on 03/12/1988", "i was born on [id]"),
        ("mi suegra dolores dice que no", "mi suegra [name] dice que no"),
        ("Will said no", "[name] said no"),
    ],
)
def test_personal_data_is_masked(text: str, shown: str) -> None:
    assert hidden(text) == shown


@pytest.mark.parametrize(
    "text",
    [
        "call 911 or 1-800-799-7233",
        "i will go to the house in Boise",
        "he took 1500 pesos and 2,000,000 dollars",
        "in 2019-2021 he was here",
        "he hit me 3 days in a row",
        "tengo dolores de cabeza",
        "",
    ],
)
def test_what_is_nobodys_own_is_left(text: str) -> None:
    assert hidden(text) == text


@given(st.text())
def test_any_text_can_be_masked(text: str) -> None:
    pieces = READER.find(text)

    assert all(0 <= piece.start < piece.end <= len(text) for piece in pieces)
    assert all(piece.kind in KINDS for piece in pieces)
    assert all(a.end <= b.start for a, b in pairwise(pieces))


@given(
    st.lists(st.sampled_from(["555 010 2030 ", "carlos ", "a@b.example ", "a " * 50]), max_size=40)
)
def test_long_texts_are_masked_whole(parts: list[str]) -> None:
    text = "".join(parts)

    assert not any(word in hidden(text) for word in ("555", "carlos", "@"))


def examples(language: str) -> list[PersonalExample]:
    file = HERE / f"personal_{language}.txt"
    return [personal(line, file) for line in lines_of(file)]


@pytest.mark.parametrize("language", ["en", "es"])
def test_what_has_a_form_is_found_in_messages_as_people_write_them(language: str) -> None:
    formed = [
        (example, example.text[start:end])
        for example in examples(language)
        for kind, start, end in example.pieces
        if kind in ("phone", "email", "plate")
    ]

    missed = [words for example, words in formed if words in hidden(example.text)]

    assert len(missed) <= len(formed) * 0.05, missed
