"""The danger questions: the few that can still change the level, and an honest early end."""

import statistics
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.bench.interview import CONSENTED, answer_of, interview, people
from bot.content import load
from bot.safety.course import Course, gone_back, open_question, questions_of, with_answer
from bot.safety.danger import Told, could_raise
from bot.safety.explaining import explanation
from bot.safety.questions import (
    LIST,
    SKIPPED,
    Question,
    assessment_of,
    check_in_is_due,
    danger_progress,
    danger_questions,
    next_question,
    nothing_can_raise,
    open_reasons,
    sign_answers,
    told_in,
    waiting_questions,
)
from bot.safety.signs import SIGNS, Answer, Level, Now, OwnLevel, Perception, Sign
from bot.safety.statute import FIRST_LIMB
from bot.safety.when import When


def danger_block() -> list[Question]:
    """Every danger question that has an answer of its own."""
    block = [each for each in load().outline.before if each.adaptive]
    return [each for each in block if not each.id.startswith(LIST)]


# Anybody: an answer, a skip or "not sure" to every danger question.
anybody = st.fixed_dictionaries(
    {each.id: st.sampled_from([*each.options, SKIPPED]) for each in danger_block()}
)
# Most people have few signs; so that what is rare is tried as well.
somebody = st.fixed_dictionaries(
    {
        each.id: st.sampled_from([*each.options, *["no"] * 9])
        if "no" in each.options
        else st.sampled_from([each.options[0], SKIPPED, *each.options])
        for each in danger_block()
    }
)


@given(st.one_of(anybody, somebody))
def test_ending_early_never_changes_the_level(person: dict[str, str]) -> None:
    early = interview(load().outline, person)
    whole = interview(load().outline, person, whole=True)

    assert assessment_of(early.course.answers).low is assessment_of(whole.course.answers).low


@given(st.one_of(anybody, somebody))
def test_an_early_end_says_what_it_left_open(person: dict[str, str]) -> None:
    outline = load().outline
    early = interview(outline, person)
    whole = interview(outline, person, whole=True)
    told = explanation(questions_of(outline, early.course), early.course.answers)

    not_asked = set(whole.asked) - set(early.asked) - {"children", "child_not_theirs"}
    assert told.left >= len(not_asked)


@given(anybody)
def test_a_question_comes_again_only_as_a_shorter_list(person: dict[str, str]) -> None:
    asked = interview(load().outline, person, whole=True).asked

    assert all(each.startswith(LIST) for each in asked if asked.count(each) > 1)


@given(st.one_of(anybody, somebody))
def test_each_question_could_raise_the_level_when_it_is_asked(person: dict[str, str]) -> None:
    outline, course = load().outline, Course(answers=CONSENTED)
    for _ in range(50):
        question = open_question(outline, course)
        if question.id in ("danger_more", "exhausted_or_isolated"):
            break
        if question.adaptive:
            still_open = open_reasons(outline.before, course.answers)
            told = told_in(course.answers)
            could = {each for each in still_open if could_raise(told, each, still_open)}
            assert could.intersection(question.reasons)
        course = with_answer(outline, course, question, answer_of(question, person))
        if course.answers.get("danger_more"):
            break


def test_half_of_the_scenario_set_needs_no_more_than_eight_questions() -> None:
    counts = [len(interview(load().outline, person).asked) for person in people()]

    assert len(counts) > 40
    assert statistics.median(counts) <= 8


def test_nobody_is_asked_more_than_a_dozen_times_before_it_could_end() -> None:
    assert max(len(interview(load().outline, each).asked) for each in people()) <= 12


def person(**answers: str) -> dict[str, str]:
    """Somebody who says no to everything but what is named."""
    no = {each.id: "no" for each in danger_block() if "no" in each.options}
    return {**no, "fear": "fear_0", "own_level": "own_none", **answers}


def asked(**answers: str) -> tuple[str, ...]:
    return interview(load().outline, person(**answers), whole=True).asked


def listed(course: Course) -> list[str]:
    """The signs that the open list asks about."""
    return [each.id for each in open_question(load().outline, course).items]


def after(course: Course, *values: str) -> Course:
    outline = load().outline
    for value in values:
        course = with_answer(outline, course, open_question(outline, course), value)
    return course


ASKING = Course(answers=CONSENTED)
AT_GRAVE = after(ASKING, "fear_0", "own_none")


def test_the_first_question_is_how_afraid_somebody_is() -> None:
    assert asked()[0] == "fear"


def test_who_has_no_children_is_not_asked_whose_child_it_is() -> None:
    assert "child_not_theirs" not in asked(children="no")
    assert "child_not_theirs" in asked(children="yes")


def test_whose_child_it_is_is_asked_about_partners_only() -> None:
    assert "child_not_theirs" not in asked(children="yes", separated="not_a_partner")
    assert "child_not_theirs" in asked(children="yes", separated="no")


def test_who_never_lived_together_is_not_asked_about_a_shared_home() -> None:
    apart = {**CONSENTED, "separated": "never_lived_together"}
    together = {**CONSENTED, "separated": "no"}

    assert "lives_with" not in [each.id for each in waiting(apart)]
    assert "lives_with" in [each.id for each in waiting(together)]


def waiting(answers: dict[str, str]) -> list[Question]:
    return waiting_questions(load().outline.before, answers, frozenset())


def test_not_being_a_partner_leaves_the_separation_unknown() -> None:
    read = sign_answers({"separated": "not_a_partner"})

    assert read[Sign.SEPARATED] is Answer.UNKNOWN


def test_never_having_lived_together_is_no_separation() -> None:
    read = sign_answers({"separated": "never_lived_together"})

    assert read[Sign.SEPARATED] is Answer.NO


def test_earlier_harm_is_asked_only_where_there_was_none_this_year() -> None:
    hurt, unhurt = {**CONSENTED, "physically_hurt": "yes"}, {**CONSENTED, "physically_hurt": "no"}

    assert "physically_hurt_earlier" not in [each.id for each in waiting(hurt)]
    assert "physically_hurt_earlier" in [each.id for each in waiting(unhurt)]


def test_grave_signs_are_asked_together() -> None:
    assert listed(AT_GRAVE) == ["strangled", "threat_to_kill", "weapon", "believes_would_kill"]


def test_none_of_these_is_a_no_to_each() -> None:
    course = after(AT_GRAVE, "none_of_these")

    read = sign_answers(course.answers)
    assert {read[sign] for sign in FIRST_LIMB} == {Answer.NO}


@pytest.mark.parametrize("said", ["not_sure", SKIPPED])
def test_not_sure_or_a_skip_of_a_list_leaves_each_unknown(said: str) -> None:
    course = after(AT_GRAVE, said)

    read = sign_answers(course.answers)
    assert {read[sign] for sign in FIRST_LIMB} == {Answer.UNKNOWN}


def test_a_press_on_a_list_is_a_yes_to_that_sign_alone() -> None:
    course = after(AT_GRAVE, "so:weapon")

    assert sign_answers(course.answers) == {Sign.WEAPON: Answer.YES}


def test_a_list_asks_on_about_what_is_left() -> None:
    course = after(AT_GRAVE, "none_of_these", "no", "no", "so:jealous_or_controlling")

    assert listed(course) == ["stalking", "tracks_devices"]


def test_going_back_takes_all_that_one_press_said() -> None:
    course = gone_back(load().outline, after(AT_GRAVE, "none_of_these"))

    assert course
    assert course.answers == AT_GRAVE.answers


def test_going_back_takes_only_the_latest_yes_of_a_list() -> None:
    course = after(
        AT_GRAVE, "none_of_these", "no", "no", "so:jealous_or_controlling", "so:stalking"
    )

    back = gone_back(load().outline, course)

    assert back
    assert listed(back) == ["stalking", "tracks_devices"]


def test_one_grave_yes_ends_the_questions() -> None:
    early = interview(load().outline, person(threat_to_kill="yes"))

    assert early.asked == ("fear", "own_level", "list_grave")
    assert assessment_of(early.course.answers).low is Level.HIGH


def test_the_question_about_the_rest_comes_once_nothing_can_raise_the_level() -> None:
    outline = load().outline
    course = interview(outline, person(fear="fear_4", own_level="own_high")).course

    assert nothing_can_raise(questions_of(outline, course), course.answers)
    assert open_question(outline, course).id == "danger_more"


def test_who_goes_on_is_asked_the_rest() -> None:
    outline = load().outline
    course = interview(outline, person(fear="fear_4", own_level="own_high")).course

    more = with_answer(outline, course, open_question(outline, course), "keep_answering")

    assert open_question(outline, more).id == "list_grave"


def test_who_wants_to_see_what_it_means_gets_the_explanation() -> None:
    outline = load().outline
    course = interview(outline, person(fear="fear_4", own_level="own_high")).course

    enough = with_answer(outline, course, open_question(outline, course), "see_meaning")

    assert open_question(outline, enough).id == "explained"


def test_after_a_pause_going_on_needs_no_second_yes() -> None:
    outline = load().outline
    course = Course(
        answers={**CONSENTED, "fear": SKIPPED, "own_level": SKIPPED, "strangled": "yes"}
    )
    pause = open_question(outline, course)

    on = with_answer(outline, course, pause, "go_on")

    assert pause.id == "after_strangled"
    assert open_question(outline, on).id == "list_grave"


@pytest.mark.parametrize(
    ("sign", "pause"),
    [
        ("threat_to_kill", "after_threat"),
        ("weapon", "after_threat"),
        ("believes_would_kill", "after_threat"),
        ("strangled", "after_strangled"),
        ("gun_access", "after_gun"),
    ],
)
def test_a_critical_yes_pauses_the_questions(sign: str, pause: str) -> None:
    course = Course(answers={**CONSENTED, sign: "yes"})

    assert open_question(load().outline, course).id == pause


def test_danger_now_in_their_own_rating_brings_the_emergency_text() -> None:
    outline = load().outline
    course = Course(answers={**CONSENTED, "fear": SKIPPED})
    question = open_question(outline, course)

    assert question.says["own_now"] == ("danger",)
    assert with_answer(outline, course, question, "own_now").interrupt == "safer_now"


def test_what_was_spoken_of_is_confirmed_before_anything_else_is_asked() -> None:
    course = Course(answers=CONSENTED, heard=frozenset({Sign.GETTING_WORSE}))

    assert open_question(load().outline, course).id == "getting_worse"


def test_a_grave_sign_spoken_of_is_confirmed_even_when_it_changes_nothing() -> None:
    answers = {**CONSENTED, "fear": "fear_4", "own_level": "own_high"}
    course = Course(answers=answers, heard=frozenset({Sign.STRANGLED, Sign.RECENT_LOSS}))

    assert open_question(load().outline, course).id == "strangled"


def test_a_small_sign_spoken_of_is_not_asked_about_when_it_changes_nothing() -> None:
    answers = {**CONSENTED, "fear": "fear_4", "own_level": "own_high"}
    course = Course(answers=answers, heard=frozenset({Sign.RECENT_LOSS}))

    assert open_question(load().outline, course).id == "danger_more"


def test_progress_counts_what_is_behind_and_at_most_ahead() -> None:
    questions = load().outline.before

    assert danger_progress(questions, CONSENTED) == (0, 12)
    assert danger_progress(questions, {**CONSENTED, "fear": "fear_4", "own_level": "own_high"}) == (
        2,
        0,
    )


def test_every_sign_but_the_visitors_own_thoughts_has_its_question() -> None:
    asked_about = {each.id for each in load().outline.before}

    assert {sign.value for sign in SIGNS} - asked_about == {"own_suicidal_thoughts"}


def test_there_are_a_dozen_danger_questions_in_all() -> None:
    assert danger_questions(load().outline.before) == 12


@given(st.dictionaries(st.sampled_from([s.value for s in SIGNS]), st.sampled_from(
    ["yes", "no", "not_sure", SKIPPED])))  # fmt: skip
def test_skipped_and_not_sure_are_unknown_and_never_no(answers: dict[str, str]) -> None:
    for sign, answer in sign_answers(answers).items():
        assert (answer is Answer.NO) == (answers[sign.value] == "no")
        assert (answer is Answer.YES) == (answers[sign.value] == "yes")


@given(anybody, st.permutations(SIGNS))
def test_the_order_in_which_it_was_answered_changes_nothing(
    person: dict[str, str], order: list[Sign]
) -> None:
    shuffled = {sign.value: person[sign.value] for sign in order if sign.value in person}

    assert assessment_of(person | shuffled) == assessment_of(shuffled | person)


# ---- Reading what was answered. -----------------------------------------------------------------


def test_the_rules_are_told_every_yes_and_what_is_sensed() -> None:
    signs = {"weapon": "yes", "stalking": "no", "strangled": "not_sure", "other_worry": "yes"}
    sensed = {"fear": "fear_3", "own_level": "own_high", "expects_serious_harm": "yes"}

    assert told_in({**signs, **sensed}) == Told(
        frozenset({Sign.WEAPON}), fear=3, own_level=OwnLevel.HIGH, expects_serious_harm=True
    )


@pytest.mark.parametrize("said", ["no", "not_sure", SKIPPED])
def test_what_was_not_said_tells_the_rules_nothing(said: str) -> None:
    assert told_in(dict.fromkeys(["fear", "own_level", "expects_serious_harm"], said)) == Told()
    assert told_in({}) == Told()


def test_an_assessment_reads_signs_senses_and_what_is_happening_now() -> None:
    sensed = {"fear": "fear_4", "own_level": "own_high", "expects_serious_harm": "yes"}
    now = frozenset({Now.LOCKED_IN})

    assert assessment_of({"weapon": "yes", **sensed}).reasons == (Sign.WEAPON, *Perception)
    assert assessment_of(sensed, now).reasons == (Now.LOCKED_IN,)


@pytest.mark.parametrize("said", ["no", "not_sure", SKIPPED])
def test_an_assessment_of_nothing_names_nothing(said: str) -> None:
    answers = dict.fromkeys(["fear", "own_level", "expects_serious_harm"], said)

    assert assessment_of(answers) == assessment_of({})
    assert assessment_of(answers).name == "not_enough_info"


# ---- The order of questions. --------------------------------------------------------------------

HEARD = frozenset({Sign.STALKING})


def sign_question(name: str, **more: Any) -> Question:
    """A danger question about a sign."""
    return Question(name, options=("yes", "no"), adaptive=True, **more)


def test_questions_come_in_their_order_until_all_are_answered() -> None:
    questions = (Question("first"), Question("second"))

    assert next_question(questions, {}) == questions[0]
    assert next_question(iter(questions), {"first": "no"}) == questions[1]
    assert next_question(questions, {"first": "no", "second": "no"}) is None


def test_a_question_can_wait_for_what_free_text_spoke_of() -> None:
    question = Question("about_it", when=When(all_of=("heard:stalking",)))

    assert next_question([question], {}, HEARD) == question
    assert next_question([question], {}) is None


def test_danger_questions_that_change_nothing_give_way_to_the_next_question() -> None:
    questions = (sign_question("economic_abuse"), Question("after"))

    asked_first = next_question(questions, {"weapon": "no"})
    asked_then = next_question(questions, {"weapon": "yes"})

    assert asked_first == questions[0]
    assert asked_then == questions[1]


def test_the_rest_is_offered_only_while_there_is_a_rest() -> None:
    questions = (sign_question("economic_abuse"), Question("danger_more"), Question("after"))
    answers = {"weapon": "yes"}

    assert next_question(questions, answers) == questions[1]
    assert next_question(questions, {**answers, "economic_abuse": "no"}) == questions[2]


def test_a_list_asks_about_the_signs_that_fit_and_have_no_answer() -> None:
    questions = (
        sign_question("stalking", in_list="list_control"),
        sign_question("weapon", in_list="list_grave"),
        sign_question("tracks_devices", in_list="list_control"),
        sign_question("lives_with", in_list="list_control", when=When(all_of=("separated",))),
        Question("list_control", options=("none_of_these",), adaptive=True),
    )

    (*_, whole) = waiting_questions(questions, {"stalking": "no"}, frozenset())

    assert whole.items == (questions[2],)
    assert whole.options == ("so:tracks_devices", "none_of_these")
    assert whole.reasons == (Sign.TRACKS_DEVICES,)


def test_a_list_of_which_nothing_is_left_is_not_asked() -> None:
    questions = (sign_question("stalking", in_list="list_x"), sign_question("list_x"))

    assert waiting_questions(questions, {"stalking": "no"}, frozenset()) == []


def test_what_is_in_a_list_is_asked_by_itself_only_to_be_confirmed() -> None:
    alone = (sign_question("stalking", in_list="list_x"),)

    assert next_question(alone, {}) is None
    assert next_question(alone, {}, HEARD) == alone[0]


def test_a_question_that_serves_another_is_asked_for_its_sake() -> None:
    questions = (
        sign_question("children", serves=("child_not_theirs",)),
        sign_question("child_not_theirs", when=When(all_of=("children",))),
    )

    assert next_question(questions, {}) == questions[0]
    assert next_question(questions, {"weapon": "yes"}) is None
    assert open_reasons(questions, {}) == (Sign.CHILD_NOT_THEIRS,)


@pytest.mark.parametrize(
    ("answers", "open_still"),
    [
        ({}, True),
        ({"children": "yes"}, True),
        ({"children": "no"}, False),
        ({"children": "yes", "separated": "no"}, True),
        ({"children": "yes", "separated": "not_a_partner"}, False),
        ({"child_not_theirs": SKIPPED}, False),
    ],
)
def test_a_sign_is_open_as_long_as_it_can_come_to_apply(
    answers: dict[str, str], open_still: bool
) -> None:
    when = When(any_of=("separated", "separated:no"), all_of=("children",))
    question = sign_question("child_not_theirs", when=when)

    assert open_reasons([question], answers) == ((Sign.CHILD_NOT_THEIRS,) if open_still else ())


def test_a_reason_that_two_questions_ask_about_is_open_once() -> None:
    questions = (sign_question("weapon"), sign_question("fear"), sign_question("weapon"))

    assert open_reasons(questions, {}) == (Sign.WEAPON, Perception.FEAR)


# ---- How far we are. ----------------------------------------------------------------------------


def test_a_list_is_behind_us_once_all_of_it_was_answered() -> None:
    questions = load().outline.before
    begun = after(AT_GRAVE, "none_of_these", "no", "no", "so:jealous_or_controlling")
    done = after(begun, "none_of_these")

    assert danger_progress(questions, begun.answers)[0] == 5
    assert danger_progress(questions, done.answers)[0] == 6


def test_who_goes_on_has_all_the_rest_ahead() -> None:
    questions = load().outline.before
    answers = {**CONSENTED, "fear": "fear_4", "own_level": "own_high"}

    assert danger_progress(questions, {**answers, "danger_more": "keep_answering"}) == (2, 10)
    assert danger_progress(questions, {**answers, "danger_more": "see_meaning"}) == (2, 0)


@pytest.mark.parametrize(
    ("done", "due"), [(0, False), (1, False), (2, False), (3, True), (4, False), (6, True)]
)
def test_after_every_third_danger_question_it_is_said_how_far_we_are(done: int, due: bool) -> None:
    assert check_in_is_due(done) is due
