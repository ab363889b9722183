"""A whole Foothold of the bench's own: on free ports, with its own data, gone without a trace."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import httpx
import psutil

from bot.services.home import PLACES
from bot.settings import CHECKOUT, LOOPBACK, SupervisorSettings, load
from bot.supervisor import CannotStart, bind_to_parent

READY_SECONDS = 120.0
STOP_SECONDS = 30.0
LOOK = 0.05
MEGABYTE = 1_000_000
# No visitor of ours is ever told to slow down.
HIGH_RATE = {"FOOTHOLD_RATE": "1000000/second"}
NAMES = {
    "bot.cli": "supervisor",
    "bot.action_server": "internal",
    "bot.rasa_server": "rasa",
    "webchat.chat": "chat",
}


class NotReady(CannotStart):
    """A Foothold did not start, or did not come back."""


@dataclass(frozen=True)
class Stack:
    """A running Foothold: where it answers, what runs it, and what it says of itself."""

    url: str
    supervisor: psutil.Process
    http: httpx.Client
    log: Path

    def processes(self) -> dict[str, psutil.Process]:
        """The running processes by name."""
        every = [self.supervisor, *self.supervisor.children(recursive=True)]
        return {name_of(process): process for process in every}

    def memory(self) -> dict[str, float]:
        """The resident memory of each process in MB."""
        return {
            name: process.memory_info().rss / MEGABYTE for name, process in self.processes().items()
        }

    def is_ready(self) -> bool:
        """Whether the chat and all behind it answer."""
        try:
            return bool(self.http.get("/health").json()["status"] == "ok")
        except (httpx.HTTPError, ValueError, KeyError):
            return False

    def wait_until_ready(self) -> None:
        """Waits until all processes answer; raises NotReady when one ended or it takes too long."""
        self.wait_until(self.is_ready)

    def wait_until(self, condition: Callable[[], bool]) -> None:
        """Waits until a condition holds; raises NotReady."""
        until = time.monotonic() + READY_SECONDS
        while not condition():
            if time.monotonic() > until or not lives(self.supervisor):
                raise NotReady(f"Foothold did not get ready; it said: {last_line(self.log)}")
            time.sleep(LOOK)


def lives(process: psutil.Process) -> bool:
    """Whether a process has not ended."""
    return process.is_running() and process.status() != psutil.STATUS_ZOMBIE


def last_line(log: Path) -> str:
    """The last line that was written."""
    lines = log.read_text(errors="replace").strip().splitlines()
    return lines[-1] if lines else "nothing"


def name_of(process: psutil.Process) -> str:
    """What a process is called: by the module that it runs."""
    command = process.cmdline()
    module = command[command.index("-m") + 1] if "-m" in command else process.name()
    return NAMES.get(module, module)


@contextmanager
def data_with(model: Path) -> Iterator[Path]:
    """A data folder for a while, with a trained model in it."""
    with tempfile.TemporaryDirectory(prefix="foothold-bench-") as folder:
        models = Path(folder) / "models"
        models.mkdir(mode=0o700)
        shutil.copy(model, models / model.name)
        gazetteer = load(SupervisorSettings).data / PLACES
        if gazetteer.is_file():
            shutil.copy(gazetteer, Path(folder) / PLACES)
        yield Path(folder)


@contextmanager
def running(data: Path) -> Iterator[Stack]:
    """A Foothold that starts now; nothing of it is left afterwards, whatever happens."""
    variables = {**os.environ, **HIGH_RATE, **addresses(), "FOOTHOLD_DATA": str(data)}
    log_file = data / "supervisor.log"
    with log_file.open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "bot.cli", "run"],
            cwd=CHECKOUT,
            env=variables,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,  # Ctrl-C reaches only us, and we stop it in good order
            preexec_fn=bind_to_parent(),  # noqa: PLW1509 - no thread runs here
        )
    url = f"http://{LOOPBACK}:{variables['FOOTHOLD_CHAT_PORT']}"
    try:
        with httpx.Client(base_url=url, timeout=30, trust_env=False) as http:
            yield Stack(url, psutil.Process(process.pid), http, log_file)
    finally:
        stop(process)


def stop(supervisor: subprocess.Popen[bytes]) -> None:
    """Ends a Foothold as Ctrl-C does; what does not end in time dies with its supervisor."""
    with suppress(ProcessLookupError):
        supervisor.send_signal(signal.SIGINT)
    try:
        supervisor.wait(STOP_SECONDS)
    finally:
        supervisor.kill()
        supervisor.wait()


def addresses() -> dict[str, str]:
    """Variables that put every process on a port that nobody listens on."""
    names = ("FOOTHOLD_CHAT_PORT", "FOOTHOLD_INTERNAL_PORT", "FOOTHOLD_RASA_PORT")
    ports = dict(zip(names, map(str, free_ports(len(names))), strict=True))
    return {"FOOTHOLD_CHAT_HOST": LOOPBACK, **ports}


def free_ports(count: int) -> list[int]:
    """Ports that nobody listens on."""
    sockets = [socket.socket() for _ in range(count)]
    try:
        for each in sockets:
            each.bind((LOOPBACK, 0))
        return [int(each.getsockname()[1]) for each in sockets]
    finally:
        for each in sockets:
            each.close()
