"""The figures of the intents, against ones worked out by hand."""

import xml.etree.ElementTree as ET
from typing import Any

from bot.evaluating.heldout import IntentExample
from bot.evaluating.intents import calibration, confused, in_short, picture

LANGUAGES = {"en": "English"}
EXAMPLES = [
    IntentExample("hi", "greet", "en"),
    IntentExample("hey", "greet", "en"),
    IntentExample("can my <dog> come", "ask_pets", "en"),
    IntentExample("how tall is the moon", "out_of_scope", "en"),
    IntentExample("asdf", "gibberish", "en"),
]
READ: dict[str, dict[str, Any]] = {
    "hi": {"intent": "greet", "confidence": 0.95},
    "hey": {"intent": "thanks", "confidence": 0.45},
    "can my <dog> come": {"intent": "nlu_fallback", "confidence": 0.5},
    "how tall is the moon": {"intent": "out_of_scope", "confidence": 0.85},
    "asdf": {"intent": "nlu_fallback", "confidence": 0.5},
}


def test_what_is_not_understood_is_one_answer_whatever_it_is_called() -> None:
    rows = {row[0]: row[1] for row in in_short(EXAMPLES, READ, LANGUAGES).rows}

    assert rows["accuracy"].startswith("0.60")
    assert rows["out of scope: said to be not understood"].startswith("1.00")
    assert rows["in scope, yet said to be not understood"].startswith("0.33")
    assert rows["messages"] == "5"


def test_calibration_compares_how_sure_and_how_often_right() -> None:
    rows = {row[0]: row for row in calibration(EXAMPLES, READ, "English").rows}

    assert rows["0.4 to 0.6"][1:] == ("0.48", "0.00 (0.00–0.56)", "3")
    assert rows["0.9 to 1.0"][1] == "0.95"
    assert rows["apart on average"][1] == "0.33"


def test_what_is_confused_is_named_most_frequent_first() -> None:
    assert list(confused([*EXAMPLES, EXAMPLES[1]], READ).rows[1:]) == [
        ("greet", "thanks", "2"),
        ("ask_pets", "nlu_fallback", "1"),
    ]


def test_the_picture_is_an_svg_with_a_box_for_every_pair() -> None:
    drawn = ET.fromstring(picture(EXAMPLES, READ))

    titles = [each.text for each in drawn.iter("{http://www.w3.org/2000/svg}title")]
    assert "greet understood as thanks: 1" in titles
    assert len(titles) == 1 + len(EXAMPLES)
