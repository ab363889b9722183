"""The sentences of the sign files, and what is heard in a text."""

from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from ruamel.yaml import YAML

import bot.rasa_server.components
from bot.rasa_server.components.phrasebook import load_phrasebooks
from bot.rasa_server.components.sign_reading import SignReader
from bot.rasa_server.components.sign_status import Status

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


def sentence(row: dict[str, Any]) -> Sentence:
    """A row of a file."""
    return Sentence(
        row["say"],
        frozenset([*row.get("signs", []), *(f"{flag} now" for flag in row.get("now", []))]),
        row.get("wrong", False),
    )


def groups(file: Path) -> dict[str, list[Sentence]]:
    """The sentences of a file, under the headings of the file."""
    rows = load(file.read_text(encoding="utf-8"))
    return {heading: [sentence(row) for row in group] for heading, group in rows.items()}


READER = SignReader(load_phrasebooks(PHRASES, load))


@cache
def heard(text: str) -> frozenset[str]:
    """The signs with their status, and the now-flags; not those that are no sign here."""
    return frozenset(
        f"{each.name} {each.status.value if each.kind == 'sign' else 'now'}"
        for each in READER.read(text)
        if each.status is not Status.IDIOM
    )
