"""What stays on Telegram, and what does not: each promise has its test."""

import json
import logging
import re

import pytest

from bot.telegram.chat import HARD_SECONDS
from tests.builders import said
from tests.telegram.conftest import Bot
from tests.telegram.server import Person

HOUR = 3600
MARKS = ("Marked-First", "Marked-Last", "marked_user", "Marked-Bio")
# Words that must not stand where a notification shows them.
TELLING = re.compile(
    r"abus|violen|danger|safe|hotline|shelter|police|hurt|leave|plan", re.IGNORECASE
)
WAYS_OUT = ("/leave", "/clear", "leave", "Exit", "salir")


def ours(caplog: pytest.LogCaptureFixture) -> list[str]:
    """What we log ourselves; of all others only places in the code are ever written."""
    return [each.getMessage() for each in caplog.records if each.name.startswith("foothold")]


async def test_before_anything_else_it_says_what_telegram_keeps(bot: Bot) -> None:
    person = bot.api.person(1)

    told = await bot.sends(person, "/start")

    assert "Settings › Devices" in told[0]
    assert "keeps copies that I can't erase" in told[0]
    assert "locked screen" in told[0]
    assert "/leave" in told[0]
    assert told[1].endswith("…")  # only then the talk's own opening


async def test_every_message_is_silent_protected_and_neutral_at_first_sight(
    bot: Bot, ann: Person
) -> None:
    for text in ("yes", "he has a gun", "/settings", "/help", "/saved", "/web"):
        await bot.sends(ann, text)
    await bot.sends(
        ann, "", photo=[{"file_id": "f", "file_unique_id": "u", "width": 1, "height": 1}]
    )
    await bot.sends(ann, "/leave")

    sent = [call.told for call in bot.api.calls if call.method == "sendMessage"]
    assert len(sent) > 8
    for told in sent:
        assert told["disable_notification"] == "true"
        assert told["protect_content"] == "true"
        assert json.loads(told["link_preview_options"])["is_disabled"] is True
        assert not TELLING.search(told["text"].split("\n\n")[0])


async def test_buttons_say_nothing_in_their_data_and_go_once_they_were_used(
    bot: Bot, ann: Person
) -> None:
    shown = ann.of_bot[-1]
    data = [button["callback_data"] for row in shown.rows for button in row]
    assert all(re.fullmatch(r"[\w-]{8,64}", each) for each in data)
    assert len(set(data)) == len(data)

    await bot.presses(ann, "Yes")

    assert shown.rows == []
    assert ann.of_bot[-1].titles == ["Yes", "No"]
    again = await bot.after(ann, lambda: ann.presses_data(shown, data[0]))
    assert again == []
    assert bot.said("expired") in bot.api.presses.values()


async def test_buttons_go_also_when_words_are_written_instead(bot: Bot, ann: Person) -> None:
    shown = ann.of_bot[-1]

    await bot.sends(ann, "not sure")

    assert shown.rows == []


@pytest.mark.promise("telegram", "chats")
async def test_d5_on_telegram_a_name_is_never_looked_at_and_an_account_is_a_keyed_hash(
    bot: Bot, ann: Person, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    await bot.sends(ann, "yes")
    await bot.sends(ann, "/settings")
    bot.rasa.down = True
    await bot.sends(ann, "no")

    (name,) = bot.shelf.rows
    sealed = bot.shelf.rows[name][0]
    kept = str(bot.keys.unseal(sealed, name)) + repr(bot.room.chats)
    for mark in (*MARKS, "801"):
        assert mark.encode() not in name + sealed
    for mark in MARKS:
        assert mark not in kept
        assert mark not in caplog.text
        assert all(mark not in str(call.metadata) for call in bot.rasa.calls)
    assert all("801" not in line for line in ours(caplog))


@pytest.mark.parametrize("words", WAYS_OUT)
async def test_leaving_deletes_both_sides_erases_all_and_leaves_the_cover(
    bot: Bot, ann: Person, words: str
) -> None:
    await bot.sends(ann, "Marked-Words he took my keys")
    conversation = bot.room.chats[ann.id].conversation

    await bot.sends(ann, words)

    assert [each.text for each in ann.screen] == [bot.welcome]
    assert bot.shelf.rows == {}
    assert ann.id not in bot.room.chats
    assert bot.rasa.forgotten
    assert await bot.moves.take(conversation) is None


async def test_more_than_a_hundred_messages_go_in_batches(bot: Bot, ann: Person) -> None:
    chat = bot.room.chats[ann.id]
    for _ in range(260):
        ann.sends("Marked-Words")
    await bot.until(lambda: len(chat.messages) > 500, "not all were taken")

    await bot.sends(ann, "/leave")

    batches = [
        len(json.loads(call.told["message_ids"]))
        for call in bot.api.calls
        if call.method == "deleteMessages"
    ]
    assert max(batches) == 100
    assert len(batches) >= 6
    assert [each.text for each in ann.screen] == [bot.welcome]


async def test_leaving_waits_for_no_turn_that_is_under_way(bot: Bot, ann: Person) -> None:
    bot.rasa.hangs = True
    ann.sends("tell me what to do")
    ann.sends("and another thing")

    await bot.sends(ann, "/leave")

    assert [each.text for each in ann.screen] == [bot.welcome]
    assert bot.shelf.rows == {}


async def test_fifteen_minutes_after_the_last_turn_all_is_cleared(bot: Bot, ann: Person) -> None:
    await bot.passes(14 * 60)
    assert len(ann.screen) > 1
    await bot.sends(ann, "yes")
    await bot.passes(14 * 60)
    assert len(ann.screen) > 1

    await bot.passes(2 * 60)

    assert ann.screen == []
    assert bot.rasa.forgotten
    assert bot.shelf.rows == {}


async def test_a_person_can_choose_when_it_is_cleared(bot: Bot, ann: Person) -> None:
    await bot.sends(ann, "/settings")
    told = await bot.presses(ann, "Clear after 1 hour")
    assert bot.said("minutes_set", minutes=60) in told[0]

    await bot.passes(50 * 60)
    assert len(ann.screen) > 1
    await bot.passes(11 * 60)

    assert ann.screen == []


async def test_a_restart_cancels_no_sweep(bot: Bot, ann: Person) -> None:
    again = Bot(bot.api, bot.content, bot.hotlines)
    again.shelf = bot.shelf
    bot.room.chats.clear()

    async with again.running():
        await again.passes(16 * 60)

    assert ann.screen == []


async def test_nothing_gets_so_old_that_it_can_not_be_deleted(bot: Bot, ann: Person) -> None:
    chat = bot.room.chats[ann.id]
    chat.minutes = 60 * 24 * 7  # who would rather keep the chat
    await bot.passes(HARD_SECONDS - HOUR)
    bot.rasa.answers = [said("wants", text="What would help?")]
    await bot.sends(ann, "yes")
    assert len(ann.screen) > 2

    await bot.passes(HOUR + 60)

    assert all(bot.api.now() - each.sent < 47 * HOUR for each in ann.screen)
    assert any("What would help?" in each.text for each in ann.screen)


async def test_what_is_too_old_is_made_neutral_and_the_rest_is_told(bot: Bot, ann: Person) -> None:
    await bot.sends(ann, "Marked-Words")
    bot.room.chats.clear()  # the program was switched off for three days
    bot.api.ahead += 72 * HOUR
    await bot.passes(0)
    assert {each.text for each in ann.of_bot} == {bot.welcome}

    told = await bot.sends(ann, "/start")

    mine = [each.text for each in ann.screen if not each.by_bot]
    assert "Marked-Words" in mine  # Telegram lets nobody but her delete it
    assert "Only you can" in told[0]


async def test_who_leaves_late_is_told_what_only_they_can_take_away(bot: Bot, ann: Person) -> None:
    bot.room.chats[ann.id].minutes = 60 * 24 * 7
    bot.api.ahead += 50 * HOUR

    told = await bot.sends(ann, "/leave")

    assert bot.said("remains") in told[0]
    assert told[-1] == bot.welcome
    before = [each.text for each in ann.of_bot[: -len(told)]]
    assert set(before) == {bot.welcome}


async def test_where_telegram_can_not_be_reached_the_sweep_is_tried_again(
    bot: Bot, ann: Person
) -> None:
    bot.api.down = True
    await bot.passes(16 * 60)
    assert len(ann.screen) > 1
    bot.api.down = False

    await bot.passes(2 * 60)

    assert ann.screen == []


async def test_blocking_erases_at_once(bot: Bot, ann: Person) -> None:
    await bot.sends(ann, "yes")
    ann.blocks()

    await bot.until(lambda: not bot.shelf.rows and ann.id not in bot.room.chats)

    assert bot.rasa.forgotten


async def test_who_blocked_in_the_middle_of_an_answer_is_forgotten_too(
    bot: Bot, ann: Person
) -> None:
    ann.blocked = True
    ann.sends("yes")

    await bot.until(lambda: not bot.shelf.rows and ann.id not in bot.room.chats)

    assert bot.rasa.forgotten


async def test_the_timer_of_telegram_is_read_and_setting_it_is_told(bot: Bot) -> None:
    without, with_timer = bot.api.person(1), bot.api.person(2)
    with_timer.timer = 86_400 * 7

    assert "Auto-Delete" in (await bot.sends(without, "/start"))[0]
    assert "after 7 days" in (await bot.sends(with_timer, "/start"))[0]
    changed = await bot.sends(
        without, "", message_auto_delete_timer_changed={"message_auto_delete_time": 86_400}
    )
    assert bot.said("timer_changed") in changed[0]


async def test_groups_are_left_at_once(bot: Bot) -> None:
    group = {"id": -55, "type": "group", "title": "Marked-Group"}
    me = {"id": 1, "is_bot": True, "first_name": "Notes", "username": "notes_bot"}
    somebody = bot.api.person(5)
    bot.api.add_update(
        "my_chat_member",
        {
            "chat": group, "from": somebody.who(), "date": 1,
            "old_chat_member": {"user": me, "status": "left"},
            "new_chat_member": {"user": me, "status": "member"},
        },
    )  # fmt: skip
    bot.api.add_update(
        "message",
        {"message_id": 9, "date": 1, "chat": group, "from": somebody.who(), "text": "/start"},
    )

    await bot.until(lambda: bot.api.left == [-55, -55])

    assert not [call for call in bot.api.calls if call.method == "sendMessage"]


FILE = {"file_id": "f", "file_unique_id": "u"}
SENT = [
    ("photo", {"photo": [{**FILE, "width": 1, "height": 1}], "caption": "Marked-Words"}),
    ("voice", {"voice": {**FILE, "duration": 3}}),
    ("sticker", {"sticker": {**FILE, "width": 1, "height": 1, "is_animated": False,
                             "is_video": False, "type": "regular"}}),
    ("document", {"document": {**FILE, "file_name": "Marked-Words.pdf"}}),
    ("contact", {"contact": {"phone_number": "Marked-Words", "first_name": "Marked-Words"}}),
    ("video", {"video_note": {**FILE, "length": 1, "duration": 1}}),
    ("forward", {"text": "Marked-Words", "forward_origin": {
        "type": "hidden_user", "date": 1, "sender_user_name": "Marked-Words"}}),
    ("other", {"dice": {"emoji": "🎲", "value": 3}}),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "sent"), SENT, ids=[kind for kind, _ in SENT])
async def test_all_but_words_gets_a_kind_answer_and_is_deleted(
    bot: Bot, ann: Person, kind: str, sent: dict[str, object], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    turns = len(bot.rasa.calls)

    told = await bot.sends(ann, **sent)  # type: ignore[arg-type]

    assert bot.said(f"other_{kind}") in told[0]
    assert all(each.by_bot or each.text == "/start" for each in ann.screen)
    assert len(bot.rasa.calls) == turns
    assert "Marked-Words" not in str(bot.room.chats) + str(ours(caplog))
    assert "getFile" not in [call.method for call in bot.api.calls]


async def test_a_changed_message_is_not_read_again(bot: Bot, ann: Person) -> None:
    await bot.sends(ann, "yes")
    written = next(each for each in ann.screen if each.text == "yes")
    turns = len(bot.rasa.calls)

    told = await bot.after(ann, lambda: ann.edits(written, text="no, he has a gun"))

    assert bot.said("other_edited") in told[0]
    assert written.id not in ann.messages
    assert len(bot.rasa.calls) == turns


async def test_an_album_is_answered_once(bot: Bot, ann: Person) -> None:
    photo = {"photo": [{**FILE, "width": 1, "height": 1}], "media_group_id": "7"}
    for _ in range(5):
        ann.sends("", **photo)
    await bot.until(lambda: len([e for e in ann.screen if not e.by_bot]) == 1)

    assert sum(bot.said("other_photo") in each.text for each in ann.of_bot) == 1


async def test_a_location_goes_at_once_and_only_a_town_is_kept(
    bot: Bot, ann: Person, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    place = {"location": {"latitude": 52.123456, "longitude": 13.654321}}

    told = await bot.sends(ann, **place)  # type: ignore[arg-type]

    assert "Sparrowfield" in told[0]
    assert bot.said("location_once") in told[0]
    assert all("location" not in each.told for each in ann.screen)
    assert bot.rasa.sent[-1][0] == "I am in Sparrowfield."
    everywhere = str(bot.rasa.sent) + str(bot.room.chats) + str(ours(caplog))
    assert "52.12" not in everywhere
    assert "13.65" not in everywhere


async def test_a_live_location_is_answered_with_how_to_stop_it(bot: Bot, ann: Person) -> None:
    place = {"location": {"latitude": -52.1, "longitude": 13.6, "live_period": 900}}

    told = await bot.sends(ann, **place)  # type: ignore[arg-type]

    assert bot.said("location_unknown") in told[0]
    assert bot.said("location_live") in told[0]


async def test_nothing_ever_asks_for_a_location_or_a_contact(bot: Bot, ann: Person) -> None:
    await bot.sends(ann, "yes")

    assert all("request_location" not in str(call.told) for call in bot.api.calls)
    assert all("request_contact" not in str(call.told) for call in bot.api.calls)
