"""The labelled messages: readable, many of each, and none of the held-out ones near them."""

from collections import Counter
from pathlib import Path

import pytest

from bot.evaluating.heldout import held_out
from bot.evaluating.run import HELD_OUT, kept_texts
from bot.learning.material import (
    PERSONAL_PIECE,
    of_intents,
    of_personal,
    of_signals,
    of_statuses,
)
from bot.rasa_server.components.signal_examples import (
    ALSO,
    EXAMPLES,
    SIGNALS,
    SignalExample,
    WrongExample,
    examples_in,
    read,
)
from bot.rasa_server.components.wording import plain

LEARNED = examples_in(EXAMPLES)
KEPT = held_out(HELD_OUT)
FEWEST = 60
"""Messages for each signal in each language."""
NEAR = 0.7
"""The share of letter groups that two messages may have in common."""
SHORT = 12
"""Letters; shorter ones ("he hits me") are the same for anybody."""


def groups_of(text: str) -> frozenset[str]:
    """The groups of four letters of a text in plain letters."""
    letters = plain(text)
    return frozenset(letters[i : i + 4] for i in range(len(letters) - 3))


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("signal", SIGNALS)
def test_every_signal_has_many_messages(signal: str, language: str) -> None:
    known = [e for e in LEARNED if signal in e.signals and e.language == language]

    assert len(known) >= FEWEST


@pytest.mark.parametrize("language", ["en", "es"])
def test_many_messages_tell_nothing(language: str) -> None:
    nothing = [e for e in LEARNED if not e.signals and e.language == language]

    assert len(nothing) >= 250


def test_no_message_stands_there_twice() -> None:
    seen = Counter((example.text.casefold(), example.language) for example in LEARNED)

    assert [text for (text, _), times in seen.items() if times > 1] == []


def every_text_that_is_learned_from() -> list[str]:
    """Signals, statuses, personal data and intents."""
    lessons = [*of_signals(), *of_statuses(), *of_intents()]
    return [
        *(lesson.text for lesson in lessons),
        *(PERSONAL_PIECE.sub(r"\g<text>", line) for line in of_personal()),
    ]


def test_no_held_out_message_is_near_one_that_is_learned_from() -> None:
    learned = [groups_of(text) for text in every_text_that_is_learned_from()]
    by_group: dict[str, list[int]] = {}
    for place, groups in enumerate(learned):
        for group in groups:
            by_group.setdefault(group, []).append(place)
    near = []
    for text in kept_texts(KEPT):
        groups = groups_of(text)
        if len(plain(text)) < SHORT:
            continue
        shared = Counter(place for group in groups for place in by_group.get(group, ()))
        near += [
            text
            for place, times in shared.most_common(3)
            if times / len(groups | learned[place]) > NEAR
        ]

    assert near == []


def test_held_out_messages_cover_every_signal() -> None:
    for language in {example.language for example in KEPT.signals}:
        there = Counter(s for e in KEPT.signals if e.language == language for s in e.signals)
        assert set(there) == set(SIGNALS)


def test_what_a_signal_brings_along_is_always_there() -> None:
    for example in [*LEARNED, *KEPT.signals]:
        for signal, other in ALSO.items():
            assert signal not in example.signals or other in example.signals


def test_a_file_is_read_line_by_line() -> None:
    lines = [
        "# slice: teen",
        "weapon | he has a knife",
        "",
        "- | hi",
        "strangulation | he choked me",
    ]

    assert list(read(lines, Path("en", "some.txt"))) == [
        SignalExample("he has a knife", frozenset({"weapon"}), "en", "teen"),
        SignalExample("hi", frozenset(), "en", "teen"),
        SignalExample(
            "he choked me", frozenset({"strangulation", "physical_violence"}), "en", "teen"
        ),
    ]


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("gun | he has one", "unknown label gun"),
        ("he has a knife", "labels"),
        ("weapon | ", "labels"),
    ],
)
def test_a_line_that_can_not_be_read_is_named(line: str, problem: str) -> None:
    with pytest.raises(WrongExample, match=f"some.txt, line 1: .*{problem}"):
        list(read([line], Path("en", "some.txt")))
