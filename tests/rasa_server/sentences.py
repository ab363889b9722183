"""The sentences of the sign files, and what is heard in a text."""

from pathlib import Path
from typing import Any, NamedTuple

from ruamel.yaml import YAML

import bot.rasa_server.components
from bot.rasa_server.components.phrasebook import load_phrasebooks
from bot.rasa_server.components.sign_reading import SignReader

HERE = Path(__file__).parent
FIRST = HERE / "sign_sentences.yml"
PHRASES = Path(next(iter(bot.rasa_server.components.__path__))) / "phrases"


class Sentence(NamedTuple):
    """A sentence, and what must be heard in it."""

    say: str
    heard: frozenset[str]
    wrong: bool


def load(text: str) -> Any:
    """What a YAML text holds."""
    return YAML(typ="safe").load(text)


def sentences(file: Path) -> list[Sentence]:
    """The sentences of a file, of all its languages."""
    rows = [row for group in load(file.read_text(encoding="utf-8")).values() for row in group]
    return [
        Sentence(
            row["say"],
            frozenset([*row.get("signs", []), *(f"{flag} now" for flag in row.get("now", []))]),
            row.get("wrong", False),
        )
        for row in rows
    ]


READER = SignReader(load_phrasebooks(PHRASES, load))


def heard(text: str) -> frozenset[str]:
    """The signs with their status, and the now-flags."""
    return frozenset(
        f"{each.name} {each.status.value if each.kind == 'sign' else 'now'}"
        for each in READER.read(text)
    )
