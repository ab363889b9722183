"""The danger profile: every worked case, and what must hold whatever anybody answers."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from inspect import signature
from itertools import combinations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.safety.danger import (
    OUR_CAUTION_RULE,
    RULES,
    Assessment,
    Rule,
    Told,
    assess,
    could_raise,
    level_of,
)
from bot.safety.signs import (
    EVERY_REASON,
    OWN_STATE_SIGNS,
    STATUTE_SIGNS,
    Answer,
    Level,
    Now,
    OwnLevel,
    Perception,
    Raise,
    Reason,
    Sign,
    code_of,
    domain_of,
)
from bot.safety.statute import FIRST_LIMB, SECOND_LIMB, SOURCE, could_trigger, statute
from tests.scenarios import answer_sheet, scenarios

YES, NO, UNKNOWN = Answer.YES, Answer.NO, Answer.UNKNOWN

Sheet = Mapping[Sign, Answer]
Said = Mapping[str, Any]

# The mapping table of the specification: code, name and heading. The names are a contract.
TABLE = """
S1 weapon incidents
S2 threat_to_kill incidents
S3 believes_would_kill perception
S4 strangled incidents
S5 gun_access access
S6 jealous_or_controlling state_of_other
S7 separated access
S8 unemployed state_of_other
S9 suicide_attempt state_of_other
S10 child_not_theirs incidents
S11 stalking access
S12 other_worry -
P0 physically_hurt incidents
P1 getting_worse incidents
P2 forced_sex incidents
P3 hurt_in_pregnancy incidents
P4 hurt_or_threatened_others incidents
P5 broke_order incidents
P6 locked_in incidents
A1 lives_with access
A2 knows_places access
A3 tracks_devices access
A4 child_or_court_contact access
A5 critical_date_soon access
E1 suicide_talk state_of_other
E2 heavy_substance_use state_of_other
E3 recent_loss state_of_other
E4 obsession state_of_other
V1 own_suicidal_thoughts own_state
V2 exhausted_or_isolated own_state
H1 economic_abuse other_harm
H2 online_harassment other_harm
H3 image_abuse other_harm
H4 immigration_threats other_harm
H5 physically_hurt_earlier other_harm
"""
ROWS = [tuple(line.split()) for line in TABLE.split("\n") if line]
NAMES = {code: name for code, name, _ in ROWS}
CODES = {name: code for code, name in NAMES.items()}


# ---- The specification once more, in plain words; nothing of the rules' own code. ---------------


def codes(letter: str, first: int, last: int) -> list[str]:
    """The codes of a row of signs, such as S5 to S11."""
    return [f"{letter}{number}" for number in range(first, last + 1)]


P, A, E, H = codes("P", 0, 6), codes("A", 1, 5), codes("E", 1, 4), codes("H", 1, 5)


def yes_in(sheet: Sheet, among: Collection[str] = CODES.values()) -> set[str]:
    """The codes that were answered yes."""
    return {CODES[sign.value] for sign, said in sheet.items() if said is YES} & set(among)


def by_the_book(
    sheet: Sheet,
    *,
    fear: int | None = None,
    own_level: OwnLevel | None = None,
    expects_serious_harm: Answer = UNKNOWN,
    now: Iterable[Now] = (),
) -> tuple[int, set[str]]:
    """The level by the pseudo-code of the specification, and the names of the reasons."""
    yes, lesser, flags = yes_in(sheet), yes_in(sheet, codes("S", 5, 11)), {n.value for n in now}
    own, k = own_level.value if own_level else "", len(lesser)
    lines: list[tuple[int, bool, Collection[str]]] = [
        (4, True, flags),
        (4, own == "now", ["own_level"]),
        (3, True, yes & {"S1", "S2", "S3", "S4"}),
        (3, k >= 4, lesser),
        (3, expects_serious_harm is YES, ["expects_serious_harm"]),
        (3, fear == 4, ["fear"]),
        (3, own == "high", ["own_level"]),
        (3, "S6" in yes and "S7" in yes, ["S6", "S7"]),
        (3, "S7" in yes and ("S11" in yes or "A3" in yes), yes & {"S7", "S11", "A3"}),
        (2, k in {2, 3}, lesser),
        (2, True, yes & {*P}),
        (2, True, yes & {"S5", "S6", "S9", "S11", "A3", "E1"}),
        (2, fear == 3, ["fear"]),
        (1, k == 1, lesser),
        (1, True, yes & {*A, *E, *H}),
        (1, fear in {1, 2}, ["fear"]),
        (1, own == "some", ["own_level"]),
    ]
    level = max((level for level, holds, named in lines if holds and named), default=0)
    reasons = (named for each, holds, named in lines if holds and each == level)
    return level, {NAMES.get(reason, reason) for reason in set[str]().union(*reasons)}


def open_signs(sheet: Sheet) -> list[Sign]:
    """The signs of S1 to S11, P and A without an answer."""
    counted = [Sign(NAMES[code]) for code in (*codes("S", 1, 11), *P, *A)]
    return [sign for sign in counted if sheet.get(sign, UNKNOWN) is UNKNOWN]


def and_yes(sheet: Sheet, signs: Iterable[Sign]) -> dict[Sign, Answer]:
    """A sheet with a yes to these signs as well."""
    return {**sheet, **dict.fromkeys(signs, YES)}


def that_matter_by_the_book(sheet: Sheet, said: Said) -> set[Sign]:
    """Open signs of which a yes raises the level; or, if none does, the open reasons at most."""
    low, _ = by_the_book(sheet, **said)
    high, at_most = by_the_book(and_yes(sheet, open_signs(sheet)), **said)
    alone = {
        sign for sign in open_signs(sheet) if by_the_book(and_yes(sheet, [sign]), **said)[0] > low
    }
    together = {sign for sign in open_signs(sheet) if sign.value in at_most and high > low}
    return alone or together


def the_law(sheet: Sheet, *, judged_lethal: bool) -> tuple[bool | None, int | None, list[str]]:
    """The statute: triggered, limb and items."""
    yes = yes_in(sheet)
    first = [NAMES[code] for code in codes("S", 1, 4) if code in yes]
    second = [NAMES[code] for code in codes("S", 5, 11) if code in yes]
    if first or len(second) >= 4:
        return (True, 1, first) if first else (True, 2, second)
    if judged_lethal:
        return True, 3, []
    said = {sheet.get(Sign(NAMES[code])) for code in codes("S", 1, 11)}
    return (False if said & {YES, NO} else None), None, []


# ---- Answers of all kinds. ----------------------------------------------------------------------


def filled(named: Sheet, otherwise: Answer | None) -> dict[Sign, Answer]:
    """What was named, and one answer to everything else, or none."""
    return {**(dict.fromkeys(Sign, otherwise) if otherwise else {}), **named}


answers = st.sampled_from(Answer)
a_few = st.dictionaries(st.sampled_from(Sign), answers)
# These seven weigh much only together.
lesser_signs = st.fixed_dictionaries(dict.fromkeys(SECOND_LIMB, answers))
sheets = st.builds(filled, a_few | lesser_signs, st.sampled_from([None, NO, NO, YES]))
fears = st.none() | st.integers(0, 4)
own_levels = st.none() | st.sampled_from(OwnLevel)
# What is said besides the signs; half of the time nothing, so that the signs decide.
saids: st.SearchStrategy[dict[str, Any]] = st.just({}) | st.fixed_dictionaries(
    {},
    optional={
        "fear": fears,
        "own_level": own_levels,
        "expects_serious_harm": answers,
        "now": st.just([]) | st.lists(st.sampled_from(Now), unique=True, max_size=2),
    },
)
levels = st.none() | st.sampled_from(Level)
yes_to_some = st.frozensets(st.sampled_from(Sign), max_size=8)
tolds = st.builds(Told, yes=yes_to_some) | st.builds(
    Told,
    yes=yes_to_some,
    now=st.frozensets(st.sampled_from(Now), max_size=1),
    fear=st.integers(0, 4),
    own_level=st.sampled_from(OwnLevel),
    expects_serious_harm=st.booleans(),
)
can_be_asked = st.sampled_from(Sign) | st.sampled_from(Perception)


# ---- Worked cases. ------------------------------------------------------------------------------

PEOPLE = [*scenarios("danger_profile"), *scenarios("lives")]
WITH_OPEN_SIGNS = [case for case in PEOPLE if "unanswered_that_matter" in case]
KEYS_OF_A_PERSON = {
    *("id", "says", "otherwise", "level_low", "level_high", "name", "reasons"),
    *("signs", "fear", "own_level", "expects_serious_harm", "now", "raised_to"),
    "unanswered_that_matter",
}
LAW = scenarios("statute")
KEYS_OF_THE_LAW = {
    *("id", "says", "yes", "declined", "judged_lethal", "triggered", "limb", "items"),
    *("of_seven", "lap", "of_eight", "profile", "at_most"),
}


def case_id(case: Mapping[str, Any]) -> str:
    return str(case["id"])


def assessed(case: Mapping[str, Any]) -> Assessment:
    """The assessment of a worked case."""
    given = answer_sheet(case)
    return assess(
        {Sign(name): Answer(said) for name, said in given["signs"].items()},
        fear=given.get("fear"),
        own_level=OwnLevel(given["own_level"]) if "own_level" in given else None,
        expects_serious_harm=Answer(given["expects_serious_harm"]),
        now=[Now(name) for name in given.get("now", ())],
        raised_to=Level(given["raised_to"]) if "raised_to" in given else None,
    )


def law_sheet(case: Mapping[str, Any]) -> dict[Sign, Answer]:
    """The answers of a worked case of the statute."""
    return filled({Sign(name): YES for name in case["yes"]}, None if "declined" in case else NO)


@pytest.mark.parametrize("case", PEOPLE, ids=case_id)
def test_this_person_is_assessed_as_worked_out_by_hand(case: dict[str, Any]) -> None:
    assessment = assessed(case)

    assert (assessment.low, assessment.high) == (case["level_low"], case["level_high"])
    assert assessment.name == case["name"]
    assert {reason.value for reason in assessment.reasons} == set(case["reasons"])


@pytest.mark.parametrize("case", WITH_OPEN_SIGNS, ids=case_id)
def test_what_could_raise_it_is_as_worked_out_by_hand(case: dict[str, Any]) -> None:
    matter = assessed(case).unanswered_that_matter

    assert [sign.value for sign in matter] == case["unanswered_that_matter"]


@pytest.mark.parametrize("case", LAW, ids=case_id)
def test_the_statute_says_what_the_worked_case_says(case: dict[str, Any]) -> None:
    law = assess(law_sheet(case), judged_lethal=case.get("judged_lethal", False)).statute

    assert law.triggered is case["triggered"]
    assert law.limb == case.get("limb")
    assert [sign.value for sign in law.items] == case.get("items", [])


@pytest.mark.parametrize("case", LAW, ids=case_id)
def test_the_lesser_signs_of_the_statute_are_counted_by_hand(case: dict[str, Any]) -> None:
    assert len(yes_in(law_sheet(case), codes("S", 5, 11))) == case["of_seven"]


@pytest.mark.parametrize("case", [case for case in LAW if "profile" in case], ids=case_id)
def test_beside_the_statute_stands_our_own_level(case: dict[str, Any]) -> None:
    assessment = assess(law_sheet(case))

    assert (assessment.name, assessment.high) == (case["profile"], case["at_most"])


@pytest.mark.parametrize(
    ("cases", "known"), [(PEOPLE, KEYS_OF_A_PERSON), (LAW, KEYS_OF_THE_LAW)], ids=["people", "law"]
)
def test_no_worked_case_has_a_key_that_nothing_reads(
    cases: list[dict[str, Any]], known: set[str]
) -> None:
    unread = {case["id"]: set(case) - known for case in cases}

    assert not any(unread.values())


def test_no_two_worked_cases_share_their_id() -> None:
    ids = [case["id"] for case in (*PEOPLE, *LAW)]

    assert len(set(ids)) == len(ids)


# ---- Names. -------------------------------------------------------------------------------------


def test_the_signs_are_those_of_the_table_in_its_order() -> None:
    headings = {sign: domain_of(sign) for sign in Sign}
    rows = [
        (code_of(sign), sign.value, heading.value if heading else "-")
        for sign, heading in headings.items()
    ]

    assert rows == ROWS


def test_the_flags_are_those_of_the_table() -> None:
    assert [flag.value for flag in Now] == [
        "person_here_now",
        "holds_weapon_now",
        "urgent_injury_now",
        "suicide_attempt_now",
        "child_in_danger_now",
        "locked_in_now",
    ]


# ---- The statute. -------------------------------------------------------------------------------

# Maryland's order, L1 to L11, for comparison only. Any of the first three, or four of the eight.
LAP = (
    Sign.WEAPON,
    Sign.THREAT_TO_KILL,
    Sign.BELIEVES_WOULD_KILL,
    Sign.GUN_ACCESS,
    Sign.STRANGLED,
    Sign.JEALOUS_OR_CONTROLLING,
    Sign.SEPARATED,
    Sign.UNEMPLOYED,
    Sign.SUICIDE_ATTEMPT,
    Sign.CHILD_NOT_THEIRS,
    Sign.STALKING,
)
GROUP_OF = {
    (True, 1): "first group",
    (True, 2): "second group",
    (True, 3): "judgement",
    (False, None): "no referral",
    (None, None): "not screened",
}


def of_eight(sheet: Sheet) -> int:
    """How many of L4 to L11 were answered yes."""
    return [sheet.get(sign) for sign in LAP[3:]].count(YES)


def lap(sheet: Sheet, *, judged_lethal: bool = False) -> str:
    """What Maryland's order says, and by which group."""
    said = [sheet.get(sign, UNKNOWN) for sign in LAP]
    if YES in said[:3]:
        return "first group"
    if of_eight(sheet) >= 4:
        return "second group"
    if judged_lethal:
        return "judgement"
    return "no referral" if {YES, NO} & set(said) else "not screened"


@pytest.mark.parametrize("case", LAW, ids=case_id)
def test_marylands_order_says_what_the_worked_case_says(case: dict[str, Any]) -> None:
    sheet = law_sheet(case)

    assert lap(sheet, judged_lethal=case.get("judged_lethal", False)) == case["lap"]
    assert of_eight(sheet) == case["of_eight"]


def test_strangulation_is_all_that_marylands_order_has_elsewhere() -> None:
    assert {*FIRST_LIMB} - {*LAP[:3]} == {Sign.STRANGLED}
    assert {*LAP[3:]} - {*SECOND_LIMB} == {Sign.STRANGLED}


@given(sheets, st.sampled_from([NO, UNKNOWN]), st.booleans())
def test_without_strangulation_both_orders_agree(sheet: Sheet, said: Answer, judged: bool) -> None:
    sheet = {**sheet, Sign.STRANGLED: said}
    law = statute(sheet, judged_lethal=judged)

    assert lap(sheet, judged_lethal=judged) == GROUP_OF[law.triggered, law.limb]


@given(sheets, st.booleans())
def test_the_statute_is_the_law_as_it_is_written(sheet: Sheet, judged: bool) -> None:
    law = statute(sheet, judged_lethal=judged)

    items = [sign.value for sign in law.items]
    assert (law.triggered, law.limb, items) == the_law(sheet, judged_lethal=judged)


@given(sheets, saids)
def test_no_program_sets_the_third_limb(sheet: Sheet, said: Said) -> None:
    assert statute(sheet).limb != 3
    assert assess(sheet, **said).statute.limb != 3


@given(sheets, saids, levels, st.booleans())
def test_nothing_of_ours_touches_the_statute(
    sheet: Sheet, said: Said, raised_to: Level | None, judged: bool
) -> None:
    only = {sign: answer for sign, answer in sheet.items() if sign in STATUTE_SIGNS}

    ours = assess(sheet, **said, raised_to=raised_to, judged_lethal=judged).statute
    assert ours == statute(only, judged_lethal=judged)


@given(sheets, saids, levels)
def test_judging_the_open_answer_changes_the_statute_alone(
    sheet: Sheet, said: Said, raised_to: Level | None
) -> None:
    judged = assess(sheet, **said, raised_to=raised_to, judged_lethal=True)
    unjudged = assess(sheet, **said, raised_to=raised_to)

    assert replace(judged, statute=unjudged.statute) == unjudged


# ---- The table of rules. ------------------------------------------------------------------------


@given(sheets, saids)
def test_the_rules_are_those_of_the_specification(sheet: Sheet, said: Said) -> None:
    assessment = assess(sheet, **said)

    reasons = {reason.value for reason in assessment.reasons}
    assert (assessment.low, reasons) == by_the_book(sheet, **said)


def test_every_rule_has_an_id_of_its_own() -> None:
    assert len({rule.id for rule in RULES}) == len(RULES)


def test_the_rules_stand_from_the_highest_level_down() -> None:
    ranks = [rule.level for rule in RULES]

    assert ranks == sorted(ranks, reverse=True)


def test_all_is_read_but_the_open_question_and_the_visitors_own_state() -> None:
    read = {reason for rule in RULES for reason in rule.reads}
    unread = {Sign.OTHER_WORRY, Sign.OWN_SUICIDAL_THOUGHTS, Sign.EXHAUSTED_OR_ISOLATED}

    assert set(EVERY_REASON) - read == {*unread, Raise.RAISED_TO}


def test_only_the_two_limbs_of_the_statute_are_said_to_be_law() -> None:
    law = [rule.reads for rule in RULES if rule.source == SOURCE]

    assert law == [FIRST_LIMB, SECOND_LIMB]
    assert {rule.source for rule in RULES} == {SOURCE, OUR_CAUTION_RULE}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_when_everything_is_said_a_rule_names_exactly_what_it_reads(rule: Rule) -> None:
    everything = Told(frozenset(Sign), frozenset(Now), 4, OwnLevel.NOW, expects_serious_harm=True)

    assert rule.met(everything) == set(rule.reads)


def test_where_nothing_was_told_no_rule_is_met() -> None:
    assert not any(rule.met(Told()) for rule in RULES)


@given(tolds)
def test_a_rule_names_only_what_it_reads(told: Told) -> None:
    named = {rule.id: rule.met(told) - set(rule.reads) for rule in RULES}

    assert not any(named.values())


@given(tolds, tolds)
def test_more_that_is_said_never_unmeets_a_rule(told: Told, more: Told) -> None:
    graver = both(told, more)

    assert [rule.id for rule in RULES if not rule.met(told) <= rule.met(graver)] == []


def both(told: Told, more: Told) -> Told:
    """The graver of two things told, input by input."""
    own = max(told.own_level, more.own_level, key=[*OwnLevel].index)
    expects = told.expects_serious_harm or more.expects_serious_harm
    return Told(told.yes | more.yes, told.now | more.now, max(told.fear, more.fear), own, expects)


# ---- The ten invariants. The ninth and the tenth belong to the conversation. --------------------


@given(sheets, saids, st.sampled_from(Sign), st.sampled_from([NO, UNKNOWN]))
def test_1_a_yes_never_lowers_the_level(
    sheet: Sheet, said: Said, sign: Sign, before: Answer
) -> None:
    without, with_it = {**sheet, sign: before}, {**sheet, sign: YES}

    assert assess(with_it, **said).low >= assess(without, **said).low


@given(sheets, saids, st.sampled_from(Sign))
def test_1_taking_a_yes_back_never_raises_the_level(sheet: Sheet, said: Said, sign: Sign) -> None:
    yes, taken_back = {**sheet, sign: YES}, {**sheet, sign: UNKNOWN}

    assert assess(taken_back, **said).low <= assess(yes, **said).low


@given(sheets, saids, levels)
def test_1_at_least_is_never_above_at_most(sheet: Sheet, said: Said, raised: Level | None) -> None:
    assessment = assess(sheet, **said, raised_to=raised)

    assert assessment.low <= assessment.high


@given(sheets, saids, st.lists(st.integers(0, 4), min_size=2, max_size=2))
def test_2_more_fear_never_lowers_the_level(sheet: Sheet, said: Said, two: list[int]) -> None:
    less, more = sorted(two)

    assert (
        assess(sheet, **{**said, "fear": less}).low <= assess(sheet, **{**said, "fear": more}).low
    )


@given(sheets, saids, st.sampled_from(list(combinations(OwnLevel, 2))))
def test_2_a_graver_rating_of_their_own_never_lowers_the_level(
    sheet: Sheet, said: Said, two: tuple[OwnLevel, OwnLevel]
) -> None:
    less, graver = (assess(sheet, **{**said, "own_level": own}).low for own in two)

    assert less <= graver


@given(sheets, fears, own_levels, answers)
def test_2_perception_never_brings_the_level_below_what_the_signs_give(
    sheet: Sheet, fear: int | None, own: OwnLevel | None, expects: Answer
) -> None:
    perceived = assess(sheet, fear=fear, own_level=own, expects_serious_harm=expects)

    assert perceived.low >= assess(sheet).low


@given(sheets, saids, st.randoms())
def test_3_the_order_of_answers_changes_nothing(sheet: Sheet, said: Said, random: Any) -> None:
    answered, now = list(sheet.items()), list(said.get("now", ()))
    random.shuffle(answered)
    random.shuffle(now)

    assert assess(dict(answered), **{**said, "now": now}) == assess(sheet, **said)


def test_3_neither_language_nor_pronouns_nor_channel_is_an_input() -> None:
    assert list(signature(assess).parameters) == [
        "answers",
        "fear",
        "own_level",
        "expects_serious_harm",
        "now",
        "raised_to",
        "judged_lethal",
    ]


@given(sheets, saids, st.sampled_from(Level))
def test_4_an_advocate_can_raise_and_not_lower(sheet: Sheet, said: Said, to: Level) -> None:
    raised = assess(sheet, **said, raised_to=to)

    assert raised.level == max(assess(sheet, **said).level, to)


@given(sheets, saids, st.sampled_from(Level))
def test_4_a_raise_leaves_what_the_answers_show(sheet: Sheet, said: Said, to: Level) -> None:
    raised, unraised = assess(sheet, **said, raised_to=to), assess(sheet, **said)

    assert raised.low == unraised.low
    assert raised.high == (Level.IMMEDIATE if to is Level.IMMEDIATE else unraised.high)
    assert raised.unanswered_that_matter == unraised.unanswered_that_matter


@given(sheets, saids, st.sampled_from(Level))
def test_4_a_raise_is_a_reason_where_it_holds_the_level(
    sheet: Sheet, said: Said, to: Level
) -> None:
    raised = assess(sheet, **said, raised_to=to)

    assert (Raise.RAISED_TO in raised.reasons) == (to == raised.level > 0)


@given(sheets, saids, levels)
def test_5_every_level_above_zero_names_a_reason(
    sheet: Sheet, said: Said, raised: Level | None
) -> None:
    assessment = assess(sheet, **said, raised_to=raised)

    assert bool(assessment.reasons) == (assessment.level > Level.NOTHING_NAMED)


@given(sheets, saids, levels, st.sampled_from([NO, UNKNOWN]))
def test_5_taking_all_named_reasons_away_lowers_the_level(
    sheet: Sheet, said: Said, raised: Level | None, instead: Answer
) -> None:
    assessment = assess(sheet, **said, raised_to=raised)
    named = {reason.value for reason in assessment.reasons}
    signs = {sign: instead if sign.value in named else sheet[sign] for sign in sheet}
    left = {key: value for key, value in {**said, "raised_to": raised}.items() if key not in named}
    left["now"] = [flag for flag in said.get("now", ()) if flag.value not in named]

    assert not named or assess(signs, **left).level < assessment.level


@given(sheets, saids, levels)
def test_5_reasons_come_once_and_in_the_order_of_the_table(
    sheet: Sheet, said: Said, raised: Level | None
) -> None:
    reasons = assess(sheet, **said, raised_to=raised).reasons

    assert list(reasons) == [reason for reason in EVERY_REASON if reason in reasons]


@given(sheets, saids, st.fixed_dictionaries(dict.fromkeys(OWN_STATE_SIGNS, answers)))
def test_6_the_visitors_own_state_changes_nothing(
    sheet: Sheet, said: Said, own_state: Sheet
) -> None:
    without = {sign: answer for sign, answer in sheet.items() if sign not in OWN_STATE_SIGNS}

    assert assess({**sheet, **own_state}, **said) == assess(without, **said)


@given(sheets, saids, sheets, saids)
def test_7_a_level_is_the_same_however_often_it_is_asked_for(
    sheet: Sheet, said: Said, other: Sheet, also: Said
) -> None:
    before = assess(sheet, **said)
    assess(other, **also)

    assert assess(sheet, **said) == before


@given(sheets, saids)
def test_7_a_new_conversation_starts_at_unknown_whatever_came_before(
    sheet: Sheet, said: Said
) -> None:
    assess(sheet, **said)
    new = assess({})

    assert (new.low, new.high, new.name) == (0, 3, "not_enough_info")


@given(sheets, saids, st.lists(st.tuples(st.sampled_from(Sign), answers), min_size=1, max_size=4))
def test_8_an_assessment_after_corrections_is_that_of_the_answers_that_stand(
    sheet: Sheet, said: Said, corrections: list[tuple[Sign, Answer]]
) -> None:
    steps = [{**sheet, **dict(corrections[:end])} for end in range(len(corrections) + 1)]
    assessments = [assess(step, **said) for step in steps]
    fresh = {sign: steps[-1][sign] for sign in reversed(Sign) if sign in steps[-1]}

    assert assessments[-1] == assess(fresh, **said)


# ---- At most, and what could raise the level. ---------------------------------------------------


@given(sheets, saids)
def test_at_most_takes_every_open_sign_of_the_statute_incidents_and_access_as_yes(
    sheet: Sheet, said: Said
) -> None:
    worst, _ = by_the_book(and_yes(sheet, open_signs(sheet)), **said)

    assert assess(sheet, **said).high == worst


@given(sheets, saids)
def test_an_open_sign_matters_when_it_alone_or_else_with_others_would_raise_the_level(
    sheet: Sheet, said: Said
) -> None:
    matter = assess(sheet, **said).unanswered_that_matter

    assert set(matter) == that_matter_by_the_book(sheet, said)


@given(sheets, saids)
def test_while_at_most_is_above_at_least_some_open_sign_matters(sheet: Sheet, said: Said) -> None:
    assessment = assess(sheet, **said)

    assert bool(assessment.unanswered_that_matter) == (assessment.high > assessment.low)


@given(sheets, saids)
def test_not_sure_is_the_same_as_silence(sheet: Sheet, said: Said) -> None:
    silent = {sign: answer for sign, answer in sheet.items() if answer is not UNKNOWN}

    assert assess(sheet, **said) == assess(silent, **said)


@given(sheets, saids, answers)
def test_no_rule_reads_the_open_question(sheet: Sheet, said: Said, answer: Answer) -> None:
    without = dict(sheet)
    without.pop(Sign.OTHER_WORRY, None)

    assert assess({**sheet, Sign.OTHER_WORRY: answer}, **said) == assess(without, **said)


@pytest.mark.parametrize(
    ("said_no", "name"),
    [(0, "not_enough_info"), (7, "not_enough_info"), (8, "none_named"), (11, "none_named")],
)
def test_zero_is_none_named_only_after_eight_times_no(said_no: int, name: str) -> None:
    assert assess(dict.fromkeys(STATUTE_SIGNS[:said_no], NO)).name == name


@given(sheets, saids, levels)
def test_the_name_is_that_of_the_level_in_the_end(
    sheet: Sheet, said: Said, raised: Level | None
) -> None:
    assessment = assess(sheet, **said, raised_to=raised)

    said_no = [sheet.get(sign) for sign in STATUTE_SIGNS].count(NO)
    zero = "none_named" if said_no >= 8 else "not_enough_info"
    assert assessment.name == [zero, "concern", "elevated", "high", "immediate"][assessment.level]


def gravest(told: Told, asked: Collection[Reason]) -> Told:
    """What was told, with the gravest answer to all of these."""
    return both(
        told,
        Told(
            yes=frozenset(each for each in asked if isinstance(each, Sign)),
            fear=4 if Perception.FEAR in asked else 0,
            own_level=OwnLevel.NOW if Perception.OWN_LEVEL in asked else OwnLevel.NONE,
            expects_serious_harm=Perception.EXPECTS_SERIOUS_HARM in asked,
        ),
    )


def raises_with(told: Told, asked: Reason, some: Collection[Reason]) -> bool:
    """Whether with these what is asked becomes a reason for a higher level."""
    after = gravest(told, {asked, *some})
    reasons = (rule.met(after) for rule in RULES if rule.level is level_of(after))
    return level_of(after) > level_of(told) and asked in frozenset[Reason]().union(*reasons)


@given(tolds, st.frozensets(can_be_asked))
def test_some_open_input_could_raise_the_level_exactly_when_all_together_would(
    told: Told, still_open: frozenset[Reason]
) -> None:
    some = any(could_raise(told, asked, still_open) for asked in still_open)

    assert some == (level_of(gravest(told, still_open)) > level_of(told))


@given(tolds, can_be_asked, st.frozensets(can_be_asked, max_size=5))
def test_an_input_could_raise_the_level_exactly_when_with_some_open_ones_it_is_a_reason_to(
    told: Told, asked: Reason, still_open: frozenset[Reason]
) -> None:
    some = [each for size in range(6) for each in combinations(still_open - {asked}, size)]

    raised = any(raises_with(told, asked, each) for each in some)
    assert could_raise(told, asked, still_open) == raised


def test_without_an_answer_a_yes_to_a_grave_sign_could_trigger_the_statute() -> None:
    assert could_trigger({})
    assert could_trigger({**no_to_the_statute(), Sign.STRANGLED: Answer.UNKNOWN})
    assert not could_trigger(no_to_the_statute())


def test_one_lesser_sign_short_of_four_an_open_one_could_trigger_the_statute() -> None:
    three = dict.fromkeys(SECOND_LIMB[:3], Answer.YES)
    open_one = {**no_to_the_statute(), **three, SECOND_LIMB[3]: Answer.UNKNOWN}

    assert could_trigger(open_one)
    assert not could_trigger({**open_one, SECOND_LIMB[2]: Answer.NO})


def test_what_is_triggered_already_can_not_be_triggered_by_more() -> None:
    assert not could_trigger({Sign.STRANGLED: Answer.YES})


def no_to_the_statute() -> dict[Sign, Answer]:
    return dict.fromkeys(STATUTE_SIGNS, Answer.NO)


def test_what_somebody_expects_counts_for_at_most_too() -> None:
    everything_no = dict.fromkeys(Sign, Answer.NO)

    assert assess(everything_no, expects_serious_harm=Answer.YES).high is Level.HIGH
