"""The language of the conversation, changed by a button, by its name or by writing in it."""

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from bot.actions.speaking import Room
from bot.actions.tracker import course_of, language_of
from bot.safety.urgent import plain


class ActionChangeLanguage(Action):
    """Goes on in the language that was asked for, or in the other one."""

    def __init__(self, room: Room) -> None:
        self.room = room

    def name(self) -> str:
        """The name in domain.yml."""
        return "action_change_language"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """Says, in the new language, that it is the language now."""
        language = self.wanted(tracker)
        tracker.slots["language"] = language
        self.room.speaker(dispatcher, tracker).say(course_of(tracker), ["language_changed"])
        return [SlotSet("language", language)]

    def wanted(self, tracker: Tracker) -> str:
        """The language named by the door or in the text; else the one after the present one."""
        entities = tracker.latest_message.get("entities") or []
        named = [each["value"] for each in entities if each.get("entity") == "wanted_language"]
        known = list(self.room.content.languages)
        after = known[(known.index(language_of(tracker)) + 1) % len(known)]
        wanted = [*named, *self.named_in(tracker.latest_message.get("text") or "")]
        return next((each for each in wanted if each in known), after)

    def named_in(self, text: str) -> list[str]:
        """The languages whose names stand in a text."""
        words = set(plain(text).split())
        languages = self.room.content.languages.items()
        return [code for code, each in languages if words & set(each.words["language"])]
