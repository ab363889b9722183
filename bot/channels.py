"""What each channel can do, what trace it leaves, and what of it is kept."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Channel:
    """A way in.

    `longest_message` in characters. `trace` is the message that tells what stays with the visitor,
    and promises.yml has words under the channel's name: who knows who they are. Where content has
    words under the channel's name, they stand in place of those for the page. `keeps` are the
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

TELEGRAM = Channel(
    "telegram",
    longest_message=4_000,  # Telegram cuts what a person writes after 4,096
    trace="what_stays_telegram",
    keeps=("talks", "erasures", "last_answer", "saved_plans", "chats", "updates", "moves"),
)

CHANNELS = (WEB, TELEGRAM)


def channel_named(name: str | None) -> Channel:
    """The channel of a name; the page where there is none."""
    return next((channel for channel in CHANNELS if channel.name == name), WEB)
