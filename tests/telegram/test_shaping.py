"""Replies within Telegram's limits: parted where something ends, and nothing lost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.conversation import Answer, Reply
from bot.telegram.shaping import LONGEST, Style, messages, parts_of, pieces, units

CONTROLS = ("Skip", "Why", "Back", "Pause", "Stop", "Not safe")
STYLE = Style("From the notes", frozenset(CONTROLS), "US", frozenset({"911", "988"}))

paragraphs = st.lists(
    st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=40), max_size=60
).map(" ".join)


@given(st.lists(paragraphs, max_size=8).map("\n\n".join), st.integers(20, 500))
def test_no_piece_is_too_long_and_nothing_is_lost(text: str, longest: int) -> None:
    cut = list(pieces(text, longest))

    assert all(units(each) <= longest for each in cut)
    assert "".join("".join(cut).split()) == "".join(text.split())


def test_it_is_parted_at_the_end_of_a_paragraph_a_line_or_a_sentence() -> None:
    sentence = "This is a sentence of some length. "
    text = sentence * 300

    cut = list(pieces(text, LONGEST))

    assert len(cut) == 3
    assert all(each.endswith("length.") for each in cut)
    lines = list(pieces("\n".join(["– one step of a plan"] * 400), 1000))
    assert all(each.startswith("– ") and each.endswith("plan") for each in lines)


def test_a_word_without_an_end_is_cut() -> None:
    assert [len(each) for each in pieces("a" * 250, 100)] == [100, 100, 50]


def test_letters_of_two_units_count_as_two() -> None:
    assert all(units(each) <= 11 for each in pieces("🍲" * 20, 11))


@given(st.text(st.characters(exclude_categories=["C"]), min_size=1, max_size=9000))
def test_every_message_begins_with_the_cover_and_the_buttons_stand_last(text: str) -> None:
    answer = Answer((Reply("device", text, ("Yes", *CONTROLS), "question"),), "en")

    made = parts_of(answer, STYLE)

    if text.strip():
        assert all(each.text.startswith("From the notes\n\n") for each in made)
        assert all(units(each.text) <= LONGEST for each in made)
        assert [bool(each.rows) for each in made] == [False] * (len(made) - 1) + [True]


def test_answers_have_a_row_each_and_controls_stand_side_by_side() -> None:
    answer = Answer((Reply("device", "?", ("Yes", "No", *CONTROLS), "question"),), "en")

    (part,) = parts_of(answer, STYLE)

    assert [[key.title for key in row] for row in part.rows] == [
        ["Yes"], ["No"], ["Skip", "Why"], ["Back", "Pause"], ["Stop", "Not safe"],
    ]  # fmt: skip
    assert [key.does for row in part.rows for key in row] == [f"turn:{n}" for n in range(8)]


def test_what_is_urgent_goes_first() -> None:
    danger = Answer((Reply("danger", "Call 911.", (), "emergency"),), "en")

    assert parts_of(danger, STYLE)[0].urgent
    assert not parts_of(Answer((Reply("open", "Hello."),), "en"), STYLE)[0].urgent


@pytest.mark.parametrize(
    ("country", "written", "shown"),
    [
        ("US", "Call (512) 555-0142 now", "Call +1 512-555-0142 now"),
        ("US", "1-800-799-7233", "+1 800-799-7233"),
        ("FR", "04 78 39 32 25", "+33 4 78 39 32 25"),
        ("GB", "0808 2000 247", "0808 2000 247"),  # a free number works at home alone
        ("", "(512) 555-0142", "(512) 555-0142"),
        ("US", "Room 12, 911, code 4711", "Room 12, 911, code 4711"),
    ],
)
def test_numbers_are_written_so_that_they_can_be_tapped(
    country: str, written: str, shown: str
) -> None:
    (part,) = messages(written, Style("Notes", country=country))

    assert part.text == f"Notes\n\n{shown}"


def test_numbers_are_marked_where_they_stand() -> None:
    (part,) = messages("🍲 911 or 988, or (512) 555-0142. Room 911a, 4711.", STYLE)

    data = part.text.encode("utf-16-le")
    marked = [
        data[start * 2 : (start + length) * 2].decode("utf-16-le") for start, length in part.numbers
    ]
    assert marked == ["911", "988", "+1 512-555-0142"]
