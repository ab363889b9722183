"""Rasa's thin skin around language reading: learns from the training data, adds an entity."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import ENTITIES, INTENT, METADATA, METADATA_INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from ruamel.yaml import YAML

from bot.rasa_server.components.language_reading import (
    NOTHING_LEARNED,
    Example,
    LanguageModel,
    learn,
)
from bot.rasa_server.components.phrasebook import load_words
from bot.rasa_server.components.turn_context import is_command

PHRASES = Path(__file__).parent / "phrases"
MODEL_FILE = "languages.json"
GUESS = "language_guess"
"""Where a message carries its likelier language, also when nothing depends on it."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=True)
class LanguageReader(GraphComponent, EntityExtractorMixin):
    """Adds a `language` entity when a message shows clearly which language it is in."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Names of places and mashed keys belong to no language: they are not learned from."""
        return {"not_learned_from": ["give_place", "gibberish"]}

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        model: LanguageModel = NOTHING_LEARNED,
    ) -> None:
        self._config = config
        self._model_storage = model_storage
        self._resource = resource
        self.model = model

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> LanguageReader:
        """Makes a reader that has learned nothing yet."""
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> LanguageReader:
        """Makes a reader that has learned what was stored."""
        with model_storage.read_from(resource) as folder:
            model = LanguageModel.from_json((folder / MODEL_FILE).read_text(encoding="utf-8"))
        return cls(config, model_storage, resource, model)

    def train(self, training_data: TrainingData) -> Resource:
        """Learns from the examples whose intent says in its metadata which language it is in."""
        shared = load_words(PHRASES, YAML(typ="safe", pure=True).load, "in_every_language")
        self.model = learn(self._examples(training_data), shared)
        with self._model_storage.write_to(self._resource) as folder:
            (folder / MODEL_FILE).write_text(self.model.to_json(), encoding="utf-8")
        return self._resource

    def _examples(self, training_data: TrainingData) -> list[Example]:
        examples = (_example(message) for message in training_data.intent_examples)
        skipped = self._config["not_learned_from"]
        return [example for intent, example in examples if example and intent not in skipped]

    def process(self, messages: list[Message]) -> list[Message]:
        """Adds the language of each message that shows it."""
        for message in messages:
            text = message.get(TEXT) or ""
            if is_command(text):
                continue
            guess, reading = self.model.guess(text), self.model.read(text)
            message.set(GUESS, guess.language if guess else None, add_to_output=True)
            if reading:
                entity = {
                    "entity": "language",
                    "value": reading.language,
                    "confidence": reading.confidence,
                    "start": 0,
                    "end": len(text),
                }
                found = self.add_extractor_name([entity])
                message.set(ENTITIES, message.get(ENTITIES, []) + found, add_to_output=True)
        return messages


def _example(message: Message) -> tuple[str, Example | None]:
    metadata = (message.get(METADATA) or {}).get(METADATA_INTENT) or {}
    language = metadata.get("language") if isinstance(metadata, dict) else None
    text = message.get(TEXT)
    known = Example(text, language) if text and language else None
    return message.get(INTENT) or "", known
