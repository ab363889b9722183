"""The words are complete in every language, and never say what must not be said."""

from dataclasses import replace

import pytest

from bot.content import Content, Language
from bot.content.check import problems


def with_english(content: Content, **changes: object) -> Content:
    english = replace(content.language("en"), **changes)  # type: ignore[arg-type]
    return replace(content, languages={**content.languages, "en": english})


def with_message(content: Content, message: str, text: str) -> Content:
    return with_english(content, messages={**content.language("en").messages, message: text})


def without(words: Language, message: str) -> dict[str, str]:
    return {key: text for key, text in words.messages.items() if key != message}


def test_the_words_that_ship_have_no_problem(content: Content) -> None:
    assert problems(content) == []


def test_a_missing_message_is_named(content: Content) -> None:
    broken = with_english(content, messages=without(content.language("en"), "neck"))

    found = problems(broken)

    assert "en/messages.yml, neck is missing. Please add it." in found
    assert "en/messages.yml needs “neck”." in found


def test_a_lost_placeholder_is_named(content: Content) -> None:
    found = problems(with_message(content, "danger", "Call for help."))

    assert any("messages.yml, danger" in each and "placeholders" in each for each in found)


@pytest.mark.parametrize(
    "sentence",
    [
        "You are safe now.",
        "This looks like low risk.",
        "You should leave him.",
        "Why didn't you call?",
        "He is a narcissist.",
        "Couples counseling can help.",
        "Your danger is 80 %.",
        "The police will come.",
    ],
)
def test_what_must_never_be_said_is_found(content: Content, sentence: str) -> None:
    found = problems(with_message(content, "decide", sentence))

    assert any(each.startswith("en/messages.yml, decide says") for each in found)


def test_every_question_has_exactly_one_question_mark(content: Content) -> None:
    for language in content.languages.values():
        for question, words in language.questions.items():
            statement = question in ("paused", "more_sections")
            assert words["ask"].count("?") == 1 or statement, question


def test_a_message_is_at_most_sixty_words(content: Content) -> None:
    for language in content.languages.values():
        for message, text in language.messages.items():
            assert len(text.split()) <= 60, message


def test_the_emergency_text_is_at_most_forty_words(content: Content) -> None:
    for language in content.languages.values():
        for message in ("danger", "danger_silent", "danger_again"):
            assert len(language.messages[message].split()) <= 40, message


def test_there_are_at_least_150_steps_each_with_a_source_and_a_reason(content: Content) -> None:
    items = content.outline.catalogue.items

    assert len(items) >= 150
    assert all(item.source for item in items.values())
    for language in content.languages.values():
        assert all(language.plan_items[item]["why"] for item in items)


def test_a_conflict_about_a_step_that_is_not_there_is_named(content: Content) -> None:
    catalogue = content.outline.catalogue
    wrong = replace(catalogue.conflicts[0], steps=("robots",))
    broken = replace(catalogue, conflicts=(wrong, *catalogue.conflicts[1:]))

    found = problems(replace(content, outline=replace(content.outline, catalogue=broken)))

    assert f"planning.yml, conflicts, {wrong.id}: there is no step “robots” in plan.yml." in found


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "You two could communicate better."),
        ("en", "Help is on the way."),
        ("en", "First, turn off the tracker."),
        ("en", "Hide the gun."),
        ("en", "Welcome back."),
        ("en", "At least he never hit you."),
        ("en", "Great news!"),
        ("es", "Simplemente vete."),
        ("es", "La ayuda va en camino."),
        ("es", "Esconde el arma."),
        ("es", "Cálmate."),
        ("es", "¿Cómo te llamas?"),
    ],
)
def test_the_never_list_holds_in_every_language(
    content: Content, language: str, sentence: str
) -> None:
    words = content.language(language)
    items = {**words.plan_items, "pets_bag": {"text": sentence, "why": "x"}}
    broken = replace(
        content, languages={**content.languages, language: replace(words, plan_items=items)}
    )

    assert any(f"{language}/plan.yml, pets_bag, text says" in each for each in problems(broken))
