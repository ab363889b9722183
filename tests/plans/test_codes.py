"""The codes of saved plans: never twice, easily typed, and silent about what they are for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.content import Content
from bot.plans.codes import DIGITS, WORDS, Kind, new_code, plain, read_code, word_list

LANGUAGES = ("en", "es")


@pytest.fixture(scope="module")
def left_out(content: Content) -> dict[str, list[str]]:
    return {code: content.language(code).words["not_in_codes"] for code in LANGUAGES}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_code_of_words_has_seven_and_can_be_read_again(language: str) -> None:
    code = new_code(Kind.WORDS, language)

    assert len(code.split()) == WORDS
    assert read_code(code) == plain(code)


def test_a_code_of_digits_has_sixteen_and_looks_like_any_number() -> None:
    code = new_code(Kind.DIGITS, "en")

    assert [len(part) for part in code.split()] == [4, 4, 4, 4]
    assert read_code(code) == code.replace(" ", "")
    assert len(read_code(code) or "") == DIGITS


@pytest.mark.parametrize("kind", Kind)
def test_no_code_comes_twice(kind: Kind) -> None:
    assert len({new_code(kind, "en") for _ in range(50)}) == 50


@given(st.sampled_from(LANGUAGES), st.data())
def test_case_accents_signs_and_the_ends_of_words_do_not_matter(
    language: str, data: st.DataObject
) -> None:
    words = data.draw(st.lists(st.sampled_from(word_list(language)), min_size=7, max_size=7))
    between = data.draw(st.sampled_from([" ", "-", ", ", "\n", "  ", ". "]))
    typed = [data.draw(st.sampled_from([w, w.upper(), plain(w), w.title()])) for w in words]

    assert read_code(between.join(typed)) == " ".join(plain(word) for word in words)


def test_the_first_four_letters_are_enough_where_they_are_of_one_word() -> None:
    assert read_code("aban abil able abou abov abse abso") == (
        "abandon ability able about above absent absorb"
    )


@pytest.mark.parametrize(
    "text",
    [
        "",
        "I want a plan for my two children please",
        "one two three",
        "1234 5678 9012 345",
        "12345678901234567",
        "word word word word word word qqqq",
        "١٢٣٤٥٦٧٨٩٠١٢٣٤٥٦",
        "call 911 now he is here with a",
    ],
)
def test_what_is_no_code_is_not_taken_for_one(text: str) -> None:
    assert read_code(text) is None


@pytest.mark.parametrize("language", LANGUAGES)
def test_words_that_could_tell_what_it_is_for_are_in_no_code(
    language: str, left_out: dict[str, list[str]]
) -> None:
    refused = {plain(word) for word in left_out[language]}
    usable = [word for word in word_list(language) if plain(word) not in refused]

    assert len(usable) >= 1900
    for _ in range(200):
        assert not refused & set(plain(new_code(Kind.WORDS, language, left_out[language])).split())


def test_a_list_has_as_many_words_as_the_bits_that_are_promised() -> None:
    assert all(len(set(word_list(language))) == 2048 for language in LANGUAGES)
