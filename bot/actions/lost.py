"""When the thread is lost: said openly, and the conversation goes on."""

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActiveLoop, EventType, FollowupAction
from rasa_sdk.executor import CollectingDispatcher

from bot.actions.speaking import Room
from bot.actions.tracker import course_of

FORM = "conversation_form"


class ActionDefaultFallback(Action):
    """Takes over where no rule fits, as after a restart of Rasa: nobody is left without a word."""

    def __init__(self, room: Room) -> None:
        self.room = room

    def name(self) -> str:
        """Rasa's own name for the action of last resort."""
        return "action_default_fallback"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """Says so, and asks the open question."""
        self.room.speaker(dispatcher, tracker).say(course_of(tracker), ["lost_place"])
        return [ActiveLoop(FORM), FollowupAction(FORM)]
