"""What a message says about danger beyond the first eleven signs, in all the languages."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.rasa_server.sentences import HERE, READER, Sentence, groups, heard

WIDER = sorted(HERE.glob("wider_signs_*.yml"))
# The signs that the sentences of the first file are about.
FIRST_SIGNS = {
    "weapon",
    "threat_to_kill",
    "believes_would_kill",
    "strangled",
    "gun_access",
    "jealous_or_controlling",
    "separated",
    "unemployed",
    "suicide_attempt",
    "child_not_theirs",
    "stalking",
}


def is_first(mention: str) -> bool:
    """Whether a mention, as "weapon denied" or "person_here_now now", is of the first file."""
    name, how = mention.split()
    return how == "now" or name in FIRST_SIGNS


BOOKS = {file.stem: groups(file) for file in WIDER}
# Each sign of each language: "wider_signs_en strangled" and its sentences.
GROUPS = {f"{book} {sign}": group for book, signs in BOOKS.items() for sign, group in signs.items()}
SENTENCES = [sentence for group in GROUPS.values() for sentence in group]


def wider(mentions: frozenset[str]) -> frozenset[str]:
    return frozenset(mention for mention in mentions if not is_first(mention))


@pytest.mark.parametrize("group", GROUPS.values(), ids=GROUPS)
def test_the_sentences_of_a_sign_are_heard_as_they_are_meant(group: list[Sentence]) -> None:
    right = [sentence for sentence in group if not sentence.wrong]

    assert {s.say: wider(heard(s.say)) for s in right} == {s.say: wider(s.heard) for s in right}


@pytest.mark.parametrize("group", GROUPS.values(), ids=GROUPS)
def test_what_is_known_to_be_heard_wrong_is_still_wrong(group: list[Sentence]) -> None:
    wrong = [sentence for sentence in group if sentence.wrong]

    assert not [s.say for s in wrong if wider(heard(s.say)) == wider(s.heard)], (
        "take the `wrong` away"
    )


@pytest.mark.parametrize("group", GROUPS.values(), ids=GROUPS)
def test_capitals_and_a_greeting_change_nothing(group: list[Sentence]) -> None:
    said = [sentence.say for sentence in group]
    shouted = {say: wider(heard(f"HELLO. {say.upper()}")) for say in said}

    assert shouted == {say: wider(heard(say)) for say in said}


@pytest.mark.parametrize("book", BOOKS)
def test_every_wider_sign_has_sentences_for_and_against(book: str) -> None:
    said = [mention for group in BOOKS[book].values() for s in group for mention in s.heard]
    signs = {sign for book in READER.books for sign in book.signs} - FIRST_SIGNS

    for sign in signs:
        assert said.count(f"{sign} affirmed") >= 6, sign
        assert any(mention in said for mention in (f"{sign} denied", f"{sign} hypothetical")), sign


@given(st.lists(st.sampled_from([s.say for s in SENTENCES]), min_size=1, max_size=6))
def test_any_mixture_of_sentences_can_be_read(parts: list[str]) -> None:
    text = " ".join(parts)

    for mention in READER.read(text):
        assert 0 <= mention.start < mention.end <= len(text)


def test_what_the_other_person_says_of_suicide_is_not_the_visitors_wish() -> None:
    assert heard("he texted me i want to die") == {"suicide_talk affirmed"}


def test_harm_of_years_ago_is_not_heard_as_recent_too() -> None:
    assert heard("he hit me three years ago") == {"physically_hurt_earlier affirmed"}


def test_harm_of_years_ago_does_not_hide_what_is_recent() -> None:
    assert heard("he hit me three years ago. now he hits me every week") == {
        "physically_hurt_earlier affirmed",
        "physically_hurt affirmed",
    }


def test_somebody_else_is_part_of_harm_to_others() -> None:
    assert heard("he punched my brother") == {"hurt_or_threatened_others affirmed"}


def test_somebody_elses_harm_to_others_is_not_the_visitors() -> None:
    assert "hurt_or_threatened_others affirmed" not in heard(
        "my neighbor drinks and he hits his kids"
    )
