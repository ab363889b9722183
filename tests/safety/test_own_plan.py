"""Somebody's own plan: it holds what its owner chose, and every conflict in it is flagged."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.content import load
from bot.safety.own_plan import (
    KINDS,
    LONGEST_WORDS,
    MOST_STEPS,
    FullPlan,
    OwnPlan,
    as_record,
    from_record,
    proposed,
    ready,
)
from bot.safety.plan import Catalogue, Conflict, PlanItem, PlanSection, Situation
from bot.safety.when import When
from tests.safety.test_plan import CATALOGUE, PARTS, situations

STEPS = sorted(CATALOGUE.items)
HOME = CATALOGUE.section_of
MARIGOLD = "Marigold, who may know all of it"

own_things = st.tuples(
    st.sampled_from(PARTS), st.text(min_size=1, max_size=40), st.sampled_from(KINDS)
)


@st.composite
def plans(draw: st.DrawFn) -> OwnPlan:
    """Plans in which steps were kept, reworded, done, taken out and added in any order."""
    plan = OwnPlan()
    for step in draw(st.lists(st.sampled_from(STEPS), max_size=30)):
        plan = plan.with_items(HOME[step], [step])
    for section, words, kind in draw(st.lists(own_things, max_size=5)):
        plan = plan.with_own(section, words, kind)
    for step in draw(st.lists(st.sampled_from(sorted(plan.ids) or ["none"]), max_size=5)):
        plan = plan.marked(step, done=draw(st.booleans()))
    return plan


@given(plans(), situations)
def test_no_plan_is_handed_out_with_an_unflagged_pair(plan: OwnPlan, situation: Situation) -> None:
    flagged = {flag.conflict.id: flag for flag in ready(CATALOGUE, situation, plan).flags}
    ahead = {step.id for step in plan.steps if not step.done}
    for conflict in CATALOGUE.conflicts:
        fighting = [step for step in conflict.steps if step in ahead]
        against = [step for step in conflict.against if step in plan.ids]
        there = fighting and (against or not conflict.against)
        if there and conflict.when.holds(situation.facts):
            assert flagged[conflict.id].steps == tuple(fighting)
            assert flagged[conflict.id].against == tuple(against)
        else:
            assert conflict.id not in flagged


@given(situations)
def test_every_conflict_of_a_proposed_plan_is_flagged(situation: Situation) -> None:
    plan = proposed(CATALOGUE, situation)
    flags = ready(CATALOGUE, situation, plan).flags

    named = {step for flag in flags for step in flag.steps}
    for conflict in CATALOGUE.conflicts:
        alone = not conflict.against and conflict.when.holds(situation.facts)
        if alone:
            assert set(conflict.steps) & plan.ids <= named


def test_a_conflict_of_two_steps_needs_both() -> None:
    items = (PlanItem("a"), PlanItem("b"))
    fight = Conflict("fight", steps=("a",), against=("b",), safer=("b", "a"))
    catalogue = Catalogue((PlanSection("part", items),), conflicts=(fight,))
    one = OwnPlan().with_items("part", ["a"])
    both = one.with_items("part", ["b"])

    assert ready(catalogue, Situation(), one).flags == ()
    (flag,) = ready(catalogue, Situation(), both).flags
    assert (flag.steps, flag.against) == (("a",), ("b",))


def test_a_step_that_is_done_needs_no_warning_any_more() -> None:
    fight = Conflict("fight", steps=("a",), when=When(any_of=("pets",)))
    catalogue = Catalogue((PlanSection("part", (PlanItem("a"),)),), conflicts=(fight,))
    plan, situation = OwnPlan().with_items("part", ["a"]), Situation(frozenset({"pets"}))

    assert ready(catalogue, situation, plan).flags
    assert not ready(catalogue, situation, plan.marked("a", done=True)).flags
    assert not ready(catalogue, Situation(), plan).flags


@given(plans(), situations)
def test_everything_in_a_plan_is_handed_out_once(plan: OwnPlan, situation: Situation) -> None:
    handed = [e.step for part in ready(CATALOGUE, situation, plan).sections for e in part.steps]

    assert sorted(each.id for each in handed) == sorted(plan.ids)


@given(plans())
def test_a_plan_survives_being_written_down(plan: OwnPlan) -> None:
    assert from_record(as_record(plan)) == plan
    assert from_record(None) == OwnPlan()


def test_own_things_stand_first_in_their_part() -> None:
    plan = OwnPlan().with_items("contacts", ["contacts_hotline"])
    plan = plan.with_own("finances", MARIGOLD, "person")

    (part,) = ready(CATALOGUE, Situation(), plan).sections

    assert part.id == "contacts"
    assert [each.step.words for each in part.steps] == [MARIGOLD, ""]


def test_a_kept_step_stays_when_nothing_speaks_for_it_any_more() -> None:
    plan = OwnPlan().with_items("pets", ["pets_place"])

    (part,) = ready(CATALOGUE, Situation(frozenset({"pets:no"})), plan).sections

    assert [each.step.id for each in part.steps] == ["pets_place"]


def test_a_step_in_own_words_keeps_its_place() -> None:
    plan = OwnPlan().with_items("contacts", ["contacts_hotline"])

    after = plan.reworded("contacts_hotline", "contacts", f"  {MARIGOLD} ")

    assert [(step.id, step.words) for step in after.steps] == [("contacts_hotline", MARIGOLD)]


def test_the_number_of_an_own_step_is_not_given_twice() -> None:
    plan = OwnPlan().with_own("contacts", "one").with_own("contacts", "two")

    after = plan.without("own:1").with_own("contacts", "three")

    assert [step.id for step in after.steps] == ["own:2", "own:3"]


def test_nothing_is_added_without_words() -> None:
    assert OwnPlan().with_own("contacts", "  ") == OwnPlan()


def test_words_are_cut_at_a_length_that_can_be_kept() -> None:
    (step,) = OwnPlan().with_own("contacts", "x" * 5000).steps

    assert len(step.words) == LONGEST_WORDS


def test_a_full_plan_takes_no_more() -> None:
    plan = OwnPlan()
    for number in range(MOST_STEPS):
        plan = plan.with_own("contacts", f"step {number}")

    with pytest.raises(FullPlan):
        plan.with_own("contacts", "one more")


def test_what_is_there_is_kept_as_it_is_when_its_part_is_kept() -> None:
    plan = OwnPlan().reworded("contacts_hotline", "contacts", MARIGOLD)

    after = plan.with_items("contacts", ["contacts_hotline", "contacts_neighbour"])

    assert [step.words for step in after.steps] == [MARIGOLD, ""]


def test_a_part_that_is_left_out_takes_its_own_words_along() -> None:
    plan = OwnPlan().with_own("pets", "the cat").with_own("contacts", "the neighbour")

    assert [step.section for step in plan.without_section("pets").steps] == ["contacts"]


def test_whether_there_is_anything_in_it() -> None:
    assert not OwnPlan()
    assert not ready(CATALOGUE, Situation(), OwnPlan())
    assert proposed(load().outline.catalogue, Situation())
