"""How names are written and how they sound, so that they can be compared."""

from __future__ import annotations

import re

from bot.services.letters import plain_letters

NOT_A_LETTER = re.compile(r"[^a-z0-9]+")
APOSTROPHES = str.maketrans("", "", "'’`´")
LATIN = re.compile(r"[a-z0-9 ]+")

# Letters that people who write by ear exchange, in Spanish above all: vadajoz, ermosillo.
BY_EAR = tuple(
    (re.compile(pattern), letter)
    for pattern, letter in (
        (r"gu(?=[ei])", "g"), (r"g(?=[ei])", "j"), (r"x", "j"), (r"ch", "X"), (r"h", ""),
        (r"qu", "k"), (r"c(?=[ei])", "s"), (r"c", "k"), (r"z", "s"), (r"v", "b"), (r"w", "u"),
        (r"ll", "y"), (r"(.)\1", r"\1"), (r" ", ""),
    )
)  # fmt: skip


def plain(text: str) -> str:
    """Small letters and digits with single blanks: "Ñuñoa, Chile" is "nunoa chile"."""
    return NOT_A_LETTER.sub(" ", plain_letters(text.translate(APOSTROPHES))).strip()


def is_latin(name: str) -> bool:
    """Whether nothing of a name is lost when it is made plain."""
    if name.isascii():
        return bool(name.strip())
    letters = re.sub(r"[\s.,()/–-]+", "", plain_letters(name.translate(APOSTROPHES)))
    return bool(letters) and bool(LATIN.fullmatch(letters))


def by_ear(name: str) -> str:
    """A plain name as it sounds: names that sound the same are written the same."""
    for pattern, letter in BY_EAR:
        name = pattern.sub(letter, name)
    return name
