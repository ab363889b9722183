"""Streets, links to maps and points in the texts of a row, which tell where a place is."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from bot.services.hsds.shape import columns

STREET = re.compile(
    r"\b\d{1,6}(?:[-/]\d{1,5})?[a-z]?\s+(?:[nsew]\.?\s+|north\s+|south\s+|east\s+|west\s+)?"
    r"(?:[\w.'’-]+\s+){1,4}?"
    r"(?:st|street|ave|avenue|rd|road|blvd|boulevard|dr|drive|ln|lane|ct|court|pl|place|way|hwy|"
    r"highway|pkwy|parkway|ter|terrace|cir|circle|sq|square|close|crescent|row|gardens)\b\.?"
    r"(?:,?\s*(?:suite|ste|apt|unit|floor|fl|#)\.?\s*[\w-]+)?"
    r"|\b(?:calle|avenida|av|avda|carrera|cra|cl|calz|calzada|pasaje|rue|paseo|plaza)\.?\s+"
    r"(?:[\w.'’áéíóúñü-]+\s+){0,4}?(?:#|n[ºo°.]*|num\.?|numero)?\s*\d{1,6}(?:\s*-\s*\d+)?"
    r"|\bp\.?\s?o\.?\s+box\s+\d+",
    re.IGNORECASE,
)
MAP_LINK = re.compile(
    r"https?://\S*(?:maps\.|/maps|goo\.gl/maps|openstreetmap|bing\.com/maps)\S*", re.IGNORECASE
)
LEFT_OUT = "[address left out]"
LINKS_OUT = ("url", "website", "schedule_link", "uri")
POINT = re.compile(r"\bpoint\b", re.IGNORECASE)


def without_whereabouts(table: str, row: Mapping[str, Any]) -> dict[str, Any]:
    """A row without streets, links to maps and points; what was changed, and its old value, too."""
    cleared = dict(row)
    for column in columns(table):
        value = row[column.name]
        if column.type is not str or column.owner or column.is_link or not value:
            continue
        if column.name in LINKS_OUT:
            cleared[column.name] = None if MAP_LINK.search(value) else value
        elif column.name in ("previous_value", "replacement_value"):
            cleared[column.name] = LEFT_OUT
        elif column.name == "extent":
            cleared[column.name] = None if POINT.search(value) else value
        elif column.name != "id":
            cleared[column.name] = without_street(value)
    return cleared


def without_street(text: str) -> str:
    """A text with a sign in place of streets and links to maps."""
    return STREET.sub(LEFT_OUT, MAP_LINK.sub(LEFT_OUT, text))
