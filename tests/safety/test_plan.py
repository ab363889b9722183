"""The plan: what is offered, and that only what the visitor kept is in it."""

from hypothesis import given
from hypothesis import strategies as st

from bot.content import Content
from bot.safety.course import facts
from bot.safety.plan import items_offered, plan_of, plan_questions, sections_offered

OWN_WORDS = "call my aunt"


def section_ids(content: Content, told: set[str]) -> list[str]:
    return [each.id for each in sections_offered(content.outline.sections, told)]


def test_people_feelings_and_services_are_always_offered(content: Content) -> None:
    assert {"contacts", "code_word", "emotional", "services"} <= set(section_ids(content, set()))


def test_children_bring_their_part(content: Content) -> None:
    assert "children" not in section_ids(content, set())
    assert "children" in section_ids(content, {"children"})


def test_a_worried_device_brings_the_phone_part(content: Content) -> None:
    assert "tech_phone" in section_ids(content, set(facts({"device": "yes"})))


def test_every_part_that_needs_a_warning_has_one_in_every_language(content: Content) -> None:
    for section in content.outline.sections:
        for language in content.languages.values():
            assert not section.warn_first or language.plan_sections[section.id]["caution"]


def test_nothing_is_in_the_plan_before_it_was_kept(content: Content) -> None:
    assert plan_of(content.outline.sections, set(), {}) == ()


def test_a_part_that_is_kept_is_in_the_plan_with_all_its_items(content: Content) -> None:
    (planned,) = plan_of(content.outline.sections, set(), {"plan_section/contacts": "keep_all"})

    contacts = content.outline.sections[0]
    assert planned.items == tuple(item.id for item in items_offered(contacts, set()))


def test_a_changed_part_holds_what_was_kept_and_the_visitors_own_words(content: Content) -> None:
    contacts = content.outline.sections[0]
    first, second = contacts.items[:2]
    answers = {
        "plan_section/contacts": "change_items",
        f"plan_item/{first.id}": "keep_item",
        f"plan_item/{second.id}": OWN_WORDS,
        "plan_own/contacts": "and the neighbour",
    }

    (planned,) = plan_of(content.outline.sections, set(), answers)

    assert planned.items == (first.id,)
    assert planned.own == (OWN_WORDS, "and the neighbour")


def test_a_part_that_was_not_offered_can_be_asked_for(content: Content) -> None:
    answers = {"more_sections/0": "section:pets", "plan_section/pets": "keep_all"}

    ids = [each.id for each in plan_of(content.outline.sections, set(), answers)]

    assert ids == ["pets"]


@given(st.sets(st.sampled_from(["children", "pets", "lives_together", "stalked", "works"])))
def test_told_facts_only_ever_add_to_what_is_offered(content: Content, told: set[str]) -> None:
    assert set(section_ids(content, set())) <= set(section_ids(content, told))


@given(st.data())
def test_only_what_was_kept_is_in_the_plan(content: Content, data: st.DataObject) -> None:
    answers: dict[str, str] = {}
    for question in plan_questions(content.outline.sections, set(), answers):
        answers[question.key] = data.draw(st.sampled_from(question.options))

    kept = {key.partition("/")[2] for key, value in answers.items() if value == "keep_all"}
    asked_for = {value.removeprefix("section:") for value in answers.values()}
    planned = {each.id for each in plan_of(content.outline.sections, set(), answers)}

    assert planned == kept - (asked_for - kept)
