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

# What must not be missed: whoever writes of it may be in danger of death or grave harm.
HIGH_DANGER = (
    "threat_to_kill",
    "weapon",
    "strangulation",
    "sexual_violence",
    "suicide_self_harm",
    "child_at_risk",
    "immediate_danger",
)
# Who is choked is hurt.
ALSO = {"strangulation": "physical_violence"}
NONE = "-"
_NOTHING: frozenset[str] = frozenset()
# What a visitor asks of the chat tells nothing about their life; a few errands are a signal.
FROM_INTENTS = {
    **dict.fromkeys(
        (
            "affirm", "ask_basis", "ask_bot", "ask_can_you_call", "ask_confidentiality",
            "ask_delete", "ask_exit_limits", "ask_history", "ask_limits", "ask_sure",
            "change_language", "choose", "deny", "gibberish", "give_place", "go_back", "go_on",
            "goodbye", "greet", "insult", "just_look", "not_sure", "out_of_scope", "pause",
            "quick_exit", "repeat", "skip", "stop", "thanks", "want_danger_questions",
            "want_plan", "why",
        ),
        _NOTHING,
    ),
    "want_place_to_go": frozenset({"seeks_shelter"}),
    "want_person": frozenset({"seeks_hotline"}),
    "want_numbers": frozenset({"seeks_hotline"}),
    "own_suicide": frozenset({"suicide_self_harm"}),
}  # fmt: skip
EXAMPLES = Path(__file__).parents[3] / "data" / "signals"
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


def examples_in(folder: Path, files: str = "*.txt") -> list[SignalExample]:
    """The examples of a folder with a folder for each language; raises WrongExample."""
    return [
        example
        for file in sorted(folder.glob(f"*/{files}"))
        for example in read(file.read_text(encoding="utf-8").splitlines(), file)
    ]


def read(lines: Iterable[str], file: Path) -> Iterator[SignalExample]:
    """The examples of one file; its folder is the language."""
    of_slice = ""
    for number, line in enumerate(lines, start=1):
        if line.startswith(SLICE):
            of_slice = line.removeprefix(SLICE).strip()
        elif line.strip() and not line.startswith("#"):
            labels, _, text = line.partition(" | ")
            if not text.strip():
                raise WrongExample(f"{file.name}, line {number}: write “labels | message”.")
            signals = with_also(frozenset(labels.split()) - {NONE})
            unknown = sorted(signals - frozenset(SIGNALS))
            if unknown:
                raise WrongExample(f"{file.name}, line {number}: unknown label {unknown[0]}.")
            yield SignalExample(text.strip(), signals, file.parent.name, of_slice)


def with_also(signals: frozenset[str]) -> frozenset[str]:
    """The signals with those that they bring along."""
    return signals | {ALSO[each] for each in signals if each in ALSO}
