"""The figures of an evaluation, against ones worked out by hand."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.evaluating.measures import counts, drawn, false_alarms, macro_f1, recall_of, share

PAIRS = [
    ({"weapon"}, {"weapon"}),
    ({"weapon", "stalking"}, {"stalking"}),
    (set(), {"weapon"}),
    (set(), set()),
]


def test_precision_recall_and_f1() -> None:
    weapon = counts("weapon", PAIRS)

    assert (weapon.right, weapon.wrong, weapon.missed) == (1, 1, 1)
    assert (weapon.precision.value, weapon.recall.value, weapon.f1) == (0.5, 0.5, 0.5)


def test_the_mean_counts_labels_that_are_there() -> None:
    assert macro_f1(["weapon", "stalking", "child_at_risk"], PAIRS) == 0.75


def test_recall_over_several_labels() -> None:
    assert recall_of(["weapon", "stalking"], PAIRS).value == pytest.approx(2 / 3)


def test_false_alarms_count_messages_with_nothing_in_them() -> None:
    assert (false_alarms(PAIRS).value, false_alarms(PAIRS).of) == (0.5, 2)


def test_an_interval_as_wilson_worked_it_out() -> None:
    # 8 of 10: the interval of his formula at 95 %, 0.490 to 0.943.
    figure = share(8, 10)

    assert (round(figure.low, 3), round(figure.high, 3)) == (0.49, 0.943)


@given(st.integers(0, 200), st.integers(1, 200))
@example(part=0, more=47)
def test_a_share_lies_in_its_interval(part: int, more: int) -> None:
    figure = share(part, part + more)

    assert 0 <= figure.low <= figure.value <= figure.high <= 1


def test_nothing_measured_says_so() -> None:
    assert str(share(0, 0)) == "–"


def test_a_drawn_interval_holds_the_figure() -> None:
    figure = drawn(lambda pairs: macro_f1(["weapon", "stalking"], pairs), PAIRS * 20)

    assert figure.low <= figure.value <= figure.high
