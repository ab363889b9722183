"""What is wrong with a file, in sentences that never repeat what was written for people."""

import json
import math
from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass
from difflib import get_close_matches

from bot.safety.instruments import Judgement
from bot.safety.signs import Answer, Now, OwnLevel

LONGEST_SHOWN = 60  # characters
KNOWN_WORDS = {word.value for kind in (Answer, Judgement, Now, OwnLevel) for word in kind}


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong: the field, what was given, what is allowed, all in a sentence."""

    field: str
    value: object
    allowed: str
    message: str


class WrongSheet(Exception):
    """A file can't be used; it carries every problem that was found."""

    def __init__(self, *problems: Problem) -> None:
        self.problems = problems
        super().__init__("\n".join(problem.message for problem in problems))

    def for_machines(self) -> dict[str, object]:
        """The problems as JSON names them."""
        return {"errors": [asdict(problem) for problem in self.problems]}


@dataclass(frozen=True)
class Unshown:
    """What an error names by its kind only."""

    kind: str


class Entries(list[tuple[object, object]]):
    """The entries of a mapping in the order of the file, those that come twice included."""


def shown(value: object) -> object:
    """A value as an error may show it: short, and nothing of what lies inside it."""
    match value:
        case Unshown():
            return f"({value.kind})"
        case list():
            return "(a mapping)" if isinstance(value, Entries) else "(a list)"
        case float() if not math.isfinite(value):
            return str(value)
        case str() | int() if len(str(value)) > LONGEST_SHOWN:
            return str(value)[: LONGEST_SHOWN - 1] + "…"
    return value


def quoted(value: object) -> str:
    """A value within a sentence."""
    match value:
        case str():
            return repr(shown(value))
        case None | bool():
            return json.dumps(value)
    return str(shown(value))


def hidden(value: object) -> object:
    """A value that stands in the wrong place, unless it may be meant for people."""
    match value:
        case str() if value not in KNOWN_WORDS:
            return Unshown("a text, not shown")
        # It may be that of a telephone or a house.
        case int() | float() if not abs(value) < 100:
            return Unshown("a number, not shown")
    return value


def wrong(name: str, value: object, allowed: str, meant: str = "", what: str = "") -> WrongSheet:
    """A field holds what it can't hold, or lacks what it must hold; `what` may say it otherwise."""
    what = what or ("is missing" if value is None else f"is {quoted(value)}")
    did_you_mean = f" Did you mean {meant}?" if meant else ""
    message = f"{name} {what}.{did_you_mean} Allowed: {allowed}."
    return WrongSheet(Problem(name, shown(value), allowed, message))


def nearest(word: object, choices: Iterable[str]) -> str:
    """The choice that was probably meant; nothing when none is near."""
    if not isinstance(word, str):
        return ""
    near = get_close_matches(word.strip().lower(), list(choices), n=1)
    return repr(near[0]) if near else ""


def written(key: object, names: Collection[str]) -> str:
    """A name as a problem shows it, which is not known or one of these names."""
    if not isinstance(key, str):
        return quoted(hidden(key))
    # An unquoted comma in YAML makes a name of the second half of a text meant for people.
    is_text = len(key) > LONGEST_SHOWN or not key.isprintable()
    is_text = is_text or (" " in key and not nearest(key, names))
    return quoted(Unshown("a text, not shown")) if is_text else key or repr(key)


def dotted(name: str, inner: str) -> str:
    """The full name of a field, such as signs.strangled."""
    return f"{name}.{inner}" if name else inner


def listed(choices: Iterable[str]) -> str:
    """What can be chosen, as a sentence names it."""
    *most, last = choices
    return f"{', '.join(most)} or {last}" if most else last
