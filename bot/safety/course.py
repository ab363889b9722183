"""The course of a conversation: where it stands, and what each answer does to it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import takewhile

from bot.safety.plan import NO_MORE, PlanSection, plan_questions
from bot.safety.questions import (
    DANGER_MORE,
    KEEP_ANSWERING,
    NONE_OF_THESE,
    SKIPPED,
    Question,
    next_question,
    nothing_can_raise,
    pressed,
)
from bot.safety.signs import OWN_STATE_SIGNS, Now, Sign
from bot.safety.when import NO, YES, facts_of

# Questions that go before all others while they stand open.
SAFER_NOW, SUICIDE, PAUSED, CLOSING = "safer_now", "suicide", "paused", "closing"
CHANGE_WHICH = "change_which"
WHICH_PLACE = "which_place"
MENU = "more"
WHERE, PICK = "where", "pick_service"
INTERRUPTS = frozenset(
    {SAFER_NOW, SUICIDE, PAUSED, CLOSING, CHANGE_WHICH, WHICH_PLACE, WHERE, PICK}
)
# What looking for services asks; nothing graver is put aside for it.
LOOKING = frozenset({"", WHICH_PLACE, WHERE, PICK})

# The pauses after a critical yes, and what ends the danger questions early.
PAUSES = frozenset({"after_threat", "after_strangled", "after_gun"})
ENOUGH = frozenset({"enough_for_now", "see_meaning"})

CHANGE_ANSWER = "change_answer"
EXPLAINED = "explained"
CHANGE = "change:"
PLACE = "place:"
KEEP = "keep:"
NEED = "need:"
FURTHER_AWAY, AWAY = "further_away", "away"
OTHER_PLACE = "other_place"
SHOWN_TO_CHANGE = 8

# The visitor's own state is never asked about as a danger sign.
OWN_STATE = frozenset(OWN_STATE_SIGNS)

# What the visitor told, in the words of plan facts (reference: facts that `when:` may use).
PLAN_FACTS: Mapping[str, tuple[str, ...]] = {
    "device": ("monitored_phone",),
    "wants:want_phone": ("monitored_phone", "tracker_suspected"),
    "wants:want_money": ("money_controlled",),
    "wants:want_legal": ("wants_order",),
    "wants:want_place": ("wants_to_leave",),
    "stalking": ("stalked", "tracker_suspected"),
    "tracks_devices": ("monitored_phone", "tracker_suspected"),
    "economic_abuse": ("money_controlled",),
    "broke_order": ("has_order",),
    "gun_access": ("weapon_near",),
    "weapon": ("weapon_near",),
    "separated": ("has_left",),
    "jealous_or_controlling": ("monitored_phone",),
}

# Messages that are long or grave enough to be said once in a conversation.
SAID_ONCE = frozenset(
    {
        "neck",
        "neck_signs",
        "neck_care",
        "threat_help",
        "gun_help",
        "suicide_threats",
        "children_reporting",
        "plan_intro",
        "validate",
    }
)


@dataclass(frozen=True)
class Outline:
    """All questions a conversation can ask, in order: before, during and after the plan."""

    before: tuple[Question, ...]
    after: tuple[Question, ...]
    interrupts: Mapping[str, Question]
    sections: tuple[PlanSection, ...]


@dataclass(frozen=True)
class Course:
    """Where one conversation stands.

    `answers` is kept in the order in which they were given. `heard` are the signs that free
    text spoke of and that wait to be confirmed. `interrupt` is a question that goes first.
    `again` is the key of an answered question that is asked again; its answer holds until a new
    one is there. `said` are messages that are not said twice; `asked` is the question that was
    asked last; `misses` counts messages not understood in a row. `corrections` are the keys of
    the answers that were changed, in order: that they were, never what they were. `places` are
    the options when a place was named that may be several: "place:<country>:<id>~<name>".
    `wanted` is what services should offer, in words of the directory: "need:shelter",
    "has:pets". `found` are the services that may be kept, "keep:<id>~<name and number>"; `picked`
    those that were, without the "keep:".
    """

    answers: Mapping[str, str] = field(default_factory=dict)
    heard: frozenset[Sign] = frozenset()
    now: frozenset[Now] = frozenset()
    interrupt: str = ""
    again: str = ""
    said: frozenset[str] = frozenset()
    asked: str = ""
    misses: int = 0
    corrections: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    wanted: tuple[str, ...] = ()
    found: tuple[str, ...] = ()
    picked: tuple[str, ...] = ()


def facts(answers: Mapping[str, str]) -> frozenset[str]:
    """What the answers tell, with the facts that the plan is tailored by."""
    told = facts_of(answers)
    return told | {fact for each in told for fact in PLAN_FACTS.get(each, ())}


def questions_of(outline: Outline, course: Course) -> tuple[Question, ...]:
    """Every question of this conversation, in order; the plan's own depend on the answers."""
    if course.answers.get("plan_start") != YES:
        return (*outline.before, *outline.after)
    plan = plan_questions(outline.sections, facts(course.answers), course.answers)
    return (*outline.before, *plan, *outline.after)


def open_question(outline: Outline, course: Course) -> Question:
    """The question that stands open now; the menu when nothing else is left."""
    if course.interrupt == CHANGE_WHICH:
        return question_which(outline, course)
    if course.interrupt:
        interrupt = outline.interrupts[course.interrupt]
        named = {WHICH_PLACE: course.places, PICK: course.found}.get(course.interrupt, ())
        return replace(interrupt, options=(*named, *interrupt.options))
    questions = questions_of(outline, course)
    if course.again:
        return next(each for each in questions if each.key == course.again)
    following = next_question(questions, course.answers, course.heard)
    return following or outline.interrupts[MENU]


def question_which(outline: Outline, course: Course) -> Question:
    """The question which answer to change, with an option for each, the latest first."""
    which = outline.interrupts[CHANGE_WHICH]
    # What was affirmed first: with lists, "no" is said to many signs by one press.
    latest_first = changeable(outline, course)[::-1]
    answered = sorted(latest_first, key=lambda each: course.answers[each.key] == NO)
    shown = [f"{CHANGE}{each.key}" for each in answered[:SHOWN_TO_CHANGE]]
    return replace(which, options=(*shown, *which.options))


def changeable(outline: Outline, course: Course) -> tuple[Question, ...]:
    """The danger questions that were answered, in the order in which they were."""
    return tuple(each for each in answered_questions(outline, course) if each.adaptive)


def answered_questions(outline: Outline, course: Course) -> tuple[Question, ...]:
    """The questions that were answered, in the order in which they were."""
    asked = {each.key: each for each in reversed(questions_of(outline, course))}
    return tuple(asked[key] for key in course.answers if key in asked)


def asks_to_confirm(question: Question, course: Course) -> bool:
    """Whether the visitor already spoke of this sign, so that it is only to be confirmed."""
    return question.sign in course.heard and question.key != course.again


def with_answer(outline: Outline, course: Course, question: Question, value: str) -> Course:
    """The course after an answer to the question that stood open."""
    if question.id in INTERRUPTS:
        return after_interrupt(course, value)
    if value in question.stays:
        return asked_which(outline, course) if value == CHANGE_ANSWER else course
    if question.id == MENU:
        return with_menu_choice(course, value)
    if question.items:
        return with_listed(outline, course, question, value)
    return with_kept(outline, course, question, value)


def with_kept(outline: Outline, course: Course, question: Question, value: str) -> Course:
    """The course with an answer that is kept, and what follows from it."""
    if question.key == course.again and question.key in course.answers:
        # Who skips what was asked again leaves it as it was: a yes is never lost by a skip.
        kept = replace(course, again="")
        return kept if value == SKIPPED else corrected(outline, kept, question, value)
    answers = {**without(course.answers, question.key), question.key: value}
    kept = replace(course, answers=answers, heard=course.heard - {question.sign}, again="")
    return with_effect(outline, kept, question, value)


def with_listed(outline: Outline, course: Course, question: Question, value: str) -> Course:
    """The course after a press on a list: a yes to one sign, or one answer to all that are left."""
    for item in question.items:
        if value == pressed(item):
            return with_answer(outline, course, item, YES)
    said = NO if value == NONE_OF_THESE else value
    listed = {item.key: said for item in question.items}
    heard = course.heard - {item.sign for item in question.items}
    return replace(course, answers={**course.answers, **listed}, heard=heard)


def with_effect(outline: Outline, course: Course, question: Question, value: str) -> Course:
    """The course after what some answers do besides being kept."""
    match question.id, value:
        case ("safe_now", "no") | ("own_level", "own_now"):
            return replace(course, interrupt=SAFER_NOW)
        case _, "go_on" if question.id in PAUSES:
            return gone_on(outline, course)
        case _, "enough_for_now" | "see_meaning":
            return with_set(course, danger_consent="enough_for_now")
        case ("wants", "want_plan") | ("explained", "make_plan"):
            return with_set(course, plan_start=YES)
    return course


def gone_on(outline: Outline, course: Course) -> Course:
    """The course of somebody who goes on after a pause; the rest then needs no second yes."""
    done = nothing_can_raise(questions_of(outline, course), course.answers)
    return with_set(course, **{DANGER_MORE: KEEP_ANSWERING}) if done else course


def chosen_to_change(course: Course, value: str) -> Course:
    """The course after the visitor chose which answer to change, or to leave all as they are."""
    again = value.removeprefix(CHANGE) if value.startswith(CHANGE) else ""
    return replace(course, interrupt="", again=again)


def asked_again(course: Course, question: Question) -> Course:
    """The course with one question open again; its answer holds until a new one is there."""
    return replace(course, interrupt="", again=question.key, asked="")


def asked_which(outline: Outline, course: Course) -> Course:
    """The course with the question which answer to change, if there is any."""
    return replace(course, interrupt=CHANGE_WHICH) if changeable(outline, course) else course


def corrected(outline: Outline, course: Course, question: Question, value: str) -> Course:
    """The course after a new answer in place of an earlier one; what followed is told anew.

    That it was changed is kept, not what it was. Invariant 8 of the danger profile.
    """
    answers = {**course.answers, question.key: value}
    kept = replace(
        course,
        answers=without(answers, EXPLAINED),
        heard=course.heard - {question.sign},
        asked="",
        corrections=(*course.corrections, question.key),
    )
    return with_effect(outline, kept, question, value)


def with_set(course: Course, **answers: str) -> Course:
    """The course with answers that follow from another; going back does not stop at them."""
    return replace(course, answers={**answers, **course.answers, **answers})


def after_interrupt(course: Course, value: str) -> Course:
    """The course after an answer to a question that went before all others.

    Danger that is there now is over when the visitor says so, and only then: a skip is no answer.
    """
    if value == "still_not_safe":
        return course
    if course.interrupt == CHANGE_WHICH:
        return chosen_to_change(course, value)
    if course.interrupt in (WHICH_PLACE, WHERE):
        return with_place_chosen(course, value)
    if course.interrupt == PICK:
        return with_service_chosen(course, value)
    told = with_set(course, own_suicidal_thoughts=value) if course.interrupt == SUICIDE else course
    return replace(told, interrupt="", now=frozenset() if value == "safer" else course.now)


def asked_which_place(course: Course, places: Sequence[str]) -> Course:
    """The course with the question which of several places is meant."""
    return replace(course, interrupt=WHICH_PLACE, places=tuple(places), misses=0)


def with_place_chosen(course: Course, value: str) -> Course:
    """The course after it was said where the visitor is: one of several places, or a country.

    A skip leaves it untold; "somewhere else" asks where.
    """
    kept = replace(course, interrupt="", places=())
    if value == OTHER_PLACE:
        return replace(kept, interrupt=WHERE)
    country = value.removeprefix(PLACE)[:2] if value.startswith(PLACE) else value
    return with_set(kept, place=country)


def wanting(course: Course, wanted: Iterable[str]) -> Course:
    """The course of somebody who looks for services; a new need begins anew."""
    words = set(wanted)
    anew = any(each.startswith(NEED) for each in words)
    return replace(course, wanted=tuple(sorted(words if anew else words | {*course.wanted})))


def asked_where(course: Course) -> Course:
    """The course with the question where the visitor is."""
    return replace(course, interrupt=WHERE)


def offered(course: Course, services: Sequence[str]) -> Course:
    """The course with services to choose from; those that were kept are not offered again."""
    fresh = tuple(each for each in services if each.removeprefix(KEEP) not in course.picked)
    asks = bool(fresh) and course.interrupt in LOOKING
    return replace(course, found=fresh, interrupt=PICK if asks else course.interrupt)


def with_service_chosen(course: Course, value: str) -> Course:
    """The course after a service was kept, after looking further away, or after enough."""
    if value == FURTHER_AWAY:
        return replace(wanting(course, {AWAY}), interrupt="", found=())
    if not value.startswith(KEEP):
        return replace(course, interrupt="", found=())
    left = tuple(each for each in course.found if each != value)
    picked = (*course.picked, value.removeprefix(KEEP))
    return replace(course, found=left, picked=picked, interrupt=PICK if left else "")


def with_menu_choice(course: Course, value: str) -> Course:
    """The course after the visitor chose what to do next."""
    answers = dict(course.answers)
    match value:
        case "more_danger_questions":
            answers = {**without(answers, EXPLAINED, DANGER_MORE), "danger_consent": YES}
        case "more_plan":
            done = [key for key, said in answers.items() if said in (NO_MORE, SKIPPED)]
            answers = {**without(answers, *more_keys(done)), "plan_start": YES}
        case "more_numbers" if answers.get("place") == SKIPPED:
            answers = without(answers, "place")
        case "goodbye":
            return replace(course, interrupt=CLOSING)
    return replace(course, answers=answers)


def more_keys(keys: Sequence[str]) -> tuple[str, ...]:
    """Those of the keys that closed the choice of further parts."""
    return tuple(key for key in keys if key.startswith("more_sections/"))


def with_want(outline: Outline, course: Course, want: str) -> Course:
    """The course after the visitor said, at any time, what they want."""
    if "wants" not in course.answers:
        return with_answer(outline, course, Question("wants"), want)
    choices = {
        "want_danger_questions": "more_danger_questions",
        "want_plan": "more_plan",
        "want_numbers": "more_numbers",
    }
    return with_menu_choice(course, choices[want]) if want in choices else course


def with_heard(course: Course, signs: frozenset[Sign], now: frozenset[Now]) -> Course:
    """The course after free text spoke of signs, which then wait to be confirmed.

    A yes stays a yes. A "no" or a skip that the visitor's own words speak against is open again:
    unknown, until they confirm. Invariant 9 of the danger profile.
    """
    spoken = {sign for sign in signs if course.answers.get(sign.value) != YES}
    unsure = [sign.value for sign in spoken]
    return replace(
        course,
        answers=without(course.answers, *unsure),
        heard=course.heard | (spoken - OWN_STATE),
        now=course.now | now,
    )


def gone_back(outline: Outline, course: Course) -> Course | None:
    """The course with the latest answer open again; None when there is nothing to go back to."""
    if course.interrupt or course.again:
        return replace(course, interrupt="", again="")
    if not course.answers:
        return None
    key, value = list(course.answers.items())[-1]
    if value in ENOUGH:
        course = with_set(course, danger_consent=YES)
    undone = {key, "plan_start"} if value in ("want_plan", "make_plan") else {key}
    return replace(course, answers=without(course.answers, *undone, *said_at_once(outline, course)))


def said_at_once(outline: Outline, course: Course) -> tuple[str, ...]:
    """The keys of the latest answers that one press on a list gave: "none of these"."""
    lists = {each.key: each.in_list for each in outline.before}
    latest = list(course.answers.items())[::-1]
    key, value = latest[0] if latest else ("", YES)
    if not lists.get(key) or value == YES:
        return ()
    same = takewhile(lambda each: (lists.get(each[0]), each[1]) == (lists[key], value), latest)
    return tuple(each for each, _ in same)


def without(answers: Mapping[str, str], *keys: str) -> dict[str, str]:
    """The answers without those under the given keys, in their order."""
    return {key: value for key, value in answers.items() if key not in keys}


def not_yet_said(course: Course, messages: Sequence[str]) -> tuple[str, ...]:
    """Those of the messages that have not been said, as far as they are said once only."""
    return tuple(message for message in messages if message not in course.said)


def talking_again(course: Course) -> Course:
    """The course of somebody who paused or stopped and goes on by talking."""
    return replace(course, interrupt="") if course.interrupt in (PAUSED, CLOSING) else course


def with_said(course: Course, messages: Sequence[str]) -> Course:
    """The course after the messages were said."""
    return replace(course, said=course.said | (SAID_ONCE & set(messages)))
