"""A small network that reads signals from a text's word pieces, in numpy.

It begins as the sentence encoder's own layers (meaning.py) and goes on learning from our messages.
Where the encoder makes one mean of a whole sentence, the network also takes the strongest of each
feature, wherever it stands: a long story in which one half-sentence matters is still heard. What
was learned is plain numbers in one file; reading it needs nothing that could run code.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from bot.rasa_server.components.meaning import ORDERS, layers, pieces_of, vectors_of

MOST_PIECES = 128
"""Word pieces that are read at once; a longer text is read in parts."""
STEP = 96
"""How far apart the parts of a long text begin, so that nothing is cut where it is read."""
PARTS = 8
BRANCH = 256
BASE = (
    "projection",
    "projection_start",
    "first_scale",
    "first_shift",
    *(
        f"{name}_{order}"
        for name in ("first", "first_start", "second", "second_start")
        for order, _ in ORDERS
    ),
    "scale",
    "shift",
    "out",
    "out_start",
)
"""The arrays that begin as the encoder's own."""
HEAD = ("pick", "pick_start", "hidden", "hidden_start", "tell", "tell_start")
"""The arrays that begin as nothing."""


def encoder_arrays() -> dict[str, Any]:
    """The encoder's own layers, by the names of BASE."""
    own = layers()
    arrays = {
        "projection": own.projection,
        "projection_start": own.projection_start,
        "first_scale": own.first_norm[0],
        "first_shift": own.first_norm[1],
        "scale": own.norm[0],
        "shift": own.norm[1],
        "out": own.out,
        "out_start": own.out_start,
    }
    for place, (order, _) in enumerate(ORDERS):
        arrays[f"first_{order}"] = own.first[place]
        arrays[f"first_start_{order}"] = own.first_start[place]
        arrays[f"second_{order}"] = own.second[place]
        arrays[f"second_start_{order}"] = own.second_start[place]
    return {name: np.asarray(arrays[name], np.float32) for name in BASE}


class SignalNetwork:
    """The network with what it has learned."""

    def __init__(self, arrays: dict[str, Any]) -> None:
        self.arrays = {name: arrays[name].astype(np.float32) for name in (*BASE, *HEAD)}
        self.epsilon = layers().epsilon

    def scores(self, text: str, told: Any) -> Any:
        """How sure each signal is, from 0 to 1; of a long text, the surest of its parts.

        `told` is a row of what the phrases found (signal_model.py).
        """
        pieces = pieces_of(text, MOST_PIECES + STEP * (PARTS - 1))
        parts = [pieces[start : start + MOST_PIECES] for start in starts(len(pieces))]
        return np.max([self._read(part, told) for part in parts], axis=0)

    def _read(self, pieces: Any, told: Any) -> Any:
        own = self.arrays
        vectors = vectors_of(pieces)
        projected = vectors @ own["projection"] + own["projection_start"]
        line = self._norm(projected, own["first_scale"], own["first_shift"])
        found = [vectors]
        for place, (order, before) in enumerate(ORDERS):
            branch = line[:, place * BRANCH : (place + 1) * BRANCH]
            for layer in ("first", "second"):
                seen = windows(branch, order, before) @ own[f"{layer}_{order}"]
                branch = np.maximum(seen + own[f"{layer}_start_{order}"], 0) + branch
            found.append(branch)
        features = self._norm(np.concatenate(found, axis=1), own["scale"], own["shift"])
        mean = features.sum(axis=0) @ own["out"] + len(pieces) * own["out_start"]
        picked = np.maximum(features @ own["pick"] + own["pick_start"], 0).max(axis=0)
        seen = np.concatenate([picked, mean / np.sqrt(len(pieces)), told])
        hidden = np.maximum(seen @ own["hidden"] + own["hidden_start"], 0)
        return 1 / (1 + np.exp(-(hidden @ own["tell"] + own["tell_start"])))

    def _norm(self, rows: Any, scale: Any, shift: Any) -> Any:
        centred = rows - rows.mean(axis=-1, keepdims=True)
        spread = np.square(centred).mean(axis=-1, keepdims=True)
        return centred / np.sqrt(spread + self.epsilon) * scale + shift

    def save(self, file: Path) -> None:
        """Writes what was learned, in half the digits: no answer changes by it."""
        np.savez_compressed(file, **{k: v.astype(np.float16) for k, v in self.arrays.items()})

    @classmethod
    def load(cls, file: Path) -> SignalNetwork:
        """Reads what was learned."""
        with np.load(file, allow_pickle=False) as kept:
            return cls({name: kept[name] for name in (*BASE, *HEAD)})


def starts(length: int) -> range:
    """Where the parts of a text begin."""
    return range(0, max(1, length - (MOST_PIECES - STEP)), STEP)


def windows(rows: Any, order: int, before: int) -> Any:
    """Each row with its neighbours in one; beyond the ends there is nothing."""
    padded = np.pad(rows, ((before, order - 1 - before), (0, 0)))
    return np.concatenate([padded[i : i + len(rows)] for i in range(order)], axis=1)
