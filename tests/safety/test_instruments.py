"""Totals and counts from forms filled in elsewhere: worked cases, edges, and what no form can give.

HITS is licensed and not implemented; ODARA needs police records. Neither has a test.
"""

from collections.abc import Callable, Collection
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.safety.danger import assess
from bot.safety.instruments import (
    Impossible,
    Judgement,
    aprais,
    da5,
    danger_assessment,
    danger_assessment_band,
    dash,
    dvsat,
)
from bot.safety.signs import Answer, Sign
from bot.safety.statute import statute
from tests.scenarios import scenarios

FILES = ("danger_assessment", "da5", "aprais", "dash", "dvsat")
TOTALS = [case for case in scenarios("danger_assessment") if "total" in case]
REJECTED = [case for case in scenarios("danger_assessment") if "rejected" in case]
BESIDE_OUR_LEVEL = [case for name in FILES for case in scenarios(name) if "signs" in case]

KEYS = {
    *("id", "says", "yes", "count", "ticks", "events", "repeat", "judgement", "rejected"),
    *("never_lived_together", "total", "band", "high_2009", "step_2017", "opens_suicide_talk"),
    *("flagged_by_judgement", "grounds", "lowering_refused", "signs", "level_low"),
}

judgements = st.sampled_from(Judgement)
da_numbers = st.sets(st.integers(1, 20))


def case_id(case: dict[str, Any]) -> str:
    return str(case["id"])


def box_3a(case: dict[str, Any]) -> bool:
    """Whether a case has "never lived together" ticked."""
    return bool(case.get("never_lived_together", False))


def judged(case: dict[str, Any]) -> Judgement:
    """The judgement of a case."""
    return Judgement(case.get("judgement", "no"))


# ---- Worked cases. ------------------------------------------------------------------------------


@pytest.mark.parametrize("name", FILES)
def test_no_worked_case_has_a_key_that_nothing_reads(name: str) -> None:
    unread = {case["id"]: set(case) - KEYS for case in scenarios(name)}

    assert not any(unread.values())


@pytest.mark.parametrize("case", TOTALS, ids=case_id)
def test_a_danger_assessment_adds_up_as_worked_out_by_hand(case: dict[str, Any]) -> None:
    result = danger_assessment(case["yes"], never_lived_together=box_3a(case))

    assert (result.total, result.band) == (case["total"], case["band"])
    assert result.opens_suicide_talk is case.get("opens_suicide_talk", False)


@pytest.mark.parametrize("case", REJECTED, ids=case_id)
def test_answers_that_contradict_each_other_are_asked_again(case: dict[str, Any]) -> None:
    with pytest.raises(Impossible, match=case["rejected"]):
        danger_assessment(case["yes"], never_lived_together=box_3a(case))


@pytest.mark.parametrize("case", scenarios("da5"), ids=case_id)
def test_a_da5_count_is_read_as_worked_out_by_hand(case: dict[str, Any]) -> None:
    result = da5(len(case["yes"]))

    assert result.high_2009 is case["high_2009"]
    assert result.step_2017 == case["step_2017"]


@pytest.mark.parametrize("case", scenarios("aprais"), ids=case_id)
def test_an_aprais_count_is_read_as_worked_out_by_hand(case: dict[str, Any]) -> None:
    result = aprais(len(case["yes"]), judged(case))

    assert result.band == case["band"]
    assert result.flagged_by_judgement is case.get("flagged_by_judgement", False)


@pytest.mark.parametrize("case", scenarios("dash"), ids=case_id)
def test_dash_ticks_are_read_as_worked_out_by_hand(case: dict[str, Any]) -> None:
    result = dash(
        case["ticks"],
        judged(case),
        events_in_12_months=case["events"],
        repeat_within_12_months=case.get("repeat", False),
    )

    assert (result.band, list(result.grounds)) == (case["band"], case["grounds"])
    assert result.lowering_refused is case.get("lowering_refused", False)


@pytest.mark.parametrize("case", scenarios("dvsat"), ids=case_id)
def test_a_dvsat_count_is_read_as_worked_out_by_hand(case: dict[str, Any]) -> None:
    result = dvsat(case["count"], judged(case))

    assert result.band == case["band"]
    assert result.lowering_refused is case.get("lowering_refused", False)


@pytest.mark.parametrize("case", BESIDE_OUR_LEVEL, ids=case_id)
def test_a_count_below_high_stands_beside_a_high_level_of_ours(case: dict[str, Any]) -> None:
    signs = {Sign(name): Answer(said) for name, said in case["signs"].items()}

    assert assess(signs).low == case["level_low"]
    assert statute(signs).triggered


# ---- Totals and bands. --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("number", "worth"),
    [(2, 5), (3, 4), (4, 4), (5, 3), (6, 3), (7, 3), (8, 2), (9, 2), (20, 0)]
    + [(number, 1) for number in (1, *range(10, 20))],
)
def test_each_question_is_worth_what_the_form_says(number: int, worth: int) -> None:
    assert danger_assessment([number]).total == worth


def test_a_danger_assessment_reaches_every_total_from_minus_3_to_37() -> None:
    runs = [range(first, last) for first in range(1, 20) for last in range(first, 21)]
    totals = {danger_assessment(run).total for run in runs}
    apart = {
        danger_assessment(run, never_lived_together=True).total for run in runs if 3 not in run
    }

    assert totals | apart == set(range(-3, 38))


@given(da_numbers, st.booleans())
def test_every_form_that_can_be_has_a_total_that_can_be_entered(
    yes: set[int], never_lived_together: bool
) -> None:
    result = danger_assessment(yes - {3}, never_lived_together=never_lived_together)

    assert result.band == danger_assessment_band(result.total)


@given(da_numbers, st.integers(1, 20), st.booleans())
def test_one_more_yes_never_lowers_a_total(
    yes: set[int], number: int, never_lived_together: bool
) -> None:
    fewer, more = yes - {3, number}, (yes | {number}) - {3}

    assert (
        danger_assessment(fewer, never_lived_together=never_lived_together).total
        <= danger_assessment(more, never_lived_together=never_lived_together).total
    )


@given(da_numbers)
def test_the_last_question_scores_nothing_and_opens_the_talk_about_suicide(yes: set[int]) -> None:
    with_it, without = danger_assessment(yes | {20}), danger_assessment(yes - {20})

    assert with_it == replace(without, opens_suicide_talk=True)


@pytest.mark.parametrize(
    ("total", "band"),
    [
        (-3, "variable"),
        (7, "variable"),
        (8, "increased"),
        (13, "increased"),
        (14, "severe"),
        (17, "severe"),
        (18, "extreme"),
        (37, "extreme"),
    ],
)
def test_a_total_has_the_band_of_its_edges(total: int, band: str) -> None:
    assert danger_assessment_band(total) == band


@pytest.mark.parametrize(
    ("ticks", "band"),
    [
        (0, "none_ticked"),
        (1, "standard"),
        (9, "standard"),
        (10, "medium"),
        (13, "medium"),
        (14, "high"),
        (24, "high"),
    ],
)
def test_ticks_have_the_band_of_their_edges(ticks: int, band: str) -> None:
    assert dash(ticks).band == band


@pytest.mark.parametrize(
    ("count", "band"),
    [(0, "neither"), (1, "neither"), (2, "elevated"), (3, "elevated"), (4, "high"), (7, "high")],
)
def test_an_aprais_count_has_the_band_of_its_edges(count: int, band: str) -> None:
    assert aprais(count).band == band


@pytest.mark.parametrize(
    ("count", "band"),
    [(0, "none"), (1, "at_threat"), (11, "at_threat"), (12, "serious"), (25, "serious")],
)
def test_a_dvsat_count_has_the_band_of_its_edges(count: int, band: str) -> None:
    assert dvsat(count).band == band


@given(st.integers(0, 5))
def test_a_result_carries_the_count_that_was_entered(count: int) -> None:
    assert da5(count).count == aprais(count).count == dvsat(count).count == count
    assert dash(count).ticks == count


@given(st.integers(0, 13))
def test_ticks_alone_below_high_are_no_ground_to_refer(ticks: int) -> None:
    assert dash(ticks).grounds == ()


# ---- Judgement. ---------------------------------------------------------------------------------


@given(st.integers(0, 24), st.integers(0, 20), st.booleans(), judgements)
def test_judgement_takes_no_ground_to_refer_away(
    ticks: int, events: int, repeat: bool, judgement: Judgement
) -> None:
    other: dict[str, Any] = {"events_in_12_months": events, "repeat_within_12_months": repeat}
    unjudged, result = dash(ticks, **other), dash(ticks, judgement, **other)

    assert set(unjudged.grounds) <= set(result.grounds)
    assert result.band == unjudged.band


@given(st.integers(0, 24), st.integers(0, 20), st.booleans(), judgements)
def test_one_ground_is_enough_to_refer(
    ticks: int, events: int, repeat: bool, judgement: Judgement
) -> None:
    result = dash(ticks, judgement, events_in_12_months=events, repeat_within_12_months=repeat)

    met = [judgement is Judgement.RAISE, ticks >= 14, events >= 3, repeat]
    assert len(result.grounds) == met.count(True)
    assert result.refer is any(met)


def test_what_was_not_entered_is_no_ground_to_refer() -> None:
    assert dash(13).grounds == ()


@given(st.integers(0, 25), judgements)
def test_judgement_raises_a_dvsat_count_to_serious_and_never_lowers_it(
    count: int, judgement: Judgement
) -> None:
    raised = judgement is Judgement.RAISE

    assert dvsat(count, judgement).band == ("serious" if raised else dvsat(count).band)


@given(st.integers(0, 7), judgements)
def test_judgement_flags_an_aprais_count_and_leaves_its_band(
    count: int, judgement: Judgement
) -> None:
    flagged = judgement is Judgement.RAISE

    assert aprais(count, judgement) == replace(aprais(count), flagged_by_judgement=flagged)


@given(st.integers(0, 24), st.integers(0, 25), judgements)
def test_asking_to_lower_is_refused_aloud(ticks: int, count: int, judgement: Judgement) -> None:
    refused = judgement is Judgement.LOWER

    assert dash(ticks, judgement).lowering_refused is refused
    assert dvsat(count, judgement).lowering_refused is refused


# ---- What no form can give. ---------------------------------------------------------------------

COUNTS: dict[str, tuple[Callable[[Any], object], str, int, int]] = {
    "total": (danger_assessment_band, "total", -3, 37),
    "da5": (da5, "count", 0, 5),
    "aprais": (aprais, "count", 0, 7),
    "dash": (dash, "ticks", 0, 24),
    "dvsat": (dvsat, "count", 0, 25),
}
NO_WHOLE_NUMBERS = ["3", "many", "", True, False, 3.0, float("nan"), None, [3]]

each_count = pytest.mark.parametrize("count", COUNTS.values(), ids=COUNTS)


@each_count
def test_from_the_lowest_to_the_highest_every_count_is_taken(count: Any) -> None:
    read, _, lowest, highest = count

    assert all(read(number) for number in range(lowest, highest + 1))


@each_count
@pytest.mark.parametrize("beyond", [1, 100])
def test_a_count_above_its_bounds_is_refused_with_the_bounds(count: Any, beyond: int) -> None:
    read, field, lowest, highest = count

    reason = f"{field} is {highest + beyond}. Allowed: a whole number from {lowest} to {highest}."
    with pytest.raises(Impossible, match=f"^{reason}$"):
        read(highest + beyond)


@each_count
@pytest.mark.parametrize("beyond", [1, 100])
def test_a_count_below_its_bounds_is_refused_with_the_bounds(count: Any, beyond: int) -> None:
    read, field, lowest, highest = count

    reason = f"{field} is {lowest - beyond}. Allowed: a whole number from {lowest} to {highest}."
    with pytest.raises(Impossible, match=f"^{reason}$"):
        read(lowest - beyond)


@each_count
@pytest.mark.parametrize("given_instead", NO_WHOLE_NUMBERS, ids=repr)
def test_what_is_no_whole_number_is_no_count(count: Any, given_instead: object) -> None:
    read, field, *_ = count

    with pytest.raises(Impossible, match="a whole number from") as refused:
        read(given_instead)
    assert refused.value.field == field
    assert refused.value.value is given_instead


@pytest.mark.parametrize("given_instead", [-1, *NO_WHOLE_NUMBERS], ids=repr)
def test_events_are_a_whole_number_without_an_upper_end(given_instead: Any) -> None:
    with pytest.raises(Impossible, match=r"events_in_12_months is .*a whole number 0 or more"):
        dash(3, events_in_12_months=given_instead)


def test_a_hundred_events_can_be() -> None:
    assert dash(3, events_in_12_months=100).refer


@pytest.mark.parametrize("number", [0, 21, -1, *NO_WHOLE_NUMBERS], ids=repr)
def test_a_number_that_is_none_of_the_form_is_refused_with_the_reason(number: Any) -> None:
    with pytest.raises(Impossible, match="a whole number from 1 to 20") as refused:
        danger_assessment([1, number])

    assert refused.value.field == "yes"
    assert refused.value.value is number


@pytest.mark.parametrize("yes", [[1, 1], [20, 3, 20], (7, 7, 7)])
def test_a_question_that_comes_twice_is_refused_with_the_reason(yes: Collection[int]) -> None:
    with pytest.raises(Impossible, match=r"Allowed: each question once\.") as refused:
        danger_assessment(yes)

    assert (refused.value.field, refused.value.value) == ("yes", sorted(yes))


@given(da_numbers)
def test_question_3_together_with_box_3a_is_always_refused(yes: set[int]) -> None:
    with pytest.raises(Impossible, match="Allowed: 3 or 3a, not both") as refused:
        danger_assessment(yes | {3}, never_lived_together=True)

    assert (refused.value.field, refused.value.value) == ("yes", 3)
