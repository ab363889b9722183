"""The opening: what Foothold is, and the first question."""

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from bot.actions.speaking import Room
from bot.actions.tracker import course_of, events_of


class ActionOpen(Action):
    """Says what Foothold is and is not, before anything is asked."""

    def __init__(self, room: Room) -> None:
        self.room = room

    def name(self) -> str:
        """The name in domain.yml."""
        return "action_open"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """Opens the conversation."""
        speaker = self.room.speaker(dispatcher, tracker)
        return events_of(speaker.say(course_of(tracker), ["open", "open_limits"]))
