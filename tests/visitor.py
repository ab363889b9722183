"""A visitor, as tests speak of one: says, presses, sees, leaves."""

from typing import Any

import httpx

from bot.content import Content


class Visitor:
    """Talks to a running Foothold through its public API."""

    def __init__(self, http: httpx.Client, language: str = "en") -> None:
        self.http = http
        opened = self.http.post("/api/conversations", json={"language": language})
        assert opened.status_code == 201
        self.token: str = opened.json()["conversation"]
        self.replies: list[dict[str, Any]] = opened.json()["replies"]
        self.language = opened.headers["content-language"]

    def says(self, text: str) -> "Visitor":
        """Writes something."""
        return self.turn({"text": text})

    def presses(self, title: str) -> "Visitor":
        """Presses the button of this title."""
        return self.turn({"button": self.buttons.index(title)})

    def turn(self, body: dict[str, Any]) -> "Visitor":
        """Sends a turn as it stands."""
        answer = self.http.post("/api/turns", json=body, headers={"X-Conversation": self.token})
        self.status = answer.status_code
        self.replies = answer.json()["replies"]
        self.language = answer.headers.get("content-language", self.language)
        return self

    def leaves(self) -> int:
        """Erases the conversation."""
        gone = self.http.delete("/api/conversations", headers={"X-Conversation": self.token})
        return gone.status_code

    @property
    def plan(self) -> str:
        """The plan as it can be taken away as text."""
        key = {"X-Conversation": self.token}
        file = self.http.post("/api/plan/file", json={"form": "text"}, headers=key)
        assert file.status_code == 200
        return file.text

    @property
    def is_gone(self) -> bool:
        """Whether nobody knows the conversation any more."""
        answer = self.http.post(
            "/api/turns", json={"text": "hi"}, headers={"X-Conversation": self.token}
        )
        return answer.status_code == 404

    @property
    def sees(self) -> list[str]:
        """The ids of the messages of the latest turn."""
        return [reply["message"] for reply in self.replies]

    @property
    def asked(self) -> str:
        """The id of the question that stands open."""
        return self.sees[-1]

    @property
    def buttons(self) -> list[str]:
        """The titles of the buttons of the latest turn."""
        return [each["title"] for reply in self.replies for each in reply["buttons"]]

    def reads(self, message: str) -> str:
        """The text of a message of the latest turn."""
        return next(str(r["text"]) for r in self.replies if r["message"] == message)


class Press:
    """Presses buttons by the id of their words, in any language."""

    def __init__(self, visitor: Visitor, content: Content) -> None:
        self.visitor = visitor
        self.content = content

    def __call__(self, *options: str) -> Visitor:
        for option in options:
            titles = self.content.buttons(self.visitor.language)
            self.visitor.presses(titles[option])
        return self.visitor
