"""The words with the numbers of the place filled in, and how sure we are of each."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.content import Content
from bot.content.hotlines import CHECKED_WITHIN, DOMESTIC_VIOLENCE, Hotlines
from bot.content.wording import Wording


@pytest.fixture
def wording(content: Content, hotlines: Hotlines) -> Wording:
    return Wording(content, hotlines, language="en", country="US")


def test_the_emergency_text_names_the_number_of_the_place(wording: Wording) -> None:
    assert "911" in wording.danger()
    assert "112" in replace(wording, country="ES").danger()


def test_where_the_place_is_not_known_several_numbers_are_named(wording: Wording) -> None:
    danger = replace(wording, country="").danger()

    assert "911" in danger
    assert "112" in danger


def test_a_silent_way_to_call_is_named_where_there_is_one(wording: Wording) -> None:
    assert "55" in replace(wording, country="GB").danger()


def test_the_numbers_of_a_place_begin_with_the_emergency_number(wording: Wording) -> None:
    lines = wording.numbers_to_call("US").splitlines()

    assert lines[1] == "Emergency: 911"
    assert "1-800-799-7233" in lines[2]
    assert "day and night" in lines[2]


def test_a_country_is_named_in_the_language_of_the_talk(wording: Wording) -> None:
    assert "Estados Unidos" in replace(wording, language="es").numbers_to_call("US")


def test_a_number_that_was_not_confirmed_says_so(wording: Wording, hotlines: Hotlines) -> None:
    unsure = {
        line.country for line in hotlines.lines("AD", DOMESTIC_VIOLENCE) if not line.confirmed
    }
    assert unsure == {"AD"}

    assert "check first" in replace(wording, country="AD").numbers_to_call("AD")


def test_only_confirmed_lines_are_named_inside_a_sentence(hotlines: Hotlines) -> None:
    assert hotlines.first("AD", DOMESTIC_VIOLENCE) is None


def test_a_crisis_line_is_named_only_where_it_answers_at_any_hour(wording: Wording) -> None:
    assert "988" in str(wording.crisis_line)
    assert replace(wording, country="DK").crisis_line is None


def test_every_territory_has_an_emergency_number(hotlines: Hotlines) -> None:
    for country in ("US", "MX", "ES", "GB", "BR", "NG", "IN", "JP", "FR", "ZA"):
        assert hotlines.emergency(country) or hotlines.emergency_to_check(country)


def test_every_message_can_be_said_in_every_language_and_place(
    content: Content, hotlines: Hotlines
) -> None:
    named = "reasons count done left place signs sign answer steps asked code until"
    values = dict.fromkeys(named.split(), "x")
    for language in content.languages:
        for country in ("", "US", "AD", "DK"):
            wording = Wording(content, hotlines, language, country)
            for message in content.language(language).messages:
                assert "{" not in wording.text(message, **values)


def test_the_caution_of_a_part_names_the_emergency_number_of_the_place(
    content: Content, hotlines: Hotlines
) -> None:
    for language in content.languages:
        caution = Wording(content, hotlines, language, "US").section_part("health", "caution")

        assert "911" in caution
        assert "{" not in caution


def test_a_number_that_nobody_checked_for_a_year_is_to_be_checked_first(
    content: Content, hotlines: Hotlines
) -> None:
    line = hotlines.first("US", "domestic_violence")
    assert line is not None
    assert line.checked is not None
    wording = Wording(content, hotlines, "en", "US", today=line.checked)
    later = replace(wording, today=line.checked + CHECKED_WITHIN + timedelta(days=1))

    assert "check first" not in wording.line_words(line)
    assert "check first" in later.line_words(line)
