"""Every word that a person reads, and the order in which questions are asked.

Words lie in one folder a language, the same ids in each; the shape of questions and plan lies
beside them. All of it is read once and checked while it is read.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from bot.channels import TELEGRAM
from bot.content.catalogue import catalogue
from bot.content.covers import Cover, load_cover
from bot.content.reading import ContentError, condition, read, refuse_unknown
from bot.safety.course import Outline
from bot.safety.questions import Question
from bot.safety.signs import Now
from bot.safety.urgent import UrgentWords

__all__ = ["CONTROLS", "FOLDER", "LANGUAGES", "Content", "ContentError", "Language", "load", "read"]

FOLDER = Path(__file__).parent
LANGUAGES = ("en", "es")
CONTROLS = ("skip", "why", "go_back", "pause", "stop", "not_safe")


@dataclass(frozen=True)
class Language:
    """All words in one language."""

    messages: Mapping[str, str]
    questions: Mapping[str, Mapping[str, str]]
    buttons: Mapping[str, str]
    plan_sections: Mapping[str, Mapping[str, str]]
    plan_items: Mapping[str, Mapping[str, str]]
    planning: Mapping[str, Any]
    page: Mapping[str, str]
    promises: Mapping[str, Any]
    danger: Mapping[str, Any]
    words: Mapping[str, Any]
    telegram: Mapping[str, Any]
    covers: Mapping[str, Cover]

    def message(self, name: str, channel: str) -> str:
        """The words of a message on a channel; raises KeyError when there is no such message."""
        own = self.telegram["messages"] if channel == TELEGRAM.name else {}
        return str(own.get(name) or self.messages[name]).strip()


@dataclass(frozen=True)
class Content:
    """All words, and the outline of a conversation."""

    languages: Mapping[str, Language]
    outline: Outline
    asides: Mapping[str, tuple[str, ...]]
    danger: Mapping[str, Any]
    urgent: tuple[UrgentWords, ...]

    def language(self, code: str | None) -> Language:
        """The words in a language, or in the first one when that one is not there."""
        return self.languages.get(code or "", self.languages[LANGUAGES[0]])

    @property
    def not_in_codes(self) -> dict[str, tuple[str, ...]]:
        """Words that no code of a saved plan may hold, by language."""
        return {code: tuple(each.words["not_in_codes"]) for code, each in self.languages.items()}

    def page(self, code: str | None) -> Mapping[str, str]:
        """The words of the web page in a language."""
        return self.language(code).page

    def buttons(self, code: str | None) -> Mapping[str, str]:
        """The titles of the buttons in a language."""
        return self.language(code).buttons


@cache
def load(folder: Path = FOLDER) -> Content:
    """All content of a folder, read once; raises ContentError when a file is wrong."""
    return Content(
        languages={code: language(folder / code) for code in LANGUAGES},
        outline=outline(folder),
        asides={intent: tuple(says) for intent, says in read(folder / "asides.yml").items()},
        danger=read(folder / "danger.yml"),
        urgent=tuple(urgent_words(read(folder / code / "words.yml")) for code in LANGUAGES),
    )


def urgent_words(words: Mapping[str, Any]) -> UrgentWords:
    """The words of a language that the door understands without any model."""
    return UrgentWords(
        leave=tuple(words["leave"]),
        urgent={Now(flag): tuple(phrases) for flag, phrases in words["urgent"].items()},
        calm=tuple(words["calm"]),
    )


def language(folder: Path) -> Language:
    """The words of one language."""
    plan = read(folder / "plan.yml")
    return Language(
        messages=read(folder / "messages.yml"),
        questions=read(folder / "questions.yml"),
        buttons=read(folder / "buttons.yml"),
        plan_sections=plan["sections"],
        plan_items=plan["items"],
        planning=read(folder / "planning.yml"),
        page=read(folder / "page.yml"),
        promises=read(folder / "promises.yml"),
        danger=read(folder / "danger.yml"),
        words=read(folder / "words.yml"),
        telegram=read(folder / "telegram.yml"),
        covers=load_cover(folder),
    )


def outline(folder: Path) -> Outline:
    """The questions and plan parts in their order."""
    path = folder / "questions.yml"
    shape = read(path)
    return Outline(
        before=questions(path, shape["before_plan"]),
        after=questions(path, shape["after_plan"]),
        interrupts={each.id: each for each in questions(path, shape["interrupts"])},
        catalogue=catalogue(folder),
    )


def questions(path: Path, entries: Iterable[Mapping[str, Any]]) -> tuple[Question, ...]:
    """The questions of a list in a content file."""
    return tuple(question(path, entry) for entry in entries)


def question(path: Path, entry: Mapping[str, Any]) -> Question:
    """One question from its entry."""
    known = {"id", "options", "takes", "when", "understands", "first", "says", "source"}
    known |= {"adaptive", "serves", "in_list", "stays"}
    refuse_unknown(path, entry, known)
    return Question(
        id=entry["id"],
        options=tuple(entry.get("options", ())),
        takes=entry.get("takes", "choice"),
        when=condition(path, entry),
        understands=dict(entry.get("understands", {})),
        says={key: tuple(ids) for key, ids in entry.get("says", {}).items()},
        first=tuple(entry.get("first", ())),
        adaptive=entry.get("adaptive", False),
        serves=tuple(entry.get("serves", ())),
        in_list=entry.get("in_list", ""),
        stays=tuple(entry.get("stays", ())),
    )
