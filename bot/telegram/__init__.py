"""Telegram: a channel with a cover, that leaves as little as Telegram allows."""

import os

# The library gives periods as numbers today and as timedeltas soon: we take the latter.
os.environ.setdefault("PTB_TIMEDELTA", "true")
