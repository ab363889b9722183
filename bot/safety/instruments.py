"""Results of forms that were filled in elsewhere: totals and ticks, counted and banded.

No wording of any instrument stands here, and no question of one is asked. An advocate enters a
total or a count that a certified person obtained. A result stands beside our level; it can be a
reason to raise it and never lowers it.
"""

from collections.abc import Collection
from dataclasses import dataclass
from enum import Enum


class Impossible(ValueError):
    """A number that no filled-in form can give: the field, what was given, what is allowed."""

    def __init__(self, field: str, value: object, allowed: str) -> None:
        self.field, self.value, self.allowed = field, value, allowed
        super().__init__(f"{field} is {value!r}. Allowed: {allowed}.")


class Judgement(Enum):
    """What the advocate's own judgement says; lowering is refused wherever it is asked for."""

    NONE = "no"
    RAISE = "yes"
    LOWER = "lower"


# ---- Danger Assessment: a total obtained elsewhere. Campbell; arithmetic as in docs/danger.md. ---

DA_QUESTIONS = 20
DA_SUICIDE_QUESTION = 20  # the visitor's own; never scored, and it opens the talk about suicide
DA_LOWEST, DA_HIGHEST = -3, 37
NEVER_LIVED_TOGETHER = -3

# What a yes adds besides its own 1. An independent open-source weight table agrees.
DA_BONUS = {2: 4, 3: 3, 4: 3, 5: 2, 6: 2, 7: 2, 8: 1, 9: 1}


@dataclass(frozen=True)
class DangerAssessment:
    """A Danger Assessment total with its band. Never shown alone; "variable" is not low."""

    total: int
    band: str
    opens_suicide_talk: bool = False


def danger_assessment(
    yes: Collection[int], *, never_lived_together: bool = False
) -> DangerAssessment:
    """The total of the questions answered yes, by their numbers 1 to 20, and its band.

    `never_lived_together` is box 3a. Raises Impossible for a number that is none of the form's
    or comes twice, and for 3 together with 3a.
    """
    for number in yes:
        whole_number("yes", number, 1, DA_QUESTIONS)
    if len(set(yes)) < len(yes):
        raise Impossible("yes", sorted(yes), "each question once")
    if never_lived_together and 3 in yes:
        raise Impossible("yes", 3, "3 or 3a, not both; please ask again which one holds")
    total = sum(1 + DA_BONUS.get(number, 0) for number in yes if number != DA_SUICIDE_QUESTION)
    total += NEVER_LIVED_TOGETHER if never_lived_together else 0
    return DangerAssessment(total, danger_assessment_band(total), DA_SUICIDE_QUESTION in yes)


def danger_assessment_band(total: int) -> str:
    """The band of a total: under 8, 8 to 13, 14 to 17, 18 and more (-3 to 37)."""
    whole_number("total", total, DA_LOWEST, DA_HIGHEST)
    if total >= 18:
        return "extreme"
    if total >= 14:
        return "severe"
    return "increased" if total >= 8 else "variable"


# ---- DA-5: a count of 0 to 5. -------------------------------------------------------------------


@dataclass(frozen=True)
class DA5:
    """A DA-5 count: whether the 2009 rule calls it high, and the step of the 2017 protocol."""

    count: int
    high_2009: bool
    step_2017: str


def da5(count: int) -> DA5:
    """The two published readings of a DA-5 count, 0 to 5. Both are to be verified before use."""
    whole_number("count", count, 0, 5)
    return DA5(count, high_2009=count >= 3, step_2017=da5_step(count))


def da5_step(count: int) -> str:
    """What the 2017 protocol does with a count."""
    if count >= 4:
        return "high_warm_handoff"
    if count == 3:
        return "handoff_to_trained_advocate"
    return "tell_and_offer_referral" if count == 2 else "normal_referral"


# ---- APRAIS Tier 1: a count of 0 to 7 and judgement. --------------------------------------------


@dataclass(frozen=True)
class Aprais:
    """An APRAIS Tier 1 count with its band; judgement flags it at any count."""

    count: int
    band: str
    flagged_by_judgement: bool


def aprais(count: int, judgement: Judgement = Judgement.NONE) -> Aprais:
    """The band of an APRAIS Tier 1 count, 0 to 7: 4 and more high, 2 and 3 elevated.

    The published false negative had 0: judgement flags at any count.
    """
    whole_number("count", count, 0, 7)
    band = "high" if count >= 4 else "elevated" if count >= 2 else "neither"
    return Aprais(count, band, flagged_by_judgement=judgement is Judgement.RAISE)


# ---- Dash ticks and the MARAC criteria. ---------------------------------------------------------

VISIBLE_HIGH_RISK = 14
ESCALATION = 3  # events in 12 months; the common reading of "potential escalation"


@dataclass(frozen=True)
class Dash:
    """A count of Dash ticks: its band, and every ground there is to refer to a MARAC."""

    ticks: int
    band: str
    refer: bool
    grounds: tuple[str, ...]
    lowering_refused: bool


def dash(
    ticks: int,
    judgement: Judgement = Judgement.NONE,
    *,
    events_in_12_months: int = 0,
    repeat_within_12_months: bool = False,
) -> Dash:
    """The local band of 0 to 24 ticks, and the MARAC grounds that are met.

    Judgement includes the victim's perception, fear and cultural barriers, and never downgrades
    14 ticks or more.
    """
    whole_number("ticks", ticks, 0, 24)
    whole_number("events_in_12_months", events_in_12_months, 0)
    met = {
        "judgement": judgement is Judgement.RAISE,
        "visible_high_risk": ticks >= VISIBLE_HIGH_RISK,
        "potential_escalation": events_in_12_months >= ESCALATION,
        "repeat_within_12_months": repeat_within_12_months,
    }
    grounds = tuple(ground for ground, holds in met.items() if holds)
    return Dash(ticks, dash_band(ticks), bool(grounds), grounds, judgement is Judgement.LOWER)


def dash_band(ticks: int) -> str:
    """The band of a count of ticks, as one area publishes it."""
    if ticks >= VISIBLE_HIGH_RISK:
        return "high"
    if ticks >= 10:
        return "medium"
    return "standard" if ticks >= 1 else "none_ticked"


# ---- NSW DVSAT: a count of 0 to 25 and judgement. -----------------------------------------------


@dataclass(frozen=True)
class Dvsat:
    """A DVSAT count with its band; judgement raises to serious and never lowers."""

    count: int
    band: str
    lowering_refused: bool


def dvsat(count: int, judgement: Judgement = Judgement.NONE) -> Dvsat:
    """The band of a DVSAT count, 0 to 25: 12 and more serious, 1 and more at threat."""
    whole_number("count", count, 0, 25)
    serious = count >= 12 or judgement is Judgement.RAISE
    band = "serious" if serious else "at_threat" if count >= 1 else "none"
    return Dvsat(count, band, judgement is Judgement.LOWER)


def whole_number(field: str, value: object, lowest: int, highest: int | None = None) -> None:
    """Raises Impossible unless a value is a whole number within its bounds."""
    limits = f"from {lowest} to {highest}" if highest is not None else f"{lowest} or more"
    # True is a 1 to Python, and no count to anybody else.
    if not isinstance(value, int) or isinstance(value, bool) or not within(value, lowest, highest):
        raise Impossible(field, value, f"a whole number {limits}")


def within(value: int, lowest: int, highest: int | None) -> bool:
    """Whether a number lies within its bounds."""
    return lowest <= value and (highest is None or value <= highest)
