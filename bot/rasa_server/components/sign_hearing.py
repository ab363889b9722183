"""Danger signs that the phrases find, and those that the network hears: one answer.

The phrases know exactly what they know; the network also hears what is told in other words, and
how it is meant: whether it was with somebody else, only supposed, or a figure of speech. Nothing
of this becomes an answer by itself: the visitor is asked to confirm.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from bot.rasa_server.components.sign_reading import SIGN, Mention
from bot.rasa_server.components.sign_status import Status

if TYPE_CHECKING:
    from bot.rasa_server.components.reading_parts import HeardSign

# The signals that tell of one danger sign and no other. They were learned from far more messages.
SAME_AS = {
    "strangled": "strangulation",
    "threat_to_kill": "threat_to_kill",
    "stalking": "stalking",
    "economic_abuse": "economic_abuse",
}
SURE_OF_SIGNAL = 0.9
HEARD = 0.6
"""So sure the network must be of a sign that no phrase finds."""
SURE_OF_STATUS = 0.95
"""So sure it must be of the status to overrule what stands around a phrase."""


def together(
    found: Sequence[Mention], heard: Iterable[HeardSign], signals: Mapping[str, float]
) -> list[Mention]:
    """All signs and now-flags of a text, in its order; `signals` with how sure each is."""
    by_name = {each.name: each for each in heard}
    mentions = [meant(each, found, by_name) for each in found]
    named = {each.name for each in found if each.kind == SIGN}
    mentions += [
        Mention(SIGN, each.name, likeliest(each)[0], each.start, each.end)
        for each in by_name.values()
        if each.name not in named and is_heard(each, signals)
    ]
    return sorted(mentions, key=lambda each: (each.start, each.end, each.name))


def is_heard(sign: HeardSign, signals: Mapping[str, float]) -> bool:
    """Whether the network is sure of a sign, or very sure of the signal that says the same."""
    return sign.sure >= HEARD or signals.get(SAME_AS.get(sign.name, ""), 0.0) >= SURE_OF_SIGNAL


def meant(mention: Mention, found: Sequence[Mention], heard: Mapping[str, HeardSign]) -> Mention:
    """A mention with its status; the network decides where it is sure and the sign stands once."""
    alone = sum(each.name == mention.name and each.kind == SIGN for each in found) == 1
    if mention.kind != SIGN or not alone or mention.name not in heard:
        return mention
    status, sure = likeliest(heard[mention.name])
    return replace(mention, status=status) if sure >= SURE_OF_STATUS else mention


def likeliest(heard: HeardSign) -> tuple[Status, float]:
    """How a sign is most likely meant, and how sure that is."""
    name = max(heard.statuses, key=lambda each: heard.statuses[each])
    return Status(name), heard.statuses[name]
