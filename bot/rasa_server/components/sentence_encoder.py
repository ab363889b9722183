"""Rasa's thin skin around the sentence encoder: what a sentence means, as 512 numbers.

One encoder for both languages, measured beside all-MiniLM-L6-v2 (docs/understanding.md). It runs on
the operator's own machine, in one thread, and asks nobody.
"""

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

from bot.rasa_server.components.meaning import meanings


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class SentenceEncoder(DenseFeaturizer, GraphComponent):
    """Gives each text 512 numbers; texts that mean alike get numbers that are alike."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`weight`: how much a sentence's meaning counts beside its words."""
        return {**DenseFeaturizer.get_default_config(), "weight": 6.0}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> SentenceEncoder:
        """Makes the encoder from the weights that its package brings."""
        return cls(execution_context.node_name, config)

    @classmethod
    def validate_config(cls, config: dict[str, Any]) -> None:
        """Nothing that is set can be wrong in a way that the weight doesn't show."""

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Encodes all examples."""
        self.process(training_data.training_examples)
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Encodes each message that has a text."""
        worded = [message for message in messages if message.get(TEXT) is not None]
        vectors = meanings([message.get(TEXT) for message in worded]) * self._config["weight"]
        for message, vector in zip(worded, vectors, strict=True):
            message.add_features(
                Features(vector[None, :], FEATURE_TYPE_SENTENCE, TEXT, self._identifier)
            )
        return messages
