"""The internal app's routes for chats, moves and places, by the clients that use them."""

import time
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from bot.action_server import create_app
from bot.actions.speaking import Room
from bot.content import Content
from bot.content.hotlines import Hotlines
from bot.keeping import ShelfDown
from bot.moving import Moves
from bot.rasa_server.sealed_rows import rows_at
from bot.services.gazetteer import Gazetteer
from bot.shelf import Shelves
from bot.store.database import open_database
from bot.telegram.chat import Chat, Keys
from bot.telegram.district import InternalDistrict
from bot.telegram.shaping import Key, Part
from bot.telegram.shelf import InternalShelf

NOW = int(time.time())


@pytest.fixture
async def internal(
    content: Content, hotlines: Hotlines, gazetteer: Gazetteer, tmp_path: Path
) -> AsyncIterator[httpx.AsyncClient]:
    """The internal app, as its clients reach it."""
    shelves = Shelves(open_database("", tmp_path))
    room = Room(content, hotlines, gazetteer)
    app = create_app(room, rows_at(str(tmp_path), 1800), shelves=shelves)
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="http://internal"
    ) as http:
        yield http
    shelves.close()


@pytest.fixture
def nobody() -> httpx.AsyncClient:
    """An internal app that is not there."""
    return httpx.AsyncClient(base_url="http://127.0.0.1:9", trust_env=False)


def a_chat() -> Chat:
    part = Part("Hello.", ((Key("Yes", "turn:0"),),), ((0, 3),), urgent=True)
    return Chat(
        801, open=True, conversation="c" * 43, used=NOW, messages={7: NOW}, theirs={7}, owed=[part],
        keys={"x": "turn:0"}, keyboards={"turn": 7}, word="w",
    )  # fmt: skip


async def test_a_chat_is_kept_as_it_was_and_only_for_who_has_the_token(
    internal: httpx.AsyncClient,
) -> None:
    shelf = InternalShelf(internal, Keys("1:a"))
    await shelf.put(a_chat(), taken=[1, 2])

    assert await shelf.get(801) == a_chat()
    assert await shelf.due() == [a_chat()]
    assert await shelf.taken() == {1, 2}
    assert await InternalShelf(internal, Keys("1:b")).get(801) is None
    assert await InternalShelf(internal, Keys("1:b")).due() == []
    await shelf.drop(801, taken=[3])
    assert await shelf.get(801) is None
    assert await shelf.taken() == {1, 2, 3}


async def test_a_talk_moves_once(internal: httpx.AsyncClient) -> None:
    moves = Moves(internal)
    key = await moves.begin("a-talk")

    assert await moves.waits(key)
    assert await moves.take("A" * 43) is None
    assert await moves.take("nonsense") is None
    assert await moves.take(key) == "a-talk"
    assert await moves.take(key) is None
    assert not await moves.waits(key)


async def test_a_point_becomes_a_town(internal: httpx.AsyncClient) -> None:
    district = InternalDistrict(internal)

    assert await district.near((30.2711, -97.7437), "en") == "Austin, Texas"
    assert await district.near((0.0, -140.0), "en") == ""


async def test_with_nobody_there_it_is_said(nobody: httpx.AsyncClient) -> None:
    shelf, moves = InternalShelf(nobody, Keys("1:a")), Moves(nobody)

    for asked in (shelf.get(801), shelf.put(a_chat(), ()), shelf.due(), moves.begin("x")):
        with pytest.raises(ShelfDown):
            await asked
    assert await InternalDistrict(nobody).near((1.0, 1.0), "en") == ""
    await nobody.aclose()


def test_a_row_tells_neither_the_account_nor_how_much_was_said() -> None:
    keys, short, long = Keys("1:a"), Chat(801), a_chat()

    assert b"801" not in keys.seal(short) + keys.name(801)
    assert len(keys.seal(short)) == len(keys.seal(long))
    assert keys.unseal(keys.seal(short), keys.name(802)) is None
    assert keys.unseal(b"damaged", keys.name(801)) is None
