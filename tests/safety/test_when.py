"""When something fits: always, by any of some facts, by all of them."""

import pytest

from bot.safety.when import ALWAYS, When, facts_of


@pytest.mark.parametrize("facts", [set(), {"children"}])
def test_without_a_condition_it_always_fits(facts: set[str]) -> None:
    assert ALWAYS.holds(facts)


@pytest.mark.parametrize(
    ("told", "fits"),
    [
        ({"consent", "a", "b"}, True),
        ({"consent", "b"}, True),
        ({"consent"}, False),
        ({"a", "b"}, False),
        (set(), False),
    ],
)
def test_one_of_any_and_each_of_all_must_have_been_told(told: set[str], fits: bool) -> None:
    assert When(any_of=("a", "b"), all_of=("consent",)).holds(told) is fits


@pytest.mark.parametrize(
    ("told", "fits"), [({"a", "b"}, True), ({"a"}, False), ({"b"}, False), (set(), False)]
)
def test_all_of_them_means_each(told: set[str], fits: bool) -> None:
    assert When(all_of=("a", "b")).holds(told) is fits


def test_a_yes_is_a_fact_by_its_name_and_any_other_answer_by_both() -> None:
    assert facts_of({"children": "yes", "separated": "no"}) == {"children", "separated:no"}
