"""The phrases of one language, as an advocate wrote them, made ready to be looked for."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.rasa_server.components.phrase_pattern import compiled, vocabulary
from bot.rasa_server.components.wording import Spelling

Load = Callable[[str], Any]
Phrases = list[str]

# What can be said around a sign that changes what the sign means; see phrases/en.yml.
CUES = (
    "negation",
    "not_a_cue",
    "negation_across",
    "negation_ends",
    "negation_after",
    "subject",
    "negation_list",
    "might",
    "threatens",
    "happens",
    "unsure",
    "another_partner",
    "no_longer",
    "someone_else",
    "someone_else_speaks",
    "for_someone_else",
    "visitor",
    "visitor_does",
    "not_now",
    "right_now",
    "turn",
    "story",
    "asking_about",
)


class IncompletePhrasebook(ValueError):
    """A phrase file that lacks a part, or has one that nobody reads."""


@dataclass(frozen=True)
class Phrasebook:
    """One language's phrases: for signs, for what is happening now, and for what changes them."""

    signs: Mapping[str, re.Pattern[str]]
    denials: Mapping[str, re.Pattern[str]]
    now: Mapping[str, re.Pattern[str]]
    cues: Mapping[str, re.Pattern[str]]
    idioms: re.Pattern[str]
    words: frozenset[str]
    misspelled: Mapping[str, list[str]]


def phrasebook(content: Mapping[str, Any]) -> Phrasebook:
    """The phrasebook that a phrase file describes."""
    _check(content)
    lists, stops = content["words"], content["gap_stops"]

    def ready(phrases: Iterable[str]) -> re.Pattern[str]:
        return compiled(phrases, lists, stops)

    return Phrasebook(
        signs={sign: ready(phrases) for sign, phrases in content["signs"].items()},
        denials={sign: ready(phrases) for sign, phrases in content["denials"].items()},
        now={flag: ready(phrases) for flag, phrases in content["now"].items()},
        cues={cue: ready(content["cues"][cue]) for cue in CUES},
        idioms=ready(content["idioms"]),
        words=frozenset(vocabulary(_every_phrase(content))),
        misspelled=content["misspelled"],
    )


def _check(content: Mapping[str, Any]) -> None:
    different = set(content["cues"]) ^ set(CUES)
    if different:
        raise IncompletePhrasebook(", ".join(sorted(different)))


def _every_phrase(content: Mapping[str, Any]) -> Iterable[str]:
    for part in ("words", "signs", "denials", "now", "cues"):
        for phrases in content[part].values():
            yield from phrases
    yield from content["idioms"]
    yield from content["gap_stops"]


def load_phrasebooks(folder: Path, load: Load) -> list[Phrasebook]:
    """The phrasebooks of every language that has a file in the folder."""
    files = sorted(folder.glob("*.yml"))
    return [phrasebook(load(file.read_text(encoding="utf-8"))) for file in files]


def common_spelling(books: Iterable[Phrasebook]) -> Spelling:
    """How words are spelled in all these languages together: people mix them."""
    books = list(books)
    known = frozenset().union(*(book.words for book in books))
    misspelled = {right: wrong for book in books for right, wrong in book.misspelled.items()}
    return Spelling.of(known | misspelled.keys(), misspelled)


def load_words(folder: Path, load: Load, part: str) -> frozenset[str]:
    """One word list of the phrase files, of all languages together."""
    files = sorted(folder.glob("*.yml"))
    return frozenset(
        str(word) for file in files for word in load(file.read_text(encoding="utf-8"))[part]
    )
