"""Rasa's HTTP dialect: send a turn, forget a conversation, and know whether Rasa answers."""

import asyncio
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Protocol

import httpx

PROBE_SECONDS = 1.0
PROBE_TIMEOUT = 2.0
FORGET_SECONDS = 1.0


class Unavailable(Exception):
    """Rasa gave no answer: it is down, hangs, failed, or said nothing at all."""


@dataclass(frozen=True)
class Call:
    """A turn as Rasa is given it.

    `turn` is the door's own id of it, `unsure` those of earlier turns whose answer never came.
    """

    text: str
    metadata: Mapping[str, object]
    turn: str
    unsure: tuple[str, ...] = ()


@dataclass(frozen=True)
class Said:
    """What Rasa said, and to which turn: one of the unsure ones if that was taken all the same."""

    turn: str
    said: list[dict[str, Any]]


class Rasa(Protocol):
    """What the door asks of Rasa."""

    async def send(self, conversation: str, call: Call) -> Said:
        """What Rasa says to a turn; raises Unavailable when it says nothing."""

    async def latest(self, conversation: str) -> Said | None:
        """What was said last in a conversation, if there is one; raises Unavailable."""

    async def plan(self, conversation: str) -> dict[str, Any] | None:
        """What the plan of a conversation is made of, by slots; raises Unavailable."""

    async def forget(self, name: str, *, under_way: bool) -> bool:
        """Drops what is kept of a conversation, named by its hash; whether it is gone now.

        `under_way`: whether a turn of it may still be worked on.
        """

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

    async def send(self, conversation: str, call: Call) -> Said:
        """What Rasa says to a turn; raises Unavailable when it says nothing."""
        said = await self._ask("turn", {"conversation": conversation, **asdict(call)})
        if not said.said:  # Rasa says 200 and an empty list when an action has failed
            raise Unavailable
        return said

    async def latest(self, conversation: str) -> Said | None:
        """What was said last in a conversation, if there is one; raises Unavailable."""
        said = await self._ask("latest", {"conversation": conversation})
        return said if said.said else None

    async def plan(self, conversation: str) -> dict[str, Any] | None:
        """What the plan of a conversation is made of, by slots; raises Unavailable."""
        slots = await self._asked("plan", {"conversation": conversation})
        return dict(slots) if isinstance(slots, dict) else None

    async def _ask(self, what: str, call: Mapping[str, object]) -> Said:
        """What Rasa's door channel says; raises Unavailable."""
        try:
            return Said(**await self._asked(what, call))
        except TypeError as error:
            raise Unavailable from error

    async def _asked(self, what: str, call: Mapping[str, object]) -> Any:
        """What Rasa's door channel answers; raises Unavailable."""
        if self._hangs:
            raise Unavailable
        path = f"/webhooks/door/{what}"
        try:
            answer = await self._rasa.post(path, json=call, timeout=self._timeout)
            return answer.raise_for_status().json()
        except (httpx.HTTPError, ValueError) as error:
            raise Unavailable from error

    async def forget(self, name: str, *, under_way: bool) -> bool:
        """Drops what is kept of a conversation; either process can, so that one may be down."""
        call = {"name": name, "under_way": under_way}
        return await done(self._internal, "/forget", call) or await done(
            self._rasa, "/webhooks/door/forget", call
        )

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


async def done(server: httpx.AsyncClient, path: str, call: Mapping[str, object]) -> bool:
    """Whether a server did what it was asked."""
    try:
        return (await server.post(path, json=call, timeout=FORGET_SECONDS)).is_success
    except httpx.HTTPError:
        return False


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
