"""Where the visitor is, as coarsely as they like, so that the right numbers can be shown."""

from dataclasses import replace
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from bot.actions.speaking import Room
from bot.actions.tracker import course_of, events_of
from bot.safety.course import with_answer
from bot.safety.listening import Understood, take
from bot.safety.questions import Question
from bot.services.places import Place


class ActionGivePlace(Action):
    """Notes a place that was named beside another question, and shows its numbers."""

    def __init__(self, room: Room) -> None:
        self.room = room

    def name(self) -> str:
        """The name in domain.yml."""
        return "action_give_place"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """Keeps the place, and says the numbers to call there."""
        place, course = self.room.place_in(tracker), course_of(tracker)
        if not place:
            return self.told(dispatcher, tracker)
        keep_place(tracker, place)
        course = with_answer(self.room.content.outline, course, Question("place"), place.country)
        self.room.speaker(dispatcher, tracker).say(course, ["numbers"])
        return [*events_of(course), *slots_of(place)]

    def told(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> list[EventType]:
        """Takes a message in which no place is known as something told."""
        heard = replace(self.room.understood(tracker), intent="tell")
        taken = take(self.room.content.outline, course_of(tracker), heard)
        return events_of(self.room.speaker(dispatcher, tracker).say(taken.course, taken.says))


def place_events(
    room: Room, tracker: Tracker, question: Question, heard: Understood
) -> list[EventType]:
    """The slots of a place given as the answer to the question where the visitor is."""
    place = room.place_in(tracker)
    if question.takes != "place" or heard.pressed or not place:
        return []
    keep_place(tracker, place)
    return slots_of(place)


def keep_place(tracker: Tracker, place: Place) -> None:
    """Lets the words of this very turn know the place."""
    tracker.slots.update({event["name"]: event["value"] for event in slots_of(place)})


def slots_of(place: Place) -> list[Any]:
    """The slots that keep a place: country, region where numbers differ, and its name."""
    return [
        SlotSet("country", place.country),
        SlotSet("region", place.region),
        SlotSet("place_label", place.label),
    ]
