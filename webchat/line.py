"""A conversation over a WebSocket, also after a broken line."""

import asyncio
from collections.abc import AsyncIterator
from http import HTTPStatus
from typing import TypeVar

from fastapi import APIRouter, WebSocket
from pydantic import TypeAdapter, ValidationError
from starlette.websockets import WebSocketDisconnect

from bot.conversation import Answer, Door, UnknownConversation
from webchat.given import TheDoor, language_for, the_page, the_work
from webchat.security import is_same_host, log_failure
from webchat.shapes import LONGEST_BODY, READ_FIRST, READ_TURN, FirstFrame, asked, public, turn_of

GONE = 4404
"""The WebSocket close code for a conversation that is unknown or has ended."""

SILENT = 4408
"""The WebSocket close code where nothing came for too long."""

MOST_REFUSED = 100
"""Frames that one line may send in vain; no page of ours sends even one."""
TOO_MANY = 1008

Shape = TypeVar("Shape")

socket = APIRouter()


@socket.websocket("/ws")
async def listen(websocket: WebSocket, door: TheDoor) -> None:
    """A conversation over one WebSocket; another site's page can't open it."""
    if not is_same_host(websocket.headers):
        await websocket.close()
        return
    await websocket.accept()
    try:
        await Line(websocket, door).hold()
    except WebSocketDisconnect:
        return


class UnreadableFrame(Exception):
    """A frame isn't what it should be; `reason` names the words for it."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Line:
    """One WebSocket: the conversation it speaks for and the language it was last told."""

    def __init__(self, websocket: WebSocket, door: Door) -> None:
        self.websocket = websocket
        self.door = door
        self.work = the_work(websocket)
        self.language = language_for(websocket)
        self.conversation = ""
        self.refused = 0
        self.first_frame: float = websocket.app.state.limits.first_frame
        # When the conversation has ended, nothing is left to wait for.
        self.idle: float = the_page(websocket).settings.idle_minutes * 60

    async def hold(self) -> None:
        """Answers every frame until one side ends it."""
        async for frame in self.frames():
            if self.refused > MOST_REFUSED:
                await self.websocket.close(TOO_MANY)
                return
            try:
                if not await self.answer(frame):
                    return
            except UnreadableFrame as error:
                self.refused += 1
                await self.say(self.door.sorry(error.reason, self.language))
            except UnknownConversation:
                await self.say(self.door.sorry("conversation_gone", self.language))
                await self.websocket.close(GONE)
                return
            except WebSocketDisconnect:
                raise
            except Exception as error:  # noqa: BLE001 - whatever fails, numbers are shown
                log_failure(error)
                await self.say(self.door.sorry("service_down", self.language))

    async def frames(self) -> AsyncIterator[str | None]:
        """The texts that arrive; None for a frame that holds bytes."""
        while True:
            try:
                async with asyncio.timeout(self.idle if self.conversation else self.first_frame):
                    message = await self.websocket.receive()
            except TimeoutError:
                await self.websocket.close(SILENT)
                return
            if message["type"] == "websocket.disconnect":
                return
            yield message.get("text")
            # Frames that came together are there without waiting: let others have their turn.
            await asyncio.sleep(0)

    async def answer(self, frame: str | None) -> bool:
        """Answers a frame; says whether the line goes on."""
        if not self.conversation:
            return await self.greet(read(READ_FIRST, frame))
        answer = await self.door.take(self.conversation, turn_of(read(READ_TURN, frame)))
        if not answer.leave:
            self.refused += answer.status == HTTPStatus.TOO_MANY_REQUESTS
            await self.say(answer)
            return True
        await self.websocket.send_json({"replies": [], "leave": True})
        await self.websocket.close()
        await self.door.forget(self.conversation)
        return False

    async def greet(self, first: FirstFrame) -> bool:
        """Opens the conversation, or takes up one that a broken line left."""
        self.language = language_for(self.websocket, first.language)
        if first.conversation is None and not self.work.done(first.work):
            self.refused += 1
            await self.websocket.send_json({"replies": [], "work": asked(self.work.puzzle())})
            return True
        if first.conversation is None:
            conversation, answer = await self.door.open(self.language)
        else:
            conversation = first.conversation
            answer = await self.door.resume(conversation, first.language and self.language)
        if answer.status != HTTPStatus.OK:
            await self.say(answer)
            return True
        self.conversation = conversation
        await self.say(answer, conversation=conversation)
        return True

    async def say(self, answer: Answer, **more: str) -> None:
        """Sends replies, and their language when it is not the one before."""
        if answer.language != self.language:
            more["language"] = self.language = answer.language
        await self.websocket.send_json({**more, "replies": public(answer.replies)})


def read(shape: TypeAdapter[Shape], frame: str | None) -> Shape:
    """A frame in its shape; what was wrong with it is never quoted."""
    if frame is None:
        raise UnreadableFrame("unreadable")
    if len(frame.encode(errors="replace")) > LONGEST_BODY:
        raise UnreadableFrame("too_long")
    try:
        return shape.validate_json(frame)
    except ValidationError:
        raise UnreadableFrame("unreadable") from None
