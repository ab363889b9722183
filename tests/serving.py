"""An app as tests meet it: by a client inside, or on a real port as it runs in earnest."""

import socket
import threading
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from fastapi import FastAPI

from webchat.chat import QUIETLY
from webchat.server import Crowd, Limits, within

with warnings.catch_warnings():
    # It asks for httpx2; the httpx that we have anyway serves it well.
    warnings.simplefilter("ignore")
    from starlette.testclient import TestClient

__all__ = ["TestClient", "serving"]


@contextmanager
def serving(app: FastAPI, limits: Limits) -> Iterator[tuple[int, Crowd]]:
    """The port that an app is served on while this lasts, and who is connected."""
    listening = within(limits, app)
    with socket.create_server(("127.0.0.1", 0), backlog=1000) as port:
        server = uvicorn.Server(uvicorn.Config(app, **QUIETLY, **listening))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [port]})
        thread.start()
        while not server.started:
            time.sleep(0.01)
        yield port.getsockname()[1], listening["http"].keywords["crowd"]
        server.should_exit = server.force_exit = True
        thread.join()
