"""What could be handed over: all that is kept under a code, as it lies there."""

import hashlib
from base64 import b64encode
from dataclasses import dataclass
from typing import Any

from bot.rasa_server.sealed_rows import Found, Rows

NOTHING = "Nothing. No talk is kept under this code, whether there ever was one or not."
SEALED = (
    "A talk is kept: {size} bytes, sealed. They are dropped in {minutes} minutes at the latest, "
    "and at once when the visitor leaves.\n"
    "Foothold has no key to them. The code itself is the key: only who has the code can open them."
)
ERASED = (
    "No talk. A talk was erased under this code. Only this is remembered, for {minutes} more "
    "minutes; nothing that was said."
)
IN_MEMORY = (
    "While a talk goes on, the running chat also holds its latest answer in memory. No command can "
    "reach it."
)
NEVER = (
    "Not kept, so nobody can hand it over: addresses, names of devices, words in logs, and "
    "anything of a talk that was erased, or silent, more than {idle} minutes ago."
)


@dataclass(frozen=True)
class Demand:
    """All that a code brings.

    `idle_minutes` is how long a talk may be silent before it is dropped.
    """

    name: str
    found: Found
    idle_minutes: int

    def __str__(self) -> str:
        """In words."""
        brought = "\n".join([self.brought, IN_MEMORY] if self.found.sealed else [self.brought])
        return f"{brought}\n\n{NEVER.format(idle=self.idle_minutes)}"

    @property
    def brought(self) -> str:
        """What the code brings, in words."""
        if self.found.sealed:
            return SEALED.format(size=len(self.found.sealed), minutes=self.minutes)
        return ERASED.format(minutes=self.minutes) if self.found.erased else NOTHING

    @property
    def minutes(self) -> int:
        """Whole minutes until the last of it is dropped."""
        return int(self.found.ends_in // 60) + 1

    def for_machines(self) -> dict[str, Any]:
        """The very bytes, and the name that they lie under."""
        return {
            "stored_under": self.name,
            "sealed": b64encode(self.found.sealed).decode() or None,
            "dropped_in_seconds": round(self.found.ends_in) or None,
            "erased": self.found.erased,
        }


def demand(code: str, rows: Rows, idle_minutes: int) -> Demand:
    """All that is kept under a code, which is what a visitor's page has as its conversation."""
    name = hashlib.sha256(code.encode("utf-8", "replace")).digest()
    return Demand(name.hex(), rows.found(name), idle_minutes)
