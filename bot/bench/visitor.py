"""Made-up visitors: what they answer to each question, and the line they say it through."""

import json
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import httpx
from ruamel.yaml import YAML
from websockets.asyncio.client import ClientConnection, connect

from bot.content import Content

VISITORS = Path(__file__).parent / "visitors.yml"
MOST_TURNS = 150
ENDS = frozenset({"closing"})
# What the door says when it has no real answer: such a turn must not count as a quick one.
NO_ANSWER = frozenset({"service_down", "slow_down", "too_long", "unreadable", "conversation_gone"})

Reply = Mapping[str, Any]
Body = Mapping[str, Any]


class NotAnswered(Exception):
    """A turn had no real answer; the message is the id of the words that came instead."""


class GoingRound(Exception):
    """A script does not come to its end; the message is the id of the question it stands at."""


@dataclass(frozen=True)
class Script:
    """How one visitor answers."""

    name: str
    language: str
    presses: Mapping[str, str]
    says: Mapping[str, str]
    besides: Mapping[str, str]


@dataclass(frozen=True)
class Cast:
    """All that visitors say and press, with the titles of the buttons in each language."""

    scripts: tuple[Script, ...]
    again: Mapping[str, Sequence[Mapping[str, str]]]
    outage: Mapping[str, str]
    titles: Mapping[str, Mapping[str, str]]


def load_cast(content: Content, file: Path = VISITORS) -> Cast:
    """The made-up visitors."""
    read = YAML(typ="safe", pure=True).load(file)
    return Cast(
        scripts=tuple(Script(**each) for each in read["visitors"]),
        again=read["again"],
        outage=read["outage"],
        titles={code: content.buttons(code) for code in content.languages},
    )


# ── What to answer ─────────────────────────────────────────────────────────────────────────────


@dataclass
class Walk:
    """One visitor on the way through a conversation."""

    script: Script
    titles: Mapping[str, str]
    ends: frozenset[str] = ENDS
    turns: int = 0
    written: set[tuple[str, str]] = field(default_factory=set)

    def answer(self, replies: Sequence[Reply]) -> Body | None:
        """What the visitor does next; None at the end of the conversation."""
        asked = replies[-1]["message"]
        if asked in self.ends:
            return None
        self.turns += 1
        if self.turns > MOST_TURNS:
            raise GoingRound(asked)
        for kind, texts in (("besides", self.script.besides), ("says", self.script.says)):
            if asked in texts and (kind, asked) not in self.written:
                self.written.add((kind, asked))
                return {"text": texts[asked]}
        return self.press(replies, self.script.presses.get(asked))

    def press(self, replies: Sequence[Reply], wanted: str | None) -> Body:
        """A press on the wanted button, or on the first where it is not offered."""
        offered = offered_in(replies)
        title = self.titles.get(wanted or "")
        return {"button": offered.index(title) if title in offered else 0}


def offered_in(replies: Sequence[Reply]) -> list[str]:
    """The titles of the buttons of a turn."""
    return [button["title"] for reply in replies for button in reply["buttons"]]


def once_more(step: Mapping[str, str], replies: Sequence[Reply], titles: Mapping[str, str]) -> Body:
    """A step that is done again and again, as a turn."""
    if "say" in step:
        return {"text": step["say"]}
    return {"button": offered_in(replies).index(titles[step["press"]])}


# ── How it is said ─────────────────────────────────────────────────────────────────────────────


class Line(Protocol):
    """A way to talk to Foothold."""

    async def begin(self, language: str) -> list[Reply]:
        """Opens a conversation."""

    async def turn(self, body: Body) -> list[Reply]:
        """Takes a turn."""


class WebSocketLine:
    """A conversation through one WebSocket."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket
        self.token = ""  # none yet  # nosec B105

    async def begin(self, language: str) -> list[Reply]:
        """Opens a conversation."""
        await self.socket.send(json.dumps({"language": language}))
        frame = json.loads(await self.socket.recv())
        self.token = frame.get("conversation", "")
        return list(frame["replies"])

    async def turn(self, body: Body) -> list[Reply]:
        """Takes a turn."""
        await self.socket.send(json.dumps(body))
        return list(json.loads(await self.socket.recv())["replies"])


class HttpLine:
    """A conversation through the HTTP API."""

    def __init__(self, http: httpx.AsyncClient) -> None:
        self.http = http
        self.token = ""  # none yet  # nosec B105

    async def begin(self, language: str) -> list[Reply]:
        """Opens a conversation."""
        answer = await self.http.post("/api/conversations", json={"language": language})
        self.token = answer.json().get("conversation", "")
        return list(answer.json()["replies"])

    async def turn(self, body: Body) -> list[Reply]:
        """Takes a turn."""
        headers = {"X-Conversation": self.token}
        answer = await self.http.post("/api/turns", json=body, headers=headers)
        return list(answer.json()["replies"])

    async def erase(self) -> int:
        """Erases the conversation; the status of the answer."""
        headers = {"X-Conversation": self.token}
        return (await self.http.delete("/api/conversations", headers=headers)).status_code


@asynccontextmanager
async def through_websocket(url: str) -> AsyncIterator[WebSocketLine]:
    """A line through a WebSocket, as a browser opens one."""
    address = url.replace("http", "ws", 1) + "/ws"
    # A browser sends no pings of its own, and an own site's proxy is never in between here.
    async with connect(address, ping_interval=None, compression=None, proxy=None) as socket:
        yield WebSocketLine(socket)


@asynccontextmanager
async def through_http(url: str) -> AsyncIterator[HttpLine]:
    """A line through HTTP, over a connection that is kept."""
    async with httpx.AsyncClient(base_url=url, timeout=30, trust_env=False) as http:
        yield HttpLine(http)


async def begun(line: Line, language: str) -> list[Reply]:
    """The opening; raises NotAnswered."""
    return answered(await line.begin(language))


async def timed(line: Line, body: Body) -> tuple[float, list[Reply]]:
    """A turn with the milliseconds that it took; raises NotAnswered."""
    started = time.perf_counter()
    replies = await line.turn(body)
    took = (time.perf_counter() - started) * 1000
    return took, answered(replies)


def answered(replies: list[Reply]) -> list[Reply]:
    """The replies if they are a real answer; raises NotAnswered."""
    instead = NO_ANSWER.intersection(ids_of(replies))
    if instead or not replies:
        raise NotAnswered(", ".join(sorted(instead)) or "nothing")
    return replies


def ids_of(replies: Sequence[Reply]) -> list[str]:
    """The ids of the words of a turn."""
    return [str(reply["message"]) for reply in replies]
