"""Where the visitor is, as coarsely as they like, so that the right numbers can be shown."""

import asyncio
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from bot.actions.speaking import Room
from bot.actions.tracker import course_of, events_of
from bot.safety.course import (
    PLACE,
    WHERE,
    WHICH_PLACE,
    Course,
    Outline,
    asked_which_place,
    with_answer,
    with_place_chosen,
    with_set,
)
from bot.safety.listening import Understood, take
from bot.safety.questions import Question
from bot.services.gazetteer import Place


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
        """Keeps the place; others go on while the directory is looked up."""
        return await asyncio.to_thread(self.note, dispatcher, tracker)

    def note(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> list[EventType]:
        """Keeps the place, and says the numbers to call there."""
        found, course = self.room.place_in(tracker), course_of(tracker)
        if found.choices:
            return events_of(asked_which_place(course, options(found.choices)))
        place = found.place
        if not place:
            return self.told(dispatcher, tracker)
        keep_place(tracker, place)
        # Who was asked where to look for services is told of these alone.
        says = ["services"] if course.interrupt == WHERE else ["numbers", "services"]
        course = placed(self.room.content.outline, course, place.country)
        course = self.room.speaker(dispatcher, tracker).say(course, says)
        return [*events_of(course), *slots_of(place)]

    def told(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> list[EventType]:
        """Takes a message in which no place is known as something told."""
        heard = replace(self.room.understood(tracker), intent="tell")
        taken = take(self.room.content.outline, course_of(tracker), heard)
        return events_of(self.room.speaker(dispatcher, tracker).say(taken.course, taken.says))


def placed(outline: Outline, course: Course, country: str) -> Course:
    """The course after the visitor said where they are, whatever stands open."""
    if course.interrupt in (WHERE, WHICH_PLACE):
        return with_place_chosen(course, country)
    if course.interrupt:
        return with_set(course, place=country)
    return with_answer(outline, course, Question("place"), country)


def place_events(
    room: Room, tracker: Tracker, question: Question, heard: Understood
) -> list[EventType]:
    """The slots of a place given as the answer to the question where the visitor is."""
    if not heard.pressed and question.takes != "place":
        return []
    place = chosen(room, heard) if heard.pressed else room.place_in(tracker).place
    if not place:
        return []
    keep_place(tracker, place)
    return slots_of(place)


def chosen(room: Room, heard: Understood) -> Place | None:
    """The place of a pressed option that names one."""
    option = heard.pressed[1] if heard.pressed else ""
    if not option.startswith(PLACE):
        return None
    identity = option.removeprefix(PLACE)[len("CC:") :].partition("~")[0]
    return room.gazetteer.named(identity)


def which_place(room: Room, tracker: Tracker, question: Question, heard: Understood) -> list[str]:
    """The options where the answer to the question where they are may mean several places."""
    if question.takes != "place" or heard.pressed:
        return []
    return options(room.place_in(tracker).choices)


def options(places: Iterable[Place]) -> list[str]:
    """Places as options of a question."""
    return [f"{PLACE}{each.country}:{each.id}~{each.label}" for each in places]


def keep_place(tracker: Tracker, place: Place) -> None:
    """Lets the words of this very turn know the place."""
    tracker.slots.update({event["name"]: event["value"] for event in slots_of(place)})


def slots_of(place: Place) -> list[Any]:
    """The slots that keep a place: country, region where numbers differ, and its name."""
    return [
        SlotSet("country", place.country),
        SlotSet("region", place.region),
        # A country is named in the visitor's language when it is said.
        SlotSet("place_label", place.country if place.kind == "country" else place.label),
        SlotSet("place", place.id),
    ]
