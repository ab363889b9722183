"""What is held of one Telegram chat: sealed, under a name that only the bot's token gives.

Deleting needs Telegram's own id of the chat, which a keyed hash can't give back; so it stands in
the sealed row, and nowhere else. Names are never in it.
"""

from __future__ import annotations

import hmac
import json
import secrets
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from nacl.exceptions import CryptoError
from nacl.secret import Aead

from bot.store.lives import WORDS_KEPT_DAYS
from bot.telegram.shaping import Part, kind_of, part_from

BLOCK = 1024  # bytes: rows are padded to whole blocks, so that their size tells little
LENGTH_BYTES = 4
KEY_BYTES = 8
MINUTE, HOUR, DAY = 60, 3600, 86_400

DELETABLE_SECONDS = 48 * HOUR
"""Telegram lets nobody delete an older message (Bot API, deleteMessage)."""

HARD_SECONDS = 46 * HOUR + 30 * MINUTE
"""Nothing gets older than this: half an hour is left for a sweep that has to be tried again."""

UNTIDY_DAYS = 7
"""So long a program that was switched off still finds messages of ours, to make them neutral."""

RETRY_SECONDS = 60
NEVER = 2**62


@dataclass
class Chat:
    """One chat, as far as Foothold has to know it.

    `id` is Telegram's. `open` tells whether Foothold speaks in it, or the cover. `conversation` is
    the key to the talk, `shown` the turn whose answer stands there. `messages` are those of both
    sides that are to be deleted, by id, and when they were sent. `keys` say what the data of a
    button does, under the message `keyboard`. `asks` is what the next words are the answer to
    where it was not the talk that asked. `word` and `second` are keyed hashes. `owed` is what is
    still to be said, and `sending` whether the first of it may have gone out. `remains` tells that
    some of the person's own messages were too old to be deleted, `tidy_at` when what still lies
    behind the cover is deleted.
    """

    id: int
    language: str = ""
    open: bool = False
    conversation: str = ""
    shown: str = ""
    used: int = 0
    minutes: int = 15
    messages: dict[int, int] = field(default_factory=dict)
    theirs: set[int] = field(default_factory=set)
    keys: dict[str, str] = field(default_factory=dict)
    keyboards: dict[str, int] = field(default_factory=dict)
    asks: str = ""
    word: str = ""
    second: str = ""
    owed: list[Part] = field(default_factory=list)
    sending: bool = False
    remains: bool = False
    move: str = ""
    move_ends: int = 0
    album: str = ""
    tidy_at: int = 0

    def due(self) -> int:
        """When something has to be done next without being asked (Unix time)."""
        if self.owed:
            return 0
        ends = [self.used + self.minutes * MINUTE] if self.open else []
        ends += [self.move_ends] if self.move else []
        if self.messages:
            oldest = min(self.messages.values())
            ends.append(oldest + HARD_SECONDS if self.open else self.tidy_at)
        return min(ends, default=NEVER)

    def until(self) -> int:
        """When nothing of it is kept any more (Unix time)."""
        return self.used + (WORDS_KEPT_DAYS if self.word else UNTIDY_DAYS) * DAY

    def add(self, message: int, sent: int, *, theirs: bool) -> None:
        """Remembers a message that is to be deleted."""
        self.messages[message] = sent
        if theirs:
            self.theirs.add(message)

    def gone(self, messages: set[int]) -> None:
        """Forgets messages that are no longer there."""
        self.messages = {each: at for each, at in self.messages.items() if each not in messages}
        self.theirs -= messages

    def new_keys(self, part: Part) -> dict[str, str]:
        """Data for the buttons of a message, by what they do: random, and known here alone.

        They take the place of older ones of their kind.
        """
        made = {key.does: secrets.token_urlsafe(KEY_BYTES) for row in part.rows for key in row}
        self.used_up(part.kind)
        self.keys |= {data: does for does, data in made.items()}
        return made

    def used_up(self, kind: str) -> int:
        """The buttons of a kind do nothing any more; the message that has them, or 0."""
        self.keys = {data: does for data, does in self.keys.items() if kind_of(does) != kind}
        return self.keyboards.pop(kind, 0)

    def closed(self) -> None:
        """The cover speaks again: nothing of the talk is held but what opens another."""
        self.open = False
        self.conversation = self.shown = self.asks = self.album = ""
        self.keys, self.keyboards = {}, {}
        self.owed, self.sending = [], False

    def as_record(self) -> dict[str, Any]:
        """All of it as JSON takes it."""
        whole = {each.name: getattr(self, each.name) for each in fields(self)}
        return {
            **whole,
            "messages": {str(each): at for each, at in self.messages.items()},
            "theirs": sorted(self.theirs),
            "owed": [part.as_record() for part in self.owed],
        }


def chat_from(record: Mapping[str, Any]) -> Chat:
    """A chat from its record."""
    known = {each.name for each in fields(Chat)}
    whole = {name: value for name, value in record.items() if name in known}
    whole |= {
        "messages": {int(each): at for each, at in record["messages"].items()},
        "theirs": set(record["theirs"]),
        "owed": [part_from(part) for part in record["owed"]],
    }
    return Chat(**whole)


class Keys:
    """What the bot's token gives: names, a key for what is kept, and hashes of chosen words."""

    def __init__(self, token: str) -> None:
        self._name = derived(token, "name")
        self._seal = derived(token, "seal")
        self._word = derived(token, "word")
        self.webhook = derived(token, "webhook").hex()

    def name(self, chat: int) -> bytes:
        """The keyed hash under which a chat is kept: nobody finds it without the token."""
        return hmac.digest(self._name, str(chat).encode(), "sha256")

    def seal(self, chat: Chat) -> bytes:
        """A chat, padded and sealed (XChaCha20-Poly1305), bound to its name."""
        data = json.dumps(chat.as_record()).encode()
        whole = len(data).to_bytes(LENGTH_BYTES) + data
        padded = whole.ljust(-(-len(whole) // BLOCK) * BLOCK, b"\0")
        return bytes(Aead(self._seal).encrypt(padded, self.name(chat.id)))

    def unseal(self, sealed: bytes, name: bytes) -> Chat | None:
        """A chat that was sealed under this name; None where it can't be read."""
        try:
            whole = Aead(self._seal).decrypt(sealed, name)
            length = int.from_bytes(whole[:LENGTH_BYTES])
            return chat_from(json.loads(whole[LENGTH_BYTES : LENGTH_BYTES + length]))
        except (CryptoError, ValueError, TypeError, KeyError):
            return None

    def word(self, chat: int, text: str) -> str:
        """The keyed hash of a word in a chat, whatever its case, accents and spaces."""
        return hmac.digest(self._word, f"{chat} {folded(text)}".encode(), "sha256").hex()


def derived(token: str, purpose: str) -> bytes:
    """A key of its own for each purpose (HMAC-SHA-256 of the token's)."""
    return hmac.digest(token.encode(), f"foothold telegram {purpose}".encode(), "sha256")


def folded(text: str) -> str:
    """Words without case, accents and spaces."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(char for char in apart if char.isalnum())
