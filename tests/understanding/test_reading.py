"""`foothold understand`, with the trained model: what it prints, and that nothing breaks it."""

import json
import os
from collections.abc import Callable
from typing import Any

import pytest
from rich.console import Console

from bot.content import Content
from bot.rasa_server.components.signal_examples import SIGNALS
from bot.settings import SupervisorSettings, load
from bot.training import TrainingGround, ready_model
from bot.understanding import understood

pytestmark = pytest.mark.rasa

KEYS = {
    "text", "language", "intent", "confidence", "signals", "signs", "urgent", "out_of_scope",
    "masked",
}  # fmt: skip
STATUSES = {"affirmed", "denied", "hypothetical", "past", "other_person", "idiom"}

Reading = Callable[..., list[dict[str, Any]]]


@pytest.fixture(scope="module")
def reading(content: Content) -> Reading:
    """What is understood of some texts, by the model that all tests share."""
    ground = TrainingGround(load(SupervisorSettings).data)
    model = ready_model(ground, Console(stderr=True))

    def of(*texts: str) -> list[dict[str, Any]]:
        lines = (f"{text}\n".encode("utf-8", "surrogatepass") for text in texts)
        found = understood(ground, model, lines, content.urgent)
        return [json.loads(line) for line in found]

    return of


def test_every_line_has_an_answer_of_the_same_form(reading: Reading) -> None:
    texts = (
        "", " ", "\t", "😢", "🔪🔪🔪", "ok", "/stop", "/", '/not_safe{"now":"x"}', "救命",
        "помогите", "ساعدني", "\ud83d", "\x00", "a\u2028b", "x" * 2000, "he hit me. " * 200,
        "\u202eabc", "{}", "null",
    )  # fmt: skip

    found = reading(*texts)

    assert len(found) == len(texts)
    for each in found:
        assert set(each) == KEYS
        assert set(each["signals"]) <= set(SIGNALS)
        assert {sign["status"] for sign in each["signs"]} <= STATUSES
        assert 0 <= each["confidence"] <= 1


def test_five_hundred_lines_are_read_in_order(reading: Reading) -> None:
    texts = [f"message number {number}" for number in range(500)]

    assert [each["text"] for each in reading(*texts)] == texts


def test_what_is_told_is_understood(reading: Reading) -> None:
    told, denied, here, weather, masked = reading(
        "he choked me last night and he took my phone",
        "he never hit me, just my throat once",
        "hes outside my door right now",
        "whats the weather tomorrow in paris",
        "my name is Deborah and you can call me at (555) 010-2030",
    )

    assert {"strangulation", "physical_violence"} <= set(told["signals"])
    assert statuses(denied) >= {("physically_hurt", "denied"), ("strangled", "affirmed")}
    assert here["urgent"]
    assert weather["out_of_scope"]
    assert not weather["signals"]
    assert masked["masked"] == "my name is [name] and you can call me at [phone]"


def statuses(read: dict[str, Any]) -> set[tuple[str, str]]:
    return {(sign["sign"], sign["status"]) for sign in read["signs"]}


def test_languages_are_told_apart(reading: Reading) -> None:
    english, spanish = reading("he takes all my money", "me quita todo el dinero")

    assert (english["language"], spanish["language"]) == ("en", "es")


def test_case_and_accents_change_no_sign(reading: Reading) -> None:
    plain, shouted, accents, none = reading(
        "he has a gun",
        "HE HAS A GUN",
        "él me ahorcó y tiene una pistola",
        "el me ahorco y tiene una pistola",
    )

    assert statuses(plain) == statuses(shouted)
    assert statuses(accents) == statuses(none)


def test_no_words_are_left_behind(reading: Reading, capfd: pytest.CaptureFixture[str]) -> None:
    reading("he hit me zanzibarmark")

    out, err = capfd.readouterr()
    assert "zanzibarmark" not in out + err
    assert "zanzibarmark" not in json.dumps(dict(os.environ))
