"""From a point on the earth to the name of a town near it: nothing finer is ever held."""

from __future__ import annotations

from typing import Protocol

import httpx

SECONDS = 3.0


class District(Protocol):
    """Knows towns."""

    async def near(self, point: tuple[float, float], language: str) -> str:
        """The name of the town near a point (degrees), or nothing."""


class InternalDistrict:
    """The towns of the internal app, over HTTP on loopback."""

    def __init__(self, internal: httpx.AsyncClient) -> None:
        self._internal = internal

    async def near(self, point: tuple[float, float], language: str) -> str:
        """The name of the town near a point (degrees), or nothing."""
        call = {"lat": point[0], "lon": point[1], "language": language}
        try:
            answer = await self._internal.post("/district", json=call, timeout=SECONDS)
            return str(answer.raise_for_status().json()["label"])
        except (httpx.HTTPError, ValueError, KeyError):
            return ""
