"""What a message says about danger, on sentences like those that visitors write."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rasa_server.components.phrase_pattern import UnreadablePhrase, compiled
from bot.rasa_server.components.phrasebook import IncompletePhrasebook, phrasebook
from bot.rasa_server.components.sign_status import Status
from bot.rasa_server.components.wording import Spelling, plain
from tests.rasa_server.sentences import (
    FIRST,
    PHRASES,
    READER,
    Sentence,
    groups,
    heard,
    load,
)

GROUPS = groups(FIRST)
SENTENCES = [sentence for group in GROUPS.values() for sentence in group]


# Many sentences to a test: a thousand tests of a moment each would take most of a minute to set up.
@pytest.mark.parametrize("group", GROUPS.values(), ids=GROUPS)
def test_the_sentences_of_a_language_are_heard_as_they_are_meant(group: list[Sentence]) -> None:
    right = [sentence for sentence in group if not sentence.wrong]

    assert {each.say: heard(each.say) for each in right} == {each.say: each.heard for each in right}


@pytest.mark.parametrize("group", GROUPS.values(), ids=GROUPS)
def test_what_is_known_to_be_heard_wrong_is_still_wrong(group: list[Sentence]) -> None:
    wrong = [sentence for sentence in group if sentence.wrong]

    assert not [s.say for s in wrong if heard(s.say) == s.heard], "take the `wrong` away"


@pytest.mark.parametrize("group", GROUPS.values(), ids=GROUPS)
def test_capitals_and_a_greeting_change_nothing(group: list[Sentence]) -> None:
    said = [sentence.say for sentence in group]
    shouted = {say: heard(f"HELLO. {say.upper()}") for say in said}

    assert shouted == {say: heard(say) for say in said}


@pytest.mark.parametrize(
    "text",
    [
        "he\u2019s never hit me, but he\u2019s choked me",
        "hes never hit me but hes choked me",
        "HE'S NEVER HIT ME BUT HE'S CHOKED ME",
        "he´s never hit me but he´s chooooked me",
    ],
)
def test_apostrophes_and_long_letters_change_nothing(text: str) -> None:
    assert heard(text) == {"physically_hurt denied", "strangled affirmed"}


def test_accents_may_be_missing() -> None:
    assert heard("me ahorco y me amenazo con un cuchillo") == heard(
        "me ahorcó y me amenazó con un cuchillo"
    )


def test_a_yes_in_spanish_is_not_an_if() -> None:
    assert heard("sí me ahorcó") == {"strangled affirmed"}


def test_places_in_the_text_are_those_of_the_text_as_written() -> None:
    text = "  Él — ¡ME   AHORCÓ!"

    (mention,) = READER.read(text)

    assert text[mention.start : mention.end] == "ME   AHORCÓ"


def test_a_sign_becomes_an_entity_with_its_status_as_role() -> None:
    (mention,) = READER.read("he choked me")

    assert mention.as_entity() == {
        "entity": "sign",
        "value": "strangled",
        "role": "affirmed",
        "start": 3,
        "end": 12,
    }


def test_what_happens_now_becomes_an_entity_without_a_role() -> None:
    (mention,) = READER.read("he is here")

    assert mention.as_entity() == {
        "entity": "now",
        "value": "person_here_now",
        "start": 0,
        "end": 10,
    }


def test_a_denial_and_an_affirmation_of_one_sign_are_both_kept() -> None:
    text = "no weapons except the kitchen knife he held to me"

    assert heard(text) == {"weapon denied", "weapon affirmed"}


@given(st.text(max_size=300))
def test_any_text_can_be_read(text: str) -> None:
    for mention in READER.read(text):
        assert 0 <= mention.start < mention.end <= len(text)


@given(st.lists(st.sampled_from([s.say for s in SENTENCES]), min_size=1, max_size=6))
def test_any_mixture_of_sentences_can_be_read(parts: list[str]) -> None:
    text = " ".join(parts)

    for mention in READER.read(text):
        assert 0 <= mention.start < mention.end <= len(text)


@pytest.mark.parametrize(
    "text", ["", " \n ", "\U0001f600", "\ud83d", "\udc00 x", "他掐我脖子", "он душил", "?" * 500]
)  # fmt: skip
def test_a_text_without_words_we_know_says_nothing(text: str) -> None:
    assert READER.read(text) == []


def test_five_hundred_lines_are_read() -> None:
    assert heard("he choked me\n" * 500) == {"strangled affirmed"}


def test_every_sign_and_flag_has_phrases_in_every_language() -> None:
    english, spanish = READER.books

    assert english.signs.keys() == spanish.signs.keys()
    assert english.now.keys() == spanish.now.keys()


def found(phrase: str, text: str) -> bool:
    pattern = compiled([phrase], {"them": ["he", "my husband"]}, gap_stops=["i"])
    return bool(pattern.search(f" {plain(text)} "))


@pytest.mark.parametrize(
    ("phrase", "text"),
    [
        ("choked me", "he choked me"),
        ("(he|she) left", "she left"),
        ("he (just)? left", "he left"),
        ("he (just)? left", "he just left"),
        ("strangl* me", "strangling me"),
        ("*arme", "quiere matarme"),
        ("he ... gun", "he has a big gun"),
        ("he ...5 gun", "he has a very very big gun"),
        ("{them} left", "my husband left"),
        ("don't", "DON’T"),
    ],
)
def test_a_phrase_finds_what_it_describes(phrase: str, text: str) -> None:
    assert found(phrase, text)


@pytest.mark.parametrize(
    ("phrase", "text"),
    [
        ("choked me", "choked some me"),
        ("choke me", "chokes me"),
        ("he ... gun", "he has a very very big gun"),
        ("he ... gun", "he knows i have a gun"),
        ("he (just)? left", "he never left"),
    ],
)
def test_a_phrase_finds_nothing_else(phrase: str, text: str) -> None:
    assert not found(phrase, text)


@pytest.mark.parametrize("phrase", ["(he", "he) left", "{nobody} left"])
def test_a_phrase_that_breaks_the_notation_is_refused(phrase: str) -> None:
    with pytest.raises(UnreadablePhrase):
        found(phrase, "he left")


def test_a_phrase_file_with_a_part_that_nobody_reads_is_refused() -> None:
    content = load((PHRASES / "en.yml").read_text(encoding="utf-8"))
    content["cues"]["maybe"] = ["perhaps"]

    with pytest.raises(IncompletePhrasebook, match="maybe"):
        phrasebook(content)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("strangeld", "strangled"),
        ("stragnled", "strangled"),
        ("killlll", "kill"),
        ("noooo", "no"),
        ("garden", "garden"),
    ],
)
def test_a_misspelled_word_is_taken_for_what_was_meant(written: str, meant: str) -> None:
    spelling = Spelling.of(["strangled", "kill", "no"], {"strangled": ["strangeld"]})

    assert spelling.correct(written) == meant


@pytest.mark.parametrize(
    "text",
    ["this traffic is killing me", "in the movie he shoots his wife", "en la serie la estrangula"],
)
def test_a_figure_of_speech_or_a_story_is_read_as_one(text: str) -> None:
    assert {each.status for each in READER.read(text)} <= {Status.IDIOM}


def test_a_figure_of_speech_hides_no_sign_beside_it() -> None:
    assert "strangled affirmed" in heard("this traffic is killing me. he choked me last night")
