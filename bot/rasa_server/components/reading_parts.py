"""What the network reads a text for, and how a text is cut for it; none of this needs it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from bot.rasa_server.components.word_pieces import Piece

SIGNS = (
    "physically_hurt",
    "strangled",
    "threat_to_kill",
    "believes_would_kill",
    "weapon",
    "gun_access",
    "forced_sex",
    "stalking",
    "tracks_devices",
    "jealous_or_controlling",
    "economic_abuse",
    "locked_in",
    "hurt_or_threatened_others",
    "own_suicidal_thoughts",
    "suicide_talk",
    "broke_order",
    "getting_worse",
)
"""The danger signs that the network has learned to hear; the phrases know more."""
STATUSES = ("affirmed", "denied", "hypothetical", "past", "other_person", "idiom")
KINDS = (
    "none",
    "name",
    "address",
    "place",
    "postcode",
    "age",
    "phone",
    "email",
    "handle",
    "id",
    "plate",
)
SMALL, CAPITAL, CAPITALS = 0, 1, 2
LONGEST = 160
"""Word pieces that are read at once, with beginning and end; a longer text is read in parts."""
STEP = 110
"""How far apart the parts of a long text begin, so that nothing is cut where it is read."""
PARTS = 6
SEEN = 0.6
"""The words that a sign is told with: those that got this share of its look."""


@dataclass(frozen=True)
class HeardSign:
    """A danger sign that the network hears: how sure, how it is meant, and where."""

    name: str
    sure: float
    statuses: Mapping[str, float]
    start: int
    end: int


@dataclass(frozen=True)
class KnownPiece:
    """A word piece and how likely it belongs to each kind of personal data, in order of KINDS."""

    piece: Piece
    kinds: Any


def softmax(values: Any, axis: int = -1) -> Any:
    """Shares that add up to 1 along an axis."""
    powers = np.exp(values - values.max(axis=axis, keepdims=True))
    return powers / powers.sum(axis=axis, keepdims=True)


def parts_of(pieces: Sequence[Piece]) -> list[Sequence[Piece]]:
    """A text in parts that can be read at once; each overlaps with the next."""
    room = LONGEST - 2
    if len(pieces) <= room:
        return [pieces]
    last = len(pieces) - room
    starts = list(dict.fromkeys([*range(0, last, STEP), last]))[:PARTS]
    return [pieces[start : start + room] for start in starts]


def looked_at(pieces: Sequence[Piece], looks: Any) -> tuple[int, int]:
    """The stretch of text between the pieces that got most of a look."""
    if not len(pieces):
        return 0, 0
    order = np.argsort(-looks)
    total, wanted, taken = 0.0, SEEN * float(looks.sum()), []
    for place in order:
        taken.append(int(place))
        total += float(looks[place])
        if total >= wanted:
            break
    return pieces[min(taken)].start, pieces[max(taken)].end


def ways_written(text: str, pieces: Sequence[Piece]) -> list[int]:
    """For each piece whether it is written small, with a capital or in capitals.

    In a text that is shouted from end to end, capitals say nothing.
    """
    shouted = text.isupper()
    ways = []
    for piece in pieces:
        said = text[piece.start : piece.end].lstrip()
        if shouted or not said[:1].isupper():
            ways.append(SMALL)
        else:
            ways.append(CAPITALS if len(said) > 1 and said.isupper() else CAPITAL)
    return ways
