"""The messages from which signals are learned: written by us, a line each, with their labels.

# slice: teen
physical_violence strangulation | he put his hands round my neck at the party lol
- | my boyfriend is killing me with these puns
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

SIGNALS = (
    "physical_violence",
    "threat_to_kill",
    "weapon",
    "strangulation",
    "stalking",
    "tech_surveillance",
    "economic_abuse",
    "emotional_abuse",
    "sexual_violence",
    "suicide_self_harm",
    "child_at_risk",
    "immediate_danger",
    "seeks_shelter",
    "seeks_hotline",
    "wants_to_leave",
)
"""What a text can tell about the writer or someone the writer speaks for."""

# Who is choked is hurt.
ALSO = {"strangulation": "physical_violence"}
NONE = "-"
SLICE = "# slice:"


class WrongExample(Exception):
    """A line of an example file can't be read; the message names file, line and remedy."""


@dataclass(frozen=True)
class SignalExample:
    """One message with all its signals; `slice` is the kind of message that it stands for."""

    text: str
    signals: frozenset[str]
    language: str
    slice: str


def examples_in(folder: Path) -> list[SignalExample]:
    """The examples of a folder with a folder for each language; raises WrongExample."""
    return [
        example
        for file in sorted(folder.glob("*/*.txt"))
        for example in read(file.read_text(encoding="utf-8").splitlines(), file)
    ]


def read(lines: Iterable[str], file: Path) -> Iterator[SignalExample]:
    """The examples of one file; its folder is the language."""
    of_slice = ""
    for number, line in enumerate(lines, start=1):
        if line.startswith(SLICE):
            of_slice = line.removeprefix(SLICE).strip()
        elif line.strip() and not line.startswith("#"):
            labels, bar, text = line.partition(" | ")
            signals = with_also(frozenset(labels.split()) - {NONE})
            unknown = sorted(signals - frozenset(SIGNALS))
            if not bar or not text.strip() or unknown:
                what = f"unknown label {unknown[0]}" if unknown else "no “labels | message”"
                raise WrongExample(f"{file.name}, line {number}: {what}.")
            yield SignalExample(text.strip(), signals, file.parent.name, of_slice)


def with_also(signals: frozenset[str]) -> frozenset[str]:
    """The signals with those that they bring along."""
    return signals | {ALSO[each] for each in signals if each in ALSO}
