"""How sure is sure enough: chosen on messages that were not learned from."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from bot.learning.material import Lesson
from bot.rasa_server.components.signal_examples import HIGH_DANGER, SIGNALS

if TYPE_CHECKING:
    from bot.rasa_server.components.reading import Reader

CHOICES = np.linspace(0.1, 0.9, 33)
MISSED_IS_WORSE = 1.5
"""Where a life may be at stake, to miss a signal is so many times as bad as a false alarm."""
ALARM_IS_WORSE = 0.7
"""Elsewhere a false alarm is a little worse: who is told of what isn't there trusts us less."""


def chosen(reader: Reader, lessons: Sequence[Lesson]) -> dict[str, float]:
    """The threshold of each signal: one for those of high danger, one for all others.

    Each is the one at which its signals do best on average. A threshold for each signal was tried:
    the few messages of each decided it by chance, and the held-out figures fell.
    """
    scores = np.array([list(reader.read(each.text).signals.values()) for each in lessons])
    there = np.array([[name in (each.signals or ()) for name in SIGNALS] for each in lessons])
    others = [name for name in SIGNALS if name not in HIGH_DANGER]
    grave = best(scores, there, HIGH_DANGER, MISSED_IS_WORSE)
    other = best(scores, there, others, ALARM_IS_WORSE)
    return {name: grave if name in HIGH_DANGER else other for name in SIGNALS}


def best(scores: Any, there: Any, names: Collection[str], recall_counts: float) -> float:
    """The threshold at which these signals do best on average."""
    places = [SIGNALS.index(name) for name in names]

    def together(choice: float) -> float:
        found = scores >= choice
        return sum(fitting(there[:, i], found[:, i], recall_counts) for i in places)

    return round(float(max(CHOICES, key=together)), 3)


def fitting(there: Any, found: Any, recall_counts: float = 1.0) -> float:
    """F-beta, from 0 to 1: how well what was found fits what is there.

    Source: C. J. van Rijsbergen, Information Retrieval, 1979, chapter 7.
    """
    both = float((there & found).sum())
    weight = recall_counts**2
    return (1 + weight) * both / (weight * float(there.sum()) + float(found.sum())) if both else 0.0
