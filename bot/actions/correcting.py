"""An earlier answer changed: "I meant no", "ask me that again", "what I said about the gun"."""

from collections.abc import Iterable
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from bot.actions.place import ActionGivePlace
from bot.actions.speaking import Room
from bot.actions.tracker import course_of, events_of
from bot.safety.listening import AFFIRMED, DENIED, Correction, Understood, take_correction
from bot.safety.urgent import plain_words

# A long message may be a story in which somebody "meant" something: it changes nothing at once.
A_SHORT_MESSAGE = 8  # words


class ActionCorrect(Action):
    """Changes an answer, asks it again, or asks which one is meant."""

    def __init__(self, room: Room) -> None:
        self.room = room

    def name(self) -> str:
        """The name in domain.yml."""
        return "action_correct"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """Does what the wish asks for, as far as it can be told."""
        outline, course = self.room.content.outline, course_of(tracker)
        heard = self.room.understood(tracker)
        wish = correction(self.room, heard)
        if heard.place and not wish.topics and not wish.value:
            return await ActionGivePlace(self.room).run(dispatcher, tracker, domain)
        taken = take_correction(outline, course, wish)
        return events_of(self.room.speaker(dispatcher, tracker).say(taken.course, taken.says))


def correction(room: Room, heard: Understood) -> Correction:
    """The wish in a message, by the words that each language has for it."""
    words = [each.words["correct"] for each in room.content.languages.values()]
    text = spoken(heard.text)
    stated = {sign.value: said for sign, said in heard.signs.items() if said in (AFFIRMED, DENIED)}
    # To name a sign is no yes to it: "what I said about his jealousy was wrong". A denial is a no.
    denied = "no" if DENIED in stated.values() else ""
    short = len(text.split()) <= A_SHORT_MESSAGE
    topics = {
        topic for each in words for topic, names in each["topics"].items() if named(names, text)
    }
    return Correction(
        topics=frozenset(stated or topics),
        value=(answer_meant(words, text) or denied) if short else "",
        again=any(named(each["again"], text) for each in words),
    )


def answer_meant(words: Iterable[dict[str, Any]], text: str) -> str:
    """The answer that is named last: "no, wait, I meant yes" is a yes; empty when none is."""
    found = [
        (place(name, text), len(name), answer)
        for each in words
        for answer, names in each["answers"].items()
        for name in names
    ]
    last, _, answer = max(found)
    return answer if last >= 0 else ""


def named(names: Iterable[str], text: str) -> bool:
    """Whether any of the names stands in the text."""
    return any(place(name, text) >= 0 for name in names)


def place(name: str, text: str) -> int:
    """Where a name stands last in a text, whole words only; -1 where it does not."""
    return text.rfind(spoken(name))


def spoken(text: str) -> str:
    """A text in plain letters, with a blank around each word."""
    return f" {' '.join(plain_words(text))} "
