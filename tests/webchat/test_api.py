"""The API: each call, each answer, each error."""

import pytest
from starlette.testclient import TestClient

from bot.content import Content
from bot.conversation import hashed
from tests.builders import FakeRasa, said

PROBLEM = {"type", "title", "status", "detail", "replies"}


def turn(client: TestClient, token: str, **body: object):
    return client.post("/api/turns", json=body, headers={"X-Conversation": token})


def test_a_conversation_begins_with_a_token_and_replies(client: TestClient) -> None:
    begun = client.post("/api/conversations", json={"language": "en"})

    assert begun.status_code == 201
    assert begun.json().keys() == {"conversation", "replies"}


def test_a_reply_has_exactly_its_four_fields(client: TestClient) -> None:
    [reply] = client.post("/api/conversations", json={}).json()["replies"]

    assert reply == {
        "message": "device",
        "text": "…",
        "buttons": [{"title": "Yes"}, {"title": "No"}],
        "kind": "question",
    }


def test_a_conversation_may_begin_without_a_body(client: TestClient) -> None:
    assert client.post("/api/conversations").status_code == 201


@pytest.mark.parametrize(
    ("asked", "accepted", "spoken"),
    [
        ("es", "en", "es"),
        ("es-MX", "en", "es"),
        (None, "fr, es;q=0.8, en;q=0.9", "en"),
        ("fr", "es", "es"),
        (None, "tlh", "en"),
        (None, "es;q=nonsense", "es"),
    ],
)
def test_the_language_is_the_one_asked_for_else_an_accepted_one(
    client: TestClient, rasa: FakeRasa, asked: str | None, accepted: str, spoken: str
) -> None:
    client.post(
        "/api/conversations", json={"language": asked}, headers={"accept-language": accepted}
    )

    assert rasa.sent[0][0] == f'/greet{{"language": "{spoken}"}}'


def test_the_language_of_an_answer_is_in_its_header(
    client: TestClient, rasa: FakeRasa, token: str
) -> None:
    rasa.answers = [said(language="es")]

    assert turn(client, token, text="hola").headers["content-language"] == "es"


def test_a_turn_in_words_is_answered(client: TestClient, token: str) -> None:
    answer = turn(client, token, text="hello")

    assert answer.status_code == 200
    assert answer.json().keys() == {"replies"}


def test_a_turn_by_button_is_answered(client: TestClient, rasa: FakeRasa, token: str) -> None:
    turn(client, token, button=0)

    assert rasa.sent[-1][0] == "/choose{}"


def test_a_repeated_turn_is_not_taken_twice(client: TestClient, rasa: FakeRasa, token: str) -> None:
    first = turn(client, token, text="hello", turn="a")
    again = turn(client, token, text="hello", turn="a")

    assert first.json() == again.json()
    assert len(rasa.sent) == 2  # the greeting and one turn


def test_a_button_of_an_older_turn_has_expired(client: TestClient, token: str) -> None:
    turn(client, token, text="hello", turn="b")
    answer = turn(client, token, button=0, turn="c", after="a")

    assert answer.json()["replies"][0]["message"] == "button_expired"


def test_a_leave_word_empties_the_replies_and_says_so_in_headers(
    client: TestClient, token: str
) -> None:
    answer = turn(client, token, text="leave now")

    assert answer.json() == {"replies": []}
    assert answer.headers["x-leave"] == "now"
    assert '"storage"' in answer.headers["clear-site-data"]


def test_after_a_leave_word_the_conversation_is_gone(
    client: TestClient, rasa: FakeRasa, token: str
) -> None:
    turn(client, token, text="leave now")

    assert turn(client, token, text="hello").status_code == 404
    assert hashed(token) in rasa.forgotten


def test_erasing_forgets_the_conversation(client: TestClient, rasa: FakeRasa, token: str) -> None:
    erased = client.delete("/api/conversations", headers={"X-Conversation": token})

    assert erased.status_code == 204
    assert "clear-site-data" in erased.headers
    assert rasa.forgotten == [hashed(token)]


def test_erasing_answers_the_same_for_an_unknown_conversation(client: TestClient) -> None:
    assert client.delete("/api/conversations").status_code == 204
    assert client.delete("/api/conversations", headers={"X-Conversation": "x"}).status_code == 204


def test_an_unknown_and_an_erased_conversation_look_the_same(
    client: TestClient, token: str
) -> None:
    client.delete("/api/conversations", headers={"X-Conversation": token})
    erased, unknown = turn(client, token, text="hello"), turn(client, "unknown", text="hello")

    assert erased.status_code == unknown.status_code == 404
    assert erased.json() == unknown.json()


def test_a_missing_token_is_an_unknown_one(client: TestClient) -> None:
    answer = client.post("/api/turns", json={"text": "hello"})

    assert answer.status_code == 404
    assert answer.json()["replies"][0]["message"] == "conversation_gone"


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"text": "MARKED", "button": 0},
        {"text": 7},
        {"button": "0"},
        {"button": True},
        {"button": 0.5},
        {"button": -1},
        {"button": 100},
        {"text": "MARKED", "turn": "MARKED words"},
        {"text": "MARKED", "MARKED": 1},
        ["MARKED"],
    ],
)
def test_a_wrong_shape_is_refused_and_not_repeated(
    client: TestClient, token: str, body: object
) -> None:
    answer = client.post("/api/turns", json=body, headers={"X-Conversation": token})

    assert answer.status_code == 422
    assert "MARKED" not in answer.text


def test_half_a_character_does_no_harm(client: TestClient, token: str) -> None:
    headers = {"content-type": "application/json", "X-Conversation": token}
    answer = client.post("/api/turns", content=rb'{"text": "\ud800"}', headers=headers)

    assert answer.status_code == 200


@pytest.mark.parametrize(
    "body", [b'{"text": "MARKED', b"\xff\xfeMARKED", b"[" * 50_000, b'{"text": "\xff"}']
)
def test_what_is_no_json_is_refused_and_not_repeated(client: TestClient, body: bytes) -> None:
    answer = client.post("/api/turns", content=body, headers={"content-type": "application/json"})

    assert answer.status_code == 400
    assert "MARKED" not in answer.text


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded"])
def test_only_json_is_taken(client: TestClient, kind: str) -> None:
    answer = client.post("/api/turns", content=b'{"text": "hi"}', headers={"content-type": kind})

    assert answer.status_code == 415


def test_too_many_turns_are_told_when_to_go_on(client: TestClient, token: str) -> None:
    for _ in range(20):
        turn(client, token, text="hello")
    answer = turn(client, token, text="hello")

    assert answer.status_code == 429
    assert int(answer.headers["retry-after"]) > 0
    assert answer.json()["type"] == "/api/docs#slow_down"


@pytest.mark.parametrize(("method", "path"), [("PUT", "/api/turns"), ("GET", "/api/turns")])
def test_another_method_is_not_allowed(client: TestClient, method: str, path: str) -> None:
    answer = client.request(method, path)

    assert answer.status_code == 405
    assert answer.headers["allow"] == "POST"


def test_every_problem_helps_a_person(client: TestClient) -> None:
    answer = client.get("/nowhere")

    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json().keys() == PROBLEM
    assert "911" in answer.json()["replies"][0]["text"]


def test_a_problem_speaks_the_accepted_language(client: TestClient, content: Content) -> None:
    answer = client.get("/nowhere", headers={"accept-language": "es"})

    assert answer.headers["content-language"] == "es"
    assert content.language("es").messages["unreadable"][:15] in answer.json()["detail"]


def test_when_rasa_is_down_the_numbers_are_shown(
    client: TestClient, rasa: FakeRasa, token: str
) -> None:
    rasa.down = True
    [reply] = turn(client, token, text="hello").json()["replies"]

    assert (reply["message"], reply["kind"]) == ("service_down", "emergency")


def test_health_is_told_also_when_rasa_is_down(client: TestClient, rasa: FakeRasa) -> None:
    rasa.down = True
    health = client.get("/health")

    assert health.status_code == 200
    assert health.json() == {"status": "degraded", "rasa": "down", "internal": "ok"}
