"""Rasa without TensorFlow understands the same, and needs much less."""

import json
import os
import subprocess
from typing import Any

import pytest
from rich.console import Console

from bot.settings import CHECKOUT, SupervisorSettings, load
from bot.supervisor import QUIET_RASA, minimal_environment
from bot.training import TrainingGround, ready_model

pytestmark = pytest.mark.rasa

PYTHON = CHECKOUT / "bot" / "rasa_server" / ".venv" / "bin" / "python"
SCRIPT = """
import asyncio, json, logging, resource, sys
model, without = sys.argv[1:]
if without == "yes":
    from bot.rasa_server.no_tensorflow import leave_out_tensorflow
    leave_out_tensorflow()
import structlog
structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
from rasa.core.agent import Agent
agent = Agent.load(model)

async def understand():
    texts = ["he choked me last night", "what can't you do?", "me quita el dinero", "skip", "", "!"]
    return [await agent.parse_message(text) for text in texts]

understood = asyncio.run(understand())
kilobytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(json.dumps({"understood": understood, "megabytes": kilobytes / 1024}))
"""


@pytest.fixture(scope="module")
def model() -> str:
    return str(ready_model(TrainingGround(load(SupervisorSettings).data), Console(stderr=True)))


def understood(model: str, without: str) -> dict[str, Any]:
    told = subprocess.check_output(
        [PYTHON, "-W", "ignore", "-c", SCRIPT, model, without],
        cwd=CHECKOUT,
        # As Rasa really runs: with several threads the last digits differ from run to run.
        env={**minimal_environment(os.environ), **QUIET_RASA, "PYTHONPATH": str(CHECKOUT)},
        text=True,
    )
    return dict(json.loads(told.splitlines()[-1]))


def test_without_tensorflow_everything_is_understood_alike_in_less_memory(model: str) -> None:
    with_it, without = understood(model, "no"), understood(model, "yes")

    assert without["understood"] == with_it["understood"]
    assert without["megabytes"] < with_it["megabytes"] - 200
