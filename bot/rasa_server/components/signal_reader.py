"""Rasa's thin skin around the signals: what a message tells, beside what it is for."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.rasa_server.components.reading import reader
from bot.rasa_server.components.sentence_encoder import reading_of
from bot.rasa_server.components.turn_context import is_command, only_corrects

SIGNALS = "signals"
"""Where a message carries its signals, and how sure each is."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class SignalReader(GraphComponent, EntityExtractorMixin):
    """Adds to each message the signals that it gives."""

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> SignalReader:
        """Makes a reader; the network is the same for all components."""
        return cls()

    def process(self, messages: list[Message]) -> list[Message]:
        """Adds the signals of each message that has a meaning."""
        thresholds = reader().thresholds
        for message in messages:
            text = message.get(TEXT) or ""
            if not is_command(text):
                sure = (
                    {} if only_corrects(text, message.get(INTENT)) else reading_of(message).signals
                )
                found = {name: each for name, each in sure.items() if each >= thresholds[name]}
                message.set(SIGNALS, found, add_to_output=True)
        return messages
