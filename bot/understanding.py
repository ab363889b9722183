"""What Foothold makes of a text, outside any conversation: a line of JSON for each line of text.

The trained model reads in Rasa's own Python, which is started for this and ends with it. The words
go through two pipes and nowhere else.
"""

import json
import os
import subprocess
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO, Any, cast

from bot.safety.urgent import UrgentWords, urgent_in
from bot.settings import CHECKOUT
from bot.supervisor import QUIET_RASA, bind_to_parent, minimal_environment
from bot.training import TrainingGround


class NotUnderstood(Exception):
    """The reader in Rasa's Python ended before all lines were read."""


def understood(
    ground: TrainingGround, model: Path, lines: Iterable[bytes], urgent: Sequence[UrgentWords]
) -> Iterator[str]:
    """What was understood of each line, as JSON, in order; raises NotUnderstood.

    `urgent` are the door's words for danger right now: it looks for them before Rasa does.
    """
    with subprocess.Popen(
        [ground.python, "-m", "bot.rasa_server.understand"],
        cwd=ground.checkout,
        env=minimal_environment(os.environ)
        | QUIET_RASA
        | {"PYTHONPATH": str(CHECKOUT), "FOOTHOLD_MODEL": str(model)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        preexec_fn=bind_to_parent(),  # noqa: PLW1509 - no thread runs yet
    ) as reader:
        to, back = cast("IO[bytes]", reader.stdin), cast("IO[bytes]", reader.stdout)
        threading.Thread(target=hand_over, args=(lines, to), daemon=True).start()
        for line in back:
            yield with_urgent(json.loads(line), urgent)
    if reader.returncode != 0:
        raise NotUnderstood(f"Rasa's Python ended with {reader.returncode}.")


def hand_over(lines: Iterable[bytes], to: IO[bytes]) -> None:
    """Gives each line to the reader as soon as it is there; stops when the reader has ended."""
    with suppress(BrokenPipeError), to:
        for line in lines:
            to.write(line.removesuffix(b"\n") + b"\n")
            to.flush()


def with_urgent(read: dict[str, Any], urgent: Sequence[UrgentWords]) -> str:
    """A line of JSON, with what the door's own words find."""
    found = {now.value for now in urgent_in(read["text"], urgent)}
    together = sorted(found.union(read["urgent"]))
    out_of_scope = bool(read["out_of_scope"]) and not together
    return json.dumps(
        {**read, "urgent": together, "out_of_scope": out_of_scope}, ensure_ascii=False
    )
