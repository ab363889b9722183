"""The sealed store inside Rasa's own Python: compacted, sealed, forgotten."""

import json
import subprocess
from typing import Any

import pytest

from bot.settings import CHECKOUT

PYTHON = CHECKOUT / "bot" / "rasa_server" / ".venv" / "bin" / "python"
MARK = "zanahoria-7731"

SCRIPT = """
import asyncio, json, sys
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, ActiveLoop, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from bot.rasa_server.tracker_store import SealedTrackerStore

MARK = sys.argv[1]
domain = Domain.load("domain.yml")
store = SealedTrackerStore(domain, idle_minutes=1)


def talk(turns):
    events = [ActionExecuted("action_session_start"), ActiveLoop("conversation_form")]
    for number in range(turns):
        events += [ActionExecuted("action_listen"), UserUttered(MARK)]
    events += [SlotSet("answers", {"weapon": "yes", "own": MARK}), ActionExecuted("action_listen")]
    return DialogueStateTracker.from_events("the-id", events, domain.slots)


async def main():
    await store.save(talk(5))
    short = len(next(iter(store.kept.values())))
    await store.save(talk(200))
    long = len(next(iter(store.kept.values())))
    back = await store.retrieve("the-id")
    held = b"".join([*store.kept.keys(), *store.kept.values()])
    found = {
        "answers": back.get_slot("answers"),
        "loop": back.active_loop_name,
        "events": len(back.events),
        "short": short,
        "long": long,
        "mark_in_memory": MARK.encode() in held or b"the-id" in held,
        "other": await store.retrieve("another-id") is None,
        "keys": list(await store.keys()),
    }
    store.used = {name: used - 61 for name, used in store.used.items()}
    store.next_sweep = 0
    found["idle"] = await store.retrieve("the-id") is None
    await store.save(talk(1))
    await store.save(DialogueStateTracker.from_events("the-id", [], domain.slots))
    found["forgotten"] = not store.kept
    print(json.dumps(found))


asyncio.run(main())
"""


@pytest.fixture(scope="module")
def found() -> dict[str, Any]:
    """What the store did, told by Rasa's Python."""
    ran = subprocess.run(
        [PYTHON, "-W", "ignore", "-c", SCRIPT, MARK],
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


def test_turn_two_hundred_is_as_small_as_turn_five(found: dict[str, Any]) -> None:
    assert abs(found["long"] - found["short"]) < 32  # times are written a digit longer or shorter
    assert found["events"] < 10


def test_what_is_kept_reads_as_nothing_without_the_id(found: dict[str, Any]) -> None:
    assert found["mark_in_memory"] is False
    assert found["other"] is True
    assert found["keys"] == []


def test_an_idle_conversation_is_dropped(found: dict[str, Any]) -> None:
    assert found["idle"] is True


def test_a_conversation_without_events_is_forgotten(found: dict[str, Any]) -> None:
    assert found["forgotten"] is True
