"""Leaving and danger right now are found without any model."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.content import Content
from bot.safety.danger import Now
from bot.safety.urgent import UrgentWords, asks_to_leave, plain, plain_words, urgent_in

URGENT = [
    ("he's outside", Now.PERSON_HERE),
    ("HES HERE", Now.PERSON_HERE),
    ("𝗛𝗲 𝗶𝘀 𝗼𝘂𝘁𝘀𝗶𝗱𝗲", Now.PERSON_HERE),
    ("hes out\u200dside", Now.PERSON_HERE),
    ("my husband is outside the house", Now.PERSON_HERE),
    ("she’s at the door!!", Now.PERSON_HERE),
    ("hes trying to break in", Now.PERSON_HERE),
    ("he's choking me right now", Now.PERSON_HERE),
    ("i'm hiding in the bathroom", Now.PERSON_HERE),
    ("he just got home", Now.PERSON_HERE),
    ("im not safe", Now.PERSON_HERE),
    ("please help me now", Now.PERSON_HERE),
    ("he has a knife to my throat", Now.HOLDS_WEAPON),
    ("she is holding a gun", Now.HOLDS_WEAPON),
    ("i cant breathe", Now.URGENT_INJURY),
    ("I'm bleeding", Now.URGENT_INJURY),
    ("he just strangled me", Now.URGENT_INJURY),
    ("i took a whole bottle of pills", Now.SUICIDE_ATTEMPT),
    ("he is hitting my son", Now.CHILD_IN_DANGER),
    ("im locked in the basement", Now.LOCKED_IN),
    ("está afuera", Now.PERSON_HERE),
    ("ya viene", Now.PERSON_HERE),
    ("ESTA AQUI", Now.PERSON_HERE),
    ("me está pegando", Now.PERSON_HERE),
    ("estoy escondida en el baño", Now.PERSON_HERE),
    ("tiene un cuchillo en la mano", Now.HOLDS_WEAPON),
    ("no puedo respirar", Now.URGENT_INJURY),
    ("me tomé todas las pastillas", Now.SUICIDE_ATTEMPT),
    ("le está pegando a mi hijo", Now.CHILD_IN_DANGER),
    ("me encerró en el cuarto", Now.LOCKED_IN),
]

NOT_URGENT = [
    "he is not here",
    "he isn't outside any more",
    "what if he's outside when i leave",
    "when hes here i feel sick",
    "he used to hit me",
    "he has guns",
    "i couldnt breathe that night",
    "should i call the police",
    "no está aquí",
    "si está en la casa me callo",
    "quiero un plan",
    "yes",
    "",
]


@pytest.mark.parametrize(("text", "flag"), URGENT)
def test_urgent_words_are_found(content: Content, text: str, flag: Now) -> None:
    assert flag in urgent_in(text, content.urgent)


@pytest.mark.parametrize("text", NOT_URGENT)
def test_what_is_denied_feared_or_past_is_not_urgent(content: Content, text: str) -> None:
    assert not urgent_in(text, content.urgent)


@pytest.mark.parametrize("text", ["leave", "Exit!", " SALIR ", "salir ya", "cierra esto", "hide"])
def test_leave_words_leave(content: Content, text: str) -> None:
    assert asks_to_leave(text, content.urgent)


@pytest.mark.parametrize("text", ["i want to leave him", "quiero salir de aquí viva", "no", ""])
def test_a_sentence_about_leaving_does_not_leave_the_page(content: Content, text: str) -> None:
    assert not asks_to_leave(text, content.urgent)


@given(st.text(max_size=400))
def test_any_text_can_be_read(content: Content, text: str) -> None:
    urgent_in(text, content.urgent)
    asks_to_leave(text, content.urgent)


@given(st.from_regex(r"[a-z]{1,2}( [a-z]{1,2}){0,5}", fullmatch=True))
def test_plain_letters_stay_as_they_are(text: str) -> None:
    assert plain(text) == text


# ---- How texts and phrases are read. ------------------------------------------------------------


def some_words(
    *phrases: str, leave: tuple[str, ...] = (), calm: tuple[str, ...] = ()
) -> UrgentWords:
    """The words of a language with a few phrases for somebody who is near."""
    return UrgentWords(leave=leave, urgent={Now.PERSON_HERE: phrases}, calm=calm)


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("HEEELP", "help"),
        ("Está aquí", "esta aqui"),
        ("he’s he's", "hes hes"),
        ("wait!! he (is)", "wait . he . is ."),
        ("he*is / here", "he is here"),
        ("boo", "boo"),
        ("ﬁne", "fine"),
        ("", ""),
    ],
)
def test_a_text_is_read_in_plain_letters(text: str, read: str) -> None:
    assert plain(text) == read


@pytest.mark.parametrize(
    ("phrase", "text", "found"),
    [
        ("hes|shes here", "hes here", True),
        ("hes|shes here", "shes here", True),
        ("hes|shes here", "theyre here", False),
        ("hes right? here", "hes here", True),
        ("hes right? here", "hes right here", True),
        ("hes right|almost? here", "hes almost here", True),
        ("hes right? here", "hes nearly here", False),
        ("hes at _ door", "hes at door", True),
        ("hes at _ door", "hes at my big front door", True),
        ("hes at _ door", "hes at my very big front door", False),
        ("hes at _ door", "hes at it. door", False),
        ("hes here", "hes. here", False),
        ("hes here", "shes here", False),
        ("hes here", "hes hereabouts", False),
    ],
)
def test_a_phrase_is_found_as_it_is_written(phrase: str, text: str, found: bool) -> None:
    assert bool(some_words(phrase).found(text)) is found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("not here", False),
        ("not now and then here", False),
        ("not now and then right here", True),
        ("not now. here", True),
        ("not here. here", True),
        ("knot here", True),
        ("here not", True),
    ],
)
def test_a_word_that_calms_counts_only_just_before_and_in_the_same_clause(
    text: str, found: bool
) -> None:
    assert bool(some_words("here", calm=("not", "if")).found(text)) is found


def test_each_of_the_phrases_counts() -> None:
    words = some_words("outside", "here", calm=("not", "if"))

    assert words.found("outside")
    assert words.found("here")
    assert not words.found("if here")


def test_leaving_is_the_whole_message_and_nothing_else() -> None:
    words = some_words("here", leave=("Quit now", "exit"))

    assert words.asks_to_leave("¡Quit now!")
    assert words.asks_to_leave("exit...")
    assert not words.asks_to_leave("exit now")


def test_what_is_urgent_in_any_language_is_urgent() -> None:
    english, spanish = some_words("here"), some_words("aqui")

    assert urgent_in("aqui", (english, spanish)) == {Now.PERSON_HERE}
    assert urgent_in("ici", (english, spanish)) == frozenset()


def test_without_any_word_that_calms_all_that_is_urgent_counts() -> None:
    assert some_words("here", calm=()).found("not here") == {Now.PERSON_HERE}


def test_without_any_phrase_nothing_is_urgent() -> None:
    assert some_words().found("here") == frozenset()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("No. Sí, ¡ESPERA!", ["no", "si", "espera"]),
        ("don't..wait", ["dont", "wait"]),
        ("", []),
        (" . ", []),
    ],
)
def test_words_are_plain_whatever_clause_they_stand_in(text: str, words: list[str]) -> None:
    assert plain_words(text) == words
