"""Measures the trained model on the messages that are kept from learning, and writes it down."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.content import load
from bot.evaluating.heldout import HeldOut, PersonalExample, held_out
from bot.evaluating.intents import intent_tables, picture
from bot.evaluating.measures import (
    Figure,
    Pair,
    Read,
    drawn,
    false_alarms,
    macro_f1,
    recall_of,
    share,
)
from bot.evaluating.places import of_places
from bot.evaluating.signs import sign_tables
from bot.evaluating.tables import Row, Table, label_table
from bot.evaluating.ways import of_ways, rewritten
from bot.rasa_server.components.signal_examples import HIGH_DANGER, SIGNALS, SignalExample
from bot.services.gazetteer import Gazetteer
from bot.settings import CHECKOUT
from bot.training import TrainingGround
from bot.understanding import understood

HELD_OUT = CHECKOUT / "tests" / "understanding" / "heldout"
CARD = CHECKOUT / "docs" / "understanding.md"
PICTURE = "understanding-confusion.svg"
BEGIN, END = "<!-- figures: written by make eval -->", "<!-- end of figures -->"
LANGUAGES = {"en": "English", "es": "Spanish"}


@dataclass(frozen=True)
class Evaluation:
    """All figures, and the confusion of the intents as an SVG."""

    tables: Sequence[Table]
    picture: str


def evaluate(
    ground: TrainingGround, model: Path, gazetteer: Gazetteer, folder: Path = HELD_OUT
) -> Evaluation:
    """All figures of a model, and of the gazetteer.

    Raises NotUnderstood when the reader in Rasa's Python ends early.
    """
    kept = held_out(folder)
    read = reads(ground, model, list(dict.fromkeys([*kept_texts(kept), *rewritten(kept)])))
    tables = [
        overall(kept, read),
        *(of_labels(kept.signals, read, language) for language in languages(kept.signals)),
        of_slices(kept.signals, read),
        of_personal(kept.personal, read),
        *sign_tables(kept.statuses, read, LANGUAGES),
        *intent_tables(kept.intents, read, LANGUAGES),
        of_ways(kept, read, LANGUAGES),
        of_places(folder / "places.txt", gazetteer),
    ]
    return Evaluation(tables, picture(kept.intents, read))


def kept_texts(kept: HeldOut) -> list[str]:
    """Every message that is kept, once."""
    texts = [
        *(example.text for example in kept.signals),
        *(example.text for example in kept.personal),
        *(example.text for example in kept.statuses),
        *(example.text for example in kept.intents),
    ]
    return list(dict.fromkeys(texts))


def reads(ground: TrainingGround, model: Path, texts: Sequence[str]) -> dict[str, Read]:
    """What is understood of each text."""
    lines = (f"{text}\n".encode() for text in texts)
    found = understood(ground, model, lines, load().urgent)
    return dict(zip(texts, (json.loads(line) for line in found), strict=True))


def languages(examples: Iterable[SignalExample]) -> list[str]:
    """The languages of the examples."""
    return sorted({example.language for example in examples})


def pairs(examples: Iterable[SignalExample], read: Mapping[str, Read]) -> list[Pair]:
    """What is there in each message, and what was found."""
    return [(example.signals, read[example.text]["signals"]) for example in examples]


def overall(kept: HeldOut, read: Mapping[str, Read]) -> Table:
    """The figures that are aimed at, for each language."""
    found = {
        language: pairs([e for e in kept.signals if e.language == language], read)
        for language in LANGUAGES
    }
    measures: dict[str, Callable[[list[Pair]], Figure]] = {
        "macro-F1 of the 15 signals": lambda every: drawn(lambda p: macro_f1(SIGNALS, p), every),
        "recall of the high-danger signals": lambda every: recall_of(HIGH_DANGER, every),
        "false alarms where nothing is told": false_alarms,
    }
    right_language = {
        language: share(
            sum(
                read[e.text]["language"] == language for e in kept.signals if e.language == language
            ),
            sum(e.language == language for e in kept.signals),
        )
        for language in LANGUAGES
    }
    return Table(
        "Signals, in short",
        [
            ("", *LANGUAGES.values()),
            *(
                (name, *(str(measure(found[each])) for each in LANGUAGES))
                for name, measure in measures.items()
            ),
            ("language recognised", *(str(right_language[each]) for each in LANGUAGES)),
            ("messages", *(str(len(found[each])) for each in LANGUAGES)),
        ],
    )


def of_labels(examples: Sequence[SignalExample], read: Mapping[str, Read], language: str) -> Table:
    """Precision, recall and F1 of each signal."""
    every = pairs([e for e in examples if e.language == language], read)
    return label_table(f"Signals, {LANGUAGES[language]}", "signal", SIGNALS, every)


def of_slices(examples: Sequence[SignalExample], read: Mapping[str, Read]) -> Table:
    """How each kind of message fares."""
    rows: list[Row] = []
    for name in sorted({(e.slice, e.language) for e in examples}):
        every = pairs([e for e in examples if (e.slice, e.language) == name], read)
        exact = share(sum(set(there) == set(found) for there, found in every), len(every))
        rows.append((*name, str(exact), str(recall_of(SIGNALS, every)), str(false_alarms(every))))
    head = ("kind of message", "language", "all signals exactly", "recall", "false alarms")
    return Table("Signals, by kind of message", [head, *rows])


def of_personal(examples: Sequence[PersonalExample], read: Mapping[str, Read]) -> Table:
    """How much personal data is masked, and how much else."""
    rows: list[Row] = []
    for language in sorted({e.language for e in examples}):
        ours = [e for e in examples if e.language == language]
        for kind in sorted({kind for e in ours for kind, _, _ in e.pieces}):
            hidden = [
                e.text[start:end] not in read[e.text]["masked"]
                for e in ours
                for each, start, end in e.pieces
                if each == kind
            ]
            rows.append((language, kind, str(share(sum(hidden), len(hidden)))))
        clean = [e for e in ours if not e.pieces]
        touched = sum(read[e.text]["masked"] != e.text for e in clean)
        rows.append((language, "touched though nothing is there", str(share(touched, len(clean)))))
    return Table("Personal data masked", [("language", "kind", "share"), *rows])


def write_card(evaluation: Evaluation, card: Path = CARD) -> None:
    """Puts the figures into the model card, between their two marks, and the picture beside it."""
    text = card.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    figures = "\n\n".join(str(table) for table in evaluation.tables)
    card.write_text(f"{before}{BEGIN}\n\n{figures}\n\n{END}{after}", encoding="utf-8")
    card.with_name(PICTURE).write_text(evaluation.picture, encoding="utf-8")
