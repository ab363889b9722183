"""What the network learns from: read as it was written, and changed only where nothing is lost."""

import random
from collections import Counter

import pytest

from bot.learning.material import (
    Lesson,
    Mistyping,
    of_intents,
    of_personal,
    of_signals,
    of_statuses,
    unwrapped,
    without_personal,
)
from bot.rasa_server.components.reading_parts import KINDS, SIGNS, STATUSES
from bot.rasa_server.components.signal_examples import FROM_INTENTS

NAMES = ("Wayra", "Olu", "Thuy")


def test_names_are_changed_and_their_places_kept() -> None:
    line = "my ex [[NAME:Derek]] came to [[PLACE:Leeds]] with [[NAME:ana lucía]]"

    lessons = [unwrapped(line, NAMES, random.Random(seed)) for seed in range(60)]

    assert len({lesson.text for lesson in lessons}) > 10
    for lesson in lessons:
        said = [(kind, lesson.text[start:end]) for kind, start, end in lesson.pieces or ()]
        assert [kind for kind, _ in said] == ["name", "place", "name"]
        assert said[1][1].lower() == "leeds"
        assert said[0][1].lower() in {"derek", "wayra", "olu", "thuy"}


def test_mistyping_leaves_a_text_that_can_still_be_read() -> None:
    text = "él no me dejó salir de la casa anoche, ¿qué hago?"
    mistype = Mistyping(random.Random(1))

    found = {mistype(text) for _ in range(200)}

    assert "el no me dejo salir de la casa anoche, ¿que hago?" in found
    assert len(found) > 20
    assert all(abs(len(each) - len(text)) <= 8 for each in found)
    assert mistype("") == ""


def test_only_a_message_that_surely_names_nobody_teaches_that() -> None:
    texts = [
        "he took my phone",
        "he took Carmen away",
        "call me at (555) 010-2030",
        "I live here. He knows",
    ]

    taught = without_personal([Lesson(text, "en") for text in texts], NAMES)

    assert [each.pieces for each in taught] == [(), None, None, ()]


def test_every_lesson_is_of_a_kind_that_is_known() -> None:
    for lesson in of_statuses():
        assert lesson.signs
        assert all(sign in SIGNS and status in STATUSES for sign, status in lesson.signs)
    for line in of_personal():
        assert all(
            kind in KINDS for kind, _, _ in unwrapped(line, NAMES, random.Random(1)).pieces or ()
        )


@pytest.mark.parametrize("language", ["en", "es"])
def test_statuses_and_signs_are_told_often(language: str) -> None:
    told = [
        pair for each in of_statuses() if each.language == language for pair in each.signs or ()
    ]

    assert min(Counter(sign for sign, _ in told)[sign] for sign in SIGNS) >= 5
    assert min(Counter(status for _, status in told)[status] for status in STATUSES) >= 8


def test_an_intent_teaches_a_signal_only_where_that_is_sure() -> None:
    lessons = of_intents()

    assert len(lessons) > 5000
    assert all(each.signals == FROM_INTENTS.get(each.intent or "") for each in lessons)
    assert not any("](" in each.text or "]{" in each.text for each in lessons)
    assert len(of_signals()) > 10_000
