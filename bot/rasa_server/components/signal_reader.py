"""Rasa's thin skin around the signal model: what a message tells, beside what it is for."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from ruamel.yaml import YAML

from bot.rasa_server.components.phrasebook import load_phrasebooks
from bot.rasa_server.components.sign_reading import SignReader
from bot.rasa_server.components.signal_examples import (
    EXAMPLES,
    FROM_INTENTS,
    SignalExample,
    examples_in,
)
from bot.rasa_server.components.signal_model import SignalModel, learn
from bot.rasa_server.components.turn_context import is_command

PHRASES = Path(__file__).parent / "phrases"
SIGNALS = "signals"
"""Where a message carries its signals, and how sure each is."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=True)
class SignalReader(GraphComponent, EntityExtractorMixin):
    """Adds to each message the signals that it gives."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`of_intents`: how many examples of intents are learned from too."""
        return {"of_intents": 1500}

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
            return cls(config, model_storage, resource, SignalModel.load(folder, phrases()))

    def train(self, training_data: TrainingData) -> Resource:
        """Learns from data/signals, and from the intents that have one signal or none."""
        examples = [*examples_in(EXAMPLES), *self._of_intents(training_data)]
        self.model = learn(examples, phrases())
        with self._model_storage.write_to(self._resource) as folder:
            self.model.save(folder)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Adds the signals of each message that has a meaning."""
        for message in messages:
            text = message.get(TEXT) or ""
            if self.model and not is_command(text):
                scores = self.model.read(text)
                found = {name: scores[name] for name in self.model.present(scores)}
                message.set(SIGNALS, found, add_to_output=True)
        return messages

    def _of_intents(self, training_data: TrainingData) -> list[SignalExample]:
        """Examples of intents, spread evenly over all of them."""
        known = [
            SignalExample(each.get(TEXT), FROM_INTENTS[each.get(INTENT)], "", "intents")
            for each in training_data.intent_examples
            if each.get(TEXT) and each.get(INTENT) in FROM_INTENTS
        ]
        step = max(1, len(known) // int(self._config["of_intents"]))
        return known[::step]


def phrases() -> SignReader:
    """The reader of the reviewed phrases."""
    return SignReader(load_phrasebooks(PHRASES, YAML(typ="safe", pure=True).load))
