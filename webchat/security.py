"""What guards every answer of the web apps: headers, the size of bodies, and a bare last resort.

All of it is plain ASGI, so that nothing here buffers an answer or changes when a stream ends.
"""

import asyncio
import traceback
from collections.abc import Callable, Mapping

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

log = structlog.get_logger()

# A client that has begun to send a body mostly reads no answer before it has sent all of it,
# so this much of one that is too long is still taken in, and thrown away.
SWALLOWED = 4 * 1024 * 1024

CROWDED = "crowded"
"""In the state of a connection for which there was no room any more."""

CONTENT_SECURITY_POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self'",
    # Also our own WebSocket. A browser too old to see it so falls back to plain requests.
    "connect-src": "'self'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
    "base-uri": "'none'",
    # Text becomes text nodes only: no script of ours can ever write HTML.
    "require-trusted-types-for": "'script'",
    "trusted-types": "'none'",
}

# Everything a page could ask a device for. Widening one needs its own test.
DENIED = (
    "accelerometer",
    "autoplay",
    "browsing-topics",
    "camera",
    "clipboard-read",
    "clipboard-write",
    "display-capture",
    "encrypted-media",
    "fullscreen",
    "geolocation",
    "gyroscope",
    "hid",
    "idle-detection",
    "magnetometer",
    "microphone",
    "midi",
    "payment",
    "picture-in-picture",
    "publickey-credentials-get",
    "screen-wake-lock",
    "serial",
    "usb",
    "xr-spatial-tracking",
)

HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": "; ".join(f"{k} {v}" for k, v in CONTENT_SECURITY_POLICY.items()),
    "Permissions-Policy": ", ".join(f"{name}=()" for name in DENIED),
    "Referrer-Policy": "no-referrer",
    # Nothing is kept on the device: not the words, and not which version of a file was seen.
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex, nofollow, noarchive, nosnippet",
    "X-DNS-Prefetch-Control": "off",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cross-Origin-Resource-Policy": "same-origin",
}
NEVER_SENT = ("Etag", "Last-Modified", "Set-Cookie", "Server", "Date")

CLEAR_SITE_DATA = '"cache", "cookies", "storage"'
"""Asks the browser to drop what it holds of this site; never relied on, hence `no-store` above."""


class SecurityHeaders:
    """Puts the security headers on every HTTP answer, and takes off what could identify."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes everything on; changes only how an answer begins."""

        async def send_guarded(message: Message) -> None:
            if message["type"] in {"http.response.start", "websocket.http.response.start"}:
                guard(MutableHeaders(scope=message))
            await send(message)

        await self.app(scope, receive, send_guarded)


def guard(headers: MutableHeaders) -> None:
    """Sets the security headers and removes those that are never sent."""
    for name in NEVER_SENT:
        del headers[name]
    headers.update(HEADERS)


class BodyLimit:
    """Refuses a body that is too long while it arrives, and one that does not arrive in time."""

    def __init__(self, app: ASGIApp, most: int, seconds: float) -> None:
        self.app = app
        self.most = most
        self.seconds = seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Counts what the app reads of the body, and the time that it waits for it."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        size, whole = 0, False
        until = asyncio.get_running_loop().time() + self.seconds

        async def receive_counted() -> Message:
            nonlocal size, whole
            if whole:  # what comes after the body is the end of the connection, whenever that is
                return await receive()
            try:
                async with asyncio.timeout_at(until):
                    message = await receive()
                    size += len(message.get("body", b""))
                    if size > self.most:
                        await swallow(message, receive)
            except TimeoutError:
                raise HTTPException(408, headers={"Connection": "close"}) from None
            if size > self.most:
                raise HTTPException(413)
            whole = not message.get("more_body")
            return message

        await self.app(scope, receive_counted, send)


async def swallow(message: Message, receive: Receive) -> None:
    """Reads on without keeping anything, until the body ends or is out of all proportion."""
    size = 0
    while message.get("more_body") and size < SWALLOWED:
        message = await receive()
        size += len(message.get("body", b""))


class FullHouse:
    """Answers for the app where the server had no room for a connection."""

    def __init__(self, app: ASGIApp, answer: Callable[[Request], Response]) -> None:
        self.app = app
        self.answer = answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes on what there is room for."""
        if scope.get("state", {}).get(CROWDED):
            request = Request({**scope, "type": "http"})
            await self.answer(request)(scope, receive, send)
            return
        await self.app(scope, receive, send)


class LastResort:
    """Answers when our own code fails, and logs where it failed but none of the words.

    Starlette's own last resort passes the exception on to the server, which logs its text,
    and an exception can quote what a visitor wrote.
    """

    def __init__(self, app: ASGIApp, answer: Callable[[Request], Response]) -> None:
        self.app = app
        self.answer = answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes everything on and catches what nobody else caught."""
        begun = False

        async def send_noticed(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self.app(scope, receive, send_noticed)
        except Exception as error:  # noqa: BLE001 - the last resort is for whatever was not foreseen
            if scope["type"] == "websocket" and isinstance(error, OSError):
                return  # whoever opened the line is gone before it was open
            log_failure(error)
            if scope["type"] == "http" and not begun:
                await self.answer(Request(scope))(scope, receive, send)


def log_failure(error: Exception) -> None:
    """Logs the kind of an error and the line that raised it; never its text."""
    frame = traceback.extract_tb(error.__traceback__)[-1]
    where = f"{frame.filename}:{frame.lineno}"
    log.error("request failed", error=type(error).__name__, where=where)


def is_from_elsewhere(headers: Headers) -> bool:
    """Whether another site's page made the browser send this.

    With `no-referrer` a browser sends `Origin: null` with our own forms, so the origin alone
    can't tell; `Sec-Fetch-Site` can, and scripts can't set it.
    """
    if "sec-fetch-site" in headers:
        return headers["sec-fetch-site"] not in {"same-origin", "none"}
    return headers.get("origin", "null") != "null" and not is_same_host(headers)


def is_same_host(headers: Headers) -> bool:
    """Whether the origin is this host, or there is none because no browser sent this."""
    origin = headers.get("origin")
    return origin is None or origin.partition("://")[2] == headers.get("host")
