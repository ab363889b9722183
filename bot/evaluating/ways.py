"""The same messages as people write them in a hurry: what is understood should not change.

Each way changes only how a message is written, never what it says.
"""

from __future__ import annotations

import random
import re
import unicodedata
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from bot.evaluating.heldout import HeldOut, IntentExample
from bot.evaluating.intents import is_right
from bot.evaluating.measures import Pair, Read, false_alarms, recall_of, share
from bot.evaluating.tables import Row, Table
from bot.rasa_server.components.signal_examples import HIGH_DANGER, SignalExample

EVERY = 3
"""Every third message is rewritten: enough for the figures, at a third of the time."""
WORD = re.compile(r"[^\W\d_]{5,}")
LONG_LETTERS = re.compile(r"([aeiouáéíóú])(?=[.!?,]|$)")


def in_capitals(text: str) -> str:
    """SHOUTED."""
    return text.upper()


def without_accents(text: str) -> str:
    """As on a keyboard that has none."""
    spread = unicodedata.normalize("NFD", text)
    return "".join(each for each in spread if not unicodedata.combining(each))


def without_marks(text: str) -> str:
    """No apostrophe, comma or full stop."""
    return re.sub(r"['’.,;:¿¡]", "", text)


def drawn_out(text: str) -> str:
    """Letters at the ends of sentences again and againnnn."""
    return LONG_LETTERS.sub(r"\1\1\1\1", text)


def with_emoji(text: str) -> str:
    """An emoji before and three after."""
    return f"😔 {text} 😭😭😭"


def mistyped(text: str) -> str:
    """Two neighbouring letters swapped in one of four long words, always the same ones."""
    # Seeded with the text: the same message is mistyped the same way in each run.
    chance = random.Random(text)  # noqa: S311  # nosec B311 - nothing secret is drawn

    def swapped(match: re.Match[str]) -> str:
        word = match[0]
        if chance.random() >= 0.25:
            return word
        place = chance.randrange(1, len(word) - 2)
        return word[:place] + word[place + 1] + word[place] + word[place + 2 :]

    return WORD.sub(swapped, text)


WAYS: Mapping[str, Callable[[str], str]] = {
    "in capitals": in_capitals,
    "without accents": without_accents,
    "without apostrophes, commas, full stops": without_marks,
    "with drawn-out letters": drawn_out,
    "with emoji": with_emoji,
    "mistyped": mistyped,
}
"""How a message may be written, by the name that the model card gives it."""


def some(examples: Sequence[Any]) -> list[Any]:
    """The messages that are rewritten."""
    return list(examples[::EVERY])


def rewritten(kept: HeldOut) -> list[str]:
    """All texts that the table of ways needs, apart from the messages themselves."""
    texts = [each.text for each in [*some(kept.signals), *some(kept.intents)]]
    return [way(text) for way in WAYS.values() for text in texts]


def of_ways(kept: HeldOut, read: Mapping[str, Read], languages: Collection[str]) -> Table:
    """How what is understood fares when the same messages are written in other ways."""
    rows: list[Row] = []
    ways: dict[str, Callable[[str], str]] = {"as they are": str, **WAYS}
    for language in languages:
        signals = [each for each in some(kept.signals) if each.language == language]
        intents = [each for each in some(kept.intents) if each.language == language]
        rows += [
            (name, language, *figures(signals, intents, read, way)) for name, way in ways.items()
        ]
    head = ("written", "language", "high-danger recall", "false alarms", "intents right")
    return Table("The same messages, written in other ways", [head, *rows])


def figures(
    signals: Sequence[SignalExample],
    intents: Sequence[IntentExample],
    read: Mapping[str, Read],
    way: Callable[[str], str],
) -> tuple[str, str, str]:
    """The three figures of one way of writing."""
    pairs: list[Pair] = [(each.signals, read[way(each.text)]["signals"]) for each in signals]
    right = sum(is_right(each, {each.text: read[way(each.text)]}) for each in intents)
    return (
        str(recall_of(HIGH_DANGER, pairs)),
        str(false_alarms(pairs)),
        str(share(right, len(intents))),
    )
