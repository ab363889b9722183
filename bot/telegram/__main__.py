"""Runs the bot until it is stopped: `python -m bot.telegram`, started by `foothold run`."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import sys
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import uvicorn

from bot.channels import TELEGRAM
from bot.content import Content, load
from bot.doorway import door_with, to_internal
from bot.keeping import ShelfDown
from bot.moving import Moves
from bot.rasa_client import RasaClient
from bot.rasa_server.private_memory import keep_memory_private
from bot.rasa_server.wordless_logging import log_without_words
from bot.settings import LOOPBACK, TelegramSettings, load_or_exit
from bot.supervisor import NOT_AGAIN
from bot.telegram.api import Look, Telegram, Unreachable, WrongToken
from bot.telegram.attendant import Attendant
from bot.telegram.chat import Keys
from bot.telegram.district import InternalDistrict
from bot.telegram.pace import Pace
from bot.telegram.receiving import UNREACHABLE, Inbox, Patience, Polling, webhook
from bot.telegram.room import Customs, Room
from bot.telegram.shelf import InternalShelf
from bot.telegram.sweeping import Sweeper

PICTURES = Path(__file__).parent.parent / "content" / "pictures"
SHELF_PATIENCE = 0.5  # seconds between two questions to the internal app, while it starts


def tell(words: str) -> None:
    """Tells the person at the terminal, by way of the supervisor."""
    with contextlib.suppress(OSError):
        print(f"telegram: {words}", flush=True)


def built(settings: TelegramSettings, content: Content, internal: httpx.AsyncClient) -> Built:
    """All parts of the bot."""
    token = settings.telegram_token.get_secret_value()
    keys = Keys(token)
    rasa, door = door_with(settings, content, TELEGRAM, internal)
    room = Room(
        telegram=Telegram(token, settings.telegram_api, Pace(settings.telegram_pause)),
        door=door,
        content=content,
        shelf=InternalShelf(internal, keys),
        moves=Moves(internal),
        district=InternalDistrict(internal),
        keys=keys,
        customs=Customs(
            cover=settings.telegram_cover,
            word=settings.telegram_word.get_secret_value(),
            minutes=settings.telegram_clear_minutes,
            language=settings.default_language,
            page=settings.public_url or f"http://{LOOPBACK}:{settings.chat_port}",
        ),
    )
    return Built(settings, rasa, room)


class Built:
    """The bot with all its parts."""

    def __init__(self, settings: TelegramSettings, rasa: RasaClient, room: Room) -> None:
        self.settings = settings
        self.rasa = rasa
        self.room = room
        self.patience = Patience(tell)
        self.attendant = Attendant(room)
        attendant = self.attendant
        self.inbox = Inbox(attendant.attend, attendant.leaves, attendant.leave_now, attendant.look)
        room.finished = self.inbox.finish

    async def run(self) -> None:
        """Runs until it is cancelled; raises WrongToken."""
        name = await self.begin()
        self.inbox.remember(await self.taken())
        tell(f"answers as @{name}, behind the cover {self.settings.telegram_cover}.")
        beside = (
            self.rasa.watch(),
            self.room.door.drop_idle(),
            Sweeper(self.room, self.attendant, self.inbox).run(),
            self.dress(),
        )
        try:
            async with asyncio.TaskGroup() as group:
                for each in (*beside, self.receive()):
                    group.create_task(each)
        except* WrongToken:
            raise WrongToken from None
        finally:
            await self.inbox.stop()
            await self.room.telegram.end()

    async def begin(self) -> str:
        """The bot's name, as soon as Telegram answers."""
        while True:
            try:
                return await self.room.telegram.begin()
            except Unreachable:
                await self.patience.wait(UNREACHABLE)

    async def taken(self) -> frozenset[int]:
        """The updates that were taken before; the internal app may still be starting."""
        while True:
            try:
                return await self.room.shelf.taken()
            except ShelfDown:
                await asyncio.sleep(SHELF_PATIENCE)

    async def receive(self) -> None:
        """Takes updates as the settings say."""
        address, telegram = self.settings.telegram_webhook, self.room.telegram
        if not address:
            await telegram.poll_only()
            await Polling(telegram, self.inbox, self.patience).run()
        await telegram.use_webhook(address, self.room.keys.webhook)
        app = webhook(telegram, self.inbox, urlsplit(address).path or "/", self.room.keys.webhook)
        server = uvicorn.Server(
            uvicorn.Config(
                app,
                host=LOOPBACK,
                port=self.settings.telegram_port,
                access_log=False,
                log_config=None,
                server_header=False,
            )
        )
        await server.serve()

    async def dress(self) -> None:
        """Puts the cover on, for every language; once is enough."""
        for code in ("", *self.room.content.languages):
            language = self.room.content.language(code or self.settings.default_language)
            cover = language.covers[self.settings.telegram_cover]
            commands = tuple(cover.commands.items())
            look = cover.look
            await self.room.telegram.dress(
                Look(code, look["name"], look["about"], look["short_about"], commands)
            )
        picture = PICTURES / look["picture"]
        await self.room.telegram.show_picture(picture.read_bytes())


async def run(settings: TelegramSettings) -> None:
    """Runs the bot until a signal."""
    internal = to_internal(settings)
    running = asyncio.create_task(built(settings, load(), internal).run())
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, running.cancel)
    with contextlib.suppress(asyncio.CancelledError):
        await running
    await internal.aclose()


def main() -> None:
    """Runs the bot; a wrong token ends it with one line."""
    log_without_words()
    keep_memory_private()
    settings = load_or_exit(TelegramSettings)
    try:
        asyncio.run(run(settings))
    except WrongToken:
        tell(
            "Telegram does not know the token in FOOTHOLD_TELEGRAM_TOKEN: copy it again from "
            "@BotFather. The web chat goes on without Telegram."
        )
        sys.exit(NOT_AGAIN)


if __name__ == "__main__":
    main()
