"""The public chat: a page, an API and a WebSocket, all three thin skins over the door.

Nothing here remembers a visitor: the conversation's token travels with each request, in a header,
in a WebSocket's first frame, or in the form of the visitor's own page.
"""

import asyncio
import gzip
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable, Iterator, Mapping
from contextlib import asynccontextmanager
from http import HTTPStatus
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar
from urllib.parse import parse_qsl

import uvicorn
from fastapi import APIRouter, Body, Depends, FastAPI, Header, Request, WebSocket
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse, Response
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, TypeAdapter, ValidationError
from starlette.background import BackgroundTask
from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection
from starlette.types import Lifespan
from starlette.websockets import WebSocketDisconnect

from bot.content import Content, load
from bot.content.hotlines import load_hotlines
from bot.conversation import Answer, Door, Reply, Turn, UnknownConversation
from bot.rasa_client import connect
from bot.settings import LOOPBACK, ChatSettings, load_or_exit
from webchat.security import (
    CLEAR_SITE_DATA,
    BodyLimit,
    LastResort,
    SecurityHeaders,
    is_from_elsewhere,
    is_same_host,
    log_failure,
)
from webchat.templates import Kind, Page, Talk, make_page, read_shown

STATIC = Path(__file__).parent / "static"
TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
LONGEST_BODY = 64 * 1024
# Larger frames than LONGEST_BODY still get an answer in words; beyond this the line is cut.
LONGEST_FRAME = 2 * 1024 * 1024
MOST_BUTTONS = 100
WAIT_A_MOMENT = 10
"""Seconds after which a visitor who was too quick may go on."""
PLACES = frozenset(map(str, range(MOST_BUTTONS)))
GONE = 4404
"""The WebSocket close code for a conversation that is unknown or has ended."""

# ── The shapes of the API ──────────────────────────────────────────────────────────────────────


class Closed(BaseModel):
    """A shape with exactly its own fields."""

    model_config = ConfigDict(extra="forbid", frozen=True)


TurnId = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,64}$")]
LanguageTag = Annotated[str, Field(pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8}){0,4}$")]


class Opening(Closed):
    """How a conversation begins."""

    language: LanguageTag | None = None


class FirstFrame(Opening):
    """The first frame of a WebSocket: an existing conversation, or none for a new one."""

    conversation: str | None = None


class Said(Closed):
    """A turn in the visitor's own words."""

    text: str
    turn: TurnId | None = None
    after: TurnId | None = None


def a_number(value: object) -> object:
    """The value if it is a number; pydantic would else take `true` and "1" for one."""
    if isinstance(value, bool | str):
        raise ValueError  # noqa: TRY004 - pydantic makes its own error of this one only
    return value


class Pressed(Closed):
    """A turn by button: its place, from 0, among all the buttons of the latest replies."""

    button: Annotated[int, Field(ge=0, lt=MOST_BUTTONS), BeforeValidator(a_number)]
    turn: TurnId | None = None
    after: TurnId | None = None


class PublicButton(Closed):
    """A button that can be pressed."""

    title: str


class PublicReply(Closed):
    """One reply; `message` is the lasting id of its words."""

    message: str
    text: str
    buttons: list[PublicButton]
    kind: Kind


class Replies(Closed):
    """The answer to a turn."""

    replies: list[PublicReply]


class Begun(Replies):
    """A new conversation. Its token is the only key to it."""

    conversation: str


class Health(Closed):
    """Whether everything behind the chat answers. The chat itself does."""

    status: Literal["ok", "degraded"]
    rasa: Literal["ok", "down"]
    internal: Literal["ok", "down"]


class Problem(Closed):
    """An error (RFC 9457) with fixed replies that help a person all the same."""

    type: str
    title: str
    status: int
    detail: str
    replies: list[PublicReply]


Shape = TypeVar("Shape")
READ_TURN: TypeAdapter[Said | Pressed] = TypeAdapter(Said | Pressed)
READ_FIRST = TypeAdapter(FirstFrame)


def public(replies: Iterable[Reply]) -> list[dict[str, Any]]:
    """Replies as the API shows them."""
    return [
        {
            "message": reply.message,
            "text": reply.text,
            "buttons": [{"title": title} for title in reply.buttons],
            "kind": reply.kind,
        }
        for reply in replies
    ]


def turn_of(given: Said | Pressed) -> Turn:
    """What arrived, as the door takes it."""
    if isinstance(given, Pressed):
        return Turn(button=given.button, turn=given.turn, after=given.after)
    return Turn(text=given.text, turn=given.turn, after=given.after)


# ── What a route is handed ─────────────────────────────────────────────────────────────────────


def the_door(connection: HTTPConnection) -> Door:
    """The door that this app was built with."""
    door: Door = connection.app.state.door
    return door


def the_page(connection: HTTPConnection) -> Page:
    """The page that this app was built with."""
    page: Page = connection.app.state.page
    return page


def language_for(connection: HTTPConnection, wish: str | None = None) -> str:
    """The language to speak: the one asked for, else the first the browser names that we have."""
    page = the_page(connection)
    accepted = connection.headers.get("accept-language", "").split(",")
    wishes = [wish or "", *sorted(accepted, key=preference)]
    codes = [each.partition(";")[0].partition("-")[0].strip().lower() for each in wishes]
    known = (code for code in codes if code in page.content.languages)
    return next(known, page.settings.default_language)


def preference(accepted: str) -> float:
    """Where a part of Accept-Language belongs, the most wanted first."""
    _, _, weight = accepted.partition(";q=")
    try:
        return -float(weight or 1)
    except ValueError:
        return 0


async def json_only(request: Request) -> None:
    """Refuses a body that isn't JSON, so that no form of another site can send one."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json" and await request.body():
        raise HTTPException(415)


TheDoor = Annotated[Door, Depends(the_door)]
ThePage = Annotated[Page, Depends(the_page)]
Token = Annotated[
    str,
    Header(alias="X-Conversation", description="The conversation's token. Missing means unknown."),
]

# ── The API ────────────────────────────────────────────────────────────────────────────────────

PROBLEMS: dict[int | str, dict[str, Any]] = {
    400: {"model": Problem, "description": "Not JSON, or not UTF-8."},
    413: {"model": Problem, "description": "Longer than 64 KiB, or a text too long to read."},
    415: {"model": Problem, "description": "The body isn't application/json."},
    422: {"model": Problem, "description": "JSON of another shape. It is not repeated."},
    429: {
        "model": Problem,
        "description": "Too many turns at once.",
        "headers": {"Retry-After": {"description": "Seconds.", "schema": {"type": "integer"}}},
    },
    500: {"model": Problem, "description": "Something failed here."},
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
JSON_ONLY = [Depends(json_only)]
api = APIRouter(prefix="/api", tags=["conversation"])


@api.post(
    "/conversations",
    status_code=201,
    response_model=Begun,
    response_description="The opening.",
    responses=PROBLEMS,
    dependencies=JSON_ONLY,
)
async def begin(
    request: Request, door: TheDoor, opening: Annotated[Opening | None, Body()] = None
) -> Response:
    """Begins a conversation.

    `language` is what the visitor seems to speak; without it `Accept-Language` decides.
    """
    wish = opening.language if opening else None
    conversation, answer = await door.open(language_for(request, wish))
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
    responses={500: PROBLEMS[500]},
)
async def forget(door: TheDoor, conversation: Token = "") -> Response:
    """Erases a conversation. Answers the same when there is none."""
    await door.forget(conversation)
    return Response(status_code=204, headers={"Clear-Site-Data": CLEAR_SITE_DATA})


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


def spoken(answer: Answer) -> dict[str, str]:
    """The header that names the language of an answer."""
    return {"Content-Language": answer.language}


# ── The WebSocket ──────────────────────────────────────────────────────────────────────────────

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
        self.language = language_for(websocket)
        self.conversation = ""

    async def hold(self) -> None:
        """Answers every frame until one side ends it."""
        async for frame in self.frames():
            try:
                if not await self.answer(frame):
                    return
            except UnreadableFrame as error:
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
            message = await self.websocket.receive()
            if message["type"] == "websocket.disconnect":
                return
            yield message.get("text")

    async def answer(self, frame: str | None) -> bool:
        """Answers a frame; says whether the line goes on."""
        if not self.conversation:
            return await self.greet(read(READ_FIRST, frame))
        answer = await self.door.take(self.conversation, turn_of(read(READ_TURN, frame)))
        if not answer.leave:
            await self.say(answer)
            return True
        await self.websocket.send_json({"replies": [], "leave": True})
        await self.websocket.close()
        await self.door.forget(self.conversation)
        return False

    async def greet(self, first: FirstFrame) -> bool:
        """Opens the conversation, or takes up one that a broken line left."""
        self.language = language_for(self.websocket, first.language)
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


# ── The page ───────────────────────────────────────────────────────────────────────────────────

web = APIRouter(include_in_schema=False)


@web.api_route("/", methods=["GET", "HEAD"])
async def show_page(request: Request) -> Response:
    """The page before the first word. It is the same for everyone and opens nothing."""
    first: Mapping[str, Squeezed] = request.app.state.first_pages
    return first[language_for(request)].response(request)


@web.post("/")
async def take_form(request: Request, door: TheDoor, page: ThePage) -> Response:
    """A press on the page of a browser without JavaScript."""
    if is_from_elsewhere(request.headers):
        # Another site could else put words, or a conversation it reads along with, on our page.
        return HTMLResponse(page.first(language_for(request)), 403)
    form = form_of(await request.body())
    language = language_for(request, form.get("switch") or form.get("language"))
    conversation = form.get("conversation", "")
    if "leave" in form:
        return leaving(HTMLResponse(page.left(language)), door, conversation)
    if conversation:
        return await go_on(page, door, form, language)
    if "start" in form:
        conversation, answer = await door.open(language)
        if answer.status == HTTPStatus.OK:
            return HTMLResponse(page.talking(Talk(conversation, answer.language).hearing(answer)))
        return HTMLResponse(page.first(language, answer), answer.status)
    return HTMLResponse(page.first(language))


async def go_on(page: Page, door: Door, form: Mapping[str, str], language: str) -> Response:
    """The page after one more turn."""
    typed = form.get("text", "").replace("\r\n", "\n")
    talk = Talk(
        conversation=form["conversation"],
        language=language,
        entries=read_shown(form.get("shown", "")),
        after=form.get("after", ""),
        draft=typed,
    )
    turn = turn_in(form, page, typed)
    if turn is None:
        return HTMLResponse(page.talking(talk))
    try:
        answer = await door.take(talk.conversation, turn)
    except UnknownConversation:
        # What was shown is not shown again: it may be somebody else who pressed Back.
        return HTMLResponse(page.first(language, door.sorry("conversation_gone", language)), 404)
    if answer.leave:
        return leaving(HTMLResponse(page.left(language)), door, talk.conversation)
    return HTMLResponse(page.talking(talk.after_turn(turn, typed, answer)), answer.status)


def turn_in(form: Mapping[str, str], page: Page, typed: str) -> Turn | None:
    """The turn that a form carries; None when nothing was said."""
    turn, after = form.get("turn") or None, form.get("after") or None
    if "switch" in form:
        language_name = page.content.page(form["switch"])["language_name"]
        return Turn(text=language_name, turn=turn, after=after)
    if form.get("button", "") in PLACES:
        return Turn(button=int(form["button"]), turn=turn, after=after)
    return Turn(text=typed, turn=turn, after=after) if typed.strip() else None


def form_of(body: bytes) -> dict[str, str]:
    """The fields of a form."""
    try:
        fields = parse_qsl(body.decode(), True, errors="strict", max_num_fields=20)
    except ValueError:
        raise HTTPException(400) from None
    return dict(fields)


class Squeezed:
    """A file that never changes while this process runs, kept ready in both its forms.

    Only what is the same for everyone is compressed: the length of a compressed page could tell
    something of the words in it.
    """

    def __init__(self, content: bytes, media_type: str) -> None:
        self.plain = content
        self.gzip = gzip.compress(content, mtime=0)
        self.media_type = media_type

    def response(self, request: Request) -> Response:
        """The file, compressed for those who can take it."""
        if "gzip" in request.headers.get("accept-encoding", ""):
            return Response(
                self.gzip, media_type=self.media_type, headers={"Content-Encoding": "gzip"}
            )
        return Response(self.plain, media_type=self.media_type)


@web.get("/static/{name}")
async def show_file(name: str, request: Request) -> Response:
    """A style sheet, script or picture of the page."""
    files: Mapping[str, Squeezed] = request.app.state.files
    if name not in files:
        raise HTTPException(404)
    return files[name].response(request)


@web.get("/api/docs")
async def show_docs(request: Request, page: ThePage) -> Response:
    """The API in words, made from its own description; loads nothing from elsewhere."""
    template = page.templates.get_template("docs.html")
    return HTMLResponse(template.render(api=request.app.openapi(), reasons=MEANINGS))


# ── Errors ─────────────────────────────────────────────────────────────────────────────────────

REASONS = {413: "too_long", 429: "slow_down", 500: "service_down"}
MEANINGS = {
    "conversation_gone": "404: there is no such conversation, or no longer.",
    "too_long": "413: longer than can be read at once.",
    "slow_down": "429: too much at once; Retry-After says when to go on.",
    "unreadable": "400, 404, 405, 415, 422: this isn't something the API takes.",
    "service_down": "500: something failed here.",
}


def refusal(request: Request, answer: Answer) -> Response:
    """The door's refusal as a problem."""
    return problem(request, answer.status, REASONS.get(answer.status, "unreadable"), answer)


def problem(
    request: Request, status: int, reason: str = "unreadable", answer: Answer | None = None
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
    }
    headers = spoken(answer)
    if status == HTTPStatus.TOO_MANY_REQUESTS:
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


# ── The app ────────────────────────────────────────────────────────────────────────────────────


# How the server runs: its access lines, and what it logs of WebSockets, hold visitors' addresses.
QUIETLY: dict[str, Any] = {
    "access_log": False,
    "log_level": "warning",
    "proxy_headers": False,
    "server_header": False,
    "date_header": False,
    "ws_max_size": LONGEST_FRAME,
    "ws_per_message_deflate": False,
}


def create_app(
    settings: ChatSettings,
    door: Door,
    content: Content,
    beside: Callable[[], Coroutine[Any, Any, None]] | None = None,
) -> FastAPI:
    """The public chat as an ASGI app; `beside` runs as long as the app does."""
    app = FastAPI(
        title="Foothold chat",
        version="1",
        summary="Safety planning in a conversation. The page and every other channel say the same.",
        docs_url=None,  # theirs load scripts from elsewhere; ours is show_docs
        redoc_url=None,
        openapi_url="/api/openapi.json",
        redirect_slashes=False,
        lifespan=running(beside) if beside else None,
    )
    app.state.door = door
    app.state.page = page = make_page(settings, content, door)
    app.state.first_pages = {
        code: Squeezed(page.first(code).encode(), "text/html") for code in content.languages
    }
    app.state.files = {
        path.name: Squeezed(path.read_bytes(), TYPES[path.suffix])
        for path in STATIC.iterdir()
        if path.suffix in TYPES
    }
    app.add_exception_handler(UnknownConversation, say_unknown)
    app.add_exception_handler(RequestValidationError, say_unreadable)
    app.add_exception_handler(HTTPException, say_refused)
    for router in (api, health, socket, web):
        app.include_router(router)
    describe(app)
    # The last one added is the outermost: every answer gets the headers, also the last resort's.
    app.add_middleware(BodyLimit, most=LONGEST_BODY)
    app.add_middleware(LastResort, answer=say_failed)
    app.add_middleware(SecurityHeaders)
    return app


def running(beside: Callable[[], Coroutine[Any, Any, None]]) -> Lifespan[FastAPI]:
    """A lifespan in which something else runs beside the app."""

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        task = asyncio.create_task(beside())
        yield
        task.cancel()

    return lifespan


def describe(app: FastAPI) -> None:
    """Makes the API describe what is true here: our problems, and what the WebSocket takes."""
    description = app.openapi()
    schemas = description["components"]["schemas"]
    schemas["FirstFrame"] = FirstFrame.model_json_schema()
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    for path in description["paths"].values():
        for operation in path.values():
            operation["responses"] = dict(described(operation["responses"]))


def described(responses: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """The responses of an operation, problems as such, without those of the framework alone."""
    for status, response in responses.items():
        content = response.get("content", {})
        if "HTTPValidationError" in str(content):
            continue
        if int(status) >= HTTPStatus.BAD_REQUEST:
            content = {"application/problem+json": content["application/json"]}
        yield status, {**response, "content": content} if content else response


def main() -> None:
    """Runs the chat until it is stopped."""
    settings = load_or_exit(ChatSettings)
    content = load()
    rasa = connect(
        f"http://{LOOPBACK}:{settings.rasa_port}",
        f"http://{LOOPBACK}:{settings.internal_port}",
        settings.rasa_token.get_secret_value(),
        settings.rasa_timeout,
    )
    door = Door(
        rasa,
        content,
        load_hotlines(),
        country=settings.country,
        language=settings.default_language,
        idle_minutes=settings.idle_minutes,
        rate=settings.rate,
    )
    uvicorn.run(
        create_app(settings, door, content, beside=rasa.watch),
        host=settings.chat_host,
        port=settings.chat_port,
        **QUIETLY,
    )


if __name__ == "__main__":
    main()
