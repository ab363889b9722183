"""The internal app on loopback: Rasa asks it for actions (/webhook) and for words (/nlg).

It also drops sealed conversations, when the door asks (/forget) and when their time is over, and
keeps other sealed rows (bot/shelf.py).

The stock action server binds every interface and answers an exception with the whole
conversation, which Rasa then logs. This one answers a bare error.
"""

import asyncio
import logging
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import uvicorn
from fastapi import APIRouter, FastAPI, Request
from fastapi.responses import JSONResponse, Response
from rasa_sdk import Action, Tracker
from rasa_sdk.executor import ActionExecutor, CollectingDispatcher

from bot.actions.asides import ActionAside
from bot.actions.controls import (
    ActionGoBack,
    ActionNotSafe,
    ActionOwnSuicide,
    ActionPause,
    ActionQuickExit,
    ActionStop,
    ActionWhy,
)
from bot.actions.conversation_form import ActionAskAnswer, ValidateConversationForm
from bot.actions.correcting import ActionCorrect
from bot.actions.finding import Directory
from bot.actions.language import ActionChangeLanguage
from bot.actions.lost import ActionDefaultFallback
from bot.actions.opening import ActionOpen
from bot.actions.place import ActionGivePlace
from bot.actions.speaking import Room
from bot.actions.tracker import course_of
from bot.beside import running
from bot.content import load
from bot.content.hotlines import load_hotlines
from bot.rasa_server.private_memory import keep_memory_private
from bot.rasa_server.sealed_rows import Rows, rows_at
from bot.rasa_server.wordless_logging import log_without_words
from bot.services.home import Home
from bot.settings import LOOPBACK, InternalSettings, load_or_exit, private_folder
from bot.shelf import Shelves
from bot.shelf import router as shelf
from bot.store.database import open_database

log = logging.getLogger("foothold.internal")
router = APIRouter()

# Longer than Rasa keeps a connection (aiohttp: 15 s). One that is closed here while Rasa writes
# to it loses the visitor's turn, since an action must not be sent twice.
KEEP_ALIVE_SECONDS = 75
EXPIRE_SECONDS = 30
LOOKERS = 4
"""Look-ups in the directory that may go on at once."""

ACTIONS: tuple[type[Action], ...] = (
    ActionOpen,
    ValidateConversationForm,
    ActionAskAnswer,
    ActionAside,
    ActionGivePlace,
    ActionChangeLanguage,
    ActionNotSafe,
    ActionOwnSuicide,
    ActionQuickExit,
    ActionPause,
    ActionStop,
    ActionGoBack,
    ActionCorrect,
    ActionWhy,
    ActionDefaultFallback,
)


def create_app(
    room: Room,
    rows: Rows,
    actions: Iterable[type[Action]] = ACTIONS,
    shelves: Shelves | None = None,
) -> FastAPI:
    """The app with its actions.

    `room` is what they are given, `rows` the sealed conversations, `shelves` all other sealed rows.
    """
    expiring = (rows.expire, *((shelves.expire,) if shelves else ()))
    app = FastAPI(openapi_url=None, lifespan=running(lambda: expire(*expiring)))
    app.include_router(router)
    app.include_router(shelf)
    app.state.room = room
    app.state.rows = rows
    app.state.shelves = shelves
    app.state.executor = executor(room, actions)
    return app


async def expire(*drops: Callable[[], object]) -> None:
    """Drops what is too old, again and again until it is cancelled."""
    while True:
        for drop in drops:
            try:
                await asyncio.to_thread(drop)
            except Exception as error:  # noqa: BLE001 - the next time it may work again
                log.error("expire_failed %s", type(error).__name__)  # noqa: TRY400 - no texts
        await asyncio.sleep(EXPIRE_SECONDS)


def executor(room: Room, actions: Iterable[type[Action]]) -> ActionExecutor:
    """Rasa's executor with our actions, each given the room."""
    made = ActionExecutor()
    for action in actions:
        made.register_action(action(room))
    return made


@router.post("/webhook")
async def webhook(request: Request) -> Response:
    """Runs the action that Rasa asks for; a failing one answers a bare error, without a word."""
    call = {"domain": {}, **await request.json()}  # Rasa leaves out what no action asks for
    try:
        done = await request.app.state.executor.run(call)
    except Exception as error:  # noqa: BLE001 — whatever an action raises, it ends here
        # Its text may hold the visitor's words, so that only its kind is logged.
        log.error(  # noqa: TRY400
            "action_failed %s %s", call.get("next_action"), type(error).__name__
        )
        return Response(status_code=500)
    return JSONResponse(done.model_dump())


@router.post("/nlg")
async def nlg(request: Request) -> Response:
    """The words of a response that a rule utters."""
    call = await request.json()
    tracker = Tracker.from_dict(call["tracker"])
    dispatcher = CollectingDispatcher()
    message = call["response"].removeprefix("utter_")
    request.app.state.room.speaker(dispatcher, tracker).say(course_of(tracker), [message])
    return JSONResponse({"custom": dispatcher.messages[0]["custom"]})


@router.post("/forget")
async def forget(request: Request) -> Response:
    """Drops a sealed conversation by its name, also while Rasa is down."""
    call = await request.json()
    name, rows = bytes.fromhex(call["name"]), request.app.state.rows
    await asyncio.to_thread(rows.erase, name, under_way=call["under_way"])
    return Response(status_code=204)


@router.get("/health")
async def health() -> dict[str, str]:
    """Whether this process answers."""
    return {"status": "ok"}


def main() -> None:
    """Runs the internal app."""
    settings = load_or_exit(InternalSettings)
    log_without_words()
    keep_memory_private()
    home = Home(private_folder(settings.data), settings.directory)
    threads = ThreadPoolExecutor(LOOKERS, "directory")
    room = Room(
        content=load(),
        hotlines=load_hotlines(),
        gazetteer=home.gazetteer(),
        directory=Directory(partial(home.directory, read_only=True), threads),
        country=settings.country,
        idle_minutes=settings.idle_minutes,
    )
    address = settings.redis or str(private_folder(settings.data))
    rows = rows_at(address, settings.idle_minutes * 60)
    shelves = Shelves(open_database(settings.saved_plans, private_folder(settings.data)))
    uvicorn.run(
        create_app(room, rows, shelves=shelves),
        host=LOOPBACK,
        port=settings.internal_port,
        access_log=False,
        log_config=None,
        server_header=False,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
    )


if __name__ == "__main__":
    main()
