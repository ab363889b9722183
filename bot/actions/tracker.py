"""The conversation as Rasa's tracker keeps it: what an action reads from it and writes to it."""

from collections.abc import Mapping
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import EventType, SlotSet

from bot.channels import Channel, channel_named
from bot.safety.course import Course
from bot.safety.listening import Understood
from bot.safety.own_plan import as_record, from_record
from bot.safety.signs import Now, Sign
from bot.safety.urgent import plain_words

SIGNS = {sign.value: sign for sign in Sign}
FLAGS = {now.value: now for now in Now}
IDIOM = "idiom"
LONGEST_BEGINNING = 4  # words


def course_of(tracker: Tracker) -> Course:
    """Where the conversation stands, from its slots."""
    slots = tracker.slots
    return Course(
        answers=slots.get("answers") or {},
        heard=frozenset(SIGNS[name] for name in slots.get("heard") or ()),
        now=frozenset(FLAGS[name] for name in slots.get("now_flags") or ()),
        interrupt=slots.get("interrupt") or "",
        again=slots.get("again") or "",
        said=frozenset(slots.get("said") or ()),
        asked=slots.get("asked") or "",
        misses=int(slots.get("misses") or 0),
        corrections=tuple(slots.get("corrections") or ()),
        places=tuple(slots.get("places") or ()),
        wanted=tuple(slots.get("wanted") or ()),
        found=tuple(slots.get("found") or ()),
        picked=tuple(slots.get("picked") or ()),
        plan=from_record(slots.get("plan")),
        plan_before=None if (before := slots.get("plan_before")) is None else from_record(before),
        plan_opened=from_record(slots.get("plan_opened")),
        editing=slots.get("editing") or "",
    )


def events_of(course: Course) -> list[EventType]:
    """The slots that keep where the conversation stands."""
    before = course.plan_before
    return [
        SlotSet("answers", dict(course.answers)),
        SlotSet("heard", sorted(sign.value for sign in course.heard)),
        SlotSet("now_flags", sorted(now.value for now in course.now)),
        SlotSet("interrupt", course.interrupt),
        SlotSet("again", course.again),
        SlotSet("said", sorted(course.said)),
        SlotSet("asked", course.asked),
        SlotSet("misses", course.misses),
        SlotSet("corrections", list(course.corrections)),
        SlotSet("places", list(course.places)),
        SlotSet("wanted", list(course.wanted)),
        SlotSet("found", list(course.found)),
        SlotSet("picked", list(course.picked)),
        SlotSet("plan", as_record(course.plan)),
        SlotSet("plan_before", as_record(before) if before is not None else None),
        SlotSet("plan_opened", as_record(course.plan_opened)),
        SlotSet("editing", course.editing),
        # The form asks on as long as its one slot is empty.
        SlotSet("answer", None),
    ]


def language_of(tracker: Tracker) -> str:
    """The language of the conversation; the door's word for it where Rasa has lost the thread."""
    told = tracker.latest_message.get("metadata") or {}
    return tracker.slots.get("language") or told.get("language") or "en"


def channel_of(tracker: Tracker) -> Channel:
    """The channel on which the visitor writes now; one talk may go on elsewhere."""
    return channel_named((tracker.latest_message.get("metadata") or {}).get("channel"))


def understood(
    tracker: Tracker, leading: Mapping[str, frozenset[str]], place: str = ""
) -> Understood:
    """The latest message as Rasa understood it; `leading` are beginnings that say yes or no."""
    message = tracker.latest_message
    entities = message.get("entities") or []
    text = message.get("text") or ""
    return Understood(
        intent=(message.get("intent") or {}).get("name") or "",
        text="" if text.startswith("/") else text,
        pressed=pressed(entities),
        signs=signs(entities),
        now=frozenset(FLAGS[e["value"]] for e in entities if e.get("value") in FLAGS),
        leading=leading_answer(text, leading),
        place=place,
    )


def pressed(entities: list[dict[str, Any]]) -> tuple[str, str] | None:
    """The question and the option of a pressed button."""
    named = {each["entity"]: each["value"] for each in entities}
    if "question" in named and "option" in named:
        return named["question"], named["option"]
    return None


def signs(entities: list[dict[str, Any]]) -> dict[Sign, str]:
    """What was said about which sign; affirmed once in a message counts as affirmed.

    A figure of speech says nothing about anybody's life.
    """
    said: dict[Sign, str] = {}
    for each in entities:
        if each.get("entity") == "sign" and each.get("value") in SIGNS:
            sign, status = SIGNS[each["value"]], each.get("role") or ""
            if status == IDIOM:
                continue
            said[sign] = "affirmed" if said.get(sign) == "affirmed" else status
    return said


def leading_answer(text: str, beginnings: Mapping[str, frozenset[str]]) -> str:
    """`yes` or `no` when a text begins in a way that says so, in any language; else empty."""
    words = plain_words(text)
    starts = {" ".join(words[:length]) for length in range(1, LONGEST_BEGINNING + 1)}
    return next((answer for answer, said in beginnings.items() if starts & said), "")
