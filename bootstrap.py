"""Makes the two environments Foothold runs in, and a browser for the tests, from a bare Python."""

import sys

# Stands before everything else, and this file keeps to syntax that old Pythons can read, so that
# they too end with one sentence.
if sys.version_info < (3, 11):  # noqa: UP036 - this is the check itself
    sys.exit(
        f"Foothold needs Python 3.11 or newer, and this is Python {sys.version_info[0]}."
        f"{sys.version_info[1]}: install a newer one and run it with that."
    )

import argparse
import contextlib
import errno
import hashlib
import os
import pwd
import re
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fcntl import LOCK_EX, LOCK_NB, flock
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent
RASA_PYTHON = (3, 10)
OLDEST_UV = (0, 8)  # the first with `uv venv --clear`
GIB = 1024**3
OUR_SPACE, RASA_SPACE = (
    1.0 * GIB,
    3.0 * GIB,
)  # installed size, with room for what is unpacked on the way
ASK_PLAYWRIGHT = """
from playwright.sync_api import sync_playwright
with sync_playwright() as playwright:
    print(playwright.chromium.executable_path)
"""
BROWSER_NAMES = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
)
MINUTES = 60.0
Command = list[str | Path]
FULL_DISK = r"No space left on device|os error 28|ENOSPC|Disk quota exceeded"
OFFLINE = (
    r"error sending request|dns error|Could not connect|Connection refused|timed out"
    r"|Temporary failure in name|NewConnectionError|Network is unreachable"
)


class Obstacle(Exception):
    """What stands in the way, as one sentence for the person at the terminal."""


# --- The machine: where things may lie ------------------------------------------------------------


@dataclass(frozen=True)
class Machine:
    """What this machine offers: its variables and the places where Pythons and programs lie."""

    environ: Mapping[str, str]
    account_home: Path
    running_python: Path
    running_prefix: Path
    system_folders: tuple[Path, ...]
    root: bool

    @classmethod
    def this_one(cls) -> "Machine":
        """The machine we run on."""
        return cls(
            environ=os.environ,
            account_home=Path(pwd.getpwuid(os.getuid()).pw_dir),
            running_python=Path(sys.executable),
            running_prefix=Path(sys.base_prefix),
            system_folders=(
                Path("/usr/bin"),
                Path("/usr/local/bin"),
                *sorted(Path("/opt").glob("*/bin")),
            ),
            root=os.geteuid() == 0,
        )

    def find(self, program: str) -> Path | None:
        """The program of this name on PATH."""
        found = shutil.which(program, path=self.environ.get("PATH", ""))
        return Path(found) if found else None


@dataclass(frozen=True)
class Places:
    """Where in the checkout the environments and our own notes lie."""

    checkout: Path

    @property
    def private(self) -> Path:
        return self.checkout / ".uv"

    @property
    def log(self) -> Path:
        return self.private / "bootstrap.log"

    @property
    def ours(self) -> Path:
        return self.checkout / ".venv"

    @property
    def rasa(self) -> Path:
        return self.checkout / "bot" / "rasa_server" / ".venv"

    @property
    def rasa_requirements(self) -> Path:
        return self.checkout / "bot" / "rasa_server" / "requirements.txt"

    @property
    def uv_requirements(self) -> Path:
        return self.checkout / "requirements-bootstrap.txt"

    @property
    def browser_note(self) -> Path:
        return self.checkout / "var" / "chromium-path"

    def requirements(self, *, dev: bool) -> Path:
        return self.checkout / ("requirements-dev.txt" if dev else "requirements.txt")


# --- Running other programs -----------------------------------------------------------------------


def clean_environment(environ: Mapping[str, str]) -> dict[str, str]:
    """The variables without those that bend another Python's idea of where things are."""
    bending = {
        "PYTHONPATH",
        "PYTHONHOME",
        "VIRTUAL_ENV",
        "PIP_TARGET",
        "PIP_PREFIX",
        "PIP_USER",
        "__PYVENV_LAUNCHER__",
    }
    return {name: value for name, value in environ.items() if name not in bending}


@dataclass(frozen=True)
class Workshop:
    """Runs other programs: shows a progress line, keeps what they print in a log."""

    machine: Machine
    log: Path

    def run(
        self,
        label: str,
        command: Command,
        *,
        timeout: float,
        extra: Mapping[str, str] | None = None,
    ) -> bool:
        """Runs a command under a progress line; says whether it ended well in time."""
        started = time.monotonic()
        with self.log.open("w") as output, progress(label) as tick:
            try:
                process = subprocess.Popen(
                    [str(part) for part in command],
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=subprocess.STDOUT,
                    env=clean_environment(self.machine.environ) | dict(extra or {}),
                    cwd=self.log.parent.parent,
                )
            except FileNotFoundError:
                return False
            try:
                while process.poll() is None and time.monotonic() - started < timeout:
                    tick()
                    time.sleep(0.1)
            finally:
                ended_by_itself = process.poll() is not None
                if not ended_by_itself:
                    end(process)
        return ended_by_itself and process.returncode == 0

    def words(self) -> str:
        """All that the last command printed."""
        return self.log.read_text(errors="replace") if self.log.exists() else ""

    def reason(self) -> str:
        """Why the last command failed, in a few words."""
        return reason_in(self.words(), self.log)


def end(process: "subprocess.Popen[bytes]") -> None:
    """Ends a program that has run too long: asks first, then insists."""
    process.terminate()
    try:
        process.wait(5)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def reason_in(words: str, log: Path) -> str:
    """The reason of a failure in a program's output; a full disk is an obstacle of its own."""
    if re.search(FULL_DISK, words):
        raise Obstacle(no_space_sentence(log.parent.parent))
    if re.search(r"hash", words, re.IGNORECASE) and re.search(
        r"mismatch|do not match", words, re.IGNORECASE
    ):
        return f"a downloaded package is not the one we know by its hash (details: {log})"
    if re.search(r"certificate", words, re.IGNORECASE):
        return (
            "this network's certificate is not known here, so set SSL_CERT_FILE to the file "
            f"that holds it and run it again (details: {log})"
        )
    if re.search(OFFLINE, words, re.IGNORECASE):
        return f"it could not be downloaded, so check the network and run it again (details: {log})"
    lines = [line.strip() for line in words.splitlines() if line.strip()]
    telling = [line for line in lines if line.lower().startswith(("error", "×"))] or lines[-1:]
    return (
        f"{telling[0][:200].rstrip('.')} (details: {log})"
        if telling
        else f"it gave no reason (details: {log})"
    )


@contextlib.contextmanager
def progress(label: str) -> Iterator[Callable[[], None]]:
    """Shows one line for a step: with running seconds on a terminal, plainly elsewhere."""
    started = time.monotonic()
    live = sys.stderr.isatty()

    def tick() -> None:
        if live:
            show(f"\r{label} … {time.monotonic() - started:.0f} s")

    show(f"{label} … ")
    try:
        yield tick
    finally:
        tick()
        show("\n" if live else f"{time.monotonic() - started:.0f} s\n")


def show(words: str) -> None:
    """Shows where we are, beside what a command answers."""
    print(words, end="", file=sys.stderr, flush=True)


# --- Space ----------------------------------------------------------------------------------------


def no_space_sentence(folder: Path) -> str:
    """A full disk, named by its folder."""
    needed = (OUR_SPACE + RASA_SPACE) / GIB
    return f"The disk is full in {folder}: free about {needed:.0f} GB there and run it again."


def check_space(folder: Path, needed: float, free: Callable[[Path], int]) -> None:
    """Stops before anything is made if the disk can't hold it."""
    missing = needed - free(folder)
    if missing > 0:
        raise Obstacle(
            f"Foothold needs about {needed / GIB:.1f} GB in {folder} and {missing / GIB:.1f} GB "
            "are missing: free that much and run it again."
        )


def free_in(folder: Path) -> int:
    """Free bytes in a folder, for an ordinary account."""
    return shutil.disk_usage(folder).free


# --- uv -------------------------------------------------------------------------------------------


def uv_works(uv: Path) -> bool:
    """Whether this is a uv that knows the commands we use."""
    try:
        answer = subprocess.run([uv, "--version"], capture_output=True, text=True, timeout=20)
    except (OSError, subprocess.TimeoutExpired):
        return False
    version = re.match(r"uv (\d+)\.(\d+)", answer.stdout)
    return (
        answer.returncode == 0
        and version is not None
        and (int(version[1]), int(version[2])) >= OLDEST_UV
    )


def find_uv(machine: Machine, private: Path) -> Path | None:
    """A uv on PATH, or the one made earlier in the private folder."""
    candidates = (
        machine.find("uv"),
        private / "venv" / "bin" / "uv",
        private / "target" / "bin" / "uv",
    )
    return next((uv for uv in candidates if uv and uv_works(uv)), None)


def make_uv(workshop: Workshop, places: Places) -> Path:
    """Installs uv, checked by its hash, in whichever of pip's ways this machine has."""
    if make_venv(workshop, places):
        return uv_by_venv(workshop, places)
    uv = uv_by_target(workshop, places)
    if uv is not None:
        return uv
    if apt_install(workshop, venv_package()) and make_venv(workshop, places):
        return uv_by_venv(workshop, places)
    raise Obstacle(
        f"This Python has neither venv nor pip: install {venv_package()} (on Debian and Ubuntu) "
        "or uv itself, and run it again."
    )


def make_venv(workshop: Workshop, places: Places) -> bool:
    """A small environment for uv; not to be had where Python comes without venv."""
    venv = places.private / "venv"
    shutil.rmtree(venv, ignore_errors=True)
    python = workshop.machine.running_python
    return workshop.run("Preparing the installer", [python, "-m", "venv", venv], timeout=120)


def uv_by_venv(workshop: Workshop, places: Places) -> Path:
    """uv in its small environment."""
    venv = places.private / "venv"
    install = pip_install_uv(venv / "bin" / "python", places)
    if not workshop.run("Fetching uv, the installer", install, timeout=10 * MINUTES):
        raise Obstacle(f"uv, the installer, could not be installed: {workshop.reason()}.")
    return venv / "bin" / "uv"


def uv_by_target(workshop: Workshop, places: Places) -> Path | None:
    """uv in a plain folder, for a Debian that has pip but no python3-venv."""
    target = places.private / "target"
    shutil.rmtree(target, ignore_errors=True)
    install = pip_install_uv(workshop.machine.running_python, places, "--target", target)
    if workshop.run("Fetching uv, the installer", install, timeout=10 * MINUTES):
        return target / "bin" / "uv"
    return None


def pip_install_uv(python: Path, places: Places, *options: str | Path) -> Command:
    """The command with which this Python's pip installs uv."""
    checked: Command = ["--require-hashes", "--only-binary", ":all:", "-r", places.uv_requirements]
    quiet = ["--quiet", "--no-input", "--no-deps"]
    return [python, "-m", "pip", "install", *quiet, *options, *checked]


def venv_package() -> str:
    """What Debian calls the package with venv for the running Python."""
    return f"python{sys.version_info[0]}.{sys.version_info[1]}-venv"


def apt_install(workshop: Workshop, package: str) -> bool:
    """Installs a Debian package as root, or by a sudo that asks nothing."""
    apt = workshop.machine.find("apt-get")
    if apt is None:
        return False
    sudo = () if workshop.machine.root else sudo_without_questions(workshop)
    if sudo is None:
        return False
    quiet = {"DEBIAN_FRONTEND": "noninteractive"}
    command: Command = [*sudo, apt, "install", "--yes", "--no-install-recommends", package]
    workshop.run(
        "Asking Debian for its newest list of packages",
        [*sudo, apt, "update"],
        timeout=5 * MINUTES,
        extra=quiet,
    )
    return workshop.run(f"Installing {package}", command, timeout=15 * MINUTES, extra=quiet)


def sudo_without_questions(workshop: Workshop) -> tuple[str | Path, ...] | None:
    """sudo, if it works here without a password."""
    sudo = workshop.machine.find("sudo")
    if sudo is None or subprocess.run([sudo, "-n", "true"], capture_output=True).returncode != 0:
        return None
    return (sudo, "-n")


def ensure_uv(machine: Machine, places: Places) -> Path:
    """The uv to work with, made if it is missing."""
    with private_folder(places):
        return find_uv(machine, places.private) or make_uv(Workshop(machine, places.log), places)


def uv_environment(machine: Machine, private: Path) -> dict[str, str]:
    """Gives uv a cache it can write, even when the account's home is missing or read-only."""
    environment = {
        "UV_PYTHON_INSTALL_DIR": str(private / "python"),
        "UV_NO_PROGRESS": "1",
    }
    if "UV_CACHE_DIR" not in machine.environ and not home_cache_works(machine.environ):
        environment["UV_CACHE_DIR"] = str(private / "cache")
    return environment


def home_cache_works(environ: Mapping[str, str]) -> bool:
    """Whether uv's usual cache folder is there or can be made."""
    home = environ.get("XDG_CACHE_HOME") or (environ.get("HOME") and f"{environ['HOME']}/.cache")
    if not home:
        return False
    try:
        Path(home, "uv").mkdir(parents=True, exist_ok=True)
    except OSError:
        return False
    return os.access(Path(home, "uv"), os.W_OK | os.X_OK)


# --- Rasa's Python --------------------------------------------------------------------------------


def find_rasa_python(machine: Machine) -> Path | None:
    """A working Python 3.10: the one we are told of, else the first where Pythons usually lie."""
    named = machine.environ.get("FOOTHOLD_RASA_PYTHON")
    if named:
        python = working_python(Path(named).expanduser(), machine)
        if python is None:
            raise Obstacle(
                f"FOOTHOLD_RASA_PYTHON is {named!r}, which is not a working Python 3.10: "
                "give the path of one or leave it out."
            )
        return python
    working = (working_python(candidate, machine) for candidate in rasa_python_candidates(machine))
    return next((python for python in working if python), None)


def rasa_python_candidates(machine: Machine) -> Iterator[Path]:
    """Where a Python 3.10 may lie, the likeliest first."""
    on_path = machine.find("python3.10")
    if on_path is not None:
        yield on_path
    for root in pyenv_roots(machine):
        # Newest first: the patch releases fix security.
        folders = sorted((root / "versions").glob("3.10.*"), key=patch_number, reverse=True)
        yield from (folder / "bin" / "python3.10" for folder in folders)
    yield from (folder / "python3.10" for folder in machine.system_folders)


def patch_number(folder: Path) -> int:
    """The last number of a folder such as 3.10.13."""
    digits = re.search(r"(\d+)$", folder.name)
    return int(digits[1]) if digits else -1


def pyenv_roots(machine: Machine) -> list[Path]:
    """Folders of pyenv: by its variable, in either idea of home, and around the Pythons at hand."""
    named = [Path(machine.environ["PYENV_ROOT"])] if machine.environ.get("PYENV_ROOT") else []
    homes = [Path(machine.environ["HOME"])] if machine.environ.get("HOME") else []
    at_hand = [machine.running_python, machine.running_prefix, machine.find("python3")]
    belonging = [
        folder
        for path in at_hand
        if path
        for folder in (*path.parents, *path.resolve().parents)
        if (folder / "versions").is_dir() and (folder / "shims").is_dir()
    ]
    roots = [
        *named,
        *(home / ".pyenv" for home in (*homes, machine.account_home)),
        *belonging,
    ]
    return list(dict.fromkeys(roots))


# A pyenv shim can exist and fail, and a Python built without its libraries can start: so each is
# asked, and for its true path.
PROBE = "import bz2, ctypes, sqlite3, ssl, sys, zlib; print(*sys.version_info[:2], sys.executable)"


def working_python(candidate: Path, machine: Machine) -> Path | None:
    """The true path of this Python if it runs, is 3.10 and has its libraries."""
    if not os.access(candidate, os.X_OK):
        return None
    environment = clean_environment(machine.environ)
    try:
        answer = subprocess.run(
            [candidate, "-I", "-c", PROBE],
            capture_output=True,
            text=True,
            timeout=20,
            env=environment,
        )
        major, minor, executable = answer.stdout.strip().split(maxsplit=2)
    except (OSError, subprocess.TimeoutExpired, ValueError):
        return None
    return Path(executable) if (int(major), int(minor)) == RASA_PYTHON else None


def rasa_python(workshop: Workshop, uv: Path, places: Places) -> Path:
    """A Python 3.10 of this machine, else one that uv knows or fetches."""
    python = find_rasa_python(workshop.machine) or uv_python(workshop, uv, places)
    if python is not None:
        return python
    extra = uv_environment(workshop.machine, places.private)
    workshop.run(
        "Fetching Python 3.10 for Rasa",
        [uv, "python", "install", "3.10"],
        timeout=10 * MINUTES,
        extra=extra,
    )
    python = uv_python(workshop, uv, places)
    if python is not None:
        return python
    raise Obstacle(
        "Rasa needs Python 3.10, and none was found and none could be fetched: install one (for "
        "instance with pyenv: pyenv install 3.10) and run it again, with FOOTHOLD_RASA_PYTHON set "
        "to its path if it lies in an unusual place."
    )


def uv_python(workshop: Workshop, uv: Path, places: Places) -> Path | None:
    """A Python 3.10 that uv knows of, without fetching one."""
    environment = clean_environment(workshop.machine.environ) | uv_environment(
        workshop.machine, places.private
    )
    command: Command = [uv, "python", "find", "--no-project", "--no-python-downloads", "3.10"]
    answer = subprocess.run(command, capture_output=True, text=True, timeout=60, env=environment)
    found = answer.stdout.strip()
    return (
        working_python(Path(found), workshop.machine) if answer.returncode == 0 and found else None
    )


# --- Environments ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Environment:
    """A virtual environment and the requirement file it was made from."""

    folder: Path
    requirements: Path

    @property
    def python(self) -> Path:
        return self.folder / "bin" / "python"

    @property
    def stamp(self) -> Path:
        return self.folder / "foothold-stamp"

    def mark(self) -> str:
        """What the stamp says: these requirements, this interpreter, this place."""
        digest = hashlib.sha256(self.requirements.read_bytes())
        # pyvenv.cfg names the interpreter; the place counts because scripts in bin/ carry it.
        digest.update((self.folder / "pyvenv.cfg").read_bytes())
        digest.update(str(self.folder).encode())
        return digest.hexdigest()

    def is_current(self) -> bool:
        """Whether it was made whole from these requirements, and its interpreter is still there."""
        try:
            return os.access(self.python, os.X_OK) and self.stamp.read_text() == self.mark()
        except OSError:
            return False


def fill(
    workshop: Workshop,
    uv: Path,
    environment: Environment,
    find_python: Callable[[], Path],
    name: str,
) -> None:
    """Makes an environment, or brings one that is whole but old up to date."""
    extra = uv_environment(workshop.machine, workshop.log.parent)
    whole = environment.stamp.exists() and os.access(environment.python, os.X_OK)
    # The stamp goes first and comes back last: an install that was cut off is made anew.
    environment.stamp.unlink(missing_ok=True)
    if not whole:
        make: Command = [
            uv,
            "venv",
            "--clear",
            "--no-project",
            "--python",
            find_python(),
            environment.folder,
        ]
        if not workshop.run(
            f"Making the environment of {name}", make, timeout=5 * MINUTES, extra=extra
        ):
            raise Obstacle(f"The environment of {name} could not be made: {workshop.reason()}.")
    # What builds a package from source is held to the hashes too.
    checked: Command = ["--require-hashes", "--build-constraints", environment.requirements]
    sync: Command = [
        uv,
        "pip",
        "sync",
        *checked,
        "--python",
        environment.python,
        environment.requirements,
    ]
    if not workshop.run(f"Installing what {name} needs", sync, timeout=30 * MINUTES, extra=extra):
        raise Obstacle(f"What {name} needs could not be installed: {workshop.reason()}.")
    environment.stamp.write_text(environment.mark())


def ensure_environments(
    machine: Machine,
    places: Places,
    *,
    dev: bool,
    free: Callable[[Path], int] = free_in,
) -> None:
    """Makes whatever of the two environments is missing or old; fast when nothing is."""
    ours = Environment(places.ours, places.requirements(dev=dev))
    rasa = Environment(places.rasa, places.rasa_requirements)
    if is_ready(ours, places) and rasa.is_current():
        return
    with private_folder(places):
        if is_ready(ours, places) and rasa.is_current():  # another bootstrap was at work until now
            return
        needed = OUR_SPACE * (not ours.python.exists()) + RASA_SPACE * (not rasa.python.exists())
        check_space(places.checkout, needed, free)
        workshop = Workshop(machine, places.log)
        uv = find_uv(machine, places.private) or make_uv(workshop, places)
        if not is_ready(ours, places):
            fill(workshop, uv, ours, lambda: machine.running_python, "Foothold")
        if not rasa.is_current():
            fill(workshop, uv, rasa, lambda: rasa_python(workshop, uv, places), "Rasa")


def is_ready(ours: Environment, places: Places) -> bool:
    """Whether our environment serves: one made for development holds all that a plain one does."""
    return ours.is_current() or Environment(ours.folder, places.requirements(dev=True)).is_current()


@contextlib.contextmanager
def private_folder(places: Places) -> Iterator[None]:
    """Our private folder, for one bootstrap at a time."""
    places.private.mkdir(exist_ok=True)
    with (places.private / "lock").open("w") as lock:
        try:
            flock(lock, LOCK_EX | LOCK_NB)
        except BlockingIOError:
            show("Another installation of this checkout is at work; waiting for it …\n")
            flock(lock, LOCK_EX)
        yield


# --- A browser for the tests ----------------------------------------------------------------------


def ensure_browser(machine: Machine, places: Places) -> None:
    """Makes sure that a Chromium starts, and notes its path where the tests read it."""
    note = places.browser_note
    if note.exists() and os.access(note.read_text().strip(), os.X_OK):
        return
    with private_folder(places):
        workshop = Workshop(machine, places.log)
        browser = (
            system_browser(workshop)
            or playwright_browser(workshop, places)
            or debian_browser(workshop)
        )
    if browser is None:
        raise Obstacle(
            "The tests need Chromium, and none was found and none could be installed: "
            "install it and run it again."
        )
    note.parent.mkdir(mode=0o700, exist_ok=True)
    note.write_text(f"{browser}\n")


def system_browser(workshop: Workshop) -> Path | None:
    """The first browser on PATH that really starts."""
    found = (workshop.machine.find(name) for name in BROWSER_NAMES)
    return next(
        (browser for browser in found if browser and browser_starts(workshop, browser)),
        None,
    )


def playwright_browser(workshop: Workshop, places: Places) -> Path | None:
    """Playwright's own Chromium, where it can be fetched and the system can run it."""
    python = places.ours / "bin" / "python"
    install: Command = [python, "-m", "playwright", "install", "chromium"]
    if not workshop.run("Fetching Chromium for the tests", install, timeout=2 * MINUTES):
        return None
    if not workshop.run("Looking for it", [python, "-c", ASK_PLAYWRIGHT], timeout=60):
        return None
    browser = Path(workshop.words().strip())
    return browser if browser_starts(workshop, browser) else None


def debian_browser(workshop: Workshop) -> Path | None:
    """Debian's Chromium."""
    return system_browser(workshop) if apt_install(workshop, "chromium") else None


def ensure_emulator(machine: Machine, places: Places) -> None:
    """Makes sure that the Bot API server of others is there, in the version that is pinned."""
    folder = places.checkout / "tests" / "telegram" / "emulator"
    lock, note = folder / "package-lock.json", folder / "node_modules" / ".foothold-lock"
    if note.exists() and note.read_bytes() == lock.read_bytes():
        return
    ensure_program(machine, places, "npm", lambda: bool(machine.find("npm")))
    npm = machine.find("npm")
    if npm is None:
        raise Obstacle("The tests need npm, and it was not found: install it and run it again.")
    quietly = ("--ignore-scripts", "--no-audit", "--no-fund")
    install: Command = [npm, "ci", "--prefix", folder, *quietly]
    with private_folder(places):
        workshop = Workshop(machine, places.log)
        if not workshop.run("Fetching a Bot API server", install, timeout=5 * MINUTES):
            raise Obstacle("The Bot API server for the tests could not be fetched with npm.")
    note.write_bytes(lock.read_bytes())


def ensure_redis(machine: Machine, places: Places) -> None:
    """Makes sure that there is a Redis server for the tests of talks that are kept in one."""
    ensure_program(machine, places, "redis-server", lambda: bool(machine.find("redis-server")))


def ensure_postgres(
    machine: Machine, places: Places, programs: Path = Path("/usr/lib/postgresql")
) -> None:
    """Makes sure that there is a PostgreSQL for the tests of the directory; Debian hides it."""
    ensure_program(
        machine,
        places,
        "postgresql",
        lambda: bool(machine.find("initdb")) or any(programs.glob("*/bin/initdb")),
    )


def ensure_program(
    machine: Machine, places: Places, package: str, is_there: Callable[[], bool]
) -> None:
    """Installs a package that the tests need, unless what it brings is there."""
    if is_there():
        return
    with private_folder(places):
        apt_install(Workshop(machine, places.log), package)
    if not is_there():
        raise Obstacle(
            f"The tests need {package}, and it was not found and could not be installed: "
            f"install {package} and run it again."
        )


def browser_starts(workshop: Workshop, browser: Path) -> bool:
    """Whether this browser really shows a page; some systems ship a stub that asks for a snap."""
    with tempfile.TemporaryDirectory() as profile:
        options = [
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--no-first-run",
            "--disable-background-networking",
        ]
        command: Command = [
            browser,
            *options,
            f"--user-data-dir={profile}",
            "--dump-dom",
            "about:blank",
        ]
        started = workshop.run(f"Trying {browser.name}", command, timeout=60)
    return started and "<html>" in workshop.words()


# --- The command ----------------------------------------------------------------------------------


def ensure(*, dev: bool = False, browser: bool = False, uv: bool = False) -> None:
    """Makes all that is asked for; ends the program with one sentence if it can't be."""
    places = Places(CHECKOUT)
    try:
        machine = Machine.this_one()
        if uv:
            print(ensure_uv(machine, places))
            return
        ensure_environments(machine, places, dev=dev)
        if browser:
            ensure_browser(machine, places)
            ensure_redis(machine, places)
            ensure_postgres(machine, places)
            ensure_emulator(machine, places)
    except Obstacle as obstacle:
        sys.exit(str(obstacle))
    except OSError as error:
        sys.exit(sentence_for(error, places))
    except KeyboardInterrupt:
        print("\nStopped. Run it again to go on.", file=sys.stderr)
        sys.exit(128 + signal.SIGINT)


def sentence_for(error: OSError, places: Places) -> str:
    """What the system refused, as a sentence."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return no_space_sentence(places.checkout)
    where = error.filename or places.checkout
    return f"Foothold could not be installed: {error.strerror or error} ({where})."


def main() -> None:
    """Reads what is asked for and makes it."""
    parser = argparse.ArgumentParser(description="Makes the environments that Foothold runs in.")
    parser.add_argument("--dev", action="store_true", help="with the tools for tests and checks")
    parser.add_argument(
        "--browser",
        action="store_true",
        help="with a Chromium, a Redis and a PostgreSQL for the tests",
    )
    parser.add_argument("--uv", action="store_true", help="only make sure of uv and print its path")
    wanted = parser.parse_args()
    ensure(dev=wanted.dev, browser=wanted.browser, uv=wanted.uv)


if __name__ == "__main__":
    main()
