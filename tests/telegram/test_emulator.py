"""The bot before a Bot API server written by others: telegram-test-api."""

import shutil
import subprocess
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.bench.stack import free_ports
from bot.content import Content
from bot.content.hotlines import Hotlines
from tests.telegram.conftest import TOKEN, Bot
from tests.telegram.server import BotApi

FOLDER = Path(__file__).parent / "emulator"
CHAT = {"id": 77, "type": "private", "first_name": "Marked-First", "username": "marked"}
FROM = {"id": 77, "is_bot": False, "first_name": "Marked-First", "username": "marked"}


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """Where the emulator listens."""
    node = shutil.which("node") or shutil.which("nodejs")
    if node is None or not (FOLDER / "node_modules").is_dir():
        pytest.fail("The emulator was not made ready: run `make test`, which installs it.")
    (port,) = free_ports(1)
    command = [node, str(FOLDER / "serve.js"), str(port)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as server:
        assert server.stdout
        assert server.stdout.readline() == b"ready\n"
        yield f"http://127.0.0.1:{port}"
        server.kill()


@pytest.fixture
async def there(
    address: str, content: Content, hotlines: Hotlines
) -> AsyncIterator[tuple[Bot, httpx.AsyncClient]]:
    """A bot that runs before the emulator, and how a person reaches that."""
    api = BotApi(TOKEN)
    api.elsewhere = address
    async with (
        Bot(api, content, hotlines).running() as bot,
        httpx.AsyncClient(base_url=address, trust_env=False) as person,
    ):
        yield bot, person


async def heard(bot: Bot, person: httpx.AsyncClient, at_least: int) -> list[dict[str, Any]]:
    """What the bot said that was not read yet."""
    found: list[dict[str, Any]] = []
    until = time.monotonic() + 10
    while len(found) < at_least and time.monotonic() < until:
        answer = await person.post("/getUpdates", json={"token": TOKEN, "chatId": 77})
        found += answer.json()["result"]
        await bot.until(lambda: True)
    return found


def sent(text: str) -> dict[str, Any]:
    """A message as the emulator's clients send it."""
    return {"botToken": TOKEN, "from": FROM, "chat": CHAT, "date": int(time.time()), "text": text}


async def test_a_talk_from_start_to_leave(there: tuple[Bot, httpx.AsyncClient]) -> None:
    bot, person = there
    command = {"offset": 0, "length": 6, "type": "bot_command"}
    await person.post("/sendCommand", json={**sent("/start"), "entities": [command]})
    notice, opening = await heard(bot, person, 2)
    assert "Settings › Devices" in notice["message"]["text"]

    data = opening["message"]["reply_markup"]["inline_keyboard"][0][0]["callback_data"]
    press = {"botToken": TOKEN, "from": FROM, "message": {"chat": CHAT}, "data": data}
    await person.post("/sendCallback", json=press)
    assert len(await heard(bot, person, 1)) == 1

    await person.post("/sendMessage", json=sent("who knows"))
    assert len(await heard(bot, person, 1)) == 1
    assert [call.text for call in bot.rasa.calls[1:]] == ["/choose{}", "who knows"]

    await person.post("/sendMessage", json=sent("leave"))
    (cover,) = await heard(bot, person, 1)
    assert cover["message"]["text"] == bot.welcome
    history = (await person.post("/getUpdatesHistory", json={"token": TOKEN})).json()["result"]
    left = [each["message"]["text"] for each in history if "message" in each]
    assert left == [bot.welcome]
    assert bot.rasa.forgotten


async def test_the_cover_answers_who_knows_no_more(there: tuple[Bot, httpx.AsyncClient]) -> None:
    bot, person = there
    await person.post("/sendMessage", json=sent("rice"))

    (answer,) = await heard(bot, person, 1)

    assert "Fried rice" in answer["message"]["text"]
