"""Other ways of writing the same message, and the tables of danger signs."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.evaluating.heldout import HeldOut, IntentExample, StatusExample
from bot.evaluating.measures import Read
from bot.evaluating.signs import of_signs, of_statuses
from bot.evaluating.ways import WAYS, of_ways, rewritten
from bot.rasa_server.components.signal_examples import SignalExample


@pytest.mark.parametrize(
    ("way", "written"),
    [
        ("in capitals", "ÉL NO ME DEJÓ SALIR, ¿QUÉ HAGO?"),
        ("without accents", "el no me dejo salir, ¿que hago?"),
        ("without apostrophes, commas, full stops", "él no me dejó salir qué hago?"),
        ("with drawn-out letters", "él no me dejó salir, ¿qué hagoooo?"),
        ("with emoji", "😔 él no me dejó salir, ¿qué hago? 😭😭😭"),
    ],
)
def test_a_way_of_writing_keeps_the_words(way: str, written: str) -> None:
    assert WAYS[way]("él no me dejó salir, ¿qué hago?") == written


def test_a_mistyped_message_is_mistyped_the_same_way_each_time() -> None:
    text = "yesterday afternoon somebody followed another person through several streets"

    mistyped = WAYS["mistyped"](text)

    assert mistyped != text
    assert sorted(mistyped) == sorted(text)
    assert mistyped == WAYS["mistyped"](text)


@given(st.text(max_size=60))
def test_any_text_can_be_written_in_every_way(text: str) -> None:
    assert all(isinstance(way(text), str) for way in WAYS.values())


def read_as(signals: list[str], intent: str) -> Read:
    return {"signals": signals, "intent": intent}


def test_the_table_compares_each_way_with_the_messages_as_they_are() -> None:
    kept = HeldOut(
        [SignalExample("he has a gun", frozenset({"weapon"}), "en", "plain")],
        [],
        [],
        [IntentExample("hello", "greet", "en")],
    )
    read = dict.fromkeys(rewritten(kept), read_as([], "greet"))
    read |= {"he has a gun": read_as(["weapon"], "out_of_scope"), "hello": read_as([], "greet")}

    rows = {row[0]: row for row in of_ways(kept, read, ["en"]).rows}

    assert rows["as they are"][2].startswith("1.00")
    # "he has a gun" has no accent to lose: it stays what it is.
    assert rows["without accents"][2].startswith("1.00")
    assert rows["in capitals"][2].startswith("0.00")
    assert rows["in capitals"][4].startswith("1.00")


SIGNS = [
    StatusExample("a", {"weapon": "affirmed", "strangled": "denied"}, "en"),
    StatusExample("b", {"weapon": "past"}, "en"),
]


def found(**statuses: str) -> Read:
    return {"signs": [{"sign": sign, "status": status} for sign, status in statuses.items()]}


@pytest.fixture
def rows() -> Callable[[Read, Read], dict[str, tuple[str, ...]]]:
    return lambda a, b: {row[1]: row for row in of_statuses(SIGNS, {"a": a, "b": b}).rows}


def test_a_status_is_right_only_where_the_sign_was_found(
    rows: Callable[[Read, Read], dict[str, tuple[str, ...]]],
) -> None:
    told = rows(found(weapon="affirmed"), found(weapon="affirmed"))

    assert told["denied"][2].startswith("0.00")
    assert told["past"][2:] == ("1.00 (0.21–1.00)", "0.00 (0.00–0.79)", "1.00 (0.21–1.00)")
    assert told["all"][2].startswith("0.67")
    assert told["all"][3].startswith("0.50")


def test_a_sign_that_is_over_and_taken_as_affirmed_counts_against_precision() -> None:
    read = {"a": found(weapon="affirmed"), "b": found(weapon="affirmed")}

    rows = {row[0]: row for row in of_signs(SIGNS, read, "en", "English").rows}

    assert rows["weapon"][1].startswith("0.50")
    assert rows["weapon"][2].startswith("1.00")
