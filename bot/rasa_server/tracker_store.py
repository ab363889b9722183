"""Where Rasa keeps conversations: in memory, sealed, short, and not for long.

What is kept is sealed with a key that only the conversation's own id gives, and stored under
the id's hash: who reads this memory without the id reads nothing. A tracker is compacted to
its slots and the open form, so that turn 200 costs what turn 5 costs.
"""

import hashlib
import json
import os
import time
from collections.abc import Iterable
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, ActiveLoop, Event, SlotSet
from rasa.shared.core.trackers import DialogueStateTracker

NONCE_BYTES = 12
KEY_BYTES = 32
SWEEP_SECONDS = 30

# Slots whose values Rasa makes anew; keeping them would only cost room.
NOT_KEPT = ("session_started_metadata",)


class SealedTrackerStore(TrackerStore):
    """Keeps each conversation sealed in memory until it has been idle for too long."""

    def __init__(
        self,
        domain: Domain,
        event_broker: EventBroker | None = None,
        idle_minutes: Any = 30,
        **kwargs: Any,
    ) -> None:
        self.idle_seconds = float(idle_minutes) * 60
        self.kept: dict[bytes, bytes] = {}
        self.used: dict[bytes, float] = {}
        self.next_sweep = 0.0
        super().__init__(domain, event_broker, **kwargs)

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Seals the compacted conversation; one without events is forgotten."""
        self.sweep()
        name = hashed(tracker.sender_id)
        if not tracker.events:
            self.forget(name)
            return
        state = json.dumps([event.as_dict() for event in compacted(tracker)])
        self.kept[name] = seal(tracker.sender_id, state.encode())
        self.used[name] = time.monotonic()

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """The conversation of an id; None when there is none or it has been idle too long."""
        self.sweep()
        sealed = self.kept.get(hashed(sender_id))
        if sealed is None:
            return None
        events = json.loads(unseal(sender_id, sealed))
        return DialogueStateTracker.from_dict(sender_id, events, self.domain.slots)

    async def keys(self) -> Iterable[str]:
        """No ids: they are not kept, only their hashes."""
        return []

    def sweep(self) -> None:
        """Forgets what has been idle for too long; looks through all of it now and then only."""
        now = time.monotonic()
        if now < self.next_sweep:
            return
        self.next_sweep = now + SWEEP_SECONDS
        for name in [name for name, used in self.used.items() if now - used > self.idle_seconds]:
            self.forget(name)

    def forget(self, name: bytes) -> None:
        """Drops a conversation."""
        self.kept.pop(name, None)
        self.used.pop(name, None)


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
