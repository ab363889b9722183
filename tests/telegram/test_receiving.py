"""Updates: none lost, none answered twice, by long polling and by webhook, whatever happens."""

import asyncio
import json
import socket

import httpx
import pytest
import uvicorn

from bot.content import Content
from bot.content.hotlines import Hotlines
from bot.telegram.api import Telegram, WrongToken
from bot.telegram.attendant import Attendant
from bot.telegram.names import nameless
from bot.telegram.pace import Pace, Queue
from bot.telegram.receiving import SECRET, Inbox, webhook
from tests.telegram.conftest import TOKEN, Bot
from tests.telegram.server import BotApi, Person, running


def answers(person: Person) -> int:
    """How many messages of the talk were said to somebody."""
    return sum(each.by_bot and each.text.endswith("…") for each in person.ever)


async def test_an_update_that_comes_again_is_not_answered_again(bot: Bot, ann: Person) -> None:
    number = ann.sends("not sure")
    await bot.until(lambda: answers(ann) == 2)
    again = {"update_id": number, "message": {**ann.as_seen(ann.ever[-2]), "text": "not sure"}}
    bot.api.updates.append(again)

    await bot.sends(ann, "who knows")

    said = [call.text for call in bot.rasa.calls if not call.text.startswith("/")]
    assert said == ["not sure", "who knows"]


async def test_after_a_crash_everything_is_answered_once(
    api: BotApi, content: Content, hotlines: Hotlines
) -> None:
    """The process dies at a different moment each time; another takes its place."""
    ann, first = api.person(801), Bot(api, content, hotlines)
    async with first.running():
        await first.sends(ann, "/start")
    for moment in range(12):
        dying = Bot(api, content, hotlines)
        dying.shelf, dying.rasa = first.shelf, first.rasa
        async with dying.running():
            ann.sends(f"word {moment}")
            await asyncio.sleep(0.002 * moment)
    last = Bot(api, content, hotlines)
    last.shelf, last.rasa = first.shelf, first.rasa
    async with last.running():
        await last.passes(0)
        await last.until(lambda: answers(ann) >= 13, "something was lost")
        await asyncio.sleep(0.3)

    assert len([each for each in ann.of_bot if each.text.endswith("…")]) == 13


async def test_words_of_one_person_are_taken_in_their_order(bot: Bot, ann: Person) -> None:
    for number in range(20):
        ann.sends(f"word {number}")
    await bot.until(lambda: answers(ann) == 21)

    taken = [call.text for call in bot.rasa.calls if call.text.startswith("word")]
    assert taken == [f"word {number}" for number in range(20)]


async def test_a_slow_talk_holds_nobody_else_up(bot: Bot, ann: Person) -> None:
    bot.rasa.hangs = True
    ann.sends("hello?")
    await asyncio.sleep(0.1)
    bot.rasa.hangs = False
    others = [bot.api.person(900 + number) for number in range(5)]
    for other in others:
        other.sends("/start")

    await bot.until(lambda: all(answers(other) for other in others))

    assert answers(ann) == 1


async def test_with_the_shelf_down_people_are_answered_all_the_same(bot: Bot, ann: Person) -> None:
    bot.shelf.down = True

    assert await bot.sends(ann, "yes")


async def test_a_chat_that_can_not_be_looked_up_is_not_taken_for_a_new_one(
    bot: Bot, ann: Person
) -> None:
    bot.room.chats.clear()  # as after a restart
    bot.shelf.down = True
    number = ann.sends("who knows")
    await asyncio.sleep(0.5)
    assert answers(ann) == 1
    bot.shelf.down = False

    await bot.until(lambda: answers(ann) == 2)

    assert number in bot.shelf.seen
    await bot.sends(ann, "/leave")
    assert [each.text for each in ann.screen] == [bot.welcome]


async def test_where_it_can_not_be_looked_up_for_long_a_number_comes(bot: Bot, ann: Person) -> None:
    bot.room.chats.clear()
    bot.room.patience = 0.1
    bot.shelf.down = True
    row = dict(bot.shelf.rows)

    told = await bot.sends(ann, "who knows")

    assert "911" in told[0]
    assert bot.shelf.rows == row


async def test_whatever_fails_a_number_comes(bot: Bot, ann: Person) -> None:
    bot.rasa.answers = [{"message": "device"}]  # not what an answer looks like

    told = await bot.sends(ann, "yes")

    assert "911" in told[0]


async def test_a_talk_that_has_ended_says_so_and_begins_anew(bot: Bot, ann: Person) -> None:
    bot.room.chats[ann.id].minutes = 720
    bot.api.ahead += 40 * 60

    told = await bot.sends(ann, "are you there")

    assert "This chat has ended" in told[0]
    assert ann.of_bot[-1].titles == ["Yes", "No"]


# ---- By webhook. ---------------------------------------------------------------------------------


@pytest.fixture
async def hooked(content: Content, hotlines: Hotlines):
    """A bot that Telegram sends updates to."""
    with running(BotApi(TOKEN)) as api, socket.create_server(("127.0.0.1", 0)) as port:
        bot = Bot(api, content, hotlines)
        async with bot.running():
            attendant = Attendant(bot.room)
            inbox = Inbox(attendant.attend, attendant.leaves, attendant.leave_now)
            bot.room.finished = inbox.finish
            address = f"http://127.0.0.1:{port.getsockname()[1]}/hook"
            app = webhook(bot.room.telegram, inbox, "/hook", "a-secret")
            server = uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False))
            serving = asyncio.create_task(server.serve(sockets=[port]))
            await bot.room.telegram.use_webhook(address, "a-secret")
            yield bot, address
            server.should_exit = True
            await serving


async def test_by_webhook_the_talk_is_the_same(hooked: tuple[Bot, str]) -> None:
    bot, _ = hooked
    person = bot.api.person(7)

    told = await bot.sends(person, "/start")

    assert "Settings › Devices" in told[0]
    assert json.loads(bot.api.webhook["allowed_updates"]) == [
        "message", "edited_message", "callback_query", "my_chat_member",
    ]  # fmt: skip


@pytest.mark.parametrize("secret", [None, "", "a-secre", "a-secrets", "ä"])
async def test_without_the_secret_nothing_is_taken(
    hooked: tuple[Bot, str], secret: str | None
) -> None:
    bot, address = hooked
    person = bot.api.person(7)
    update = {"update_id": 99, "message": {**person.as_seen(message(bot)), "from": person.who()}}
    headers = {} if secret is None else {SECRET.encode(): secret.encode()}

    async with httpx.AsyncClient(trust_env=False) as http:
        answer = await http.post(address, json=update, headers=headers)

    assert answer.status_code == 403
    assert person.ever == []


def message(bot: Bot):
    """A forged message."""
    forger = bot.api.person(6)
    forger.sends("/start")
    return forger.ever[0]


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"{}", b'{"update_id": "x"}', b"\xff"])
async def test_nonsense_with_the_secret_is_refused(hooked: tuple[Bot, str], body: bytes) -> None:
    _, address = hooked

    async with httpx.AsyncClient(trust_env=False) as http:
        answer = await http.post(address, content=body, headers={SECRET: "a-secret"})

    assert answer.status_code in (200, 400, 413)


# ---- Telegram itself. ----------------------------------------------------------------------------


async def test_a_wrong_token_is_told_apart_from_no_network() -> None:
    with running(BotApi(TOKEN)) as api:
        wrong = Telegram("4712:another", api.url, Pace())
        with pytest.raises(WrongToken):
            await wrong.begin()
        await wrong.end()


async def test_when_telegram_is_gone_it_is_told_once_and_tried_again(bot: Bot, ann: Person) -> None:
    bot.api.down = True
    await bot.until(lambda: bot.told)
    await asyncio.sleep(1.2)
    bot.api.down = False

    await bot.until(lambda: len(bot.told) == 2)

    assert bot.told == [
        "Telegram can't be reached: trying again. The web chat goes on without it.",
        "Telegram can be reached again.",
    ]
    assert await bot.sends(ann, "yes")


async def test_who_asks_too_fast_waits_as_long_as_telegram_wants(
    content: Content, hotlines: Hotlines
) -> None:
    with running(BotApi(TOKEN, each_chat=0.6)) as api:
        async with Bot(api, content, hotlines).running() as bot:
            person = bot.api.person(7)
            person.sends("/start")
            await bot.until(lambda: answers(person) == 1)

    assert any("429" in why or "Too Many" in why for why in api.refused)


async def test_no_second_holds_more_than_thirty_messages_and_the_urgent_go_first() -> None:
    queue, loop = Queue(1 / 29), asyncio.get_running_loop()
    gone: list[tuple[str, float]] = []

    async def one(name: str, *, urgent: bool) -> None:
        await queue.through(urgent=urgent)
        gone.append((name, loop.time()))

    waiting = [asyncio.create_task(one(f"talk {n}", urgent=False)) for n in range(45)]
    await asyncio.sleep(0.1)
    await asyncio.gather(asyncio.create_task(one("danger", urgent=True)), *waiting)

    times = [at for _, at in gone]
    assert all(sum(begin <= at < begin + 1 for at in times) <= 30 for begin in times)
    assert [name for name, _ in gone].index("danger") < 8


def test_other_servers_may_leave_things_out_and_count_in_milliseconds() -> None:
    told = nameless({"ok": True, "result": {"username": "TestNameBot", "first_name": "T", "id": 6}})
    sent = nameless({"ok": True, "result": {"message_id": 1, "date": 1_795_000_000_123, "chat": {
        "id": 1, "type": "private", "first_name": "Marked"}}})  # fmt: skip
    pressed = nameless({"ok": True, "result": [{"update_id": 1, "callback_query": {
        "id": "1", "from": {"id": 1, "first_name": "Marked"}, "data": "x"}}]})  # fmt: skip

    assert told["result"]["is_bot"] is True
    assert sent["result"]["date"] == 1_795_000_000
    assert "Marked" not in str(sent) + str(pressed)
    assert pressed["result"][0]["callback_query"]["chat_instance"]
    assert nameless({"ok": True, "result": None})["result"] is True
