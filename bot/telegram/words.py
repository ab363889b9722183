"""What is said in a chat beside the talk, in its language and behind its cover."""

from __future__ import annotations

from dataclasses import dataclass

from bot.content import CONTROLS
from bot.content.covers import Cover
from bot.content.wording import Wording
from bot.conversation import Answer
from bot.telegram.shaping import OWN, Key, Part, Style, messages, parts_of


@dataclass(frozen=True)
class Words:
    """The words of one language; `minutes` is after how many silent ones a chat is cleared."""

    wording: Wording
    cover: Cover

    def said(self, name: str, **values: object) -> str:
        """A text of telegram.yml."""
        text = str(self.wording.words.telegram["said"][name]).strip()
        return text.format(**{"emergency": self.wording.emergency, **values})

    def title(self, name: str, **values: object) -> str:
        """The title of a button of telegram.yml."""
        return str(self.wording.words.telegram["buttons"][name]).format(**values)

    @property
    def style(self) -> Style:
        """How messages look here."""
        words = self.wording.words
        return Style(
            opener=self.cover.opener,
            controls=frozenset(words.buttons[control] for control in CONTROLS),
            country=self.wording.country,
            short=frozenset(words.page["short_numbers"].split()),
        )

    def parts(self, *texts: str, keys: tuple[Key, ...] = (), urgent: bool = False) -> list[Part]:
        """Texts as one message, or a few, with a button in each row."""
        rows = tuple((key,) for key in keys)
        return messages("\n\n".join(texts), self.style, rows, urgent=urgent)

    def as_cover(self, text: str) -> list[Part]:
        """What the cover says: it stays, since anybody may see it."""
        return [Part(text, stays=True)]

    def answer(self, answer: Answer) -> list[Part]:
        """An answer of the door as messages."""
        return parts_of(answer, self.style)

    def key(self, does: str, name: str = "", **values: object) -> Key:
        """A button that does something beside the talk; named as what it does, or otherwise."""
        return Key(self.title(name or does, **values), f"{OWN}:{does}")
