"""The one form: takes an answer to the open question, and asks the next."""

import asyncio
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from bot.actions.finding import going_on
from bot.actions.place import place_events, which_place
from bot.actions.speaking import Room
from bot.actions.tracker import course_of, events_of
from bot.safety.course import (
    Course,
    asked_which_place,
    open_question,
    with_change_beside,
    with_opened,
)
from bot.safety.listening import Taken, take

# What may answer a question. Rasa gives a form priority over every rule, so that it has to
# reject what is a control, a question or a wish.
ANSWERS = frozenset(
    {"affirm", "deny", "not_sure", "skip", "choose", "go_on", "repeat", "tell", "nlu_fallback"}
)

# The greeting that opens a conversation also begins the form: nothing was asked yet.
OPENING = "greet"


class ValidateConversationForm(Action):
    """Takes what the visitor said or pressed as an answer, as far as it is one."""

    def __init__(self, room: Room) -> None:
        self.room = room

    def name(self) -> str:
        """The name that the form gives it."""
        return "validate_conversation_form"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """Keeps the answer; others go on while the directory is looked up."""
        return await asyncio.to_thread(self.validate, dispatcher, tracker)

    def validate(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> list[EventType]:
        """Keeps the answer and says what it calls for."""
        course, heard = course_of(tracker), self.room.understood(tracker)
        if heard.intent == OPENING:
            return [SlotSet("answer", None)]
        beside = plan_beside(self.room, tracker, course)
        if beside:
            return beside
        if heard.intent not in ANSWERS:
            return []  # without a slot the form rejects, and the rules of data/rules take over
        outline = self.room.content.outline
        question = open_question(outline, course)
        places = which_place(self.room, tracker, question, heard)
        if places:
            return events_of(asked_which_place(course, places))
        found = place_events(self.room, tracker, question, heard)
        more = going_on(course, heard)
        taken = Taken(more, ("services",)) if more else take(outline, course, heard)
        course = self.room.speaker(dispatcher, tracker).say(taken.course, taken.says)
        return [*events_of(course), *found]


def plan_beside(room: Room, tracker: Tracker, course: Course) -> list[EventType]:
    """What was done with the plan beside the talk, on its own page; nothing in most turns."""
    told = tracker.latest_message.get("metadata") or {}
    if "change" in told:
        return events_of(with_change_beside(course, told["change"]))
    if "opened" in told:
        record = told["opened"]
        opened = with_opened(room.content.outline, course, record)
        kept = ("country", "region", "place_label", "language")
        places = [SlotSet(name, record[name]) for name in kept if record.get(name)]
        return [*events_of(opened), *places]
    return []


class ActionAskAnswer(Action):
    """Asks the question that stands open."""

    def __init__(self, room: Room) -> None:
        self.room = room

    def name(self) -> str:
        """The name that the form gives it."""
        return "action_ask_answer"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """Asks, after what has to be said before the question."""
        course = self.room.speaker(dispatcher, tracker).ask(course_of(tracker))
        return events_of(course)
