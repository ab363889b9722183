"""A bot in this process, before a Bot API server that keeps to Telegram's limits."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from contextlib import asynccontextmanager

import pytest

from bot.channels import TELEGRAM
from bot.content import Content
from bot.content.hotlines import Hotlines
from bot.conversation import Door
from bot.keeping import ShelfDown
from bot.telegram.api import Telegram
from bot.telegram.attendant import Attendant
from bot.telegram.chat import Chat, Keys
from bot.telegram.pace import Pace
from bot.telegram.receiving import Inbox, Patience, Polling
from bot.telegram.room import Customs, Room
from bot.telegram.sweeping import Sweeper
from tests.builders import FakeRasa
from tests.telegram.server import BotApi, Person, running

TOKEN = "4711:a-made-up-token"
SECONDS = 8.0


class FakeChatShelf:
    """A shelf in memory, of sealed rows as the real one has them."""

    def __init__(self, keys: Keys, clock: Callable[[], float]) -> None:
        self.keys = keys
        self.clock = clock
        self.rows: dict[bytes, tuple[bytes, int]] = {}
        self.seen: set[int] = set()
        self.down = False

    async def put(self, chat: Chat, taken: Iterable[int]) -> None:
        self.check()
        self.rows[self.keys.name(chat.id)] = (self.keys.seal(chat), chat.due())
        self.seen |= set(taken)

    async def get(self, chat: int) -> Chat | None:
        self.check()
        name = self.keys.name(chat)
        return self.keys.unseal(self.rows[name][0], name) if name in self.rows else None

    async def drop(self, chat: int, taken: Iterable[int]) -> None:
        self.check()
        self.rows.pop(self.keys.name(chat), None)
        self.seen |= set(taken)

    async def due(self) -> list[Chat]:
        self.check()
        due = [(name, row) for name, (row, due) in self.rows.items() if due <= self.clock()]
        found = (self.keys.unseal(row, name) for name, row in due)
        return [chat for chat in found if chat]

    async def taken(self) -> frozenset[int]:
        return frozenset(self.seen)

    def check(self) -> None:
        if self.down:
            raise ShelfDown


class FakeMoves:
    """Moves in memory."""

    def __init__(self) -> None:
        self.waiting: dict[str, str] = {}

    async def begin(self, conversation: str) -> str:
        key = f"{len(self.waiting):043d}"
        self.waiting[key] = conversation
        return key

    async def waits(self, key: str) -> bool:
        return key in self.waiting

    async def take(self, key: str) -> str | None:
        return self.waiting.pop(key, None)


class FakeDistrict:
    """Knows one town."""

    def __init__(self) -> None:
        self.asked: list[tuple[float, float]] = []

    async def near(self, point: tuple[float, float], language: str) -> str:
        self.asked.append(point)
        return "Sparrowfield" if point[0] > 0 else ""


class Bot:
    """The bot with all that is behind it: fakes at the edges, nothing else."""

    def __init__(self, api: BotApi, content: Content, hotlines: Hotlines) -> None:
        self.api = api
        self.content = content
        self.hotlines = hotlines
        self.rasa = FakeRasa()
        self.keys = Keys(TOKEN)
        self.shelf = FakeChatShelf(self.keys, api.now)
        self.moves = FakeMoves()
        self.district = FakeDistrict()
        self.told: list[str] = []
        self.customs = Customs(cover="recipes", page="https://example.org")
        self.room: Room

    @asynccontextmanager
    async def running(self) -> AsyncIterator["Bot"]:
        """Runs it; when it ends, it is as if the process had died."""
        door = Door(
            self.rasa, self.content, self.hotlines, channel=TELEGRAM, country="US",
            clock=self.api.now,
        )  # fmt: skip
        telegram = Telegram(TOKEN, self.api.url, Pace(each_chat=0.0))
        self.room = Room(
            telegram, door, self.content, self.shelf, self.moves,  # type: ignore[arg-type]
            self.district, self.keys, self.customs, clock=self.api.now,
        )  # fmt: skip
        attendant = Attendant(self.room)
        inbox = Inbox(attendant.attend, attendant.leaves, attendant.leave_now, attendant.look)
        self.room.finished = inbox.finish
        self.sweeper = Sweeper(self.room, attendant, inbox)
        await telegram.begin()
        inbox.remember(await self.shelf.taken())
        polling = asyncio.create_task(Polling(telegram, inbox, Patience(self.told.append)).run())
        try:
            yield self
        finally:
            dying = [polling, *inbox._tasks]
            for task in dying:
                task.cancel()
            await asyncio.gather(*dying, return_exceptions=True)
            await telegram.end()

    async def passes(self, seconds: float) -> None:
        """Time passes, and the sweeper looks at what is due."""
        self.api.ahead += seconds
        await self.sweeper.take_up_kept()
        await self.sweeper.sweep()

    async def until(
        self,
        condition: Callable[[], object],
        failure: str = "it did not come",
        seconds: float = SECONDS,
    ) -> None:
        """Waits until something holds."""
        for _ in range(int(seconds / 0.01)):
            if condition():
                return
            await asyncio.sleep(0.01)
        raise AssertionError(failure)

    async def after(self, person: Person, does: Callable[[], object]) -> list[str]:
        """What the bot says to something: the texts of its new messages."""
        before, calls = len(person.ever), len(self.api.calls)
        does()
        await self.until(lambda: len(self.api.calls) > calls, "the bot did nothing")
        quiet, seen = 0, len(self.api.calls)
        while quiet < 12:
            await asyncio.sleep(0.01)
            quiet = quiet + 1 if len(self.api.calls) == seen else 0
            seen = len(self.api.calls)
        return [each.text for each in person.ever[before:] if each.by_bot]

    async def sends(self, person: Person, text: str = "", **more: object) -> list[str]:
        """What the bot says to something that was sent."""
        return await self.after(person, lambda: person.sends(text, **more))

    async def presses(self, person: Person, title: str) -> list[str]:
        """What the bot says to a button."""
        return await self.after(person, lambda: person.presses(title))

    def said(self, name: str, **values: object) -> str:
        """A text of telegram.yml in English."""
        values = {"emergency": "911", **values}
        return str(self.content.language("en").telegram["said"][name]).strip().format(**values)

    @property
    def welcome(self) -> str:
        """What the cover says first."""
        return self.content.language("en").covers["recipes"].says["welcome"]


@pytest.fixture
def api() -> Iterator[BotApi]:
    """A Bot API server."""
    with running(BotApi(TOKEN)) as api:
        yield api


@pytest.fixture
async def bot(api: BotApi, content: Content, hotlines: Hotlines) -> AsyncIterator[Bot]:
    """A bot that runs."""
    async with Bot(api, content, hotlines).running() as bot:
        yield bot


@pytest.fixture
async def ann(bot: Bot) -> Person:
    """Somebody whose talk has begun."""
    person = bot.api.person(
        801, first_name="Marked-First", last_name="Marked-Last", username="marked_user",
        bio="Marked-Bio",
    )  # fmt: skip
    await bot.sends(person, "/start")
    return person
