"""What a visitor can do at every turn: skip aside, back, why, pause, stop, not safe."""

from abc import ABC, abstractmethod
from dataclasses import replace
from typing import Any, ClassVar

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from bot.actions.speaking import Room
from bot.actions.tracker import course_of, events_of
from bot.safety.course import CLOSING, PAUSED, SAFER_NOW, SUICIDE, Course, open_question
from bot.safety.listening import take_back, with_spoken

# Leaving erases what was said, and the door knows the usual words for it without any model.
SURE_ENOUGH_TO_ERASE = 0.9


class ControlAction(Action, ABC):
    """One control: where it leaves the conversation, and what is said to it."""

    control: ClassVar[str]

    def __init__(self, room: Room) -> None:
        self.room = room

    def name(self) -> str:
        """The name in domain.yml."""
        return f"action_{self.control}"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """Does what the control stands for."""
        course, says = self.use(with_spoken(course_of(tracker), self.room.understood(tracker)))
        return events_of(self.room.speaker(dispatcher, tracker).say(course, says))

    @abstractmethod
    def use(self, course: Course) -> tuple[Course, tuple[str, ...]]:
        """The course after the control was used, and the messages to say."""


class ActionNotSafe(ControlAction):
    """Danger right now: the emergency text, then one question."""

    control = "not_safe"

    def use(self, course: Course) -> tuple[Course, tuple[str, ...]]:
        """Lets everything else rest."""
        return replace(course, interrupt=SAFER_NOW), ("danger",)


class ActionPause(ControlAction):
    """A pause for as long as the visitor needs."""

    control = "pause"

    def use(self, course: Course) -> tuple[Course, tuple[str, ...]]:
        """Rests until the visitor goes on."""
        return replace(course, interrupt=PAUSED), ("pause_ok",)


class ActionStop(ControlAction):
    """The end of the talk, as far as the visitor wants it to end."""

    control = "stop"

    def use(self, course: Course) -> tuple[Course, tuple[str, ...]]:
        """Closes, with a way back."""
        return replace(course, interrupt=CLOSING), ("stop_ok", "end")


class ActionOwnSuicide(ControlAction):
    """The visitor's own thoughts of dying: asked about directly, kindly, once."""

    control = "own_suicide"

    def use(self, course: Course) -> tuple[Course, tuple[str, ...]]:
        """Asks; what is said of it again while the question stands open is a yes."""
        if course.interrupt == SUICIDE:
            return replace(course, interrupt=""), ("suicide_yes",)
        return replace(course, interrupt=SUICIDE), ()


class ActionQuickExit(ControlAction):
    """Leaving in words that the door does not know: at once if they are clear, else asked."""

    control = "quick_exit"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """Leaves; or closes with a way back, so that a guess never erases a conversation."""
        intent = tracker.latest_message.get("intent") or {}
        if (intent.get("confidence") or 0) < SURE_ENOUGH_TO_ERASE:
            return await super().run(dispatcher, tracker, domain)
        self.room.speaker(dispatcher, tracker).say(course_of(tracker), ["left"])
        return []

    def use(self, course: Course) -> tuple[Course, tuple[str, ...]]:
        """Closes, with a button that leaves."""
        return replace(course, interrupt=CLOSING), ("stop_ok",)


class ActionGoBack(ControlAction):
    """One question back."""

    control = "go_back"

    def use(self, course: Course) -> tuple[Course, tuple[str, ...]]:
        """Opens the latest answer again."""
        taken = take_back(self.room.content.outline, course)
        return taken.course, taken.says


class ActionWhy(Action):
    """Why the open question is asked."""

    def __init__(self, room: Room) -> None:
        self.room = room

    def name(self) -> str:
        """The name in domain.yml."""
        return "action_why"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """Says the reason that stands beside the question in content."""
        question = open_question(self.room.content.outline, course_of(tracker))
        speaker = self.room.speaker(dispatcher, tracker)
        speaker.utter("why", speaker.wording.words.questions[question.id]["why"].strip())
        return []
