"""Errors that help a person all the same: fixed words with the emergency numbers (RFC 9457)."""

from http import HTTPStatus

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse, Response
from starlette.exceptions import HTTPException

from bot.conversation import Answer
from webchat.given import language_for, the_door, the_page
from webchat.shapes import asked, public, spoken
from webchat.work import Puzzle

WAIT_A_MOMENT = 10
"""Seconds after which a visitor who was too quick may go on."""

REASONS = {
    408: "service_down",
    413: "too_long",
    429: "slow_down",
    500: "service_down",
    503: "slow_down",
}
MEANINGS = {
    "conversation_gone": "404: there is no such conversation, or no longer.",
    "too_long": "413: longer than can be read at once.",
    "slow_down": "428: a puzzle first. 429, 503: too much at once; Retry-After says when to go on.",
    "unreadable": "400, 404, 405, 415, 422, 431: this isn't something the API takes.",
    "code_unknown": "404: nothing is saved under this code, or its time is over.",
    "code_busy": "429: too many codes are being tried; wait a minute.",
    "cannot_save": "503: plans can't be saved or found right now.",
    "service_down": "408, 500, 503: this did not come whole in time, or something failed here.",
}


def refusal(request: Request, answer: Answer) -> Response:
    """The door's refusal as a problem."""
    return problem(request, answer.status, REASONS.get(answer.status, "unreadable"), answer)


def work_to_do(request: Request, puzzle: Puzzle) -> Response:
    """What a program is told that has to solve a puzzle before it may begin."""
    return problem(request, 428, "slow_down", work=asked(puzzle))


def problem(
    request: Request,
    status: int,
    reason: str = "unreadable",
    answer: Answer | None = None,
    **more: object,
) -> Response:
    """An error that helps a person all the same, with nothing in it of what was sent."""
    language = language_for(request)
    answer = answer or the_door(request).sorry(reason, language)
    if is_for_a_person(request):
        return HTMLResponse(the_page(request).first(language, answer), status)
    body = {
        "type": f"/api/docs#{reason}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": answer.replies[0].text,
        "replies": public(answer.replies),
        **more,
    }
    headers = spoken(answer)
    if reason == "slow_down" and status != HTTPStatus.PRECONDITION_REQUIRED:
        headers["Retry-After"] = str(WAIT_A_MOMENT)
    return JSONResponse(body, status, headers, media_type="application/problem+json")


def is_for_a_person(request: Request) -> bool:
    """Whether a browser shows the answer, and not a program."""
    return request.url.path == "/" or "text/html" in request.headers.get("accept", "")


def say_unknown(request: Request, _: Exception) -> Response:
    """No such conversation, or no longer: the two look the same."""
    return problem(request, 404, "conversation_gone")


def say_unreadable(request: Request, error: Exception) -> Response:
    """A wrong shape. The framework's own words would quote what was sent."""
    not_json = isinstance(error, RequestValidationError) and any(
        each["type"] == "json_invalid" for each in error.errors()
    )
    return problem(request, 400 if not_json else 422)


def say_refused(request: Request, error: Exception) -> Response:
    """Any other error that a route or the framework raised on purpose."""
    status = error.status_code if isinstance(error, HTTPException) else 500
    response = problem(request, status, REASONS.get(status, "unreadable"))
    if isinstance(error, HTTPException) and error.headers:
        response.headers.update(error.headers)
    return response


def say_failed(request: Request) -> Response:
    """Something of ours failed."""
    return problem(request, 500, "service_down")


def say_crowded(request: Request) -> Response:
    """There are more connections than there is room for."""
    response = problem(request, 503, "slow_down")
    response.headers["Connection"] = "close"
    return response
