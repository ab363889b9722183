"""Questions and feelings beside the open question: answered, and then back to where it was."""

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from bot.actions.speaking import Room
from bot.actions.tracker import course_of, events_of
from bot.safety.course import open_question
from bot.safety.listening import answer_in, take, take_aside


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
        """Says the words for what was asked."""
        course, heard = course_of(tracker), self.room.understood(tracker)
        content = self.room.content
        question = open_question(content.outline, course)
        if question.takes == "choice" and answer_in(question, heard):
            taken = take(content.outline, course, heard)
        else:
            taken = take_aside(content.outline, course, heard, content.asides.get(heard.intent, ()))
        return events_of(self.room.speaker(dispatcher, tracker).say(taken.course, taken.says))
