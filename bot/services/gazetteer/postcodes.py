"""Postcodes in a text: which country's, and the beginning that says where."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.services.gazetteer.spelling import plain
from bot.services.gazetteer.words import OF_A_CODE, SURE

UK_OUT = r"(?:(?P<area>[A-Z]{1,2})\d{1,2}|(?P<inner>E|N|W|SE|SW|NW|EC|WC)\d[A-Z])"
CANADIAN = r"(?P<code>[ABCEGHJ-NPRSTVXY]\d[A-Z])"
IRISH = r"(?P<code>[AC-FHKNPRTV-Y]\d[\dW])"
UK_WHOLE = re.compile(rf"\b{UK_OUT}\s*\d[A-Z]{{2}}\b")
UK_BEGINNING = re.compile(rf"\b{UK_OUT}\b")
WHOLE = (
    ("CA", re.compile(rf"\b{CANADIAN}[ -]?\d[A-Z]\d\b")),
    ("IE", re.compile(rf"\b{IRISH}\s?[AC-FHKNPRTV-Y\d]{{4}}\b")),
)
BEGINNING = (("CA", re.compile(rf"\b{CANADIAN}\b")), ("IE", re.compile(rf"\b{IRISH}\b")))
DIGITS = re.compile(r"(?<![\d$€£#+.,-])(?P<code>\d{4,6})(?:-\d{4})?(?![\d%])")

FIVE_DIGITS = ("US", "MX", "ES")
DIGITS_OF = {"AU": 4, "IN": 6, **dict.fromkeys((*FIVE_DIGITS, "PR"), 5)}


@dataclass(frozen=True)
class Code:
    """The beginning of a postcode, as far as we read it, of one country."""

    country: str
    beginning: str


def codes(text: str, country: str, *, asked: bool) -> list[Code]:
    """The postcodes that a text may hold; those of several countries where nothing decides."""
    upper = text.upper()
    whole = letters(upper, UK_WHOLE, WHOLE)
    if whole:
        return whole[:1]
    # A beginning alone ("E17", "M4") is a postcode only where one is expected.
    if (is_alone(text) and asked) or announced(text):
        beginnings = letters(upper, UK_BEGINNING, BEGINNING)
        here = [code for code in beginnings if country in ("", code.country)]
        if here:
            return here[:1]
    return digits(text, country, asked=asked)


def letters(
    upper: str, british: re.Pattern[str], others: tuple[tuple[str, re.Pattern[str]], ...]
) -> list[Code]:
    """The postcodes with letters that a text may hold."""
    found = []
    match = british.search(upper)
    if match:
        found.append(Code("GB", match["area"] or match["inner"]))
    for country, pattern in others:
        match = pattern.search(upper)
        if match:
            found.append(Code(country, match["code"]))
    return found


def digits(text: str, country: str, *, asked: bool) -> list[Code]:
    """The postcode that a number is, where it can be one."""
    match = DIGITS.search(text)
    if not match or not (asked or announced(text)):
        return []
    number = match["code"]
    if country in DIGITS_OF:
        of = "US" if country == "PR" else country
        return [Code(of, number)] if len(number) == DIGITS_OF[country] else []
    # A country whose codes we don't read: its five digits are not a ZIP code.
    if country or len(number) != DIGITS_OF["US"]:
        return []
    return [Code(each, number) for each in FIVE_DIGITS]


def is_alone(text: str) -> bool:
    """Whether little else was written."""
    return len(text.split()) <= 2


def announced(text: str) -> bool:
    """Whether the words around a code say that it is a place."""
    words = plain(text).split()
    coded = [place for place, word in enumerate(words) if any(char.isdigit() for char in word)]
    said = any(words[place - 1] in SURE for place in coded if place)
    return bool(coded) and (said or bool(OF_A_CODE & set(words)))
