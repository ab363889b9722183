"""A message as its words: spelled plainly, each one knowing where it stood in the text."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

SENTENCE_END = "."
COMMA = ","
MARKS = {**dict.fromkeys(".!?;…\n¿¡", SENTENCE_END), **dict.fromkeys(",:()—–/", COMMA)}
# A word keeps the apostrophe inside it ("don't"); everything else that matters is a mark.
PIECE = re.compile(r"\w+(?:['\u2019\u2018\u00b4`\u02bc]\w+)*['\u2019]?|[.!?;…\n¿¡,:()—–/]")
RUN_OF_THREE = re.compile(r"(.)\1{2,}")
SHORTEST_TO_UNSCRAMBLE = 6


@dataclass(frozen=True)
class Word:
    """A word, or a mark that ends something, as it is compared and where it stood."""

    plain: str
    start: int
    end: int


# The one accent that turns an "if" into a "yes".
YES = "sí"


def plain(text: str) -> str:
    """The text without case, accents and apostrophes: "Don’t" and "dont" become the same."""
    if text.lower() == YES:
        return YES
    spread = unicodedata.normalize("NFKD", text.lower())
    return "".join(letter for letter in spread if letter.isalnum() or letter in " *")


def scrambled(word: str) -> str:
    """A key that two spellings share when only letters inside have changed places or doubled."""
    single = re.sub(r"(.)\1+", r"\1", word)
    return single[:1] + "".join(sorted(single[1:-1])) + single[-1:]


@dataclass(frozen=True)
class Spelling:
    """Which words are known, and which wrong spellings mean one of them."""

    known: frozenset[str]
    meant: Mapping[str, str] = field(default_factory=dict)
    unscrambled: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, known: Iterable[str], misspelled: Mapping[str, Iterable[str]]) -> "Spelling":
        """A spelling that knows these words and these ways of getting them wrong."""
        meant = {plain(wrong): plain(right) for right, ws in misspelled.items() for wrong in ws}
        words = frozenset(plain(word) for word in known)
        long_words = (word for word in sorted(words) if len(word) >= SHORTEST_TO_UNSCRAMBLE)
        return cls(words, meant, {scrambled(word): word for word in long_words})

    def correct(self, word: str) -> str:
        """The known word that was meant, or the word as it is."""
        if word in self.known:
            return word
        word = self._without_runs(word)
        if word in self.known:
            return word
        if word in self.meant:
            return self.meant[word]
        if len(word) >= SHORTEST_TO_UNSCRAMBLE:
            return self.unscrambled.get(scrambled(word), word)
        return word

    def _without_runs(self, word: str) -> str:
        doubled = RUN_OF_THREE.sub(r"\1\1", word)
        if doubled == word or doubled in self.known:
            return doubled
        return RUN_OF_THREE.sub(r"\1", word)


def words_of(text: str, spelling: Spelling) -> list[Word]:
    """The words and marks of a text, in order."""
    return [word for piece in PIECE.finditer(text) if (word := _word(piece, spelling))]


def _word(piece: re.Match[str], spelling: Spelling) -> Word | None:
    mark = MARKS.get(piece.group())
    text = mark or spelling.correct(plain(piece.group()))
    return Word(text, piece.start(), piece.end()) if text else None
