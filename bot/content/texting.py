"""How a number to text is written in our lists: "741741", or with a word, "HOME to 741741"."""

from __future__ import annotations

import re

WORD_TO_NUMBER = re.compile(r"(?P<word>[^\W\d_]+) to (?P<number>\d[\d ]*)")


def word_and_number(written: str) -> tuple[str, str]:
    """The word that is sent, "" where any will do, and the number."""
    found = WORD_TO_NUMBER.match(written)
    return (found["word"], found["number"].strip()) if found else ("", written)
