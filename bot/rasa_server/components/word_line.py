"""A text as one line of plain words, in which phrases are found and led back to the text."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.rasa_server.components.wording import COMMA, SENTENCE_END, Word


@dataclass(frozen=True)
class Span:
    """A stretch of the line."""

    start: int
    end: int

    def overlaps(self, other: "Span") -> bool:
        """Whether the two share a place."""
        return self.start < other.end and other.start < self.end

    def holds(self, other: "Span") -> bool:
        """Whether the other lies wholly inside."""
        return self.start <= other.start and other.end <= self.end


@dataclass(frozen=True)
class Found:
    """A phrase found in the line, with the words in its gaps."""

    name: str
    span: Span
    gaps: tuple[Span, ...]


class Line:
    """The words of a text with a space before each and after the last."""

    def __init__(self, words: Sequence[Word]) -> None:
        self.words = words
        self.starts: list[int] = []
        place = 0
        for word in words:
            self.starts.append(place)
            place += 1 + len(word.plain)
        self.text = "".join(f" {word.plain}" for word in words) + " "

    def words_between(self, start: int, end: int) -> int:
        """How many words lie between two places."""
        return len(self.text[start:end].split())

    def has_comma(self, start: int, end: int) -> bool:
        """Whether a comma stands between two places."""
        return f" {COMMA} " in self.text[start : end + 1]

    def sentence_around(self, span: Span) -> Span:
        """The sentence in which a span lies, with the mark that opens it."""
        mark = f" {SENTENCE_END} "
        before = self.text.rfind(mark, 0, span.start + 1)
        after = self.text.find(mark, max(span.end - 1, 0))
        return Span(max(before, 0), after + 1 if after >= 0 else len(self.text))

    def in_text(self, span: Span) -> tuple[int, int]:
        """Where a span of the line stands in the text."""
        return self._word_at(span.start).start, self._word_at(span.end - 1).end

    def without(self, spans: Sequence[Span]) -> "Line":
        """The line with these stretches taken out."""
        if not spans:
            return self
        kept = [
            word
            for word, start in zip(self.words, self.starts, strict=True)
            if not any(span.start <= start < span.end for span in spans)
        ]
        return Line(kept)

    def _word_at(self, place: int) -> Word:
        return self.words[max(0, bisect_right(self.starts, place) - 1)]


def spans_of(pattern: re.Pattern[str], line: Line) -> list[Span]:
    """Where a pattern matches."""
    return [Span(match.start(), match.end()) for match in pattern.finditer(line.text)]


def found_in(patterns: Mapping[str, re.Pattern[str]], line: Line) -> Iterable[Found]:
    """Every phrase of these patterns in the line."""
    for name, pattern in patterns.items():
        for match in pattern.finditer(line.text):
            groups = range(1, pattern.groups + 1)
            gaps = tuple(Span(*match.span(group)) for group in groups if match.group(group))
            yield Found(name, Span(match.start(), match.end()), gaps)
