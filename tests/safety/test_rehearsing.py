"""The rehearsal: surprises on the way out, and the gaps they show."""

import pytest

from bot.safety.own_plan import OwnPlan
from bot.safety.plan import Situation
from bot.safety.planning import Making
from bot.safety.rehearsing import missing, rehearsal_questions, surprise_question
from tests.safety.test_plan import CATALOGUE

EMPTY = OwnPlan()
KEYS = next(each for each in CATALOGUE.surprises if each.id == "keys_gone")


def surprises(situation: Situation, plan: OwnPlan = EMPTY) -> list[str]:
    return [each.about for each in rehearsal_questions(CATALOGUE, situation, plan, {})]


def after(plan: OwnPlan, value: str) -> OwnPlan:
    question = surprise_question(KEYS, plan, answered=False)
    return Making(CATALOGUE, Situation(), {}, plan).after(question, value)


def test_keys_a_child_and_the_car_are_among_the_surprises() -> None:
    assert {"keys_gone", "child_ill", "car_blocked"} <= set(surprises(Situation()))


def test_what_can_not_happen_is_not_rehearsed() -> None:
    assert "child_ill" not in surprises(Situation(frozenset({"children:no"})))
    assert "pet_hides" not in surprises(Situation(frozenset({"pets:no"})))


@pytest.mark.parametrize("surprise", CATALOGUE.surprises, ids=lambda each: each.id)
def test_every_surprise_can_be_repaired(surprise: object) -> None:
    question = surprise_question(surprise, EMPTY, answered=False)  # type: ignore[arg-type]

    repaired = Making(CATALOGUE, Situation(), {}, EMPTY).after(question, "repair")

    assert missing(surprise, repaired) == ()  # type: ignore[arg-type]
    assert repaired.steps


def test_a_gap_is_closed_with_the_steps_that_are_missing() -> None:
    has_one = EMPTY.with_items("prepare_leave", KEYS.repairs[:1])

    assert missing(KEYS, has_one) == KEYS.repairs[1:]
    assert after(has_one, "repair").ids == set(KEYS.repairs)


@pytest.mark.parametrize("value", ["covered", "not_for_me", "skip"])
def test_other_answers_leave_the_plan_as_it_is(value: str) -> None:
    assert after(EMPTY, value) == EMPTY


def test_ones_own_way_comes_into_the_plan() -> None:
    (step,) = after(EMPTY, "my cousin has a key").steps

    assert step.words == "my cousin has a key"


def test_where_the_plan_has_it_all_nothing_is_offered() -> None:
    covered = after(EMPTY, "repair")

    assert "repair" not in surprise_question(KEYS, covered, answered=False).options
    assert "repair" in surprise_question(KEYS, EMPTY, answered=False).options
