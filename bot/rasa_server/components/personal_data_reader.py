"""Rasa's thin skin around personal data: each piece as an entity, and the text with them masked."""

from __future__ import annotations

import importlib
import json
import pkgutil
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import ENTITIES, INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from ruamel.yaml import YAML

from bot.rasa_server.components.personal_data import PersonalData, PersonalWords
from bot.rasa_server.components.signal_examples import EXAMPLES, examples_in
from bot.rasa_server.components.turn_context import is_command
from bot.rasa_server.components.wording import plain

WORDS = Path(__file__).parent / "personal"
MODEL_FILE = "names.json"
PERSONAL = "personal"
"""The entity of a piece of personal data; its role is the kind."""
MASKED = "masked"
"""Where a message carries its text without them."""

SMALL_WORD = re.compile(r"\b[^\W\d_A-ZÁÉÍÓÚÑ]+\b")
LETTERS = re.compile(r"[^\W\d_]+")
SHORTEST_NAME = 3
LAST_LATIN_LETTER = "\u024f"
SEEN_AS_A_WORD = 2
"""So often written small, somewhere in our examples, that a name is rather an everyday word."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=True)
class PersonalDataReader(GraphComponent, EntityExtractorMixin):
    """Adds `personal` entities, and the masked text."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Names of places are no everyday words, so their examples are not learned from."""
        return {"not_learned_from": ["give_place"]}

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        reader: PersonalData | None = None,
    ) -> None:
        self._config = config
        self._model_storage = model_storage
        self._resource = resource
        self.reader = reader

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> PersonalDataReader:
        """Makes a reader that knows no names yet."""
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> PersonalDataReader:
        """Makes a reader with the names that were stored."""
        with model_storage.read_from(resource) as folder:
            known = json.loads((folder / MODEL_FILE).read_text(encoding="utf-8"))
        return cls(config, model_storage, resource, PersonalData(personal_words(), **known))

    def train(self, training_data: TrainingData) -> Resource:
        """Gathers names, and which of them are everyday words in our examples."""
        skipped = self._config["not_learned_from"]
        ours = [
            each.get(TEXT) or ""
            for each in training_data.intent_examples
            if each.get(INTENT) not in skipped
        ]
        ours += [each.text for each in examples_in(EXAMPLES)]
        known = {
            "names": sorted(first_names()),
            "everyday": sorted(everyday_words(ours)),
        }
        self.reader = PersonalData(personal_words(), **known)
        with self._model_storage.write_to(self._resource) as folder:
            (folder / MODEL_FILE).write_text(json.dumps(known), encoding="utf-8")
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Adds to each message the personal data in it, and its text without them."""
        for message in messages:
            text = message.get(TEXT) or ""
            if self.reader and not is_command(text):
                pieces = self.reader.find(text)
                entities = self.add_extractor_name(
                    [
                        {
                            "entity": PERSONAL,
                            "role": piece.kind,
                            "value": piece.kind,
                            "start": piece.start,
                            "end": piece.end,
                        }
                        for piece in pieces
                    ]
                )
                message.set(ENTITIES, message.get(ENTITIES, []) + entities, add_to_output=True)
                message.set(MASKED, self.reader.masked(text), add_to_output=True)
        return messages


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
