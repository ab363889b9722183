"""What the network learns from: all our messages, and what each of them teaches."""

from __future__ import annotations

import random
import re
import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from ruamel.yaml import YAML

from bot.evaluating.heldout import BAR, lines_of
from bot.rasa_server.components.known_names import everyday_words, personal_words
from bot.rasa_server.components.personal_data import PersonalData
from bot.rasa_server.components.signal_examples import EXAMPLES, FROM_INTENTS, examples_in

DATA = EXAMPLES.parent
ENTITY = re.compile(r"\[([^\]]*)\](?:\{[^}]*\}|\([^)]*\))")
# A capital that begins no sentence: often a name.
CAPITAL_INSIDE = re.compile(r"[^.!?\s]\s+(?!I\b)[A-ZÁÉÍÓÚÑ][a-záéíóúñ]")
PLACES = "give_place"
PERSONAL_PIECE = re.compile(r"\[\[(?P<kind>[A-Z]+):(?P<text>.*?)\]\]")


@dataclass(frozen=True)
class Lesson:
    """One message and what is known of it; None where it teaches nothing about that.

    `signs` are pairs of sign and status; `pieces` the personal data: kind, start, end.
    """

    text: str
    language: str
    signals: frozenset[str] | None = None
    intent: str | None = None
    signs: tuple[tuple[str, str], ...] | None = None
    pieces: tuple[tuple[str, int, int], ...] | None = None


def of_signals() -> list[Lesson]:
    """The messages with signals."""
    return [
        Lesson(each.text, each.language, signals=each.signals) for each in examples_in(EXAMPLES)
    ]


def of_intents() -> list[Lesson]:
    """The examples of intents; some of these have one signal or none."""
    load = YAML(typ="safe", pure=True).load
    return [
        Lesson(
            ENTITY.sub(r"\1", line[2:].strip()),
            (block.get("metadata") or {}).get("language", ""),
            signals=FROM_INTENTS.get(block["intent"]),
            intent=block["intent"],
        )
        for file in sorted((DATA / "nlu").glob("*.yml"))
        for block in load(file.read_text(encoding="utf-8"))["nlu"]
        if "intent" in block
        for line in block["examples"].splitlines()
        if line.startswith("- ")
    ]


def of_statuses(folder: Path = DATA / "statuses") -> list[Lesson]:
    """The messages with danger signs and how each is mentioned.

    Where all is a figure of speech the message has no signal, which it teaches too.
    """
    lessons = []
    for file in sorted(folder.glob("*.txt")):
        for line in lines_of(file):
            told, _, text = line.partition(BAR)
            pairs = [pair.partition(":") for pair in told.split() if pair != "-"]
            signs = tuple((sign, status) for sign, _, status in pairs)
            only_said = all(status == "idiom" for _, status in signs)
            nothing = frozenset[str]() if signs and only_said else None
            lessons.append(Lesson(text, file.stem, signals=nothing, signs=signs))
    return lessons


def of_personal(folder: Path = DATA / "personal") -> list[str]:
    """The messages in which personal data is wrapped, as they are written."""
    return [line for file in sorted(folder.glob("*.txt")) for line in lines_of(file)]


def unwrapped(line: str, names: Sequence[str], chance: random.Random) -> Lesson:
    """A message with its personal data; most names are changed for others, at random."""
    text, pieces, place = "", [], 0
    for match in PERSONAL_PIECE.finditer(line):
        text += line[place : match.start()]
        said = match["text"]
        if match["kind"] == "NAME" and chance.random() < 0.7:
            said = " ".join(like(word, chance.choice(names)) for word in said.split())
        pieces.append((match["kind"].lower(), len(text), len(text) + len(said)))
        text += said
        place = match.end()
    text += line[place:]
    way = chance.random()
    if way < 0.15:
        text = "".join(upper if len(upper := each.upper()) == 1 else each for each in text)
    elif way < 0.45:
        text = "".join(lower if len(lower := each.lower()) == 1 else each for each in text)
    return Lesson(text, "", pieces=tuple(pieces))


def like(word: str, name: str) -> str:
    """A name with a capital where the word has one."""
    return name if word[:1].isupper() else name.lower()


@dataclass
class Mistyping:
    """Texts as people in a hurry write them: a quarter of the changes takes the accents."""

    chance: random.Random
    letters: str = field(default="abcdefghijklmnoprstuvwy")

    def __call__(self, text: str) -> str:
        """The text, changed a little."""
        way = self.chance.random()
        if way < 0.25:
            spread = unicodedata.normalize("NFD", text)
            return "".join(each for each in spread if not unicodedata.combining(each))
        if way < 0.4:
            return re.sub("['’¿¡]", "", text)
        if way < 0.5:
            return re.sub("[.,;:!?¿¡]", "", text)
        words = text.split(" ")
        for _ in range(1 + len(words) // 8):
            place = self.chance.randrange(len(words))
            words[place] = self._word(words[place])
        return " ".join(words)

    def _word(self, word: str) -> str:
        if len(word) < 4:
            return word
        place, way = self.chance.randrange(1, len(word) - 1), self.chance.random()
        before, here, after = word[:place], word[place], word[place + 1 :]
        if way < 0.35:
            return before + after
        if way < 0.7:
            return before + after[0] + here + after[1:]
        if way < 0.85:
            return before + here + here + after
        return before + self.chance.choice(self.letters) + after


def without_personal(lessons: Sequence[Lesson], names: Collection[str]) -> list[Lesson]:
    """The lessons; where surely nobody is named in one, it teaches that too.

    Surely: the lists and forms of personal_data.py find nothing, and no capital stands inside.
    """
    words = everyday_words(each.text for each in lessons if each.intent != PLACES)
    finder = PersonalData(personal_words(), names, words)
    return [
        each
        if each.intent == PLACES or CAPITAL_INSIDE.search(each.text) or finder.find(each.text)
        else replace(each, pieces=())
        for each in lessons
    ]
