"""Tailoring: what fits a situation, in which order, and why; the same situation, the same plan."""

from itertools import chain

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.content import Content, load
from bot.safety.plan import (
    FACTS,
    LEADING,
    NOTICED,
    Catalogue,
    Labels,
    OfferedSection,
    PlanItem,
    PlanSection,
    Priority,
    Situation,
    facts_told,
    tailored,
)
from bot.safety.signs import Level
from bot.safety.when import When

CATALOGUE = load().outline.catalogue
PARTS = [each.id for each in CATALOGUE.sections]
WISHES = [each.id for each in CATALOGUE.priorities]
ALWAYS_OFFERED = {"contacts", "code_word", "safe_places", "emotional", "services"}


def denied(fact: str) -> str:
    return f"{fact}:no"


def so_or_denied(told: dict[str, bool]) -> frozenset[str]:
    return frozenset(fact if so else denied(fact) for fact, so in told.items())


situations = st.builds(
    Situation,
    facts=st.dictionaries(st.sampled_from(FACTS), st.booleans()).map(so_or_denied),
    level=st.sampled_from(Level),
    priorities=st.lists(st.sampled_from(WISHES), unique=True).map(tuple),
    asked_for=st.frozensets(st.sampled_from(PARTS)),
)


def told(*facts: str) -> Situation:
    return Situation(facts=frozenset(facts))


def ids(offered: tuple[OfferedSection, ...]) -> list[str]:
    return [each.id for each in offered]


def items_of(situation: Situation, part: str) -> list[str]:
    offered = (each for each in tailored(CATALOGUE, situation) if each.id == part)
    return [each.item.id for each in chain.from_iterable(section.items for section in offered)]


def test_people_words_places_feelings_and_services_are_always_offered() -> None:
    assert set(ids(tailored(CATALOGUE, Situation()))) == ALWAYS_OFFERED


@given(situations)
def test_the_same_situation_always_gives_the_same_plan(situation: Situation) -> None:
    assert tailored(CATALOGUE, situation) == tailored(CATALOGUE, situation)


@given(situations)
def test_what_is_always_there_is_there_in_every_situation(situation: Situation) -> None:
    assert set(ids(tailored(CATALOGUE, situation))) >= ALWAYS_OFFERED


@given(situations, st.sampled_from(Level), st.lists(st.sampled_from(WISHES), unique=True))
def test_level_and_wishes_change_the_order_and_never_what_there_is(
    situation: Situation, level: Level, wishes: list[str]
) -> None:
    other = Situation(situation.facts, level, tuple(wishes), situation.asked_for)

    def offered(of: Situation) -> dict[str, set[str]]:
        return {each.id: {i.item.id for i in each.items} for each in tailored(CATALOGUE, of)}

    assert offered(situation) == offered(other)


@given(situations)
def test_every_item_says_which_answers_brought_it(situation: Situation) -> None:
    for section in tailored(CATALOGUE, situation):
        for offered in section.items:
            told_facts = set(offered.because) - {"asked_for"}
            assert told_facts <= situation.facts
            for fact in (*offered.item.when.all_of, *section.section.when.all_of):
                assert fact in offered.because or section.id in situation.asked_for
            if offered.item.when != When() and section.id not in situation.asked_for:
                assert told_facts


@given(situations)
def test_nothing_is_offered_against_what_was_told(situation: Situation) -> None:
    for section in tailored(CATALOGUE, situation):
        for offered in section.items:
            assert not any(denied(each) in situation.facts for each in offered.item.when.all_of)


@given(situations, st.sampled_from(FACTS))
def test_a_fact_only_ever_adds_to_what_is_offered(situation: Situation, fact: str) -> None:
    without = situation.facts - {fact, denied(fact)}
    more = Situation(without | {fact}, asked_for=situation.asked_for)
    less = Situation(without, asked_for=situation.asked_for)

    assert set(all_items(less)) <= set(all_items(more))


def all_items(situation: Situation) -> list[str]:
    return [each.item.id for part in tailored(CATALOGUE, situation) for each in part.items]


def test_every_item_is_reached_by_some_situation() -> None:
    everything = told(*FACTS)

    assert set(all_items(everything)) == set(CATALOGUE.items)


def test_high_danger_puts_the_gravest_parts_first() -> None:
    facts = frozenset({"children", "money_controlled", "strangled", "lives_together"})
    grave = [each.id for each in CATALOGUE.sections if each.grave_first]

    offered = ids(tailored(CATALOGUE, Situation(facts, Level.HIGH, ("first_money",))))

    assert offered[: len(grave)] == [each for each in grave if each in offered]
    assert offered[len(grave)] == "finances"


def test_below_that_what_matters_most_comes_first() -> None:
    facts = frozenset({"children", "money_controlled", "lives_together"})

    offered = ids(tailored(CATALOGUE, Situation(facts, Level.ELEVATED, ("first_children",))))

    assert offered[:2] == ["children", "contacts"]


def test_who_stays_for_now_finds_the_steps_for_leaving_last() -> None:
    facts = frozenset({"lives_together", "wants_to_leave"})

    offered = ids(tailored(CATALOGUE, Situation(facts, priorities=("first_staying",))))

    assert offered[0] == "stay_home"
    assert set(offered[-2:]) == {"prepare_leave", "gobag_documents"}


def test_who_wants_to_stay_unseen_sees_the_quietest_steps_first() -> None:
    for section in tailored(CATALOGUE, Situation(priorities=("first_unseen",))):
        loudness = [each.item.labels.loudness for each in section.items[LEADING:]]
        assert loudness == sorted(loudness)


def test_whom_to_call_in_an_emergency_stays_first_also_for_who_wants_to_stay_unseen() -> None:
    facts = frozenset({"minor", "honour_based"})

    first = items_of(Situation(facts, priorities=("first_unseen",)), "contacts")[:LEADING]

    assert first == ["contacts_emergency", "contacts_hotline"]


def test_an_unknown_wish_changes_nothing() -> None:
    assert tailored(CATALOGUE, Situation(priorities=("first_fame",))) == tailored(
        CATALOGUE, Situation()
    )


def test_what_an_answer_brought_stands_behind_the_leading_steps_of_its_part() -> None:
    general = [PlanItem(f"general_{number}") for number in range(4)]
    special = PlanItem("special", When(any_of=("pets",)))
    catalogue = Catalogue((PlanSection("part", (*general, special)),))

    (part,) = tailored(catalogue, told("pets"))

    assert [each.item.id for each in part.items][LEADING] == "special"
    assert part.items[LEADING].because == ("pets",)


def test_a_part_that_was_asked_for_holds_what_could_fit() -> None:
    asked = Situation(frozenset({denied("children")}), asked_for=frozenset({"stay_home"}))

    offered = items_of(asked, "stay_home")

    assert "stay_home_rooms" in offered
    assert "stay_home_children" not in offered
    assert items_of(told(), "stay_home") == []


def test_quiet_is_less_noticed_before_fewer_traces() -> None:
    silent = Labels(noticed="no", trace=("device", "bill"))
    seen = Labels(noticed="maybe", trace=("none",))

    assert silent.loudness < seen.loudness
    assert Labels(noticed="no", trace=("none",)).loudness == (0, 0)
    assert Labels(noticed=NOTICED[-1]).loudness[0] == len(NOTICED) - 1


def test_a_priority_that_is_named_first_and_last_comes_first() -> None:
    parts = tuple(PlanSection(name, (PlanItem(f"{name}_item"),)) for name in ("one", "two"))
    wishes = (Priority("a", first=("two",)), Priority("b", last=("two",)))

    offered = tailored(Catalogue(parts, wishes), Situation(priorities=("b", "a")))

    assert ids(offered) == ["two", "one"]


@pytest.mark.parametrize(
    ("answers", "fact"),
    [
        ({"device": "yes"}, "monitored_phone"),
        ({"lives_with": "yes"}, "lives_together"),
        ({"lives_with": "no"}, "lives_together:no"),
        ({"stalking": "yes"}, "stalked"),
        ({"gun_access": "yes"}, "weapon_near"),
        ({"separated": "not_a_partner"}, "not_intimate"),
        ({"wants": "want_legal"}, "wants_order"),
        ({"online_harassment": "no"}, "harassed_online:no"),
    ],
)
def test_other_answers_tell_facts_too(answers: dict[str, str], fact: str) -> None:
    assert fact in facts_told(answers)


@pytest.mark.parametrize("said", ["not_sure", "skip"])
def test_not_sure_and_a_skip_tell_no_fact(said: str) -> None:
    assert not {"lives_together", "lives_together:no"} & facts_told({"lives_with": said})


def test_a_part_by_its_name(content: Content) -> None:
    assert content.outline.catalogue.section("pets").id == "pets"
    with pytest.raises(KeyError):
        content.outline.catalogue.section("robots")
