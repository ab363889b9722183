"""The channel through which the door, and nobody else, talks to Rasa.

Rasa's own REST channel writes a visitor's text into its log when anything fails, and takes
messages from whoever reaches the port. This one logs nothing and wants the shared token.
"""

import asyncio
import hmac
import logging
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any
from weakref import WeakValueDictionary

from rasa.core.channels.channel import CollectingOutputChannel, InputChannel, UserMessage
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.rasa_server.tracker_store import (
    NOTHING_TAKEN,
    SealedTrackerStore,
    Taken,
    spoken,
    turn_under_way,
)

log = logging.getLogger("foothold.rasa")

# What a plan is made of, when the visitor looks at it or takes it away.
PLAN_SLOTS = frozenset(
    {"plan", "answers", "now_flags", "picked", "language", "country", "region", "place_label"}
)


Handler = Callable[[Request], Coroutine[Any, Any, HTTPResponse]]


class DoorChannel(InputChannel):
    """Takes turns from the door at /webhooks/door/turn and answers with what was said."""

    @classmethod
    def name(cls) -> str:
        """The name in credentials.yml and in the address."""
        return "door"

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> "DoorChannel":
        """The channel with the token that the door shows."""
        return cls((credentials or {}).get("token") or "")

    def __init__(self, token: str) -> None:
        self.token = token
        self.locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """The routes of the channel."""
        routes = Blueprint("door")

        @routes.route("/", methods=["GET"])
        async def health(request: Request) -> HTTPResponse:
            return response.json({"status": "ok"})

        async def turn(request: Request) -> HTTPResponse:
            store = request.app.ctx.agent.tracker_store
            taken = await self.answers(store, on_new_message, request.json)
            return response.json(taken._asdict())

        for name, handler in {
            "turn": turn, "latest": tell_latest, "plan": tell_plan, "forget": forget,
        }.items():  # fmt: skip
            routes.add_route(self.for_the_door(handler), f"/{name}", methods=["POST"], name=name)
        return routes

    def for_the_door(self, handler: Handler) -> Handler:
        """A handler that answers nobody but the door."""

        async def guarded(request: Request) -> HTTPResponse:
            return await handler(request) if self.knows(request) else response.empty(status=403)

        return guarded

    def knows(self, request: Request) -> bool:
        """Whether a request comes from the door; nobody's does where no token was made."""
        # As bytes: a text that is not ASCII would raise instead of being wrong.
        shown = request.headers.get("X-Token", "").encode("utf-8", "replace")
        return hmac.compare_digest(shown, self.token.encode()) and bool(self.token)

    async def answers(
        self,
        store: SealedTrackerStore,
        on_new_message: Callable[[UserMessage], Awaitable[Any]],
        call: dict[str, Any],
    ) -> Taken:
        """What Rasa says to a turn; nothing at all when it fails.

        `unsure` names turns whose answer never arrived. If one of them was taken all the same,
        its answer comes now, and the new turn, meant for an older question, is left alone.
        """
        conversation = call["conversation"]
        async with self.one_at_a_time(conversation):
            latest = store.latest(conversation) if call["unsure"] else NOTHING_TAKEN
            if latest.turn in call["unsure"] and latest.said:
                return latest
            return await self.handled(on_new_message, call)

    def one_at_a_time(self, conversation: str) -> asyncio.Lock:
        """The lock of a conversation, there as long as somebody holds it or waits."""
        lock = self.locks.get(conversation)
        if lock is None:
            self.locks[conversation] = lock = asyncio.Lock()
        return lock

    async def handled(
        self, on_new_message: Callable[[UserMessage], Awaitable[Any]], call: dict[str, Any]
    ) -> Taken:
        """What Rasa says to a turn that it has not taken before."""
        collector = CollectingOutputChannel()
        message = UserMessage(
            call["text"],
            collector,
            call["conversation"],
            input_channel=self.name(),
            metadata=call.get("metadata") or {},
        )
        under_way = turn_under_way.set(Taken(call["turn"], collector.messages))
        try:
            await on_new_message(message)
        except Exception as error:  # noqa: BLE001 — whatever fails, the door must hear of it
            # Its text may hold the visitor's words, so that only its kind is logged.
            log.error(  # noqa: TRY400
                "turn_failed %s", type(error).__name__
            )
            return NOTHING_TAKEN
        finally:
            turn_under_way.reset(under_way)
        return Taken(call["turn"], spoken(collector.messages))


async def tell_latest(request: Request) -> HTTPResponse:
    """The latest turn of a conversation, with what was said to it."""
    store = request.app.ctx.agent.tracker_store
    return response.json(store.latest(request.json["conversation"])._asdict())


async def tell_plan(request: Request) -> HTTPResponse:
    """What the plan of a conversation is made of."""
    store = request.app.ctx.agent.tracker_store
    return response.json(store.slots(request.json["conversation"], PLAN_SLOTS))


async def forget(request: Request) -> HTTPResponse:
    """Drops a conversation by its name."""
    name, under_way = bytes.fromhex(request.json["name"]), request.json["under_way"]
    request.app.ctx.agent.tracker_store.erase(name, under_way=under_way)
    return response.empty()
