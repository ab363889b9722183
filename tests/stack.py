"""A whole Foothold for tests: the real processes under the real supervisor, on free ports."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import psutil
from rich.console import Console

from bot.bench.stack import addresses, stop
from bot.services.home import PLACES, Home
from bot.settings import CHECKOUT, SupervisorSettings, load
from bot.supervisor import Pace
from bot.training import TrainingGround, ready_model
from tests.telegram.server import BotApi, running

READY_SECONDS = 120
GROWN_SECONDS = Pace().quick_death + 0.5
TOKEN = "4711:a-made-up-token"


@dataclass
class Stack:
    """A running Foothold: where it is, and where it writes."""

    url: str
    internal_port: int
    data: Path
    supervisor: subprocess.Popen[bytes]
    http: httpx.Client
    telegram: BotApi

    def process(self, module: str) -> psutil.Process:
        """The process that runs a module, once it has lived long enough.

        The supervisor gives up on one that dies again and again right after its start.
        """
        children = psutil.Process(self.supervisor.pid).children(recursive=True)
        process = next(each for each in children if module in each.cmdline())
        time.sleep(max(0.0, process.create_time() + GROWN_SECONDS - time.time()))
        return process

    @contextmanager
    def frozen(self, module: str) -> Iterator[None]:
        """A process that hangs for a while."""
        process = self.process(module)
        process.suspend()
        try:
            yield
        finally:
            process.resume()
            self.wait_until_ready()

    @contextmanager
    def killed(self, module: str) -> Iterator[None]:
        """A process that has just died; the supervisor starts it again."""
        self.process(module).kill()
        yield
        self.wait_until_ready()

    def health(self) -> dict[str, str]:
        """What the chat says of itself and of what is behind it."""
        try:
            answer = self.http.get("/health")
        except httpx.HTTPError:
            return {}
        return dict(answer.json())

    def wait_until_ready(self) -> None:
        """Waits until all processes answer."""
        wait_for(lambda: self.health().get("status") == "ok", "Foothold did not get ready")

    def everything_written(self) -> bytes:
        """All that the processes wrote anywhere: logs, and every file of the data folder."""
        files = [path for path in self.data.rglob("*") if path.is_file()]
        return b"".join(path.read_bytes() for path in files if "models" not in path.parts)


def wait_for(condition: Callable[[], bool], failure: str, seconds: float = READY_SECONDS) -> None:
    """Waits until a condition holds."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if condition():
            return
        time.sleep(0.1)
    raise AssertionError(failure)


def ready_gazetteer() -> Path:
    """The gazetteer of today's sources; made now if it is not there."""
    folder = load(SupervisorSettings).data
    folder.mkdir(mode=0o700, exist_ok=True)
    home = Home(folder)
    home.make_places()
    return home.places_file


@contextmanager
def running_stack(data: Path, **settings: str) -> Iterator[Stack]:
    """Foothold with the trained model of today's sources; trained now if it is not there.

    It has a bot on a Bot API server of its own.
    """
    with running(BotApi(TOKEN)) as telegram, stack_with(telegram, data, settings) as stack:
        yield stack


@contextmanager
def stack_with(telegram: BotApi, data: Path, settings: Mapping[str, str]) -> Iterator[Stack]:
    """Foothold with a bot on this Bot API server."""
    model = ready_model(TrainingGround(load(SupervisorSettings).data), Console(stderr=True))
    (data / "models").mkdir(parents=True, mode=0o700)
    shutil.copy(ready_gazetteer(), data / PLACES)
    shutil.copy(model, data / "models" / model.name)
    bot = {
        "FOOTHOLD_TELEGRAM_TOKEN": TOKEN,
        "FOOTHOLD_TELEGRAM_API": telegram.url,
        "FOOTHOLD_TELEGRAM_PAUSE": "0",
    }
    variables = {**addresses(), "FOOTHOLD_DATA": str(data), **bot, **settings}
    with (data / "supervisor.log").open("wb") as log:
        supervisor = subprocess.Popen(
            [sys.executable, "-m", "bot.cli", "run"],
            cwd=CHECKOUT,
            env={**os.environ, **variables},
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    url = f"http://127.0.0.1:{variables['FOOTHOLD_CHAT_PORT']}"
    internal = int(variables["FOOTHOLD_INTERNAL_PORT"])
    try:
        with httpx.Client(base_url=url, timeout=30, trust_env=False) as http:
            stack = Stack(url, internal, data, supervisor, http, telegram)
            stack.wait_until_ready()
            yield stack
    finally:
        stop(supervisor)
