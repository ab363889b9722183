"""A text as the network reads it: word pieces in small letters, each knowing where it stood."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

BEGIN, PADDING, END, UNKNOWN = 0, 1, 2, 3
"""The numbers of the four pieces that are no words."""
LONGEST_TEXT = 2000
"""More letters than the chat lets in at once; the time of reading grows with them."""
LONE_SURROGATE = re.compile("[\ud800-\udfff]")
UNREADABLE = "\ufffd"
APOSTROPHES = dict.fromkeys("’‘`´ʼ", "'")
# Skin tones, and what says that a sign is to be shown as a picture.
PARTS_OF_PICTURES = frozenset("🏻🏼🏽🏾🏿\ufe0e\ufe0f")
MOST_IN_A_ROW = 2
"""So many of one letter are kept: "nooooo" is read as "noo"."""


@dataclass(frozen=True)
class Piece:
    """One word piece: its number, and its place in the text as it was written."""

    number: int
    start: int
    end: int


def small(text: str) -> tuple[str, list[int]]:
    """The text as it is read, and for each of its letters the place where it was written.

    In small letters, with plain apostrophes, no letter more than twice in a row and one space
    between words. Letters that were written in two parts, as "e" and an accent, become one.
    Pictures are left out: the network has not learned what an emoji means.
    """
    letters: list[str] = []
    places: list[int] = []
    for place, written in enumerate(LONE_SURROGATE.sub(UNREADABLE, text[:LONGEST_TEXT])):
        for letter in unicodedata.normalize("NFKC", APOSTROPHES.get(written, written)).lower():
            if letters and unicodedata.combining(letter):
                joined = unicodedata.normalize("NFC", letters[-1] + letter)
                if len(joined) == 1:
                    letters[-1] = joined
                    continue
            shown = " " if letter.isspace() or is_picture(letter) else letter
            if shown == " " and (not letters or letters[-1] == " "):
                continue
            if letters[-MOST_IN_A_ROW:] == [shown] * MOST_IN_A_ROW:
                continue
            letters.append(shown)
            places.append(place)
    if letters and letters[-1] == " ":
        letters.pop()
        places.pop()
    return "".join(letters), places


def is_picture(letter: str) -> bool:
    """Whether a letter is an emoji, or a part of one that is not seen by itself."""
    if letter == UNREADABLE:
        return False
    return letter in PARTS_OF_PICTURES or unicodedata.category(letter) in ("So", "Cf")


def placed(text: str, numbers: Sequence[int], offsets: Sequence[tuple[int, int]]) -> list[Piece]:
    """Pieces of `small(text)`, by where they begin and end in that, with their places in `text`."""
    read, places = small(text)
    ends = [*places[1:], len(text)]
    pieces: list[Piece] = []
    for number, (begin, end) in zip(numbers, offsets, strict=True):
        # A piece brings the space before it along; the one before all others has no place.
        first = begin + (read[begin] == " " and end - begin > 1)
        start = places[first]
        pieces.append(Piece(number, start, ends[end - 1] if end > begin else start))
    return pieces
