"""The plan: what is offered, and that only what the visitor kept is in it."""

from hypothesis import given
from hypothesis import strategies as st

from bot.content import Content
from bot.safety.course import facts
from bot.safety.plan import (
    PlannedSection,
    PlanSection,
    items_offered,
    plan_of,
    plan_questions,
    planned_section,
    sections_offered,
)
from bot.safety.questions import SKIPPED, Question

OWN_WORDS = "call my aunt"


def section(content: Content, name: str) -> PlanSection:
    return next(each for each in content.outline.sections if each.id == name)


def asked(content: Content, **answers: str) -> dict[str, Question]:
    """The questions of the plan, by their keys; `answers` are those to the parts."""
    given = {f"plan_section/{name}": value for name, value in answers.items()}
    questions = plan_questions(content.outline.sections, set(), given)
    return {each.key: each for each in questions}


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

    assert planned == PlannedSection("contacts", (first.id,), (OWN_WORDS, "and the neighbour"))


def test_a_part_that_was_not_offered_can_be_asked_for(content: Content) -> None:
    answers = {"more_sections/0": "section:pets", "plan_section/pets": "keep_all"}

    ids = [each.id for each in plan_of(content.outline.sections, set(), answers)]

    assert ids == ["pets"]


def test_a_part_that_was_asked_for_holds_all_its_items(content: Content) -> None:
    answers = {"more_sections/0": "section:pets", "plan_section/pets": "keep_all"}

    (planned,) = plan_of(content.outline.sections, set(), answers)

    assert planned.items == tuple(item.id for item in section(content, "pets").items)


def test_a_part_that_fits_what_was_told_holds_the_items_that_fit(content: Content) -> None:
    pets = section(content, "pets")

    offered = [item.id for item in items_offered(pets, {"pets"})]

    assert "pets_place" in offered
    assert "pets_order" not in offered


def test_a_part_that_fits_what_was_told_is_in_the_plan_once_it_is_kept(content: Content) -> None:
    told, answers = {"pets", "has_order"}, {"plan_section/pets": "keep_all"}

    (planned,) = plan_of(content.outline.sections, told, answers)

    assert "pets_order" in planned.items


def test_a_part_left_out_keeps_nothing_whatever_was_said_of_its_items(content: Content) -> None:
    contacts = section(content, "contacts")
    items = {f"plan_item/{item.id}": "keep_item" for item in contacts.items}

    left_out = planned_section(contacts, set(), {**items, "plan_section/contacts": "leave_out"})

    assert left_out == PlannedSection("contacts", ())


def test_a_changed_part_of_which_nothing_was_said_is_not_in_the_plan(content: Content) -> None:
    answers = {"plan_section/contacts": "change_items"}

    assert plan_of(content.outline.sections, set(), answers) == ()


def test_skipping_every_item_adds_no_words(content: Content) -> None:
    questions = asked(content, contacts="change_items")
    answers = {**dict.fromkeys(questions, SKIPPED), "plan_section/contacts": "change_items"}

    assert plan_of(content.outline.sections, set(), answers) == ()


def test_a_part_is_kept_changed_or_left_out(content: Content) -> None:
    part = asked(content)["plan_section/contacts"]

    assert part.options == ("keep_all", "change_items", "leave_out")
    assert part.understands == {"affirm": "keep_all", "deny": "leave_out"}
    assert part.says == {"keep_all": ("plan_kept",), "leave_out": ("plan_left_out",)}


def test_a_part_to_be_changed_is_asked_item_by_item_and_then_for_own_words(
    content: Content,
) -> None:
    contacts = section(content, "contacts")
    items = [f"plan_item/{item.id}" for item in items_offered(contacts, set())]

    of_part = list(asked(content, contacts="change_items"))[: len(items) + 2]

    assert of_part == ["plan_section/contacts", *items, "plan_own/contacts"]


def test_an_item_is_kept_left_out_or_put_in_own_words(content: Content) -> None:
    questions = asked(content, contacts="change_items").values()
    item = next(each for each in questions if each.id == "plan_item")

    assert (item.options, item.takes) == (("keep_item", "leave_out"), "words")
    assert item.understands == {"affirm": "keep_item", "deny": "leave_out"}


def test_own_words_are_added_to_a_part_or_nothing_is(content: Content) -> None:
    own = asked(content, contacts="change_items")["plan_own/contacts"]

    assert (own.options, own.takes) == (("nothing_to_add",), "words")
    assert own.understands == {"deny": "nothing_to_add"}


def test_the_last_question_offers_the_parts_that_were_not_offered(content: Content) -> None:
    *_, last = asked(content).values()
    left = [each for each in content.outline.sections if each.id not in section_ids(content, set())]

    assert last.key == "more_sections/0"
    assert last.options == (*(f"section:{each.id}" for each in left), "no_more")
    assert last.understands == {"deny": "no_more"}


def test_a_part_that_was_asked_for_can_be_changed_item_by_item(content: Content) -> None:
    answers = {"more_sections/0": "section:pets", "plan_section/pets": "change_items"}

    keys = [each.key for each in plan_questions(content.outline.sections, set(), answers)]

    assert {"plan_item/pets_place", "plan_item/pets_order", "plan_own/pets"} <= set(keys)
    assert keys[-1] == "more_sections/1"


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


def test_a_part_that_fits_what_was_told_is_asked_about(content: Content) -> None:
    keys = [each.key for each in plan_questions(content.outline.sections, {"pets"}, {})]

    assert "plan_section/pets" in keys


def test_who_wants_no_more_parts_is_not_asked_once_more(content: Content) -> None:
    answers = {"more_sections/0": "no_more"}

    keys = [each.key for each in plan_questions(content.outline.sections, set(), answers)]

    assert keys[-1] == "more_sections/0"
