"""The codes of saved plans: seven plain words, or sixteen digits, shown once. A code is the key.

Seven words of two thousand are 76 bits, sixteen digits 53; each guess costs a run of Argon2id
(bot/plans/sealing.py). The words are those of BIP 39, in English or Spanish, without any that could
tell what it is about.
"""

import re
import secrets
import unicodedata
from collections.abc import Mapping, Sequence
from enum import StrEnum
from functools import cache

from mnemonic import Mnemonic

WORDS, DIGITS = 7, 16
TELLING = 4  # letters: no two words of a list begin with the same four
LISTS = {"en": "english", "es": "spanish"}
LETTERS = re.compile(r"[a-z]+")
SEPARATORS = re.compile(r"[\s.,\-_/]+")


class Kind(StrEnum):
    """What a code is made of."""

    WORDS = "words"
    DIGITS = "digits"


def new_code(kind: Kind, language: str, left_out: Sequence[str] = ()) -> str:
    """A code that nobody had before; `left_out` are words that must not be in one."""
    if kind is Kind.DIGITS:
        digits = "".join(secrets.choice("0123456789") for _ in range(DIGITS))
        return " ".join(digits[place : place + 4] for place in range(0, DIGITS, 4))
    refused = {plain(word) for word in left_out}
    usable = [word for word in word_list(language) if plain(word) not in refused]
    return " ".join(secrets.choice(usable) for _ in range(WORDS))


def read_code(text: str) -> str | None:
    """The code in a text as it is used for a key; None where the text is none.

    Case, accents, hyphens and line breaks don't matter, and the first four letters of a word do.
    """
    digits = SEPARATORS.sub("", text)
    if len(digits) == DIGITS and digits.isascii() and digits.isdigit():
        return digits
    words = LETTERS.findall(plain(text))
    if len(words) != WORDS:
        return None
    return in_full(words, "en") or in_full(words, "es")


def in_full(words: Sequence[str], language: str) -> str | None:
    """The words of a code in full; None where one of them is in no code of the language."""
    known = beginnings(language)
    found = [known.get(word) or known.get(word[:TELLING], "") for word in words]
    fits = all(
        whole and (w == whole or whole.startswith(w)) for w, whole in zip(words, found, strict=True)
    )
    return " ".join(found) if fits else None


def plain(text: str) -> str:
    """A text without case and accents."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


@cache
def word_list(language: str) -> tuple[str, ...]:
    """The words of a language as they are shown, in one piece a letter."""
    words = Mnemonic(LISTS.get(language, LISTS["en"])).wordlist
    return tuple(unicodedata.normalize("NFC", word) for word in words)


@cache
def beginnings(language: str) -> Mapping[str, str]:
    """Each word, without accents, by itself and by its beginning where that is its alone."""
    words = [plain(word) for word in word_list(language)]
    short = [word[:TELLING] for word in words]
    alone = {
        start: word for start, word in zip(short, words, strict=True) if short.count(start) == 1
    }
    return {**alone, **{word: word for word in words}}
