"""What there is to explain: which words count and why, what is open, what could help now."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from bot.safety.danger import Assessment
from bot.safety.questions import Question, assessment_of, may_come, sign_answers
from bot.safety.signs import OWN_STATE_SIGNS, Answer, Level, Now, Perception, Reason, Sign

AT_MOST_THREE = 3

# A visitor is given the reasons behind these signs before any other: what the strongest studies
# are about. Glass 2008; meta-analysis of intimate partner homicide; Campbell 2003.
EXPLAINED_FIRST: tuple[Reason, ...] = (
    Sign.STRANGLED,
    Sign.GUN_ACCESS,
    Sign.THREAT_TO_KILL,
    Sign.WEAPON,
    Sign.SEPARATED,
    Sign.JEALOUS_OR_CONTROLLING,
    Sign.STALKING,
    Sign.BELIEVES_WOULD_KILL,
    *Perception,
)

# The questions were never studied with anybody but a partner or a former partner.
NOT_A_PARTNER = "not_a_partner"

# The signs that call for a step of their own, in the order in which steps are offered.
STEP_FOR: Mapping[Sign, str] = {
    Sign.GUN_ACCESS: "help_step_gun",
    Sign.TRACKS_DEVICES: "help_step_device",
    Sign.STALKING: "help_step_device",
    Sign.BROKE_ORDER: "help_step_order",
    Sign.HURT_OR_THREATENED_OTHERS: "help_step_children",
    Sign.ECONOMIC_ABUSE: "help_step_money",
}


@dataclass(frozen=True)
class Explanation:
    """What is said of an assessment.

    `reasons` made the level; `also` are the other signs named. `why` are those of which the
    reason is given, three at most. `left` counts the questions without an answer, a list as one;
    `matter` are the signs among them that could raise the level. `steps` are messages of what
    could help now, three at most. `studied` is whether the questions were ever studied for such
    a situation.
    """

    name: str
    reasons: tuple[Reason, ...]
    also: tuple[Sign, ...]
    why: tuple[Reason, ...]
    left: int
    matter: tuple[Sign, ...]
    steps: tuple[str, ...]
    asked: bool
    studied: bool


def explanation(
    questions: tuple[Question, ...],
    answers: Mapping[str, str],
    now: AbstractSet[Now] = frozenset(),
) -> Explanation:
    """What there is to explain of the answers of a conversation."""
    assessment, signs = assessment_of(answers, now), sign_answers(answers)
    yes = tuple(sign for sign in Sign if signs.get(sign) is Answer.YES)
    # The visitor's own state is no sign of danger, and is not listed as one.
    unnamed = frozenset({*assessment.reasons, *OWN_STATE_SIGNS})
    may_still = without_answer(questions, answers)
    open_signs = {each.sign for each in may_still}
    return Explanation(
        name=assessment.name,
        reasons=assessment.reasons,
        also=tuple(sign for sign in yes if sign not in unnamed),
        why=gravest_first(assessment.reasons)[:AT_MOST_THREE],
        left=len({each.asked_as for each in may_still}),
        matter=tuple(s for s in assessment.unanswered_that_matter if s in open_signs),
        steps=steps(assessment, frozenset(yes)),
        asked=bool(assessment.reasons) or Answer.NO in signs.values(),
        studied=answers.get("separated") != NOT_A_PARTNER,
    )


def without_answer(
    questions: tuple[Question, ...], answers: Mapping[str, str]
) -> tuple[Question, ...]:
    """The questions not asked, skipped or left unsure, as far as they can apply; a sign each."""
    said = {key: value for key, value in answers.items() if value not in ("skip", "not_sure")}
    # Who has enough of the questions has left them open all the same.
    told = {**said, "danger_consent": "yes"}
    return tuple(each for each in questions if each.counts and may_come(each, told))


def gravest_first(reasons: tuple[Reason, ...]) -> tuple[Reason, ...]:
    """The reasons that are explained, in their order; what is sensed is explained once."""
    sensed = [reason for reason in reasons if isinstance(reason, Perception)]
    explained = [each for each in reasons if isinstance(each, Sign) or each in sensed[:1]]
    first = tuple(reason for reason in EXPLAINED_FIRST if reason in explained)
    return (*first, *(reason for reason in explained if reason not in first))


def steps(assessment: Assessment, yes: AbstractSet[Sign]) -> tuple[str, ...]:
    """What could help now, three at most: a person first, the emergency number as an option."""
    own = tuple(dict.fromkeys(STEP_FOR[sign] for sign in STEP_FOR if sign in yes))
    offered = (
        ("help_step_emergency", assessment.level is Level.IMMEDIATE),
        ("help_step_crisis", Sign.OWN_SUICIDAL_THOUGHTS in yes),
        ("help_step_hotline", True),
        ("help_step_neck", Sign.STRANGLED in yes),
        ("help_step_emergency", assessment.level is Level.HIGH),
        *((step, True) for step in own),
        ("help_step_plan", True),
    )
    return tuple(step for step, fits in offered if fits)[:AT_MOST_THREE]
