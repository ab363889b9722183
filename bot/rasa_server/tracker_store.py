"""Where Rasa keeps conversations: sealed, short, and not for long.

What is kept is sealed with a key that only the conversation's own id gives, and stored under the
id's hash: who has the rows without the id reads nothing. A tracker is compacted to its slots, the
open form and the latest turn, so that turn 200 costs what turn 5 costs.

A turn and what was said to it are kept in the same instant. Whoever could not hear the answer,
since Rasa was killed or too slow, hears it later, and a turn is never done twice.
"""

import hashlib
import json
import os
from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from contextvars import ContextVar
from typing import Any, NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, ActiveLoop, Event, SlotSet
from rasa.shared.core.trackers import DialogueStateTracker

from bot.rasa_server.sealed_rows import rows_at

NONCE_BYTES = 12
KEY_BYTES = 32
# Rows have few sizes, so that a size tells nothing of what was said.
BLOCK_BYTES = 512

# Slots whose values Rasa makes anew; keeping them would only cost room.
NOT_KEPT = ("session_started_metadata",)


class Taken(NamedTuple):
    """A turn by its id, with what was said to it."""

    turn: str
    said: list[Any]


NOTHING_TAKEN = Taken("", [])

# The turn under way; what is said to it is added while Rasa works on it.
turn_under_way: ContextVar[Taken] = ContextVar("turn_under_way", default=NOTHING_TAKEN)


class SealedTrackerStore(TrackerStore):
    """Keeps each conversation sealed until it has been idle for too long."""

    def __init__(
        self,
        domain: Domain,
        event_broker: EventBroker | None = None,
        data: str = "",
        redis: str | None = None,
        idle_minutes: Any = 30,
        **kwargs: Any,
    ) -> None:
        self.rows = rows_at(redis or data, float(idle_minutes) * 60)
        super().__init__(domain, event_broker, **kwargs)

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Seals the compacted conversation with the turn under way; not one that was erased."""
        turn = turn_under_way.get()
        state = {
            "events": [event.as_dict() for event in compacted(tracker)],
            "turn": turn.turn,
            "said": spoken(turn.said),
        }
        sealed = seal(tracker.sender_id, padded(json.dumps(state).encode()))
        self.rows.put(hashed(tracker.sender_id), sealed)

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """The conversation of an id; None when there is none or it has been idle too long."""
        state = self.state(sender_id)
        if state is None:
            return None
        return DialogueStateTracker.from_dict(sender_id, state["events"], self.domain.slots)

    async def keys(self) -> Iterable[str]:
        """No ids: they are not kept, only their hashes."""
        return []

    def latest(self, sender_id: str) -> Taken:
        """The latest turn of a conversation, with what was said to it."""
        state = self.state(sender_id)
        return Taken(state["turn"], state["said"]) if state else NOTHING_TAKEN

    def slots(self, sender_id: str, names: AbstractSet[str]) -> dict[str, Any] | None:
        """Some slots of a conversation; None when there is no such conversation."""
        state = self.state(sender_id)
        if state is None:
            return None
        kept = (event for event in state["events"] if event.get("event") == "slot")
        return {each["name"]: each["value"] for each in kept if each["name"] in names}

    def erase(self, name: bytes, *, under_way: bool) -> None:
        """Drops the conversation whose id has this hash, now and for good."""
        self.rows.erase(name, under_way=under_way)

    def state(self, sender_id: str) -> dict[str, Any] | None:
        """What is kept of a conversation; None when there is nothing that can be opened."""
        sealed = self.rows.get(hashed(sender_id))
        if sealed is None:
            return None
        try:
            return dict(json.loads(unseal(sender_id, sealed)))
        except (InvalidTag, ValueError):
            return None  # damaged, or sealed by another version


def spoken(messages: list[Any]) -> list[Any]:
    """What an action of ours said, among all that a channel collected."""
    return [each["custom"] for each in messages if "custom" in each]


def padded(state: bytes) -> bytes:
    """The state with spaces after it, up to a whole number of blocks."""
    return state + b" " * (-len(state) % BLOCK_BYTES)


def compacted(tracker: DialogueStateTracker) -> list[Event]:
    """A conversation as the few events that give the same state: slots, open form, listening."""
    slots = [
        SlotSet(name, slot.value)
        for name, slot in tracker.slots.items()
        if name not in NOT_KEPT and slot.value != slot.initial_value
    ]
    loop = tracker.active_loop_name
    return [
        ActionExecuted("action_session_start"),
        *([ActiveLoop(loop)] if loop else []),
        *slots,
        ActionExecuted("action_listen"),
    ]


def hashed(sender_id: str) -> bytes:
    """The name under which a conversation is kept."""
    return hashlib.sha256(sender_id.encode()).digest()


def cipher(sender_id: str) -> ChaCha20Poly1305:
    """The cipher whose key only the conversation's id gives."""
    derived = HKDF(SHA256(), KEY_BYTES, salt=None, info=b"foothold tracker")
    return ChaCha20Poly1305(derived.derive(sender_id.encode()))


def seal(sender_id: str, state: bytes) -> bytes:
    """The state, sealed."""
    nonce = os.urandom(NONCE_BYTES)
    return nonce + cipher(sender_id).encrypt(nonce, state, hashed(sender_id))


def unseal(sender_id: str, sealed: bytes) -> bytes:
    """What was sealed; raises InvalidTag when the id is not the one it was sealed with."""
    nonce, state = sealed[:NONCE_BYTES], sealed[NONCE_BYTES:]
    return cipher(sender_id).decrypt(nonce, state, hashed(sender_id))
