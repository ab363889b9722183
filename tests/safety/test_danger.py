"""The statutory assessment: every worked case, and what must hold for all answers."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.safety.danger import FIRST_LIMB, SECOND_LIMB, Answer, Finding, Sign, assess, finding
from tests.scenarios import scenarios

answer_sheets = st.dictionaries(st.sampled_from(Sign), st.sampled_from(Answer))


def answers_in(case: dict[str, Any]) -> dict[Sign, Answer]:
    if case.get("declined"):
        return {}
    named = {Sign(name) for name in case["yes"]}
    return {sign: Answer.YES if sign in named else Answer.NO for sign in Sign}


@pytest.mark.parametrize("case", scenarios("statute"), ids=lambda case: case["id"])
def test_the_statute_says_what_the_worked_case_says(case: dict[str, Any]) -> None:
    judged = case.get("judged_lethal", False)

    statute = assess(answers_in(case), judged_lethal=judged).statute

    assert statute.triggered is case["triggered"]
    assert statute.limb == case.get("limb")
    assert [sign.value for sign in statute.items] == case.get("items", [])


def test_being_strangled_once_is_enough() -> None:
    assert assess({Sign.STRANGLED: Answer.YES}).statute.triggered is True


@given(answer_sheets, st.sampled_from(Sign))
def test_a_yes_never_takes_the_trigger_away(sheet: dict[Sign, Answer], sign: Sign) -> None:
    if assess(sheet).statute.triggered:
        assert assess({**sheet, sign: Answer.YES}).statute.triggered


@given(answer_sheets)
def test_not_sure_is_the_same_as_silence_and_never_a_no(sheet: dict[Sign, Answer]) -> None:
    silent = {sign: answer for sign, answer in sheet.items() if answer is not Answer.UNKNOWN}

    assert assess(sheet) == assess(silent)


@given(answer_sheets, st.randoms())
def test_the_order_of_answers_changes_nothing(sheet: dict[Sign, Answer], random: Any) -> None:
    shuffled = list(sheet.items())
    random.shuffle(shuffled)

    assert assess(dict(shuffled)) == assess(sheet)


@given(answer_sheets)
def test_every_trigger_names_its_reasons(sheet: dict[Sign, Answer]) -> None:
    statute = assess(sheet).statute

    if statute.triggered:
        assert statute.items
        assert set(statute.items) <= set(FIRST_LIMB if statute.limb == 1 else SECOND_LIMB)


@given(answer_sheets)
def test_taking_the_named_reasons_away_takes_the_trigger_away(sheet: dict[Sign, Answer]) -> None:
    named = assess(sheet).named
    without = {sign: answer for sign, answer in sheet.items() if sign not in named}

    assert not assess(without).statute.triggered


@given(answer_sheets)
def test_an_open_answer_matters_exactly_when_its_yes_would_trigger(
    sheet: dict[Sign, Answer],
) -> None:
    assessment = assess(sheet)

    for sign in assessment.unanswered_that_matter:
        assert not assessment.statute.triggered
        assert sheet.get(sign, Answer.UNKNOWN) is Answer.UNKNOWN
        assert assess({**sheet, sign: Answer.YES}).statute.triggered


@pytest.mark.parametrize(
    ("sheet", "expected"),
    [
        ({}, Finding.NOT_ASKED),
        ({Sign.WEAPON: Answer.UNKNOWN}, Finding.NOT_ASKED),
        ({Sign.WEAPON: Answer.NO}, Finding.NONE),
        ({Sign.STALKING: Answer.YES}, Finding.SOME),
        ({Sign.STRANGLED: Answer.YES}, Finding.TRIGGERED),
    ],
)
def test_what_there_is_to_explain(sheet: dict[Sign, Answer], expected: Finding) -> None:
    assert finding(assess(sheet)) is expected


def test_one_sign_short_of_four_every_open_lesser_sign_matters() -> None:
    three = dict.fromkeys([Sign.GUN_ACCESS, Sign.STALKING, Sign.SEPARATED], Answer.YES)

    assert set(assess(three).unanswered_that_matter) == set(Sign) - set(three)
