"""Periods as the library gives them."""

from datetime import timedelta


def seconds_in(period: timedelta | int | None) -> int:
    """Whole seconds of a period; 0 where there is none."""
    return int(period.total_seconds()) if isinstance(period, timedelta) else int(period or 0)
