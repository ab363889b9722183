"""Questions and feelings beside the open question: answered, and then back to where it was."""

import asyncio
from dataclasses import replace
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from bot.actions.finding import seeking
from bot.actions.place import keep_place, options, placed, slots_of
from bot.actions.speaking import Room
from bot.actions.tracker import course_of, events_of
from bot.safety.course import asked_which_place, open_question
from bot.safety.listening import Taken, answer_in, take, take_aside
from bot.services.gazetteer import Found


class ActionAside(Action):
    """Answers what was asked besides; or takes it as the answer, if the open question fits it."""

    def __init__(self, room: Room) -> None:
        self.room = room

    def name(self) -> str:
        """The name in domain.yml."""
        return "action_aside"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """Says the words for what was asked; others go on while the directory is looked up."""
        return await asyncio.to_thread(self.answer, dispatcher, tracker)

    def answer(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> list[EventType]:
        """Says the words for what was asked."""
        taken = self.taken(tracker)
        named = self.room.place_in(tracker) if "services" in taken.says else Found()
        slots: list[EventType] = []
        if named.choices:
            says = tuple(each for each in taken.says if each != "services")
            taken = Taken(asked_which_place(taken.course, options(named.choices)), says)
        elif named.place:
            keep_place(tracker, named.place)
            outline, slots = self.room.content.outline, slots_of(named.place)
            taken = replace(taken, course=placed(outline, taken.course, named.place.country))
        course = self.room.speaker(dispatcher, tracker).say(taken.course, taken.says)
        return [*events_of(course), *slots]

    def taken(self, tracker: Tracker) -> Taken:
        """What the message does, with what it asks services to offer."""
        course, heard = course_of(tracker), self.room.understood(tracker)
        content = self.room.content
        question = open_question(content.outline, course)
        if question.takes == "choice" and answer_in(question, heard):
            taken = take(content.outline, course, heard)
        else:
            taken = take_aside(content.outline, course, heard, content.asides.get(heard.intent, ()))
        return replace(taken, course=seeking(taken.course, heard))
