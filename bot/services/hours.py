"""When somebody is there: OSM opening hours, and how HSDS schedules become them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

# The stubs of the package do not know of its errors.
from opening_hours import (  # type: ignore[attr-defined]
    OpeningHours,
    ParserError,
    UnknownCountryError,
)

ALWAYS = "24/7"
DAYS = {"MO": "Mo", "TU": "Tu", "WE": "We", "TH": "Th", "FR": "Fr", "SA": "Sa", "SU": "Su"}
ORDER = list(DAYS)
NAMES = {
    "monday": "MO", "tuesday": "TU", "wednesday": "WE", "thursday": "TH", "friday": "FR",
    "saturday": "SA", "sunday": "SU", "lunes": "MO", "martes": "TU", "miércoles": "WE",
    "jueves": "TH", "viernes": "FR", "sábado": "SA", "domingo": "SU",
}  # fmt: skip
CLOCK = re.compile(
    r"\s*(\d{1,2})(?:[:.](\d\d))?(?::\d\d)?\s*([ap]\.?(?:\s?m\.?)?)?\s*", re.IGNORECASE
)
CALLED = {"noon": "12:00", "midday": "12:00", "mediodía": "12:00", "midnight": "00:00",
          "medianoche": "00:00"}  # fmt: skip
"""Times that have a name."""


@lru_cache(maxsize=4096)
def parsed(hours: str, country: str) -> OpeningHours | None:
    """Opening hours ready to be asked; None where they can't be read."""
    try:
        return OpeningHours(hours, country=country or None)
    except UnknownCountryError:
        # Public holidays are known for some countries only; days and times hold everywhere.
        return parsed(hours, "")
    except (ParserError, ValueError):
        return None


def is_open(hours: str, timezone: str, country: str, at: datetime) -> bool | None:
    """Whether somebody is there at a moment; None where that is not known.

    `at` knows its time zone; `timezone` is where the hours hold.
    """
    if hours == ALWAYS:
        return True
    zone = zone_of(timezone)
    known = parsed(hours, country) if hours and zone else None
    if known is None:
        return None
    local = at.astimezone(zone).replace(tzinfo=None)
    return None if known.is_unknown(local) else bool(known.is_open(local))


@lru_cache(maxsize=512)
def zone_of(name: str) -> ZoneInfo | None:
    """A time zone by its name; None for one that is not known."""
    try:
        return ZoneInfo(name) if name else None
    except (ZoneInfoNotFoundError, ValueError):
        return None


def clock(written: str) -> str | None:
    """A time as people write it as 09:00: "9am", "1:50pm", "9.30 a.m.", "9:00a", "noon".

    None where it is none.
    """
    match = CLOCK.fullmatch(written)
    if not match:
        return CALLED.get(written.strip().casefold())
    hour, minute = int(match[1]), int(match[2] or 0)
    half = (match[3] or "").lower()[:1]
    if half and not 1 <= hour <= 12:
        return None
    if half:
        hour = hour % 12 + (12 if half == "p" else 0)
    ends_the_day = (hour, minute) == (24, 0)
    return f"{hour:02}:{minute:02}" if minute < 60 and (hour < 24 or ends_the_day) else None


def as_osm(schedules: Iterable[Mapping[str, object]]) -> str:
    """HSDS schedules as OSM opening hours; "" where none says days and times.

    Weekly rows alone: those of a month, or with an end, are left to their description.
    """
    by_time: dict[str, set[str]] = {}
    for row in schedules:
        days = days_of(str(row.get("byday") or ""))
        opens, closes = str(row.get("opens_at") or "")[:5], str(row.get("closes_at") or "")[:5]
        weekly = row.get("freq") in (None, "WEEKLY") and not row.get("until")
        if days and opens and closes and weekly:
            by_time.setdefault(f"{opens}-{through(opens, closes)}", set()).update(days)
    written = as_rules(by_time)
    return ALWAYS if written == "Mo-Su 00:00-24:00" else written


def through(opens: str, closes: str) -> str:
    """When it closes; the end of the day where both are midnight or just before."""
    return "24:00" if closes in ("23:59", "00:00") and opens == "00:00" else closes


def as_rules(by_time: Mapping[str, set[str]]) -> str:
    """Opening hours with all times of a day in one rule."""
    by_day: dict[str, list[str]] = {}
    for time, days in by_time.items():
        for day in days:
            by_day.setdefault(day, []).append(time)
    by_times: dict[str, set[str]] = {}
    for day, times in by_day.items():
        by_times.setdefault(",".join(sorted(times)), set()).add(day)
    first = {time: min(map(ORDER.index, days)) for time, days in by_times.items()}
    rules = sorted(by_times, key=lambda time: first[time])
    return "; ".join(f"{together(by_times[time])} {time}" for time in rules)


def days_of(written: str) -> set[str]:
    """The days of a BYDAY ("MO,TU" or "Monday"); empty where one has a number ("1MO")."""
    days = [NAMES.get(each.strip().casefold(), each.strip().upper()) for each in written.split(",")]
    return set(days) if all(day in DAYS for day in days) else set()


def together(days: Iterable[str]) -> str:
    """Days in OSM's way of writing: Mo-Fr, or Mo,We."""
    places = sorted(map(ORDER.index, days))
    runs: list[list[int]] = []
    for place in places:
        if runs and runs[-1][-1] == place - 1:
            runs[-1].append(place)
        else:
            runs.append([place])
    named = [[DAYS[ORDER[place]] for place in run] for run in runs]
    return ",".join(f"{run[0]}-{run[-1]}" if len(run) > 2 else ",".join(run) for run in named)
