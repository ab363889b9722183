"""The messages that are kept from learning, with what should be understood of them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from bot.rasa_server.components.signal_examples import SignalExample, examples_in

WRAPPED = re.compile(r"\[\[(?P<kind>[A-Z]+):(?P<text>.*?)\]\]")
BAR = " | "


@dataclass(frozen=True)
class PersonalExample:
    """A message with the places of its personal data: kind, start and end of each."""

    text: str
    pieces: tuple[tuple[str, int, int], ...]
    language: str


@dataclass(frozen=True)
class StatusExample:
    """A message with the status of each danger sign in it."""

    text: str
    statuses: dict[str, str]
    language: str


@dataclass(frozen=True)
class IntentExample:
    """A message with what it is for."""

    text: str
    intent: str
    language: str


@dataclass(frozen=True)
class HeldOut:
    """All that is kept from learning."""

    signals: list[SignalExample]
    personal: list[PersonalExample]
    statuses: list[StatusExample]
    intents: list[IntentExample]


def held_out(folder: Path) -> HeldOut:
    """What is kept in a folder with a folder for each language."""
    return HeldOut(
        examples_in(folder, "signals.txt"),
        [personal(line, file) for file in files(folder, "personal") for line in lines_of(file)],
        [status(line, file) for file in files(folder, "status") for line in lines_of(file)],
        [intent(line, file) for file in files(folder, "intents") for line in lines_of(file)],
    )


def files(folder: Path, name: str) -> list[Path]:
    """The files of one kind, in all languages."""
    return sorted(folder.glob(f"*/{name}.txt"))


def lines_of(file: Path) -> list[str]:
    """The lines of a file that are messages."""
    lines = file.read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line.strip() and not line.startswith("#")]


def personal(line: str, file: Path) -> PersonalExample:
    """A message in which personal data is wrapped: "[[NAME:Carlos]] hit me"."""
    text, pieces, place = "", [], 0
    for match in WRAPPED.finditer(line):
        text += line[place : match.start()]
        pieces.append((match["kind"].lower(), len(text), len(text) + len(match["text"])))
        text += match["text"]
        place = match.end()
    return PersonalExample(text + line[place:], tuple(pieces), file.parent.name)


def status(line: str, file: Path) -> StatusExample:
    """A message with its signs: "physically_hurt:denied strangled:affirmed | he never …"."""
    signs, _, text = line.partition(BAR)
    pairs = (sign.partition(":") for sign in signs.split() if sign != "-")
    return StatusExample(text, {sign: how for sign, _, how in pairs}, file.parent.name)


def intent(line: str, file: Path) -> IntentExample:
    """A message with its intent: "ask_pets | can my dog come"."""
    name, _, text = line.partition(BAR)
    return IntentExample(text, name, file.parent.name)
