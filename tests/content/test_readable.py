"""Words are easy to read, and what is not is named in a sentence."""

from dataclasses import replace

import pytest

from bot.content import FOLDER, Content, read
from bot.content.readable import hard_texts, is_hard, read_by_visitors

HARD = {
    "en": "Notwithstanding considerable organizational difficulties, individuals may "
    "subsequently investigate alternative accommodation possibilities independently.",
    "es": "No obstante las considerables dificultades organizativas, posteriormente podrían "
    "investigarse independientemente alternativas habitacionales extraordinarias.",
}


def test_what_ships_is_easy_to_read(content: Content) -> None:
    assert list(hard_texts(content)) == []


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_hard_text_is_named_with_its_place_and_a_remedy(content: Content, language: str) -> None:
    words = content.language(language)
    items = {**words.plan_items, "pets_bag": {"text": HARD[language], "why": "So."}}
    languages = {**content.languages, language: replace(words, plan_items=items)}

    (found,) = hard_texts(replace(content, languages=languages))

    assert found.startswith(f"{language}/plan.yml, pets_bag is hard to read (")
    assert "Shorter sentences" in found


@pytest.mark.parametrize("language", ["en", "es"])
def test_few_words_say_too_little_for_a_formula(language: str) -> None:
    assert is_hard(HARD[language], language)
    assert not is_hard("Extraordinarily organizational", language)


def test_what_stays_hard_is_there_and_has_a_reason(content: Content) -> None:
    kept = read(FOLDER / "hard_words.yml")
    places = read_by_visitors(content.language("en"))

    assert all(each["why"] for each in kept)
    assert all(place in places for each in kept for place in each["texts"])


def test_no_plan_item_is_excused(content: Content) -> None:
    kept = [place for each in read(FOLDER / "hard_words.yml") for place in each["texts"]]

    assert not [place for place in kept if place.startswith("plan")]
