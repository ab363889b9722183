"""Which signals a text gives: a weight for each of its words, letter groups and its meaning.

One line through all of them, for each signal. What was learned is plain numbers in one file, and
reading it needs nothing that could run code.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import scipy.sparse
from sklearn.feature_extraction.text import HashingVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import KFold, cross_val_predict

from bot.rasa_server.components.signal_examples import SIGNALS, SignalExample
from bot.rasa_server.components.wording import plain

COLUMNS = 2**16
GRAMS_WEIGHT = 2.0
PIECES = re.compile(r"[\w'’]+|[.!?,;]")
WORDS = HashingVectorizer(
    ngram_range=(1, 3),
    n_features=COLUMNS,
    alternate_sign=False,
    binary=True,
    token_pattern=r"(?u)\b\w+\b",  # noqa: S106 - a pattern, not a password
)
LETTERS = HashingVectorizer(
    analyzer="char_wb",
    ngram_range=(2, 5),
    n_features=COLUMNS,
    alternate_sign=False,
    binary=True,
)
FOLDS = 3
THRESHOLDS = np.linspace(0.1, 0.9, 33)
"""Where a signal may be said to be there; the one that does best on texts not learned from."""


def spelled_plainly(text: str) -> str:
    """The words of a text without case, accents and apostrophes."""
    return " ".join(plain(piece) for piece in PIECES.findall(text))


def features(texts: Sequence[str], meanings: Any) -> Any:
    """A row for each text: its words, its letter groups, and its meaning as given."""
    plainly = [spelled_plainly(text) for text in texts]
    grams = [each.transform(plainly) * GRAMS_WEIGHT for each in (WORDS, LETTERS)]
    return scipy.sparse.hstack([*grams, scipy.sparse.csr_matrix(meanings)]).tocsr()


@dataclass(frozen=True)
class SignalModel:
    """What was learned: a column of weights, a start and a threshold for each signal."""

    weights: Any
    starts: Any
    thresholds: Any

    def read(self, text: str, meaning: Any) -> dict[str, float]:
        """How sure each signal is, from 0 to 1."""
        row = features([text], meaning)
        scores = 1 / (1 + np.exp(-(row @ self.weights + self.starts)[0]))
        return {name: float(score) for name, score in zip(SIGNALS, scores, strict=True)}

    def present(self, scores: dict[str, float]) -> list[str]:
        """The signals that are sure enough."""
        over = zip(SIGNALS, self.thresholds, strict=True)
        return [name for name, threshold in over if scores[name] >= threshold]

    def save(self, file: Path) -> None:
        """Writes what was learned."""
        np.savez_compressed(
            file,
            weights=self.weights.astype(np.float32),
            starts=self.starts,
            thresholds=self.thresholds,
        )

    @classmethod
    def load(cls, file: Path) -> SignalModel:
        """Reads what was learned."""
        with np.load(file, allow_pickle=False) as kept:
            return cls(kept["weights"], kept["starts"], kept["thresholds"])


def learn(examples: Sequence[SignalExample], meanings: Any) -> SignalModel:
    """Learns each signal by itself from all examples."""
    rows = features([each.text for each in examples], meanings)
    learned = [
        learn_one(rows, np.array([name in each.signals for each in examples])) for name in SIGNALS
    ]
    weights, starts, thresholds = zip(*learned, strict=True)
    return SignalModel(np.stack(weights, axis=1), np.array(starts), np.array(thresholds))


def learn_one(rows: Any, there: Any) -> tuple[Any, float, float]:
    """The weights, the start and the threshold of one signal."""
    line = LogisticRegression(solver="liblinear", class_weight={True: 3, False: 1}, tol=0.01)
    folds = KFold(FOLDS, shuffle=True, random_state=0)
    unseen = cross_val_predict(line, rows, there, cv=folds, method="predict_proba")[:, 1]
    threshold = max(THRESHOLDS, key=lambda each: f1(there, unseen >= each))
    line.fit(rows, there)
    return line.coef_[0], float(line.intercept_[0]), float(threshold)


def f1(there: Any, found: Any) -> float:
    """How well what was found fits what is there, from 0 to 1."""
    both = float((there & found).sum())
    return 2 * both / float(there.sum() + found.sum()) if both else 0.0
