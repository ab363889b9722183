"""A file becomes plain values: nothing, true or false, numbers, texts, lists and mappings."""

import json
import sys
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
)
from ruamel.yaml.nodes import ScalarNode
from ruamel.yaml.reader import ReaderError

from bot.assessing.problems import Entries, Problem, Unshown, WrongSheet

STDIN = "-"
LARGEST = 1_000_000  # bytes


def text_of(file: str) -> str:
    """The text of a file, without the mark that some editors put at its start."""
    data = bytes_of(file)
    if len(data) > LARGEST:
        raise wrong_file(file, "is larger than 1 MB")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise wrong_file(file, f"is not text in UTF-8 (line {line})") from None


def bytes_of(file: str) -> bytes:
    """What a file holds; of one that is too large, one byte more than is allowed."""
    try:
        if file == STDIN:
            return sys.stdin.buffer.read(LARGEST + 1)
        with Path(file).open("rb") as opened:
            return opened.read(LARGEST + 1)
    except OSError as error:
        raise wrong_file(file, f"can't be read: {error.strerror or error}") from None
    except (AttributeError, ValueError):
        # Standard input is closed, or no file can have such a name.
        raise wrong_file(file, "can't be read") from None


def parsed(text: str, file: str = STDIN) -> object:
    """The plain value that a text holds as JSON, or else as YAML 1.2."""
    try:
        return from_json(text)
    except json.JSONDecodeError as error:
        if file.lower().endswith(".json"):
            what = f"is broken in line {error.lineno}, column {error.colno}: {error.msg}"
            raise wrong_file(file, what) from None
    except RecursionError:
        raise wrong_file(file, "is nested too deeply") from None
    yaml = YamlText(text)
    try:
        return yaml.document()
    except RecursionError:
        raise wrong_file(file, "is nested too deeply") from None
    # ruamel's errors share no public base, and odd escapes raise errors of Python's own.
    except Exception as error:
        raise wrong_file(file, f"is broken in {yaml.place(error)}") from error


def from_json(text: str) -> object:
    """The value of a JSON text; what JSON does not know, such as NaN, is refused as a value."""
    return json.loads(text, object_pairs_hook=Entries, parse_int=partial(number, int))


def number(kind: Callable[[str], object], text: str) -> object:
    """A number; where Python takes none, such as one of 5000 digits, its text."""
    try:
        return kind(text)
    except ValueError:
        return text


END = object()


class YamlText:
    """Reads YAML 1.2, of which an answer sheet has the plain part: no alias, no anchor, no tag."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.line = 1
        self.yaml = YAML(typ="safe", pure=True)
        self.events: Iterator[Any] = self.yaml.parse(text)

    def document(self) -> object:
        """The value of the one document; None when there is none."""
        documents = [self.value() for event in self.events if isinstance(event, DocumentStartEvent)]
        if len(documents) > 1:
            return Unshown("several documents")
        return documents[0] if documents else None

    def value(self) -> object:
        """The next value, or END behind the last one of a list or mapping."""
        event = next(self.events)
        if isinstance(event, (SequenceEndEvent, MappingEndEvent)):
            return END
        self.line = line = event.start_mark.line + 1
        if isinstance(event, AliasEvent):
            return Unshown(f"a YAML alias in line {line}")
        value = self.contents(event)
        if event.anchor is not None:
            return Unshown(f"a YAML anchor in line {line}")
        return value if event.tag is None else Unshown(f"a YAML tag in line {line}")

    def contents(self, event: Any) -> object:
        """What begins with an event."""
        if isinstance(event, ScalarEvent):
            return self.scalar(event)
        inside = list(iter(self.value, END))
        if isinstance(event, MappingStartEvent):
            return Entries(zip(inside[::2], inside[1::2], strict=True))
        return inside

    def scalar(self, event: ScalarEvent) -> object:
        """A scalar: nothing, true or false, a number or else a text; a date is a text."""
        plain, _ = event.implicit
        if not plain:
            return event.value
        tag = self.yaml.resolver.resolve(ScalarNode, event.value, event.implicit)
        convert = CONVERT.get(str(tag).rpartition(":")[2], str)
        return convert(event.value)

    def place(self, error: Exception) -> str:
        """Where and why reading stopped, as far as ruamel says it."""
        if isinstance(error, ReaderError):
            before = self.text[: error.position].split("\n")
            return f"line {len(before)}, column {len(before[-1]) + 1}: {error.reason}"
        if isinstance(error, MarkedYAMLError) and error.problem_mark:
            mark = error.problem_mark
            return f"line {mark.line + 1}, column {mark.column + 1}: {error.problem}"
        return f"line {self.line} or after it"


# Falls back on the text: a header "%YAML 1.1" must not turn "yes" into anything.
CONVERT: Mapping[str, Callable[[str], object]] = {
    "null": lambda _: None,
    "bool": lambda text: {"true": True, "false": False}.get(text.lower(), text),
    "int": partial(number, int),
    "float": partial(number, float),
}


def wrong_file(file: str, what: str) -> WrongSheet:
    """A file holds no answers that could be looked at one by one."""
    allowed = "a file of at most 1 MB with answers in JSON or YAML"
    name = "The input" if file == STDIN else file
    return WrongSheet(Problem("file", file, allowed, f"{name} {what}."))
