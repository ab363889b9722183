"""What a message says about danger: which signs, and whether they are affirmed, denied or neither.

A phrase finds the sign; what stands around it decides the status. Nothing found here becomes
an answer by itself: the visitor is asked to confirm (danger.md, invariants 9 and 10).
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from bot.rasa_server.components.phrasebook import Phrasebook, common_spelling
from bot.rasa_server.components.wording import SENTENCE_END, Word, words_of

# Far beyond any message the door lets in; here so that nothing else can be slow either.
LONGEST_TEXT = 20_000
# "I never thought, in all these years, that …": further away a "never" is about something else.
REACH_OF_A_CUE = 9
# The visitor's own fear and a reported threat speak of the future, and are affirmed all the same.
ABOUT_THE_FUTURE = frozenset({"believes_would_kill", "threat_to_kill", "holds_weapon_now"})
# An emergency whoever it happens to.
ABOUT_ANYONE = frozenset({"urgent_injury_now", "suicide_attempt_now", "child_in_danger_now"})
# True only while it lasts: "he used to have a gun".
ONLY_WHILE_IT_LASTS = frozenset({"gun_access", "unemployed", "jealous_or_controlling"})


class Status(Enum):
    """How a sign was mentioned."""

    AFFIRMED = "affirmed"
    DENIED = "denied"
    HYPOTHETICAL = "hypothetical"
    PAST = "past"
    OTHER_PERSON = "other_person"


@dataclass(frozen=True)
class Mention:
    """One sign or now-flag in a text."""

    kind: str
    name: str
    status: Status
    start: int
    end: int

    def is_part_of(self, other: "Mention") -> bool:
        """Whether another mention of the same sign already covers these words."""
        return self.name == other.name and other.start <= self.start and self.end <= other.end

    def as_entity(self) -> dict[str, str | int]:
        """The mention in the shape of a Rasa entity; the status is the role of a sign."""
        role = {"role": self.status.value} if self.kind == "sign" else {}
        place = {"start": self.start, "end": self.end}
        return {"entity": self.kind, "value": self.name, **role, **place}


@dataclass(frozen=True)
class Span:
    """A stretch of the line of plain words."""

    start: int
    end: int

    def overlaps(self, other: "Span") -> bool:
        return self.start < other.end and other.start < self.end


class Line:
    """A text as one line of plain words, with the way back to the text."""

    def __init__(self, words: Sequence[Word]) -> None:
        self.words = words
        self.starts: list[int] = []
        place = 0
        for word in words:
            self.starts.append(place)
            place += 1 + len(word.plain)
        self.text = "".join(f" {word.plain}" for word in words) + " "

    def index(self, place: int) -> int:
        """Which word stands at this place of the line."""
        return max(0, bisect_right(self.starts, place) - 1)

    def distance(self, start: int, end: int) -> int:
        """How many words lie between two places."""
        return len(self.text[start:end].split())

    def sentence_around(self, span: Span) -> Span:
        """The sentence in which a span lies, with the mark that opens it."""
        mark = f" {SENTENCE_END} "
        before = self.text.rfind(mark, 0, span.start + 1)
        after = self.text.find(mark, max(span.end - 1, 0))
        return Span(max(before, 0), after + 1 if after >= 0 else len(self.text))

    def in_text(self, span: Span) -> tuple[int, int]:
        """Where a span of the line stands in the text."""
        return self.words[self.index(span.start)].start, self.words[self.index(span.end - 1)].end


@dataclass(frozen=True)
class Found:
    """A phrase found in the line, with the words in its gaps."""

    name: str
    span: Span
    gaps: tuple[Span, ...]


class Cues:
    """Everything in one line that may change what a sign means."""

    def __init__(self, line: Line, books: Iterable[Phrasebook]) -> None:
        self.line = line
        self.spans: dict[str, list[Span]] = {}
        for book in books:
            for cue, pattern in book.cues.items():
                self.spans.setdefault(cue, []).extend(spans_of(pattern, line.text))
        for cue in ("negation", "might"):
            self.spans[cue] = [s for s in self.spans[cue] if not self.within("not_a_cue", s)]

    def within(self, cue: str, span: Span) -> bool:
        """Whether the cue stands in this stretch."""
        return any(other.overlaps(span) for other in self.spans[cue])

    def between(self, cue: str, start: int, end: int) -> bool:
        """Whether the whole cue stands between two places."""
        return any(start <= span.start and span.end <= end for span in self.spans[cue])

    def before(self, cue: str, found: Found, sentence: Span) -> Iterable[Span]:
        """The cues that open before the phrase, or inside one of its gaps, near enough to count."""
        for span in self.spans[cue]:
            in_gap = any(gap.start <= span.start and span.end <= gap.end for gap in found.gaps)
            opens = sentence.start <= span.start < found.span.start
            near = self.line.distance(span.end, found.span.start) <= REACH_OF_A_CUE
            if in_gap or (opens and near):
                yield span


def spans_of(pattern: re.Pattern[str], text: str) -> list[Span]:
    """Where a pattern matches, ends not included."""
    return [Span(match.start(), match.end()) for match in pattern.finditer(text)]


def found_in(patterns: Mapping[str, re.Pattern[str]], text: str) -> Iterable[Found]:
    """Every phrase of these patterns in the line."""
    for name, pattern in patterns.items():
        for match in pattern.finditer(text):
            groups = range(1, (pattern.groups or 0) + 1)
            gaps = tuple(Span(*match.span(group)) for group in groups if match.group(group))
            yield Found(name, Span(match.start(), match.end()), gaps)


class SignReader:
    """Finds danger signs in messages, in all the languages it has a phrasebook for at once."""

    def __init__(self, books: Sequence[Phrasebook]) -> None:
        self.books = books
        self.spelling = common_spelling(books)

    def read(self, text: str) -> list[Mention]:
        """The signs and now-flags that a message mentions, in the order of the text."""
        line = self._line(text[:LONGEST_TEXT])
        cues = Cues(line, self.books)
        signs = list(self._signs(line, cues))
        mentions = [*signs, *self._denials(line, cues, signs), *self._now(line, cues)]
        return sorted(
            _without_repeats(_without_threats_as_fears(mentions)),
            key=lambda mention: (mention.start, mention.end, mention.name),
        )

    def _line(self, text: str) -> Line:
        ends = Word(SENTENCE_END, 0, 0), Word(SENTENCE_END, len(text), len(text))
        line = Line([ends[0], *words_of(text, self.spelling), ends[1]])
        idioms = [span for book in self.books for span in spans_of(book.idioms, line.text)]
        if not idioms:
            return line
        return Line([w for w, s in zip(line.words, line.starts) if not _covered(s, idioms)])

    def _signs(self, line: Line, cues: Cues) -> Iterable[Mention]:
        for book in self.books:
            for found in found_in(book.signs, line.text):
                status = _status(found, line, cues)
                if status is not None:
                    yield Mention("sign", found.name, status, *line.in_text(found.span))

    def _denials(self, line: Line, cues: Cues, signs: list[Mention]) -> Iterable[Mention]:
        for book in self.books:
            for found in found_in(book.denials, line.text):
                start, end = line.in_text(found.span)
                denial = Mention("sign", found.name, Status.DENIED, start, end)
                said_otherwise = any(denial.is_part_of(sign) for sign in signs)
                if not said_otherwise and _is_said_of_this_person(found, line, cues):
                    yield denial

    def _now(self, line: Line, cues: Cues) -> Iterable[Mention]:
        for book in self.books:
            for found in found_in(book.now, line.text):
                if _happens_now(found, line, cues):
                    yield Mention("now", found.name, Status.AFFIRMED, *line.in_text(found.span))


def _covered(start: int, spans: Iterable[Span]) -> bool:
    return any(span.start <= start < span.end for span in spans)


def _without_threats_as_fears(mentions: list[Mention]) -> list[Mention]:
    """ "He said he will kill me" is what was said, and not yet what the visitor believes."""
    threats = [mention for mention in mentions if mention.name == "threat_to_kill"]

    def is_threat(mention: Mention) -> bool:
        return mention.name == "believes_would_kill" and any(
            mention.start < threat.end and threat.start < mention.end for threat in threats
        )

    return [mention for mention in mentions if not is_threat(mention)]


def _without_repeats(mentions: Iterable[Mention]) -> list[Mention]:
    """One mention for each name and status, the first; "hit" inside "hit me" says nothing new."""
    first: dict[tuple[str, str, Status], Mention] = {}
    for mention in sorted(mentions, key=lambda m: (m.start, -m.end)):
        first.setdefault((mention.kind, mention.name, mention.status), mention)
    return list(first.values())


def _happens_now(found: Found, line: Line, cues: Cues) -> bool:
    """Whether it is so at this moment; for someone else too, if the visitor says "right now"."""
    sentence = line.sentence_around(found.span)
    said_now = cues.within("right_now", sentence)
    before, after = Span(sentence.start, found.span.start), Span(found.span.end, sentence.end)
    another_time = cues.within("not_now", before) or cues.within("not_now", after)
    status = _status(found, line, cues)
    if status is Status.OTHER_PERSON and found.name not in ABOUT_ANYONE:
        return said_now
    if status is Status.OTHER_PERSON:
        status = Status.AFFIRMED
    return status is Status.AFFIRMED and (said_now or not another_time)


def _status(found: Found, line: Line, cues: Cues) -> Status | None:
    sentence = line.sentence_around(found.span)
    if cues.within("story", sentence) or cues.within("visitor_does", found.span):
        return None
    if _about_someone_else(found, line, cues):
        return Status.OTHER_PERSON
    if _with_another_partner(found, cues, sentence):
        return Status.PAST
    if _denied(found, line, cues, sentence):
        return Status.DENIED
    if _hypothetical(found, cues, sentence):
        return Status.HYPOTHETICAL
    return None if _only_asks_about(found, cues, sentence) else Status.AFFIRMED


def _is_said_of_this_person(found: Found, line: Line, cues: Cues) -> bool:
    sentence = line.sentence_around(found.span)
    supposed = _hypothetical(found, cues, sentence) or cues.within("story", sentence)
    return not supposed and not _about_someone_else(found, line, cues)


def _only_asks_about(found: Found, cues: Cues, sentence: Span) -> bool:
    """Whether the sentence asks what something is, and not about the visitor."""
    return cues.within("asking_about", sentence) and not cues.within("visitor", found.span)


def _part_around(found: Found, cues: Cues, sentence: Span) -> Span:
    """The part of the sentence, between "but" and "but", in which the phrase stands."""
    start, end = sentence.start, sentence.end
    for turn in cues.spans["turn"]:
        if start <= turn.start <= found.span.start:
            start = max(start, turn.end)
        elif found.span.end <= turn.start < end:
            end = turn.start
    return Span(start, end)


def _about_someone_else(found: Found, line: Line, cues: Cues) -> bool:
    if cues.within("visitor", found.span):
        return False
    if cues.within("someone_else", found.span):
        return not cues.within("someone_else_speaks", found.span)
    if cues.within("for_someone_else", Span(0, len(line.text))):
        return True
    part = _part_around(found, cues, line.sentence_around(found.span))
    before = Span(part.start, found.span.start)
    if cues.within("someone_else_speaks", before):
        return False
    return cues.within("someone_else", before)


def _with_another_partner(found: Found, cues: Cues, sentence: Span) -> bool:
    """Whether it is over: with somebody else, or, for what can end, with this person too."""
    if found.name in ONLY_WHILE_IT_LASTS and cues.within("no_longer", sentence):
        return True
    if found.name == "child_not_theirs":
        return False  # "from a previous relationship" is the point
    return cues.within("another_partner", _part_around(found, cues, sentence))


def _denied(found: Found, line: Line, cues: Cues, sentence: Span) -> bool:
    if any(span.start == found.span.end for span in cues.spans["negation_after"]):
        return True
    for span in cues.before("negation_across", found, sentence):
        if not cues.between("turn", span.end, found.span.start):
            return True
    negations = cues.before("negation", found, sentence)
    return any(_reaches(span, found, line, cues, sentence) for span in negations)


def _reaches(negation: Span, found: Found, line: Line, cues: Cues, sentence: Span) -> bool:
    """Whether a "not" still holds where the phrase begins."""
    if negation.start >= found.span.start:
        return True  # inside a gap of the phrase: "he doesn't … have a gun"
    between = (negation.end, found.span.start)
    if cues.between("negation_ends", *between):
        return False
    if _subject_between(negation.end, found, cues):
        return False
    if " , " in line.text[negation.end : found.span.start + 1]:
        return cues.within("negation_list", Span(negation.end, sentence.end))
    return True


def _subject_between(start: int, found: Found, cues: Cues) -> bool:
    """Whether somebody new begins to act between a cue and the phrase, or as it begins."""
    return any(
        start <= span.start <= found.span.start and span.end <= found.span.end
        for span in cues.spans["subject"]
    )


def _hypothetical(found: Found, cues: Cues, sentence: Span) -> bool:
    if any(True for _ in cues.before("unsure", found, sentence)):
        return True
    if found.name in ABOUT_THE_FUTURE or cues.within("happens", sentence):
        return False
    if _expected(cues.before("might", found, sentence), found, cues):
        return True
    # A threat to shoot is no shot yet; but the gun is there.
    threats = cues.before("threatens", found, sentence)
    return found.name not in ONLY_WHILE_IT_LASTS and _expected(threats, found, cues)


def _expected(openings: Iterable[Span], found: Found, cues: Cues) -> bool:
    return any(
        span.end > found.span.start or not _subject_between(span.end, found, cues)
        for span in openings
    )
