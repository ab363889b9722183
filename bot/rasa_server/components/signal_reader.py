"""Rasa's thin skin around the signal model: what a message tells, beside what it is for."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.rasa_server.components.sentence_encoder import SentenceEncoder
from bot.rasa_server.components.signal_examples import examples_in
from bot.rasa_server.components.signal_model import SignalModel, learn
from bot.rasa_server.components.turn_context import is_command

EXAMPLES = Path(__file__).parents[3] / "data" / "signals"
MODEL_FILE = "signals.npz"
SIGNALS = "signals"
"""Where a message carries its signals, and how sure each is."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=True)
class SignalReader(GraphComponent, EntityExtractorMixin):
    """Adds to each message the signals that it gives; the sentence encoder goes before it."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`weight`: how much a sentence's meaning counts beside its words."""
        return {"weight": 6.0}

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        model: SignalModel | None = None,
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
    ) -> SignalReader:
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
    ) -> SignalReader:
        """Makes a reader that has learned what was stored."""
        with model_storage.read_from(resource) as folder:
            return cls(config, model_storage, resource, SignalModel.load(folder / MODEL_FILE))

    def train(self, training_data: TrainingData) -> Resource:
        """Learns from the examples of data/signals; Rasa's own examples have no signals."""
        examples = examples_in(EXAMPLES)
        encoder = SentenceEncoder("signals", self._config)
        texts = [each.text for each in examples]
        self.model = learn(examples, encoder.encoded(texts))
        with self._model_storage.write_to(self._resource) as folder:
            self.model.save(folder / MODEL_FILE)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Adds the signals of each message that has a meaning."""
        for message in messages:
            text = message.get(TEXT) or ""
            _, meaning = message.get_dense_features(TEXT)
            if self.model and meaning and not is_command(text):
                scores = self.model.read(text, np.asarray(meaning.features))
                present = self.model.present(scores)
                found = {name: scores[name] for name in present}
                message.set(SIGNALS, found, add_to_output=True)
        return messages
