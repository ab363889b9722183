"""What is promised to visitors is what is set."""

import pytest
from starlette.testclient import TestClient

from bot.settings import ChatSettings, load
from bot.store.lives import promises


@pytest.fixture
def settings() -> ChatSettings:
    return load(ChatSettings).model_copy(update={"idle_minutes": 45})


def test_the_promises_hold_the_numbers_that_are_set(client: TestClient) -> None:
    promised = client.get("/.well-known/safety-promises.json").json()

    assert promised == promises(idle_minutes=45)
    assert {each["minutes"] for each in promised["kept"]} == {45}


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "after 45 minutes without a word"), ("es", "tras 45 minutos sin una palabra")],
)
def test_the_page_promises_the_same(client: TestClient, language: str, words: str) -> None:
    page = client.get("/", headers={"accept-language": language}).text

    assert words in " ".join(page.split())
