"""How much danger the answers show: the danger profile, its rules and its levels.

The first two limbs of the statute come from law. Every other rule here is our caution rule, not
a tested scale. Nothing is ever called low or safe, what was not answered is never "no", and a
person's own fear can raise the level while nothing lowers it.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import reduce
from itertools import combinations

from bot.safety.signs import (
    ACCESS_SIGNS,
    EVERY_REASON,
    GREATEST_FEAR,
    INCIDENT_SIGNS,
    OTHER_HARM_SIGNS,
    STATE_SIGNS,
    STATUTE_SIGNS,
    Answer,
    Level,
    Now,
    OwnLevel,
    Perception,
    Raise,
    Reason,
    Sign,
)
from bot.safety.statute import FIRST_LIMB, FOUR_OR_MORE, SECOND_LIMB, SOURCE, Statute, statute

__all__ = [
    "OUR_CAUTION_RULE",
    "RULES",
    "SOURCE",
    "Answer",
    "Assessment",
    "Level",
    "Now",
    "OwnLevel",
    "Perception",
    "Raise",
    "Reason",
    "Rule",
    "Sign",
    "Statute",
    "Told",
    "assess",
    "could_raise",
    "level_of",
    "statute",
]

# What is not from the statute says so wherever it is shown.
OUR_CAUTION_RULE = "our caution rule, not a tested scale"

# Unknown ones among these are taken as yes for "at most"; never N, E, H or perception.
COUNTED_AT_MOST = (*STATUTE_SIGNS, *INCIDENT_SIGNS, *ACCESS_SIGNS)

# Fewer than these of S1 to S11 answered no: we don't know enough, rather than "none named".
ENOUGH_NO = 8

Met = frozenset[Reason]
NOT_MET: Met = frozenset()


@dataclass(frozen=True)
class Told:
    """What the rules look at: every yes, the perception, the flags. Unknown and no are absent."""

    yes: frozenset[Sign] = frozenset()
    now: frozenset[Now] = frozenset()
    fear: int = 0
    own_level: OwnLevel = OwnLevel.NONE
    expects_serious_harm: bool = False


@dataclass(frozen=True)
class Rule:
    """A row of the table: the level that is reached when `met` names reasons.

    `reads` are all the inputs that can take part in it.
    """

    level: Level
    met: Callable[[Told], Met]
    reads: tuple[Reason, ...]
    source: str = OUR_CAUTION_RULE

    @property
    def id(self) -> str:
        """The name of the rule, under which its words stand in content."""
        return self.met.__name__


@dataclass(frozen=True)
class Assessment:
    """What the answers show.

    `low` is the level with every unknown taken as no: the level, said as "at least". `high` takes
    every unknown of S1 to S11, P and A as yes: "at most". `level` is `low`, or what an advocate
    raised it to. `reasons` are the inputs of the rules met at `level`.
    """

    low: Level
    high: Level
    level: Level
    name: str
    reasons: tuple[Reason, ...]
    unanswered_that_matter: tuple[Sign, ...]
    statute: Statute


def assess(
    answers: Mapping[Sign, Answer],
    *,
    fear: int | None = None,
    own_level: OwnLevel | None = None,
    expects_serious_harm: Answer = Answer.UNKNOWN,
    now: Iterable[Now] = (),
    raised_to: Level | None = None,
    judged_lethal: bool = False,
) -> Assessment:
    """The assessment of these answers; a sign that is missing is UNKNOWN.

    `fear` is 0 to 4; what is None was not said. `raised_to` is the level that an advocate raised
    it to, with a reason kept elsewhere; it never lowers. `judged_lethal` is the third limb.
    """
    told = Told(
        yes=frozenset(sign for sign, answer in answers.items() if answer is Answer.YES),
        now=frozenset(now),
        fear=fear or 0,
        own_level=own_level or OwnLevel.NONE,
        expects_serious_harm=expects_serious_harm is Answer.YES,
    )
    unknown = tuple(
        sign for sign in COUNTED_AT_MOST if answers.get(sign, Answer.UNKNOWN) is Answer.UNKNOWN
    )
    worst = with_yes(told, unknown)
    low, high = level_of(told), level_of(worst)
    level = max(low, raised_to or Level.NOTHING_NAMED)
    return Assessment(
        low=low,
        high=Level.IMMEDIATE if level is Level.IMMEDIATE else high,
        level=level,
        name=name_of(level, answers),
        reasons=in_order(reasons_at(level, told) | reasons_of_a_raise(level, raised_to)),
        unanswered_that_matter=that_matter(told, unknown, low, high),
        statute=statute(answers, judged_lethal=judged_lethal),
    )


# ---- The rules, one function each. ------------------------------------------------------------


def danger_now(told: Told) -> Met:
    """Any flag N1 to N6."""
    # Our caution rule: what happens now comes before every sign.
    return told.now


def own_rating_now(told: Told) -> Met:
    """The visitor's own rating is "now"."""
    # Our caution rule: perception is a floor. Cattaneo 2007; Lethality Screen, Messing 2017.
    return perceived(Perception.OWN_LEVEL, told.own_level is OwnLevel.NOW)


def statute_first_limb(told: Told) -> Met:
    """Any yes among S1 to S4."""
    # Utah Code 77-36-2.1; Fla. Stat. 741.29: first limb.
    return told.yes & FIRST


def statute_second_limb(told: Told) -> Met:
    """Four or more yes among S5 to S11."""
    # Utah Code 77-36-2.1; Fla. Stat. 741.29: second limb.
    return at_least(FOUR_OR_MORE, told)


def expects_serious_harm(told: Told) -> Met:
    """The visitor expects to be seriously hurt."""
    # Our caution rule: perception is a floor. Cattaneo 2007.
    return perceived(Perception.EXPECTS_SERIOUS_HARM, told.expects_serious_harm)


def afraid_for_life(told: Told) -> Met:
    """Fear is 4: afraid for their life."""
    # Our caution rule: perception is a floor. BOCSAR: self-perceived risk among the best five.
    return perceived(Perception.FEAR, told.fear >= GREATEST_FEAR)


def own_rating_high(told: Told) -> Met:
    """The visitor's own rating is "high"."""
    # Our caution rule: perception is a floor. Cattaneo 2007.
    return perceived(Perception.OWN_LEVEL, told.own_level in (OwnLevel.HIGH, OwnLevel.NOW))


def control_and_separation(told: Told) -> Met:
    """S6 and S7: control or jealousy, and a separation."""
    # Our caution rule. Campbell 2003: leaving, above all a controlling partner.
    both = {Sign.JEALOUS_OR_CONTROLLING, Sign.SEPARATED}
    return frozenset(both) if both <= told.yes else NOT_MET


def separation_and_following(told: Told) -> Met:
    """S7, and S11 or A3: a separation, and being followed or tracked."""
    # Our caution rule. Homicide timeline: separation, escalation, stalking.
    following = told.yes & {Sign.STALKING, Sign.TRACKS_DEVICES}
    separated = told.yes & {Sign.SEPARATED}
    return following | separated if following and separated else NOT_MET


def two_or_three_lesser_signs(told: Told) -> Met:
    """Two or three yes among S5 to S11."""
    # Our caution rule, beneath the second limb of the statute.
    return at_least(2, told)


def harm_done(told: Told) -> Met:
    """Any yes among P0 to P6."""
    # Our caution rule. Glass 2008; Campbell 2003; BOCSAR: earlier reports.
    return told.yes & INCIDENTS


def sign_that_weighs(told: Told) -> Met:
    """Any yes among S5, S6, S9, S11, A3 and E1."""
    # Our caution rule. Meta-analysis: guns, control; MARAM: stalking, suicide threats.
    return told.yes & WEIGHING


def very_afraid(told: Told) -> Met:
    """Fear is 3: very afraid."""
    # Our caution rule: perception is a floor.
    return perceived(Perception.FEAR, told.fear >= 3)


def one_lesser_sign(told: Told) -> Met:
    """One yes among S5 to S11."""
    # Our caution rule: one sign is not nothing.
    return at_least(1, told)


def other_sign_named(told: Told) -> Met:
    """Any yes among A1 to A5, E1 to E4 and H1 to H5."""
    # Our caution rule: one sign is not nothing.
    return told.yes & OTHER


def some_fear(told: Told) -> Met:
    """Fear is 1 or 2."""
    # Our caution rule: perception is a floor.
    return perceived(Perception.FEAR, told.fear >= 1)


def own_rating_some(told: Told) -> Met:
    """The visitor's own rating is "some"."""
    # Our caution rule: perception is a floor.
    return perceived(Perception.OWN_LEVEL, told.own_level is not OwnLevel.NONE)


FIRST, SECOND = frozenset(FIRST_LIMB), frozenset(SECOND_LIMB)
INCIDENTS = frozenset(INCIDENT_SIGNS)
WEIGHING_SIGNS = (
    Sign.GUN_ACCESS,
    Sign.JEALOUS_OR_CONTROLLING,
    Sign.SUICIDE_ATTEMPT,
    Sign.STALKING,
    Sign.TRACKS_DEVICES,
    Sign.SUICIDE_TALK,
)
WEIGHING = frozenset(WEIGHING_SIGNS)
OTHER_SIGNS = (*ACCESS_SIGNS, *STATE_SIGNS, *OTHER_HARM_SIGNS)
OTHER = frozenset(OTHER_SIGNS)
FEAR, OWN = (Perception.FEAR,), (Perception.OWN_LEVEL,)

# The table, from the highest level down. The level is that of the first rule that is met.
RULES = (
    Rule(Level.IMMEDIATE, danger_now, reads=tuple(Now)),
    Rule(Level.IMMEDIATE, own_rating_now, reads=OWN),
    Rule(Level.HIGH, statute_first_limb, reads=FIRST_LIMB, source=SOURCE),
    Rule(Level.HIGH, statute_second_limb, reads=SECOND_LIMB, source=SOURCE),
    Rule(Level.HIGH, expects_serious_harm, reads=(Perception.EXPECTS_SERIOUS_HARM,)),
    Rule(Level.HIGH, afraid_for_life, reads=FEAR),
    Rule(Level.HIGH, own_rating_high, reads=OWN),
    Rule(
        Level.HIGH,
        control_and_separation,
        reads=(Sign.JEALOUS_OR_CONTROLLING, Sign.SEPARATED),
    ),
    Rule(
        Level.HIGH,
        separation_and_following,
        reads=(Sign.SEPARATED, Sign.STALKING, Sign.TRACKS_DEVICES),
    ),
    Rule(Level.ELEVATED, two_or_three_lesser_signs, reads=SECOND_LIMB),
    Rule(Level.ELEVATED, harm_done, reads=INCIDENT_SIGNS),
    Rule(Level.ELEVATED, sign_that_weighs, reads=WEIGHING_SIGNS),
    Rule(Level.ELEVATED, very_afraid, reads=FEAR),
    Rule(Level.CONCERN, one_lesser_sign, reads=SECOND_LIMB),
    Rule(Level.CONCERN, other_sign_named, reads=OTHER_SIGNS),
    Rule(Level.CONCERN, some_fear, reads=FEAR),
    Rule(Level.CONCERN, own_rating_some, reads=OWN),
)
RULES_READING = {
    reason: tuple(rule for rule in RULES if reason in rule.reads) for reason in EVERY_REASON
}


# ---- How the rules are read. ------------------------------------------------------------------


def level_of(told: Told) -> Level:
    """The level of the first rule that is met; every unknown is taken as no."""
    return next((rule.level for rule in RULES if rule.met(told)), Level.NOTHING_NAMED)


def reasons_at(level: Level, told: Told) -> Met:
    """Every input that takes part in a rule met at this level."""
    met = (rule.met(told) for rule in RULES if rule.level is level)
    return NOT_MET.union(*met)


def reasons_of_a_raise(level: Level, raised_to: Level | None) -> Met:
    """The advocate's raise, where it holds the level."""
    raised = raised_to is level and level > Level.NOTHING_NAMED
    return frozenset({Raise.RAISED_TO}) if raised else NOT_MET


def name_of(level: Level, answers: Mapping[Sign, Answer]) -> str:
    """The name of a level; at zero there are two, and neither of them means safe."""
    if level > Level.NOTHING_NAMED:
        return level.id
    said_no = sum(answers.get(sign) is Answer.NO for sign in STATUTE_SIGNS)
    return "none_named" if said_no >= ENOUGH_NO else "not_enough_info"


def that_matter(told: Told, unknown: tuple[Sign, ...], low: Level, high: Level) -> tuple[Sign, ...]:
    """The unanswered signs of which a yes, alone, would raise the level.

    If there is none, and yet several together could raise it: those among the reasons for "at
    most".
    """
    if high <= low:
        return ()
    alone = tuple(sign for sign in unknown if raised_by(at_worst(told, sign), sign, low))
    if alone:
        return alone
    together = reasons_at(high, with_yes(told, unknown))
    return tuple(sign for sign in unknown if sign in together)


def raised_by(told: Told, reason: Reason, low: Level) -> bool:
    """Whether a rule above `low` that reads this input is met."""
    return any(rule.level > low and rule.met(told) for rule in RULES_READING[reason])


def could_raise(told: Told, asked: Reason, still_open: Iterable[Reason]) -> bool:
    """Whether the gravest answer to what is asked could still raise the level.

    Alone, or together with the gravest answers to some of what is `still_open`.
    """
    level = level_of(told)
    others = frozenset(still_open) - {asked}
    rules = (rule for rule in RULES_READING[asked] if rule.level > level)
    return any(could_decide(rule, told, asked, others) for rule in rules)


def could_decide(rule: Rule, told: Told, asked: Reason, others: frozenset[Reason]) -> bool:
    """Whether, with some of the others, a rule is met by the gravest answer and not without it."""
    beside = [reason for reason in rule.reads if reason in others]
    some = (each for size in range(len(beside) + 1) for each in combinations(beside, size))
    return any(decides(rule, reduce(at_worst, each, told), asked) for each in some)


def decides(rule: Rule, told: Told, asked: Reason) -> bool:
    """Whether the gravest answer to what is asked is what meets a rule."""
    return not rule.met(told) and bool(rule.met(at_worst(told, asked)))


def at_worst(told: Told, reason: Reason) -> Told:
    """What was told, with the gravest answer to one input more."""
    match reason:
        case Perception.FEAR:
            return replace(told, fear=GREATEST_FEAR)
        case Perception.OWN_LEVEL:
            return replace(told, own_level=OwnLevel.NOW)
        case Perception.EXPECTS_SERIOUS_HARM:
            return replace(told, expects_serious_harm=True)
        case Sign():
            return with_yes(told, (reason,))
    return told


def with_yes(told: Told, signs: Iterable[Sign]) -> Told:
    """What was told, with a yes to these signs as well."""
    yes = told.yes.union(signs)
    return Told(yes, told.now, told.fear, told.own_level, told.expects_serious_harm)


def at_least(count: int, told: Told) -> Met:
    """The lesser signs named, S5 to S11, if there are so many."""
    named = told.yes & SECOND
    return named if len(named) >= count else NOT_MET


def perceived(perception: Perception, holds: bool) -> Met:
    """What the visitor senses, if it holds."""
    return frozenset({perception}) if holds else NOT_MET


def in_order(reasons: Met) -> tuple[Reason, ...]:
    """Reasons in the order of the mapping table."""
    return tuple(reason for reason in EVERY_REASON if reason in reasons)
