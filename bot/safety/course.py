"""The course of a conversation: where it stands, and what each answer does to it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import takewhile
from typing import Any

from bot.safety.editing import ADD_WHAT, EDITING, WHICH_PART, Editing, changed_beside, edited
from bot.safety.editing import options as editing_options
from bot.safety.own_plan import FullPlan, OwnPlan, from_record
from bot.safety.plan import FIRST, Catalogue, Situation, facts_told
from bot.safety.planning import (
    ALL_SHOWN,
    CHANGES,
    ENOUGH_PARTS,
    MORE_ITEMS,
    NO_MORE,
    Making,
    asked_for,
    plan_questions,
    priorities,
)
from bot.safety.questions import (
    DANGER_MORE,
    KEEP_ANSWERING,
    NONE_OF_THESE,
    SKIPPED,
    Question,
    assessment_of,
    next_question,
    nothing_can_raise,
    pressed,
)
from bot.safety.rehearsing import REHEARSE, rehearsal_questions
from bot.safety.reviewing import CHANGED, OPENED, outgrown_questions, restored, told_again
from bot.safety.signs import OWN_STATE_SIGNS, Now, Sign
from bot.safety.when import NO, YES

# Questions that go before all others while they stand open.
SAFER_NOW, SUICIDE, PAUSED, CLOSING = "safer_now", "suicide", "paused", "closing"
CHANGE_WHICH = "change_which"
WHICH_PLACE = "which_place"
MENU = "more"
WHERE, PICK = "where", "pick_service"
# Saving the plan under a code: of what kind, and for how long.
SAVE_KIND, SAVE_LIFE = "save_kind", "save_life"
INTERRUPTS = frozenset(
    {SAFER_NOW, SUICIDE, PAUSED, CLOSING, CHANGE_WHICH, WHICH_PLACE, WHERE, PICK}
    | {SAVE_KIND, SAVE_LIFE}
    | EDITING
)
# What looking for services asks; nothing graver is put aside for it.
LOOKING = frozenset({"", WHICH_PLACE, WHERE, PICK})

# The pauses after a critical yes, and what ends the danger questions early.
PAUSES = frozenset({"after_threat", "after_strangled", "after_gun"})
ENOUGH = frozenset({"enough_for_now", "see_meaning"})

# Answers after which something else is asked at once.
ASKED_AFTER = {
    ("safe_now", "no"): SAFER_NOW,
    ("own_level", "own_now"): SAFER_NOW,
    ("keep_plan", "keep_saved"): SAVE_KIND,
}

# Answers that bring another one along, which goes with them.
BROUGHT_ALONG = {
    "want_plan": "plan_start",
    "make_plan": "plan_start",
    ENOUGH_PARTS: ENOUGH_PARTS,
}

CHANGE_ANSWER = "change_answer"
EXPLAINED = "explained"
CHANGE = "change:"
PLACE = "place:"
KEEP = "keep:"
NEED = "need:"
FURTHER_AWAY, AWAY = "further_away", "away"
OTHER_PLACE = "other_place"
SHOWN_TO_CHANGE = 8

# What can be done with a plan, from its own menu.
PLAN_MENU = "plan_menu"
CHANGE_STEPS, ADD_OWN, UNDO = "change_steps", "add_own", "undo_change"
TRY_IT_OUT, OTHER_PARTS = "try_it_out", "other_parts"
TAKEN = "keep_plan"
TOLD_IN_WORDS = "in_own_words"

# The visitor's own state is never asked about as a danger sign.
OWN_STATE = frozenset(OWN_STATE_SIGNS)

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
        "plan_whole",
        "plan_review",
        "validate",
    }
)


@dataclass(frozen=True)
class Outline:
    """All questions a conversation can ask, in order: before, during and after the plan."""

    before: tuple[Question, ...]
    after: tuple[Question, ...]
    interrupts: Mapping[str, Question]
    catalogue: Catalogue


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
    those that were, without the "keep:". `plan` is what the visitor made, `plan_before` what it
    was before the latest change, `plan_opened` what a saved plan was when they came back with it;
    `editing` is what is being changed in it.
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
    plan: OwnPlan = field(default_factory=OwnPlan)
    plan_before: OwnPlan | None = None
    plan_opened: OwnPlan = field(default_factory=OwnPlan)
    editing: str = ""

    @property
    def situation(self) -> Situation:
        """What the plan is tailored by."""
        return Situation(
            facts_told(self.answers),
            assessment_of(self.answers, self.now).level,
            priorities(self.answers),
            asked_for(self.answers),
        )


def questions_of(outline: Outline, course: Course) -> tuple[Question, ...]:
    """Every question of this conversation, in order; the plan's own depend on the answers."""
    if course.answers.get("plan_start") != YES:
        return (*outline.before, *outline.after)
    return (*outline.before, *questions_of_plan(outline.catalogue, course), *outline.after)


def questions_of_plan(catalogue: Catalogue, course: Course) -> tuple[Question, ...]:
    """The questions that make the plan, look at it again, and try it out."""
    situation = course.situation
    asked = [*plan_questions(catalogue, situation, course.answers, course.plan)]
    if OPENED in course.answers:
        asked += outgrown_questions(catalogue, situation, course.plan)
    if TRY_IT_OUT in course.answers:
        asked += rehearsal_questions(catalogue, situation, course.plan, course.answers)
    return tuple(asked)


def open_question(outline: Outline, course: Course) -> Question:
    """The question that stands open now; the menu when nothing else is left."""
    if course.interrupt == CHANGE_WHICH:
        return question_which(outline, course)
    if course.interrupt:
        interrupt = outline.interrupts[course.interrupt]
        named = {WHICH_PLACE: course.places, PICK: course.found}.get(course.interrupt, ())
        if course.interrupt in EDITING:
            named = editing_options(editing_of(course))
        return replace(interrupt, options=(*named, *interrupt.options), about=course.editing)
    questions = questions_of(outline, course)
    if course.again:
        return next(each for each in questions if each.key == course.again)
    following = next_question(questions, course.answers, course.heard)
    return following or outline.interrupts[MENU]


def editing_of(course: Course) -> Editing:
    """The plan as it is being changed."""
    return Editing(course.plan, course.interrupt, course.editing)


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
    """The questions that were answered, in the order in which they were.

    What a list of the plan asks for is asked within its list alone.
    """
    every = reversed(questions_of(outline, course))
    asked = {each.key: each for each in every if each.adaptive or not each.in_list}
    return tuple(asked[key] for key in course.answers if key in asked)


def asks_to_confirm(question: Question, course: Course) -> bool:
    """Whether the visitor already spoke of this sign, so that it is only to be confirmed."""
    return question.sign in course.heard and question.key != course.again


def with_answer(outline: Outline, course: Course, question: Question, value: str) -> Course:
    """The course after an answer to the question that stood open."""
    if question.id in INTERRUPTS:
        return after_interrupt(course, value)
    if value in question.stays:
        return staying(outline, course, question, value)
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
    course = with_planned(outline, course, question, value)
    # What somebody wrote stands in the plan, and nowhere else.
    kept_as = TOLD_IN_WORDS if is_own_words(question, value) else value
    answers = {**without(course.answers, question.key), question.key: kept_as}
    kept = replace(course, answers=answers, heard=course.heard - {question.sign}, again="")
    return with_effect(outline, kept, question, value)


def is_own_words(question: Question, value: str) -> bool:
    """Whether an answer is what the visitor wrote, and no option."""
    return question.takes == "words" and value not in (*question.options, SKIPPED)


def with_planned(outline: Outline, course: Course, question: Question, value: str) -> Course:
    """The course with the plan as an answer leaves it."""
    if question.id not in CHANGES:
        return course  # most answers are about something else, and tailoring takes time
    making = Making(outline.catalogue, course.situation, course.answers, course.plan)
    try:
        return with_plan(course, making.after(question, value))
    except FullPlan:
        return course


def with_plan(course: Course, plan: OwnPlan) -> Course:
    """The course with a changed plan; what it was before can be had back."""
    return course if plan == course.plan else replace(course, plan=plan, plan_before=course.plan)


def staying(outline: Outline, course: Course, question: Question, value: str) -> Course:
    """The course after an option that leaves its question open."""
    if value == CHANGE_ANSWER:
        return asked_which(outline, course)
    if value == MORE_ITEMS:
        return with_set(course, **{f"{ALL_SHOWN}{question.about}": YES})
    return WITH_THE_PLAN[value](course) if value in WITH_THE_PLAN else course


def tried_anew(course: Course) -> Course:
    """The course with the rehearsal from its beginning."""
    keys = [key for key in course.answers if key.startswith(f"{REHEARSE}/")]
    return with_set(replace(course, answers=without(course.answers, *keys)), **{TRY_IT_OUT: YES})


def with_listed(outline: Outline, course: Course, question: Question, value: str) -> Course:
    """The course after a press on a list: a yes to one sign, or one answer to all that are left."""
    for item in question.items:
        if value == pressed(item):
            return with_answer(outline, course, item, YES)
    said = NO if value == NONE_OF_THESE else value
    listed = {item.key: said for item in question.items}
    heard = course.heard - {item.sign for item in question.items}
    return replace(course, answers={**course.answers, **listed}, heard=heard)


def changing_steps(course: Course) -> Course:
    """The course with the question which part of the plan to change."""
    return replace(course, interrupt=WHICH_PART, editing="") if course.plan else course


def adding_own(course: Course) -> Course:
    """The course with the question what to add to the plan."""
    return replace(course, interrupt=ADD_WHAT, editing="")


def undone(course: Course) -> Course:
    """The course with the plan as it was before the latest change."""
    if course.plan_before is None:
        return course
    return replace(course, plan=course.plan_before, plan_before=course.plan)


def with_effect(outline: Outline, course: Course, question: Question, value: str) -> Course:
    """The course after what some answers do besides being kept."""
    if question.id.startswith(CHANGED) and value == YES:
        return replace(course, answers=told_again(outline.catalogue, course.answers, question.id))
    asked = ASKED_AFTER.get((question.id, value))
    if asked:
        return replace(course, interrupt=asked)
    match question.id, value:
        case _, "go_on" if question.id in PAUSES:
            return gone_on(outline, course)
        case _, "enough_for_now" | "see_meaning":
            return with_set(course, danger_consent="enough_for_now")
        case _, "want_plan" | "make_plan" | "enough_parts":
            return with_set(course, **{BROUGHT_ALONG[value]: YES})
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
    if course.interrupt in ANSWERED_BY:
        return ANSWERED_BY[course.interrupt](course, value)
    told = with_set(course, own_suicidal_thoughts=value) if course.interrupt == SUICIDE else course
    return replace(told, interrupt="", now=frozenset() if value == "safer" else course.now)


def with_saving(course: Course, value: str) -> Course:
    """The course after the kind of a code was chosen, and then for how long the plan is kept."""
    if value == SKIPPED:
        return replace(course, interrupt="", editing="")
    if course.interrupt == SAVE_KIND:
        return replace(course, interrupt=SAVE_LIFE, editing=value)
    return replace(course, interrupt="", editing=f"{course.editing} {value}")


def with_edited(course: Course, value: str) -> Course:
    """The course after one more answer while the plan is changed."""
    if value == SKIPPED:
        return replace(course, interrupt="", editing="")
    try:
        after = edited(editing_of(course), value)
    except FullPlan:
        after = Editing(course.plan)
    changed = with_plan(course, after.plan)
    return replace(changed, interrupt=after.question, editing=after.about)


def with_change_beside(course: Course, change: Mapping[str, str]) -> Course:
    """The course after a change to the plan that was made beside the talk."""
    if change.get("do") == UNDO:
        return undone(course)
    try:
        return with_plan(course, changed_beside(course.plan, change))
    except FullPlan:
        return course


def with_opened(outline: Outline, course: Course, record: Mapping[str, Any]) -> Course:
    """The course of somebody who came back with a saved plan.

    Whether it is safe to talk is asked as always, and the danger questions are asked afresh: no
    danger answer was saved. Of the plan only what has changed is looked at.
    """
    plan = from_record(record.get("plan"))
    told = {**record.get("facts", {}), "wants": "want_plan", "listen": SKIPPED, "plan_start": YES}
    told |= {OPENED: YES, "place": SKIPPED}
    situation = Situation(facts_told(told), priorities=priorities(told))
    told |= restored(outline.catalogue, situation, plan)
    asked = dict.fromkeys(
        (q.key for q in outline.before if q.in_list and q.key.startswith(FIRST)), NO
    )
    safe = {key: course.answers[key] for key in ("safe_now", "device") if key in course.answers}
    return replace(
        course,
        answers={**asked, **told, **safe},
        plan=plan,
        plan_before=course.plan or None,
        plan_opened=plan,
        picked=tuple(record.get("picked") or ()),
        again="",
        asked="",
    )


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


# What answers the questions that go before all others, as far as each has its own way.
ANSWERED_BY: Mapping[str, Callable[[Course, str], Course]] = {
    CHANGE_WHICH: chosen_to_change,
    WHICH_PLACE: with_place_chosen,
    WHERE: with_place_chosen,
    PICK: with_service_chosen,
    SAVE_KIND: with_saving,
    SAVE_LIFE: with_saving,
    **dict.fromkeys(EDITING, with_edited),
}


def with_menu_choice(course: Course, value: str) -> Course:
    """The course after the visitor chose what to do next."""
    answers = dict(course.answers)
    match value:
        case "more_danger_questions":
            answers = {**without(answers, EXPLAINED, DANGER_MORE), "danger_consent": YES}
        case "more_plan":
            return with_other_parts(course)
        case "more_numbers" if answers.get("place") == SKIPPED:
            answers = without(answers, "place")
        case "goodbye":
            return replace(course, interrupt=CLOSING)
    return replace(course, answers=answers)


def more_keys(keys: Sequence[str]) -> tuple[str, ...]:
    """Those of the keys that closed the choice of further parts."""
    return tuple(key for key in keys if key.startswith("more_sections/"))


def with_other_parts(course: Course) -> Course:
    """The course of somebody who goes on with the plan: the parts not yet seen are offered."""
    done = [key for key, said in course.answers.items() if said in (NO_MORE, SKIPPED)]
    answers = without(course.answers, *more_keys(done), ENOUGH_PARTS, PLAN_MENU, TAKEN)
    return replace(course, answers={**answers, "plan_start": YES})


# What the menu of the plan does that leaves it open.
WITH_THE_PLAN: Mapping[str, Callable[[Course], Course]] = {
    CHANGE_STEPS: changing_steps,
    ADD_OWN: adding_own,
    UNDO: undone,
    TRY_IT_OUT: tried_anew,
    OTHER_PARTS: with_other_parts,
}


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
    undone = {key, BROUGHT_ALONG.get(value, key)}
    answers = without(course.answers, *undone, *said_at_once(outline, course))
    return replace(course, answers=answers, plan=plan_before(course, key, value))


def plan_before(course: Course, key: str, value: str) -> OwnPlan:
    """The plan without the own words that the latest answer added; the rest is asked again."""
    about = key.removeprefix("plan_own/")
    if about == key or value != TOLD_IN_WORDS:
        return course.plan
    own = [step.id for step in course.plan.of(about) if step.is_own]
    return course.plan.without(*own[-1:])


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
