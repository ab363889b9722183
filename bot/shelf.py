"""The internal app's routes for sealed rows: plans that were saved, chats of messengers, moves.

All of it was sealed by whoever puts it there; this process has no key to any of it.
"""

import asyncio

from fastapi import APIRouter, Request
from sqlalchemy.engine import Engine

from bot.keeping import as_text, from_text
from bot.services.gazetteer import Gazetteer
from bot.store.chats import Chats, Row
from bot.store.plans import KeptByWish

router = APIRouter()


class Shelves:
    """All sealed rows but those of the conversations themselves."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.plans = KeptByWish(engine)
        self.chats = Chats(engine)

    def expire(self) -> None:
        """Drops what has ended."""
        self.plans.expire()
        self.chats.expire()

    def close(self) -> None:
        """Lets the database go."""
        self.engine.dispose()


def plans_of(request: Request) -> KeptByWish:
    """The saved plans."""
    shelves: Shelves = request.app.state.shelves
    return shelves.plans


def chats_of(request: Request) -> Chats:
    """The chats of messengers."""
    shelves: Shelves = request.app.state.shelves
    return shelves.chats


# --- Plans ----------------------------------------------------------------------------------------


@router.post("/kept/salt")
async def salt(request: Request) -> dict[str, str]:
    """The salt of this installation."""
    return {"salt": as_text(await asyncio.to_thread(plans_of(request).salt))}


@router.post("/kept/put")
async def keep_row(request: Request) -> dict[str, int]:
    """Keeps a sealed row for so many hours, and tells until when."""
    call, kept = await request.json(), plans_of(request)
    name, sealed = from_text(call["name"]), from_text(call["sealed"])
    return {"until": await asyncio.to_thread(kept.put, name, sealed, int(call["hours"]))}


@router.post("/kept/get")
async def kept_row(request: Request) -> dict[str, str | None]:
    """The sealed row of a name, if there is one."""
    name = from_text((await request.json())["name"])
    return {"sealed": as_text_or_none(await asyncio.to_thread(plans_of(request).get, name))}


@router.post("/kept/drop")
async def drop_row(request: Request) -> dict[str, str]:
    """Deletes the row of a name, if there is one."""
    await asyncio.to_thread(plans_of(request).drop, from_text((await request.json())["name"]))
    return {}


# --- Chats of messengers --------------------------------------------------------------------------


@router.post("/chats/put")
async def keep_chat(request: Request) -> dict[str, str]:
    """Keeps a sealed chat, and that some updates were taken."""
    call = await request.json()
    row = Row(from_text(call["name"]), from_text(call["sealed"]), call["due"], call["until"])
    await asyncio.to_thread(chats_of(request).put, row, call["taken"])
    return {}


@router.post("/chats/get")
async def kept_chat(request: Request) -> dict[str, str | None]:
    """The sealed chat of a name, if there is one."""
    name = from_text((await request.json())["name"])
    return {"sealed": as_text_or_none(await asyncio.to_thread(chats_of(request).get, name))}


@router.post("/chats/drop")
async def drop_chat(request: Request) -> dict[str, str]:
    """Deletes the chat of a name, and keeps that some updates were taken."""
    call = await request.json()
    await asyncio.to_thread(chats_of(request).drop, from_text(call["name"]), call["taken"])
    return {}


@router.post("/chats/due")
async def due_chats(request: Request) -> dict[str, list[list[str]]]:
    """The chats with which something has to be done now."""
    due = await asyncio.to_thread(chats_of(request).due)
    return {"due": [[as_text(name), as_text(sealed)] for name, sealed in due]}


@router.post("/chats/taken")
async def taken_updates(request: Request) -> dict[str, list[int]]:
    """The updates that were taken of late."""
    return {"taken": await asyncio.to_thread(chats_of(request).taken)}


# --- Moves to another channel ---------------------------------------------------------------------


@router.post("/moves/put")
async def keep_move(request: Request) -> dict[str, str]:
    """Keeps a conversation that is on its way to another channel."""
    call = await request.json()
    name, sealed = from_text(call["name"]), from_text(call["sealed"])
    await asyncio.to_thread(chats_of(request).put_move, name, sealed)
    return {}


@router.post("/moves/take")
async def take_move(request: Request) -> dict[str, str | None]:
    """The sealed conversation, once."""
    name = from_text((await request.json())["name"])
    return {"sealed": as_text_or_none(await asyncio.to_thread(chats_of(request).take_move, name))}


@router.post("/moves/waits")
async def waits(request: Request) -> dict[str, bool]:
    """Whether a move still waits to be taken."""
    name = from_text((await request.json())["name"])
    return {"waits": await asyncio.to_thread(chats_of(request).has_move, name)}


# --- Places ---------------------------------------------------------------------------------------


@router.post("/district")
async def district(request: Request) -> dict[str, str]:
    """The town that a point lies in or near, by its label; the point is not kept."""
    call = await request.json()
    gazetteer: Gazetteer = request.app.state.room.gazetteer
    near = await asyncio.to_thread(gazetteer.near, call["lat"], call["lon"], call["language"])
    return {"label": near.label if near else ""}


def as_text_or_none(data: bytes | None) -> str | None:
    """Bytes as they go through JSON, if there are any."""
    return as_text(data) if data else None
