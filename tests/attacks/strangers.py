"""Strangers on the line: they send what no browser sends, byte by byte."""

import json
import socket
from typing import Any

TEXT, BYTES, CLOSE, PING = 1, 2, 8, 9
WEBSOCKET = (
    b"GET /ws HTTP/1.1\r\nHost: here\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
    b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
)
PATIENCE = 3.0


class Stranger:
    """A connection of somebody who means no good."""

    def __init__(self, port: int, sends: bytes = b"") -> None:
        self.line = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)
        self.send(sends)

    def send(self, sends: bytes) -> None:
        """Sends as far as the other side takes it."""
        try:
            self.line.sendall(sends)
        except OSError:
            return

    def hears(self) -> bytes:
        """Everything that comes until the line is closed; fails if it stays open."""
        heard = b""
        try:
            while more := self.line.recv(1 << 16):
                heard += more
        except ConnectionError:
            pass
        return heard

    def hears_until(self, end: bytes) -> bytes:
        """What comes up to an end."""
        heard = b""
        while end not in heard:
            more = self.line.recv(1 << 16)
            assert more, heard
            heard += more
        return heard

    def says(self, *frames: bytes) -> "Stranger":
        """Opens a WebSocket and sends frames."""
        self.send(WEBSOCKET + b"\r\n")
        self.hears_until(b"\r\n\r\n")
        self.send(b"".join(frames))
        return self

    def close(self) -> None:
        """Goes away."""
        self.line.close()


def frame(data: bytes | dict[str, Any], kind: int = TEXT, *, last: bool = True) -> bytes:
    """A frame of a WebSocket as a browser sends it, or one that no browser sends."""
    payload = json.dumps(data).encode() if isinstance(data, dict) else data
    first, size = (0x80 if last else 0) | kind, len(payload)
    if size < 126:
        head = bytes([first, 0x80 | size])
    elif size < 1 << 16:
        head = bytes([first, 0x80 | 126]) + size.to_bytes(2, "big")
    else:
        head = bytes([first, 0x80 | 127]) + size.to_bytes(8, "big")
    return head + bytes(4) + payload  # a mask of zeros changes nothing


def messages(heard: bytes) -> list[str]:
    """The ids of the words in an answer that holds one JSON."""
    body = json.loads(heard[heard.index(b"{") : heard.rindex(b"}") + 1])
    return [reply["message"] for reply in body["replies"]]


def closing_code(heard: bytes) -> int:
    """The code that a WebSocket was closed with, at the end of all that was heard."""
    end = heard[heard.rindex(b"\x88") :]
    return int.from_bytes(end[2:4], "big")
