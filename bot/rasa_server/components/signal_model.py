"""Which signals a text gives: what the network hears in it, beside what the phrases find.

The network knows words it has seen and words that mean alike; the reviewed phrases know exactly
what they know, and whether it was denied. Both go into one answer.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from bot.rasa_server.components.meaning import layers
from bot.rasa_server.components.sign_reading import SignReader
from bot.rasa_server.components.signal_examples import SIGNALS, SignalExample
from bot.rasa_server.components.signal_network import SignalNetwork

NETWORK_FILE, KNOWN_FILE = "signals.npz", "signals.json"
VALIDATION = 8
"""Each so many-th example is not learned from: on those the thresholds are chosen."""
THRESHOLDS = np.linspace(0.05, 0.95, 46)


@dataclass(frozen=True)
class SignalModel:
    """What was learned.

    `told` are the findings of the phrases that the network knows, as "strangled denied";
    `thresholds` say, for each signal, how sure is sure enough.
    """

    network: SignalNetwork
    reader: SignReader
    told: Sequence[str]
    thresholds: Sequence[float]

    def read(self, text: str) -> dict[str, float]:
        """How sure each signal is, from 0 to 1."""
        scores = self.network.scores(text, told_row(self.reader, self.told, text))
        return {name: float(score) for name, score in zip(SIGNALS, scores, strict=True)}

    def present(self, scores: dict[str, float]) -> list[str]:
        """The signals that are sure enough."""
        over = zip(SIGNALS, self.thresholds, strict=True)
        return [name for name, threshold in over if scores[name] >= threshold]

    def save(self, folder: Path) -> None:
        """Writes what was learned."""
        self.network.save(folder / NETWORK_FILE)
        known = {"told": list(self.told), "thresholds": list(self.thresholds)}
        (folder / KNOWN_FILE).write_text(json.dumps(known), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path, reader: SignReader) -> SignalModel:
        """Reads what was learned."""
        known = json.loads((folder / KNOWN_FILE).read_text(encoding="utf-8"))
        return cls(SignalNetwork.load(folder / NETWORK_FILE), reader, **known)


def findings(reader: SignReader, text: str) -> frozenset[str]:
    """What the phrases find in a text: "strangled denied", "person_here_now affirmed"."""
    return frozenset(f"{each.name} {each.status.value}" for each in reader.read(text))


def told_row(reader: SignReader, told: Sequence[str], text: str) -> Any:
    """Which of these findings the phrases find in a text, as ones and noughts."""
    found = findings(reader, text)
    return np.array([each in found for each in told], np.float32)


def learn(examples: Sequence[SignalExample], reader: SignReader) -> SignalModel:
    """Learns from all examples but those on which the thresholds are chosen."""
    # Only learning needs TensorFlow, which takes seconds to load and hundreds of megabytes.
    from bot.rasa_server.components.signal_learning import learn_network

    kept_out = [each for place, each in enumerate(examples) if place % VALIDATION == 0]
    learned = [each for place, each in enumerate(examples) if place % VALIDATION]
    told = sorted({found for each in learned for found in findings(reader, each.text)})
    arrays = learn_network(
        [each.text for each in learned],
        np.stack([told_row(reader, told, each.text) for each in learned]),
        there_in(learned),
        layers().epsilon,
    )
    model = SignalModel(SignalNetwork(arrays), reader, told, [0.5] * len(SIGNALS))
    return SignalModel(model.network, reader, told, thresholds_on(model, kept_out))


def there_in(examples: Sequence[SignalExample]) -> Any:
    """A row for each example of which signals are there."""
    return np.array([[name in each.signals for name in SIGNALS] for each in examples])


def thresholds_on(model: SignalModel, examples: Sequence[SignalExample]) -> list[float]:
    """For each signal the threshold that does best on these examples."""
    there = there_in(examples)
    scores = np.array([list(model.read(each.text).values()) for each in examples])
    return [
        float(max(THRESHOLDS, key=lambda each: f1(there[:, i], scores[:, i] >= each)))
        for i in range(len(SIGNALS))
    ]


def f1(there: Any, found: Any) -> float:
    """How well what was found fits what is there, from 0 to 1."""
    both = float((there & found).sum())
    return 2 * both / float(there.sum() + found.sum()) if both else 0.0
