"""The JSON API: begin, take a turn, erase, and how things are."""

from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Body, Depends, Request
from fastapi.responses import JSONResponse, Response
from starlette.background import BackgroundTask

from bot.conversation import Door
from webchat.given import Prefer, TheDoor, ThePage, TheWork, Token, json_only, language_for
from webchat.problems import refusal, work_to_do
from webchat.security import CLEAR_SITE_DATA
from webchat.shapes import (
    Begun,
    Health,
    Opening,
    Pressed,
    Problem,
    Receipt,
    Replies,
    Said,
    public,
    spoken,
    turn_of,
)

PROBLEMS: dict[int | str, dict[str, Any]] = {
    400: {"model": Problem, "description": "Not JSON, or not UTF-8."},
    408: {"model": Problem, "description": "The body did not come whole in time."},
    413: {"model": Problem, "description": "Longer than 64 KiB, or a text too long to read."},
    415: {"model": Problem, "description": "The body isn't application/json."},
    422: {"model": Problem, "description": "JSON of another shape. It is not repeated."},
    429: {
        "model": Problem,
        "description": "Too many turns at once.",
        "headers": {"Retry-After": {"description": "Seconds.", "schema": {"type": "integer"}}},
    },
    500: {"model": Problem, "description": "Something failed here."},
    503: {
        "model": Problem,
        "description": "More connections than there is room for.",
        "headers": {"Retry-After": {"description": "Seconds.", "schema": {"type": "integer"}}},
    },
}
UNKNOWN: dict[int | str, dict[str, Any]] = {
    404: {"model": Problem, "description": "No such conversation, whether it ever existed or not."}
}
LEAVING = {
    "Content-Language": {"description": "Language of the replies.", "schema": {"type": "string"}},
    "X-Leave": {
        "description": "There when the visitor typed a leave word. The replies are then empty, the "
        "conversation is being erased, and a page must leave at once.",
        "schema": {"type": "string", "enum": ["now"]},
    },
    "Clear-Site-Data": {"description": "Comes with X-Leave.", "schema": {"type": "string"}},
}
WITH_RECEIPT = "return=representation"
"""RFC 7240: the client would like to see what it has done."""

JSON_ONLY = [Depends(json_only)]
api = APIRouter(prefix="/api", tags=["conversation"])


@api.post(
    "/conversations",
    status_code=201,
    response_model=Begun,
    response_description="The opening.",
    responses={**PROBLEMS, 428: {"model": Problem, "description": "A puzzle comes first."}},
    dependencies=JSON_ONLY,
)
async def begin(
    request: Request,
    door: TheDoor,
    work: TheWork,
    opening: Annotated[Opening | None, Body()] = None,
) -> Response:
    """Begins a conversation.

    `language` is what the visitor seems to speak; without it `Accept-Language` decides. Where the
    chat is under a flood it answers 428 with a puzzle first; its solution goes into `work`.
    """
    opening = opening or Opening()
    if not work.done(opening.work):
        return work_to_do(request, work.puzzle())
    conversation, answer = await door.open(language_for(request, opening.language))
    if answer.status != HTTPStatus.OK:
        return refusal(request, answer)
    return JSONResponse(
        {"conversation": conversation, "replies": public(answer.replies)}, 201, spoken(answer)
    )


@api.post(
    "/turns",
    response_model=Replies,
    responses={**PROBLEMS, **UNKNOWN, 200: {"headers": LEAVING, "description": "The replies."}},
    dependencies=JSON_ONLY,
)
async def take(
    request: Request, door: TheDoor, given: Said | Pressed, conversation: Token = ""
) -> Response:
    """Takes a turn: the visitor's words, or the button they pressed.

    `turn` is an id of your own making. Sent again with the same id, a turn is answered with the
    same replies, so nothing is lost or said twice after a broken connection. `after` is the id of
    the last turn whose replies were shown: a button of an older question is then never taken as
    an answer. It stays as it was after `slow_down`, `too_long` and `service_down`, which take no
    turn, and is best left out after `button_expired`.
    """
    answer = await door.take(conversation, turn_of(given))
    if answer.leave:
        return leaving(JSONResponse({"replies": []}), door, conversation)
    if answer.status != HTTPStatus.OK:
        return refusal(request, answer)
    return JSONResponse({"replies": public(answer.replies)}, 200, spoken(answer))


@api.delete(
    "/conversations",
    status_code=204,
    response_description="Nothing of it is left.",
    responses={
        200: {"model": Receipt, "description": "A receipt, for who asked for one."},
        500: PROBLEMS[500],
    },
)
async def forget(
    request: Request, door: TheDoor, page: ThePage, prefer: Prefer = "", conversation: Token = ""
) -> Response:
    """Erases a conversation. Answers the same when there is none."""
    erased = await door.forget(conversation)
    clear = {"Clear-Site-Data": CLEAR_SITE_DATA}
    if prefer.strip().lower() != WITH_RECEIPT:
        return Response(status_code=204, headers=clear)
    answer = page.receipt(language_for(request), done=erased)
    body = {"erased": erased, "words": [reply.text for reply in answer.replies]}
    return JSONResponse(body, headers={**clear, **spoken(answer)})


health = APIRouter(tags=["operation"])


@health.get("/health", response_model=Health, response_description="How things are.")
async def tell_health(door: TheDoor) -> Response:
    """Tells whether Rasa and the internal app answer; 200 in any case, because the door does."""
    return JSONResponse(await door.health())


def leaving(response: Response, door: Door, conversation: str) -> Response:
    """The same response, asking the browser to leave and to clear; erasing doesn't hold it up."""
    response.headers["X-Leave"] = "now"
    response.headers["Clear-Site-Data"] = CLEAR_SITE_DATA
    response.background = BackgroundTask(door.forget, conversation)
    return response
