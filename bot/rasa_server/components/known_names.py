"""The names and words by which people are known in a text, gathered when a model is trained."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from ruamel.yaml import YAML

from bot.rasa_server.components.personal_data import PersonalWords
from bot.rasa_server.components.wording import plain

WORDS = Path(__file__).parent / "personal"
SMALL_WORD = re.compile(r"\b[^\W\d_A-ZÁÉÍÓÚÑ]+\b")
LETTERS = re.compile(r"[^\W\d_]+")
SHORTEST_NAME = 3
LAST_LATIN_LETTER = "\u024f"
SEEN_AS_A_WORD = 2
"""So often written small, somewhere in our examples, that a name is rather an everyday word."""


def personal_words() -> list[PersonalWords]:
    """The words of all languages by which personal data is known."""
    load = YAML(typ="safe", pure=True).load
    files = sorted(WORDS.glob("*.yml"))
    return [PersonalWords.of(load(file.read_text(encoding="utf-8"))) for file in files]


def first_names() -> set[str]:
    """The first names of all countries that Faker knows, in plain letters."""
    # Only learning needs Faker; reading does without it.
    import faker.providers.person as people

    return {
        name
        for module in pkgutil.iter_modules(people.__path__, f"{people.__name__}.")
        if module.ispkg
        for listed in names_of(importlib.import_module(module.name).Provider)
        for written in LETTERS.findall(listed)
        if len(name := plain(written)) >= SHORTEST_NAME and max(name) <= LAST_LATIN_LETTER
    }


def names_of(provider: type) -> Iterator[str]:
    """The names of one country."""
    for key in dir(provider):
        listed = getattr(provider, key)
        if "first_name" in key and "format" not in key and isinstance(listed, (tuple, list, dict)):
            yield from (each for each in listed if isinstance(each, str))


def everyday_words(texts: Iterable[str]) -> set[str]:
    """The words that people write small, as they never mean a name by them."""
    seen = Counter(plain(word) for text in texts for word in SMALL_WORD.findall(text))
    return {word for word, times in seen.items() if times >= SEEN_AS_A_WORD}
