"""W4: a token opens its own conversation; a guess, however near, learns nothing."""

import secrets
import string

import httpx
import pytest

from bot.conversation import TOKEN_BYTES, Door, hashed
from tests.builders import FakeRasa

ALPHABET = string.ascii_letters + string.digits + "-_"
MALFORMED = ["", "x", "a b", "é" * 43, "=" * 43, "../" * 14, "x" * 8_000, "null", "%00" * 14]


def near_misses(token: str) -> list[str]:
    """The token with one character changed, at every place; too short, too long, turned round."""
    changed = [
        token[:place] + next(each for each in ALPHABET if each != char) + token[place + 1 :]
        for place, char in enumerate(token)
    ]
    return [*changed, token[:-1], token + "A", token.swapcase(), token[::-1]]


@pytest.fixture
def guesses(token: str) -> list[str]:
    """All sorts of guesses; none is right."""
    made_up = [secrets.token_urlsafe(TOKEN_BYTES) for _ in range(20)]
    return [*made_up, *near_misses(token), *MALFORMED]


def said_to(http: httpx.Client, token: str) -> tuple[object, ...]:
    """All that somebody sees who shows a token."""
    headers = {b"X-Conversation": token.encode()}
    answer = http.post("/api/turns", json={"text": "hello"}, headers=headers)
    return answer.status_code, answer.content, tuple(sorted(answer.headers.multi_items()))


def test_every_wrong_token_is_told_the_very_same_and_reaches_nobody(
    http: httpx.Client, guesses: list[str], rasa: FakeRasa
) -> None:
    before = len(rasa.sent)
    heard = {said_to(http, guess) for guess in guesses}

    assert [status for status, *_ in heard] == [404]
    assert len(rasa.sent) == before


def test_a_guess_on_the_page_shows_nothing_but_the_first_page(
    http: httpx.Client, token: str
) -> None:
    pages = {
        http.post("/", data={"conversation": guess, "text": "hello", "shown": "[]"}).text
        for guess in [*near_misses(token)[:5], *MALFORMED[1:]]
    }

    assert len(pages) == 1
    assert 'name="conversation"' not in pages.pop()


def test_erasing_with_a_guess_erases_nothing(
    http: httpx.Client, token: str, guesses: list[str]
) -> None:
    headers = [{b"X-Conversation": guess.encode()} for guess in guesses]
    answers = [http.delete("/api/conversations", headers=each) for each in headers]

    assert {answer.status_code for answer in answers} == {204}
    assert said_to(http, token)[0] == 200


def test_no_token_is_like_another(door: Door, http: httpx.Client) -> None:
    tokens = {str(http.post("/api/conversations").json()["conversation"]) for _ in range(20)}

    assert len(tokens) == 20
    assert all(len(token) == 43 and set(token) <= set(ALPHABET) for token in tokens)
    assert all(hashed(token) in door._conversations for token in tokens)
    assert not tokens & door._conversations.keys()


def test_a_token_opens_its_own_conversation_alone(http: httpx.Client, door: Door) -> None:
    mine, theirs = (
        str(http.post("/api/conversations", json={"language": code}).json()["conversation"])
        for code in ("en", "es")
    )
    http.delete("/api/conversations", headers={"X-Conversation": mine})

    assert said_to(http, mine)[0] == 404
    assert said_to(http, theirs)[0] == 200
