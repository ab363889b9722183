"""What a person on Telegram reads, told by the ids of its words: tests ask for ids, not wording."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from phonenumbers import Leniency, PhoneNumberFormat, PhoneNumberMatcher, format_number

from bot.content import Content, Language, load
from bot.content.wording import KINDS

PLACEHOLDER = re.compile(r"\\\{(\w+)\\\}")
# What is put together from several texts, by the text that it begins with.
BEGINS = {
    "danger_silent": "danger",
    "numbers_intro": "numbers",
    "numbers_none": "numbers",
    "numbers_everywhere": "numbers",
    "plan_title": "plan",
    "plan_empty": "plan",
    "services_intro": "services",
    "services_given_up": "services",
}
# What is a part of another reply where it stands right after it.
WITHIN = {"plan": ("plan_section",)}
GOES_ON = {"numbers", "services", "plan_section"}
MOST_PARAGRAPHS = 4


@dataclass(frozen=True)
class Template:
    """The words of an id, as a pattern; `weight` is how many letters of it are fixed."""

    id: str
    pattern: re.Pattern[str]
    weight: int


def replies_in(texts: list[str], language: str, titles: list[str]) -> list[dict[str, Any]]:
    """The replies that messages of the bot hold, as the web API would give them."""
    # The first paragraph of each is the cover's.
    paragraphs = [each for text in texts for each in text.split("\n\n")[1:]]
    told: list[dict[str, Any]] = []
    at = 0
    while at < len(paragraphs):
        found, length = recognised(paragraphs[at:], language, after=told[-1] if told else {})
        words = as_at_home("\n\n".join(paragraphs[at : at + length]))
        if found:
            told.append({"message": found, "text": words, "buttons": []})
        elif told:
            told[-1]["text"] += f"\n\n{words}"
        at += length
    for reply in told:
        reply["kind"] = KINDS.get(reply["message"], "text")
    if titles and told:
        told[-1] |= {"buttons": [{"title": each} for each in titles], "kind": "question"}
    return told


class SameWords(str):
    """An id whose words other ids have too: a reader can't tell them apart, so it equals each."""

    ids: frozenset[str] = frozenset()

    @staticmethod
    def of(ids: Iterable[str]) -> "SameWords":
        """The first of them, equal to all."""
        known = sorted(ids)
        made = SameWords(known[0])
        made.ids = frozenset(known)
        return made

    def __eq__(self, other: object) -> bool:
        return other in self.ids

    def __hash__(self) -> int:
        return super().__hash__()


def recognised(paragraphs: list[str], language: str, after: Mapping[str, Any]) -> tuple[str, int]:
    """The id of the words at the beginning, and how many paragraphs they take."""
    found: dict[int, tuple[int, set[str]]] = {0: (1, set())}
    for length in range(1, min(len(paragraphs), MOST_PARAGRAPHS) + 1):
        words = "\n\n".join(paragraphs[:length])
        for template in templates(language):
            if template.id in WITHIN.get(after.get("message", ""), ()):
                continue
            if template.weight >= max(1, *found) and template.pattern.fullmatch(words):
                found.setdefault(template.weight, (length, set()))[1].add(template.id)
    length, ids = found[max(found)]
    return SameWords.of(ids) if ids else "", length


def as_at_home(text: str) -> str:
    """A text with its numbers as they are dialled at home: here they have the country's code."""
    for found in reversed(list(PhoneNumberMatcher(text, None, leniency=Leniency.VALID))):
        number = format_number(found.number, PhoneNumberFormat.NATIONAL)
        text = f"{text[: found.start]}{number}{text[found.end :]}"
    return text


@cache
def templates(language: str) -> tuple[Template, ...]:
    """The words of every id in a language."""
    return tuple(all_templates(load(), load().language(language)))


def all_templates(content: Content, words: Language) -> Iterator[Template]:
    """Messages, questions, reasons, and the parts of the plan."""
    for name in {*words.messages, *words.telegram["messages"]}:
        yield template(BEGINS.get(name, name), words.message(name, "telegram"))
    yield template("who_knows_you", words.promises["channels"]["telegram"])
    for name, question in words.questions.items():
        for part in ("ask", "confirm", "rest"):
            if question.get(part):
                yield template(name, question[part], goes_on=True)
        yield template("why", question["why"])
    yield template("plan_difference", words.planning["difference"]["title"], goes_on=True)
    for section in words.plan_sections.values():
        yield template("plan_section", section["title"], goes_on=True)


def template(name: str, words: str, *, goes_on: bool = False) -> Template:
    """A pattern from the words of an id."""
    fixed = re.escape(words.strip())
    pattern = PLACEHOLDER.sub(lambda _: r"[^\n]+?(?:\n[^\n]+?)*?", fixed)
    if goes_on or name in GOES_ON:
        pattern += r"(?:\n[^\n]+)*"
    return Template(name, re.compile(pattern), len(PLACEHOLDER.sub("", fixed)))
