"""Numbers to dial: whether they can be right, and as they are dialled from inside the country.

Short codes differ from country to country and are known to no library in full (reference
services.md §2.2): they stay as they are written and are never shown without their country.
"""

from __future__ import annotations

import re

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat

from bot.content.texting import word_and_number

LONGEST_SHORT_CODE = 6
EXTENSION = re.compile(r"\s*(?:x|ext\.?|extension)\s*\d+\s*$", re.IGNORECASE)
AFTER = re.compile(r"[\s,;]+(?:then|or|and|option|press)\b.*|\s*[;/].*|\s*\([a-z].*", re.IGNORECASE)
"""What stands behind a number: what is pressed then, a second number, a remark."""
BEFORE = re.compile(r"^[^\d+*#(]+")


def dialled(written: str) -> str:
    """What is dialled of a number as it is written: "988 then press 1", "HOME to 741741"."""
    _, number = word_and_number(written.strip())
    return BEFORE.sub("", AFTER.sub("", number))


def digits_of(number: str) -> str:
    """The digits of a number; letters of a vanity number as the digits they stand for."""
    return phonenumbers.normalize_digits_only(
        phonenumbers.convert_alpha_characters_in_number(EXTENSION.sub("", dialled(number)))
    )


def is_short_code(number: str) -> bool:
    """Whether a number is dialled as it is, without a country or an area."""
    return not number.strip().startswith("+") and 0 < len(digits_of(number)) <= LONGEST_SHORT_CODE


def can_be_right(number: str, country: str) -> bool:
    """Whether a number can be one of its country; a short code always can."""
    if is_short_code(number):
        return True
    try:
        parsed = phonenumbers.parse(dialled(number), country or None)
    except NumberParseException:
        return False
    return phonenumbers.is_possible_number(parsed) and phonenumbers.is_valid_number(parsed)


def shown(number: str, country: str, here: str) -> str:
    """A number as somebody in the country `here` dials it; as written if it can't be read."""
    more_is_said = dialled(number) != number.strip()
    if is_short_code(number) or not country or more_is_said:
        return number
    try:
        parsed = phonenumbers.parse(number, country)
    except NumberParseException:
        return number
    if country == here and not re.search("[a-z]", EXTENSION.sub("", number), re.IGNORECASE):
        return phonenumbers.format_number(parsed, PhoneNumberFormat.NATIONAL)
    return phonenumbers.format_out_of_country_calling_number(parsed, here) if here else number
