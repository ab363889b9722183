"""Reads lines, writes what each was understood as: a line of JSON for each line of text.

Rasa's own Python runs this (`foothold understand` starts it): the trained model reads each line as
the first message of a conversation of its own. Nothing is kept, and nothing is logged.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import sys
from collections.abc import Iterable, Mapping
from typing import Any

import structlog

from bot.rasa_server.no_tensorflow import leave_out_tensorflow
from bot.rasa_server.wordless_logging import log_without_words

NOT_UNDERSTOOD = ("gibberish", "nlu_fallback", "out_of_scope")
ROUND = 4  # decimals


def understood(text: str, parsed: Mapping[str, Any]) -> dict[str, Any]:
    """What was understood of a text, from what Rasa's pipeline says of it."""
    entities = parsed.get("entities") or []
    intent = parsed.get("intent") or {}
    signals = list(parsed.get("signals") or ())
    now = sorted({each["value"] for each in entities if each["entity"] == "now"})
    name = intent.get("name") or ""
    return {
        "text": text,
        "language": parsed.get("language_guess"),
        "intent": name,
        "confidence": round(float(intent.get("confidence") or 0.0), ROUND),
        "signals": signals,
        "signs": [
            {
                "sign": each["value"],
                "status": each.get("role") or "affirmed",
                "text": text[each["start"] : each["end"]],
            }
            for each in entities
            if each["entity"] == "sign"
        ],
        "urgent": now,
        "out_of_scope": name in NOT_UNDERSTOOD and not signals and not now,
        "masked": with_slash(text, parsed.get("masked", text)),
    }


def lines_of(stream: Iterable[bytes]) -> Iterable[str]:
    """The lines of a stream of bytes; what is no text is shown as "\ufffd"."""
    for line in stream:
        yield line.rstrip(b"\n").removesuffix(b"\r").decode("utf-8", "replace")


def as_words(text: str) -> str:
    """The text without the slash by which Rasa would take it for a button; just as long."""
    words = text.lstrip()
    return text.replace("/", " ", 1) if words.startswith("/") else text


def with_slash(text: str, masked: str) -> str:
    """The masked text with the slash that `as_words` took from it."""
    return masked if as_words(text) == text else f"/{masked.lstrip()}"


def main() -> None:
    """Reads standard input with the model named by FOOTHOLD_MODEL."""
    os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")
    leave_out_tensorflow()
    from rasa.core.agent import Agent

    structlog.configure(
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR),
        cache_logger_on_first_use=True,
    )
    log_without_words(logging.ERROR)
    agent = Agent.load(os.environ["FOOTHOLD_MODEL"])
    loop = asyncio.new_event_loop()
    for text in lines_of(sys.stdin.buffer):
        parsed = loop.run_until_complete(agent.parse_message(as_words(text)))
        print(json.dumps(understood(text, parsed), ensure_ascii=False), flush=True)


if __name__ == "__main__":
    main()
