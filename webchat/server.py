"""How the chat listens: nobody may take up its time, its memory or its places without end.

uvicorn waits for ever for a head that does not come, reads one of any length, and goes on
writing to someone who does not read. What is asked of it here is what its own classes leave out.
"""

import asyncio
import resource
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from fastapi import FastAPI
from starlette.requests import Request
from uvicorn.protocols.http.httptools_impl import (
    STATUS_LINE,
    HttpToolsProtocol,
    RequestResponseCycle,
)
from uvicorn.protocols.utils import ClientDisconnected
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.frames import CloseCode, Frame

from webchat.problems import problem
from webchat.security import CROWDED, guard, log_failure

# A browser sends a frame in a few pieces at most; each empty piece costs us more than the sender.
MOST_PIECES = 256
# Browsers send about a thousand bytes; what comes in one read is taken in any case.
LONGEST_HEAD = 16 * 1024
# No browser sends a request before the one before it is answered.
MOST_QUEUED = 8
# Files beside the connections: those to Rasa, logs, what Python holds.
SPARE_FILES = 300


@dataclass(frozen=True)
class Limits:
    """Seconds that each step may take, and how many may be there at once."""

    head: float = 10  # until the head of a request has come whole
    body: float = 20  # until the rest of it has
    unread: float = 20  # that an answer, or a farewell, waits for someone who does not read it
    first_frame: float = 30  # until a WebSocket says what it is for
    connections: int = 8000

    @property
    def lines(self) -> int:
        """How many of the connections may be WebSockets; the rest is left for plain requests."""
        return self.connections * 3 // 4


@dataclass
class Crowd:
    """Who is connected to one server; `asking` are those whose request is not here yet."""

    limits: Limits
    asking: dict["Connection", None] = field(default_factory=dict)  # the longest there first
    lines: set["SocketConnection"] = field(default_factory=set)

    def make_room(self, newcomer: "Connection", present: int) -> bool:
        """Sends away who has been asking longest where there are too many; whether there is room.

        Visitors ask within a moment. Who holds a place without asking makes room for them.
        """
        if present <= self.limits.connections:
            return True
        longest = next(each for each in self.asking)
        if longest is newcomer:
            return False
        del self.asking[longest]
        longest.transport.abort()
        return True

    def lines_of(self, transport: asyncio.Transport) -> list["SocketConnection"]:
        """The WebSockets over a transport: one, or none."""
        return [line for line in self.lines if line.transport is transport]


class Timed(asyncio.Protocol):
    """A connection that is cut when its time is over."""

    loop: asyncio.AbstractEventLoop
    transport: asyncio.Transport
    _end: asyncio.TimerHandle | None = None

    def cut_after(self, seconds: float) -> None:
        """Cuts the connection after this time, instead of whenever it was before."""
        self.in_time()
        self._end = self.loop.call_later(seconds, self.transport.abort)

    def in_time(self) -> None:
        """What was waited for is there."""
        if self._end:
            self._end.cancel()
        self._end = None


class Overhasty(Exception):
    """More requests were sent than anybody sends before the first is answered."""


class Connection(HttpToolsProtocol, Timed):
    """HTTP: a head, a body and an answer, each within its time and size."""

    def __init__(self, *, crowd: Crowd, refused: Callable[[int], bytes], **given: Any) -> None:
        super().__init__(**given)
        self.crowd = crowd
        self.refused = refused
        self.ws_protocol_class: Any = partial(SocketConnection, crowd=crowd)
        self.awaited: int | None = 0  # bytes of a head that is not here yet
        self.at_work: RequestResponseCycle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Waits for a head; somebody who only waits makes room where the house is full."""
        super().connection_made(transport)
        self.expect_head()
        if not self.crowd.make_room(self, len(self.connections)):
            self.app_state = {**self.app_state, CROWDED: True}

    def expect_head(self) -> None:
        """From now on a request is due."""
        self.awaited = 0
        self.crowd.asking.pop(self, None)
        self.crowd.asking[self] = None
        self.cut_after(self.crowd.limits.head)

    def data_received(self, data: bytes) -> None:
        """Reads on, unless a head grows beyond measure."""
        super().data_received(data)
        if self.awaited is not None:
            self.awaited += len(data)
            if self.awaited > LONGEST_HEAD:
                self.refuse(431)

    def on_headers_complete(self) -> None:
        """The head is here; one that asks for a WebSocket may still have a body to come."""
        super().on_headers_complete()
        if len(self.pipeline) > MOST_QUEUED:
            raise Overhasty
        if not (self.parser.should_upgrade() and self._should_upgrade()):
            self.awaited = None
            self.in_time()

    def on_message_complete(self) -> None:
        """The request is here whole."""
        super().on_message_complete()
        self.crowd.asking.pop(self, None)

    def on_response_complete(self) -> None:
        """Waits for the next head when there is nothing left to answer."""
        super().on_response_complete()
        if self.cycle.response_complete:
            self.expect_head()

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: Any) -> None:
        """Begins to work on a request."""
        self.at_work = cycle
        super()._start_asgi_task(cycle, app)

    def handle_websocket_upgrade(self) -> None:
        """Hands over to a WebSocket; uvicorn's own stumbles over headers that are no text."""
        if len(self.crowd.lines) >= self.crowd.limits.lines:
            self.app_state = {**self.app_state, CROWDED: True}
        self.awaited = None
        self.crowd.asking.pop(self, None)
        self.in_time()
        try:
            super().handle_websocket_upgrade()
        except Exception as error:  # noqa: BLE001 - whatever it stumbles over, nothing is left behind
            log_failure(error)
            self.refuse(400)
            for line in self.crowd.lines_of(self.transport):
                line.connection_lost(None)

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002 - uvicorn calls it so
        """What is no HTTP is answered in our words too."""
        self.refuse(400)

    def refuse(self, status: int) -> None:
        """Answers before anything was read, and closes."""
        if not self.transport.is_closing():
            self.cut_after(self.crowd.limits.unread)
            self.transport.write(self.refused(status))
            self.transport.close()

    def pause_writing(self) -> None:
        """Somebody does not read what is answered."""
        super().pause_writing()
        self.cut_after(self.crowd.limits.unread)

    def resume_writing(self) -> None:
        """They read on."""
        super().resume_writing()
        if not self.cycle.response_complete:
            self.in_time()

    def connection_lost(self, exc: Exception | None) -> None:
        """Leaves the crowd; uvicorn tells only the latest request that nobody waits for it."""
        super().connection_lost(exc)
        if self.at_work is not None:
            self.at_work.disconnected = True
            self.at_work.message_event.set()
        self.crowd.asking.pop(self, None)
        self.in_time()


class SocketConnection(WebSocketsSansIOProtocol, Timed):
    """A WebSocket: opened in time, read as far as it reads itself, in pieces of some size."""

    def __init__(self, *, crowd: Crowd, **given: Any) -> None:
        super().__init__(**given)
        self.crowd = crowd

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Waits until the WebSocket is open."""
        super().connection_made(transport)
        self.crowd.lines.add(self)
        self.cut_after(self.crowd.limits.head)

    def handle_connect(self, event: Any) -> None:
        """The WebSocket can be opened: from now on the line itself looks at the time."""
        super().handle_connect(event)
        self.in_time()

    def handle_cont(self, event: Frame) -> None:
        """Takes one more piece of a frame."""
        if len(self.frames) < MOST_PIECES:
            super().handle_cont(event)
        elif not self.close_sent:
            self.conn.send_close(CloseCode.MESSAGE_TOO_BIG)
            self.handle_parser_exception()

    async def send(self, message: Any) -> None:
        """Sends, unless the line was cut; a farewell is waited for only so long."""
        if self.transport.is_closing():
            raise ClientDisconnected
        await super().send(message)
        if self.close_sent:
            self.cut_after(self.crowd.limits.unread)

    def pause_writing(self) -> None:
        """Somebody does not read: then they are not read either, or pings would pile up."""
        super().pause_writing()
        self.transport.pause_reading()
        self.cut_after(self.crowd.limits.unread)

    def resume_writing(self) -> None:
        """They read on."""
        super().resume_writing()
        self.in_time()
        if not self.read_paused and not self.transport.is_closing():
            self.transport.resume_reading()

    def keepalive_timeout(self) -> None:
        """Nobody is there any more; a farewell that nobody reads does not keep the line."""
        super().keepalive_timeout()
        self.cut_after(self.crowd.limits.unread)

    def connection_lost(self, exc: Exception | None) -> None:
        """Leaves the crowd."""
        super().connection_lost(exc)
        self.crowd.lines.discard(self)
        self.in_time()
        self.read_paused = False  # or uvicorn would read on when it comes to the last of the frames


def within(limits: Limits, app: FastAPI) -> dict[str, Any]:
    """What uvicorn is told so that it listens within limits."""
    crowd = Crowd(limits)
    return {"http": partial(Connection, crowd=crowd, refused=partial(unread_refusal, app))}


def as_files_allow(limits: Limits) -> Limits:
    """The limits, with no more connections than this process may open files.

    Without a free file uvicorn could not even take up a connection to end another.
    """
    allowed, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if allowed == resource.RLIM_INFINITY:
        return limits
    return replace(limits, connections=min(limits.connections, max(1, allowed - SPARE_FILES)))


def unread_refusal(app: FastAPI, status: int) -> bytes:
    """A whole answer to what was not read as a request: our words, in the language of the house."""
    scope = {"type": "http", "app": app, "method": "GET", "path": "/api", "headers": []}
    response = problem(Request(scope), status)
    guard(response.headers)
    response.headers["Connection"] = "close"
    head = [STATUS_LINE[status], *(b"%b: %b\r\n" % each for each in response.raw_headers)]
    return b"".join([*head, b"\r\n", bytes(response.body)])
