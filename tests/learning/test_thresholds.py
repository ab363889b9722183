"""How sure is sure enough, on made-up figures."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

import numpy as np
import pytest

from bot.learning.material import Lesson
from bot.learning.thresholds import chosen, fitting
from bot.rasa_server.components.signal_examples import HIGH_DANGER, SIGNALS


@dataclass
class Read:
    signals: Mapping[str, float]


class Sure:
    """A reader that is as sure of a weapon as the text says, and of nothing else."""

    def read(self, text: str) -> Read:
        return Read({name: float(text) if name == "weapon" else 0.0 for name in SIGNALS})


def test_a_threshold_lies_between_what_is_there_and_what_is_not() -> None:
    there = [Lesson(sure, "en", signals=frozenset({"weapon"})) for sure in ("0.5", "0.6", "0.9")]
    not_there = [Lesson(sure, "en", signals=frozenset()) for sure in ("0.1", "0.2", "0.4")]

    found = chosen(cast("Any", Sure()), [*there, *not_there])

    assert 0.4 < found["weapon"] <= 0.5


def test_signals_of_high_danger_share_a_threshold_and_the_others_another() -> None:
    found = chosen(cast("Any", Sure()), [Lesson("0.9", "en", signals=frozenset({"weapon"}))])

    assert len({found[name] for name in HIGH_DANGER}) == 1
    assert len({found[name] for name in SIGNALS if name not in HIGH_DANGER}) == 1


def test_where_a_life_is_at_stake_a_false_alarm_is_the_smaller_evil() -> None:
    there = [Lesson(sure, "en", signals=frozenset({"weapon"})) for sure in ("0.3", "0.9")]
    not_there = [Lesson("0.5", "en", signals=frozenset()) for _ in range(2)]

    found = chosen(cast("Any", Sure()), [*there, *not_there])

    assert found["weapon"] <= 0.3


def test_fitting() -> None:
    there, found = np.array([1, 1, 0, 0], bool), np.array([1, 0, 1, 0], bool)

    assert fitting(there, found) == 0.5
    assert fitting(there, ~there) == 0.0
    assert fitting(there, np.array([1, 0, 0, 0], bool), 2.0) == pytest.approx(5 / 9)
