"""What outlives a process that is killed, and what does not outlive its visitor."""

import hashlib
import sqlite3
import threading
import time
from collections.abc import Callable
from contextlib import closing

import pytest
import redis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.rasa_server.sealed_rows import FILE
from tests.stack import Stack, running_stack, wait_for
from tests.visitor import Visitor

pytestmark = pytest.mark.rasa

RASA, INTERNAL, CHAT = "bot.rasa_server", "bot.action_server", "webchat.chat"
MARK = "zanahoria-7731"


def kept(stack: Stack, visitor: Visitor, table: str = "conversations") -> int:
    """How many rows there are of a visitor's conversation."""
    name = hashlib.sha256(visitor.token.encode()).digest()
    with closing(sqlite3.connect(stack.data / FILE)) as database:
        return int(
            database.execute(f"SELECT count(*) FROM {table} WHERE name = ?", (name,)).fetchone()[0]
        )


# ---- Killed processes. --------------------------------------------------------------------------


def test_a_talk_goes_on_after_rasa_was_killed(stack: Stack, at_wants: Visitor) -> None:
    with stack.killed(RASA):
        at_wants.says("a safety plan")
        assert at_wants.sees == ["service_down"]

    at_wants.says("a safety plan")

    assert at_wants.asked == "listen"
    assert "lost_place" not in at_wants.sees


def test_a_talk_goes_on_after_the_chat_was_killed(stack: Stack, at_wants: Visitor) -> None:
    with stack.killed(CHAT):
        pass

    at_wants.presses("A safety plan")

    assert at_wants.asked == "listen"


def test_a_talk_goes_on_after_everything_was_killed(
    stack: Stack, visitor_speaking: Callable[[str], Visitor]
) -> None:
    visitor = visitor_speaking("es").says("sí").says("no")
    for process in [stack.process(module) for module in (RASA, INTERNAL, CHAT)]:
        process.kill()
    wait_for(lambda: stack.health().get("status") != "ok", "nothing was killed", 10)
    stack.wait_until_ready()

    visitor.says("un plan de seguridad")

    assert visitor.asked == "listen"
    assert visitor.language == "es"


@pytest.mark.parametrize("milliseconds", [2, 9, 16])
def test_a_turn_is_taken_once_whenever_rasa_is_killed(
    stack: Stack, at_wants: Visitor, milliseconds: int
) -> None:
    """The place in the talk shows whether a turn was lost (still `wants`) or done twice."""
    rasa = stack.process(RASA)
    killer = threading.Timer(milliseconds / 1000, rasa.kill)
    killer.start()
    at_wants.says("a safety plan")
    killer.join()
    answered = at_wants.sees != ["service_down"]
    wait_for(lambda: not rasa.is_running() or rasa.status() == "zombie", "Rasa still lives", 10)
    stack.wait_until_ready()

    if not answered:
        at_wants.says("a safety plan")

    assert at_wants.asked == "listen"


def test_a_turn_is_taken_once_when_rasa_hung(stack: Stack, at_wants: Visitor) -> None:
    with stack.frozen(RASA):
        at_wants.says("a safety plan")
        assert at_wants.sees == ["service_down"]

    at_wants.says("a safety plan")

    assert at_wants.asked == "listen"


def test_where_a_talk_is_lost_all_the_same_it_is_said(stack: Stack, at_wants: Visitor) -> None:
    with closing(sqlite3.connect(stack.data / FILE)) as database, database:
        database.execute("DELETE FROM conversations")

    at_wants.says("a safety plan")

    assert at_wants.sees[0] == "lost_place"
    assert at_wants.asked == "safe_now"


# ---- Erasing. -----------------------------------------------------------------------------------


def test_leaving_erases_within_a_second_while_rasa_is_dead(
    stack: Stack, on_the_web: Visitor
) -> None:
    assert kept(stack, on_the_web) == 1
    with stack.killed(RASA):
        on_the_web.leaves()

        wait_for(lambda: kept(stack, on_the_web) == 0, "it is still there", 1)


def test_leaving_erases_as_soon_as_anything_is_back(stack: Stack, on_the_web: Visitor) -> None:
    with stack.frozen(RASA):
        internal = stack.process(INTERNAL)
        internal.suspend()
        on_the_web.says("leave")
        assert kept(stack, on_the_web) == 1
        internal.resume()

    wait_for(lambda: kept(stack, on_the_web) == 0, "it is still there", 5)


def test_a_turn_under_way_does_not_bring_back_what_was_erased(
    stack: Stack, on_the_web: Visitor
) -> None:
    with stack.frozen(RASA):
        waiting = threading.Thread(target=lambda: on_the_web.says(f"a safety plan {MARK}"))
        waiting.start()
        time.sleep(0.3)
        on_the_web.http.delete("/api/conversations", headers={"X-Conversation": on_the_web.token})
        waiting.join()

    time.sleep(1)
    assert kept(stack, on_the_web) == 0
    assert kept(stack, on_the_web, "erased") == 1


saying = st.sampled_from(
    ["yes", "no", "not sure", "skip", "go back", "why do you ask?", f"{MARK} he has a gun",
     f"my sister is called {MARK}", "a safety plan", "how dangerous is it", "español", "stop"]
)  # fmt: skip


@settings(max_examples=12, suppress_health_check=[HealthCheck.too_slow])
@given(turns=st.lists(saying, max_size=8), by_words=st.booleans())
def test_r4_wherever_somebody_leaves_nothing_is_left(
    stack: Stack, turns: list[str], by_words: bool
) -> None:
    visitor = Visitor(stack.http)
    for text in turns:
        visitor.says(text)

    if by_words:
        visitor.says("salir")
    else:
        visitor.leaves()

    wait_for(lambda: kept(stack, visitor) == 0, "it is still there", 1)
    written = stack.everything_written()
    assert MARK.encode() not in written
    assert visitor.token.encode() not in written


# ---- In Redis. ----------------------------------------------------------------------------------


def test_talks_can_be_kept_in_redis(
    redis_address: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    rows = redis.Redis.from_url(redis_address)
    rows.flushall()
    data = tmp_path_factory.mktemp("with-redis")
    with running_stack(data, FOOTHOLD_REDIS=redis_address) as stack:
        visitor = Visitor(stack.http).says("yes").says("no").says(f"{MARK} he has a gun")
        (key,) = rows.keys()
        assert 0 < rows.ttl(key) <= 30 * 60
        sealed = rows.get(key)
        assert isinstance(sealed, bytes)
        assert MARK.encode() not in sealed
        with stack.killed(CHAT):
            pass
        asked = visitor.says("skip").asked
        with stack.killed(RASA):
            pass
        assert visitor.says("why do you ask?").asked == asked

        visitor.leaves()

        assert rows.keys("foothold:conversation:*") == []
        assert list(data.glob(f"{FILE}*")) == []
