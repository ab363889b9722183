"""The JSON API of the plan: see it, change it, take it away, save it, and share a part of it."""

from datetime import date, datetime, time
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response
from pydantic import BeforeValidator, Field

from bot.keeping import ShelfDown, TooManyCodes, as_text
from bot.plans.calendar import in_a_month, reminder
from bot.plans.codes import Kind, read_code
from bot.plans.pdf import plan_pdf
from bot.plans.slices import from_link, sealed_slice, slice_of
from bot.plans.text import plan_text
from bot.rasa_client import Unavailable
from bot.safety.own_plan import LONGEST_WORDS
from bot.store.lives import LONGEST_HOURS
from webchat.api import JSON_ONLY, PROBLEMS, UNKNOWN
from webchat.given import TheDoor, Token
from webchat.plan_page import LONGEST_COVER, LONGEST_PASSWORD, download
from webchat.problems import problem
from webchat.shapes import Closed, Replies, a_number, public, spoken

plans = APIRouter(prefix="/api", tags=["plan"], dependencies=JSON_ONLY)

Words = Annotated[str, Field(max_length=LONGEST_WORDS)]
Hours = Annotated[int, Field(ge=1, le=LONGEST_HOURS), BeforeValidator(a_number)]
Code = Annotated[str, Field(max_length=200)]
StepId = Annotated[str, Field(max_length=100)]
"""A step as the plan names it."""


class PlanShown(Closed):
    """A plan in words, part by part, with every conflict flagged."""

    plan: dict[str, Any]


class Change(Closed):
    """A change to the plan.

    `mark_done`, `mark_not_done`, `take_out` and `reword` need `step`; `reword` and `add` need
    `words`; `add` needs `kind`; `undo_change` needs nothing.
    """

    do: Literal["mark_done", "mark_not_done", "take_out", "reword", "add", "undo_change"]
    step: StepId = ""
    kind: Literal["person", "place", "code_word", "signal", "step"] = "step"
    words: Words = ""


class Changed(Replies):
    """The plan after a change, and the question that is open in the talk."""

    plan: dict[str, Any]


class FileWish(Closed):
    """The form in which the plan is wanted; `cover` and the times are for the reminder."""

    form: Literal["pdf", "text", "ics"]
    password: Annotated[str, Field(max_length=LONGEST_PASSWORD)] = ""
    cover: Annotated[str, Field(max_length=LONGEST_COVER)] = ""
    on: date | None = None
    at: time = time(10)
    repeats: Literal["once", "weekly", "monthly"] = "once"


class Saving(Closed):
    """How a plan is saved: what the code is made of, and for how many hours.

    With `code` it is saved in place of the plan under that code.
    """

    kind: Literal["words", "digits"] = "words"
    hours: Hours = 24
    code: Code = ""


class SavedPlan(Closed):
    """The code, shown only now, and until when the plan is kept (Unix time)."""

    code: str
    until: int


class Coded(Closed):
    """A code: case, accents and spaces don't matter."""

    code: Code


class SliceWish(Closed):
    """The parts for one trusted person, by id, and for how many hours."""

    parts: Annotated[list[StepId], Field(max_length=50)]
    hours: Hours = 24


class SliceMade(Closed):
    """What stands behind the # of the link; it is not kept here, and shown only now."""

    fragment: str
    until: int


class SliceName(Closed):
    """The first half of what stands behind the # of a helper's link."""

    name: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{22}$")]


class SliceSealed(Closed):
    """A sealed slice (base64): nonce of 12 bytes, then AES-128-GCM bound to the name."""

    sealed: str


@plans.get("/plan", response_model=PlanShown, responses={**PROBLEMS, **UNKNOWN})
async def show(request: Request, door: TheDoor, conversation: Token = "") -> Response:
    """The plan as it stands; whole and usable after every answer."""
    try:
        whole = await door.plan(conversation)
    except Unavailable:
        return problem(request, 503, "service_down")
    language = {"Content-Language": whole.language}
    return JSONResponse({"plan": door.worded(whole).as_values()}, headers=language)


@plans.post("/plan/changes", response_model=Changed, responses={**PROBLEMS, **UNKNOWN})
async def change(
    request: Request, door: TheDoor, change: Change, conversation: Token = ""
) -> Response:
    """Changes the plan beside the talk; one that makes no sense changes nothing."""
    try:
        answer = await door.with_plan(conversation, {"change": change.model_dump()})
        whole = await door.plan(conversation)
    except Unavailable:
        return problem(request, 503, "service_down")
    body = {"plan": door.worded(whole).as_values(), "replies": public(answer.replies)}
    return JSONResponse(body, headers=spoken(answer))


@plans.post("/plan/file", response_class=Response, responses={**PROBLEMS, **UNKNOWN})
async def make_file(
    request: Request, door: TheDoor, wish: FileWish, conversation: Token = ""
) -> Response:
    """The plan as a file: a PDF, on request locked (AES-256), a text, or a calendar reminder."""
    try:
        whole = await door.plan(conversation)
    except Unavailable:
        return problem(request, 503, "service_down")
    worded = door.worded(whole)
    if wish.form == "pdf":
        return download(plan_pdf(worded, wish.password), "application/pdf", "pdf")
    if wish.form == "text":
        return download(plan_text(worded).encode(), "text/plain; charset=utf-8", "txt")
    words = wish.cover.strip() or door.plan_words(whole.language)["cover"]
    made = reminder(
        words, datetime.combine(wish.on or in_a_month(), wish.at.replace(tzinfo=None)), wish.repeats
    )
    return download(made, "text/calendar; charset=utf-8", "ics")


@plans.post("/plans", status_code=201, response_model=SavedPlan, responses={**PROBLEMS, **UNKNOWN})
async def save(request: Request, door: TheDoor, wish: Saving, conversation: Token = "") -> Response:
    """Saves the plan under a code, sealed: nobody reads it without the code."""
    if wish.code and not read_code(wish.code):
        return problem(request, 404, "code_unknown")
    try:
        whole = await door.plan(conversation)
        saved = await door.keeper.save(
            whole.as_record(), Kind(wish.kind), whole.language, wish.hours, wish.code
        )
    except (Unavailable, ShelfDown):
        return problem(request, 503, "cannot_save")
    return JSONResponse({"code": saved.code, "until": saved.until}, 201)


@plans.post("/plans/opened", response_model=Replies, responses={**PROBLEMS, **UNKNOWN})
async def open_saved(
    request: Request, door: TheDoor, given: Coded, conversation: Token = ""
) -> Response:
    """Opens a saved plan in this conversation; 404 where there is nothing under the code."""
    try:
        record = await door.keeper.find(given.code)
        if record is None:
            return problem(request, 404, "code_unknown")
        answer = await door.with_plan(conversation, {"opened": record})
    except TooManyCodes:
        return problem(request, 429, "code_busy")
    except (Unavailable, ShelfDown):
        return problem(request, 503, "cannot_save")
    return JSONResponse({"replies": public(answer.replies)}, headers=spoken(answer))


@plans.delete("/plans", status_code=204, responses={429: PROBLEMS[429], 503: PROBLEMS[503]})
async def delete_saved(request: Request, door: TheDoor, given: Coded) -> Response:
    """Deletes what was saved under a code. Answers the same when there was nothing."""
    try:
        await door.keeper.delete(given.code)
    except TooManyCodes:
        return problem(request, 429, "code_busy")
    except ShelfDown:
        return problem(request, 503, "cannot_save")
    return Response(status_code=204)


@plans.post("/slices", status_code=201, response_model=SliceMade, responses={**PROBLEMS, **UNKNOWN})
async def share(
    request: Request, door: TheDoor, wish: SliceWish, conversation: Token = ""
) -> Response:
    """Seals some parts for one trusted person, with a key that is only in the link."""
    try:
        whole = await door.plan(conversation)
        made = sealed_slice(slice_of(door.worded(whole), frozenset(wish.parts)))
        until = await door.keeper.put_slice(made, wish.hours)
    except (Unavailable, ShelfDown):
        return problem(request, 503, "cannot_save")
    return JSONResponse({"fragment": made.fragment, "until": until}, 201)


@plans.post("/slices/opened", response_model=SliceSealed, responses={**PROBLEMS, **UNKNOWN})
async def open_slice(request: Request, door: TheDoor, given: SliceName) -> Response:
    """A sealed slice; whoever asks needs its key, which never comes here."""
    try:
        sealed = await door.keeper.slice(from_link(given.name))
    except ShelfDown:
        return problem(request, 503, "cannot_save")
    if sealed is None:
        return problem(request, 404, "code_unknown")
    return JSONResponse({"sealed": as_text(sealed)})
