"""Rasa's HTTP dialect: send a turn, forget a conversation, and know whether Rasa answers."""

import asyncio
from collections.abc import Mapping
from typing import Any, Protocol

import httpx

PROBE_SECONDS = 1.0
PROBE_TIMEOUT = 2.0


class Unavailable(Exception):
    """Rasa gave no answer: it is down, hangs, failed, or said nothing at all."""


class Rasa(Protocol):
    """What the door asks of Rasa."""

    async def send(
        self, conversation: str, text: str, metadata: Mapping[str, object]
    ) -> list[dict[str, Any]]:
        """What Rasa says to a turn; raises Unavailable when it says nothing."""

    async def forget(self, conversation: str) -> None:
        """Drops all that Rasa keeps of a conversation; never raises."""

    async def health(self) -> dict[str, str]:
        """Whether Rasa and the internal app answer: `ok` or `down` for each."""


class RasaClient:
    """Talks to Rasa over its door channel, and watches whether it is there.

    While it is known to be down, `send` fails at once instead of letting a visitor wait.
    """

    def __init__(
        self, rasa: httpx.AsyncClient, internal: httpx.AsyncClient, timeout: float
    ) -> None:
        self._rasa = rasa
        self._internal = internal
        self._timeout = timeout
        self._hangs = False

    async def send(
        self, conversation: str, text: str, metadata: Mapping[str, object]
    ) -> list[dict[str, Any]]:
        """What Rasa says to a turn; raises Unavailable when it says nothing."""
        if self._hangs:
            raise Unavailable
        call = {"conversation": conversation, "text": text, "metadata": metadata}
        try:
            answer = await self._rasa.post("/webhooks/door/turn", json=call, timeout=self._timeout)
            said = answer.raise_for_status().json()
        except (httpx.HTTPError, ValueError) as error:
            raise Unavailable from error
        if not said:  # Rasa says 200 and an empty list when an action has failed
            raise Unavailable
        return list(said)

    async def forget(self, conversation: str) -> None:
        """Drops all that Rasa keeps of a conversation; what can't be reached ends by itself."""
        try:
            await self._rasa.post(
                "/webhooks/door/forget",
                json={"conversation": conversation},
                timeout=self._timeout,
            )
        except httpx.HTTPError:
            return

    async def health(self) -> dict[str, str]:
        """Whether Rasa and the internal app answer."""
        rasa, internal = await asyncio.gather(
            answers(self._rasa, "/webhooks/door/"), answers(self._internal, "/health")
        )
        return {"rasa": "ok" if rasa else "down", "internal": "ok" if internal else "down"}

    async def watch(self) -> None:
        """Finds out again and again whether Rasa hangs; runs until it is cancelled."""
        while True:
            self._hangs = await hangs(self._rasa, "/webhooks/door/")
            await asyncio.sleep(PROBE_SECONDS)


async def answers(server: httpx.AsyncClient, path: str) -> bool:
    """Whether a server answers in time."""
    try:
        return (await server.get(path, timeout=PROBE_TIMEOUT)).is_success
    except httpx.HTTPError:
        return False


async def hangs(server: httpx.AsyncClient, path: str) -> bool:
    """Whether a server takes a request and does not answer it; one that is gone says so at once."""
    try:
        await server.get(path, timeout=PROBE_TIMEOUT)
    except httpx.TimeoutException:
        return True
    except httpx.HTTPError:
        return False
    return False


def connect(rasa_url: str, internal_url: str, token: str, timeout: float) -> RasaClient:
    """A client for the Rasa and internal processes at these addresses."""
    limits = httpx.Limits(max_connections=200, max_keepalive_connections=50)
    return RasaClient(
        httpx.AsyncClient(
            base_url=rasa_url, headers={"X-Token": token}, limits=limits, trust_env=False
        ),
        httpx.AsyncClient(base_url=internal_url, trust_env=False),
        timeout,
    )
