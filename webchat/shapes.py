"""What the API takes and gives: the shapes of a turn, a reply and a problem."""

from collections.abc import Iterable
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, TypeAdapter

from bot.conversation import Answer, Reply, Turn
from webchat.templates import Kind
from webchat.work import LONGEST, Puzzle

MOST_BUTTONS = 100
LONGEST_BODY = 64 * 1024


class Closed(BaseModel):
    """A shape with exactly its own fields."""

    model_config = ConfigDict(extra="forbid", frozen=True)


TurnId = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,64}$")]
LanguageTag = Annotated[str, Field(pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8}){0,4}$")]


class Opening(Closed):
    """How a conversation begins.

    `work` is the solution of a puzzle, "challenge:number", where the chat asks for one.
    """

    language: LanguageTag | None = None
    work: Annotated[str, Field(max_length=LONGEST)] | None = None


class FirstFrame(Opening):
    """The first frame of a WebSocket: an existing conversation, or none for a new one."""

    conversation: str | None = None


class Said(Closed):
    """A turn in the visitor's own words."""

    text: str
    turn: TurnId | None = None
    after: TurnId | None = None


def a_number(value: object) -> object:
    """The value if it is a number; pydantic would else take `true` and "1" for one."""
    if isinstance(value, bool | str):
        raise ValueError  # noqa: TRY004 - pydantic makes its own error of this one only
    return value


class Pressed(Closed):
    """A turn by button: its place, from 0, among all the buttons of the latest replies."""

    button: Annotated[int, Field(ge=0, lt=MOST_BUTTONS), BeforeValidator(a_number)]
    turn: TurnId | None = None
    after: TurnId | None = None


class PublicButton(Closed):
    """A button that can be pressed."""

    title: str


class PublicReply(Closed):
    """One reply; `message` is the lasting id of its words."""

    message: str
    text: str
    buttons: list[PublicButton]
    kind: Kind


class Replies(Closed):
    """The answer to a turn."""

    replies: list[PublicReply]


class Begun(Replies):
    """A new conversation. Its token is the only key to it."""

    conversation: str


class Receipt(Closed):
    """What somebody is told who has erased a conversation; nothing of it is in here.

    `erased` is false while a part of the program that should erase does not answer; it is then
    tried again until it is done.
    """

    erased: bool
    words: list[str]


class Health(Closed):
    """Whether everything behind the chat answers. The chat itself does."""

    status: Literal["ok", "degraded"]
    rasa: Literal["ok", "down"]
    internal: Literal["ok", "down"]


class Asked(Closed):
    """A puzzle to be solved before a conversation begins.

    Find a number for which the SHA-256 of "challenge:number" begins with `bits` zero bits, and send
    "challenge:number" as `work`, within five minutes.
    """

    challenge: str
    bits: int


class Problem(Closed):
    """An error (RFC 9457) with fixed replies that help a person all the same."""

    type: str
    title: str
    status: int
    detail: str
    replies: list[PublicReply]
    work: Asked | None = None


READ_TURN: TypeAdapter[Said | Pressed] = TypeAdapter(Said | Pressed)
READ_FIRST = TypeAdapter(FirstFrame)


def public(replies: Iterable[Reply]) -> list[dict[str, Any]]:
    """Replies as the API shows them."""
    return [
        {
            "message": reply.message,
            "text": reply.text,
            "buttons": [{"title": title} for title in reply.buttons],
            "kind": reply.kind,
        }
        for reply in replies
    ]


def turn_of(given: Said | Pressed) -> Turn:
    """What arrived, as the door takes it."""
    if isinstance(given, Pressed):
        return Turn(button=given.button, turn=given.turn, after=given.after)
    return Turn(text=given.text, turn=given.turn, after=given.after)


def asked(puzzle: Puzzle) -> dict[str, Any]:
    """A puzzle as the API shows it."""
    return Asked(challenge=puzzle.challenge, bits=puzzle.bits).model_dump()


def spoken(answer: Answer) -> dict[str, str]:
    """The header that names the language of an answer."""
    return {"Content-Language": answer.language}
