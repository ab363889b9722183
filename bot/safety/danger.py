"""How much danger the answers show, by the statutory lethality assessment.

The items and their rule are public law (Utah Code 77-36-2.1; Fla. Stat. 741.29), in our own
plain wording. It is a wide net and no prediction: nothing here is ever called low or safe.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

SOURCE = "Utah Code 77-36-2.1 / Fla. Stat. 741.29"


class Answer(Enum):
    """What was said about a sign; silence and "not sure" are UNKNOWN, never NO."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class Sign(Enum):
    """The signs of the statutory assessment, S1 to S11, in the order of the statute."""

    WEAPON = "weapon"
    THREAT_TO_KILL = "threat_to_kill"
    BELIEVES_WOULD_KILL = "believes_would_kill"
    STRANGLED = "strangled"
    GUN_ACCESS = "gun_access"
    JEALOUS_OR_CONTROLLING = "jealous_or_controlling"
    SEPARATED = "separated"
    UNEMPLOYED = "unemployed"
    SUICIDE_ATTEMPT = "suicide_attempt"
    CHILD_NOT_THEIRS = "child_not_theirs"
    STALKING = "stalking"


class Now(Enum):
    """What makes this moment an emergency, N1 to N6; not given means not set."""

    PERSON_HERE = "person_here_now"
    HOLDS_WEAPON = "holds_weapon_now"
    URGENT_INJURY = "urgent_injury_now"
    SUICIDE_ATTEMPT = "suicide_attempt_now"
    CHILD_IN_DANGER = "child_in_danger_now"
    LOCKED_IN = "locked_in_now"


# Statute, first limb: one yes among S1 to S4 is enough. Utah Code 77-36-2.1.
FIRST_LIMB = tuple(Sign)[:4]

# Statute, second limb: four of the seven lesser signs, S5 to S11. Utah Code 77-36-2.1.
SECOND_LIMB = tuple(Sign)[4:]
FOUR_OR_MORE = 4


class Finding(Enum):
    """What there is to explain, in one word; none of them means safe."""

    NOT_ASKED = "not_asked"
    TRIGGERED = "triggered"
    SOME = "some"
    NONE = "none"


@dataclass(frozen=True)
class Statute:
    """What the statutory rule says: `triggered` is None when nothing was answered."""

    triggered: bool | None
    limb: int | None = None
    items: tuple[Sign, ...] = ()


@dataclass(frozen=True)
class Assessment:
    """What the answers show: the signs named, the statute, and what is still open."""

    named: tuple[Sign, ...]
    statute: Statute
    unanswered: tuple[Sign, ...]
    unanswered_that_matter: tuple[Sign, ...]


def assess(answers: Mapping[Sign, Answer], *, judged_lethal: bool = False) -> Assessment:
    """The assessment of these answers; a sign that is missing counts as unknown.

    `judged_lethal` is the third limb, an advocate's judgement of the open question.
    """
    return Assessment(
        named=yes_among(tuple(Sign), answers),
        statute=statute(answers, judged_lethal=judged_lethal),
        unanswered=tuple(s for s in Sign if answer_to(s, answers) is Answer.UNKNOWN),
        unanswered_that_matter=unanswered_that_matter(answers),
    )


def finding(assessment: Assessment) -> Finding:
    """What an assessment gives to explain."""
    if assessment.statute.triggered is None:
        return Finding.NOT_ASKED
    if assessment.statute.triggered:
        return Finding.TRIGGERED
    return Finding.SOME if assessment.named else Finding.NONE


def statute(answers: Mapping[Sign, Answer], *, judged_lethal: bool = False) -> Statute:
    """The statutory rule, exactly: any of S1-S4, else four of S5-S11, else judgement."""
    first, second = yes_among(FIRST_LIMB, answers), yes_among(SECOND_LIMB, answers)
    if first:
        return Statute(triggered=True, limb=1, items=first)
    if len(second) >= FOUR_OR_MORE:
        return Statute(triggered=True, limb=2, items=second)
    # A program does not judge: only an advocate sets the third limb. Utah Code 77-36-2.1.
    if judged_lethal:
        return Statute(triggered=True, limb=3)
    return Statute(triggered=False if any_answered(answers) else None)


def unanswered_that_matter(answers: Mapping[Sign, Answer]) -> tuple[Sign, ...]:
    """The unanswered signs of which a yes, alone, would trigger the statute."""
    if statute(answers).triggered:
        return ()
    return tuple(
        sign
        for sign in Sign
        if answer_to(sign, answers) is Answer.UNKNOWN
        and statute({**answers, sign: Answer.YES}).triggered
    )


def yes_among(signs: tuple[Sign, ...], answers: Mapping[Sign, Answer]) -> tuple[Sign, ...]:
    """Those of `signs` that were answered yes, in the order of the statute."""
    return tuple(sign for sign in signs if answer_to(sign, answers) is Answer.YES)


def any_answered(answers: Mapping[Sign, Answer]) -> bool:
    """Whether any sign was answered yes or no; if not, the person was not screened."""
    return any(answer_to(sign, answers) is not Answer.UNKNOWN for sign in Sign)


def answer_to(sign: Sign, answers: Mapping[Sign, Answer]) -> Answer:
    """The answer to a sign; silence is UNKNOWN."""
    return answers.get(sign, Answer.UNKNOWN)
