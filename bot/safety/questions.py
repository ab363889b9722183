"""Which question comes next, and what an answer to it means."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from bot.safety.danger import Answer, Sign
from bot.safety.when import ALWAYS, When, facts_of

SKIPPED = "skip"

# The twelfth question, S12: open, read by people, never by a rule.
OTHER_WORRY = "other_worry"

# Field practice: after at most three hard questions in a row, a word on how far we are.
CHECK_IN_EVERY = 3


@dataclass(frozen=True)
class Question:
    """One question: its words are found by `id`, its answer is kept under `key`.

    `about` names what a repeated question is about (a plan section, a plan item).
    `understands` maps what a visitor may mean by writing (an intent) to an option.
    `says` lists the messages that an answer brings; `first` those said before asking.
    """

    id: str
    about: str = ""
    options: tuple[str, ...] = ()
    takes: str = "choice"  # choice | text (a story) | words (kept as written) | place
    when: When = ALWAYS
    understands: Mapping[str, str] = field(default_factory=dict)
    says: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    first: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """The name under which the answer is kept."""
        return f"{self.id}/{self.about}" if self.about else self.id

    @property
    def sign(self) -> Sign | None:
        """The danger sign that this question asks about, if it does."""
        return Sign(self.id) if self.id in SIGN_NAMES else None

    @property
    def about_danger(self) -> bool:
        """Whether this is one of the twelve questions of the statutory assessment."""
        return self.id in SIGN_NAMES or self.id == OTHER_WORRY


SIGN_NAMES = frozenset(sign.value for sign in Sign)


def next_question(questions: Iterable[Question], answers: Mapping[str, str]) -> Question | None:
    """The first question that fits and has no answer yet; None when all are answered."""
    facts = facts_of(answers)
    return next(
        (each for each in questions if each.key not in answers and each.when.holds(facts)), None
    )


def sign_answers(answers: Mapping[str, str]) -> dict[Sign, Answer]:
    """The danger signs among the answers; skipped and "not sure" are UNKNOWN, never NO."""
    meaning = {"yes": Answer.YES, "no": Answer.NO}
    return {
        Sign(key): meaning.get(value, Answer.UNKNOWN)
        for key, value in answers.items()
        if key in SIGN_NAMES
    }


def danger_progress(questions: Sequence[Question], answers: Mapping[str, str]) -> tuple[int, int]:
    """How many of the danger questions are behind us, and how many there are in all.

    A question that may still come counts: what is not answered yet could be a yes.
    """
    possible = facts_of(answers) | {each.key for each in questions if each.key not in answers}
    asked = [each for each in questions if each.about_danger]
    behind = [each for each in asked if each.key in answers]
    ahead = [each for each in asked if each.key not in answers and each.when.holds(possible)]
    return len(behind), len(behind) + len(ahead)


def check_in_is_due(done: int) -> bool:
    """Whether it is time to say how far we are, after so many danger questions."""
    return done > 0 and done % CHECK_IN_EVERY == 0
