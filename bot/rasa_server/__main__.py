"""Runs Rasa behind the door: on loopback, one model, no words in its log."""

import logging
import os
from pathlib import Path

import structlog

from bot.rasa_server.no_tensorflow import leave_out_tensorflow
from bot.rasa_server.private_memory import keep_memory_private
from bot.rasa_server.wordless_logging import log_without_words

FOLDER = Path(__file__).parent


def main() -> None:
    """Serves the model named by FOOTHOLD_MODEL on the port FOOTHOLD_RASA_PORT."""
    os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

    leave_out_tensorflow()
    # Imported here, since the settings above are read while Rasa is imported.
    import rasa.core.run
    from rasa.core.utils import AvailableEndpoints

    from bot.rasa_server.lean import make_lean

    # Lines that nobody may read are not put together at all.
    structlog.configure(
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR),
        cache_logger_on_first_use=True,
    )
    log_without_words(logging.ERROR)
    keep_memory_private()
    rasa.core.run.serve_application(
        model_path=os.environ["FOOTHOLD_MODEL"],
        credentials=str(FOLDER / "credentials.yml"),
        endpoints=make_lean(AvailableEndpoints.read_endpoints(str(FOLDER / "endpoints.yml"))),
        interface="127.0.0.1",
        port=int(os.environ["FOOTHOLD_RASA_PORT"]),
        enable_api=False,
    )


if __name__ == "__main__":
    main()
