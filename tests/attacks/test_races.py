"""G1: two clients on one conversation; somebody leaves while a turn is under way."""

import asyncio
import json
from collections.abc import Iterator

import httpx
import pytest
from websockets.asyncio.client import connect

from bot.content import Content
from bot.content.hotlines import Hotlines
from bot.conversation import Door, Turn, UnknownConversation, hashed
from bot.rasa_client import Call, Said
from bot.settings import ChatSettings, load
from tests.attacks.talkative import Mood, TalkativeRasa
from tests.builders import Clock, FakeRasa
from tests.serving import serving
from webchat.chat import USUAL, create_app


class SlowRasa(TalkativeRasa):
    """Takes its time with a turn, or with looking up, until it is let go on."""

    def __init__(self) -> None:
        super().__init__(Clock(), idle=1800)
        self.goes_on = asyncio.Event()
        self.goes_on.set()
        self.at_work = 0
        self.most_at_work = 0

    async def send(self, conversation: str, call: Call) -> Said:
        self.at_work += 1
        self.most_at_work = max(self.most_at_work, self.at_work)
        try:
            await self.goes_on.wait()
            return await super().send(conversation, call)
        finally:
            self.at_work -= 1

    async def plan(self, conversation: str) -> dict[str, object] | None:
        return None

    async def latest(self, conversation: str) -> Said | None:
        found = await super().latest(conversation)
        await self.goes_on.wait()
        return found


@pytest.fixture
async def slow_rasa() -> SlowRasa:
    return SlowRasa()


@pytest.fixture
def a_door(slow_rasa: SlowRasa, content: Content, hotlines: Hotlines):
    return lambda: Door(slow_rasa, content, hotlines, country="US", erase_pause=0.001)


async def test_nobody_who_leaves_waits_for_a_turn_that_is_under_way(a_door, slow_rasa) -> None:
    door = a_door()
    token, _ = await door.open()
    slow_rasa.goes_on.clear()
    under_way = asyncio.create_task(door.take(token, Turn(text="hello")))
    await asyncio.sleep(0)

    assert (await asyncio.wait_for(door.take(token, Turn(text="salir")), 1)).leave
    under_way.cancel()


async def test_what_waited_while_somebody_left_reaches_nobody(a_door, slow_rasa) -> None:
    door = a_door()
    token, _ = await door.open()
    slow_rasa.goes_on.clear()
    turns = [asyncio.create_task(door.take(token, Turn(text="hello"))) for _ in range(3)]
    await asyncio.sleep(0)
    await asyncio.wait_for(door.take(token, Turn(text="leave")), 1)
    slow_rasa.goes_on.set()
    first, *waiting = await asyncio.gather(*turns, return_exceptions=True)

    assert not isinstance(first, BaseException)
    assert all(isinstance(each, UnknownConversation) for each in waiting)
    assert hashed(token) not in slow_rasa.told


async def test_a_conversation_that_is_being_erased_is_not_taken_up_again(a_door, slow_rasa) -> None:
    door = a_door()
    token, _ = await door.open()
    slow_rasa.can_forget = False
    await door.take(token, Turn(text="leave"))

    with pytest.raises(UnknownConversation):
        await door.take(token, Turn(text="what did she say?"))


async def test_what_is_erased_while_it_is_looked_up_is_not_taken_up(a_door, slow_rasa) -> None:
    token, _ = await a_door().open()
    door = a_door()  # after a restart
    slow_rasa.goes_on.clear()
    looking = asyncio.create_task(door.resume(token))
    await asyncio.sleep(0.001)
    await door.forget(token)
    slow_rasa.goes_on.set()

    with pytest.raises(UnknownConversation):
        await looking


async def test_danger_sent_again_after_a_restart_brings_the_emergency_text_again(a_door) -> None:
    token, _ = await a_door().open()
    turn = Turn(text="he is outside", turn="t1")
    first = [await door.take(token, turn) for door in (a_door(), a_door())]

    assert [answer.replies[0].message for answer in first] == ["danger", "danger"]


async def test_erasing_the_same_again_and_again_is_one_piece_of_work(a_door, slow_rasa) -> None:
    door = a_door()
    token, _ = await door.open()
    slow_rasa.can_forget = False
    for _ in range(50):
        await door.forget(token)

    assert len(door._erasing) == 1


async def test_what_can_be_no_token_is_not_erased_behind_the_door(a_door, slow_rasa) -> None:
    slow_rasa.can_forget = False
    door = a_door()
    await door.forget("no token")

    assert not door._erasing


async def test_after_a_long_outage_nothing_answers_a_question_that_was_not_seen(
    a_door, slow_rasa
) -> None:
    door = a_door()
    token, _ = await door.open()
    await door.take(token, Turn(text="hello", turn="t1"))
    for number, mood in enumerate([Mood.SILENT, *[Mood.DOWN] * 40, Mood.WELL], start=2):
        slow_rasa.mood = mood
        answer = await door.take(token, Turn(button=0, turn=f"t{number}"))

    assert answer.taken
    assert not slow_rasa.wrong


async def test_turns_of_one_conversation_are_taken_one_after_another(a_door, slow_rasa) -> None:
    door = a_door()
    token, _ = await door.open()
    turns = [Turn(text="hello", turn=f"t{number}") for number in range(10)]
    answers = await asyncio.gather(*(door.take(token, turn) for turn in turns))

    assert slow_rasa.most_at_work == 1
    assert slow_rasa.told[hashed(token)].turns[1:] == [turn.turn for turn in turns]
    assert len({answer.replies[-1].text for answer in answers}) == 10


# ---- On a real port. ----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def address(door: Door, content: Content) -> Iterator[str]:
    """A house with its usual limits: nobody here is slow on purpose."""
    app = create_app(load(ChatSettings), door, content)
    with serving(app, USUAL) as (port, _):
        yield f"http://127.0.0.1:{port}"


@pytest.fixture
def token(address: str) -> str:
    opened = httpx.post(f"{address}/api/conversations", json={}, trust_env=False)
    return str(opened.json()["conversation"])


async def say(address: str, token: str, number: int) -> list[str]:
    """The ids of what comes back to a turn over HTTP."""
    body = {"text": f"turn {number}", "turn": f"h{number}"}
    async with httpx.AsyncClient(base_url=address, trust_env=False) as client:
        answer = await client.post("/api/turns", json=body, headers={"X-Conversation": token})
    return [reply["message"] for reply in answer.json()["replies"]]


async def say_on_a_line(address: str, token: str, number: int) -> list[str]:
    """The ids of what comes back to a turn over a WebSocket."""
    async with connect(address.replace("http", "ws") + "/ws", proxy=None) as line:
        await line.send(json.dumps({"conversation": token}))
        await line.recv()
        await line.send(json.dumps({"text": f"turn {number}", "turn": f"w{number}"}))
        return [reply["message"] for reply in json.loads(await line.recv())["replies"]]


async def test_two_clients_at_once_lose_nothing_and_are_answered_once_each(
    address: str, token: str, rasa: FakeRasa
) -> None:
    asked = [say(address, token, number) for number in range(5)]
    asked += [say_on_a_line(address, token, number) for number in range(5)]
    answers = await asyncio.gather(*asked)
    taken = [call.turn for call in rasa.calls]

    assert answers == [["device"]] * 10
    assert all(taken.count(f"{line}{number}") == 1 for line in "hw" for number in range(5))


async def test_the_same_turn_over_both_lines_is_taken_once(
    address: str, token: str, rasa: FakeRasa
) -> None:
    turn = {"text": "the very same", "turn": "both"}
    headers = {"X-Conversation": token}
    async with httpx.AsyncClient(base_url=address, trust_env=False) as client:
        answers = await asyncio.gather(
            *(client.post("/api/turns", json=turn, headers=headers) for _ in range(5))
        )

    assert len({answer.text for answer in answers}) == 1
    assert [call.turn for call in rasa.calls].count("both") == 1
