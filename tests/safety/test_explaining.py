"""What is explained of an assessment: the reasons, what is open, and what could help now."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.content import Content
from bot.safety.explaining import Explanation, explanation
from bot.safety.questions import LIST, SKIPPED, assessment_of
from bot.safety.signs import SIGNS, Now, Perception, Sign

CONSENTED = {"danger_consent": "yes"}
HOTLINE, PLAN, EMERGENCY = "help_step_hotline", "help_step_plan", "help_step_emergency"

some_answers = st.dictionaries(
    st.sampled_from([sign.value for sign in SIGNS]),
    st.sampled_from(["yes", "no", "not_sure", SKIPPED]),
)


def explained(content: Content, *yes: Sign, **answers: str) -> Explanation:
    """What is explained to somebody who said yes to some signs, and gave some other answers."""
    said = {**CONSENTED, **{sign.value: "yes" for sign in yes}, **answers}
    return explanation(content.outline.before, said)


def no_to_all(content: Content, **answers: str) -> dict[str, str]:
    """The answers of somebody who was asked everything and said no wherever they could."""
    asked = [each for each in content.outline.before if each.adaptive]
    no = {each.id: "no" if "no" in each.options else each.options[0] for each in asked}
    return {**CONSENTED, **{key: no[key] for key in no if not key.startswith(LIST)}, **answers}


# ---- The words that count. ----------------------------------------------------------------------


def test_the_signs_that_made_the_level_are_its_reasons(content: Content) -> None:
    told = explained(content, Sign.WEAPON, Sign.STRANGLED, Sign.STALKING)

    assert told.name == "high"
    assert told.reasons == (Sign.WEAPON, Sign.STRANGLED)


def test_the_other_signs_that_were_named_are_told_as_well(content: Content) -> None:
    told = explained(content, Sign.ECONOMIC_ABUSE, Sign.STRANGLED, Sign.STALKING, weapon="no")

    assert told.also == (Sign.STALKING, Sign.ECONOMIC_ABUSE)


def test_the_visitors_own_state_is_not_listed_as_a_sign_of_danger(content: Content) -> None:
    told = explained(content, Sign.OWN_SUICIDAL_THOUGHTS, Sign.EXHAUSTED_OR_ISOLATED)

    assert told.also == told.reasons == ()


def test_danger_now_is_a_reason_although_no_question_asked_about_it(content: Content) -> None:
    told = explanation(content.outline.before, CONSENTED, frozenset({Now.HOLDS_WEAPON}))

    assert told.name == "immediate"
    assert told.reasons == (Now.HOLDS_WEAPON,)


@given(some_answers)
def test_every_sign_that_was_named_is_told_once(content: Content, answers: dict[str, str]) -> None:
    told = explanation(content.outline.before, answers)

    own = {"own_suicidal_thoughts", "exhausted_or_isolated", "other_worry"}
    named = {key for key, said in answers.items() if said == "yes"} - own
    assert sorted(named) == sorted(each.value for each in (*told.reasons, *told.also))


# ---- Why they count. ----------------------------------------------------------------------------


def test_what_the_strongest_studies_are_about_is_explained_first(content: Content) -> None:
    told = explained(content, Sign.WEAPON, Sign.THREAT_TO_KILL, Sign.STRANGLED)

    assert told.why == (Sign.STRANGLED, Sign.THREAT_TO_KILL, Sign.WEAPON)


def test_what_the_studies_say_less_about_is_explained_after_it(content: Content) -> None:
    told = explained(content, Sign.UNEMPLOYED, Sign.STALKING)

    assert told.reasons == (Sign.UNEMPLOYED, Sign.STALKING)
    assert told.why == (Sign.STALKING, Sign.UNEMPLOYED)


def test_three_reasons_are_explained_at_most(content: Content) -> None:
    told = explained(content, *SIGNS[:4])

    assert len(told.reasons) == 4
    assert told.why == (Sign.STRANGLED, Sign.THREAT_TO_KILL, Sign.WEAPON)


def test_what_somebody_senses_is_explained_once(content: Content) -> None:
    told = explained(content, fear="fear_4", own_level="own_high", expects_serious_harm="yes")

    assert told.reasons == tuple(Perception)
    assert told.why == (Perception.FEAR,)


def test_what_somebody_senses_is_explained_after_the_signs(content: Content) -> None:
    told = explained(content, Sign.BELIEVES_WOULD_KILL, fear="fear_4")

    assert told.why == (Sign.BELIEVES_WOULD_KILL, Perception.FEAR)


def test_danger_now_needs_no_reason_why(content: Content) -> None:
    told = explanation(content.outline.before, CONSENTED, frozenset({Now.PERSON_HERE}))

    assert told.why == ()


# ---- What is open. ------------------------------------------------------------------------------


def test_nothing_is_left_once_everything_was_answered(content: Content) -> None:
    told = explanation(content.outline.before, no_to_all(content))

    assert told.left == 0
    assert told.matter == ()


@pytest.mark.parametrize("said", ["not_sure", SKIPPED])
def test_what_was_skipped_or_left_unsure_is_left(content: Content, said: str) -> None:
    told = explanation(content.outline.before, no_to_all(content, stalking=said))

    assert told.left == 1
    assert told.matter == (Sign.STALKING,)


def test_signs_of_one_list_are_left_as_one_question(content: Content) -> None:
    answers = no_to_all(content, stalking=SKIPPED, tracks_devices=SKIPPED)

    told = explanation(content.outline.before, answers)

    assert told.left == 1
    assert told.matter == (Sign.STALKING, Sign.TRACKS_DEVICES)


def test_signs_of_two_lists_are_left_as_two_questions(content: Content) -> None:
    answers = no_to_all(content, stalking=SKIPPED, knows_places=SKIPPED, fear=SKIPPED)

    assert explanation(content.outline.before, answers).left == 3


@pytest.mark.parametrize("consent", ["enough_for_now", "not_now"])
def test_who_had_enough_of_the_questions_left_them_open(content: Content, consent: str) -> None:
    asked = explained(content)

    assert explained(content, danger_consent=consent) == asked
    assert asked.left > 10


def test_a_question_that_only_serves_another_is_not_left_open(content: Content) -> None:
    answers = no_to_all(content, children=SKIPPED, child_not_theirs=SKIPPED)

    assert explanation(content.outline.before, answers).left == 1


def test_what_cannot_apply_is_not_left_open(content: Content) -> None:
    answers = no_to_all(content, child_not_theirs=SKIPPED, children="no")

    told = explanation(content.outline.before, answers)

    assert (told.left, told.matter) == (0, ())


def test_a_sign_that_was_answered_otherwise_does_not_matter_any_more(content: Content) -> None:
    answers = no_to_all(content, separated="not_a_partner")

    assert assessment_of(answers).unanswered_that_matter == (Sign.SEPARATED,)
    assert explanation(content.outline.before, answers).matter == ()


def test_what_could_not_raise_the_level_is_left_and_does_not_matter(content: Content) -> None:
    answers = no_to_all(content, strangled="yes", stalking=SKIPPED)

    told = explanation(content.outline.before, answers)

    assert (told.left, told.matter) == (1, ())


# ---- What could help now. -----------------------------------------------------------------------


def test_a_person_and_a_plan_can_always_help(content: Content) -> None:
    assert explained(content).steps == (HOTLINE, PLAN)


def test_danger_now_brings_the_emergency_number_first(content: Content) -> None:
    assert explained(content, own_level="own_now").steps == (EMERGENCY, HOTLINE, PLAN)


def test_high_danger_brings_the_emergency_number_after_a_person(content: Content) -> None:
    assert explained(content, Sign.THREAT_TO_KILL).steps == (HOTLINE, EMERGENCY, PLAN)


def test_thoughts_of_dying_bring_the_crisis_line_first(content: Content) -> None:
    told = explained(content, Sign.OWN_SUICIDAL_THOUGHTS)

    assert told.steps == ("help_step_crisis", HOTLINE, PLAN)


def test_being_strangled_brings_care_for_the_neck(content: Content) -> None:
    assert explained(content, Sign.STRANGLED).steps == (HOTLINE, "help_step_neck", EMERGENCY)


def test_three_steps_are_offered_at_most_and_the_most_urgent_come_first(content: Content) -> None:
    told = explained(
        content, Sign.STRANGLED, Sign.OWN_SUICIDAL_THOUGHTS, Sign.GUN_ACCESS, own_level="own_now"
    )

    assert told.steps == (EMERGENCY, "help_step_crisis", HOTLINE)


@pytest.mark.parametrize(
    ("sign", "step"),
    [
        (Sign.GUN_ACCESS, "help_step_gun"),
        (Sign.TRACKS_DEVICES, "help_step_device"),
        (Sign.STALKING, "help_step_device"),
        (Sign.BROKE_ORDER, "help_step_order"),
        (Sign.HURT_OR_THREATENED_OTHERS, "help_step_children"),
        (Sign.ECONOMIC_ABUSE, "help_step_money"),
    ],
)
def test_some_signs_bring_a_step_of_their_own(content: Content, sign: Sign, step: str) -> None:
    assert explained(content, sign).steps == (HOTLINE, step, PLAN)


def test_a_step_for_two_signs_is_offered_once(content: Content) -> None:
    told = explained(content, Sign.TRACKS_DEVICES, Sign.STALKING)

    assert told.steps == (HOTLINE, "help_step_device", PLAN)


def test_a_step_of_a_sign_is_offered_before_the_plan(content: Content) -> None:
    told = explained(content, Sign.ECONOMIC_ABUSE, Sign.GUN_ACCESS)

    assert told.steps == (HOTLINE, "help_step_gun", "help_step_money")


@given(some_answers)
def test_a_person_is_always_among_three_steps_at_most(
    content: Content, answers: dict[str, str]
) -> None:
    offered = explanation(content.outline.before, answers).steps

    assert HOTLINE in offered
    assert len(set(offered)) == len(offered) <= 3


# ---- Whether there is anything to explain. ------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "asked"), [("yes", True), ("no", True), ("not_sure", False), (SKIPPED, False)]
)
def test_only_a_yes_or_a_no_is_something_to_go_by(content: Content, said: str, asked: bool) -> None:
    assert explained(content, weapon=said).asked is asked


def test_fear_alone_is_something_to_go_by(content: Content) -> None:
    assert explained(content, fear="fear_1").asked
    assert not explained(content).asked


@pytest.mark.parametrize("said", ["yes", "no", "never_lived_together", "not_sure", SKIPPED])
def test_the_questions_were_studied_with_partners(content: Content, said: str) -> None:
    assert explained(content, separated=said).studied


def test_the_questions_were_never_studied_with_anybody_else(content: Content) -> None:
    assert not explained(content, separated="not_a_partner").studied
