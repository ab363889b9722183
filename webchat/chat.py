"""The public chat: a page, an API and a WebSocket, all three thin skins over the door.

Nothing here remembers a visitor: the conversation's token travels with each request, in a header,
in a WebSocket's first frame, or in the form of the visitor's own page.
"""

import asyncio
from collections.abc import Callable, Coroutine, Iterator, Mapping
from http import HTTPStatus
from pathlib import Path
from typing import Any

import uvicorn
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from bot.beside import running
from bot.channels import WEB
from bot.content import Content, load
from bot.conversation import Door, UnknownConversation
from bot.doorway import door_with, to_internal
from bot.moving import Moves
from bot.rasa_server.private_memory import keep_memory_private
from bot.rasa_server.wordless_logging import log_without_words
from bot.settings import ChatSettings, load_or_exit
from webchat.api import api, health
from webchat.line import socket
from webchat.moves_api import moves as arrivals
from webchat.page import Squeezed, web
from webchat.plan_api import plans
from webchat.problems import say_crowded, say_failed, say_refused, say_unknown, say_unreadable
from webchat.security import BodyLimit, FullHouse, LastResort, SecurityHeaders
from webchat.server import Limits, as_files_allow, within
from webchat.shapes import LONGEST_BODY, FirstFrame
from webchat.templates import Page
from webchat.work import Work

STATIC = Path(__file__).parent / "static"
TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
# Larger frames than LONGEST_BODY still get an answer in words; beyond this the line is cut.
LONGEST_FRAME = 2 * 1024 * 1024

# How the server runs: its access lines, and what it logs of WebSockets, hold visitors' addresses.
QUIETLY: dict[str, Any] = {
    "access_log": False,
    "log_config": None,  # ours, which writes no words of any library
    "proxy_headers": False,
    "server_header": False,
    "date_header": False,
    "ws_max_size": LONGEST_FRAME,
    "ws_per_message_deflate": False,
}
USUAL = Limits()


def create_app(
    settings: ChatSettings,
    door: Door,
    content: Content,
    beside: Callable[[], Coroutine[Any, Any, None]] | None = None,
    limits: Limits = USUAL,
    *,
    moves: Moves | None = None,
) -> FastAPI:
    """The public chat as an ASGI app; `beside` runs as long as the app does.

    `moves` brings talks that began elsewhere.
    """
    app = Chat(
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
    app.state.work = Work(settings.proof_of_work)
    app.state.limits = limits
    app.state.moves = moves
    app.state.page = page = Page(settings, content, door)
    countries = ("", *settings.exits())
    app.state.first_pages = {
        (code, seen.exit_url): Squeezed(seen.first(code).encode(), "text/html")
        for seen in map(page.seen_from, countries)
        for code in content.languages
    }
    app.state.files = {
        path.name: Squeezed(path.read_bytes(), TYPES[path.suffix])
        for path in STATIC.iterdir()
        if path.suffix in TYPES
    }
    app.add_exception_handler(UnknownConversation, say_unknown)
    app.add_exception_handler(RequestValidationError, say_unreadable)
    app.add_exception_handler(HTTPException, say_refused)
    for router in (api, plans, arrivals, health, socket, web):
        app.include_router(router)
    # The last one added is the outermost: every answer gets the headers, also the last resort's.
    app.add_middleware(BodyLimit, most=LONGEST_BODY, seconds=limits.body)
    app.add_middleware(FullHouse, answer=say_crowded)
    app.add_middleware(LastResort, answer=say_failed)
    app.add_middleware(SecurityHeaders)
    return app


class Chat(FastAPI):
    """An app whose description says what is true here."""

    def openapi(self) -> dict[str, Any]:
        """The API with our problems and what the WebSocket takes, made when first asked for."""
        if self.openapi_schema is None:
            describe(super().openapi())
        return super().openapi()


def describe(description: dict[str, Any]) -> None:
    """Makes what the framework says of the API true: our problems, the WebSocket's first frame."""
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
    log_without_words()
    keep_memory_private()
    settings = load_or_exit(ChatSettings)
    content = load()
    internal = to_internal(settings)
    rasa, door = door_with(settings, content, WEB, internal)

    async def beside() -> None:
        await asyncio.gather(rasa.watch(), door.drop_idle())

    limits = as_files_allow(USUAL)
    app = create_app(settings, door, content, beside, limits, moves=Moves(internal))
    uvicorn.run(
        app, host=settings.chat_host, port=settings.chat_port, **QUIETLY, **within(limits, app)
    )


if __name__ == "__main__":
    main()
