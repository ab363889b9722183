"""The statutory lethality assessment: what the law asks, and the rule it states.

The items and their rule are public law (Utah Code 77-36-2.1; Fla. Stat. 741.29), in our own
plain wording. It is a wide net and no prediction. Its result is reported by itself and is never
changed by anything of ours.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.safety.signs import STATUTE_SIGNS, Answer, Sign

SOURCE = "Utah Code 77-36-2.1 / Fla. Stat. 741.29"

# First limb: one yes among S1 to S4 is enough. Utah Code 77-36-2.1 as enacted.
FIRST_LIMB = STATUTE_SIGNS[:4]

# Second limb: four of the seven lesser signs, S5 to S11. Utah Code 77-36-2.1.
SECOND_LIMB = STATUTE_SIGNS[4:]
FOUR_OR_MORE = 4


@dataclass(frozen=True)
class Statute:
    """What the statutory rule says.

    `triggered` is None when none of S1 to S11 was answered yes or no: not screened. `limb` is 1,
    2, 3 or None; `items` are the yes items of that limb, in the order of the statute.
    """

    triggered: bool | None
    limb: int | None = None
    items: tuple[Sign, ...] = ()


def statute(answers: Mapping[Sign, Answer], *, judged_lethal: bool = False) -> Statute:
    """The statutory rule, exactly: any of S1-S4, else four of S5-S11, else judgement.

    Unknown counts as "not yes". `judged_lethal` is the third limb: the open question, S12, as an
    advocate judged it.
    """
    first, second = yes_among(FIRST_LIMB, answers), yes_among(SECOND_LIMB, answers)
    if first:
        return Statute(triggered=True, limb=1, items=first)
    if len(second) >= FOUR_OR_MORE:
        return Statute(triggered=True, limb=2, items=second)
    # A program does not judge: only an advocate sets the third limb. Utah Code 77-36-2.1.
    if judged_lethal:
        return Statute(triggered=True, limb=3)
    return Statute(triggered=False if screened(answers) else None)


def could_trigger(answers: Mapping[Sign, Answer]) -> bool:
    """Whether the rule is not met, and a yes to one question not answered yet would meet it."""
    unknown = (sign for sign in STATUTE_SIGNS if answers.get(sign) not in (Answer.YES, Answer.NO))
    with_a_yes = (statute({**answers, sign: Answer.YES}).triggered for sign in unknown)
    return not statute(answers).triggered and any(with_a_yes)


def screened(answers: Mapping[Sign, Answer]) -> bool:
    """Whether any of S1 to S11 was answered yes or no."""
    return any(answers.get(sign, Answer.UNKNOWN) is not Answer.UNKNOWN for sign in STATUTE_SIGNS)


def yes_among(signs: tuple[Sign, ...], answers: Mapping[Sign, Answer]) -> tuple[Sign, ...]:
    """Those of `signs` that were answered yes, in their order."""
    return tuple(sign for sign in signs if answers.get(sign) is Answer.YES)
