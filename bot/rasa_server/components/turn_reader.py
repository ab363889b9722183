"""Rasa's thin skin around the turn context: the last word on the intent of a message."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import ENTITIES, INTENT, METADATA, TEXT
from rasa.shared.nlu.training_data.message import Message
from ruamel.yaml import YAML

from bot.rasa_server.components.phrasebook import load_words
from bot.rasa_server.components.turn_context import (
    NOT_SAFE,
    ONLY_WHEN_ASKING,
    Turn,
    TurnReader,
    is_command,
    urgent_flags,
)

PHRASES = Path(__file__).parent / "phrases"


def has_now_flag(message: Message) -> bool:
    """Whether the text itself was found to speak of danger right now."""
    return any(each.get("entity") == "now" for each in message.get(ENTITIES) or [])


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class TurnContext(GraphComponent, IntentClassifier):
    """Corrects the intent by what the door knows: urgent words, and what was asked."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Which intents give way to `tell` while an open question waits for a text."""
        return {"only_when_asking": list(ONLY_WHEN_ASKING)}

    def __init__(self, reader: TurnReader) -> None:
        self.reader = reader

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> TurnContext:
        """Makes the component from its configuration and the question words of each language."""
        words = load_words(PHRASES, YAML(typ="safe", pure=True).load, "question_words")
        return cls(TurnReader(words, config["only_when_asking"]))

    def process(self, messages: list[Message]) -> list[Message]:
        """Sets the intent of each message that came with metadata."""
        for message in messages:
            metadata = message.get(METADATA)
            if isinstance(metadata, dict) and not is_command(message.get(TEXT) or ""):
                self._read(message, metadata)
        return messages

    def _read(self, message: Message, metadata: dict[str, Any]) -> None:
        flags = urgent_flags(metadata)
        if flags or has_now_flag(message):
            self._mark_urgent(message, flags)
            return
        first = message.get(INTENT) or {}
        name, confidence = str(first.get("name") or ""), float(first.get("confidence") or 0.0)
        turn = Turn(message.get(TEXT) or "", name, confidence)
        intent = self.reader.intent(turn, metadata.get("expects"))
        if intent != name:
            message.set(INTENT, {"name": intent, "confidence": 1.0}, add_to_output=True)

    def _mark_urgent(self, message: Message, flags: list[str]) -> None:
        end = len(message.get(TEXT) or "")
        found = [
            {"entity": "now", "value": flag, "start": 0, "end": end, "extractor": "TurnContext"}
            for flag in flags
        ]
        message.set(INTENT, {"name": NOT_SAFE, "confidence": 1.0}, add_to_output=True)
        message.set(ENTITIES, message.get(ENTITIES, []) + found, add_to_output=True)
