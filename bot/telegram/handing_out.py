"""The plan on Telegram: a message, a file, a reminder, or pop-ups that leave no message."""

from __future__ import annotations

from datetime import datetime, time
from itertools import chain

from telegram.constants import CallbackQueryLimit

from bot.content.planned import WordedPlan
from bot.conversation import UnknownConversation
from bot.plans.calendar import in_a_month, reminder
from bot.plans.pdf import plan_pdf
from bot.plans.text import plan_text, section_lines
from bot.rasa_client import Unavailable
from bot.telegram.api import Closed, Unreachable
from bot.telegram.chat import Chat
from bot.telegram.heard import Heard, Kind
from bot.telegram.room import Room
from bot.telegram.shaping import OWN, Key, Part, pieces

POP_UP = int(CallbackQueryLimit.ANSWER_CALLBACK_QUERY_TEXT_LENGTH)
"""What a pop-up may hold (UTF-16 units, to be on the safe side)."""

TEN = time(10)


class HandingOut:
    """Gives people their plan."""

    def __init__(self, room: Room) -> None:
        self.room = room

    async def offer(self, chat: Chat, heard: Heard) -> None:
        """The ways in which the plan can be had."""
        plan = await self.plan(chat, heard)
        if plan is None:
            return
        words = self.room.words(chat)
        keys = tuple(map(words.key, ("message", "file", "text", "reminder")))
        pop_up = Key(words.title("pop_up"), f"{OWN}:pop_up")
        parts = words.parts(words.said("plan_menu"), keys=(*keys, pop_up))
        await self.room.say(chat, parts, [heard.update])

    async def message(self, chat: Chat, heard: Heard) -> None:
        """The whole plan as a message, or as many as it takes."""
        if plan := await self.plan(chat, heard):
            parts = self.room.words(chat).parts(plan_text(plan))
            await self.room.say(chat, parts, [heard.update])

    async def file(self, chat: Chat, heard: Heard) -> None:
        """The plan as a PDF; what was written before is its password."""
        chat.asks = ""
        password = heard.text if heard.kind is Kind.TEXT else ""
        if plan := await self.plan(chat, heard):
            await self.send(chat, heard, "pdf", plan_pdf(plan, password))

    async def text(self, chat: Chat, heard: Heard) -> None:
        """The plan as a plain text."""
        if plan := await self.plan(chat, heard):
            await self.send(chat, heard, "txt", plan_text(plan).encode())

    async def reminder(self, chat: Chat, heard: Heard) -> None:
        """A reminder to look at the plan again in a month, in words that say nothing."""
        words = str(self.room.words(chat).wording.words.telegram["reminder"])
        made = reminder(words, datetime.combine(in_a_month(), TEN), "monthly")
        await self.send(chat, heard, "ics", made)

    async def pop_up(self, chat: Chat, heard: Heard, what: str) -> None:
        """One piece of the plan as a pop-up; the button then stands for the next one."""
        chat.used = self.room.now()
        number = int(what.partition(":")[2] or 0)
        shown = await self.pop_ups(chat)
        if not shown:
            await self.room.telegram.pop_up(
                heard.press, self.room.words(chat).said("plan_down")[:POP_UP]
            )
            return
        await self.room.telegram.pop_up(heard.press, shown[number % len(shown)])
        following = (number + 1) % len(shown)
        words = self.room.words(chat)
        title = words.title("next_pop_up", number=following + 1, count=len(shown))
        part = Part("", ((Key(title, f"{OWN}:pop_up:{following}"),),))
        data = chat.new_keys(part)
        await self.room.keep(chat, [heard.update])
        await self.room.telegram.change_keyboard(chat.id, heard.message, part, data)

    async def pop_ups(self, chat: Chat) -> list[str]:
        """The plan in pieces that fit into a pop-up: numbers first, then part by part."""
        try:
            plan = self.room.door.worded(await self.room.door.plan(chat.conversation))
        except (Unavailable, UnknownConversation):
            return []
        sections = ("\n".join(section_lines(each, labels=False)) for each in plan.sections)
        texts = ("\n".join(plan.numbers), "\n".join(plan.services), *sections)
        return list(chain.from_iterable(pieces(text, POP_UP) for text in texts if text))

    async def plan(self, chat: Chat, heard: Heard) -> WordedPlan | None:
        """The plan in words; where there is none, or nobody can get it, that is said."""
        words, reason = self.room.words(chat), "plan_none"
        try:
            whole = await self.room.door.plan(chat.conversation)
            if whole:
                return self.room.door.worded(whole)
        except (Unavailable, UnknownConversation):
            reason = "plan_down"
        await self.room.say(chat, words.parts(words.said(reason)), [heard.update])
        return None

    async def send(self, chat: Chat, heard: Heard, ending: str, data: bytes) -> None:
        """Sends a file with a neutral name, which alone of all that is sent can be passed on."""
        words = self.room.words(chat)
        name = f"{words.cover.look['file']}.{ending}"
        try:
            sent = await self.room.telegram.send_file(chat.id, name, data)
        except Closed:
            await self.room.erase(chat)
            return
        except Unreachable:
            await self.room.say(chat, words.parts(words.said("cannot_now")), [heard.update])
            return
        chat.add(sent.message, sent.sent, theirs=False)
        await self.room.say(chat, words.parts(words.said("file_sent")), [heard.update])
