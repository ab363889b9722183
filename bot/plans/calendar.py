"""A reminder to look at the plan again, with a cover text that says nothing of it."""

import secrets
from datetime import UTC, date, datetime, timedelta

from icalendar import Calendar, Event

DAYS_AHEAD = 30
MINUTES = 15
REPEATS = ("once", "weekly", "monthly")


def in_a_month() -> date:
    """The day that is proposed for a reminder."""
    return datetime.now(UTC).date() + timedelta(days=DAYS_AHEAD)


def reminder(words: str, when: datetime, repeats: str = "once") -> bytes:
    """An iCalendar file with one event.

    `words` is all that it says; `when` is local time without a zone, so that it fits wherever it
    is opened. `repeats` is one of REPEATS.
    """
    event = Event()
    event.add("uid", secrets.token_hex(16))
    event.add("summary", words)
    event.add("dtstamp", datetime(2000, 1, 1))  # noqa: DTZ001 - when it was made is nobody's business
    event.add("dtstart", when)
    event.add("duration", timedelta(minutes=MINUTES))
    event.add("class", "PRIVATE")
    if repeats != "once":
        event.add("rrule", {"freq": repeats})
    calendar = Calendar()
    calendar.add("prodid", "-//Calendar//EN")
    calendar.add("version", "2.0")
    calendar.add_component(event)
    return bytes(calendar.to_ical())
