"""The plan on Telegram: a message, a file that can be kept, or pop-ups that leave nothing."""

import io

import pytest
from pypdf import PdfReader

from tests.telegram.conftest import Bot
from tests.telegram.server import Person

STEPS = [
    {"id": "own:1", "kind": "person", "words": "Marigold from the bakery", "section": "contacts"},
    {"id": "own:2", "kind": "place", "words": "The library until nine", "section": "places"},
]
SLOTS = {"answers": {"safe_now": "yes"}, "plan": STEPS, "language": "en", "country": "US"}


@pytest.fixture
def with_plan(bot: Bot) -> Bot:
    """A bot whose visitor has a plan."""
    bot.rasa.slots = SLOTS
    return bot


async def test_there_is_nothing_to_hand_out_before_there_is_a_plan(bot: Bot, ann: Person) -> None:
    assert bot.said("plan_none") in (await bot.sends(ann, "/saved"))[0]


async def test_with_rasa_gone_there_is_a_number(bot: Bot, ann: Person) -> None:
    bot.rasa.down = True

    assert "911" in (await bot.sends(ann, "/saved"))[0]


async def test_as_a_message_it_is_whole_and_goes_with_the_chat(with_plan: Bot, ann: Person) -> None:
    bot = with_plan
    await bot.sends(ann, "/saved")

    told = await bot.presses(ann, "Message")

    assert "Marigold from the bakery" in "".join(told)
    assert all(len(each) <= 4096 for each in told)
    await bot.sends(ann, "/leave")
    assert [each.text for each in ann.screen] == [bot.welcome]


async def test_as_pop_ups_it_leaves_no_message(with_plan: Bot, ann: Person) -> None:
    bot = with_plan
    await bot.sends(ann, "/saved")
    before = [each.id for each in ann.screen]
    await bot.presses(ann, "Pop-up")
    count = int(ann.of_bot[-1].titles[0].rsplit(" ", 1)[1])
    for _ in range(count - 1):
        await bot.presses(ann, ann.of_bot[-1].titles[0])

    shown = [text for text in bot.api.presses.values() if text]
    assert [each.id for each in ann.screen] == before
    assert len(shown) == count
    assert all(len(text.encode("utf-16-le")) // 2 <= 200 for text in shown)
    assert "911" in shown[0]
    assert any("Marigold from the bakery" in text for text in shown)


@pytest.mark.parametrize("password", ["", "seven boats"])
async def test_as_a_file_it_can_be_kept_and_locked(
    with_plan: Bot, ann: Person, password: str
) -> None:
    bot = with_plan
    await bot.sends(ann, "/saved")
    await bot.presses(ann, "File")
    if password:
        await bot.sends(ann, password)
    else:
        await bot.presses(ann, "No password")

    sent = next(call.told for call in bot.api.calls if call.method == "sendDocument")
    file = next(each.file for each in ann.of_bot if each.file)
    text = "".join(
        page.extract_text() for page in PdfReader(io.BytesIO(file), password=password or None).pages
    )
    assert sent["protect_content"] == "false"
    assert sent["disable_notification"] == "true"
    assert "Marigold from the bakery" in text
    assert not any(password and password in each.text for each in ann.screen)
    await bot.sends(ann, "/leave")
    assert not any(each.file for each in ann.screen)


async def test_a_reminder_says_nothing_of_why(with_plan: Bot, ann: Person) -> None:
    bot = with_plan
    await bot.sends(ann, "/saved")
    await bot.presses(ann, "Reminder")

    file = next(each.file for each in ann.of_bot if each.file).decode()
    assert "SUMMARY:Look at the notes" in file
    assert "Marigold" not in file
