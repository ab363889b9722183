"""The page that visitors see, as it is rendered from its templates and words."""

import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any, Literal, get_args
from urllib.parse import quote_plus

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from bot.channels import WEB
from bot.content import CONTROLS, Content
from bot.content.how import AFTER, BEFORE, how_levels, how_limits, how_words, word
from bot.content.promised import promised_words, receipt
from bot.conversation import Answer, Door, Reply, Turn
from bot.settings import ChatSettings
from bot.store.lives import CANNOT, NEVER
from webchat.templates.numbers import Links

Kind = Literal["text", "emergency", "question", "plan", "services", "handoff"]

# A form always fits into a body of 64 KiB, even with every character at its longest escape.
LONGEST_SHOWN = 24 * 1024
LONGEST_DRAFT = 4000
MOST_SHOWN = 30

# Replies that take no turn: the question before them still stands, and so does what was typed.
NOT_TAKEN = frozenset({"too_long", "slow_down", "unreadable", "service_down"})
# After this one, only the door knows which turn was the last.
EXPIRED = "button_expired"

# The disclosure at the foot of the page, in its order.
ABOUT = (
    "about_program",
    "about_leave",
    "about_history",
    "about_spyware",
    "about_private",
)

PROMISED = {
    "kept": list(WEB.keeps),
    "never": NEVER,
    "cannot": CANNOT,
}

POINT = "– "  # begins an item of the plan (bot/content/wording.py)


class Entry(BaseModel):
    """One message on the page; only the latest question keeps its buttons."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    who: Literal["visitor", "bot"]
    text: str
    language: str
    kind: Kind = "text"
    buttons: tuple[str, ...] = ()


READ_SHOWN = TypeAdapter(tuple[Entry, ...])


def entries_of(answer: Answer) -> tuple[Entry, ...]:
    """The replies of an answer as entries."""
    return tuple(
        Entry(
            who="bot",
            text=reply.text,
            language=answer.language,
            kind=kind_of(reply),
            buttons=reply.buttons,
        )
        for reply in answer.replies
    )


def kind_of(reply: Reply) -> Kind:
    """How a reply is shown; plain text when the page doesn't know its kind."""
    return next((kind for kind in get_args(Kind) if kind == reply.kind), "text")


def messages(answer: Answer) -> set[str]:
    """The ids of what an answer says."""
    return {reply.message for reply in answer.replies}


@dataclass(frozen=True)
class Talk:
    """A conversation as a page without JavaScript carries it from one form to the next."""

    conversation: str
    language: str
    entries: tuple[Entry, ...] = ()
    after: str = ""
    draft: str = ""
    first_new: int = 0

    @property
    def buttons(self) -> tuple[str, ...]:
        """What can be pressed now, in the door's order."""
        return tuple(title for entry in self.entries for title in entry.buttons)

    @property
    def carried(self) -> str:
        """The latest entries as JSON, short enough for a form."""
        entries = list(self.entries[-MOST_SHOWN:])
        while len(quote_plus(carried := written(entries))) > LONGEST_SHOWN:
            del entries[0]
        return carried

    def after_turn(self, turn: Turn, typed: str, answer: Answer) -> "Talk":
        """The talk after a turn; one that was not taken leaves the words where they were."""
        if NOT_TAKEN & messages(answer):
            return self.hearing(answer)
        expired = EXPIRED in messages(answer)
        return replace(
            self.saying(turn).hearing(answer),
            after="" if expired else turn.turn or "",
            draft="" if turn.text == typed else typed,
        )

    def saying(self, turn: Turn) -> "Talk":
        """The talk with what the visitor said or pressed, its question answered."""
        said = turn.text
        if turn.button is not None and turn.button < len(self.buttons):
            said = self.buttons[turn.button]
        old = tuple(entry.model_copy(update={"buttons": ()}) for entry in self.entries)
        entry = Entry(who="visitor", text=said or "", language=self.language)
        return replace(self, entries=(*old, entry) if said else old)

    def hearing(self, answer: Answer) -> "Talk":
        """The talk with an answer."""
        return replace(
            self,
            language=answer.language,
            entries=(*self.entries, *entries_of(answer)),
            first_new=len(self.entries),
        )


def written(entries: Sequence[Entry]) -> str:
    """Entries as short JSON."""
    return READ_SHOWN.dump_json(tuple(entries), exclude_defaults=True).decode()


def read_shown(shown: str) -> tuple[Entry, ...]:
    """The entries that a form carried; none when they can't be read."""
    try:
        return READ_SHOWN.validate_json(shown)
    except ValidationError:
        return ()


@dataclass(frozen=True)
class Page:
    """Renders the page; knows no visitor."""

    settings: ChatSettings
    content: Content
    door: Door
    country: str = ""

    def seen_from(self, country: str) -> "Page":
        """The page as it is for somebody whose browser is set to a country."""
        return replace(self, country=country)

    @property
    def exit_url(self) -> str:
        """The harmless page to go to: the country's own, else the one for all."""
        exits = self.settings.exits()
        return exits.get(self.country) or exits.get(self.settings.country) or self.settings.exit_url

    def first(self, language: str, notice: Answer | None = None) -> str:
        """The page before the first word, with an answer above it if there is one to show."""
        return self.render(language, talk=None, notice=entries_of(notice) if notice else ())

    def talking(self, talk: Talk) -> str:
        """The page in the middle of a conversation."""
        pressable = [
            {"index": index, "title": title, "control": self.controls.get(title, "")}
            for index, title in enumerate(talk.buttons)
        ]
        return self.render(
            talk.language,
            talk=talk,
            notice=(),
            turn=secrets.token_urlsafe(12),
            answers=[button for button in pressable if not button["control"]],
            controls=[button for button in pressable if button["control"]],
        )

    def plan(self, language: str, **values: Any) -> str:
        """A plan on its own page."""
        return self.render(
            language,
            "plan.html",
            plan_words=self.plan_words(language),
            buttons=self.content.buttons(language),
            own=self.content.language(language).planning["own"],
            cover=self.content.language(language).planning["cover"],
            **values,
        )

    def printed(self, language: str, form: str, **values: Any) -> str:
        """A plan to print: as a plain page, or as a card."""
        words = self.plan_words(language)
        own = self.content.language(language).planning["own"]
        return self.render(language, "print.html", plan_words=words, form=form, own=own, **values)

    def plan_words(self, language: str) -> Mapping[str, str]:
        """The words of the plan's page."""
        page: Mapping[str, str] = self.content.language(language).planning["page"]
        return page

    def left(self, language: str) -> str:
        """An empty page that goes on to the neutral one."""
        template = page_templates().get_template("left.html")
        return template.render(
            language=language, words=self.words(language), exit_url=self.exit_url
        )

    def render(self, language: str, template: str = "page.html", **values: Any) -> str:
        """A page in a language."""
        if language not in self.content.languages:
            language = self.settings.default_language
        words = self.words(language)
        return (
            page_templates()
            .get_template(template)
            .render(
                language=language,
                languages={
                    code: self.content.page(code)["language_name"]
                    for code in self.content.languages
                },
                words=words,
                about=ABOUT,
                promised=PROMISED,
                how=self.how,
                exit_url=self.exit_url,
                longest_draft=LONGEST_DRAFT,
                links=self.links.linked,
                idle_minutes=self.settings.idle_minutes,
                data=self.data(),
                **values,
            )
        )

    def words(self, language: str) -> Mapping[str, str]:
        """The page's words, with what the settings promise filled in."""
        minutes = self.settings.idle_minutes
        page = self.content.page(language)
        said = {name: text.strip() for name, text in page.items() if name != "short_numbers"}
        promised = promised_words(self.content, language, WEB.name, idle_minutes=minutes)
        return said | promised | how_words(self.content.language(language).danger)

    def receipt(self, language: str, *, done: bool) -> Answer:
        """What somebody is shown who has erased a talk; nothing of the talk is in it."""
        minutes = self.settings.idle_minutes
        texts = receipt(self.content, language, done=done, idle_minutes=minutes)
        return Answer(tuple(Reply("erased", text) for text in texts), language)

    def privacy(self, language: str) -> str:
        """What is promised, as a page of its own."""
        return self.render(language, "privacy.html")

    @property
    def how(self) -> dict[str, Any]:
        """How the danger profile works, by the ids of its words."""
        danger = self.content.language(self.settings.default_language).danger
        return {
            "before": [word(name) for name in BEFORE],
            "levels": how_levels(),
            "after": [word(name) for name in AFTER],
            "limits": how_limits(danger),
        }

    @property
    def controls(self) -> dict[str, str]:
        """Which title, in any language, is which control."""
        return {
            self.content.buttons(language)[control]: control
            for language in self.content.languages
            for control in CONTROLS
        }

    @property
    def links(self) -> Links:
        """Which digits on the page are numbers to call or to text."""
        return Links.of(self.content)

    def data(self) -> dict[str, Any]:
        """What the page's scripts need: all words, and what to show when nothing can be reached."""
        return {
            "words": {code: self.words(code) for code in self.content.languages},
            "unreachable": {
                code: [
                    {"text": reply.text, "kind": reply.kind, "message": reply.message}
                    for reply in self.door.sorry("service_down", code).replies
                ]
                for code in self.content.languages
            },
            "controls": self.controls,
            "idleMinutes": self.settings.idle_minutes,
            "notTaken": sorted(NOT_TAKEN),
            "expired": EXPIRED,
            "numbers": self.links.data(),
        }


@cache
def page_templates() -> Environment:
    """The templates, each compiled once; a word that is missing is an error, never a gap."""
    templates = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
    )
    templates.filters["blocks"] = lambda text: re.split(r"\n\s*\n", text.strip())
    templates.tests["point"] = lambda line: line.startswith(POINT)
    return templates
