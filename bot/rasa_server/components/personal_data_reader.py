"""Rasa's thin skin around personal data: each piece as an entity, and the text with them masked."""

from __future__ import annotations

import json
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import ENTITIES, INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.rasa_server.components.known_names import everyday_words, first_names, personal_words
from bot.rasa_server.components.personal_data import PersonalData
from bot.rasa_server.components.personal_reading import masked, together
from bot.rasa_server.components.reading_parts import KINDS
from bot.rasa_server.components.sentence_encoder import reading_of
from bot.rasa_server.components.signal_examples import EXAMPLES, examples_in
from bot.rasa_server.components.turn_context import is_command

MODEL_FILE = "names.json"
PERSONAL = "personal"
"""The entity of a piece of personal data; its role is the kind."""
MASKED = "masked"
"""Where a message carries its text without them."""


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
                pieces = together(text, self.reader.find(text), reading_of(message).pieces, KINDS)
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
                message.set(MASKED, masked(text, pieces), add_to_output=True)
        return messages
