"""How a text is cut into what the network reads, and what becomes of what it hears."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rasa_server.components import personal_reading, sign_hearing
from bot.rasa_server.components.personal_data import Piece as Personal
from bot.rasa_server.components.reading_parts import (
    CAPITAL,
    CAPITALS,
    KINDS,
    LONGEST,
    PARTS,
    SMALL,
    HeardSign,
    KnownPiece,
    looked_at,
    parts_of,
    ways_written,
)
from bot.rasa_server.components.sign_reading import NOW, SIGN, Mention
from bot.rasa_server.components.sign_status import Status
from bot.rasa_server.components.word_pieces import MOST_IN_A_ROW, Piece, placed, small


def words_as_pieces(text: str) -> list[Piece]:
    """One piece for each word of a plain text."""
    pieces, place = [], 0
    for word in text.split():
        start = text.index(word, place)
        place = start + len(word)
        pieces.append(Piece(9, start, place))
    return pieces


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("HE Hit me", "he hit me"),
        ("Él no me dejó", "él no me dejó"),
        ("e\u0301l", "él"),
        ("don’t", "don't"),
        ("nooooo!!!!", "noo!!"),
        ("  two\n\n lines ", "two lines"),
        ("😔 he hit me 😭😭 👩🏽‍🦱", "he hit me"),
        ("🔪🔪🔪", ""),
        ("\ud83d", "\ufffd"),
        ("", ""),
    ],
)
def test_a_text_is_read_in_small_letters(written: str, read: str) -> None:
    assert small(written)[0] == read


@given(st.text(max_size=80))
def test_every_letter_that_is_read_knows_its_place(text: str) -> None:
    read, places = small(text)

    assert len(read) == len(places)
    assert places == sorted(places)
    assert all(0 <= place < len(text) for place in places)
    assert not any(letter * (MOST_IN_A_ROW + 1) in read for letter in read)


def test_a_piece_stands_where_it_was_written() -> None:
    text = "Nooooo,  HE did"

    pieces = placed(text, [4, 5, 6, 7], [(0, 3), (3, 4), (4, 7), (7, 11)])

    assert [text[piece.start : piece.end].strip() for piece in pieces] == [
        "Nooooo",
        ",",
        "HE",
        "did",
    ]


@given(st.integers(0, 3000))
def test_a_long_text_is_read_in_parts_that_overlap(length: int) -> None:
    pieces = [Piece(9, place, place + 1) for place in range(length)]

    parts = parts_of(pieces)

    assert 1 <= len(parts) <= PARTS
    assert all(len(part) <= LONGEST - 2 for part in parts)
    if length <= 600:
        assert {piece for part in parts for piece in part} == set(pieces)


def test_the_words_that_were_looked_at_are_the_place_of_a_sign() -> None:
    pieces = words_as_pieces("yesterday he choked me")

    assert looked_at(pieces, np.array([0.1, 0.1, 0.5, 0.3])) == (13, 22)
    assert looked_at([], np.array([])) == (0, 0)


def test_capitals_say_something_unless_all_is_shouted() -> None:
    text = "Hope told IBM no"

    assert ways_written(text, words_as_pieces(text)) == [CAPITAL, SMALL, CAPITALS, SMALL]
    assert ways_written("HOPE HIT", words_as_pieces("HOPE HIT")) == [SMALL, SMALL]


def known(text: str, **likely: tuple[str, float]) -> list[KnownPiece]:
    """The words of a text, with the kind that some of them are likely to be."""
    found = []
    for piece in words_as_pieces(text):
        kind, sure = likely.get(text[piece.start : piece.end].strip(",."), ("none", 1.0))
        shares = np.zeros(len(KINDS))
        shares[KINDS.index(kind)] = sure
        shares[0] += 1 - sure
        found.append(KnownPiece(piece, shares))
    return found


def test_a_name_that_no_list_knows_is_heard() -> None:
    text = "xochitl gomez, from next door"
    heard = known(text, xochitl=("name", 0.9), gomez=("name", 0.8))

    pieces = personal_reading.together(text, [], heard, KINDS)

    assert pieces == [Personal("name", 0, 13)]
    assert personal_reading.masked(text, pieces) == "[name], from next door"


def test_a_town_is_found_and_not_hidden() -> None:
    text = "i live in leeds"
    pieces = personal_reading.together(text, [], known(text, leeds=("place", 0.9)), KINDS)

    assert [piece.kind for piece in pieces] == ["place"]
    assert personal_reading.masked(text, pieces) == text


@pytest.mark.parametrize(
    ("said", "kind"),
    [("2009", "name"), ("911", "phone"), ("18007997233", "phone"), ("318", "id"), ("!", "name")],
)
def test_what_has_not_the_form_of_a_kind_is_left(said: str, kind: str) -> None:
    text = f"it is {said} today"
    heard = [KnownPiece(each.piece, each.kinds) for each in known(text, **{said: (kind, 1.0)})]

    assert personal_reading.together(text, [], heard, KINDS) == []


def test_a_number_is_hidden_whatever_the_network_says() -> None:
    text = "call 5550102030 now"
    listed = [Personal("phone", 5, 15)]

    assert personal_reading.together(text, listed, known(text), KINDS) == listed


@given(st.text(max_size=60), st.data())
def test_pieces_never_overlap_and_hide_only_what_they_hold(text: str, data: st.DataObject) -> None:
    plain = " ".join(text.split())
    kinds = st.sampled_from(range(len(KINDS)))
    sure = np.eye(len(KINDS))
    heard = [KnownPiece(piece, sure[data.draw(kinds)]) for piece in words_as_pieces(plain)]

    found = personal_reading.together(plain, [], heard, KINDS)

    assert all(a.end <= b.start for a, b in pairwise(found))
    assert personal_reading.masked(plain, []) == plain


def heard(name: str, sure: float, status: str, how_sure: float = 0.95) -> HeardSign:
    rest = {each.value: (1 - how_sure) / 5 for each in Status}
    return HeardSign(name, sure, {**rest, status: how_sure}, 0, 4)


def test_a_sign_that_no_phrase_knows_is_heard_with_its_status() -> None:
    found = sign_hearing.together(
        [], [heard("strangled", 0.9, "past"), heard("weapon", 0.2, "affirmed")], {}
    )

    assert found == [Mention(SIGN, "strangled", Status.PAST, 0, 4)]


def test_the_network_decides_how_a_sign_is_meant_when_it_is_sure() -> None:
    phrase = Mention(SIGN, "strangled", Status.AFFIRMED, 3, 9)

    assert sign_hearing.together([phrase], [heard("strangled", 0.1, "idiom")], {}) == [
        Mention(SIGN, "strangled", Status.IDIOM, 3, 9)
    ]
    assert sign_hearing.together([phrase], [heard("strangled", 0.1, "idiom", 0.5)], {}) == [phrase]


def test_two_mentions_of_one_sign_keep_what_stands_around_each() -> None:
    phrases = [
        Mention(SIGN, "strangled", Status.DENIED, 0, 3),
        Mention(SIGN, "strangled", Status.PAST, 5, 9),
    ]

    assert sign_hearing.together(phrases, [heard("strangled", 0.9, "affirmed")], {}) == phrases


def test_what_happens_now_is_left_to_the_phrases() -> None:
    now = Mention(NOW, "person_here_now", Status.AFFIRMED, 0, 4)

    assert sign_hearing.together([now], [], {}) == [now]


def test_a_signal_that_says_the_same_is_as_good_as_a_sign() -> None:
    unsure = [heard("threat_to_kill", 0.4, "affirmed"), heard("weapon", 0.4, "affirmed")]

    found = sign_hearing.together([], unsure, {"threat_to_kill": 0.95, "weapon": 0.95})

    assert [each.name for each in found] == ["threat_to_kill"]
