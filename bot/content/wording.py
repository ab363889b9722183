"""The words of a message, with the numbers of the place filled in."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from babel import Locale
from babel.dates import format_datetime

from bot.channels import WEB, Channel
from bot.content import CONTROLS, Content, Language
from bot.content.hotlines import CHILD, DOMESTIC_VIOLENCE, SUICIDE, Hotline, Hotlines
from bot.content.texting import word_and_number

LINES_SHOWN = 3
WEEKDAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su", "PH")

# How a message is shown; all others are plain text.
KINDS = {
    "danger": "emergency",
    "danger_again": "emergency",
    "service_down": "emergency",
    "numbers": "services",
    "services": "services",
    "plan": "plan",
    "plan_difference": "plan",
    "plan_section": "plan",
}

# Messages that speak to a child name a child line, those about suicide a crisis line.
LINE_FOR = {"minor": CHILD}


@dataclass(frozen=True)
class Wording:
    """The words for one conversation: its language and, if it is known, its place."""

    content: Content
    hotlines: Hotlines
    language: str
    country: str = ""
    region: str = ""
    idle_minutes: int = 30
    channel: Channel = WEB
    today: date = field(default_factory=date.today)

    @property
    def words(self) -> Language:
        """All words of the language."""
        return self.content.language(self.language)

    def text(self, message: str, **values: object) -> str:
        """The words of a message; raises KeyError when there is no such message."""
        words = self.words.message(message, self.channel.name)
        return words.format(**{**self.numbers(message), **values})

    def numbers(self, message: str) -> dict[str, object]:
        """What the placeholders of a message stand for."""
        messages = self.words.messages
        return {
            "emergency": self.emergency,
            "hotline": self.line(LINE_FOR.get(message, DOMESTIC_VIOLENCE))
            or messages["hotline_everywhere"].strip(),
            "crisis_line": self.crisis_line or messages["crisis_line_everywhere"].strip(),
            "silent_tip": messages.get(f"silent_tip_{self.country}", "").strip(),
            "what_stays_on_device": self.trace,
            "who_knows_you": self.words.promises["channels"][self.channel.name].strip(),
            "idle_minutes": self.idle_minutes,
        }

    @property
    def trace(self) -> str:
        """What stays with the visitor on this channel, without its last full stop."""
        return self.words.message(self.channel.trace, self.channel.name).rstrip(".")

    @property
    def emergency(self) -> str:
        """The emergency number of the place; the usual ones where the place is not known."""
        everywhere = self.words.messages["emergency_everywhere"].strip()
        return self.hotlines.emergency(self.country) or everywhere

    def line(self, kind: str) -> str | None:
        """Name and number of the first confirmed line of a kind; None where there is none."""
        line = self.hotlines.first(self.country, kind, self.region)
        return named(line) if line else None

    @property
    def crisis_line(self) -> str | None:
        """The crisis line of the place, if one is known that answers at any hour."""
        return next((named(line) for line in self.crisis() if line.always_open), None)

    def danger(self) -> str:
        """The emergency text, with the silent way to call where the place has one."""
        silent = f"silent_tip_{self.country}" in self.words.messages
        return self.text("danger_silent" if silent else "danger")

    def place_name(self, label: str) -> str:
        """The name of a place; a country's in this language."""
        return str(Locale(self.language).territories.get(label, label))

    def numbers_to_call(self, label: str) -> str:
        """The emergency number and hotlines of the place, a line each."""
        if not self.country:
            return self.text("numbers_everywhere")
        lines = self.hotlines.lines(self.country, DOMESTIC_VIOLENCE, self.region)
        shown = [*lines[:LINES_SHOWN], *self.crisis()]
        # Where the place was not told, the country of this Foothold is meant.
        label = label or self.country
        head = self.text("numbers_intro", place=self.place_name(label))
        if not lines:
            head = self.text("numbers_none", place=self.place_name(label))
        listed = [f"{self.words.words['line']['emergency']}: {self.emergency}", *self.unconfirmed()]
        return "\n".join([head, *listed, *map(self.line_words, shown)])

    def unconfirmed(self) -> tuple[str, ...]:
        """An emergency number of the place that was not confirmed, said to be checked first."""
        number = self.hotlines.emergency_to_check(self.country)
        words = self.words.words["line"]
        return (f"{words['emergency']}: {number} · {words['check_first']}",) if number else ()

    def crisis(self) -> tuple[Hotline, ...]:
        """The confirmed crisis line of the place, if there is one."""
        line = self.hotlines.first(self.country, SUICIDE, self.region)
        return (line,) if line else ()

    def line_words(self, line: Hotline) -> str:
        """A line to call in words: name, number, text line, hours, and whether to check it."""
        words = self.words.words["line"]
        parts = [f"{line.name}: {line.phone or self.texting(line.sms)}"]
        if line.phone and line.sms and line.sms != line.phone:
            parts.append(self.texting(line.sms))
        if line.hours:
            parts.append(words["always"] if line.always_open else self.hours(line.hours))
        if not line.is_sure(self.today):
            parts.append(words["check_first"])
        return " · ".join(parts)

    def texting(self, written: str) -> str:
        """How to text a number of our lists, with the word to send where it has to be one."""
        word, number = word_and_number(written)
        words = self.words.words["line"]
        return str(words["text_word" if word else "text"]).format(word=word, number=number)

    def hours(self, opening: str) -> str:
        """Opening hours (OSM syntax) with the days in words."""
        days = self.words.words["line"]["days"]
        for short, name in zip(WEEKDAYS, days, strict=True):
            opening = opening.replace(short, name)
        return opening

    def buttons(self, options: Iterable[str]) -> list[tuple[str, str]]:
        """Titles and ids of the options of a question, then of the controls."""
        return [(self.title(option), option) for option in (*options, *CONTROLS)]

    def title(self, option: str) -> str:
        """The title of a button; for `kind:<id>` that of a plan part, a question, or as it says.

        What a place or a service is called stands after a tilde.
        """
        kind, _, name = option.partition(":")
        if kind in ("section", "part") and name:
            return self.words.plan_sections[name]["title"]
        if kind in ("place", "keep") and name:
            return name.partition("~")[2]
        if kind == "add" and name:
            return str(self.words.planning["own"][name])
        if kind in ("change", "so") and name:
            return self.danger_question(name)
        return self.words.buttons[option]

    def danger_question(self, name: str) -> str:
        """The short name of a danger question, or of what a list about the plan asks for."""
        danger, planning = self.words.danger, self.words.planning
        if name in danger["asked"]:
            return str(danger["asked"][name])
        if name in danger["signs"]:
            return str(danger["signs"][name]["name"])
        if name in planning["facts"]:
            return str(planning["facts"][name]["button"])
        return str(planning["priorities"].get(name) or planning["events"][name])

    def item_part(self, item: str, part: str) -> str:
        """The `text`, `why` or `caution` of an item of the plan; empty where there is none."""
        return self._of_the_plan(item, self.words.plan_items[item].get(part, ""))

    def section_part(self, section: str, part: str) -> str:
        """The `title`, `about` or `caution` of a part of the plan; empty where there is none."""
        return self._of_the_plan(section, self.words.plan_sections[section].get(part, ""))

    def _of_the_plan(self, name: str, words: str) -> str:
        """Words of the plan with the numbers filled in."""
        words = words.strip()
        # Most steps name no number, and looking them all up takes most of a plan's time.
        return words.format(**self.numbers(name)) if "{" in words else words


def named(line: Hotline) -> str:
    """Name and number of a line."""
    return f"{line.name}, {line.phone or line.sms}"


def moment_in_words(moment: int, language: str) -> str:
    """A moment (Unix time) in words, in UTC: where a visitor is, nobody knows."""
    when = datetime.fromtimestamp(moment, UTC)
    return str(format_datetime(when, "d MMMM y, HH:mm 'UTC'", locale=language))
