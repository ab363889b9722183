"""The bot as it runs in earnest: its own process, killed, flooded, and searched for words."""

import time
from collections import Counter

import psutil
import pytest

from bot.settings import CHECKOUT
from tests.stack import TOKEN, Stack, wait_for
from tests.telegram.server import BotApi, Person
from tests.telegram.visitor import PEOPLE, TelegramVisitor
from tests.visitor import Visitor

pytestmark = pytest.mark.rasa

BOT = "bot.telegram"
MARK = "Marigold7731"
MANY = 500


def opened(api: BotApi, count: int) -> list[Person]:
    """People who have sent /start, all at once."""
    people = [api.person(next(PEOPLE)) for _ in range(count)]
    for person in people:
        person.sends("/start")
    return people


def questions(person: Person) -> int:
    """How many answers of the talk, each with its buttons, were ever sent to somebody."""
    return sum(bool(each.told.get("reply_markup")) for each in person.ever if each.by_bot)


def test_the_stack_brings_its_bot_and_says_so(stack: Stack) -> None:
    log = stack.data / "supervisor.log"

    wait_for(lambda: "answers as @notes_bot" in log.read_text(), "it did not say so", 20)
    profile = stack.telegram.profile
    wait_for(lambda: "setMyProfilePhoto:" in profile, "it has no cover", 20)
    assert profile["setMyName:"]["name"] == "Study Notes"
    assert profile["setMyName:es"]["name"] == "Apuntes cortos"
    assert stack.telegram.wanted == [
        "message", "edited_message", "callback_query", "my_chat_member",
    ]  # fmt: skip


def test_killed_in_the_middle_nothing_is_lost_and_nothing_is_said_twice(stack: Stack) -> None:
    people = opened(stack.telegram, 24)
    wait_for(lambda: all(questions(each) == 1 for each in people), "not all were opened", 60)
    for person in people:
        person.sends(f"maybe {person.id}")
    wait_for(lambda: any(questions(each) == 2 for each in people), "none was answered", 20)

    with stack.killed(BOT):
        for person in people:
            person.sends("another word")
    wait_for(lambda: all(answered(each) >= 3 for each in people), "something was lost", 60)
    time.sleep(1.5)

    assert Counter(answered(each) for each in people) == {3: 24}


def answered(person: Person) -> int:
    """How many answers of the talk stand in somebody's chat."""
    return len(person.of_bot) - 1  # without the notice


def test_a_restart_forgets_no_chat(stack: Stack) -> None:
    visitor = TelegramVisitor(stack.telegram)
    visitor.says("yes")

    with stack.killed(BOT):
        pass

    assert visitor.says("no").asked == "wants"
    visitor.leaves()
    assert visitor.is_gone


def test_five_hundred_at_once_are_all_answered_within_the_limits(stack: Stack) -> None:
    """Telegram lets thirty messages a second out: a thousand need half a minute at least."""
    api = stack.telegram
    refused = len(api.refused)

    people = opened(api, MANY)
    urgent = people[-1]
    urgent.sends("he is outside")
    wait_for(lambda: all(questions(each) >= 1 for each in people), "not all were opened", 240)

    sends = sorted(m.sent for each in people for m in each.ever if m.by_bot)
    assert Counter(questions(each) for each in people[:-1]) == {1: MANY - 1}
    assert all(len([m for m in each.ever if m.by_bot]) == 2 for each in people[:-1])
    assert max(sum(begin <= at < begin + 1 for at in sends) for begin in sends[::20]) <= 30
    too_fast = [why for why in api.refused[refused:] if "Too Many" in why]
    assert len(too_fast) < len(sends) / 100  # a busy machine may bunch a few of them up
    danger = next(
        m.sent for m in urgent.ever if m.by_bot and "911" in m.text and "/leave" not in m.text
    )
    # It does not wait at the end of a thousand.
    assert sum(at < danger for at in sends) < 0.9 * len(sends)


def test_leaving_goes_before_everything_also_under_load(stack: Stack) -> None:
    api = stack.telegram
    somebody = TelegramVisitor(api)
    flood = opened(api, 120)

    somebody.person.sends("/leave")
    wait_for(lambda: len(somebody.person.screen) <= 1, "it is still there", 30)

    assert not all(questions(each) for each in flood)


@pytest.mark.promise("words_in_logs")
def test_d2_no_word_name_or_account_from_telegram_is_written_anywhere(stack: Stack) -> None:
    names = {"first_name": f"{MARK}A", "last_name": f"{MARK}B", "username": f"{MARK}C"}
    visitor = TelegramVisitor(stack.telegram, **names)
    for text in (f"my name is {MARK}", f"/{MARK}", f"he hits me {MARK}", "/settings", "/web"):
        visitor.says(text)
    person = visitor.person
    person.sends("", contact={"phone_number": MARK, "first_name": MARK})
    person.sends("", location={"latitude": 52.123456, "longitude": 13.654321})
    person.edits(person.ever[0], text=f"{MARK} changed")
    with stack.killed("bot.action_server"):
        visitor.says(f"the internal app is gone {MARK}")
    with stack.killed(BOT):
        person.sends(f"the bot is gone {MARK}")
    wait_for(lambda: not stack.telegram.updates, "it was not taken", 30)
    visitor.says(f"after all of it {MARK}")

    written = stack.everything_written()

    assert MARK.encode() not in written
    assert str(person.id).encode() not in written
    assert TOKEN.encode() not in written
    assert b"52.123" not in written
    visitor.leaves()


def test_the_process_speaks_to_telegram_and_to_this_machine_alone(stack: Stack) -> None:
    process = stack.process(BOT)
    environment = process.environ()

    assert "FOOTHOLD_DATA" not in environment
    assert "FOOTHOLD_REDIS" not in environment
    others = [stack.process(name) for name in ("webchat.chat", "bot.action_server")]
    assert all("FOOTHOLD_TELEGRAM_TOKEN" not in each.environ() for each in others)
    opened_files = [each.path for each in process.open_files()]
    assert not [path for path in opened_files if path.endswith(".db")]
    peers = {getattr(each.raddr, "ip", "127.0.0.1") for each in process.net_connections()}
    assert peers <= {"127.0.0.1"}


def test_with_the_bot_gone_the_web_chat_goes_on(stack: Stack) -> None:
    with stack.killed(BOT):
        assert Visitor(stack.http).says("yes").asked == "device"


def test_a_wrong_token_is_told_in_one_line_and_the_bot_is_not_tried_again(
    stack: Stack,
) -> None:
    before = stack.process("webchat.chat").environ()
    bot = {"FOOTHOLD_TELEGRAM_TOKEN": "4712:wrong", "FOOTHOLD_TELEGRAM_API": stack.telegram.url}
    environment = {**before, **bot}
    ran = psutil.Popen(
        [str(CHECKOUT / ".venv/bin/python"), "-m", BOT], cwd=CHECKOUT, env=environment,
        stdout=-1, stderr=-1,
    )  # fmt: skip
    out, err = ran.communicate(timeout=20)

    assert ran.returncode == 78
    (line,) = out.decode().splitlines()
    assert line.startswith("telegram: Telegram does not know the token in FOOTHOLD_TELEGRAM_TOKEN")
    assert line.endswith("The web chat goes on without Telegram.")
    assert b"4712" not in err
