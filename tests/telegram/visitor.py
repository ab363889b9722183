"""A visitor on Telegram, in the same language as one on the web: says, presses, sees, leaves."""

import itertools
import time
from typing import Any

from bot.content import load
from tests.telegram.reading import replies_in
from tests.telegram.server import BotApi, Message, Person
from tests.visitor import Visitor

PEOPLE = itertools.count(5_000_000_001)
QUIET = 0.25  # seconds without anything new from the bot
PATIENCE = 20.0


class TelegramVisitor(Visitor):
    """Chats with a running Foothold through a Bot API server."""

    def __init__(self, api: BotApi, language: str = "en", **names: str) -> None:
        self.api = api
        self.language = language
        self.person: Person = api.person(next(PEOPLE), language, **names)
        self.replies: list[dict[str, Any]] = []
        self.status = 200
        self.token = ""  # nobody but the bot has it
        self.begins()

    def begins(self) -> None:
        """Sends /start, and reads the opening after the notice."""
        said = self.answered(lambda: self.person.sends("/start"), at_least=2)
        self.notice, self.opening = said[0], said[1:]
        self.read(self.opening)

    def says(self, text: str) -> "TelegramVisitor":
        """Writes something."""
        self.read(self.answered(lambda: self.person.sends(text)))
        return self

    def presses(self, title: str) -> "TelegramVisitor":
        """Presses the newest button of this title."""
        self.read(self.answered(lambda: self.person.presses(title)))
        return self

    def leaves(self) -> int:
        """Sends /leave."""
        self.answered(lambda: self.person.sends("/leave"))
        return 204

    def answered(self, does: Any, at_least: int = 1) -> list[Message]:
        """What the bot says to something that a person does, once it has gone quiet."""
        before = len(self.person.ever)
        does()
        until, heard, since = time.monotonic() + PATIENCE, 0, time.monotonic()
        while time.monotonic() < until:
            said = [each for each in self.person.ever[before:] if each.by_bot]
            if len(said) != heard:
                heard, since = len(said), time.monotonic()
            has_buttons = bool(said and said[-1].rows)
            quiet = time.monotonic() - since
            if heard >= at_least and (has_buttons or quiet > QUIET):
                return said
            time.sleep(0.01)
        raise AssertionError(f"the bot said {heard} messages, not {at_least}")

    def read(self, said: list[Message]) -> None:
        """Takes what was said as replies."""
        titles = said[-1].titles if said else []
        texts = [each.text for each in said]
        for language in (self.language, *({"en", "es"} - {self.language})):
            self.replies = replies_in(texts, language, titles)
            if self.replies:
                self.language = language
                return

    @property
    def plan(self) -> str:
        """The plan as it can be taken away as text; nothing where there is none."""
        said = self.answered(lambda: self.person.sends("/saved"))
        if not said[-1].rows:
            return ""
        title = load().language(self.language).telegram["buttons"]["text"]
        said = self.answered(lambda: self.person.presses(title), at_least=2)
        return next(each.file for each in said if each.file).decode()

    @property
    def is_gone(self) -> bool:
        """Whether nothing of the talk is in the chat, and words bring the cover alone."""
        said = self.answered(lambda: self.person.sends("hi"))
        left = "\n".join(each.text for each in self.person.screen)
        return not replies_in([said[-1].text], self.language, []) and "\n\n" not in left
