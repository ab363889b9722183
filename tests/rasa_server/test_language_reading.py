"""Which language a text is in."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

import bot.rasa_server.components
from bot.rasa_server.components.language_reading import (
    NOTHING_LEARNED,
    Example,
    LanguageModel,
    features,
    learn,
    words_in,
)
from bot.rasa_server.components.phrasebook import load_words

ROOT = Path(__file__).parents[2]
PHRASES = Path(next(iter(bot.rasa_server.components.__path__))) / "phrases"
PLACES = "give_place"

# Weighed by hand: what is read, and when nothing is, does not depend on what was learned.
MODEL = LanguageModel(
    weights={
        "en": {"word:help": 6.0, "word:ayuda": -6.0, "word:casa": -6.0},
        "es": {"word:help": -6.0, "word:ayuda": 6.0, "word:casa": 6.0},
    },
    intercepts={"en": 0.0, "es": 0.0},
    telling={"en": ["help"], "es": ["ayuda"]},
)


def load(text: str) -> Any:
    return YAML(typ="safe").load(text)


def language(model: LanguageModel, text: str) -> str | None:
    reading = model.read(text)
    return reading.language if reading else None


def test_a_telling_word_shows_the_language() -> None:
    assert language(MODEL, "Ayuda") == "es"


def test_a_word_that_only_looks_spanish_shows_nothing() -> None:
    assert language(MODEL, "casa") is None


def test_a_short_text_with_a_number_is_an_address() -> None:
    assert language(MODEL, "ayuda 123") is None


def test_a_text_that_pulls_both_ways_shows_nothing() -> None:
    assert language(MODEL, "help ayuda") is None


def test_a_model_that_has_learned_nothing_says_nothing() -> None:
    assert NOTHING_LEARNED.read("ayuda") is None


def test_one_language_alone_teaches_nothing() -> None:
    assert learn([Example("help me", "en")], []) is NOTHING_LEARNED


def test_a_model_survives_being_stored() -> None:
    assert LanguageModel.from_json(MODEL.to_json()).read("ayuda") == MODEL.read("ayuda")


def test_accents_are_kept_because_they_tell() -> None:
    assert words_in("SÍ, I don’t") == ["sí", "i", "don't"]


def test_features_are_words_and_the_letters_in_them() -> None:
    assert {"word:no", " n", "no ", " no "} <= features("no")


@given(st.text(max_size=200))
def test_any_text_can_be_read(text: str) -> None:
    assert language(MODEL, text) in {"en", "es", None}


LEARN = """
import json, sys
from bot.rasa_server.components.language_reading import Example, learn
examples, everywhere = json.load(sys.stdin)
print(learn([Example(*each) for each in examples], everywhere).to_json())
"""


@pytest.fixture(scope="module")
def learned() -> LanguageModel:
    """A model of the examples that Rasa learns from, learned in Rasa's own Python."""
    examples = [
        (line.strip()[2:], part["metadata"]["language"])
        for file in sorted((ROOT / "data" / "nlu").glob("*.yml"))
        for part in load(file.read_text(encoding="utf-8"))["nlu"]
        if part.get("intent") != PLACES and "language" in part.get("metadata", {})
        for line in part["examples"].splitlines()
    ]
    everywhere = sorted(load_words(PHRASES, load, "in_every_language"))
    ran = subprocess.run(
        [ROOT / "bot" / "rasa_server" / ".venv" / "bin" / "python", "-W", "ignore", "-c", LEARN],
        input=json.dumps([examples, everywhere]),
        env={"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    return LanguageModel.from_json(ran.stdout)


@pytest.mark.rasa
@pytest.mark.parametrize(
    "text", ["sí", "gracias", "no sé", "tengo miedo", "ayuda", "nunca", "me pegó"]
)
def test_a_few_words_of_spanish_are_enough(learned: LanguageModel, text: str) -> None:
    assert language(learned, text) == "es"


@pytest.mark.rasa
@pytest.mark.parametrize(
    "text", ["yes please", "i dont know", "thanks", "help", "why", "he hit me"]
)
def test_a_few_words_of_english_are_enough(learned: LanguageModel, text: str) -> None:
    assert language(learned, text) == "en"


@pytest.mark.rasa
@pytest.mark.parametrize(
    "text",
    ["no", "ok", "si", "me", "LA", "mi casa 123", "Guadalajara", "El Paso", "Los Angeles",
     "San José", "María López", "de la Cruz", "Buenos Aires", "12345", "\U0001f600", "?", "chat"],
)  # fmt: skip
def test_what_belongs_to_every_language_shows_none(learned: LanguageModel, text: str) -> None:
    assert language(learned, text) is None


@pytest.mark.rasa
@pytest.mark.parametrize("text", ["i live in San Jose with Maria", "El Paso is where I live"])
def test_a_spanish_name_does_not_switch_an_english_talk(learned: LanguageModel, text: str) -> None:
    assert language(learned, text) != "es"
