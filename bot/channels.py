"""What each channel can do, what trace it leaves, and what of it is kept."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Channel:
    """A way in.

    `longest_message` in characters. `trace` is the message that tells what stays with the visitor,
    and promises.yml has words under the channel's name: who knows who they are. `keeps` are the
    stores of bot/store/lives.py that hold anything of its visitors.
    """

    name: str
    longest_message: int
    trace: str
    keeps: tuple[str, ...]


WEB = Channel(
    "web",
    longest_message=2_000,
    trace="what_stays_web",
    keeps=("talks", "erasures", "last_answer", "saved_plans"),
)

CHANNELS = (WEB,)
