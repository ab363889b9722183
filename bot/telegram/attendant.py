"""What is done with each thing that arrives: the talk, the cover, and all that is neither."""

from __future__ import annotations

import hmac
import logging
from collections.abc import Awaitable, Callable, Sequence
from http import HTTPStatus

from bot.conversation import Answer, Turn, UnknownConversation
from bot.keeping import ShelfDown
from bot.rasa_client import Unavailable
from bot.safety.urgent import asks_to_leave, plain, urgent_in
from bot.telegram.chat import HARD_SECONDS, MINUTE, Chat, folded
from bot.telegram.handing_out import HandingOut
from bot.telegram.heard import Heard, Kind
from bot.telegram.room import Room, days_in
from bot.telegram.shaping import OWN, TALK
from bot.telegram.words import Words

log = logging.getLogger("foothold.telegram")

LEAVING = frozenset({"leave", "clear", "exit"})
SHORTEST_WORD = 4
"""Letters; what is shorter is typed by chance."""

TIMERS = (5, 15, 60, 720)
"""Minutes after which a chat can be cleared, to choose from."""

MOVE_SECONDS = 5 * MINUTE
ASKS_WORD, ASKS_SECOND, ASKS_PASSWORD = "word", "second", "password"

Doing = Callable[[Chat, Heard], Awaitable[None]]


class Attendant:
    """Attends to one thing after another in each chat."""

    def __init__(self, room: Room) -> None:
        self.room = room
        self.handing_out = HandingOut(room)
        self.commands: dict[str, Doing] = {
            "start": self.show_again,
            "list": self.hide,
            "saved": self.offer_plan,
            "settings": self.offer_settings,
            "help": self.explain,
            "web": self.move,
        }
        self.presses: dict[str, Doing] = {
            "word": self.ask_word,
            "second": self.ask_second,
            "web": self.move,
            "message": self.handing_out.message,
            "text": self.handing_out.text,
            "reminder": self.handing_out.reminder,
            "file": self.ask_password,
            "no_password": self.handing_out.file,
        }

    async def attend(self, heard: Heard) -> None:
        """Does what one update asks for."""
        match heard.kind:
            case Kind.GROUP:
                await self.room.telegram.leave_group(heard.chat)
            case Kind.GONE:
                await self.room.erase(await self.room.chat(heard.chat), [heard.update])
            case Kind.NOTHING if heard.press:
                await self.room.telegram.pop_up(heard.press)
            case Kind.NOTHING | Kind.BACK:
                pass
            case _:
                async with self.room.lock(heard.chat):
                    try:
                        chat = await self.room.chat(heard.chat)
                    except ShelfDown:
                        await self.say_sorry(heard)
                    else:
                        await self.attend_somehow(chat, heard)

    async def say_sorry(self, heard: Heard) -> None:
        """The numbers, where nobody can say who this is: whether the cover or the talk is meant."""
        nobody = self.room.new_chat(heard.chat)
        nobody.language = self.known(heard.language)
        sorry = self.room.door.sorry("service_down", nobody.language)
        await self.room.say_last(nobody, self.room.words(nobody).answer(sorry))

    async def attend_somehow(self, chat: Chat, heard: Heard) -> None:
        """Attends to something; when anything fails, the person still gets a number to call."""
        try:
            await self.attend_in(chat, heard)
        except Exception as error:  # noqa: BLE001 - whatever fails, it ends here
            log.error("update_failed %s", type(error).__name__)  # noqa: TRY400 - no texts
            chat.owed, chat.sending = [], False
            if chat.open:
                sorry = self.room.door.sorry("service_down", chat.language)
                await self.room.say(chat, self.room.words(chat).answer(sorry), [heard.update])

    async def attend_in(self, chat: Chat, heard: Heard) -> None:
        """Does what something in a chat with one person asks for."""
        chat.language = chat.language or self.known(heard.language)
        if self.is_over(chat):
            # The sweep is about to come; nobody sees the talk of whoever was here before.
            await self.cover_again(chat)
        if heard.kind is Kind.PRESS:
            await self.press(chat, heard)
        elif chat.open:
            await self.listen(chat, heard)
        else:
            await self.behind_cover(chat, heard)

    def known(self, language: str) -> str:
        """A language that there are words in."""
        known = self.room.content.languages
        return language if language in known else self.room.customs.language

    def is_over(self, chat: Chat) -> bool:
        """Whether nobody wrote for so long that it may be somebody else who writes now."""
        return chat.open and self.room.now() - chat.used > chat.minutes * MINUTE

    # --- Leaving ----------------------------------------------------------------------------------

    def leaves(self, heard: Heard) -> bool:
        """Whether this is a word for leaving."""
        if heard.kind is Kind.COMMAND:
            return heard.text in LEAVING
        return heard.kind is Kind.TEXT and asks_to_leave(heard.text, self.room.content.urgent)

    def look(self, heard: Heard) -> None:
        """Danger waits for nobody else's talk."""
        if heard.kind is Kind.TEXT and urgent_in(heard.text, self.room.content.urgent):
            self.room.telegram.hurry(heard.chat)

    async def leave_now(self, heard: Heard, waiting: Sequence[Heard]) -> None:
        """Leaves without waiting for anything that is under way; what waits is not answered."""
        chat = await self.room.chat(heard.chat)
        chat.language = chat.language or self.known(heard.language)
        for each in (heard, *waiting):
            if each.message and each.kind is not Kind.PRESS:
                chat.add(each.message, each.sent, theirs=True)
        await self.leave(chat, [heard.update, *(each.update for each in waiting)])

    async def leave(self, chat: Chat, taken: Sequence[int]) -> None:
        """Clears the chat and erases everything at once; the cover stays behind."""
        room, held, words = self.room, chat.conversation, self.room.words(chat)
        # From now on nothing that is under way says or keeps anything here.
        room.chats.pop(chat.id, None)
        chat.closed()
        chat.word = chat.second = chat.move = ""
        await room.clear(chat)
        if held:
            await room.door.forget(held)
        texts = words.parts(words.said("remains")) if chat.remains else []
        await room.say_last(chat, [*texts, *words.as_cover(words.cover.says["welcome"])])
        chat.remains = False
        if chat.messages:
            # Telegram could not be reached: the sweep tries again.
            room.chats.setdefault(chat.id, chat)
            await room.keep(chat, taken)
        else:
            await room.drop(chat, taken)

    async def cover_again(self, chat: Chat) -> None:
        """Takes the talk out of sight; it can be opened again only with a word of one's own."""
        conversation, shown = chat.conversation, chat.shown
        await self.room.clear(chat)
        if chat.word:
            chat.closed()
            chat.conversation, chat.shown = conversation, shown
        else:
            await self.room.end_talk(chat)

    # --- The cover --------------------------------------------------------------------------------

    async def behind_cover(self, chat: Chat, heard: Heard) -> None:
        """What a chat says in which only the cover shows."""
        words, room = self.room.words(chat), self.room
        says = words.cover.says["welcome"]
        match heard.kind:
            case Kind.TEXT if urgent_in(heard.text, room.content.urgent):
                await self.warn(chat, heard)
                return
            case Kind.TEXT if self.opens(chat, heard.text):
                await self.open(chat, heard)
                return
            case Kind.COMMAND if heard.text == "start" and self.starts(chat):
                await self.open(chat, heard)
                return
            case Kind.TEXT:
                says = await self.as_cover(chat, heard)
            case Kind.COMMAND:
                says = words.cover.command(heard.text)
            case _:
                # What was sent may be telling, whoever sent it.
                await room.quietly_deleted(chat.id, {heard.message})
        await room.say(chat, room.words(chat).as_cover(says), [heard.update])

    async def warn(self, chat: Chat, heard: Heard) -> None:
        """Danger has no cover: the numbers come, and are deleted later as all else is."""
        words, room = self.room.words(chat), self.room
        chat.add(heard.message, heard.sent, theirs=True)
        chat.tidy_at = room.now() + chat.minutes * MINUTE
        await room.say(chat, words.parts(words.wording.danger(), urgent=True), [heard.update])

    async def as_cover(self, chat: Chat, heard: Heard) -> str:
        """The cover's own answer to words; it knows the names of its languages, too."""
        said = plain(heard.text)
        for code, language in self.room.content.languages.items():
            if said in language.words["language"]:
                chat.language = code
                return self.room.words(chat).cover.says["settings"]
        cover = self.room.words(chat).cover
        answer = cover.answer(heard.text)
        if answer == cover.says["none"]:
            # A slip in one's own word, or words meant for a talk that is over: neither stays.
            await self.room.quietly_deleted(chat.id, {heard.message})
        return answer

    def starts(self, chat: Chat) -> bool:
        """Whether /start opens a talk: not where a word has to be said."""
        return not (chat.word or self.room.customs.word)

    def opens(self, chat: Chat, text: str) -> bool:
        """Whether a text is the word that opens a talk here.

        The second word is looked at as well, each time and in constant time: it does nothing but
        take as long as any other.
        """
        keys, nothing = self.room.keys, "-" * 64
        said = keys.word(chat.id, text)
        ours = keys.word(chat.id, self.room.customs.word) if self.room.customs.word else nothing
        expected = chat.word or ours
        opening = hmac.compare_digest(said, expected)
        second = hmac.compare_digest(said, chat.second or nothing)
        return opening and not second

    # --- The talk ---------------------------------------------------------------------------------

    async def open(self, chat: Chat, heard: Heard) -> None:
        """Begins a talk, or goes on with the one that waits behind the person's own word."""
        room, words = self.room, self.room.words(chat)
        chat.add(heard.message, heard.sent, theirs=True)
        if heard.kind is Kind.TEXT:
            # A word that opens must not be read.
            await room.quietly_deleted(chat.id, {heard.message})
        chat.used, chat.open = room.now(), True
        texts = [words.said("remains")] if chat.remains else []
        chat.remains = False
        answer = await self.taken_up(chat) if chat.conversation else None
        if answer is None:
            notice = await self.notice(chat, words)
            chat.owed += words.parts(*texts, *notice)
            chat.conversation, answer = await room.door.open(chat.language)
            chat.shown, texts = "", []
        chat.owed += [
            *(words.parts(*texts) if texts else []),
            *self.room.words(chat).answer(answer),
        ]
        await room.say(chat, [], [heard.update])

    async def taken_up(self, chat: Chat) -> Answer | None:
        """What was said last in a talk; None where it has ended."""
        try:
            answer, chat.shown = await self.room.door.latest(chat.conversation)
        except UnknownConversation:
            return None
        except Unavailable:
            return self.room.door.sorry("service_down", chat.language)
        return answer

    async def notice(self, chat: Chat, words: Words) -> list[str]:
        """What Telegram keeps, who can see it, and what helps: said before anything else."""
        seconds = await self.room.telegram.timer(chat.id)
        timer = (
            words.said("timer_on", days=days_in(seconds)) if seconds else words.said("timer_off")
        )
        clears = words.said("clears", minutes=chat.minutes)
        return [words.said("notice"), clears, timer, words.said("commands")]

    async def listen(self, chat: Chat, heard: Heard) -> None:
        """What a chat does in which a talk goes on."""
        chat.add(heard.message, heard.sent, theirs=True)
        await self.revoke_move(chat)
        if not chat.open:
            await self.behind_cover(chat, heard)
            return
        match heard.kind:
            case Kind.TEXT:
                chat.used = self.room.now()
                await self.written(chat, heard)
            case Kind.COMMAND:
                chat.used, chat.asks = self.room.now(), ""
                # What is no command of ours are words like any others.
                await self.commands.get(heard.text, self.written)(chat, heard)
            case Kind.LOCATION:
                await self.located(chat, heard)
            case Kind.TIMER:
                await self.tell(chat, heard, "timer_changed", takes_away=True)
            case _ if heard.album and heard.album == chat.album:
                await self.take_away(chat, heard)
            case _:
                chat.album = heard.album
                await self.tell(chat, heard, other(heard.text), takes_away=True)

    async def take_away(self, chat: Chat, heard: Heard) -> None:
        """Deletes what a person sent, at once."""
        await self.room.quietly_deleted(chat.id, {heard.message})
        await self.room.keep(chat, [heard.update])

    async def tell(
        self, chat: Chat, heard: Heard, *names: str, takes_away: bool = False, **values: object
    ) -> None:
        """Says some of our own texts."""
        words = self.room.words(chat)
        if takes_away:
            await self.room.quietly_deleted(chat.id, {heard.message})
        texts = [words.said(name, **values) for name in names]
        await self.room.say(chat, words.parts(*texts), [heard.update])

    async def written(self, chat: Chat, heard: Heard) -> None:
        """Words: the answer to what was asked beside the talk, or a turn of the talk."""
        urgent = urgent_in(heard.text, self.room.content.urgent)
        asks, chat.asks = chat.asks, ""
        if asks and not urgent:
            await self.room.quietly_deleted(chat.id, {heard.message})
            answered = {
                ASKS_WORD: self.set_word,
                ASKS_SECOND: self.set_second,
                ASKS_PASSWORD: self.handing_out.file,
            }
            await answered[asks](chat, heard)
            return
        await self.take(chat, heard, Turn(text=heard.text, turn=heard.turn))

    async def take(self, chat: Chat, heard: Heard, turn: Turn) -> None:
        """Takes a turn through the door, and says what it answers."""
        room = self.room
        await self.drop_keyboard(chat, TALK)
        try:
            answer = await room.door.take(chat.conversation, turn)
        except UnknownConversation:
            if room.holds(chat):
                await self.begin_anew(chat, heard, turn)
            return
        if not room.holds(chat):
            return
        if answer.leave:
            await self.leave(chat, [heard.update])
            return
        if answer.taken and answer.status == HTTPStatus.OK:
            chat.shown = turn.turn or ""
        chat.language = answer.language
        await room.say(chat, room.words(chat).answer(answer), [heard.update])

    async def begin_anew(self, chat: Chat, heard: Heard, turn: Turn) -> None:
        """The talk has ended, since it was idle: says so, and begins another with these words."""
        room = self.room
        chat.conversation, opening = await room.door.open(chat.language)
        chat.shown = ""
        gone = room.door.sorry("conversation_gone", chat.language)
        if turn.text and urgent_in(turn.text, room.content.urgent):
            gone = await room.door.take(chat.conversation, turn)
            opening = Answer((), gone.language)
        replies = (*gone.replies, *opening.replies)
        answer = Answer(replies, opening.language, opening.country)
        await room.say(chat, room.words(chat).answer(answer), [heard.update])

    async def drop_keyboard(self, chat: Chat, kind: str) -> None:
        """Takes the buttons off that were offered last: a title tells a part of the story."""
        if message := chat.used_up(kind):
            await self.room.telegram.drop_keyboard(chat.id, message)

    async def show_again(self, chat: Chat, heard: Heard) -> None:
        """Says the latest answer again to who sends /start in the middle of a talk."""
        answer = await self.taken_up(chat)
        if answer is None:
            await self.begin_anew(chat, heard, Turn(text=""))
            return
        await self.drop_keyboard(chat, TALK)
        await self.room.say(chat, self.room.words(chat).answer(answer), [heard.update])

    # --- Buttons ----------------------------------------------------------------------------------

    async def press(self, chat: Chat, heard: Heard) -> None:
        """Does what a button stands for; one that was used before does nothing."""
        room = self.room
        does = chat.keys.get(heard.text, "") if chat.open else ""
        kind, _, what = does.partition(":")
        if kind == OWN and what.startswith("pop_up"):
            await self.handing_out.pop_up(chat, heard, what)
            return
        if not does:
            await room.telegram.pop_up(heard.press, room.words(chat).said("expired"))
            await room.telegram.drop_keyboard(chat.id, heard.message)
            await room.keep(chat, [heard.update])
            return
        chat.used = room.now()
        await room.telegram.pop_up(heard.press)
        await self.revoke_move(chat)
        if not chat.open:
            await room.keep(chat, [heard.update])
            return
        if kind == TALK:
            turn = Turn(button=int(what), turn=heard.turn, after=chat.shown)
            await self.take(chat, heard, turn)
            return
        await self.drop_keyboard(chat, OWN)
        if what.startswith("minutes_"):
            await self.set_minutes(chat, heard, int(what.partition("_")[2]))
        else:
            await self.presses[what](chat, heard)

    # --- Beside the talk --------------------------------------------------------------------------

    async def located(self, chat: Chat, heard: Heard) -> None:
        """Deletes a location at once; the talk gets the name of a town, and nothing finer."""
        room, words = self.room, self.room.words(chat)
        await room.quietly_deleted(chat.id, {heard.message})
        label = await room.district.near(heard.point or (0.0, 0.0), chat.language)
        how = words.said("location_live" if heard.live else "location_once")
        if not label:
            await room.say(chat, words.parts(words.said("location_unknown"), how), [heard.update])
            return
        chat.owed += words.parts(words.said("location", place=label), how)
        if room.door.takes_place(chat.conversation):
            here = words.said("here_is", place=label)
            await self.take(chat, heard, Turn(text=here, turn=heard.turn))
        else:
            await room.say(chat, [], [heard.update])

    async def hide(self, chat: Chat, heard: Heard) -> None:
        """Shows the cover's list, with nothing of the talk in sight."""
        await self.cover_again(chat)
        words = self.room.words(chat)
        await self.room.say(chat, words.as_cover(words.cover.command("list")), [heard.update])

    async def explain(self, chat: Chat, heard: Heard) -> None:
        """What Telegram keeps, and what can be sent."""
        words = self.room.words(chat)
        texts = await self.notice(chat, words)
        await self.room.say(chat, words.parts(*texts), [heard.update])

    async def offer_plan(self, chat: Chat, heard: Heard) -> None:
        """The ways in which the plan can be had here."""
        await self.drop_keyboard(chat, OWN)
        await self.handing_out.offer(chat, heard)

    async def offer_settings(self, chat: Chat, heard: Heard) -> None:
        """When the chat is cleared, and the words that open it."""
        words = self.room.words(chat)
        await self.drop_keyboard(chat, OWN)
        timers = (words.key(f"minutes_{each}") for each in TIMERS)
        keys = (*timers, words.key("word"), words.key("second"), words.key("web"))
        text = words.said("settings", minutes=chat.minutes)
        await self.room.say(chat, words.parts(text, keys=keys), [heard.update])

    async def set_minutes(self, chat: Chat, heard: Heard, minutes: int) -> None:
        """Clears the chat after so many silent minutes."""
        chat.minutes = minutes
        await self.tell(chat, heard, "minutes_set", minutes=minutes)

    async def ask_word(self, chat: Chat, heard: Heard) -> None:
        """Asks for the word that opens the talk."""
        chat.asks = ASKS_WORD
        await self.tell(chat, heard, "word_ask")

    async def ask_second(self, chat: Chat, heard: Heard) -> None:
        """Asks for the word that shows only the cover."""
        chat.asks = ASKS_SECOND if chat.word else ""
        await self.tell(chat, heard, "second_ask" if chat.word else "second_first")

    async def ask_password(self, chat: Chat, heard: Heard) -> None:
        """Asks for the password of a file."""
        chat.asks = ASKS_PASSWORD
        words = self.room.words(chat)
        key = (words.key("no_password"),)
        parts = words.parts(words.said("password_ask"), keys=key)
        await self.room.say(chat, parts, [heard.update])

    async def set_word(self, chat: Chat, heard: Heard) -> None:
        """Keeps the keyed hash of the word that opens the talk."""
        word = self.room.keys.word(chat.id, heard.text)
        if not self.may_be_word(heard.text) or word == chat.second:
            chat.asks = ASKS_WORD
            await self.tell(chat, heard, "word_wrong")
            return
        chat.word = word
        words = self.room.words(chat)
        parts = words.parts(words.said("word_set"), keys=(words.key("second"),))
        await self.room.say(chat, parts, [heard.update])

    async def set_second(self, chat: Chat, heard: Heard) -> None:
        """Keeps the keyed hash of the word that shows only the cover."""
        word = self.room.keys.word(chat.id, heard.text)
        if not self.may_be_word(heard.text) or word == chat.word:
            chat.asks = ASKS_SECOND
            await self.tell(chat, heard, "word_wrong")
            return
        chat.second = word
        await self.tell(chat, heard, "second_set")

    def may_be_word(self, text: str) -> bool:
        """Whether a text can be a word of one's own: long enough, and not understood already."""
        said = folded(text)
        return len(said) >= SHORTEST_WORD and said != folded(self.room.customs.word)

    # --- Going on in a browser --------------------------------------------------------------------

    async def move(self, chat: Chat, heard: Heard) -> None:
        """Gives a link that takes the talk along, once; the chat is cleared when it was used."""
        room, words = self.room, self.room.words(chat)
        await self.drop_keyboard(chat, OWN)
        try:
            key = await room.moves.begin(chat.conversation)
        except ShelfDown:
            await self.tell(chat, heard, "cannot_move")
            return
        chat.move, chat.move_ends = key, room.now() + MOVE_SECONDS
        link = f"{room.customs.page.rstrip('/')}/#{key}"
        await room.say(chat, words.parts(words.said("move", link=link)), [heard.update])

    async def revoke_move(self, chat: Chat) -> None:
        """A talk goes on in one place only: whoever writes here keeps it here."""
        if not chat.move:
            return
        key, chat.move, chat.move_ends = chat.move, "", 0
        try:
            taken = await self.room.moves.take(key) is None
        except ShelfDown:
            return
        if taken:
            await self.moved(chat)

    async def moved(self, chat: Chat) -> None:
        """The talk goes on in a browser: nothing of it stays here, and nothing of it is erased."""
        self.room.door.release(chat.conversation)
        await self.room.clear(chat)
        chat.move, chat.move_ends = "", 0
        chat.closed()
        await self.room.keep(chat)

    # --- Without being asked ----------------------------------------------------------------------

    async def look_after(self, chat: Chat) -> None:
        """Does what is due in a chat, unless somebody has left it meanwhile."""
        async with self.room.lock(chat.id):
            if self.room.holds(chat):
                await self.do_what_is_due(chat)

    async def do_what_is_due(self, chat: Chat) -> None:
        """Says what is owed, clears the chat, or looks whether its talk moved."""
        now = self.room.now()
        if chat.owed:
            await self.room.pay(chat)
        if chat.move and not await self.still_here(chat):
            return
        if chat.move and now >= chat.move_ends:
            chat.move, chat.move_ends = "", 0
        if self.is_over(chat) or (chat.messages and not chat.open):
            await self.cover_again(chat)
        elif chat.messages:
            await self.room.clear(chat, older_than=now - HARD_SECONDS)
        await self.room.keep(chat)

    async def still_here(self, chat: Chat) -> bool:
        """Whether the talk was not taken to a browser."""
        try:
            waits = await self.room.moves.waits(chat.move)
        except ShelfDown:
            return True
        if waits or self.room.now() >= chat.move_ends:
            return True
        await self.moved(chat)
        return False


def other(what: str) -> str:
    """The text for something that is no words."""
    same = {"audio": "voice", "video_note": "video", "animation": "video"}
    known = {"contact", "sticker", "voice", "video", "photo", "document", "forward", "edited"}
    kind = same.get(what, what)
    return f"other_{kind if kind in known else 'other'}"
