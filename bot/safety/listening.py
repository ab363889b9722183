"""What a visitor's message does: the answer it gives, and the words it calls for."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from bot.safety.course import (
    CHANGE_ANSWER,
    EXPLAINED,
    SUICIDE,
    Course,
    Outline,
    answered_questions,
    asked_again,
    asked_which,
    changeable,
    corrected,
    gone_back,
    not_yet_said,
    open_question,
    questions_of,
    said_at_once,
    talking_again,
    with_answer,
    with_heard,
    with_want,
)
from bot.safety.questions import NONE_OF_THESE, SKIPPED, Question, pressed
from bot.safety.signs import Now, Sign
from bot.safety.when import NO, YES

AFFIRMED, DENIED = "affirmed", "denied"

# Kept instead of a story: that something was told, never the words.
TOLD = "told"

# What a visitor wants, as an option of the question what would help.
WANTS = {
    "want_danger_questions": "want_danger_questions",
    "want_plan": "want_plan",
    "want_numbers": "want_numbers",
    "want_person": "want_numbers",
    "ask_tracker": "want_phone",
    "want_place_to_go": "want_place",
    "ask_protection_order": "want_legal",
    "ask_police": "want_legal",
    "ask_money": "want_money",
    "helping_someone": "helping_someone",
    "just_look": "just_look",
}

# What is given at once when free text speaks of a sign (conversation.md §5; danger.md §10).
GIVEN_AT_ONCE: Mapping[Sign, tuple[str, ...]] = {
    Sign.STRANGLED: ("neck", "neck_signs", "neck_care"),
    Sign.THREAT_TO_KILL: ("threat_help",),
    Sign.WEAPON: ("threat_help",),
    Sign.BELIEVES_WOULD_KILL: ("threat_help",),
    Sign.GUN_ACCESS: ("gun_help",),
    Sign.SUICIDE_TALK: ("suicide_threats",),
    Sign.SUICIDE_ATTEMPT: ("suicide_threats",),
}


@dataclass(frozen=True)
class Understood:
    """A message as it was understood.

    `pressed` is the key of the question and the option that a button stands for. `signs` tell
    what was said about which sign. `leading` is yes or no when the first word says so.
    `place` is the country of a place that the text names.
    """

    intent: str = ""
    text: str = ""
    pressed: tuple[str, str] | None = None
    signs: Mapping[Sign, str] = field(default_factory=dict)
    now: frozenset[Now] = frozenset()
    leading: str = ""
    place: str = ""


@dataclass(frozen=True)
class Correction:
    """A wish to change an answer: which questions it may be about, and what was meant.

    `value` is an option, or empty where the visitor did not say it; `again` is whether they asked
    for the latest question once more.
    """

    topics: frozenset[str] = frozenset()
    value: str = ""
    again: bool = False


@dataclass(frozen=True)
class Taken:
    """The course after a message, and the messages that it calls for."""

    course: Course
    says: tuple[str, ...] = ()


def take(outline: Outline, course: Course, heard: Understood) -> Taken:
    """What a message does while a question stands open."""
    question = open_question(outline, course)
    if heard.pressed:
        return take_pressed(outline, question, course, heard.pressed)
    course = asking_kindly(with_spoken(course, heard), heard)
    at_once = given_at_once(course, heard)
    value = answer_in(question, heard)
    if value:
        taken = answered(outline, question, course, value)
        return replace(taken, says=once(taken.says, at_once))
    return Taken(*without_answer(question, course, heard, at_once))


def take_pressed(
    outline: Outline, question: Question, course: Course, pressed: tuple[str, str]
) -> Taken:
    """What a button does: it answers the question that it was offered for, and no other."""
    key, value = pressed
    if key != question.key or value not in (*question.options, SKIPPED):
        return Taken(course, ("button_expired",))
    return answered(outline, question, course, value)


def answered(outline: Outline, question: Question, course: Course, value: str) -> Taken:
    """The course after an answer, and what is said to it."""
    says = not_yet_said(course, said_to(question, value))
    if value == SKIPPED and not says:
        says = ("skip_ok",)
    if value == TOLD:
        says = ("validate",)
    if value == CHANGE_ANSWER and not changeable(outline, course):
        says = ("nothing_to_change",)
    return Taken(replace(with_answer(outline, course, question, value), misses=0), says)


def said_to(question: Question, value: str) -> tuple[str, ...]:
    """The messages that an answer brings; a yes on a list brings those of its sign."""
    for item in question.items:
        if value == pressed(item):
            return item.says.get(YES, ())
    return question.says.get(value, question.says.get("any", ()))


def take_correction(outline: Outline, course: Course, wish: Correction) -> Taken:
    """What a wish to change an answer does: it is changed, asked again, or asked about."""
    course = replace(course, misses=0)
    if not wish.topics and said_at_once(outline, course):
        # "I meant yes" after "none of these" can't be told apart: the list is asked again.
        return Taken(gone_back(outline, course) or course, ("asked_again",))
    about = meant_question(outline, course, wish)
    if about and about.key in course.answers and wish.value in about.options:
        return changed(outline, course, about, wish.value)
    if about and (wish.topics or wish.again):
        return Taken(asked_again(course, about), ("asked_again",))
    which = asked_which(outline, course)
    return Taken(which, () if which.interrupt else ("nothing_to_change",))


def meant_question(outline: Outline, course: Course, wish: Correction) -> Question | None:
    """The question that is meant: the one named, or the latest that such an answer fits."""
    named = [each for each in questions_of(outline, course) if each.id in wish.topics]
    answered = [
        each
        for each in answered_questions(outline, course)
        if (each.id in wish.topics or not named) and (not wish.value or wish.value in each.options)
    ]
    return next(reversed(answered or named[:1]), None)


def changed(outline: Outline, course: Course, question: Question, value: str) -> Taken:
    """The course with one answer changed, and what is said to the change."""
    explained = course.asked == EXPLAINED or EXPLAINED in course.answers
    after = corrected(outline, course, question, value)
    says = not_yet_said(course, question.says.get(value, ()))
    return Taken(after, ("corrected", *says, *(("change_result",) if explained else ())))


def answer_in(question: Question, heard: Understood) -> str:
    """The answer that a written message gives to the open question; empty when it gives none."""
    if heard.intent == SKIPPED:
        return SKIPPED
    if contradicts(question, heard):
        return ""
    return option_meant(question, heard) or words_given(question, heard)


def option_meant(question: Question, heard: Understood) -> str:
    """The option that written words stand for; empty when they stand for none."""
    if heard.intent in question.understands:
        return question.understands[heard.intent]
    if heard.leading in question.options:
        return heard.leading
    if heard.leading == NO and question.items:
        return NONE_OF_THESE
    return WANTS.get(heard.intent, "") if question.id == "wants" else ""


def words_given(question: Question, heard: Understood) -> str:
    """What is kept of free words where the question takes them: a place, own words, or "told"."""
    if question.takes == "place":
        return heard.place
    words = heard.text.strip()
    if question.takes == "text":
        return TOLD if words else ""
    return words if question.takes == "words" else ""


def contradicts(question: Question, heard: Understood) -> bool:
    """Whether yes or no and what is said of the very sign do not agree.

    "No, only the one time with a knife" is neither: it is asked again, for confirmation.
    """
    asked = {question.sign, *(item.sign for item in question.items)}
    said = {status for sign, status in heard.signs.items() if sign in asked}
    reads = {"affirm": YES, "deny": NO}.get(heard.intent) or heard.leading
    return (reads == NO and AFFIRMED in said) or (reads == YES and DENIED in said)


def without_answer(
    question: Question, course: Course, heard: Understood, at_once: tuple[str, ...]
) -> tuple[Course, tuple[str, ...]]:
    """What is said to a message that does not answer the open question."""
    if heard.intent in ("repeat", "go_on"):
        return course, at_once
    # A bare yes or no where there is more to choose from.
    unclear = question.takes == "choice" and heard.intent in ("affirm", "deny")
    if heard.intent == "choose" or (unclear and not heard.signs):
        return course, once(at_once, ("choose_again",))
    if question.takes == "place":
        return course, once(at_once, ("place_not_found",))
    if heard.signs or heard.intent == "tell":
        thanked = "validate" in course.said and not heard.signs
        reply = ("heard_you",) if thanked else ("validate",)
        return replace(talking_again(course), misses=0), once(reply, at_once)
    again = replace(course, misses=course.misses + 1)
    return again, ("not_understood_twice" if again.misses > 1 else "not_understood",)


def take_aside(
    outline: Outline, course: Course, heard: Understood, answer: tuple[str, ...]
) -> Taken:
    """What a question or a feeling beside the open question calls for."""
    spoken = replace(talking_again(with_spoken(course, heard)), misses=0)
    spoken = asking_kindly(spoken, heard)
    wanted = with_want(outline, spoken, WANTS[heard.intent]) if heard.intent in WANTS else spoken
    return Taken(wanted, once(answer, given_at_once(spoken, heard)))


def take_back(outline: Outline, course: Course) -> Taken:
    """The course with the latest answer open again."""
    before = gone_back(outline, course)
    return Taken(before, ("back_ok",)) if before else Taken(course, ("back_none",))


def with_spoken(course: Course, heard: Understood) -> Course:
    """The course with the signs that a message affirms, waiting to be confirmed."""
    spoken = frozenset(sign for sign, status in heard.signs.items() if status == AFFIRMED)
    return with_heard(course, spoken, heard.now)


def asking_kindly(course: Course, heard: Understood) -> Course:
    """The course that asks, once, about thoughts of dying that the visitor speaks of."""
    told = heard.signs.get(Sign.OWN_SUICIDAL_THOUGHTS) == AFFIRMED
    asked = Sign.OWN_SUICIDAL_THOUGHTS.value in course.answers
    return replace(course, interrupt=SUICIDE) if told and not asked else course


def given_at_once(course: Course, heard: Understood) -> tuple[str, ...]:
    """What a message that affirms a grave sign is given before anything else, once."""
    wanted = [
        message
        for sign, messages in GIVEN_AT_ONCE.items()
        if heard.signs.get(sign) == AFFIRMED
        for message in messages
    ]
    return once(message for message in wanted if message not in course.said)


def once(*groups: Iterable[str]) -> tuple[str, ...]:
    """All messages of the groups, each once, in their order."""
    return tuple(dict.fromkeys(message for group in groups for message in group))
