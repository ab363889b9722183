"""What is promised to visitors is what is set, wherever it is shown."""

import html
import re

import pytest
from starlette.testclient import TestClient

from bot.content import Content
from bot.content.promised import kept_by, promised_words
from bot.settings import ChatSettings, load
from bot.store.lives import CANNOT, NEVER, promises
from tests.builders import FakeRasa

RECEIPT = {"Prefer": "return=representation"}


@pytest.fixture
def settings() -> ChatSettings:
    return load(ChatSettings).model_copy(update={"idle_minutes": 45})


def words_of(page: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


def test_t5_the_promises_hold_the_numbers_that_are_set(client: TestClient) -> None:
    promised = client.get("/.well-known/safety-promises.json").json()

    words = promised.pop("words")
    promised.pop("files")
    assert promised == promises(idle_minutes=45)
    assert {each["minutes"] for each in promised["kept"] if each["setting"]} == {45}
    assert "45 minutes" in words["en"]["web"]["promise_talks_life"]


@pytest.mark.parametrize("address", ["/", "/privacy"])
@pytest.mark.parametrize("language", ["en", "es"])
def test_t3_every_promise_stands_on_the_page(
    client: TestClient, content: Content, address: str, language: str
) -> None:
    page = words_of(client.get(address, headers={"accept-language": language}).text)

    words = promised_words(content, language, "web", idle_minutes=45)
    kept = [store.id for store in kept_by("web")]
    assert "talks" in kept
    assert "chats" not in kept  # Telegram's
    names = [*kept, *(f"{each}_life" for each in kept)]
    for name in (*names, *NEVER, *CANNOT, "channel"):
        assert " ".join(words[f"promise_{name}"].split()) in page
    assert "45 min" in page


def test_the_page_of_promises_leads_away_like_every_other(client: TestClient) -> None:
    page = client.get("/privacy").text

    assert "<title>Notes</title>" in page
    assert page.index('id="leave"') < page.index("<main")


def test_a_receipt_tells_that_it_is_erased_and_nothing_of_the_talk(
    client: TestClient, token: str
) -> None:
    client.post("/api/turns", headers={"x-conversation": token}, json={"text": "WREN-5 hits me"})

    receipt = client.delete("/api/conversations", headers={**RECEIPT, "x-conversation": token})

    assert receipt.status_code == 200
    assert receipt.json()["erased"] is True
    assert "This chat is erased here" in receipt.json()["words"][0]
    assert "45 minutes" in receipt.json()["words"][1]
    assert not {"WREN", token} & set(re.findall(r"[\w-]+", receipt.text))


def test_a_receipt_does_not_say_erased_while_a_copy_may_be_left(
    client: TestClient, rasa: FakeRasa, token: str
) -> None:
    rasa.can_forget = False

    receipt = client.delete("/api/conversations", headers={**RECEIPT, "x-conversation": token})

    assert receipt.json()["erased"] is False
    assert "not erased yet" in receipt.json()["words"][0]


def test_a_receipt_comes_in_the_language_asked_for(client: TestClient, token: str) -> None:
    headers = {**RECEIPT, "x-conversation": token, "accept-language": "es"}

    receipt = client.delete("/api/conversations", headers=headers)

    assert "Este chat está borrado" in receipt.json()["words"][0]
    assert receipt.headers["content-language"] == "es"


def test_the_receipt_of_a_talk_that_never_was_is_the_same(client: TestClient, token: str) -> None:
    real, unreal = (
        client.delete("/api/conversations", headers={**RECEIPT, "x-conversation": each})
        for each in (token, "A" * 43)
    )

    assert real.json() == unreal.json()


def test_without_scripts_a_chat_is_erased_and_a_receipt_shown(
    client: TestClient, rasa: FakeRasa, token: str
) -> None:
    page = client.post("/", data={"erase": "yes", "conversation": token})

    assert rasa.forgotten
    assert "This chat is erased here" in page.text
    assert token not in page.text
    assert "cookies" in page.headers["clear-site-data"]
