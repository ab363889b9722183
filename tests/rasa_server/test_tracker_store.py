"""The sealed store inside Rasa's own Python: compacted, sealed, with the latest turn."""

import json
import subprocess
from typing import Any

import pytest

from bot.settings import CHECKOUT

PYTHON = CHECKOUT / "bot" / "rasa_server" / ".venv" / "bin" / "python"
MARK = "zanahoria-7731"

SCRIPT = """
import asyncio, json, pathlib, sys
from types import SimpleNamespace
from rasa.core.agent import Agent
from rasa.core.utils import AvailableEndpoints
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, ActiveLoop, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig
from bot.rasa_server.channel import DoorChannel
from bot.rasa_server.lean import make_lean
from bot.rasa_server.tracker_store import SealedTrackerStore, Taken, hashed, turn_under_way

MARK, FOLDER = sys.argv[1:]
domain = Domain.load("domain.yml")
store = SealedTrackerStore(domain, data=FOLDER, idle_minutes=1)


def talk(turns):
    events = [ActionExecuted("action_session_start"), ActiveLoop("conversation_form")]
    for number in range(turns):
        events += [ActionExecuted("action_listen"), UserUttered(MARK)]
    events += [SlotSet("answers", {"weapon": "yes", "own": MARK}), ActionExecuted("action_listen")]
    return DialogueStateTracker.from_events("the-id", events, domain.slots)


def kept():
    return store.rows.get(hashed("the-id"))


def everything():
    return b"".join(path.read_bytes() for path in pathlib.Path(FOLDER).iterdir())


async def main():
    turn_under_way.set(Taken("turn-1", [{"custom": {"text": MARK}}, {"text": "from elsewhere"}]))
    await store.save(talk(5))
    short = len(kept())
    await store.save(talk(200))
    long = len(kept())
    back = await store.retrieve("the-id")
    found = {
        "answers": back.get_slot("answers"),
        "loop": back.active_loop_name,
        "events": len(back.events),
        "short": short,
        "long": long,
        "latest": store.latest("the-id"),
        "latest_of_nobody": store.latest("another-id"),
        "mark_on_disk": MARK.encode() in everything() or b"the-id" in everything(),
        "other": await store.retrieve("another-id") is None,
        "keys": list(await store.keys()),
    }
    store.rows.put(hashed("copied-id"), kept())
    found["copied"] = await store.retrieve("copied-id") is None
    store.rows.put(hashed("broken-id"), b"too short")
    found["broken"] = await store.retrieve("broken-id") is None
    store.rows.clock = lambda: __import__("time").time() + 61
    found["idle"] = await store.retrieve("the-id") is None
    store.rows.clock = __import__("time").time
    store.erase(hashed("the-id"), under_way=True)
    found["erased"] = await store.retrieve("the-id") is None
    await store.save(talk(1))
    found["erased_for_good"] = await store.retrieve("the-id") is None

    shown = [("token", "token"), ("token", "tokeN"), ("token", "tök"), ("token", ""), ("", "")]
    found["knows"] = [
        DoorChannel(token).knows(SimpleNamespace(headers={"X-Token": each}))
        for token, each in shown
    ]

    heard = []

    async def rasa(message):
        heard.append(message.text)
        await message.output_channel.send_custom_json("late-id", {"text": message.text})
        await store.save(DialogueStateTracker.from_events("late-id", [], domain.slots))

    async def takes(text, turn, unsure=()):
        call = {"conversation": "late-id", "text": text, "turn": turn, "unsure": list(unsure)}
        return await DoorChannel("token").answers(store, rasa, call)

    found["first"] = await takes("one", "turn-1")
    found["late"] = await takes("another", "turn-2", unsure=["turn-0", "turn-1"])
    found["next"] = await takes("two", "turn-3", unsure=["turn-2"])
    found["heard"] = heard

    rest = AvailableEndpoints(nlg=EndpointConfig("http://x"), action=EndpointConfig("http://x"))
    make_lean(rest)
    found["alone"] = Agent._create_tracker_store(store, domain) is store
    try:
        Agent._create_tracker_store(None, domain)
    except TypeError as error:
        found["refused"] = str(error)
    print(json.dumps(found))


asyncio.run(main())
"""


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What the store did, told by Rasa's Python."""
    folder = tmp_path_factory.mktemp("store")
    ran = subprocess.run(
        [PYTHON, "-W", "ignore", "-c", SCRIPT, MARK, folder],
        cwd=CHECKOUT,
        env={"PYTHONPATH": str(CHECKOUT), "RASA_TELEMETRY_ENABLED": "false"},
        capture_output=True,
        text=True,
        check=True,
    )
    return dict(json.loads(ran.stdout.splitlines()[-1]))


pytestmark = pytest.mark.rasa


def test_slots_and_the_open_form_come_back(found: dict[str, Any]) -> None:
    assert found["answers"] == {"weapon": "yes", "own": MARK}
    assert found["loop"] == "conversation_form"


def test_the_latest_turn_comes_back_with_what_was_said_to_it(found: dict[str, Any]) -> None:
    assert found["latest"] == ["turn-1", [{"text": MARK}]]
    assert found["latest_of_nobody"] == ["", []]


def test_turn_two_hundred_is_as_small_as_turn_five(found: dict[str, Any]) -> None:
    assert found["long"] == found["short"]
    assert found["events"] < 10


def test_d4_a_size_tells_next_to_nothing(found: dict[str, Any]) -> None:
    nonce_and_tag = 12 + 16
    assert (found["long"] - nonce_and_tag) % 512 == 0


def test_c2_what_is_kept_reads_as_nothing_without_the_id(found: dict[str, Any]) -> None:
    assert found["mark_on_disk"] is False
    assert found["other"] is True
    assert found["copied"] is True
    assert found["keys"] == []


def test_what_can_not_be_opened_is_as_good_as_gone(found: dict[str, Any]) -> None:
    assert found["broken"] is True


def test_r2_an_idle_conversation_is_not_read(found: dict[str, Any]) -> None:
    assert found["idle"] is True


def test_an_erased_conversation_does_not_come_back(found: dict[str, Any]) -> None:
    assert found["erased"] is True
    assert found["erased_for_good"] is True


def test_r5_rasa_never_falls_back_to_a_store_that_is_open(found: dict[str, Any]) -> None:
    assert found["alone"] is True
    assert found["refused"] == "conversations are kept sealed or not at all"


def test_a_turn_whose_answer_was_lost_is_answered_and_not_done_again(found: dict[str, Any]) -> None:
    assert found["first"] == ["turn-1", [{"text": "one"}]]
    assert found["late"] == ["turn-1", [{"text": "one"}]]
    assert found["next"] == ["turn-3", [{"text": "two"}]]
    assert found["heard"] == ["one", "two"]


def test_the_channel_knows_its_token_alone(found) -> None:
    """W4. What is no ASCII is wrong and no error; no token at all opens nothing."""
    assert found["knows"] == [True, False, False, False, False]
