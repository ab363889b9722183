"""What arrived from Telegram, without anybody's name: all that is not needed is dropped here."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from telegram import CallbackQuery, ChatMemberUpdated, Message, Update
from telegram.constants import ChatMemberStatus, ChatType

from bot.telegram.periods import seconds_in

COMMAND = "/"
# What is in a message that is no text, in the order in which it is looked for.
OTHER = (
    "contact", "sticker", "voice", "audio", "video_note", "video", "animation", "photo", "document",
    "dice", "poll", "story", "game", "venue",
)  # fmt: skip


class Kind(StrEnum):
    """What arrived."""

    TEXT = "text"
    COMMAND = "command"
    PRESS = "press"
    LOCATION = "location"
    TIMER = "timer"
    OTHER = "other"
    GONE = "gone"
    BACK = "back"
    GROUP = "group"
    NOTHING = "nothing"


@dataclass(frozen=True)
class Heard:
    """One update, as far as Foothold looks at it.

    `update` is its number, `chat` and `message` Telegram's ids, `sent` when it was sent (Unix
    time). `text` is what was written, the command without its slash, or the data of a button;
    `press` the id under which a press has to be answered. `language` is what the app is set to.
    """

    update: int
    kind: Kind
    chat: int
    message: int = 0
    sent: int = 0
    text: str = ""
    press: str = ""
    language: str = ""
    point: tuple[float, float] | None = None
    live: bool = False
    seconds: int = 0
    album: str = ""

    @property
    def turn(self) -> str:
        """The id of the turn that this is in a talk: the same when it comes again."""
        return f"t{self.update}"


def heard_in(update: Update) -> Heard:
    """What an update says."""
    number = update.update_id
    if update.my_chat_member:
        return of_membership(number, update.my_chat_member)
    if update.callback_query:
        return of_press(number, update.callback_query)
    message = update.message or update.edited_message
    if message is None:
        return Heard(number, Kind.NOTHING, 0)
    if message.chat.type != ChatType.PRIVATE:
        return Heard(number, Kind.GROUP, message.chat.id)
    return of_message(number, message, edited=update.edited_message is not None)


def of_membership(number: int, changed: ChatMemberUpdated) -> Heard:
    """The bot was blocked, deleted, taken up again, or put into a group."""
    if changed.chat.type != ChatType.PRIVATE:
        left = changed.new_chat_member.status in {ChatMemberStatus.LEFT, ChatMemberStatus.BANNED}
        return Heard(number, Kind.NOTHING if left else Kind.GROUP, changed.chat.id)
    gone = changed.new_chat_member.status == ChatMemberStatus.BANNED
    return Heard(number, Kind.GONE if gone else Kind.BACK, changed.chat.id)


def of_press(number: int, query: CallbackQuery) -> Heard:
    """A button was pressed."""
    message = query.message
    if message and message.chat.type != ChatType.PRIVATE:
        return Heard(number, Kind.NOTHING, query.from_user.id, press=query.id)
    return Heard(
        number,
        Kind.PRESS,
        query.from_user.id,  # a chat with one person has that person's id
        message.message_id if message else 0,
        text=query.data or "",
        press=query.id,
        language=language_of(query.from_user.language_code),
    )


def of_message(number: int, message: Message, *, edited: bool) -> Heard:
    """A message to the bot; what was edited or passed on counts as no text."""
    said: dict[str, Any] = {
        "message": message.message_id,
        "sent": int(message.date.timestamp()),
        "language": language_of(message.from_user.language_code if message.from_user else None),
        "album": message.media_group_id or "",
    }
    if message.location:
        point = (message.location.latitude, message.location.longitude)
        live = bool(message.location.live_period)
        return Heard(number, Kind.LOCATION, message.chat.id, point=point, live=live, **said)
    if message.message_auto_delete_timer_changed:
        changed = message.message_auto_delete_timer_changed
        seconds = seconds_in(changed.message_auto_delete_time)
        return Heard(number, Kind.TIMER, message.chat.id, seconds=seconds, **said)
    if edited or message.forward_origin or not message.text:
        what = "edited" if edited else "forward" if message.forward_origin else kind_of(message)
        return Heard(number, Kind.OTHER, message.chat.id, text=what, **said)
    text = message.text
    if text.startswith(COMMAND) and len(text) > 1:
        command = text[1:].split(maxsplit=1)[0].partition("@")[0].lower()
        return Heard(number, Kind.COMMAND, message.chat.id, text=command, **said)
    return Heard(number, Kind.TEXT, message.chat.id, text=text, **said)


def kind_of(message: Message) -> str:
    """What a message holds that is no text."""
    return next((kind for kind in OTHER if getattr(message, kind, None)), "other")


def language_of(code: str | None) -> str:
    """The language of a code such as es-MX."""
    return (code or "").partition("-")[0].lower()
