"""Telegram's Bot API, as far as Foothold uses it: every message silent, protected, without preview.

Errors come out as three kinds only, without a word of what was sent: the token is wrong, nobody
can be reached, or the chat is closed to us.
"""

from __future__ import annotations

import io
import json
import logging
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from telegram import (
    BotCommand,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputProfilePhotoStatic,
    LinkPreviewOptions,
    Message,
    MessageEntity,
    Update,
)
from telegram.constants import BulkRequestLimit, UpdateType
from telegram.error import BadRequest, Conflict, Forbidden, InvalidToken, TelegramError
from telegram.ext import Defaults, ExtBot
from telegram.request import HTTPXRequest

from bot.telegram.names import nameless
from bot.telegram.pace import Pace
from bot.telegram.periods import seconds_in
from bot.telegram.shaping import Part

log = logging.getLogger("foothold.telegram")

WANTED = (
    UpdateType.MESSAGE,
    UpdateType.EDITED_MESSAGE,  # a live location goes on as edits, and edits are to be deleted too
    UpdateType.CALLBACK_QUERY,
    UpdateType.MY_CHAT_MEMBER,
)
MOST_AT_ONCE = int(BulkRequestLimit.MAX_LIMIT)
CONNECTIONS = 64
PATIENCE = 10.0  # seconds

DEFAULTS = Defaults(
    protect_content=True,
    disable_notification=True,
    link_preview_options=LinkPreviewOptions(is_disabled=True),
    allow_sending_without_reply=True,
)


class WrongToken(Exception):
    """Telegram does not know the token."""


class Unreachable(Exception):
    """Telegram did not answer, or not in time."""


class Closed(Exception):
    """The chat is closed to us: blocked, deleted, or never begun."""


class Doubled(Unreachable):
    """Another program takes this bot's messages."""


@dataclass(frozen=True)
class Sent:
    """A message that was sent: its id, and when (Unix time)."""

    message: int
    sent: int


class Nameless(HTTPXRequest):
    """A request whose answer has no names of anybody in it."""

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """The answer without names; a broken one is not written to any log."""
        try:
            answer = json.loads(payload.decode("utf-8", "replace"))
        except ValueError:
            raise TelegramError("Invalid server response") from None
        return nameless(answer if isinstance(answer, dict) else {})


class Telegram:
    """One bot."""

    def __init__(self, token: str, address: str, pace: Pace) -> None:
        calls = Nameless(
            connection_pool_size=CONNECTIONS,
            connect_timeout=PATIENCE,
            read_timeout=PATIENCE,
            pool_timeout=PATIENCE,
        )
        asking = Nameless(connection_pool_size=1, connect_timeout=PATIENCE)
        self._requests = (calls, asking)
        self._pace = pace
        self._bot = ExtBot(
            token,
            base_url=f"{address.rstrip('/')}/bot",
            request=calls,
            get_updates_request=asking,
            defaults=DEFAULTS,
            rate_limiter=pace,
        )

    async def begin(self) -> str:
        """The bot's own name; raises WrongToken, Unreachable."""
        try:
            await self._bot.initialize()
        except InvalidToken:
            raise WrongToken from None
        except TelegramError as error:
            raise kind_of(error) from None
        return str(self._bot.username)

    async def end(self) -> None:
        """Lets the connections go."""
        for each in self._requests:
            await each.shutdown()

    # --- What arrives -----------------------------------------------------------------------------

    async def updates(self, offset: int | None, seconds: int) -> Sequence[Update]:
        """The updates from a number on, waiting so long for one; raises Unreachable, WrongToken."""
        try:
            return await self._bot.get_updates(
                offset=offset, timeout=seconds, allowed_updates=WANTED, read_timeout=PATIENCE
            )
        except InvalidToken:
            raise WrongToken from None
        except TelegramError as error:
            raise kind_of(error) from None

    def update_in(self, told: Mapping[str, Any]) -> Update:
        """An update that came by webhook; raises TypeError, KeyError for what is none."""
        return Update.de_json(nameless({"result": dict(told)})["result"], self._bot)

    async def poll_only(self) -> None:
        """No webhook any more: Telegram then keeps updates until they are asked for."""
        await self._quietly("deleteWebhook", self._bot.delete_webhook())

    async def use_webhook(self, address: str, secret: str) -> None:
        """Has updates sent to an address, with a secret in a header; raises Unreachable."""
        try:
            await self._bot.set_webhook(address, secret_token=secret, allowed_updates=WANTED)
        except TelegramError as error:
            raise kind_of(error) from None

    # --- What is said -----------------------------------------------------------------------------

    async def say(self, chat: int, part: Part, keys: Mapping[str, str]) -> Sent:
        """Sends a message; `keys` are the data of its buttons by what they do.

        Raises Closed, Unreachable.
        """
        try:
            sent = await self._bot.send_message(
                chat,
                part.text,
                entities=[
                    MessageEntity(MessageEntity.PHONE_NUMBER, start, length)
                    for start, length in part.numbers
                ],
                reply_markup=keyboard(part, keys),
                rate_limit_args=part.urgent,
            )
        except TelegramError as error:
            raise kind_of(error) from None
        return as_sent(sent)

    def hurry(self, chat: int) -> None:
        """Somebody is in danger: what is for them goes before all else."""
        self._pace.hurry(chat)

    async def send_file(self, chat: int, name: str, data: bytes) -> Sent:
        """Sends a file, which alone can be kept; raises Closed, Unreachable."""
        try:
            sent = await self._bot.send_document(
                chat, io.BytesIO(data), filename=name, protect_content=False
            )
        except TelegramError as error:
            raise kind_of(error) from None
        return as_sent(sent)

    async def pop_up(self, press: str, text: str = "") -> None:
        """Answers a press, with a pop-up that leaves no message; never raises."""
        answer = self._bot.answer_callback_query(press, text or None, show_alert=bool(text))
        await self._quietly("answerCallbackQuery", answer)

    async def drop_keyboard(self, chat: int, message: int) -> None:
        """Takes the buttons off a message; never raises."""
        await self._quietly(
            "editMessageReplyMarkup", self._bot.edit_message_reply_markup(chat, message)
        )

    async def change_keyboard(
        self, chat: int, message: int, part: Part, keys: Mapping[str, str]
    ) -> None:
        """Puts other buttons under a message; never raises."""
        changed = self._bot.edit_message_reply_markup(
            chat, message, reply_markup=keyboard(part, keys)
        )
        await self._quietly("editMessageReplyMarkup", changed)

    # --- What is taken away -----------------------------------------------------------------------

    async def delete(self, chat: int, messages: Iterable[int]) -> set[int]:
        """Deletes messages of both sides in batches; those that Telegram does not let us delete.

        Raises Unreachable; a chat that is closed to us counts as done.
        """
        wanted, left = sorted(messages), set()
        for start in range(0, len(wanted), MOST_AT_ONCE):
            batch = wanted[start : start + MOST_AT_ONCE]
            try:
                await self._bot.delete_messages(chat, batch)
            except Forbidden:
                return set()
            except (BadRequest, InvalidToken):
                left |= await self._deleted_singly(chat, batch)
            except TelegramError as error:
                if not told_to_use_another(error):
                    raise kind_of(error) from None
                # Such a server may have given the same id to a press and to a message.
                left |= await self._deleted_singly(chat, batch)
                await self._deleted_singly(chat, batch)
        return left

    async def _deleted_singly(self, chat: int, messages: Iterable[int]) -> set[int]:
        """Deletes messages one by one; those that Telegram does not let us delete."""
        return {each for each in messages if not await self._deleted(chat, each)}

    async def _deleted(self, chat: int, message: int) -> bool:
        """Deletes one message; whether it is gone now."""
        try:
            await self._bot.delete_message(chat, message)
        except Forbidden:
            return True
        except BadRequest as error:
            return "not found" in error.message
        except InvalidToken:
            return False
        except TelegramError as error:
            raise kind_of(error) from None
        return True

    async def rewrite(self, chat: int, message: int, text: str) -> None:
        """Puts other words into a message of ours that can't be deleted any more; never raises."""
        await self._quietly("editMessageText", self._bot.edit_message_text(text, chat, message))

    # --- What is known, and how the bot looks -----------------------------------------------------

    async def timer(self, chat: int) -> int | None:
        """After how many seconds the chat deletes by itself, 0 for never; None if nobody knows."""
        try:
            return seconds_in((await self._bot.get_chat(chat)).message_auto_delete_time)
        except TelegramError:
            return None

    async def leave_group(self, chat: int) -> None:
        """Leaves a group; never raises."""
        await self._quietly("leaveChat", self._bot.leave_chat(chat))

    async def dress(self, look: Look) -> None:
        """Gives the bot the name, words, commands and picture of its cover; never raises."""
        code, bot = look.language or None, self._bot
        commands = [BotCommand(command, words) for command, words in look.commands]
        # Telegram lets a name be changed a few times a day only: what is right already stays.
        if await self._worn(bot.get_my_name(code), "name") != look.name:
            await self._quietly("setMyName", bot.set_my_name(look.name, code))
        if await self._worn(bot.get_my_description(code), "description") != look.about:
            await self._quietly("setMyDescription", bot.set_my_description(look.about, code))
        short = bot.get_my_short_description(code)
        if await self._worn(short, "short_description") != look.short_about:
            shown = bot.set_my_short_description(look.short_about, code)
            await self._quietly("setMyShortDescription", shown)
        await self._quietly("setMyCommands", bot.set_my_commands(commands, language_code=code))

    async def show_picture(self, picture: bytes) -> None:
        """Gives the bot the picture of its cover; never raises."""
        photo = InputProfilePhotoStatic(picture)
        await self._quietly("setMyProfilePhoto", self._bot.set_my_profile_photo(photo))

    async def _worn(self, call: Any, part: str) -> str:
        """How the bot looks now; empty where that can't be known."""
        try:
            return str(getattr(await call, part))
        except TelegramError:
            return ""

    async def _quietly(self, what: str, call: Any) -> None:
        """Does what must not hold anything up; what went wrong is logged by its kind."""
        try:
            await call
        except TelegramError as error:
            log.info("telegram_refused %s %s", what, type(error).__name__)


@dataclass(frozen=True)
class Look:
    """How the bot looks to people whose app speaks a language; "" is for all others."""

    language: str
    name: str
    about: str
    short_about: str
    commands: tuple[tuple[str, str], ...]


def as_sent(message: Message) -> Sent:
    """A message that was sent; other servers than Telegram's may leave out when."""
    return Sent(message.message_id, int(message.date.timestamp()) or int(time.time()))


def kind_of(error: TelegramError) -> Exception:
    """What an error of the library means here; its text, which may tell something, is dropped."""
    if isinstance(error, Conflict):
        return Doubled()
    return Closed() if isinstance(error, Forbidden) or is_no_chat(error) else Unreachable()


def is_no_chat(error: TelegramError) -> bool:
    """Whether there is no such chat (any more)."""
    return isinstance(error, BadRequest) and "chat not found" in error.message.lower()


def told_to_use_another(error: TelegramError) -> bool:
    """Whether a server other than Telegram's own does not know a method."""
    return "not supported" in error.message or "500" in error.message


def keyboard(part: Part, keys: Mapping[str, str]) -> InlineKeyboardMarkup | None:
    """The buttons under a message; their data says nothing."""
    if not part.rows:
        return None
    return InlineKeyboardMarkup(
        [
            [InlineKeyboardButton(each.title, callback_data=keys[each.does]) for each in row]
            for row in part.rows
        ]
    )
