"""Trains Rasa's model when its sources have changed, and keeps the newest models."""

import hashlib
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from fcntl import LOCK_EX, LOCK_NB, flock
from pathlib import Path

from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from bot.settings import CHECKOUT, private_folder
from bot.supervisor import QUIET_RASA, bind_to_parent, end_group, minimal_environment

KEPT_MODELS = 2
CODE = (
    "config.yml",
    "bot/rasa_server/components",
    "bot/rasa_server/requirements.txt",
    "data/signals",  # read by a component of ours, so Rasa does not see that it changed
)
SOURCES = (*CODE, "data", "domain.yml")
STAGE = re.compile(r"Starting to train component '(\w+)'")
COLOURS = re.compile(r"\x1b\[[0-9;]*m")
TELLING = re.compile(r"Error|Exception|ERROR|No space left")
LOOK = 0.2
EPOCHS = re.compile(r"Epochs:\s+(\d+%)")


class TrainingFailed(Exception):
    """Training gave no model; the message says why and where the log is."""


@dataclass(frozen=True)
class TrainingGround:
    """Where a model is trained, with which Python, and where it is kept."""

    data: Path
    checkout: Path = CHECKOUT
    python: Path = CHECKOUT / "bot" / "rasa_server" / ".venv" / "bin" / "python"

    @property
    def models(self) -> Path:
        return self.data / "models"

    @property
    def log(self) -> Path:
        return self.data / "log" / "training.log"

    def model(self) -> Path:
        """Where the model of today's sources lies, or will lie."""
        return self.models / f"{fingerprint(self.checkout, SOURCES)}.tar.gz"

    def cache(self) -> Path:
        """Rasa's cache of trained parts: a new one when our code changes, unseen by Rasa."""
        return self.data / "rasa-cache" / fingerprint(self.checkout, CODE)[:16]


def fingerprint(checkout: Path, sources: tuple[str, ...]) -> str:
    """One SHA-256 over the names and contents of these files and folders."""
    digest = hashlib.sha256()
    for file in sorted(file for source in sources for file in files_in(checkout / source)):
        content = file.read_bytes()
        digest.update(f"{file.relative_to(checkout)}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()


def files_in(source: Path) -> Iterator[Path]:
    """The file itself, or all files of a folder but what editors and Python leave behind."""
    if source.is_file():
        yield source
    for file in source.rglob("*"):
        leftover = file.suffix == ".pyc" or file.name.startswith(".") or file.name.endswith("~")
        if file.is_file() and not leftover:
            yield file


def ready_model(ground: TrainingGround, console: Console) -> Path:
    """The model of today's sources, trained now if it is not there yet."""
    model = ground.model()
    if not model.exists():
        private_folder(ground.data)
        for folder in (ground.models, ground.log.parent):
            folder.mkdir(exist_ok=True)
        with one_training(ground.models / "lock", console):
            if not model.exists():  # another training has just made it
                train(ground, model, console)
    model.touch()
    forget_old_models(ground.models)
    return model


@contextmanager
def one_training(lock_file: Path, console: Console) -> Iterator[None]:
    """Lets one training run at a time; the lock goes with its process, however that ends."""
    with lock_file.open("w") as lock:
        try:
            flock(lock, LOCK_EX | LOCK_NB)
        except BlockingIOError:
            console.print("Another training is running; waiting for it.")
            flock(lock, LOCK_EX)
        yield


def train(ground: TrainingGround, model: Path, console: Console) -> None:
    """Trains beside the models and moves the result in when it is whole."""
    forget_stale_work(ground)
    with tempfile.TemporaryDirectory(prefix="training-", dir=ground.models) as work:
        run_rasa(ground, Path(work), console)
        made = Path(work, "model.tar.gz")
        if not made.exists():
            raise failure(ground, last_useful_line(ground.log))
        made.replace(model)


def run_rasa(ground: TrainingGround, work: Path, console: Console) -> None:
    """Runs Rasa's training under a progress line."""
    sources = ["--config", "config.yml", "--domain", "domain.yml", "--data", "data"]
    result = ["--fixed-model-name", "model", "--out", str(work)]
    with ground.log.open("w") as log:
        try:
            process = subprocess.Popen(
                [ground.python, "-m", "rasa", "train", *sources, *result],
                cwd=ground.checkout,
                env=training_environment(ground),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=bind_to_parent(),  # noqa: PLW1509 - no thread runs yet
            )
        except OSError as error:
            raise TrainingFailed(
                f"Rasa can't be started with {ground.python}: {error.strerror}."
            ) from None
    try:
        show_progress(process, ground.log, console)
    finally:
        end_group(process.pid)
        process.wait()
    if process.returncode < 0:
        raise failure(ground, f"it was ended by signal {-process.returncode}")
    if process.returncode != 0:
        raise failure(ground, last_useful_line(ground.log))


def training_environment(ground: TrainingGround) -> dict[str, str]:
    """What Rasa's training needs to know, and nothing of ours."""
    cores = str(os.cpu_count() or 1)
    return minimal_environment(os.environ) | {
        "PYTHONPATH": str(ground.checkout),
        "PYTHONUNBUFFERED": "1",
        **QUIET_RASA,
        "RASA_CACHE_DIRECTORY": str(ground.cache()),
        "RASA_MAX_CACHE_SIZE": "500",
        "OMP_NUM_THREADS": cores,
        "TF_INTRA_OP_PARALLELISM_THREADS": cores,
    }


def show_progress(process: subprocess.Popen[bytes], log: Path, console: Console) -> None:
    """Shows which part is being trained until the process ends."""
    columns = (
        SpinnerColumn(),
        TextColumn("Training the model: {task.description}"),
        TimeElapsedColumn(),
    )
    live = console.is_terminal
    with (
        Progress(*columns, console=console, disable=not live) as progress,
        log.open("rb") as output,
    ):
        task, stage, ended = progress.add_task("reading", total=None), "reading", False
        while not ended:
            with suppress(subprocess.TimeoutExpired):
                process.wait(LOOK)
            ended = (
                process.returncode is not None
            )  # before reading, so that its last words are read
            text = output.read().decode(errors="replace")
            for begun in STAGE.findall(text):
                stage = begun
                if not live:
                    console.print(f"Training the model: {stage}")
            progress.update(task, description=" ".join([stage, *EPOCHS.findall(text)[-1:]]))


def failure(ground: TrainingGround, reason: str) -> TrainingFailed:
    """Why the training failed, and where to read on."""
    return TrainingFailed(f"The model could not be trained: {reason} (all of it: {ground.log})")


def last_useful_line(log: Path) -> str:
    """The last line of a log that names an error, else its last line."""
    text = COLOURS.sub("", log.read_text(errors="replace"))
    lines = [line.strip() for line in re.split(r"[\r\n]+", text) if line.strip()]
    telling = [line for line in lines if TELLING.search(line)]
    return (telling or lines or ["it printed nothing"])[-1][:300]


def forget_stale_work(ground: TrainingGround) -> None:
    """Removes what a training that was cut off left behind, and caches of code that is gone."""
    for folder in ground.models.glob("training-*"):
        shutil.rmtree(folder, ignore_errors=True)
    for folder in ground.cache().parent.glob("*"):
        if folder != ground.cache():
            shutil.rmtree(folder, ignore_errors=True)


def forget_old_models(models: Path) -> None:
    """Keeps the models used last."""
    newest_first = sorted(
        models.glob("*.tar.gz"), key=lambda model: model.stat().st_mtime, reverse=True
    )
    for model in newest_first[KEPT_MODELS:]:
        model.unlink(missing_ok=True)
