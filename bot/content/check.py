"""Whether the words are complete: the same in every language, each where it is needed.

What is wrong is said in sentences for the person who edits words.
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from bot.content import CONTROLS, FOLDER, Content, Language, read
from bot.safety.course import Outline
from bot.safety.danger import Sign
from bot.safety.plan import ITEM_OPTIONS, NO_MORE, NOTHING_TO_ADD, SECTION_OPTIONS
from bot.safety.questions import Question

# Put together from what is known, by bot/content/wording.py and bot/actions/speaking.py.
COMPOSED = frozenset({"numbers", "explanation", "plan"})
PLAN_QUESTIONS = ("plan_section", "plan_item", "plan_own", "more_sections")
PLACEHOLDER = re.compile(r"\{(\w+)\}")


def problems(content: Content, folder: Path = FOLDER) -> list[str]:
    """All that is wrong with the words, a sentence each; empty when nothing is."""
    return [
        *same_in_every_language(content),
        *(problem for code in content.languages for problem in missing(content, code)),
        *(problem for code in content.languages for problem in never_said(content, code, folder)),
    ]


def texts(words: Language) -> dict[str, str]:
    """Every text of a language, by where it stands."""
    return {
        **{f"messages.yml, {key}": text for key, text in words.messages.items()},
        **{f"buttons.yml, {key}": text for key, text in words.buttons.items()},
        **{f"page.yml, {key}": text for key, text in words.page.items()},
        **nested("questions.yml", words.questions),
        **nested("plan.yml, sections", words.plan_sections),
        **{f"plan.yml, {key}": text for key, text in words.plan_items.items()},
    }


def nested(place: str, entries: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    """The texts of entries that have several each."""
    return {
        f"{place}, {key}, {name}": text
        for key, entry in entries.items()
        for name, text in entry.items()
    }


def same_in_every_language(content: Content) -> Iterator[str]:
    """Texts or placeholders that one language has and another lacks."""
    (first, words), *others = content.languages.items()
    reference = texts(words)
    for code, language in others:
        other = texts(language)
        for place in sorted(reference.keys() ^ other.keys()):
            lacking = code if place in reference else first
            yield f"{lacking}/{place} is missing. Please add it."
        for place in sorted(reference.keys() & other.keys()):
            if set(PLACEHOLDER.findall(reference[place])) != set(PLACEHOLDER.findall(other[place])):
                yield f"{code}/{place} does not use the same {{placeholders}} as {first}."


def missing(content: Content, code: str) -> Iterator[str]:
    """Words that a question, an answer or the plan needs and that are not there."""
    words, outline = content.language(code), content.outline
    for question in every_question(outline):
        yield from missing_for(question, code, words)
    for control in CONTROLS:
        if control not in words.buttons:
            yield f"{code}/buttons.yml needs a title for “{control}”."
    for messages in content.asides.values():
        yield from (no_message(code, each) for each in messages if unknown(each, words))
    yield from missing_plan(outline, code, words)


def missing_plan(outline: Outline, code: str, words: Language) -> Iterator[str]:
    """Parts and items of the plan that have no words."""
    for section in outline.sections:
        if section.id not in words.plan_sections:
            yield f"{code}/plan.yml needs the section “{section.id}”."
        for item in section.items:
            if item.id not in words.plan_items:
                yield f"{code}/plan.yml needs the item “{item.id}”."


def missing_for(question: Question, code: str, words: Language) -> Iterator[str]:
    """Words that one question needs and that are not there."""
    entry = words.questions.get(question.id, {})
    needed = ["ask", "why"]
    if question.id in {sign.value for sign in Sign}:
        needed += ["sign", "confirm"]
    for part in needed:
        if part not in entry:
            yield f"{code}/questions.yml, {question.id} needs “{part}”."
    for option in question.options:
        if option not in words.buttons:
            yield f"{code}/buttons.yml needs a title for “{option}”."
    for message in (*question.first, *(each for ids in question.says.values() for each in ids)):
        if unknown(message, words):
            yield no_message(code, message)


def every_question(outline: Outline) -> Iterator[Question]:
    """Every question that can be asked, those of the plan once."""
    yield from (*outline.before, *outline.after, *outline.interrupts.values())
    options = (*SECTION_OPTIONS, *ITEM_OPTIONS, NOTHING_TO_ADD, NO_MORE)
    yield from (Question(each, options=options) for each in PLAN_QUESTIONS)


def unknown(message: str, words: Language) -> bool:
    """Whether there are no words for a message."""
    return message not in words.messages and message not in COMPOSED


def no_message(code: str, message: str) -> str:
    """The sentence for a message that is missing."""
    return f"{code}/messages.yml needs “{message}”."


def never_said(content: Content, code: str, folder: Path) -> Iterator[str]:
    """Words that are never said to a visitor, as listed in <language>/never.yml."""
    for rule in read(folder / code / "never.yml"):
        pattern = re.compile(rule["words"], re.IGNORECASE)
        for place, text in texts(content.language(code)).items():
            found = pattern.search(text)
            if found and place not in rule.get("except", ()):
                yield f"{code}/{place} says “{found.group()}”. {rule['why']}"
