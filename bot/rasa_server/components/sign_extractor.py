"""Rasa's thin skin around sign reading: what a message says about danger, as entities."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import ENTITIES, INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from ruamel.yaml import YAML

from bot.rasa_server.components.phrasebook import load_phrasebooks
from bot.rasa_server.components.sentence_encoder import reading_of
from bot.rasa_server.components.sign_hearing import together
from bot.rasa_server.components.sign_reading import SignReader
from bot.rasa_server.components.turn_context import is_command, only_corrects

PHRASES = Path(__file__).parent / "phrases"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class SignExtractor(GraphComponent, EntityExtractorMixin):
    """Adds `sign` entities, with their status as role, and `now` entities."""

    def __init__(self, reader: SignReader) -> None:
        self.reader = reader

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> SignExtractor:
        """Makes the extractor from the phrase files beside this module."""
        return cls(SignReader(load_phrasebooks(PHRASES, YAML(typ="safe", pure=True).load)))

    def process(self, messages: list[Message]) -> list[Message]:
        """Adds to each message the signs that it mentions."""
        for message in messages:
            text = message.get(TEXT) or ""
            if not is_command(text):
                mentions = self.reader.read(text)
                if not only_corrects(text, message.get(INTENT)):
                    reading = reading_of(message)
                    mentions = together(mentions, reading.signs, reading.signals)
                entities = self.add_extractor_name([each.as_entity() for each in mentions])
                message.set(ENTITIES, message.get(ENTITIES, []) + entities, add_to_output=True)
        return messages
