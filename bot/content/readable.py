"""Whether words are easy to read: at a sixth-grade level in English and its equivalent in Spanish.

English: Flesch-Kincaid grade, at most 6. Spanish: Fernández Huerta's scale, at least 70, which its
author gives for the sixth grade (Fernández Huerta 1959). Both by textstat. A formula sees the
length of words and sentences only; whether a text is understood, people have to tell.
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import textstat

from bot.content import FOLDER, Content, Language, read

HARDEST = {"en": 6.0, "es": 70.0}
FEWEST_WORDS = 8  # fewer say too little for a formula

# What the placeholders stand for is no prose of ours: names and numbers.
STANDS_FOR = {"emergency": "911", "hotline": "the line", "crisis_line": "the line"}
PLACEHOLDER = re.compile(r"\{(\w+)\}")
WORD = re.compile(r"\w+")


def grade(text: str, language: str) -> float:
    """How hard a text is: a school grade in English, a score of ease in Spanish."""
    textstat.set_lang(language)
    score = textstat.fernandez_huerta if language == "es" else textstat.flesch_kincaid_grade
    return float(score(without_placeholders(text)))


def is_hard(text: str, language: str) -> bool:
    """Whether a text is harder than a sixth-grader reads with ease."""
    if language not in HARDEST or len(WORD.findall(text)) < FEWEST_WORDS:
        return False
    found = grade(text, language)
    return found < HARDEST[language] if language == "es" else found > HARDEST[language]


def hard_texts(content: Content, folder: Path = FOLDER) -> Iterator[str]:
    """A sentence for every text to a visitor that is too hard; not for those of hard_words.yml."""
    kept = {place for each in read(folder / "hard_words.yml") for place in each["texts"]}
    for code, words in content.languages.items():
        for place, text in read_by_visitors(words).items():
            if place not in kept and is_hard(text, code):
                yield (
                    f"{code}/{place} is hard to read ({said(text, code)}). "
                    "Shorter sentences and shorter words help."
                )


def said(text: str, language: str) -> str:
    """How hard a text is, in words."""
    found = grade(text, language)
    if language == "es":
        return f"ease {found:.0f}, and it should be {HARDEST[language]:.0f} or more"
    return f"grade {found:.1f}, and it should be {HARDEST[language]:.0f} or less"


def read_by_visitors(words: Language) -> Mapping[str, str]:
    """The texts that are read as a whole, by where they stand."""
    return {
        **{f"messages.yml, {name}": text for name, text in words.messages.items()},
        **{f"questions.yml, {name}, ask": each["ask"] for name, each in words.questions.items()},
        **{f"questions.yml, {name}, why": each["why"] for name, each in words.questions.items()},
        **{f"plan.yml, {name}": as_read(each) for name, each in words.plan_items.items()},
        **{
            f"plan.yml, sections, {name}": " ".join([each["about"], each.get("caution", "")])
            for name, each in words.plan_sections.items()
        },
        **{
            f"planning.yml, {part}, {name}": text
            for part in ("conflicts", "surprises")
            for name, text in words.planning[part].items()
        },
        **{
            f"telegram.yml, {part}, {name}": text
            for part in ("messages", "said")
            for name, text in words.telegram[part].items()
        },
    }


def as_read(item: Mapping[str, str]) -> str:
    """An item of the plan as it is read: its caution, itself, and why."""
    return " ".join(item[part].strip() for part in ("caution", "text", "why") if part in item)


def without_placeholders(text: str) -> str:
    """A text with something short in place of what is filled in."""
    return PLACEHOLDER.sub(lambda found: STANDS_FOR.get(found[1], "it"), text)
