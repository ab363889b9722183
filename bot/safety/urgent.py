"""Words that cannot wait for a model: leaving, and danger right now.

The phrases are content; this module only finds them. They are written one a line, in plain
letters: `hes|shes here` gives a choice, `_` stands for up to three words, `now?` may be missing.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from bot.safety.signs import Now

STOP = "."  # the end of a clause in plain text
NOTHING = "(?!)"  # a regular expression that nothing matches

# A word that takes the urgency away counts only this near before the phrase.
NEAR = 4


def plain(text: str) -> str:
    """A text in plain letters: no case, accents, apostrophes or drawn-out letters.

    Clauses stay apart by a lone full stop, so that a phrase never spans two of them.
    """
    # First to plain letters: capitals of fonts that are copied from elsewhere have no small ones.
    folded = unicodedata.normalize("NFKD", text).casefold()
    decomposed = unicodedata.normalize("NFKD", folded)
    letters = "".join(char for char in decomposed if not unicodedata.combining(char))
    letters = re.sub(r"[’'`´ʼ\u034f\u200d\ufe0f]", "", letters)  # the last three can't be seen
    letters = re.sub(r"(\w)\1{2,}", r"\1", letters)
    letters = re.sub(r"[.,;:!?¡¿\n()]+", f" {STOP} ", letters)
    return " ".join(re.sub(r"[^\w.]+", " ", letters).split())


def plain_words(text: str) -> list[str]:
    """The words of a text in plain letters, whatever clause they stand in."""
    return plain(text).replace(STOP, " ").split()


def pattern(phrase: str) -> str:
    """The regular expression of one phrase."""
    parts = []
    for word in phrase.split():
        choice = "|".join(re.escape(each) for each in word.rstrip("?").split("|"))
        if word == "_":
            parts.append(r"(?:[^\s.]+ ){0,3}")
        elif word.endswith("?"):
            parts.append(f"(?:(?:{choice}) )?")
        else:
            parts.append(f"(?:{choice}) ")
    return "".join(parts)


def any_of(phrases: Iterable[str]) -> re.Pattern[str]:
    """Finds any of the phrases where a word begins; without phrases it finds nothing."""
    choice = "|".join(pattern(each) for each in phrases)
    return re.compile(rf"(?<!\S)(?:{choice or NOTHING})")


@dataclass(frozen=True)
class UrgentWords:
    """The phrases of one language: how people leave, what is urgent, what takes urgency away."""

    leave: tuple[str, ...]
    urgent: Mapping[Now, tuple[str, ...]]
    calm: tuple[str, ...]

    @cached_property
    def _leave(self) -> frozenset[str]:
        return frozenset(plain(each) for each in self.leave)

    @cached_property
    def _urgent(self) -> dict[Now, re.Pattern[str]]:
        return {now: any_of(phrases) for now, phrases in self.urgent.items()}

    @cached_property
    def _calm(self) -> re.Pattern[str]:
        return any_of(self.calm)

    def asks_to_leave(self, text: str) -> bool:
        """Whether the whole message is a word for leaving the page."""
        return plain(text).strip(f" {STOP}") in self._leave

    def found(self, text: str) -> frozenset[Now]:
        """What makes this moment an emergency, as far as the words say so."""
        words = plain(text) + " "
        return frozenset(
            now
            for now, phrases in self._urgent.items()
            if any(self._counts(words, match.start()) for match in phrases.finditer(words))
        )

    def _counts(self, words: str, start: int) -> bool:
        """Whether nothing just before in the same clause takes the urgency away."""
        clause = words[:start].rpartition(f"{STOP} ")[2]
        before = " ".join(clause.split()[-NEAR:]) + " "
        return not self._calm.search(before)


def asks_to_leave(text: str, languages: Iterable[UrgentWords]) -> bool:
    """Whether a message asks to leave in any language."""
    return any(words.asks_to_leave(text) for words in languages)


def urgent_in(text: str, languages: Iterable[UrgentWords]) -> frozenset[Now]:
    """What is urgent in a message, in any language: people in danger mix them."""
    return frozenset(now for words in languages for now in words.found(text))
