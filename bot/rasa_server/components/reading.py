"""Reads a text with the network in `network/`: what it tells, what it is like, whom it names.

The network began as multilingual-e5-small and went on learning from our own messages
(bot/learning). It gives a row of numbers, a state, for each word piece. Small heads make of them
what is wanted; they are plain numbers, read without anything that could run code.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
from sentencepiece import SentencePieceProcessor

from bot.rasa_server.components.reading_parts import (
    SIGNS,
    STATUSES,
    HeardSign,
    KnownPiece,
    looked_at,
    parts_of,
    softmax,
    ways_written,
)
from bot.rasa_server.components.signal_examples import SIGNALS
from bot.rasa_server.components.word_pieces import BEGIN, END, Piece, placed, small

NETWORK = Path(__file__).parent / "network"
BODY, HEADS, PIECES, CARD = "body.onnx", "heads.npz", "pieces.model", "card.json"


@dataclass(frozen=True)
class Reading:
    """What the network makes of one text.

    `meaning` are 384 numbers, alike for texts that mean alike; `signals` and `signs` how sure each
    is, from 0 to 1.
    """

    meaning: Any
    signals: Mapping[str, float]
    signs: Sequence[HeardSign]
    pieces: Sequence[KnownPiece]


class WordPieces:
    """Splits texts as the network was taught to read them."""

    def __init__(self, file: Path) -> None:
        self._processor = SentencePieceProcessor(model_file=str(file))

    def of(self, text: str) -> list[Piece]:
        """The pieces of a text, in order."""
        found = self._processor.encode(small(text)[0], return_type="offset_mapping")
        return placed(text, found["ids"], found["offsets"])


class Reader:
    """The network, ready to read."""

    def __init__(self, folder: Path = NETWORK) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 4  # nothing of a text in any log
        self._body = onnxruntime.InferenceSession(
            str(folder / BODY), options, providers=["CPUExecutionProvider"]
        )
        with np.load(folder / HEADS, allow_pickle=False) as heads:
            self._heads: dict[str, Any] = dict(heads)
        self._words = WordPieces(folder / PIECES)
        card = json.loads((folder / CARD).read_text(encoding="utf-8"))
        self.thresholds: Mapping[str, float] = card["thresholds"]

    def read(self, text: str) -> Reading:
        """Reads a text of any length; what is beyond LONGEST_TEXT letters is left."""
        pieces = self._words.of(text)
        parts = [self._part(text, part) for part in parts_of(pieces)]
        first = parts[0]
        signals = np.max([part.signals for part in parts], axis=0)
        best: dict[str, HeardSign] = {}
        for sign in (each for part in parts for each in part.signs):
            if sign.name not in best or sign.sure > best[sign.name].sure:
                best[sign.name] = sign
        known = {each.piece: each for part in parts for each in part.known}
        return Reading(
            first.meaning,
            {name: float(sure) for name, sure in zip(SIGNALS, signals, strict=True)},
            list(best.values()),
            sorted(known.values(), key=lambda each: each.piece.start),
        )

    def meanings(self, texts: Sequence[str]) -> list[Any]:
        """What texts are like, without the rest."""
        return [self._states(parts_of(self._words.of(text))[0]).mean(0) for text in texts]

    def _states(self, pieces: Sequence[Piece]) -> Any:
        numbers = np.array([[BEGIN, *(piece.number for piece in pieces), END]], np.int64)
        return self._body.run(None, {"numbers": numbers})[0][0]

    def _part(self, text: str, pieces: Sequence[Piece]) -> Part:
        states = self._states(pieces)
        signals, _, _ = self._pick("signals", states)
        sure, seen, looks = self._pick("signs", states)
        whole = np.broadcast_to(states.mean(0), seen.shape)
        told = np.concatenate([seen, whole], axis=1)
        how = softmax(told @ self._heads["status"].T + self._heads["status_start"])
        signs = [
            HeardSign(
                name,
                float(sure[place]),
                dict(zip(STATUSES, how[place].tolist(), strict=True)),
                *looked_at(pieces, looks[1:-1, place]),
            )
            for place, name in enumerate(SIGNS)
        ]
        kinds = states[1:-1] @ self._heads["kinds"].T + self._heads["kinds_start"]
        kinds = softmax(kinds + self._heads["written"][ways_written(text, pieces)])
        known = [KnownPiece(*each) for each in zip(pieces, kinds, strict=True)]
        return Part(states.mean(0), signals, signs, known)

    def _pick(self, head: str, states: Any) -> tuple[Any, Any, Any]:
        """For each label how sure it is, what it saw, and how much it looked at each state."""
        looks = softmax(states @ self._heads[f"{head}_look"].T, axis=0)
        seen = looks.T @ states
        sure = (seen * self._heads[f"{head}_tell"]).sum(1) + self._heads[f"{head}_start"]
        return 1 / (1 + np.exp(-sure)), seen, looks


@dataclass(frozen=True)
class Part:
    """What the network makes of a part of a text."""

    meaning: Any
    signals: Any
    signs: Sequence[HeardSign]
    known: Sequence[KnownPiece]


@cache
def reader() -> Reader:
    """The one reader of this process."""
    return Reader()
