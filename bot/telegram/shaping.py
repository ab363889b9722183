"""Replies as Telegram shows them: one message or a few, within its limits, neutral at first sight.

Replies of a turn go together, since Telegram lets only one message a second into a chat. What is
too long is parted where a paragraph, a line, a sentence or at least a word ends.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from phonenumbers import (
    Leniency,
    PhoneNumber,
    PhoneNumberFormat,
    PhoneNumberMatcher,
    PhoneNumberType,
    format_number,
    number_type,
)
from telegram.constants import MessageLimit

from bot.content import CONTROLS
from bot.conversation import Answer

LONGEST = int(MessageLimit.MAX_TEXT_LENGTH)
"""What one message may hold, in UTF-16 units, as Telegram counts."""

TALK, OWN = "turn", "own"
"""The two kinds of buttons: the talk's, and those of what stands beside it."""

IN_A_ROW = 2
"""Controls in a row; what answers a question has a row of its own."""

ENDS = (re.compile(r"\n\n"), re.compile(r"\n"), re.compile(r"(?<=[.!?…])\s"), re.compile(r"\s"))
NORTH_AMERICA = 1
ABROAD_TOO = {PhoneNumberType.FIXED_LINE, PhoneNumberType.MOBILE}
ABROAD_TOO |= {PhoneNumberType.FIXED_LINE_OR_MOBILE, PhoneNumberType.VOIP}
SHORT_NUMBER = re.compile(r"(?<![\w+./-])\d{3,6}(?![\w/-]|[.,]\d)")


@dataclass(frozen=True)
class Style:
    """How messages of a chat look.

    `opener` are the first words of each, `controls` the titles of what stands under every
    question, `country` is where numbers are dialled, `short` the short ones that are known.
    """

    opener: str
    controls: frozenset[str] = frozenset()
    country: str = ""
    short: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Key:
    """A button: what it says, and what it does."""

    title: str
    does: str


Rows = tuple[tuple[Key, ...], ...]


@dataclass(frozen=True)
class Part:
    """A message: its text, its buttons row by row, and where its numbers to call stand.

    `numbers` are places and lengths in UTF-16 units. `urgent` goes before others; what `stays` is
    the cover's, and is not deleted with the talk.
    """

    text: str
    rows: Rows = ()
    numbers: tuple[tuple[int, int], ...] = ()
    urgent: bool = False
    stays: bool = False

    @property
    def kind(self) -> str:
        """Of what kind its buttons are; empty where there are none."""
        return kind_of(self.rows[0][0].does) if self.rows else ""

    def as_record(self) -> dict[str, Any]:
        """The part as it is kept until it was sent."""
        rows = [[[key.title, key.does] for key in row] for row in self.rows]
        told = {"text": self.text, "rows": rows, "numbers": self.numbers}
        return {**told, "urgent": self.urgent, "stays": self.stays}


def kind_of(does: str) -> str:
    """Of what kind a button is, by what it does."""
    return does.partition(":")[0]


def part_from(record: dict[str, Any]) -> Part:
    """A part that was kept."""
    rows = tuple(tuple(Key(*key) for key in row) for row in record["rows"])
    numbers = tuple((start, length) for start, length in record["numbers"])
    return Part(record["text"], rows, numbers, record["urgent"], record["stays"])


def parts_of(answer: Answer, style: Style) -> list[Part]:
    """An answer as messages."""
    titles = [title for reply in answer.replies for title in reply.buttons]
    keys = [Key(title, f"{TALK}:{place}") for place, title in enumerate(titles)]
    urgent = any(reply.kind == "emergency" for reply in answer.replies)
    texts = [reply.text.strip() for reply in answer.replies if reply.text.strip()]
    if not texts:
        return []
    here = replace(style, country=answer.country or style.country)
    return messages("\n\n".join(texts), here, rows_of(keys, style.controls), urgent=urgent)


def messages(text: str, style: Style, rows: Rows = (), *, urgent: bool = False) -> list[Part]:
    """A text as messages that each begin with the opener; the buttons stand under the last."""
    head = f"{style.opener}\n\n"
    texts = [head + each for each in pieces(dialled(text, style.country), LONGEST - units(head))]
    made = [Part(each, (), tuple(numbers_in(each, style)), urgent) for each in texts]
    return [*made[:-1], replace(made[-1], rows=rows)]


def rows_of(keys: Sequence[Key], controls: frozenset[str]) -> Rows:
    """Buttons in rows: each answer in one of its own, the controls side by side at the end."""
    count = len(CONTROLS) if controls <= {key.title for key in keys} else 0
    answers = keys[: len(keys) - count]
    under = keys[len(keys) - count :]
    beside = [tuple(under[at : at + IN_A_ROW]) for at in range(0, len(under), IN_A_ROW)]
    return (*((key,) for key in answers), *beside)


def pieces(text: str, longest: int) -> Iterator[str]:
    """A text in pieces of at most so many UTF-16 units, parted where something ends."""
    left = text.strip()
    while units(left) > longest:
        at = where_to_part(left, longest)
        yield left[:at].rstrip()
        left = left[at:].lstrip()
    yield left


def where_to_part(text: str, longest: int) -> int:
    """The last place at which the first piece still fits; a word that is too long is cut."""
    most = fitting(text, longest)
    for end in ENDS:
        # Rather a shorter message than one that ends in the middle of a sentence.
        found = [match.end() for match in end.finditer(text, 0, most)]
        if found and found[-1] > most // 4:
            return found[-1]
    return most


def fitting(text: str, longest: int) -> int:
    """How many characters from the beginning fit in so many UTF-16 units."""
    used = 0
    for place, char in enumerate(text):
        used += units(char)
        if used > longest:
            return place
    return len(text)


def units(text: str) -> int:
    """The length of a text in UTF-16 units."""
    return len(text.encode("utf-16-le")) // 2


# --- Numbers that can be tapped -------------------------------------------------------------------


def dialled(text: str, country: str) -> str:
    """The text with its phone numbers in full international form: those Telegram makes links of.

    Free and shared numbers work at home alone, so that they stay as they are, except where the
    whole numbering plan shares its free ones (North America).
    """
    if not country:
        return text
    parts, at = [], 0
    for found in PhoneNumberMatcher(text, country, leniency=Leniency.VALID):
        if works_in_full(found.number) and not found.raw_string.startswith("+"):
            parts += [text[at : found.start], in_full(found.number)]
            at = found.end
    return "".join([*parts, text[at:]])


def works_in_full(number: PhoneNumber) -> bool:
    """Whether a number can be called with its country's code before it."""
    return number.country_code == NORTH_AMERICA or number_type(number) in ABROAD_TOO


def in_full(number: PhoneNumber) -> str:
    """A number with its country's code."""
    return str(format_number(number, PhoneNumberFormat.INTERNATIONAL))


def numbers_in(text: str, style: Style) -> Iterator[tuple[int, int]]:
    """Where numbers to call stand: their places and lengths in UTF-16 units."""
    region = style.country or None
    found = PhoneNumberMatcher(text, region, leniency=Leniency.VALID)
    long = [(each.start, each.end) for each in found]
    short = [each.span() for each in SHORT_NUMBER.finditer(text) if each[0] in style.short]
    alone = [span for span in short if not any(start <= span[0] < end for start, end in long)]
    for start, end in sorted([*long, *alone]):
        yield units(text[:start]), units(text[start:end])
