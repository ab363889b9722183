"""Proof of work: a visitor's browser does a little work before a chat begins, a flood very much.

An operator switches it on (FOOTHOLD_PROOF_OF_WORK) when somebody floods the chat with new
conversations. It looks at nobody's address and keeps nothing about anybody: a puzzle is signed, not
remembered, and a solved one only until it would have expired.

The method is hashcash (Back, 2002): find a number for which SHA-256 of "challenge:number" begins
with so many zero bits.
"""

import hashlib
import hmac
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass

from limits import parse
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter

LIFE = 300
"""Seconds in which a puzzle has to be solved."""
LONGEST = 200
WITHOUT_WORK = parse("20/minute")
"""How many may begin who can't do the work, all together: nobody is told from anybody else."""


@dataclass(frozen=True)
class Puzzle:
    """What has to be solved: `bits` is how many zero bits the hash must begin with."""

    challenge: str
    bits: int


class Work:
    """Gives out puzzles and takes each solution once; with no bits there is no work to do."""

    def __init__(self, bits: int = 0, clock: Callable[[], float] = time.monotonic) -> None:
        self.bits = bits
        self.clock = clock
        self._key = secrets.token_bytes(32)
        self._limiter = FixedWindowRateLimiter(MemoryStorage())
        self._spent: dict[str, int] = {}  # challenges by the time they expire, the oldest first

    def puzzle(self) -> Puzzle:
        """A new puzzle."""
        expires = int(self.clock()) + LIFE
        named = f"{expires}.{secrets.token_hex(12)}"
        return Puzzle(f"{named}.{self._signed(named)}", self.bits)

    def done(self, solution: str | None) -> bool:
        """Whether a solution, "challenge:number", is right, in time, and not taken before."""
        if not self.bits:
            return True
        solution = solution or ""
        challenge, _, _ = solution.rpartition(":")
        if len(solution) > LONGEST or not self._is_open(challenge):
            return False
        if zero_bits(hashlib.sha256(solution.encode("utf-8", "replace")).digest()) < self.bits:
            return False
        self._spent[challenge] = expiry(challenge)
        return True

    def spared(self) -> bool:
        """Whether somebody may begin who can't do the work: their browser runs no scripts."""
        return not self.bits or self._limiter.hit(WITHOUT_WORK)

    def _is_open(self, challenge: str) -> bool:
        """Whether a challenge is one of ours, not expired and not spent."""
        self._drop_expired()
        named, _, signature = challenge.rpartition(".")
        given = signature.encode("utf-8", "replace")
        ours = hmac.compare_digest(given, self._signed(named).encode())
        return ours and expiry(challenge) > self.clock() and challenge not in self._spent

    def _signed(self, named: str) -> str:
        """Our signature under a challenge."""
        return hmac.new(self._key, named.encode("utf-8", "replace"), "sha256").hexdigest()

    def _drop_expired(self) -> None:
        """Forgets spent challenges that could not be used again anyway."""
        while self._spent:
            oldest = next(iter(self._spent))
            if self._spent[oldest] > self.clock():
                return
            del self._spent[oldest]


def expiry(challenge: str) -> int:
    """When a challenge of ours expires, in seconds of our clock."""
    return int(challenge.partition(".")[0])


def zero_bits(digest: bytes) -> int:
    """How many zero bits a hash begins with."""
    return len(digest) * 8 - int.from_bytes(digest, "big").bit_length()
