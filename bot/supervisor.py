"""Starts Foothold's processes, keeps them running and ends them all together."""

import asyncio
import contextlib
import ctypes
import errno
import os
import resource
import secrets
import shutil
import signal
import socket
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import httpx
import structlog
from pydantic import SecretStr

from bot.settings import (
    CHECKOUT,
    LOOPBACK,
    ChatSettings,
    InternalSettings,
    RasaSettings,
    SupervisorSettings,
    TelegramSettings,
    load,
)

QUICK_DEATHS = 5
LOG_SIZE = 2_000_000
MOST_FILES = 65_536
EVERYWHERE = "0.0.0.0"  # noqa: S104 - read, not bound  # nosec B104
PR_SET_PDEATHSIG = 1
NOT_AGAIN = 78  # EX_CONFIG: a start with the same settings would end in the same way
LONGEST_LINE = 500
PASSED_ON = (
    "HOME",
    "LANG",
    "LC_ALL",
    "LC_CTYPE",
    "LD_LIBRARY_PATH",
    "OPENBLAS_CORETYPE",  # set where an old OpenBLAS computes wrongly without it
    "OPENBLAS_L2_SIZE",
    "PATH",
    "SSL_CERT_DIR",
    "SSL_CERT_FILE",
    "TMPDIR",
    "TZ",
)
QUIET_RASA = {
    "RASA_TELEMETRY_ENABLED": "false",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    # Pinned libraries that warn of each other; Rasa's own warnings about our data still show.
    "PYTHONWARNINGS": "ignore::DeprecationWarning,ignore::FutureWarning",
    # One sentence at a time is too little work to share; more threads only wait for each other.
    "OMP_NUM_THREADS": "1",
    "TF_INTRA_OP_PARALLELISM_THREADS": "1",
    "TF_INTER_OP_PARALLELISM_THREADS": "1",
    # The same on every machine; a small card would be slower than none.
    "CUDA_VISIBLE_DEVICES": "-1",
}

log = structlog.get_logger()


class CannotStart(Exception):
    """Foothold can't run; the message is one sentence for the person at the terminal."""


@dataclass(frozen=True)
class Address:
    """Where a process listens, and the variable that moves it elsewhere."""

    process: str
    host: str
    port: int
    variable: str


@dataclass(frozen=True)
class Program:
    """A process of Foothold: its name, how it is started and with which variables.

    Foothold is whole without one that is `beside`: what it prints is for the person at the
    terminal, and when it ends with NOT_AGAIN it stays ended.
    """

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    beside: bool = False


@dataclass(frozen=True)
class Pace:
    """How patient the supervisor is, in seconds."""

    grace: float = 8.0  # for a process to end by itself before it is killed
    quick_death: float = 10.0  # who lives shorter has not really started
    first_pause: float = 0.5
    longest_pause: float = 30.0
    ready: float = 300.0
    look: float = 0.25


# --- Before the start -----------------------------------------------------------------------------


def addresses(settings: SupervisorSettings) -> tuple[Address, ...]:
    """Where Foothold's processes will listen."""
    always = (
        Address("chat", settings.chat_host, settings.chat_port, "FOOTHOLD_CHAT_PORT"),
        Address("internal", LOOPBACK, settings.internal_port, "FOOTHOLD_INTERNAL_PORT"),
        Address("rasa", LOOPBACK, settings.rasa_port, "FOOTHOLD_RASA_PORT"),
    )
    if not (settings.telegram_token.get_secret_value() and settings.telegram_webhook):
        return always
    port = settings.telegram_port
    return (*always, Address("telegram", LOOPBACK, port, "FOOTHOLD_TELEGRAM_PORT"))


def check_addresses(wanted: Iterable[Address]) -> None:
    """Stops before anything is started if a process could not listen."""
    seen: dict[int, str] = {}
    for address in wanted:
        if other := seen.get(address.port):
            raise CannotStart(
                f"Port {address.port} is meant for both {other} and {address.process}: "
                f"set {address.variable} to another port."
            )
        seen[address.port] = address.process
        try_to_listen(address)


def try_to_listen(address: Address) -> None:
    """Listens for a moment where a process will listen."""
    try:
        family, kind, protocol, _, place = socket.getaddrinfo(
            address.host, address.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        with socket.socket(family, kind, protocol) as probe:
            # As servers do it: a connection that has just ended must not count as taken.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(place)
            probe.listen()
    except OSError as error:
        raise CannotStart(why_not(address, error)) from None


def why_not(address: Address, error: OSError) -> str:
    """Why a process can't listen, and what to change."""
    if error.errno == errno.EADDRINUSE:
        return (
            f"Port {address.port} on {address.host}, where {address.process} listens, is in use: "
            f"stop the program that uses it or set {address.variable} to a free port."
        )
    if error.errno == errno.EACCES:
        return (
            f"Port {address.port}, where {address.process} listens, is not open to this account: "
            f"set {address.variable} to 1024 or more."
        )
    return (
        f"{address.process} can't listen on {address.host}: {error.strerror}; "
        f"set {address.variable.replace('_PORT', '_HOST')} to an address of this machine."
    )


def foothold_programs(model: Path) -> tuple[Program, ...]:
    """The processes of Foothold, each with its own settings only."""
    # Made anew at each start and never written down: only chat can speak to Rasa.
    token = {"rasa_token": SecretStr(secrets.token_urlsafe(32))}
    chat = load(ChatSettings).model_copy(update=token)
    rasa = load(RasaSettings).model_copy(update={**token, "model": model})
    ours = str(CHECKOUT / ".venv" / "bin" / "python")
    rasas = str(CHECKOUT / "bot" / "rasa_server" / ".venv" / "bin" / "python")
    plain = minimal_environment(os.environ) | {
        "PYTHONPATH": str(CHECKOUT),
        "PYTHONUNBUFFERED": "1",
        "TMPDIR": str(empty_folder(load(SupervisorSettings).data / "tmp")),
    }
    return (
        Program(
            "internal",
            (ours, "-m", "bot.action_server"),
            plain | load(InternalSettings).environment(),
        ),
        Program(
            "rasa",
            (rasas, "-m", "bot.rasa_server"),
            plain | QUIET_RASA | rasa.environment(),
        ),
        Program("chat", (ours, "-m", "webchat.chat"), plain | chat.environment()),
        *telegram_program(ours, plain, token),
    )


def telegram_program(
    ours: str, plain: Mapping[str, str], token: Mapping[str, SecretStr]
) -> tuple[Program, ...]:
    """The bot on Telegram, where it has a token."""
    settings = load(TelegramSettings)
    if not settings.telegram_token.get_secret_value():
        return ()
    environment = settings.model_copy(update=token).environment()
    command = (ours, "-m", "bot.telegram")
    return (Program("telegram", command, {**plain, **environment}, beside=True),)


def empty_folder(folder: Path) -> Path:
    """An empty folder for temporary files: what a killed Rasa left of its model goes here."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700, parents=True)
    return folder


def minimal_environment(environ: Mapping[str, str]) -> dict[str, str]:
    """What any program needs to run on this machine, and nothing of ours or of others."""
    return {name: environ[name] for name in PASSED_ON if name in environ}


def chat_url(settings: SupervisorSettings) -> str:
    """Where a browser on this machine finds the chat."""
    host = {EVERYWHERE: LOOPBACK, "::": "::1"}.get(settings.chat_host, settings.chat_host)
    return (
        f"http://[{host}]:{settings.chat_port}"
        if ":" in host
        else f"http://{host}:{settings.chat_port}"
    )


# --- While running --------------------------------------------------------------------------------


class Supervisor:
    """Runs the programs until a signal, or until one of them can't be kept running."""

    def __init__(
        self,
        programs: Sequence[Program],
        *,
        url: str,
        logs: Path,
        pace: Pace,
        folder: Path,
    ) -> None:
        self.programs = programs
        self.url = url
        self.logs = logs
        self.pace = pace
        self.folder = folder
        self.stopping = asyncio.Event()
        self.failure: CannotStart | None = None
        self.groups: set[int] = set()

    async def run(self) -> None:
        """Starts all, and returns when all have ended."""
        self.listen_for_signals()
        keepers = (self.keep_running(program) for program in self.programs)
        await asyncio.gather(*keepers, self.announce_when_ready(), self.bound_logs())
        if self.failure:
            raise self.failure

    def listen_for_signals(self) -> None:
        """Ctrl-C, an ended terminal session and a plain kill all mean: stop everything."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            # nohup asks us to outlive the terminal.
            if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN:
                loop.add_signal_handler(number, self.stop)

    def stop(self) -> None:
        """Ends all in good order; asked a second time, at once."""
        if self.stopping.is_set():
            for group in self.groups:
                signal_group(group, signal.SIGKILL)
        else:
            say("Stopping …")
            self.stopping.set()

    def give_up(self, sentence: str) -> None:
        """Ends all because Foothold would not be whole."""
        self.failure = self.failure or CannotStart(sentence)
        self.stopping.set()

    async def keep_running(self, program: Program) -> None:
        """Starts a program again, with growing pauses, each time it ends."""
        loop, quick_deaths = asyncio.get_running_loop(), 0
        while not self.stopping.is_set():
            started = loop.time()
            ended = await self.run_once(program)
            if self.stopping.is_set() or (program.beside and ended == NOT_AGAIN):
                return
            quick_deaths = quick_deaths + 1 if loop.time() - started < self.pace.quick_death else 0
            log.warning("process ended", process=program.name)
            if quick_deaths == QUICK_DEATHS and not program.beside:
                self.give_up(
                    f"{program.name} ended {QUICK_DEATHS} times right after its start, so Foothold "
                    f"stops; why is in {self.log_of(program)}."
                )
            await self.pause(
                min(
                    self.pace.first_pause * 2 ** max(0, quick_deaths - 1),
                    self.pace.longest_pause,
                )
            )

    async def run_once(self, program: Program) -> int | None:
        """Runs a program until it ends by itself or all shall stop; nothing of it is left then.

        How it ended; None where it could not even be started.
        """
        try:
            process = await self.start(program)
        except OSError as error:
            self.give_up(
                f"{program.name} can't be started: {error.strerror} ({program.command[0]})."
            )
            return None
        self.groups.add(process.pid)
        ended = asyncio.create_task(process.wait())
        telling = asyncio.create_task(tell_what_it_says(process))
        stop = asyncio.create_task(self.stopping.wait())
        await asyncio.wait({ended, stop}, return_when=asyncio.FIRST_COMPLETED)
        stop.cancel()
        if not ended.done():
            signal_group(process.pid, signal.SIGTERM)
            await asyncio.wait({ended}, timeout=self.pace.grace)
        end_group(process.pid)
        await asyncio.gather(ended, telling)
        self.groups.discard(process.pid)
        return process.returncode

    async def start(self, program: Program) -> asyncio.subprocess.Process:
        """Starts a program in its own session, so that the terminal's Ctrl-C reaches only us."""
        with open_log(self.log_of(program)) as output:
            return await asyncio.create_subprocess_exec(
                *program.command,
                cwd=self.folder,
                env=dict(program.environment),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.PIPE if program.beside else output,
                stderr=output,
                start_new_session=True,
                preexec_fn=bind_to_parent(),
            )

    async def announce_when_ready(self) -> None:
        """Says so when each process answers, and where to go when all do."""
        loop = asyncio.get_running_loop()
        started, awaited = loop.time(), {"chat", "rasa", "internal"}
        # Without the proxies of the environment: this machine speaks to itself.
        async with httpx.AsyncClient(trust_env=False, timeout=5) as client:
            while awaited and not self.stopping.is_set():
                if loop.time() - started > self.pace.ready:
                    self.give_up(
                        f"Foothold did not get ready: {listed(awaited)} did not answer; "
                        f"the logs are in {self.logs}."
                    )
                answering = awaited & await answering_processes(client, self.url)
                for name in sorted(answering):
                    say(f"{name} answers after {loop.time() - started:.0f} s")
                awaited -= answering
                await self.pause(self.pace.look)
        if not awaited:
            say(f"Foothold is ready: {self.url}\nPress Ctrl-C to stop it.")

    async def bound_logs(self) -> None:
        """Keeps each log within its size."""
        while not self.stopping.is_set():
            for program in self.programs:
                bound_log(self.log_of(program))
            await self.pause(5.0)

    async def pause(self, seconds: float) -> None:
        """Waits, but not longer than until all shall stop."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self.stopping.wait(), seconds)

    def log_of(self, program: Program) -> Path:
        return self.logs / f"{program.name}.log"


async def tell_what_it_says(process: asyncio.subprocess.Process) -> None:
    """Tells the person at the terminal what a process says, line by line, until it ends."""
    while process.stdout and (line := await process.stdout.readline()):
        say(line.decode("utf-8", "replace").rstrip()[:LONGEST_LINE])


async def answering_processes(client: httpx.AsyncClient, url: str) -> set[str]:
    """Which processes answer, by the chat's own word."""
    try:
        health = (await client.get(f"{url}/health")).raise_for_status().json()
    except (httpx.HTTPError, ValueError):
        return set()
    return {"chat"} | {name for name in ("rasa", "internal") if health.get(name) == "ok"}


def supervise(
    programs: Sequence[Program],
    *,
    url: str,
    logs: Path,
    pace: Pace = Pace(),
    folder: Path = CHECKOUT,
) -> None:
    """Runs the programs until a signal, or until one of them can't be kept running."""

    allow_many_files()

    async def run() -> None:
        await Supervisor(programs, url=url, logs=logs, pace=pace, folder=folder).run()

    asyncio.run(run())


# --- Processes and their logs ---------------------------------------------------------------------


def bind_to_parent() -> Callable[[], None] | None:
    """What a new process does first, to die with us however we die; only Linux can."""
    if sys.platform != "linux":
        return None
    prctl = ctypes.CDLL(None).prctl
    parent = os.getpid()

    def bind() -> None:
        prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:  # we died in between
            os._exit(1)

    return bind


def allow_many_files() -> None:
    """Lets our processes hold as many open chats as this machine allows; each is an open file."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST_FILES if hard == resource.RLIM_INFINITY else min(hard, MOST_FILES)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def signal_group(group: int, number: signal.Signals) -> None:
    """Sends a signal to a process and all it started; not an error if they are gone."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(group, number)


def end_group(group: int) -> None:
    """Leaves nothing of a process and what it started."""
    signal_group(group, signal.SIGKILL)


def open_log(file: Path) -> BinaryIO:
    """A log to be added to, which only this account can read."""
    return os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "ab")


def bound_log(file: Path, size: int = LOG_SIZE) -> None:
    """Moves a long log's content aside; the process goes on writing to the same file."""
    with contextlib.suppress(OSError):
        if file.stat().st_size > size:
            shutil.copyfile(file, file.with_suffix(".old.log"))
            os.truncate(file, 0)


def say(words: str) -> None:
    """Tells the person at the terminal, who may have gone."""
    with contextlib.suppress(OSError):
        print(words, flush=True)


def listed(names: Iterable[str]) -> str:
    """Names in a sentence."""
    return " and ".join(sorted(names))
