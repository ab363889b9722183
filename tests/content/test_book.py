"""The reviewers' book: it says what runs, and the committed copy is up to date."""

from pathlib import Path

import pytest

from bot.content import Content
from bot.content.book import book, grouped
from bot.content.how import how_levels, how_words
from bot.safety.danger import RULES
from bot.safety.signs import Now, Sign, code_of

COMMITTED = Path("docs/danger.md")


@pytest.fixture(scope="module")
def danger(content: Content) -> str:
    return book(content, "danger")


def test_the_committed_document_is_what_the_rules_say_today(danger: str) -> None:
    assert COMMITTED.read_text(encoding="utf-8") == danger, "Please run: make book"


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_every_rule_stands_in_the_book_with_its_source(
    content: Content, danger: str, rule: object
) -> None:
    assert isinstance(rule, type(RULES[0]))
    row = next(line for line in danger.splitlines() if f"| `{rule.id}` |" in line)

    assert rule.source in row
    assert content.language("en").danger["rules"][rule.id] in row


@pytest.mark.parametrize("sign", Sign)
def test_every_sign_stands_in_the_book_with_its_question_in_both_languages(
    content: Content, danger: str, sign: Sign
) -> None:
    row = next(
        line for line in danger.splitlines() if f"| {code_of(sign)} | `{sign.value}`" in line
    )

    for language in ("en", "es"):
        question = content.language(language).questions[sign.value]["ask"]
        assert " ".join(question.split()) in " ".join(row.replace("<br>", " ").split())


def test_every_flag_stands_in_the_book(danger: str) -> None:
    assert all(f"| `{flag.value}` |" in danger for flag in Now)


def test_the_book_has_every_message_in_both_languages(content: Content) -> None:
    words = book(content, "words")

    for language in ("en", "es"):
        for message in content.language(language).messages.values():
            assert message.strip().splitlines()[0] in words


def test_neighbouring_numbers_with_the_same_result_share_a_row() -> None:
    assert grouped([(0, "a"), (1, "b"), (2, "b")]) == [["0", "a"], ["1 to 2", "b"]]


def test_the_page_shows_every_rule_under_its_level_once() -> None:
    shown = [rule.words for rules in how_levels().values() for rule in rules]

    assert shown == [f"how_rule_{rule.id}" for rule in RULES]


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_page_has_words_for_all_of_it(content: Content, language: str) -> None:
    words = how_words(content.language(language).danger)

    for level, rules in how_levels().items():
        assert words[level]
        assert all(words[rule.words] and words[rule.origin] for rule in rules)
