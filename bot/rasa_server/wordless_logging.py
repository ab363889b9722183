"""Log lines that can't hold a visitor's words: level, logger, place in the code, kind of error.

Libraries format whole messages and trackers into their log lines. What they say is therefore
never written, only that they said something and where. Standard library only: it works in
Rasa's Python as in ours.
"""

import logging
import sys
import traceback
import warnings
from pathlib import Path
from types import TracebackType

# Our own loggers say nothing but fixed event names, and so may be written out.
OWN = "foothold"


class WordlessFormatter(logging.Formatter):
    """Writes where something was logged, and of which kind; the words only of our own events."""

    def format(self, record: logging.LogRecord) -> str:
        """One line, without the message of any logger but ours."""
        line = f"{self.formatTime(record)} {record.levelname} {record.name}"
        if record.name.partition(".")[0] == OWN:
            return f"{line} {record.getMessage()}"
        kind = record.exc_info[0].__name__ if record.exc_info and record.exc_info[0] else "-"
        return f"{line} {record.module}:{record.lineno} {kind}"


def log_without_words(level: int = logging.WARNING) -> None:
    """Sends every log line, warning and uncaught error of this process through the formatter."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(WordlessFormatter())
    logging.root.handlers[:] = [handler]
    logging.root.setLevel(level)
    logging.getLogger(OWN).setLevel(logging.INFO)
    logging.captureWarnings(True)
    warnings.simplefilter("ignore")
    sys.excepthook = log_uncaught


def log_uncaught(
    kind: type[BaseException], error: BaseException, trace: TracebackType | None
) -> None:
    """Logs the kind of an error that ends the process and where it arose, but not its text."""
    frames = traceback.extract_tb(trace)
    where = f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "-"
    logging.getLogger(OWN).critical("uncaught %s %s", kind.__name__, where)
