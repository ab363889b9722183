"""How well places are found in what people write."""

from __future__ import annotations

from pathlib import Path

from bot.evaluating.measures import share
from bot.evaluating.tables import Table
from bot.services.gazetteer import Gazetteer
from bot.services.gazetteer.measure import measured


def of_places(file: Path, gazetteer: Gazetteer) -> Table:
    """How many places are found, or asked back with the right one among the choices."""
    found = measured(file, gazetteer)
    rows = [(each.group, *shares(each.right, each.right_or_asked, each.texts)) for each in found]
    sums = [
        sum(getattr(each, name) for each in found) for name in ("right", "right_or_asked", "texts")
    ]
    head = ("language, country", "right", "right or rightly asked back", "texts")
    return Table("Places", [head, ("all", *shares(*sums)), *rows])


def shares(right: int, asked: int, texts: int) -> tuple[str, str, str]:
    """One row of figures."""
    return str(share(right, texts)), str(share(asked, texts)), str(texts)
