"""The channel through which the door, and nobody else, talks to Rasa.

Rasa's own REST channel writes a visitor's text into its log when anything fails, and takes
messages from whoever reaches the port. This one logs nothing and wants the shared token.
"""

import hmac
import logging
from collections.abc import Awaitable, Callable
from typing import Any

from rasa.core.agent import Agent
from rasa.core.channels.channel import CollectingOutputChannel, InputChannel, UserMessage
from rasa.shared.core.trackers import DialogueStateTracker
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

log = logging.getLogger("foothold.rasa")


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

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """The routes of the channel."""
        routes = Blueprint("door")

        @routes.route("/", methods=["GET"])
        async def health(request: Request) -> HTTPResponse:
            return response.json({"status": "ok"})

        @routes.route("/turn", methods=["POST"])
        async def turn(request: Request) -> HTTPResponse:
            if not self.knows(request):
                return response.empty(status=403)
            return response.json(await self.answers(on_new_message, request.json))

        @routes.route("/forget", methods=["POST"])
        async def forget(request: Request) -> HTTPResponse:
            if not self.knows(request):
                return response.empty(status=403)
            await forget_conversation(request.app.ctx.agent, request.json["conversation"])
            return response.empty()

        return routes

    def knows(self, request: Request) -> bool:
        """Whether a request comes from the door."""
        return hmac.compare_digest(request.headers.get("X-Token", ""), self.token)

    async def answers(
        self, on_new_message: Callable[[UserMessage], Awaitable[Any]], call: dict[str, Any]
    ) -> list[Any]:
        """What Rasa says to a turn; nothing at all when it fails."""
        collector = CollectingOutputChannel()
        message = UserMessage(
            call["text"],
            collector,
            call["conversation"],
            input_channel=self.name(),
            metadata=call.get("metadata") or {},
        )
        try:
            await on_new_message(message)
        except Exception as error:  # noqa: BLE001 — whatever fails, the door must hear of it
            # Its text may hold the visitor's words, so that only its kind is logged.
            log.error(  # noqa: TRY400
                "turn_failed %s", type(error).__name__
            )
            return []
        return [each["custom"] for each in collector.messages if "custom" in each]


async def forget_conversation(agent: Agent, conversation: str) -> None:
    """Drops all that is kept of a conversation, after a turn of it that may still be running."""
    async with agent.lock_store.lock(conversation):
        nothing = DialogueStateTracker.from_events(conversation, [], agent.domain.slots)
        await agent.tracker_store.save(nothing)
