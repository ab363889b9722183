"""What everything here is given: the bot, the door, the words, and the chats that are held."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from bot.content import Content
from bot.conversation import Door
from bot.keeping import ShelfDown
from bot.moving import Moves
from bot.telegram.api import Closed, Telegram, Unreachable
from bot.telegram.chat import DAY, DELETABLE_SECONDS, RETRY_SECONDS, Chat, Keys
from bot.telegram.district import District
from bot.telegram.shaping import Part
from bot.telegram.shelf import ChatShelf
from bot.telegram.words import Words

log = logging.getLogger("foothold.telegram")

# After a crash, so many ids before the first new message are looked at for one that went out twice.
MOST_DOUBTED = 300
SHELF_PAUSE = 0.3  # seconds


@dataclass(frozen=True)
class Customs:
    """How this bot behaves: its cover, the word that opens it for new people, and its times.

    `minutes` is after how many silent ones a chat is cleared; `page` the address of the web chat.
    """

    cover: str
    word: str = ""
    minutes: int = 15
    language: str = "en"
    page: str = ""


@dataclass
class Room:
    """What everything here is given.

    `finished` is told of updates that need not come again, `patience` is for how many seconds a
    chat is waited for that can't be looked up.
    """

    telegram: Telegram
    door: Door
    content: Content
    shelf: ChatShelf
    moves: Moves
    district: District
    keys: Keys
    customs: Customs
    clock: Callable[[], float] = time.time
    finished: Callable[[int], None] = lambda _: None
    patience: float = 20.0
    chats: dict[int, Chat] = field(default_factory=dict)
    locks: dict[int, asyncio.Lock] = field(default_factory=dict)

    def now(self) -> int:
        """The time (Unix seconds)."""
        return int(self.clock())

    def words(self, chat: Chat) -> Words:
        """The words for a chat."""
        wording = self.door.words_beside(chat.language or self.customs.language)
        return Words(wording, wording.words.covers[self.customs.cover])

    async def chat(self, identity: int) -> Chat:
        """A chat: held, kept, or new; raises ShelfDown where nobody can say which."""
        if identity not in self.chats:
            kept = await self.kept(identity)
            # Somebody else may have asked meanwhile; all must hold the same one.
            self.chats.setdefault(identity, kept or self.new_chat(identity))
        return self.chats[identity]

    async def kept(self, identity: int) -> Chat | None:
        """A chat, if it is kept; waits for who keeps it, and raises ShelfDown after a while.

        One that can't be looked up must not be taken for a new one: its messages would stay.
        """
        loop = asyncio.get_running_loop()
        until = loop.time() + self.patience
        while True:
            try:
                return await self.shelf.get(identity)
            except ShelfDown:
                if loop.time() >= until:
                    raise
            await asyncio.sleep(SHELF_PAUSE)

    def new_chat(self, identity: int) -> Chat:
        """A chat of which nothing is known."""
        return Chat(identity, used=self.now(), minutes=self.customs.minutes)

    def holds(self, chat: Chat) -> bool:
        """Whether a chat is still the one that is held: nobody has left it meanwhile."""
        return self.chats.get(chat.id) is chat

    def lock(self, identity: int) -> asyncio.Lock:
        """One at a time attends to a chat; only leaving waits for nobody."""
        return self.locks.setdefault(identity, asyncio.Lock())

    def let_go(self, chat: Chat) -> None:
        """Holds a chat no longer; it is kept, or there is nothing in it."""
        self.chats.pop(chat.id, None)
        self.locks.pop(chat.id, None)

    async def keep(self, chat: Chat, taken: Sequence[int] = ()) -> None:
        """Keeps a chat, and that updates were taken; where nobody keeps it now, it is held here."""
        if not self.holds(chat):
            return
        try:
            if self.is_nothing(chat):
                await self.shelf.drop(chat.id, taken)
            else:
                await self.shelf.put(chat, taken)
        except ShelfDown:
            log.warning("chat_not_kept")
            return
        for update in taken:
            self.finished(update)

    async def drop(self, chat: Chat, taken: Sequence[int]) -> None:
        """Keeps nothing of a chat any more, but that updates were taken."""
        try:
            await self.shelf.drop(chat.id, taken)
        except ShelfDown:
            log.warning("chat_not_dropped")

    def is_nothing(self, chat: Chat) -> bool:
        """Whether there is nothing to remember of a chat: the cover needs nothing."""
        return not (
            chat.open or chat.word or chat.messages or chat.owed or chat.move or chat.remains
        )

    # --- Saying -----------------------------------------------------------------------------------

    async def say(self, chat: Chat, parts: Iterable[Part], taken: Sequence[int] = ()) -> None:
        """Says something, once, whatever happens meanwhile; then the chat owes nothing."""
        chat.owed += parts
        await self.pay(chat, taken)

    async def pay(self, chat: Chat, taken: Sequence[int] = ()) -> None:
        """Says all that is owed. What was under way when the process died is not said twice."""
        if not chat.owed:
            await self.keep(chat, taken)
        while chat.owed:
            doubted, chat.sending = chat.sending, True
            await self.keep(chat, taken)
            taken = ()
            if not await self.send(chat, chat.owed[0], doubted=doubted):
                return
            await self.keep(chat)

    async def send(self, chat: Chat, part: Part, *, doubted: bool) -> bool:
        """Sends one message and remembers it; whether the chat still goes on."""
        before = max(chat.messages, default=0)
        data = chat.new_keys(part) if part.rows else {}
        try:
            sent = await self.telegram.say(chat.id, part, data)
        except Closed:
            await self.erase(chat)
            return False
        except Unreachable:
            log.warning("message_not_sent")
            return False
        if not self.holds(chat):
            # Somebody left while it was on its way.
            await self.quietly_deleted(chat.id, {sent.message})
            return False
        if not part.stays:
            chat.add(sent.message, sent.sent, theirs=False)
        if part.rows:
            chat.keyboards[part.kind] = sent.message
        chat.owed.pop(0)
        chat.sending = False
        if doubted and before:
            first = max(before + 1, sent.message - MOST_DOUBTED)
            await self.quietly_deleted(chat.id, set(range(first, sent.message)))
        return True

    async def say_last(self, chat: Chat, parts: Iterable[Part]) -> None:
        """Says something in a chat that is no longer held."""
        for part in parts:
            try:
                await self.telegram.say(chat.id, part, {})
            except (Closed, Unreachable):
                return

    # --- Taking away ------------------------------------------------------------------------------

    async def quietly_deleted(self, chat: int, messages: set[int]) -> None:
        """Deletes messages; where that fails, nobody is told."""
        try:
            await self.telegram.delete(chat, messages)
        except (Closed, Unreachable):
            log.warning("messages_not_deleted")

    async def clear(self, chat: Chat, older_than: int | None = None) -> None:
        """Deletes the messages of both sides; what can't be deleted is made neutral.

        `older_than`: only those sent before (Unix time). What could not be reached stays
        remembered, so that it is tried again.
        """
        wanted = {
            each for each, at in chat.messages.items() if older_than is None or at < older_than
        }
        oldest = self.now() - DELETABLE_SECONDS
        late = {each for each in wanted if chat.messages[each] <= oldest}
        try:
            left = late | await self.telegram.delete(chat.id, wanted - late)
        except Closed:
            left = set()
        except Unreachable:
            log.warning("messages_not_deleted")
            chat.tidy_at = self.now() + RETRY_SECONDS
            return
        cover = self.words(chat).cover
        for each in sorted(left - chat.theirs):
            await self.telegram.rewrite(chat.id, each, cover.says["welcome"])
        chat.remains = chat.remains or bool(left & chat.theirs)
        chat.gone(wanted)

    async def erase(self, chat: Chat, taken: Sequence[int] = ()) -> None:
        """Forgets a chat and its talk at once, here and behind."""
        conversation = chat.conversation
        self.chats.pop(chat.id, None)
        chat.closed()
        if conversation:
            await self.door.forget(conversation)
        await self.drop(chat, taken)

    async def end_talk(self, chat: Chat) -> None:
        """Ends the talk of a chat, whose words stay."""
        if chat.conversation:
            await self.door.forget(chat.conversation)
        chat.closed()


def days_in(seconds: int) -> int:
    """Whole days, one at least."""
    return max(1, round(seconds / DAY))
