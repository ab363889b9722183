"""What lists and forms find of personal data, and what the network hears: one answer.

Forms are sure of numbers, lists know first names; the network hears from the sentence that "hope"
or "wayra" is somebody. Towns, postcodes and a child's age are found too, and left in the text:
they are coarse, and needed to find help.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from bot.rasa_server.components.personal_data import FREEPHONE, ID, NAME, PHONE, Piece
from bot.rasa_server.components.personal_data import KINDS as HIDDEN

if TYPE_CHECKING:
    from bot.rasa_server.components.reading_parts import KnownPiece

HEARD = 0.5
"""How likely a word must be personal data to be taken for it."""
NONE = "none"
FEWEST_FIGURES = 5
"""Of a number that somebody can be found by; emergency lines and rooms have fewer."""


def together(
    text: str, listed: Sequence[Piece], known: Sequence[KnownPiece], kinds: Sequence[str]
) -> list[Piece]:
    """The personal data of a text, in order, none inside another.

    `kinds` names what the likelihoods of each known piece are for.
    """
    heard = [
        each
        for each in heard_in(text, known, kinds)
        if can_be(each.kind, text[each.start : each.end])
        and not any(each.start < other.end and other.start < each.end for other in listed)
    ]
    return sorted([*listed, *heard], key=lambda piece: piece.start)


def masked(text: str, pieces: Iterable[Piece]) -> str:
    """The text with what must be hidden replaced by its kind: "[name] hit me"."""
    parts, place = [], 0
    for piece in pieces:
        if piece.kind in HIDDEN:
            parts += [text[place : piece.start], f"[{piece.kind}]"]
            place = piece.end
    return "".join([*parts, text[place:]])


def heard_in(text: str, known: Sequence[KnownPiece], kinds: Sequence[str]) -> Iterator[Piece]:
    """What the network hears, whole words of one kind together."""
    said = [(kind_of(each, kinds), each) for each in known]
    for kind, same in groupby(said, key=lambda pair: pair[0]):
        pieces = [each.piece for _, each in same]
        if kind != NONE:
            start, end = whole_words(text, pieces[0].start, pieces[-1].end)
            if text[start:end].strip():
                yield Piece(kind, start, end)


def kind_of(known: KnownPiece, kinds: Sequence[str]) -> str:
    """The likeliest kind of a word piece, or none."""
    if 1 - known.kinds[0] < HEARD:
        return NONE
    return kinds[1 + max(range(len(kinds) - 1), key=lambda place: float(known.kinds[1 + place]))]


def can_be(kind: str, said: str) -> bool:
    """Whether words have the form of a kind: a name has no figures, a number has enough of them."""
    figures = "".join(letter for letter in said if letter.isdigit())
    if kind == NAME:
        return not figures and any(letter.isalpha() for letter in said)
    if kind in (PHONE, ID):
        return len(figures) >= FEWEST_FIGURES and not FREEPHONE.fullmatch(figures)
    return True


def whole_words(text: str, start: int, end: int) -> tuple[int, int]:
    """The stretch with the words that it cuts, without spaces and marks at its ends."""
    while start < end and not text[start].isalnum() and text[start] not in "@+(":
        start += 1
    while end > start and not text[end - 1].isalnum():
        end -= 1
    while start > 0 and text[start - 1].isalnum() and start < end:
        start -= 1
    while end < len(text) and text[end].isalnum() and start < end:
        end += 1
    return start, end
