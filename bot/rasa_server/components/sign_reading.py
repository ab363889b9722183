"""What a message says about danger: which signs, and whether they are affirmed, denied or neither.

A phrase finds the sign; what stands around it decides the status. Nothing found here becomes
an answer by itself: the visitor is asked to confirm (danger.md, invariants 9 and 10).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.rasa_server.components.phrasebook import Phrasebook, common_spelling
from bot.rasa_server.components.sign_status import Cues, Status, Surroundings
from bot.rasa_server.components.word_line import Line, Span, found_in, spans_of
from bot.rasa_server.components.wording import SENTENCE_END, Word, words_of

# Far beyond any message the door lets in; here so that nothing else can be slow either.
LONGEST_TEXT = 20_000
SIGN = "sign"
NOW = "now"
# What is only part of something else that the same words say: "he said he will kill me" is no
# belief, "he hit me years ago" nothing recent, "he texted I want to die" not the visitor's wish.
ONLY_PART_OF = {
    "believes_would_kill": "threat_to_kill",
    "physically_hurt": "physically_hurt_earlier",
    "own_suicidal_thoughts": "suicide_talk",
}


@dataclass(frozen=True)
class Mention:
    """One sign or now-flag in a text."""

    kind: str
    name: str
    status: Status
    start: int
    end: int

    def shares_words_with(self, other: "Mention") -> bool:
        """Whether both were found in the same words."""
        return self.start < other.end and other.start < self.end

    def is_part_of(self, other: "Mention") -> bool:
        """Whether another mention of the same sign already covers these words."""
        return self.name == other.name and other.start <= self.start and self.end <= other.end

    def as_entity(self) -> dict[str, str | int]:
        """The mention in the shape of a Rasa entity; the status is the role of a sign."""
        role = {"role": self.status.value} if self.kind == SIGN else {}
        place = {"start": self.start, "end": self.end}
        return {"entity": self.kind, "value": self.name, **role, **place}


class SignReader:
    """Finds danger signs in messages, in all the languages it has a phrasebook for at once."""

    def __init__(self, books: Sequence[Phrasebook]) -> None:
        self.books = books
        self.spelling = common_spelling(books)

    def read(self, text: str) -> list[Mention]:
        """The signs and now-flags that a message mentions, in the order of the text."""
        whole = self._line(text[:LONGEST_TEXT])
        idioms = [span for book in self.books for span in spans_of(book.idioms, whole)]
        line = whole.without(idioms)
        cues = Cues(line, self.books)
        signs = [*self._signs(line, cues), *self._idioms(whole, idioms)]
        mentions = [*signs, *self._denials(line, cues, signs), *self._now(line, cues)]
        return sorted(
            _first_of_each(_without_parts(mentions)),
            key=lambda mention: (mention.start, mention.end, mention.name),
        )

    def _line(self, text: str) -> Line:
        """The words between two marks, so that the first sentence begins like all others."""
        opening, closing = Word(SENTENCE_END, 0, 0), Word(SENTENCE_END, len(text), len(text))
        return Line([opening, *words_of(text, self.spelling), closing])

    def _signs(self, line: Line, cues: Cues) -> Iterable[Mention]:
        for book in self.books:
            for found in found_in(book.signs, line):
                status = Surroundings(found, cues).status()
                if status is not None:
                    yield Mention(SIGN, found.name, status, *line.in_text(found.span))

    def _idioms(self, line: Line, idioms: list[Span]) -> Iterable[Mention]:
        """What would be a sign if it were meant as it stands: "this traffic is killing me"."""
        if not idioms:
            return
        for book in self.books:
            for found in found_in(book.signs, line):
                if any(span.overlaps(found.span) for span in idioms):
                    yield Mention(SIGN, found.name, Status.IDIOM, *line.in_text(found.span))

    def _denials(self, line: Line, cues: Cues, signs: list[Mention]) -> Iterable[Mention]:
        for book in self.books:
            for found in found_in(book.denials, line):
                denial = Mention(SIGN, found.name, Status.DENIED, *line.in_text(found.span))
                said_otherwise = any(denial.is_part_of(sign) for sign in signs)
                if not said_otherwise and Surroundings(found, cues).is_said_outright():
                    yield denial

    def _now(self, line: Line, cues: Cues) -> Iterable[Mention]:
        for book in self.books:
            for found in found_in(book.now, line):
                if Surroundings(found, cues).happens_now():
                    yield Mention(NOW, found.name, Status.AFFIRMED, *line.in_text(found.span))


def _without_parts(mentions: list[Mention]) -> list[Mention]:
    """Leaves out what is only part of another mention in the same words."""
    wholes = [mention for mention in mentions if mention.name in ONLY_PART_OF.values()]
    return [
        mention
        for mention in mentions
        if not any(
            whole.name == ONLY_PART_OF.get(mention.name) and mention.shares_words_with(whole)
            for whole in wholes
        )
    ]


def _first_of_each(mentions: Iterable[Mention]) -> list[Mention]:
    """One mention for each name and status: the first, and the longest of those."""
    first: dict[tuple[str, str, Status], Mention] = {}
    for mention in sorted(mentions, key=lambda m: (m.start, -m.end)):
        first.setdefault((mention.kind, mention.name, mention.status), mention)
    return list(first.values())
