"""The one door: a turn goes in, replies come out, whatever happens behind it.

Leaving and danger are found here, without any model, so that they work when all behind is
down. Nothing of a conversation is written anywhere; its token is the only key to it.
"""

import asyncio
import hashlib
import logging
import re
import secrets
import time
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

from limits import parse_many
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter

from bot.channels import WEB, Channel
from bot.content import Content
from bot.content.hotlines import Hotlines
from bot.content.planned import WordedPlan
from bot.content.wording import KINDS, Wording, moment_in_words
from bot.keeping import Keeper, Saved, ShelfDown, TooManyCodes
from bot.plans.codes import Kind, read_code
from bot.plans.whole import WholePlan, whole_plan
from bot.rasa_client import Call, Rasa, Unavailable
from bot.safety.signs import Now
from bot.safety.urgent import asks_to_leave, plain, urgent_in

log = logging.getLogger("foothold.door")

TOKEN_BYTES = 32
A_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")
MOST_CONVERSATIONS = 50_000
SWEEP_SECONDS = 30
# Longer than any question to Rasa takes: what was asked before it was erased comes too late.
GONE_SECONDS = 120
# In danger nobody waits longer than this for Rasa: the emergency text is there without it.
URGENT_SECONDS = 0.75
# What begins with a slash is a command to Rasa, from whoever writes it.
COMMAND = "/"
OPTION = "/choose"
# Asks the door to save the plan; its text is the kind of the code and how long.
SAVE = "save_plan"
CODE_KINDS = {"code_words": Kind.WORDS, "code_digits": Kind.DIGITS}
LIVES = {
    "for_an_hour": 1,
    "for_a_day": 24,
    "for_a_week": 7 * 24,
    "for_a_month": 30 * 24,
    "for_90_days": 90 * 24,
}  # hours
NOTHING_BESIDE: Mapping[str, Any] = MappingProxyType({})
# What says no to several things at once is taken by its whole title only.
SAYS_NO = tuple(
    f'"{each}"}}' for each in ("none_of_these", "not_a_partner", "never_lived_together")
)
SHORT = 3  # letters
# One that was taken must still be among them after a long outage; nobody tries oftener than this.
MOST_UNSURE = 100


class UnknownConversation(Exception):
    """No conversation has this token: it never existed, has ended, or was idle too long."""


@dataclass(frozen=True)
class Reply:
    """One thing said to the visitor; `message` is the id of its words in content."""

    message: str
    text: str
    buttons: tuple[str, ...] = ()
    kind: str = "text"


@dataclass(frozen=True)
class Answer:
    """What a turn brings. `leave` asks the channel to leave at once.

    `taken` is false when nobody behind the door took the turn: it may be sent again. `country` is
    where the visitor is, if that is known.
    """

    replies: tuple[Reply, ...]
    language: str
    country: str = ""
    leave: bool = False
    status: int = 200
    taken: bool = True


@dataclass(frozen=True)
class Turn:
    """What arrived: a text, or the index of a button that the latest turn offered.

    `turn` is the client's own id of this turn: sent again, it brings the same answer again.
    `after` is the id of the turn whose answer the client shows: buttons of an older one expired.
    """

    text: str | None = None
    button: int | None = None
    turn: str | None = None
    after: str | None = None


@dataclass
class Conversation:
    """What the door holds of one conversation, in memory only."""

    language: str
    country: str
    used: float
    opened: bool = False
    offered: tuple[tuple[str, str], ...] = ()  # title and payload
    question: Reply | None = None
    expects: str = ""
    last_turn: str | None = None
    last_answer: Answer | None = None
    unsure: tuple[str, ...] = ()  # turns whose answer never came, though they may have been taken
    unsure_of: str = ""  # what the latest of them sent
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)


class Door:
    """Takes turns of all conversations of one process."""

    def __init__(
        self,
        rasa: Rasa,
        content: Content,
        hotlines: Hotlines,
        *,
        country: str = "",
        language: str = "en",
        idle_minutes: int = 30,
        rate: str = "50/second;3000/minute",
        channel: Channel = WEB,
        erase_pause: float = 0.5,
        keeper: Keeper | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._rasa = rasa
        self._content = content
        self._hotlines = hotlines
        self._country = country
        self._language = language
        self._idle_minutes = idle_minutes
        self._limits = parse_many(rate)
        self._limiter = FixedWindowRateLimiter(MemoryStorage())
        self._channel = channel
        self._erase_pause = erase_pause  # seconds between two tries
        self._keeper = keeper
        self._clock = clock
        self._conversations: dict[str, Conversation] = {}
        self._erasing: dict[str, asyncio.Task[None]] = {}
        self._gone: dict[str, float] = {}  # names that are not taken up again, and until when

    async def open(self, language: str | None = None) -> tuple[str, Answer]:
        """A new conversation: its token, and the opening. The token is held by nobody else."""
        conversation = Conversation(
            language=self._known_language(language), country=self._country, used=self._clock()
        )
        if len(self._conversations) >= MOST_CONVERSATIONS:
            return "", self._sorry("slow_down", conversation, status=429)
        token = secrets.token_urlsafe(TOKEN_BYTES)
        self._conversations[hashed(token)] = conversation
        async with conversation.lock:
            return token, await self._greeted(token, conversation)

    async def take(self, token: str, turn: Turn) -> Answer:
        """The answer to a turn; raises UnknownConversation."""
        try:
            conversation = await self._known(token)
        except Unavailable:
            return self._unreachable(token, turn)
        if self._asks_to_leave(cleaned(turn.text or "")):
            # Before the lock: nobody who leaves waits for a turn that is under way.
            self._forget_soon(token)
            return self._sorry("left", conversation, leave=True)
        async with conversation.lock:
            self._check_held(token, conversation)
            if turn.turn and turn.turn == conversation.last_turn and conversation.last_answer:
                return self._again(conversation.last_answer, conversation, turn)
            return await self._answer(token, conversation, turn)

    def _again(self, answer: Answer, conversation: Conversation, turn: Turn) -> Answer:
        """The answer once more; one that Rasa kept may lack what the door said to danger."""
        if "danger" in (reply.message for reply in answer.replies):
            return answer
        return self._with_danger(answer, conversation, self._urgent_in(cleaned(turn.text or "")))

    async def plan(self, token: str) -> WholePlan:
        """The plan of a conversation; raises UnknownConversation, or Unavailable."""
        return await self.plan_of(token, await self._known(token))

    async def plan_of(self, token: str, conversation: Conversation) -> WholePlan:
        """The plan of a conversation that is held here."""
        slots = await self._rasa.plan(token)
        if slots is None:
            raise UnknownConversation
        return whole_plan(slots, conversation.language)

    async def with_plan(self, token: str, told: Mapping[str, Any]) -> Answer:
        """The answer to something done with the plan beside the talk.

        `told` is `{"change": …}` for a change to it, or `{"opened": …}` for a saved one that was
        opened. Raises UnknownConversation, or Unavailable.
        """
        conversation = await self._known(token)
        async with conversation.lock:
            self._check_held(token, conversation)
            if not conversation.opened:
                await self._greeted(token, conversation)
            answer = await self._from_rasa(token, conversation, OPTION, frozenset(), beside=told)
            if not answer.taken:
                raise Unavailable
            conversation.last_answer = answer
            return answer

    async def latest(self, token: str) -> tuple[Answer, str]:
        """What was said last, and the id of the last turn; raises UnknownConversation."""
        conversation = await self._known(token)
        said = conversation.last_answer or Answer((), conversation.language)
        return said, conversation.last_turn or ""

    def words_beside(self, language: str) -> Wording:
        """The words of this channel in a language, for what is said beside a conversation."""
        return self._wording(Conversation(self._known_language(language), self._country, used=0))

    def plan_words(self, language: str) -> Mapping[str, Any]:
        """The words around a plan, in a language."""
        return self._content.language(language).planning

    def worded(self, plan: WholePlan) -> WordedPlan:
        """A plan in words."""
        nobody = Conversation(plan.language, plan.country or self._country, used=0)
        return plan.worded(self._wording(nobody))

    async def resume(self, token: str, language: str | None = None) -> Answer:
        """Takes up a conversation again; raises UnknownConversation."""
        try:
            conversation = await self._known(token)
        except Unavailable:
            return replace(self.sorry("service_down", language), taken=False)
        if language in self._content.languages and language != conversation.language:
            wanted = f'/change_language{{"wanted_language": "{language}"}}'
            async with conversation.lock:
                self._check_held(token, conversation)
                return await self._from_rasa(token, conversation, wanted, frozenset())
        return Answer((), conversation.language)

    async def forget(self, token: str) -> bool:
        """Erases a conversation here and behind; never raises.

        False when nobody behind the door could do it now; then it is tried again until it is done.
        """
        if not A_TOKEN.fullmatch(token):
            return True
        name, under_way = self._dropped(token)
        if await self._rasa.forget(name, under_way=under_way):
            return True
        self._erase_soon(name, under_way)
        return False

    def release(self, token: str) -> None:
        """Holds a conversation no longer, because it goes on at another door; it is not erased."""
        self._conversations.pop(hashed(token), None)

    def takes_place(self, token: str) -> bool:
        """Whether the open question can do with a place: words of one's own are not awaited."""
        conversation = self._conversations.get(hashed(token))
        return conversation is not None and conversation.expects in ("place", "choice")

    def _forget_soon(self, token: str) -> None:
        """Erases here at once and behind without waiting: nobody who leaves waits for Rasa."""
        self._erase_soon(*self._dropped(token))

    def _dropped(self, token: str) -> tuple[str, bool]:
        """The name of a conversation that is no longer held here, and whether it was."""
        name = hashed(token)
        self._gone[name] = self._clock() + GONE_SECONDS
        return name, self._conversations.pop(name, None) is not None

    def _check_held(self, token: str, conversation: Conversation) -> None:
        """Raises UnknownConversation where somebody left while a turn waited for the lock."""
        if self._conversations.get(hashed(token)) is not conversation:
            raise UnknownConversation

    def _erase_soon(self, name: str, under_way: bool) -> None:
        """Goes on trying to erase, until it is done or the time of the conversation is over."""
        if name not in self._erasing:
            # A task that nobody holds may be dropped unfinished.
            self._erasing[name] = task = asyncio.create_task(self._erase(name, under_way))
            task.add_done_callback(lambda _: self._erasing.pop(name))

    async def _erase(self, name: str, under_way: bool) -> None:
        """Tries again and again to erase behind the door; never raises."""
        until = self._clock() + self._idle_minutes * 60
        while self._clock() < until:
            if await self._rasa.forget(name, under_way=under_way):
                return
            await asyncio.sleep(self._erase_pause)

    async def drop_idle(self) -> None:
        """Drops idle conversations, again and again until it is cancelled."""
        while True:
            self._drop_idle()
            await asyncio.sleep(SWEEP_SECONDS)

    async def health(self) -> dict[str, str]:
        """Whether all that stands behind the door answers."""
        behind = await self._rasa.health()
        well = all(state == "ok" for state in behind.values())
        return {"status": "ok" if well else "degraded", **behind}

    def sorry(self, reason: str, language: str | None = None) -> Answer:
        """Fixed words, with emergency numbers, for something that went wrong."""
        nobody = Conversation(self._known_language(language), self._country, used=0)
        return self._sorry(reason, nobody)

    async def _greeted(self, token: str, conversation: Conversation) -> Answer:
        """The opening; the fixed words when nobody is there to open."""
        greeting = f'/greet{{"language": "{conversation.language}"}}'
        answer = await self._from_rasa(token, conversation, greeting, frozenset())
        conversation.opened = bool(conversation.offered)
        if conversation.opened:
            conversation.last_answer = answer
        return answer

    async def _answer(self, token: str, conversation: Conversation, turn: Turn) -> Answer:
        """The answer to a turn that is not the repetition of the last one."""
        text = cleaned(turn.text or "")
        urgent = self._urgent_in(text)
        refused = self._refused(token, conversation, text, urgent)
        if refused:
            return refused
        sent = self._pressed(conversation, turn) if turn.button is not None else ""
        if turn.button is not None and not sent:
            return self._expired(conversation)
        if not sent and read_code(text):
            return await self._opened(token, conversation, text, turn.turn)
        meant = sent or self._typed(conversation, text)
        answer = await self._sent(token, conversation, meant, urgent, turn.turn)
        if answer.taken:
            conversation.last_turn, conversation.last_answer = turn.turn, answer
        return answer

    async def _opened(
        self, token: str, conversation: Conversation, code: str, turn: str | None
    ) -> Answer:
        """The answer to a code that was typed: the saved plan, or that nothing was found."""
        try:
            record = await self._found(code)
        except (ShelfDown, TooManyCodes) as error:
            return self._expired(conversation, cannot(error))
        if record is None:
            return self._expired(conversation, "code_unknown")
        answer = await self._from_rasa(
            token, conversation, OPTION, frozenset(), turn, beside={"opened": record}
        )
        if answer.taken:
            opened = self._sorry("plan_opened", conversation).replies
            answer = replace(answer, replies=(*opened, *answer.replies))
            conversation.last_turn, conversation.last_answer = turn, answer
        return answer

    async def _found(self, code: str) -> dict[str, Any] | None:
        """What was saved under a code; raises ShelfDown, TooManyCodes."""
        return await self.keeper.find(code)

    @property
    def keeper(self) -> Keeper:
        """Who keeps what visitors save; raises ShelfDown where nobody does."""
        if self._keeper is None:
            raise ShelfDown
        return self._keeper

    async def _saved(self, token: str, conversation: Conversation, wish: str) -> Reply:
        """Saves the plan as the visitor wished, "<kind> <life>", and tells the code."""
        kind, _, life = wish.partition(" ")
        try:
            plan = await self.plan_of(token, conversation)
            saved = await self.keeper.save(
                plan.as_record(), CODE_KINDS[kind], conversation.language, LIVES[life]
            )
        except (ShelfDown, Unavailable, KeyError, UnknownConversation):
            return self._sorry("cannot_save", conversation).replies[0]
        return self.saved_reply(saved, conversation.language)

    def saved_reply(self, saved: Saved, language: str) -> Reply:
        """The code of a plan that was saved, and until when it is kept."""
        wording = self._wording(Conversation(self._known_language(language), "", used=0))
        until = moment_in_words(saved.until, wording.language)
        return Reply(
            "plan_saved", wording.text("plan_saved", code=saved.code, until=until), kind="plan"
        )

    async def _sent(
        self,
        token: str,
        conversation: Conversation,
        sent: str,
        urgent: frozenset[Now],
        turn: str | None,
    ) -> Answer:
        """What Rasa says; opens the conversation first where Rasa was not there to open it."""
        if sent.startswith("/quick_exit"):
            self._forget_soon(token)
            return self._sorry("left", conversation, leave=True)
        if not conversation.opened:
            opening = await self._greeted(token, conversation)
            if not conversation.opened:
                return self._with_danger(opening, conversation, urgent)
        return await self._from_rasa(token, conversation, sent, urgent, turn)

    def _asks_to_leave(self, text: str) -> bool:
        """Whether a message is a word for leaving; one that is too long is not looked through."""
        short = len(text) <= self._channel.longest_message
        return short and asks_to_leave(text, self._content.urgent)

    def _urgent_in(self, text: str) -> frozenset[Now]:
        """What is urgent in a message, as far as it is read."""
        return urgent_in(text[: self._channel.longest_message], self._content.urgent)

    def _refused(
        self, token: str, conversation: Conversation, text: str, urgent: frozenset[Now]
    ) -> Answer | None:
        """The answer to what is too long or too fast; None when it is neither."""
        reason, status = "", 200
        if len(text) > self._channel.longest_message:
            reason, status = "too_long", 413
        elif not urgent and not self._within_limits(token):
            reason, status = "slow_down", 429
        if not reason:
            return None
        return self._with_danger(
            self._sorry(reason, conversation, status=status), conversation, urgent
        )

    def _within_limits(self, token: str) -> bool:
        """Whether this conversation sends no more than it may."""
        return all(self._limiter.hit(limit, hashed(token)) for limit in self._limits)

    def _pressed(self, conversation: Conversation, turn: Turn) -> str:
        """What a button stands for; empty when it is none of the latest turn's."""
        stale = turn.after is not None and turn.after != (conversation.last_turn or "")
        index = turn.button if turn.button is not None else -1
        if stale or not 0 <= index < len(conversation.offered):
            return ""
        return conversation.offered[index][1]

    def _typed(self, conversation: Conversation, text: str) -> str:
        """What typed words stand for: a button by title or number, a language, or themselves."""
        words = plain(text).strip(" .")
        for number, (title, payload) in enumerate(conversation.offered, start=1):
            if words and words in (plain(title).strip(" ."), str(number)):
                return payload
        if conversation.expects == "choice" and (option := part_of_one(words, conversation)):
            return option
        for code, language in self._content.languages.items():
            if words in language.words["language"]:
                return f'/change_language{{"wanted_language": "{code}"}}'
        return text or " "

    def _expired(self, conversation: Conversation, reason: str = "button_expired") -> Answer:
        """The answer to what can't be taken: why, and the question that is open, once more."""
        said = self._sorry(reason, conversation)
        again = (conversation.question,) if conversation.question else ()
        return replace(said, replies=(*said.replies, *again))

    async def _from_rasa(
        self,
        token: str,
        conversation: Conversation,
        sent: str,
        urgent: frozenset[Now],
        turn: str | None = None,
        *,
        beside: Mapping[str, Any] = NOTHING_BESIDE,
    ) -> Answer:
        """What Rasa says to this; the fixed words when it says nothing.

        `beside` is what was done elsewhere than in the talk.
        """
        call = Call(
            text=sent,
            metadata={
                "channel": self._channel.name,
                **metadata_of(conversation, urgent),
                **beside,
            },
            turn=turn or secrets.token_hex(8),
            unsure=conversation.unsure,
        )
        try:
            async with asyncio.timeout(URGENT_SECONDS if urgent else None):
                said = await self._rasa.send(token, call)
            answer = self._heard(conversation, said.said)
        except (Unavailable, TimeoutError, KeyError, TypeError) as error:
            log.warning("rasa_unavailable %s", type(error).__name__)
            conversation.unsure = (*conversation.unsure, call.turn)[-MOST_UNSURE:]
            conversation.unsure_of = sent
            down = replace(self._sorry("service_down", conversation), taken=False)
            return self._with_danger(down, conversation, urgent)
        if said.turn != call.turn and sent != conversation.unsure_of:
            # What was sent now was meant for the question before; it is not taken as an answer.
            late = self._sorry("came_through", conversation)
            answer = replace(answer, replies=(*late.replies, *answer.replies))
        conversation.unsure, conversation.unsure_of = (), ""
        if any(reply.message == "left" for reply in answer.replies):
            self._forget_soon(token)
            return replace(answer, leave=True)
        wish = next((each["text"] for each in said.said if each["message"] == SAVE), "")
        if wish:
            saved = await self._saved(token, conversation, wish)
            replies = (saved if r.message == "plan_saved_before" else r for r in answer.replies)
            answer = replace(answer, replies=tuple(replies))
        return self._with_danger(answer, conversation, urgent)

    def _heard(self, conversation: Conversation, said: list[dict[str, Any]]) -> Answer:
        """The replies that Rasa gave; the conversation remembers what they offer."""
        # A code was shown once, when the plan was saved.
        before = self._sorry("plan_saved_before", conversation).replies
        replies = tuple(before[0] if e["message"] == SAVE else reply_of(e) for e in said)
        latest = said[-1]
        conversation.language = latest["language"]
        conversation.country = latest["country"]
        conversation.expects = latest["expects"]
        conversation.offered = tuple((b["title"], b["payload"]) for b in latest["buttons"])
        conversation.question = replies[-1] if conversation.offered else None
        return Answer(replies, conversation.language, conversation.country)

    def _with_danger(
        self, answer: Answer, conversation: Conversation, urgent: frozenset[Now]
    ) -> Answer:
        """The answer with the emergency text first when the words were urgent."""
        if not urgent:
            return answer
        danger = Reply("danger", self._wording(conversation).danger(), kind="emergency")
        others = tuple(reply for reply in answer.replies if reply.message != "danger")
        return replace(answer, replies=(danger, *others))

    def _sorry(
        self, reason: str, conversation: Conversation, *, status: int = 200, leave: bool = False
    ) -> Answer:
        """Fixed words for a reason, in the language and for the place of a conversation."""
        text = self._wording(conversation).text(reason)
        reply = Reply(reason, text, kind=KINDS.get(reason, "text"))
        return Answer(
            (reply,), conversation.language, conversation.country, leave=leave, status=status
        )

    def _wording(self, conversation: Conversation) -> Wording:
        """The words for a conversation."""
        return Wording(
            self._content,
            self._hotlines,
            conversation.language,
            conversation.country,
            idle_minutes=self._idle_minutes,
            channel=self._channel,
        )

    async def _known(self, token: str) -> Conversation:
        """The conversation of a token; raises UnknownConversation, or Unavailable if none knows."""
        conversation = self._conversations.get(hashed(token)) or await self._taken_up(token)
        if self._idle(conversation):
            self._dropped(token)
            raise UnknownConversation
        conversation.used = self._clock()
        return conversation

    async def _taken_up(self, token: str) -> Conversation:
        """A conversation that another process, or this one before a restart, has held."""
        if not A_TOKEN.fullmatch(token):
            raise UnknownConversation
        said = await self._rasa.latest(token)
        # Asked in any case, so that what has ended looks like what never was.
        if said is None or hashed(token) in self._gone:
            raise UnknownConversation
        conversation = Conversation(self._language, self._country, self._clock(), opened=True)
        conversation.last_turn = said.turn
        conversation.last_answer = self._heard(conversation, said.said)
        # Two turns at once may both have asked; they must hold the same one.
        return self._conversations.setdefault(hashed(token), conversation)

    def _unreachable(self, token: str, turn: Turn) -> Answer:
        """The answer where nobody can say whether there is such a conversation."""
        text = cleaned(turn.text or "")
        nobody = Conversation(self._language, self._country, used=0)
        if self._asks_to_leave(text):
            self._forget_soon(token)
            return self._sorry("left", nobody, leave=True)
        urgent = self._urgent_in(text)
        return self._with_danger(
            replace(self._sorry("service_down", nobody), taken=False), nobody, urgent
        )

    def _idle(self, conversation: Conversation) -> bool:
        """Whether nothing was said for so long that the conversation has ended."""
        return self._clock() - conversation.used > self._idle_minutes * 60

    def _drop_idle(self) -> None:
        """Drops idle conversations, and names of erased ones that nothing can bring back."""
        self._gone = {
            name: until
            for name, until in self._gone.items()
            if until > self._clock() or name in self._erasing
        }
        held = self._conversations.items()
        self._conversations = {name: each for name, each in held if not self._idle(each)}

    def _known_language(self, wanted: str | None) -> str:
        """A language that there are words in; the default when the wanted one is not there."""
        code = (wanted or "").partition("-")[0].lower()
        return code if code in self._content.languages else self._language


def metadata_of(conversation: Conversation, urgent: frozenset[Now]) -> dict[str, Any]:
    """What Rasa is told beside the words."""
    known: dict[str, Any] = {"expects": conversation.expects, "language": conversation.language}
    return {**known, "urgent": sorted(flag.value for flag in urgent)} if urgent else known


def cannot(error: Exception) -> str:
    """What is said when no code can be tried now."""
    return "code_busy" if isinstance(error, TooManyCodes) else "cannot_save"


def part_of_one(words: str, conversation: Conversation) -> str:
    """What the only option stands for whose title holds all these words; else empty.

    "Change it" is part of "Change some of it". Words of up to three letters say too little, and
    "these" must not mean "None of these".
    """
    said = set(words.split())
    fitting = [
        payload
        for title, payload in conversation.offered
        if payload.startswith(OPTION) and said <= set(plain(title).split())
    ]
    fitting = [each for each in fitting if not each.endswith(SAYS_NO)]
    telling = any(len(word) > SHORT for word in said)
    return fitting[0] if telling and len(fitting) == 1 else ""


def reply_of(said: Mapping[str, Any]) -> Reply:
    """A reply from what an action sent."""
    titles = tuple(each["title"] for each in said["buttons"])
    return Reply(said["message"], said["text"], titles, said["kind"])


def hashed(token: str) -> str:
    """The name under which a conversation is held, so that no token is kept."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def cleaned(text: str) -> str:
    """A text as it may go on: no control characters, and never a command to Rasa."""
    whole = text.encode("utf-8", "replace").decode()
    visible = "".join(char for char in whole if char in "\n\t" or is_visible(char))
    return visible.strip().lstrip(COMMAND + " \t\n").strip()


def is_visible(char: str) -> bool:
    """Whether a character is neither a control nor a formatting one."""
    return not unicodedata.category(char).startswith("C") or char == "\u200d"
