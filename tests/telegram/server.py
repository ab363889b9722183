"""A small Bot API server that keeps to Telegram's real limits, and the people who chat through it.

Facts: the Bot API's documentation as of November 2026. People act through `Person`, the bot over
HTTP. The clock can be set forward, so that days pass in a test.
"""

import asyncio
import itertools
import json
import socket
import threading
import time
from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

LONGEST = 4096
LONGEST_POP_UP = 200
LONGEST_DATA = 64
OLDEST = 48 * 3600
MOST_AT_ONCE = 100
A_SECOND_IN_ALL = 30
MOST_BUTTONS = 100
PARTS = {
    "getMyName": "name",
    "getMyDescription": "description",
    "getMyShortDescription": "short_description",
}


class Refused(Exception):
    """The server says no: a status, why, and when to try again."""

    def __init__(self, status: int, why: str, retry_after: int = 0) -> None:
        super().__init__(why)
        self.status, self.why, self.retry_after = status, why, retry_after


@dataclass
class Message:
    """A message in a chat."""

    id: int
    by_bot: bool
    text: str
    sent: float
    rows: list[list[dict[str, str]]] = field(default_factory=list)
    told: Mapping[str, Any] = field(default_factory=dict)
    file: bytes = b""

    @property
    def titles(self) -> list[str]:
        """The titles of its buttons."""
        return [button["text"] for row in self.rows for button in row]


@dataclass
class Call:
    """A call of the bot: when, which, and with what."""

    at: float
    method: str
    told: dict[str, Any]


class BotApi:
    """The server."""

    def __init__(self, token: str, each_chat: float = 0.0) -> None:
        self.token = token
        self.each_chat = each_chat  # seconds between two messages to a chat
        self.ahead = 0.0  # seconds by which the clock is set forward
        self.people: dict[int, Person] = {}
        self.updates: deque[dict[str, Any]] = deque()
        self.confirmed = 0
        self.calls: list[Call] = []
        self.sends: deque[float] = deque()
        self.refused: list[str] = []
        self.presses: dict[str, str] = {}  # open presses, then their pop-ups
        self.webhook: dict[str, Any] = {}
        self.delivered: list[tuple[int, int]] = []  # update and status, by webhook
        self.wanted: list[str] = []
        self.down = False
        self.stopping = False
        self.polling = False
        self.left: list[int] = []
        self.profile: dict[str, Any] = {}
        self.numbers = itertools.count(1)
        self.ids = itertools.count(100)
        self.lock = threading.RLock()
        self.port = 0
        self.elsewhere = ""  # the address of another server, written by others
        self.loop: asyncio.AbstractEventLoop | None = None
        self.news: asyncio.Event | None = None

    def now(self) -> float:
        """The time of this server (Unix seconds)."""
        return time.time() + self.ahead

    @property
    def url(self) -> str:
        """Where the bot finds it."""
        return self.elsewhere or f"http://127.0.0.1:{self.port}"

    def person(self, identity: int, language: str = "en", **names: str) -> "Person":
        """Somebody with an account, and all the names that Telegram tells a bot."""
        person = Person(self, identity, language, names)
        self.people[identity] = person
        return person

    def add_update(self, kind: str, content: Mapping[str, Any]) -> int:
        """Something happened that the bot is told."""
        with self.lock:
            number = next(self.numbers)
            update = {"update_id": number, kind: content}
            if self.webhook:
                threading.Thread(target=self.deliver, args=[update], daemon=True).start()
            else:
                self.updates.append(update)
        if self.loop and self.news:
            self.loop.call_soon_threadsafe(self.news.set)
        return number

    def deliver(self, update: Mapping[str, Any]) -> None:
        """Sends an update by webhook, again until it is taken."""
        headers = {"X-Telegram-Bot-Api-Secret-Token": self.webhook.get("secret_token", "")}
        for _ in range(50):
            try:
                answer = httpx.post(
                    self.webhook["url"], json=update, headers=headers, timeout=30, trust_env=False
                )
                self.delivered.append((update["update_id"], answer.status_code))
                if answer.is_success:
                    return
            except httpx.HTTPError:
                pass
            time.sleep(0.2)

    # --- The Bot API --------------------------------------------------------------------------

    async def answer(self, request: Request) -> JSONResponse:
        """Answers one call."""
        if self.down:
            return JSONResponse({"ok": False, "error_code": 502, "description": "Bad Gateway"}, 502)
        method = request.path_params["method"]
        told: dict[str, Any] = {}
        async with request.form() as form:
            for key, value in form.multi_items():
                told[key] = value if isinstance(value, str) else await value.read()
        try:
            self.check_token(request.path_params["token"])
            if method == "getUpdates":
                result: Any = await self.get_updates(told)
            else:
                with self.lock:
                    self.calls.append(Call(self.now(), method, told))
                    result = self.done(method, told)
        except Refused as error:
            self.refused.append(f"{method}: {error.why}")
            body: dict[str, Any] = {
                "ok": False,
                "error_code": error.status,
                "description": error.why,
            }
            if error.retry_after:
                body["parameters"] = {"retry_after": error.retry_after}
            return JSONResponse(body, error.status)
        return JSONResponse({"ok": True, "result": result})

    def check_token(self, token: str) -> None:
        """Lets this bot in, and nobody else."""
        if token != self.token:
            raise Refused(401, "Unauthorized")

    def done(self, method: str, told: dict[str, Any]) -> Any:
        """What a method answers."""
        does = getattr(self, f"do_{method}", None)
        if does:
            return does(told)
        if method.startswith("getMy"):
            name = method.replace("get", "set", 1)
            part = PARTS[method]
            worn = self.profile.get(f"{name}:{told.get('language_code', '')}", {})
            return {part: worn.get(part, "")}
        if method.startswith("setMy"):
            self.profile[f"{method}:{told.get('language_code', '')}"] = told
            return True
        raise Refused(404, "Not Found")

    async def get_updates(self, told: Mapping[str, Any]) -> list[dict[str, Any]]:
        """The updates from a number on; those before it are forgotten."""
        if self.webhook:
            raise Refused(409, "Conflict: can't use getUpdates method while webhook is active")
        offset, limit = int(told.get("offset", 0)), int(told.get("limit", 100))
        self.wanted = json.loads(told.get("allowed_updates", "[]"))
        until = time.monotonic() + int(told.get("timeout", 0))
        self.loop = asyncio.get_running_loop()
        self.news = self.news or asyncio.Event()
        while not self.stopping:
            if self.down:
                raise Refused(502, "Bad Gateway")
            with self.lock:
                while self.updates and self.updates[0]["update_id"] < offset:
                    self.confirmed = self.updates.popleft()["update_id"]
                found = list(itertools.islice(self.updates, limit))
            left = until - time.monotonic()
            if found or left <= 0:
                return found
            self.news.clear()
            try:
                await asyncio.wait_for(self.news.wait(), min(left, 0.2))
            except TimeoutError:
                continue
        return []

    def do_getMe(self, _: Mapping[str, Any]) -> dict[str, Any]:  # noqa: N802 - theirs
        return {
            "id": 1,
            "is_bot": True,
            "first_name": "Notes",
            "username": "notes_bot",
            "can_join_groups": True,
            "can_read_all_group_messages": False,
            "supports_inline_queries": False,
        }

    def do_sendMessage(self, told: Mapping[str, Any]) -> dict[str, Any]:  # noqa: N802
        text = told.get("text", "")
        if not text.strip():
            raise Refused(400, "Bad Request: message text is empty")
        if len(text.encode("utf-16-le")) // 2 > LONGEST:
            raise Refused(400, "Bad Request: message is too long")
        return self.sent(told, text)

    def do_sendDocument(self, told: Mapping[str, Any]) -> dict[str, Any]:  # noqa: N802
        files = [value for value in told.values() if isinstance(value, bytes)]
        if not files:
            raise Refused(400, "Bad Request: there is no document in the request")
        return self.sent(told, "", files[0])

    def sent(self, told: Mapping[str, Any], text: str, file: bytes = b"") -> dict[str, Any]:
        """A message of the bot, within the limits of rate, chat and buttons."""
        person = self.open_chat(told)
        self.check_rate(person)
        rows = rows_in(told)
        message = Message(next(self.ids), True, text, self.now(), rows, told, file)
        person.messages[message.id] = message
        person.ever.append(message)
        return person.as_seen(message)

    def check_rate(self, person: "Person") -> None:
        """Thirty messages a second in all, one in so many seconds to a chat."""
        now = time.monotonic()
        while self.sends and now - self.sends[0] >= 1:
            self.sends.popleft()
        if len(self.sends) >= A_SECOND_IN_ALL:
            raise Refused(429, "Too Many Requests: retry after 1", retry_after=1)
        if now - person.last_sent < self.each_chat:
            raise Refused(429, "Too Many Requests: retry after 1", retry_after=1)
        self.sends.append(now)
        person.last_sent = now

    def open_chat(self, told: Mapping[str, Any]) -> "Person":
        """The chat that is meant, if the bot may write there."""
        person = self.people.get(int(told["chat_id"]))
        if person is None:
            raise Refused(400, "Bad Request: chat not found")
        if person.blocked:
            raise Refused(403, "Forbidden: bot was blocked by the user")
        return person

    def do_deleteMessage(self, told: Mapping[str, Any]) -> bool:  # noqa: N802
        person, identity = self.open_chat(told), int(told["message_id"])
        message = person.messages.get(identity)
        if message is None:
            raise Refused(400, "Bad Request: message to delete not found")
        if self.now() - message.sent >= OLDEST:
            raise Refused(400, "Bad Request: message can't be deleted for everyone")
        del person.messages[identity]
        return True

    def do_deleteMessages(self, told: Mapping[str, Any]) -> bool:  # noqa: N802
        person, wanted = self.open_chat(told), json.loads(told["message_ids"])
        if not 1 <= len(wanted) <= MOST_AT_ONCE:
            raise Refused(400, "Bad Request: too many messages to delete")
        there = [person.messages[each] for each in wanted if each in person.messages]
        if any(self.now() - each.sent >= OLDEST for each in there):
            raise Refused(400, "Bad Request: message can't be deleted for everyone")
        for each in there:
            del person.messages[each.id]
        return True

    def do_editMessageText(self, told: Mapping[str, Any]) -> dict[str, Any]:  # noqa: N802
        person, message = self.own_message(told)
        message.text, message.rows = told["text"], rows_in(told)
        return person.as_seen(message)

    def do_editMessageReplyMarkup(self, told: Mapping[str, Any]) -> dict[str, Any]:  # noqa: N802
        person, message = self.own_message(told)
        message.rows = rows_in(told)
        return person.as_seen(message)

    def own_message(self, told: Mapping[str, Any]) -> tuple["Person", Message]:
        """A message of the bot's own that is to be edited."""
        person = self.open_chat(told)
        message = person.messages.get(int(told["message_id"]))
        if message is None or not message.by_bot:
            raise Refused(400, "Bad Request: message to edit not found")
        return person, message

    def do_answerCallbackQuery(self, told: Mapping[str, Any]) -> bool:  # noqa: N802
        text = told.get("text", "")
        if len(text.encode("utf-16-le")) // 2 > LONGEST_POP_UP:
            raise Refused(400, "Bad Request: MESSAGE_TOO_LONG")
        if told["callback_query_id"] not in self.presses:
            raise Refused(400, "Bad Request: query is too old and response timeout expired")
        self.presses[told["callback_query_id"]] = text
        return True

    def do_getChat(self, told: Mapping[str, Any]) -> dict[str, Any]:  # noqa: N802
        person = self.open_chat(told)
        about = {"accent_color_id": 0, "max_reaction_count": 11, "bio": person.names.get("bio", "")}
        accepted = dict.fromkeys(
            (
                "unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription",
                "gifts_from_channels",
            ),
            True,
        )  # fmt: skip
        timer = {"message_auto_delete_time": person.timer} if person.timer else {}
        return {**person.chat(), **about, "accepted_gift_types": accepted, **timer}

    def do_leaveChat(self, told: Mapping[str, Any]) -> bool:  # noqa: N802
        self.left.append(int(told["chat_id"]))
        return True

    def do_setWebhook(self, told: dict[str, Any]) -> bool:  # noqa: N802
        self.webhook = told
        waiting, self.updates = list(self.updates), deque()
        for update in waiting:
            threading.Thread(target=self.deliver, args=[update], daemon=True).start()
        return True

    def do_deleteWebhook(self, _: Mapping[str, Any]) -> bool:  # noqa: N802
        self.webhook = {}
        return True


def rows_in(told: Mapping[str, Any]) -> list[list[dict[str, str]]]:
    """The buttons under a message, within their limits."""
    rows = json.loads(told.get("reply_markup", "{}")).get("inline_keyboard", [])
    buttons = [button for row in rows for button in row]
    if len(buttons) > MOST_BUTTONS:
        raise Refused(400, "Bad Request: reply markup is too long")
    if not all(
        1 <= len(each.get("callback_data", "").encode()) <= LONGEST_DATA for each in buttons
    ):
        raise Refused(400, "Bad Request: BUTTON_DATA_INVALID")
    return [list(row) for row in rows]


@dataclass
class Person:
    """Somebody who chats with the bot from their own phone."""

    server: BotApi
    id: int
    language: str
    names: Mapping[str, str]
    messages: dict[int, Message] = field(default_factory=dict)
    ever: list[Message] = field(default_factory=list)
    blocked: bool = False
    timer: int = 0
    last_sent: float = 0.0

    def who(self) -> dict[str, Any]:
        """The person as Telegram tells a bot."""
        names = {"first_name": "Somebody", **self.names}
        names.pop("bio", None)
        return {"id": self.id, "is_bot": False, "language_code": self.language, **names}

    def chat(self) -> dict[str, Any]:
        """The chat as Telegram tells a bot."""
        names = {"first_name": "Somebody", **self.names}
        names.pop("bio", None)
        return {"id": self.id, "type": "private", **names}

    def as_seen(self, message: Message) -> dict[str, Any]:
        """A message as the Bot API gives it."""
        told: dict[str, Any] = {
            "message_id": message.id,
            "date": int(message.sent),
            "chat": self.chat(),
            **({"text": message.text} if message.text else {}),
        }
        return told if message.by_bot else {**told, "from": self.who()}

    def sends(self, text: str = "", **more: Any) -> int:
        """Sends something; the number of its update."""
        with self.server.lock:
            message = Message(next(self.server.ids), False, text, self.server.now(), told=more)
            self.messages[message.id] = message
            self.ever.append(message)
            return self.server.add_update("message", {**self.as_seen(message), **more})

    def edits(self, message: Message, **more: Any) -> int:
        """Changes a message that was sent."""
        seen = {**self.as_seen(message), "edit_date": int(self.server.now()), **more}
        return self.server.add_update("edited_message", seen)

    def presses(self, title: str) -> str:
        """Presses the newest button of this title; the id under which it is answered."""
        for message in sorted(self.screen, key=lambda each: -each.id):
            for row in message.rows:
                for button in row:
                    if button["text"] == title:
                        return self.presses_data(message, button["callback_data"])
        raise AssertionError(f"no button {title!r}")

    def presses_data(self, message: Message, data: str) -> str:
        """Presses a button by its data, as an old client may."""
        identity = f"q{next(self.server.ids)}"
        self.server.presses[identity] = ""
        self.server.add_update(
            "callback_query",
            {
                "id": identity,
                "from": self.who(),
                "chat_instance": "1",
                "message": self.as_seen(message),
                "data": data,
            },
        )
        return identity

    def blocks(self) -> None:
        """Blocks the bot, or deletes the chat with it: Telegram tells the same."""
        self.blocked = True
        me = {"id": 1, "is_bot": True, "first_name": "Notes", "username": "notes_bot"}
        self.server.add_update(
            "my_chat_member",
            {
                "chat": self.chat(),
                "from": self.who(),
                "date": int(self.server.now()),
                "old_chat_member": {"user": me, "status": "member"},
                "new_chat_member": {"user": me, "status": "kicked", "until_date": 0},
            },
        )

    @property
    def screen(self) -> list[Message]:
        """What can be seen in the chat, the oldest first."""
        with self.server.lock:
            return sorted(self.messages.values(), key=lambda each: each.id)

    @property
    def of_bot(self) -> list[Message]:
        """What the bot said and can still be seen."""
        return [each for each in self.screen if each.by_bot]


@contextmanager
def running(api: BotApi) -> Iterator[BotApi]:
    """Serves a Bot API on a free port while this lasts."""
    app = Starlette(routes=[Route("/bot{token}/{method}", api.answer, methods=["GET", "POST"])])
    with socket.create_server(("127.0.0.1", 0), backlog=1000) as port:
        api.port = port.getsockname()[1]
        server = uvicorn.Server(uvicorn.Config(app, access_log=False, log_config=None))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [port]}, daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.01)
        yield api
        api.stopping = True
        time.sleep(0.3)  # a question that is held open comes to its end
        server.should_exit = server.force_exit = True
        thread.join()
