"""Worked cases that an advocate can read."""

from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

FOLDER = Path(__file__).parent


def scenarios(name: str) -> list[dict[str, Any]]:
    """The cases of one file."""
    return list(YAML(typ="safe", pure=True).load(FOLDER / f"{name}.yml"))
