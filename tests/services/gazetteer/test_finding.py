"""What people write is found, asked back, or left alone."""

import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.services.gazetteer import Found, Gazetteer
from bot.services.gazetteer.measure import measured

HELD_OUT = Path(__file__).parents[2] / "understanding" / "heldout" / "places.txt"
ENOUGH = 0.95


def label(found: Found) -> str:
    """What is shown of the place that was found."""
    return found.place.label if found.place else ""


def countries(found: Found) -> list[str]:
    """The countries that are asked about."""
    return [place.country for place in found.choices]


@pytest.mark.parametrize(
    ("text", "country", "expected"),
    [
        ("near Leeds", "", "Leeds, England"),
        ("el paso tx", "", "El Paso, Texas"),
        ("ñuñoa", "CL", "Ñuñoa, Región Metropolitana, Chile"),
        ("nunoa", "CL", "Ñuñoa, Región Metropolitana, Chile"),
        ("Guadalajara, Mexico", "ES", "Guadalajara, Jalisco, Mexico"),
        ("estoy en guadalajara jalisco", "", "Guadalajara, Jalisco, Mexico"),
        ("upstate new york", "", "New York, United States"),
        ("nyc", "", "New York City, New York"),
        ("Tuscon", "US", "Tucson, Arizona"),
        ("vadajoz", "ES", "Badajoz, Extremadura, Spain"),
        ("reading", "GB", "Reading, England"),
        ("paris", "", "Paris, Île-de-France, France"),
        ("Key West", "", "Key West, Florida"),
        ("Marathon, FL", "", "Marathon, Florida"),
    ],
)
def test_an_answer_is_understood(gazetteer: Gazetteer, text: str, country: str, expected: str):
    assert label(gazetteer.find(text, country, asked=True)) == expected


@pytest.mark.parametrize(
    ("text", "among"),
    [
        ("san jose", {"US", "CR"}),
        ("birmingham", {"GB", "US"}),
        ("córdoba", {"ES", "AR"}),
        ("santiago", {"CL"}),
        ("valencia", {"ES", "VE"}),
    ],
)
def test_what_may_be_several_places_is_asked_back(gazetteer: Gazetteer, text: str, among: set[str]):
    found = gazetteer.find(text, asked=True)

    assert among <= set(countries(found))
    assert 2 <= len(found.choices) <= 4


def test_the_likeliest_is_asked_about_first(gazetteer: Gazetteer):
    assert countries(gazetteer.find("santiago", asked=True))[0] == "CL"


def test_a_known_country_settles_what_would_be_asked(gazetteer: Gazetteer):
    assert label(gazetteer.find("birmingham", "GB", asked=True)) == "Birmingham, England"


@pytest.mark.parametrize(
    "text",
    [
        "he hit me last night",
        "i hope he stays away",
        "i am in pain",
        "he locked me in the bath",
        "my sister Chelsea told me",
        "Santiago hit me",
        "mi esposo me pega",
        "quiero vivir en paz",
        "i talked to Charlotte about it",
        "yes",
        "",
        "🙂",
    ],
)
def test_a_message_without_a_place_gives_nothing(gazetteer: Gazetteer, text: str):
    assert gazetteer.find(text) == Found()


@pytest.mark.parametrize("text", ["i'd rather not say", "prefiero no decir", "idk", "ok"])
def test_who_does_not_say_is_left_alone(gazetteer: Gazetteer, text: str):
    assert gazetteer.find(text, asked=True) == Found()


def test_a_place_in_a_message_that_nobody_asked_for_is_heard(gazetteer: Gazetteer):
    assert label(gazetteer.find("he beats me and i live in reading", "GB")) == "Reading, England"


def test_labels_are_in_the_language_of_the_visitor(gazetteer: Gazetteer):
    found = gazetteer.find("sevilla", "ES", "es", asked=True)

    assert label(found).endswith("España")


def test_a_choice_can_be_pressed(gazetteer: Gazetteer):
    choice = gazetteer.find("san jose", asked=True).choices[0]

    assert gazetteer.named(choice.id) == choice


def test_an_id_that_is_none_gives_nothing(gazetteer: Gazetteer):
    assert gazetteer.named("town:0") is None


def test_enough_of_what_was_kept_for_measuring_is_understood(gazetteer: Gazetteer):
    groups = measured(HELD_OUT, gazetteer)

    assert sum(each.right for each in groups) >= ENOUGH * sum(each.texts for each in groups)


def test_several_threads_may_ask_at_once(gazetteer: Gazetteer):
    texts = ["leeds", "bogota", "90210", "Tuscon", "monterey"] * 20
    with ThreadPoolExecutor(4) as threads:
        together = list(threads.map(lambda text: gazetteer.find(text, asked=True), texts))

    assert together == [gazetteer.find(text, asked=True) for text in texts]


WORDS = st.sampled_from(
    [
        "in",
        "near",
        "leeds",
        "tx",
        "paris",
        "90210",
        "sw1a",
        "2aa",
        "de",
        "la",
        "san",
        "jose",
        "me",
        "hope",
        "en",
        ",",
        "ñ",
    ]
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    text=st.text() | st.lists(WORDS, max_size=80).map(" ".join),
    country=st.sampled_from(["", "US", "GB", "MX", "XX"]),
    asked=st.booleans(),
)
def test_any_text_is_answered_at_once(gazetteer: Gazetteer, text: str, country: str, asked: bool):
    began = time.perf_counter()
    found = gazetteer.find(text, country, asked=asked)

    assert time.perf_counter() - began < 1
    assert not (found.place and found.choices)
    assert len(found.choices) != 1
