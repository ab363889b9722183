"""A talk that goes on here, though it began in a messenger: its link works once."""

from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response
from pydantic import Field

from bot.keeping import ShelfDown
from bot.moving import Moves
from bot.rasa_client import Unavailable
from webchat.api import JSON_ONLY, PROBLEMS, UNKNOWN
from webchat.given import TheDoor
from webchat.problems import problem
from webchat.shapes import Begun, Closed, TurnId, public, spoken

moves = APIRouter(prefix="/api", tags=["conversation"])


class Link(Closed):
    """What stands behind the # of the link."""

    key: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{43}$")]


class Arrived(Begun):
    """The talk: its token, what was said last, and to which turn."""

    turn: TurnId | None


@moves.post(
    "/moves",
    response_model=Arrived,
    responses={**PROBLEMS, **UNKNOWN},
    dependencies=JSON_ONLY,
)
async def arrive(request: Request, door: TheDoor, link: Link) -> Response:
    """Goes on with a talk; 404 where the link was used before, or is older than five minutes."""
    taken: Moves | None = request.app.state.moves
    try:
        conversation = await taken.take(link.key) if taken else None
        if conversation is None:
            return problem(request, 404, "conversation_gone")
        answer, turn = await door.latest(conversation)
    except (ShelfDown, Unavailable):
        return problem(request, 503, "service_down")
    body = {"conversation": conversation, "replies": public(answer.replies), "turn": turn or None}
    return JSONResponse(body, headers=spoken(answer))
