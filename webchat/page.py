"""The page: served, and taking the forms of browsers without JavaScript."""

import gzip
import hashlib
from collections.abc import Mapping
from http import HTTPStatus
from urllib.parse import parse_qsl

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, JSONResponse, Response
from starlette.exceptions import HTTPException

from bot.channels import CHANNELS
from bot.content.promised import promised_words
from bot.conversation import Door, Turn, UnknownConversation
from bot.store.lives import promises
from webchat.api import leaving
from webchat.given import TheDoor, ThePage, TheWork, language_for
from webchat.plan_page import Press, take_plan
from webchat.problems import MEANINGS
from webchat.security import CLEAR_SITE_DATA, is_from_elsewhere
from webchat.shapes import MOST_BUTTONS
from webchat.templates import Page, Talk, page_templates, read_shown
from webchat.work import Work

MOST_FIELDS = 60
CLEAR = {"Clear-Site-Data": CLEAR_SITE_DATA}
PLACES = frozenset(map(str, range(MOST_BUTTONS)))

web = APIRouter(include_in_schema=False)


@web.api_route("/", methods=["GET", "HEAD"])
async def show_page(request: Request, page: ThePage) -> Response:
    """The page before the first word. It is the same for everyone and opens nothing."""
    first: Mapping[tuple[str, str], Squeezed] = request.app.state.first_pages
    return first[language_for(request), page.exit_url].response(request)


@web.post("/")
async def take_form(request: Request, door: TheDoor, page: ThePage, work: TheWork) -> Response:
    """A press on the page of a browser without JavaScript."""
    if is_from_elsewhere(request.headers):
        # Another site could else put words, or a conversation it reads along with, on our page.
        return HTMLResponse(page.first(language_for(request)), 403)
    form = form_of(await request.body())
    language = language_for(request, form.get("switch") or form.get("language"))
    conversation = form.get("conversation", "")
    if "leave" in form:
        return leaving(HTMLResponse(page.left(language)), door, conversation)
    if "plan" in form:
        return await take_plan(Press(page, door, form, language, origin_of(request, page)))
    if "erase" in form:
        return await erased(page, door, conversation, language)
    if conversation:
        return await go_on(page, door, form, language)
    return await begin(page, door, work, language, wanted="start" in form)


def origin_of(request: Request, page: Page) -> str:
    """Where this Foothold is reached, as links that people share name it."""
    return page.settings.public_url.rstrip("/") or str(request.base_url).rstrip("/")


async def erased(page: Page, door: Door, conversation: str, language: str) -> Response:
    """The first page, with a receipt."""
    done = await door.forget(conversation)
    return HTMLResponse(page.first(language, page.receipt(language, done=done)), headers=CLEAR)


async def begin(page: Page, door: Door, work: Work, language: str, *, wanted: bool) -> Response:
    """The page of a new conversation, or what stood in its way; the first one if none is wanted."""
    if not wanted:
        return HTMLResponse(page.first(language))
    if not work.spared():
        return HTMLResponse(page.first(language, door.sorry("slow_down", language)), 429)
    conversation, answer = await door.open(language)
    if answer.status == HTTPStatus.OK:
        return HTMLResponse(page.talking(Talk(conversation, answer.language).hearing(answer)))
    return HTMLResponse(page.first(language, answer), answer.status)


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
        fields = parse_qsl(body.decode(), True, errors="strict", max_num_fields=MOST_FIELDS)
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
        self.sha256 = hashlib.sha256(content).hexdigest()

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


@web.get("/.well-known/safety-promises.json")
async def show_promises(request: Request, page: ThePage) -> Response:
    """What is kept and for how long, made from the settings that see to it."""
    minutes = {"idle_minutes": page.settings.idle_minutes}
    words = {
        code: {
            channel.name: promised_words(page.content, code, channel.name, **minutes)
            for channel in CHANNELS
        }
        for code in page.content.languages
    }
    # Nothing is built: these are the files of webchat/static as they lie in the repository.
    files = {f"/static/{name}": file.sha256 for name, file in request.app.state.files.items()}
    return JSONResponse({**promises(**minutes), "words": words, "files": files})


@web.api_route("/privacy", methods=["GET", "HEAD"])
async def show_privacy(request: Request, page: ThePage) -> Response:
    """The same promises as a page; the chat has them at its foot, at its one address."""
    return HTMLResponse(page.privacy(language_for(request)))


@web.get("/api/docs")
async def show_docs(request: Request) -> Response:
    """The API in words, made from its own description; loads nothing from elsewhere."""
    template = page_templates().get_template("docs.html")
    return HTMLResponse(template.render(api=request.app.openapi(), reasons=MEANINGS))
