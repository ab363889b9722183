"""Rasa's thin skin around the network: reads each message once, for all components after it."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.featurizers.dense_featurizer.dense_featurizer import DenseFeaturizer
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.rasa_server.components.reading import Reading, reader

READING = "reading"
"""Where a message carries what the network made of it, for the components; it goes no further."""


def reading_of(message: Message) -> Reading:
    """What the network makes of a message; it reads each only once."""
    found = message.get(READING)
    return found if isinstance(found, Reading) else reader().read(message.get(TEXT) or "")


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class SentenceEncoder(DenseFeaturizer, GraphComponent):
    """Gives each text 384 numbers; texts that mean alike get numbers that are alike."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`weight`: how much a sentence's meaning counts beside its words."""
        return {**DenseFeaturizer.get_default_config(), "weight": 1.0}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> SentenceEncoder:
        """Makes the encoder from the files beside this module."""
        return cls(execution_context.node_name, config)

    @classmethod
    def validate_config(cls, config: dict[str, Any]) -> None:
        """Nothing that is set can be wrong in a way that the weight doesn't show."""

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Encodes all examples."""
        worded = [each for each in training_data.training_examples if each.get(TEXT) is not None]
        meanings = reader().meanings([each.get(TEXT) for each in worded])
        for message, meaning in zip(worded, meanings, strict=True):
            self._add(message, meaning)
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Reads each message that has a text."""
        for message in messages:
            if message.get(TEXT) is not None:
                reading = reading_of(message)
                message.set(READING, reading)
                self._add(message, reading.meaning)
        return messages

    def _add(self, message: Message, meaning: Any) -> None:
        numbers = meaning[None, :] * self._config["weight"]
        message.add_features(Features(numbers, FEATURE_TYPE_SENTENCE, TEXT, self._identifier))
