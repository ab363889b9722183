"""What the door knows about a turn, and how it changes what the turn means.

The door has already looked for urgent words, and it knows which kind of answer the open
question waits for. Both arrive as the metadata of a message, which only our own door can send.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bot.rasa_server.components.wording import plain

NOT_SAFE = "not_safe"
TELL = "tell"
GIVE_PLACE = "give_place"
CORRECT = "correct"
FALLBACK = "nlu_fallback"
GIBBERISH = "gibberish"

# Always heard as what they are, whatever the open question waits for.
CONTROLS_AND_SAFETY = frozenset(
    {
        "pause", "go_on", "go_back", "why", "stop", "not_safe", "quick_exit", "skip", "repeat",
        "change_language", "own_suicide", "ask_history", "own_violence", "minor", "not_sure",
        CORRECT,
    }
)  # fmt: skip
# A story can contain the words of these; while a story is expected they count only when asked.
ONLY_WHEN_ASKING = (
    "ask_*", "want_*", "feel_*", "greet", "thanks", "goodbye", "out_of_scope", "insult",
    "find_service", "give_place", "helping_someone", "just_look", "choose", FALLBACK,
)  # fmt: skip
# Measured on examples kept out of training: at 0.8 more short questions are heard, and no more
# stories are taken for questions, than at 0.9.
SURE = 0.8
A_SHORT_TURN = 6
# "I told him no and I meant it" can be part of a story. Measured on examples kept out of training:
# nine of ten corrections are no longer than this, and every story taken for one was longer.
A_SHORT_CORRECTION = 8
QUESTION_MARKS = frozenset("?¿")


def only_corrects(text: str, intent: Mapping[str, Any] | None) -> bool:
    """Whether a short message surely corrects an answer: "I meant no" tells nothing of its own.

    The phrases still find the sign that it names; the network has only learned of stories.
    """
    told = intent or {}
    sure = told.get("name") == CORRECT and (told.get("confidence") or 0.0) >= SURE
    return bool(sure) and len(text.split()) <= A_SHORT_CORRECTION


def is_command(text: str) -> bool:
    """Whether Rasa takes the text as an intent named outright, as the door sends for a button."""
    return text.lstrip().startswith("/")


@dataclass(frozen=True)
class Turn:
    """A text with the intent it was first given."""

    text: str
    intent: str
    confidence: float

    @property
    def is_short(self) -> bool:
        return len(self.text.split()) <= A_SHORT_TURN


class TurnReader:
    """Decides the intent of a turn once the door's knowledge is added."""

    def __init__(
        self, question_words: Collection[str], only_when_asking: Sequence[str] = ONLY_WHEN_ASKING
    ) -> None:
        self.question_words = frozenset(plain(word) for word in question_words)
        self.only_when_asking = only_when_asking

    def intent(self, turn: Turn, expects: object) -> str:
        """The intent to act on, given what the open question waits for."""
        if turn.intent == GIBBERISH:  # known to mean nothing is as little understood as the rest
            turn = replace(turn, intent=FALLBACK)
        if turn.intent == CORRECT and expects in ("text", "words"):
            return turn.intent if self._is_only_a_correction(turn) else TELL
        if turn.intent in CONTROLS_AND_SAFETY:
            return turn.intent
        if expects == "text":
            return TELL if self._is_only_telling(turn) else turn.intent
        if expects == "words":  # for the visitor's own plan: "call the police" is no question here
            return TELL if self._is_no_question(turn) else turn.intent
        if expects == "place":
            return turn.intent if self._clearly_meant(turn) else GIVE_PLACE
        return turn.intent

    def _is_only_a_correction(self, turn: Turn) -> bool:
        return len(turn.text.split()) <= A_SHORT_CORRECTION or self.asks(turn.text)

    def _is_only_telling(self, turn: Turn) -> bool:
        return self._counts_only_when_asking(turn.intent) and not self._clearly_meant(turn)

    def _is_no_question(self, turn: Turn) -> bool:
        return self._counts_only_when_asking(turn.intent) and not self.asks(turn.text)

    def _clearly_meant(self, turn: Turn) -> bool:
        return self.asks(turn.text) or (turn.confidence >= SURE and turn.is_short)

    def _counts_only_when_asking(self, intent: str) -> bool:
        return any(_fits(intent, pattern) for pattern in self.only_when_asking)

    def asks(self, text: str) -> bool:
        """Whether the text reads as a question."""
        if QUESTION_MARKS & set(text):
            return True
        first = re.match(r"\W*([\w'’]+)", text)
        return bool(first) and plain(first.group(1)) in self.question_words  # type: ignore[union-attr]


def _fits(intent: str, pattern: str) -> bool:
    return intent.startswith(pattern[:-1]) if pattern.endswith("*") else intent == pattern


def urgent_flags(metadata: Mapping[str, Any]) -> list[str]:
    """The now-flags that the door found, and nothing but names."""
    flags = metadata.get("urgent")
    return [flag for flag in flags if isinstance(flag, str)] if isinstance(flags, list) else []
