"""Work that goes on beside a web app for as long as it runs."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI
from starlette.types import Lifespan


def running(beside: Callable[[], Coroutine[Any, Any, None]]) -> Lifespan[FastAPI]:
    """A lifespan in which something else runs beside the app."""

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        task = asyncio.create_task(beside())
        yield
        task.cancel()

    return lifespan
