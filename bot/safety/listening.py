"""What a visitor's message does: the answer it gives, and the words it calls for."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from bot.safety.course import (
    Course,
    Outline,
    gone_back,
    open_question,
    talking_again,
    with_answer,
    with_heard,
    with_want,
)
from bot.safety.danger import Now, Sign
from bot.safety.questions import SKIPPED, Question

AFFIRMED, DENIED = "affirmed", "denied"
YES, NO = "yes", "no"

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
class Taken:
    """The course after a message, and the messages that it calls for."""

    course: Course
    says: tuple[str, ...] = ()


def take(outline: Outline, course: Course, heard: Understood) -> Taken:
    """What a message does while a question stands open."""
    question = open_question(outline, course)
    if heard.pressed:
        return take_pressed(question, course, heard.pressed)
    course = with_spoken(course, heard)
    at_once = given_at_once(course, heard)
    value = answer_in(question, heard)
    if value:
        taken = answered(question, course, value)
        return replace(taken, says=once(taken.says, at_once))
    return Taken(*without_answer(question, course, heard, at_once))


def take_pressed(question: Question, course: Course, pressed: tuple[str, str]) -> Taken:
    """What a button does: it answers the question that it was offered for, and no other."""
    key, value = pressed
    if key != question.key or value not in (*question.options, SKIPPED):
        return Taken(course, ("button_expired",))
    return answered(question, course, value)


def answered(question: Question, course: Course, value: str) -> Taken:
    """The course after an answer, and what is said to it."""
    says = question.says.get(value, question.says.get("any", ()))
    if value == SKIPPED and not says:
        says = ("skip_ok",)
    if value == TOLD:
        says = ("validate",)
    return Taken(replace(with_answer(course, question, value), misses=0), says)


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
    said = heard.signs.get(question.sign) if question.sign else None
    reads = {"affirm": YES, "deny": NO}.get(heard.intent) or heard.leading
    return (reads == NO and said == AFFIRMED) or (reads == YES and said == DENIED)


def without_answer(
    question: Question, course: Course, heard: Understood, at_once: tuple[str, ...]
) -> tuple[Course, tuple[str, ...]]:
    """What is said to a message that does not answer the open question."""
    if heard.intent in ("repeat", "go_on"):
        return course, at_once
    if heard.intent == "choose":
        return course, once(at_once, ("choose_again",))
    if question.takes == "place":
        return course, once(at_once, ("place_not_found",))
    if heard.signs or heard.intent == "tell":
        thanked = "validate" in course.said and not heard.signs
        reply = ("heard_you",) if thanked else ("validate",)
        return replace(talking_again(course), misses=0), once(reply, at_once)
    again = replace(course, misses=course.misses + 1)
    return again, ("not_understood_twice" if again.misses > 1 else "not_understood",)


def take_aside(course: Course, heard: Understood, answer: tuple[str, ...]) -> Taken:
    """What a question or a feeling beside the open question calls for."""
    spoken = replace(talking_again(with_spoken(course, heard)), misses=0)
    wanted = with_want(spoken, WANTS[heard.intent]) if heard.intent in WANTS else spoken
    return Taken(wanted, once(answer, given_at_once(spoken, heard)))


def take_back(course: Course) -> Taken:
    """The course with the latest answer open again."""
    before = gone_back(course)
    return Taken(before, ("back_ok",)) if before else Taken(course, ("back_none",))


def with_spoken(course: Course, heard: Understood) -> Course:
    """The course with the signs that a message affirms, waiting to be confirmed."""
    spoken = frozenset(sign for sign, status in heard.signs.items() if status == AFFIRMED)
    return with_heard(course, spoken, heard.now)


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
