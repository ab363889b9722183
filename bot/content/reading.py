"""Content files: reading one, and what is wrong with it in a sentence."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from bot.safety.when import ALWAYS, When


class ContentError(Exception):
    """A content file is wrong; the message names the file, the entry and the remedy."""


def condition(path: Path, entry: Mapping[str, Any]) -> When:
    """The `when:` of an entry: always, or any and all of some facts."""
    when = entry.get("when", "always")
    if when == "always":
        return ALWAYS
    refuse_unknown(path, when, {"any", "all"})
    return When(any_of=tuple(when.get("any", ())), all_of=tuple(when.get("all", ())))


def refuse_unknown(path: Path, entry: Mapping[str, Any], known: set[str]) -> None:
    """Raises ContentError when an entry has a field that nobody reads."""
    for name in entry:
        if name not in known:
            allowed = ", ".join(sorted(known))
            raise ContentError(f"{path.name}: unknown field “{name}”. Allowed are: {allowed}.")


def read(path: Path) -> Any:
    """What a YAML file holds; raises ContentError when it is missing or no YAML."""
    try:
        return YAML(typ="safe", pure=True).load(path)
    except OSError as error:
        raise ContentError(f"{path} can't be read: is it there?") from error
    except Exception as error:  # ruamel's errors share no public base
        raise ContentError(f"{path} is not valid YAML: {error}") from error
