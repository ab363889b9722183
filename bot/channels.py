"""What each channel can do, and what trace it leaves."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Channel:
    """A way in: its name, how long a message may be, and the message that tells its trace."""

    name: str
    longest_message: int
    trace: str


WEB = Channel("web", longest_message=2_000, trace="what_stays_web")
