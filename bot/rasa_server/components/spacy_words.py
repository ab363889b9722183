"""Rasa's tokens from spaCy's rules for all languages: no model, nothing to download."""

from __future__ import annotations

import re
from typing import Any

import spacy
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.nlu.tokenizers.tokenizer import Token, Tokenizer
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from spacy.language import Language

from bot.rasa_server.components.wording import plain

# Half of a broken emoji: cannot be encoded, so spaCy cannot keep it. Same length, same offsets.
LONE_SURROGATE = re.compile("[\ud800-\udfff]")
UNREADABLE = "\ufffd"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_TOKENIZER, is_trainable=False)
class SpacyWords(Tokenizer):
    """Splits texts into words; each keeps its plain spelling as its lemma."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """What Rasa's tokenizers expect to find."""
        return {"intent_tokenization_flag": False, "intent_split_symbol": "_"}

    def __init__(self, config: dict[str, Any]) -> None:
        super().__init__(config)
        self.language: Language = spacy.blank("xx")

    def process(self, messages: list[Message]) -> list[Message]:
        """Tokenizes messages; one that came without a text is taken as empty."""
        for message in messages:
            if message.get(TEXT) is None:
                message.set(TEXT, "")
        return super().process(messages)

    def tokenize(self, message: Message, attribute: str) -> list[Token]:
        """The words of one attribute of a message; never none, since the featurizers need one."""
        text = LONE_SURROGATE.sub(UNREADABLE, message.get(attribute) or "")
        doc = self.language.make_doc(text)
        words = [word for word in doc if not word.is_space]
        tokens = [Token(word.text, word.idx, lemma=plain(word.text) or word.text) for word in words]
        return tokens or [Token(text or UNREADABLE, 0)]
