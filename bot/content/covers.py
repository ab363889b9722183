"""A cover: what a messenger shows to anybody who is not meant to see more; and it really works."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.content.reading import ContentError, read, refuse_unknown
from bot.safety.urgent import plain_words

COMMANDS = ("list", "saved", "settings", "help", "clear")
"""What a person can send besides words; the cover says what each is called."""

WORDS = ("welcome", "list", "several", "none", "saved", "settings", "help")
LOOKS = ("name", "about", "short_about", "opener", "file", "picture")

# What Telegram takes (Bot API: setMyName, setMyDescription, setMyShortDescription).
LONGEST = {"name": 64, "about": 512, "short_about": 120}


@dataclass(frozen=True)
class Entry:
    """One recipe or note: its title, the words under which it is found, and its text."""

    title: str
    words: frozenset[str]
    text: str


@dataclass(frozen=True)
class Cover:
    """A cover in one language.

    `look` is how the bot looks, `opener` the first words of every message, `says` what the cover
    says, `entries` what it knows.
    """

    look: Mapping[str, str]
    commands: Mapping[str, str]
    says: Mapping[str, str]
    entries: tuple[Entry, ...]

    @property
    def opener(self) -> str:
        """The first words of every message, which are all that a notification shows at best."""
        return self.look["opener"]

    def answer(self, text: str) -> str:
        """What the cover says to anything at all."""
        words = plain_words(text)
        asked = " ".join(words)
        for number, entry in enumerate(self.entries, start=1):
            if asked and asked in (str(number), " ".join(plain_words(entry.title))):
                return told(entry)
        found = [each for each in self.entries if each.words & set(words)]
        if not found:
            return self.says["none"]
        if len(found) == 1:
            return told(found[0])
        return "\n".join([self.says["several"], *(f"– {each.title}" for each in found)])

    def command(self, name: str) -> str:
        """What the cover says to a command; its welcome to any that it does not know."""
        if name == "list":
            lines = (f"{number}. {each.title}" for number, each in enumerate(self.entries, start=1))
            return "\n".join([self.says["list"], *lines])
        return self.says.get(name, self.says["welcome"])


def told(entry: Entry) -> str:
    """One entry in words."""
    return f"{entry.title}\n\n{entry.text}"


def load_cover(folder: Path) -> dict[str, Cover]:
    """All covers of a language, by the names of their files; raises ContentError."""
    return {path.stem: cover_in(path) for path in sorted((folder / "covers").glob("*.yml"))}


def cover_in(path: Path) -> Cover:
    """A cover from its file; raises ContentError where something is missing or too long."""
    told = read(path)
    refuse_unknown(path, told, {*LOOKS, *WORDS, "commands", "entries"})
    for key in (*LOOKS, *WORDS, "commands", "entries"):
        if not told.get(key):
            raise ContentError(f"{path.name}: “{key}” is missing.")
    for key, most in LONGEST.items():
        if len(told[key]) > most:
            raise ContentError(f"{path.name}: “{key}” may have {most} letters at most.")
    if set(told["commands"]) != set(COMMANDS):
        raise ContentError(f"{path.name}: “commands” must be {', '.join(COMMANDS)}.")
    return Cover(
        look={key: str(told[key]).strip() for key in LOOKS},
        commands=dict(told["commands"]),
        says={key: str(told[key]).strip() for key in WORDS},
        entries=tuple(entry_from(each) for each in told["entries"]),
    )


def entry_from(told: Mapping[str, Any]) -> Entry:
    """One entry; it is also found by the words of its title."""
    words = frozenset(each for word in told["words"] for each in plain_words(str(word)))
    return Entry(str(told["title"]), words, str(told["text"]).strip())
