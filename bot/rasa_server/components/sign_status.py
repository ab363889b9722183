"""How a sign was mentioned: what stands around a phrase decides.

The words for it are the `cues` of the phrase files; here is how far each of them reaches.
"""

from collections.abc import Iterable
from enum import Enum

from bot.rasa_server.components.phrasebook import Phrasebook
from bot.rasa_server.components.word_line import Found, Line, Span, spans_of

# "I never thought, in all these years, that …": further away a "never" is about something else.
REACH_OF_A_CUE = 9
# The visitor's own fear and a reported threat speak of the future, and are affirmed all the same.
ABOUT_THE_FUTURE = frozenset({"believes_would_kill", "threat_to_kill", "holds_weapon_now"})
# An emergency, whoever it happens to.
ABOUT_ANYONE = frozenset({"urgent_injury_now", "suicide_attempt_now", "child_in_danger_now"})
# True only while it lasts: "he used to have a gun".
ONLY_WHILE_IT_LASTS = frozenset({"gun_access", "unemployed", "jealous_or_controlling"})
# Somebody else belongs to these: "he hit my sister", "his father died", "i lost my friends".
WITH_SOMEBODY_ELSE = frozenset(
    {"hurt_or_threatened_others", "recent_loss", "exhausted_or_isolated"}
)
# "From a previous relationship" is the very point of it.
FROM_BEFORE = "child_not_theirs"


class Status(Enum):
    """How a sign was mentioned."""

    AFFIRMED = "affirmed"
    DENIED = "denied"
    HYPOTHETICAL = "hypothetical"
    PAST = "past"
    OTHER_PERSON = "other_person"
    IDIOM = "idiom"
    """A figure of speech, or told of a film, a book, the news."""


class Cues:
    """Everything in one line that may change what a sign means."""

    def __init__(self, line: Line, books: Iterable[Phrasebook]) -> None:
        self.line = line
        self.spans: dict[str, list[Span]] = {}
        for book in books:
            for cue, pattern in book.cues.items():
                self.spans.setdefault(cue, []).extend(spans_of(pattern, line))
        for cue in ("negation", "might"):
            self.spans[cue] = [s for s in self.spans[cue] if not self.within("not_a_cue", s)]

    def within(self, cue: str, span: Span) -> bool:
        """Whether the cue stands in this stretch, or reaches into it."""
        return any(other.overlaps(span) for other in self.spans[cue])

    def between(self, cue: str, start: int, end: int) -> bool:
        """Whether the whole cue stands between two places."""
        return any(Span(start, end).holds(span) for span in self.spans[cue])


class Surroundings:
    """A phrase in its sentence."""

    def __init__(self, found: Found, cues: Cues) -> None:
        self.found = found
        self.span = found.span
        self.cues = cues
        self.sentence = cues.line.sentence_around(found.span)

    def status(self) -> Status | None:
        """How the sign is mentioned; nothing when nobody's life is meant."""
        if self._is_no_sign():
            return Status.IDIOM if self._is_a_story() else None
        if self.is_about_someone_else():
            return Status.OTHER_PERSON
        if self._is_over():
            return Status.PAST
        if self._is_denied():
            return Status.DENIED
        if self._is_supposed():
            return Status.HYPOTHETICAL
        return None if self._is_only_asked_about() else Status.AFFIRMED

    def happens_now(self) -> bool:
        """Whether it is so at this moment."""
        status = self.status()
        if status is Status.OTHER_PERSON and self.found.name not in ABOUT_ANYONE:
            return self._says_now()
        if status in (Status.AFFIRMED, Status.OTHER_PERSON):
            return self._says_now() or not self._is_at_another_time()
        return False

    def is_said_outright(self) -> bool:
        """Whether a flat "no guns" is meant as it stands."""
        if self._is_no_sign() or self.is_about_someone_else():
            return False
        return not self._is_supposed()

    def is_about_someone_else(self) -> bool:
        """Whether it happened to somebody the visitor speaks of."""
        cues = self.cues
        if cues.within("visitor", self.span):
            return False
        belongs = self.found.name in WITH_SOMEBODY_ELSE
        if not belongs and cues.within("someone_else", self.span):
            return not cues.within("someone_else_speaks", self.span)
        if cues.within("for_someone_else", Span(0, len(cues.line.text))):
            return True
        before = Span(self._part().start, self.span.start)
        if cues.within("someone_else_speaks", before):
            return False
        return cues.within("someone_else", before)

    def _is_no_sign(self) -> bool:
        return self._is_a_story() or self.cues.within("visitor_does", self.span)

    def _is_a_story(self) -> bool:
        return self.cues.within("story", self.sentence)

    def _is_only_asked_about(self) -> bool:
        asked = self.cues.within("asking_about", self.sentence)
        return asked and not self.cues.within("visitor", self.span)

    def _is_over(self) -> bool:
        """Whether it was with somebody else or, for what can end, is no longer so."""
        name = self.found.name
        if name in ONLY_WHILE_IT_LASTS and self.cues.within("no_longer", self.sentence):
            return True
        return name != FROM_BEFORE and self.cues.within("another_partner", self._part())

    def _is_denied(self) -> bool:
        if any(span.start == self.span.end for span in self.cues.spans["negation_after"]):
            return True
        if any(self._reaches_across(span) for span in self._before("negation_across")):
            return True
        return any(self._reaches(span) for span in self._before("negation"))

    def _reaches_across(self, negation: Span) -> bool:
        return not self.cues.between("turn", negation.end, self.span.start)

    def _reaches(self, negation: Span) -> bool:
        """Whether a "not" still holds where the phrase begins."""
        if negation.start >= self.span.start:
            return True  # inside a gap of the phrase: "he doesn't … have a gun"
        if self.cues.between("negation_ends", negation.end, self.span.start):
            return False
        if self._somebody_acts_after(negation.end):
            return False
        if self.cues.line.has_comma(negation.end, self.span.start):
            return self.cues.within("negation_list", Span(negation.end, self.sentence.end))
        return True

    def _is_supposed(self) -> bool:
        name = self.found.name
        if any(True for _ in self._before("unsure")):
            return True
        if name in ABOUT_THE_FUTURE or self.cues.within("happens", self.sentence):
            return False
        if any(self._opens(span) for span in self._before("might")):
            return True
        # A threat to shoot is no shot yet; but the gun is there.
        threats = () if name in ONLY_WHILE_IT_LASTS else self._before("threatens")
        return any(self._opens(span) for span in threats)

    def _opens(self, cue: Span) -> bool:
        """Whether what a "might" or an "if" opens is this phrase and not another clause."""
        if cue.end > self.span.start:
            return True
        new_clause = self.cues.line.has_comma(cue.end, self.span.start)
        return not new_clause and not self._somebody_acts_after(cue.end)

    def _somebody_acts_after(self, place: int) -> bool:
        """Whether somebody new begins to act before the phrase, or as it begins."""
        return any(
            place <= span.start <= self.span.start and span.end <= self.span.end
            for span in self.cues.spans["subject"]
        )

    def _says_now(self) -> bool:
        return self.cues.within("right_now", self.sentence)

    def _is_at_another_time(self) -> bool:
        before = Span(self.sentence.start, self.span.start)
        after = Span(self.span.end, self.sentence.end)
        return self.cues.within("not_now", before) or self.cues.within("not_now", after)

    def _before(self, cue: str) -> Iterable[Span]:
        """The cues that open before the phrase, or in one of its gaps, near enough to count."""
        for span in self.cues.spans[cue]:
            if any(gap.holds(span) for gap in self.found.gaps) or self._opens_near(span):
                yield span

    def _opens_near(self, cue: Span) -> bool:
        """Whether a cue stands in the sentence before the phrase, and near; counting comes last."""
        if not self.sentence.start <= cue.start < self.span.start:
            return False
        return self.cues.line.words_between(cue.end, self.span.start) <= REACH_OF_A_CUE

    def _part(self) -> Span:
        """The part of the sentence, between "but" and "but", in which the phrase stands."""
        start, end = self.sentence.start, self.sentence.end
        for turn in self.cues.spans["turn"]:
            if start <= turn.start <= self.span.start:
                start = max(start, turn.end)
            elif self.span.end <= turn.start < end:
                end = turn.start
        return Span(start, end)
