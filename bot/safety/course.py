"""The course of a conversation: where it stands, and what each answer does to it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from bot.safety.danger import Now, Sign
from bot.safety.plan import NO_MORE, PlanSection, plan_questions
from bot.safety.questions import SKIPPED, Question, next_question
from bot.safety.when import YES, facts_of

# Questions that go before all others while they stand open.
SAFER_NOW, SUICIDE, PAUSED, CLOSING = "safer_now", "suicide", "paused", "closing"
MENU = "more"

# What the visitor told, in the words of plan facts (reference: facts that `when:` may use).
PLAN_FACTS: Mapping[str, tuple[str, ...]] = {
    "device": ("monitored_phone",),
    "wants:want_phone": ("monitored_phone", "tracker_suspected"),
    "wants:want_money": ("money_controlled",),
    "wants:want_legal": ("wants_order",),
    "wants:want_place": ("wants_to_leave",),
    "stalking": ("stalked", "tracker_suspected"),
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
    `said` are messages that are not said twice; `asked` is the question that was asked last;
    `misses` counts messages not understood in a row.
    """

    answers: Mapping[str, str] = field(default_factory=dict)
    heard: frozenset[Sign] = frozenset()
    now: frozenset[Now] = frozenset()
    interrupt: str = ""
    said: frozenset[str] = frozenset()
    asked: str = ""
    misses: int = 0


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
    if course.interrupt:
        return outline.interrupts[course.interrupt]
    following = next_question(questions_of(outline, course), course.answers)
    return following or outline.interrupts[MENU]


def asks_to_confirm(question: Question, course: Course) -> bool:
    """Whether the visitor already spoke of this sign, so that it is only to be confirmed."""
    return question.sign in course.heard


def with_answer(course: Course, question: Question, value: str) -> Course:
    """The course after an answer to the question that stood open."""
    if question.id in (SAFER_NOW, SUICIDE, PAUSED, CLOSING):
        return after_interrupt(course, value)
    if question.id == MENU:
        return with_menu_choice(course, value)
    answers = {**without(course.answers, question.key), question.key: value}
    kept = replace(course, answers=answers, heard=course.heard - {question.sign})
    return with_effect(kept, question, value)


def with_effect(course: Course, question: Question, value: str) -> Course:
    """The course after what some answers do besides being kept."""
    match question.id, value:
        case "safe_now", "no":
            return replace(course, interrupt=SAFER_NOW)
        case "after_threat" | "after_strangled", "enough_for_now":
            return with_set(course, danger_consent="enough_for_now")
        case ("wants", "want_plan") | ("explained", "make_plan"):
            return with_set(course, plan_start=YES)
    return course


def with_set(course: Course, **answers: str) -> Course:
    """The course with answers that follow from another."""
    return replace(course, answers={**course.answers, **answers})


def after_interrupt(course: Course, value: str) -> Course:
    """The course after an answer to a question that went before all others."""
    if value == "still_not_safe":
        return course
    return replace(course, interrupt="", now=frozenset())


def with_menu_choice(course: Course, value: str) -> Course:
    """The course after the visitor chose what to do next."""
    answers = dict(course.answers)
    match value:
        case "more_danger_questions":
            answers = {**without(answers, "explained"), "danger_consent": YES}
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


def with_want(course: Course, want: str) -> Course:
    """The course after the visitor said, at any time, what they want."""
    if "wants" not in course.answers:
        return with_answer(course, Question("wants"), want)
    choices = {
        "want_danger_questions": "more_danger_questions",
        "want_plan": "more_plan",
        "want_numbers": "more_numbers",
    }
    return with_menu_choice(course, choices[want]) if want in choices else course


def with_heard(course: Course, signs: frozenset[Sign], now: frozenset[Now]) -> Course:
    """The course after free text spoke of signs; those already answered stay as answered."""
    answered = {sign for sign in signs if course.answers.get(sign.value) in ("yes", "no")}
    return replace(course, heard=course.heard | (signs - answered), now=course.now | now)


def gone_back(course: Course) -> Course | None:
    """The course with the latest answer open again; None when there is nothing to go back to."""
    if course.interrupt:
        return replace(course, interrupt="")
    if not course.answers:
        return None
    return replace(course, answers=without(course.answers, list(course.answers)[-1]))


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
