"""A Rasa that talks: it asks one question after another, and has its bad days."""

import asyncio
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Any

from bot.conversation import hashed
from bot.rasa_client import Call, Said, Unavailable
from tests.builders import said

TO_THE_DOOR = re.compile(r'/(greet|change_language)\{"\w+": "(\w+)"\}')


class Mood(Enum):
    """How it is with Rasa."""

    WELL = auto()
    DOWN = auto()
    SILENT = auto()  # takes a turn, and nobody hears the answer
    BROKEN = auto()  # answers what is no answer


@dataclass
class Told:
    """One conversation as Rasa remembers it."""

    mark: str
    used: float
    language: str = "en"
    questions: int = 0
    payloads: tuple[str, ...] = ()
    latest: Said | None = None
    turns: list[str] = field(default_factory=list)


class TalkativeRasa:
    """Answers with the mark of the conversation in every word, and notes what it should not get."""

    def __init__(self, clock: Callable[[], float], idle: float) -> None:
        self.clock = clock
        self.idle = idle
        self.mood = Mood.WELL
        self.can_forget = True
        self.told: dict[str, Told] = {}
        self.erased: set[str] = set()  # nothing that is still under way brings these back
        self.marks = 0
        self.wrong: list[str] = []

    async def send(self, conversation: str, call: Call) -> Said:
        """Takes a turn, unless one before it was taken whose answer nobody heard."""
        await asyncio.sleep(0)
        if self.mood is Mood.DOWN:
            raise Unavailable
        told = self.remembered(hashed(conversation)) or self.begun(conversation)
        latest = told.latest
        if latest is None or latest.turn not in call.unsure:
            latest = self.taken(told, call)
        if self.mood is Mood.SILENT:
            raise Unavailable
        return Said(latest.turn, [{"text": "half"}]) if self.mood is Mood.BROKEN else latest

    def begun(self, conversation: str) -> Told:
        """A conversation that it has not heard of."""
        self.marks += 1
        told = Told(f"mark{self.marks}.", self.clock())
        if hashed(conversation) not in self.erased:
            self.told[hashed(conversation)] = told
        return told

    def taken(self, told: Told, call: Call) -> Said:
        """The answer to a turn: the next question, with buttons that no other question has."""
        self.look_at(told, call)
        told.turns.append(call.turn)
        told.used = self.clock()
        told.questions += 1
        told.latest = Said(call.turn, self.answer(told, call.text))
        return told.latest

    def look_at(self, told: Told, call: Call) -> None:
        """Notes a command that no open button stands for, and a turn that was taken before."""
        command = TO_THE_DOOR.fullmatch(call.text)
        if command:
            told.language = command[2]
        elif call.text.startswith("/") and call.text not in told.payloads:
            self.wrong.append(f"not offered: {call.text}")
        if call.turn in told.turns:
            self.wrong.append(f"taken twice: {call.turn}")

    def answer(self, told: Told, text: str) -> list[dict[str, Any]]:
        """One or two replies; every third question takes free words."""
        asked = f"{told.mark} {told.questions}"
        titles = ["Yes", "No", "Not now", "Leave this page"][: 1 + told.questions % 4]
        offered = {each: "/choose" + json.dumps({"of": asked, "is": each}) for each in titles}
        if "Leave this page" in offered:
            offered["Leave this page"] = "/quick_exit"
        told.payloads = tuple(offered.values())
        expects = "text" if told.questions % 3 == 0 else "choice"
        message = "left" if text == "bye" else "asked"
        words = [said("heard", text=f"{asked} {text}", buttons={}, language=told.language)]
        question = said(
            message, text=asked, buttons=offered, language=told.language, expects=expects
        )
        return [*words[: told.questions % 2], question]

    def remembered(self, name: str) -> Told | None:
        """What is known of a conversation that was not idle for too long."""
        told = self.told.get(name)
        return told if told and self.clock() - told.used <= self.idle else None

    async def plan(self, conversation: str) -> dict[str, Any] | None:
        return None

    async def latest(self, conversation: str) -> Said | None:
        """What was said last."""
        await asyncio.sleep(0)
        if self.mood is Mood.DOWN:
            raise Unavailable
        told = self.remembered(hashed(conversation))
        return told.latest if told else None

    async def forget(self, name: str, *, under_way: bool) -> bool:
        """Forgets, on a good day."""
        await asyncio.sleep(0)
        if self.can_forget:
            self.told.pop(name, None)
            self.erased |= {name} if under_way else set()
        return self.can_forget

    async def health(self) -> dict[str, str]:
        """How it is."""
        return {"rasa": "ok", "internal": "ok"}
