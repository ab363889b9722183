"""Worked cases that an advocate can read and write."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from bot.safety.signs import Sign

FOLDER = Path(__file__).parent

# What `foothold assess` takes.
INPUT = ("signs", "fear", "own_level", "expects_serious_harm", "now", "raised_to")


def scenarios(name: str) -> list[dict[str, Any]]:
    """The cases of one file."""
    return list(YAML(typ="safe", pure=True).load(FOLDER / f"{name}.yml"))


def answer_sheet(case: Mapping[str, Any]) -> dict[str, Any]:
    """The input that a case gives to `foothold assess`: `otherwise` answers what is not named."""
    given = {key: case[key] for key in INPUT if key in case}
    everything_else = {sign.value: case["otherwise"] for sign in Sign}
    return {
        "expects_serious_harm": case["otherwise"],
        **given,
        "signs": {**everything_else, **given.get("signs", {})},
    }
