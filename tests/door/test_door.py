"""The door: what goes in, what comes out, and what happens when all behind it is down."""

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.content import Content
from bot.content.hotlines import Hotlines
from bot.conversation import Answer, Door, Turn, UnknownConversation, cleaned, hashed
from bot.rasa_client import Said
from tests.builders import Clock, FakeRasa, said


@pytest.fixture
def rasa() -> FakeRasa:
    return FakeRasa()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def door(rasa: FakeRasa, content: Content, hotlines: Hotlines, clock: Clock) -> Door:
    return Door(rasa, content, hotlines, country="US", rate="5/second", clock=clock)


def messages(answer: Answer) -> list[str]:
    return [reply.message for reply in answer.replies]


async def test_a_conversation_opens_with_what_rasa_says(door: Door, rasa: FakeRasa) -> None:
    token, answer = await door.open("es-MX")

    assert messages(answer) == ["device"]
    assert rasa.sent[0][0] == '/greet{"language": "es"}'
    assert len(token) >= 43  # 256 bits


async def test_a_made_up_token_is_unknown(door: Door) -> None:
    with pytest.raises(UnknownConversation):
        await door.take("made up", Turn(text="hello"))


async def test_a_pressed_button_sends_what_it_stands_for(door: Door, rasa: FakeRasa) -> None:
    rasa.answers = [said(buttons={"Yes": "/choose{yes}", "No": "/choose{no}"})]
    token, _ = await door.open()

    await door.take(token, Turn(button=1))

    assert rasa.sent[-1][0] == "/choose{no}"


@pytest.mark.parametrize("typed", ["no", " No. ", "NO!", "2"])
async def test_typing_a_button_is_pressing_it(door: Door, rasa: FakeRasa, typed: str) -> None:
    rasa.answers = [said(buttons={"Yes": "/choose{yes}", "No": "/choose{no}"})]
    token, _ = await door.open()

    await door.take(token, Turn(text=typed))

    assert rasa.sent[-1][0] == "/choose{no}"


@pytest.mark.parametrize("index", [-1, 2, 99])
async def test_a_button_that_was_not_offered_has_expired(door: Door, index: int) -> None:
    token, _ = await door.open()

    assert messages(await door.take(token, Turn(button=index))) == ["button_expired", "device"]


async def test_an_old_yes_does_not_answer_a_new_question(door: Door, rasa: FakeRasa) -> None:
    token, _ = await door.open()
    await door.take(token, Turn(button=0, turn="first tab", after=""))
    sent = len(rasa.sent)

    answer = await door.take(token, Turn(button=0, turn="second tab", after=""))

    assert messages(answer) == ["button_expired", "device"]
    assert len(rasa.sent) == sent


async def test_the_same_turn_sent_again_is_answered_again_and_not_taken_twice(
    door: Door, rasa: FakeRasa
) -> None:
    token, _ = await door.open()
    first = await door.take(token, Turn(text="hello", turn="t1"))

    again = await door.take(token, Turn(text="hello", turn="t1"))

    assert again == first
    assert len(rasa.sent) == 2


async def test_a_turn_that_rasa_did_not_take_can_be_sent_again(door: Door, rasa: FakeRasa) -> None:
    token, _ = await door.open()
    rasa.down = True
    await door.take(token, Turn(button=0, turn="t1", after=""))
    rasa.down = False

    answer = await door.take(token, Turn(button=0, turn="t1", after=""))

    assert messages(answer) == ["device"]


@pytest.mark.parametrize(
    ("typed", "sent"),
    [
        ("/restart", "restart"),
        ('/deny{"x":1}', 'deny{"x":1}'),
        ("  // /restart", "restart"),
        ("\u200b/restart", "restart"),
        ("\x00/restart", "restart"),
        ("/", " "),
    ],
)
async def test_free_text_is_never_a_command(
    door: Door, rasa: FakeRasa, typed: str, sent: str
) -> None:
    token, _ = await door.open()

    await door.take(token, Turn(text=typed))

    assert rasa.sent[-1][0] == sent


@given(st.text(max_size=50))
def test_no_text_begins_with_a_slash_or_breaks_the_line(text: str) -> None:
    clean = cleaned(text)

    assert not clean.startswith("/")
    clean.encode()


async def test_leave_words_erase_and_leave(door: Door, rasa: FakeRasa) -> None:
    token, _ = await door.open()

    answer = await door.take(token, Turn(text="Salir"))

    await asyncio.sleep(0)
    assert answer.leave
    assert rasa.forgotten == [hashed(token)]
    with pytest.raises(UnknownConversation):
        await door.take(token, Turn(text="hello"))


async def test_leaving_works_when_rasa_is_down(door: Door, rasa: FakeRasa) -> None:
    token, _ = await door.open()
    rasa.down = True

    assert (await door.take(token, Turn(text="exit"))).leave


async def test_urgent_words_bring_the_emergency_text_first(door: Door, rasa: FakeRasa) -> None:
    token, _ = await door.open()

    answer = await door.take(token, Turn(text="hes outside"))

    assert messages(answer) == ["danger", "device"]
    assert "911" in answer.replies[0].text
    assert rasa.sent[-1][1]["urgent"] == ["person_here_now"]


async def test_urgent_words_bring_the_emergency_text_when_all_is_down(
    door: Door, rasa: FakeRasa
) -> None:
    token, _ = await door.open()
    rasa.down = True

    answer = await door.take(token, Turn(text="he has a knife to my throat"))

    assert messages(answer) == ["danger", "service_down"]
    assert answer.replies[0].kind == "emergency"


async def test_the_emergency_text_is_said_once(door: Door, rasa: FakeRasa) -> None:
    token, _ = await door.open()
    rasa.answers = [said("danger", buttons={}), said("safer_now")]

    assert messages(await door.take(token, Turn(text="hes here"))) == ["danger", "safer_now"]


async def test_silence_from_rasa_shows_the_emergency_number(door: Door, rasa: FakeRasa) -> None:
    token, _ = await door.open()
    rasa.down = True

    (reply,) = (await door.take(token, Turn(text="hello"))).replies

    assert (reply.message, reply.kind) == ("service_down", "emergency")
    assert "911" in reply.text


async def test_a_malformed_answer_is_no_answer(door: Door, rasa: FakeRasa) -> None:
    token, _ = await door.open()
    rasa.answers = [{"text": "half an answer"}]

    assert messages(await door.take(token, Turn(text="hello"))) == ["service_down"]


async def test_a_conversation_opened_without_rasa_opens_when_rasa_is_back(
    door: Door, rasa: FakeRasa
) -> None:
    rasa.down = True
    token, answer = await door.open("es")
    rasa.down = False

    later = await door.take(token, Turn(text="hola"))

    assert messages(answer) == ["service_down"]
    assert messages(later) == ["device"]
    assert [text for text, _ in rasa.sent][1:] == ['/greet{"language": "es"}', "hola"]


async def test_a_long_message_is_answered_and_goes_nowhere(door: Door, rasa: FakeRasa) -> None:
    token, _ = await door.open()

    answer = await door.take(token, Turn(text="x" * 100_000))

    assert messages(answer) == ["too_long"]
    assert len(rasa.sent) == 1


async def test_a_long_message_that_begins_with_danger_gets_the_emergency_text(door: Door) -> None:
    token, _ = await door.open()

    answer = await door.take(token, Turn(text="he is outside. " * 1000))

    assert messages(answer) == ["danger", "too_long"]


async def test_many_messages_at_once_are_slowed_down_and_none_is_lost_in_silence(
    door: Door, rasa: FakeRasa
) -> None:
    token, _ = await door.open()

    answers = await asyncio.gather(*(door.take(token, Turn(text="hello")) for _ in range(100)))

    assert all(answer.replies for answer in answers)
    assert {answer.status for answer in answers} == {200, 429}
    assert len(rasa.sent) < 100


async def test_danger_is_heard_however_many_messages_came_before(door: Door) -> None:
    token, _ = await door.open()
    for _ in range(20):
        await door.take(token, Turn(text="hello"))

    assert messages(await door.take(token, Turn(text="hes here")))[0] == "danger"


async def test_naming_a_language_changes_it(door: Door, rasa: FakeRasa) -> None:
    token, _ = await door.open()

    await door.take(token, Turn(text="Español"))

    assert rasa.sent[-1][0] == '/change_language{"wanted_language": "es"}'


async def test_fixed_words_follow_the_language_of_the_talk(door: Door, rasa: FakeRasa) -> None:
    rasa.answers = [said(language="es", country="MX")]
    token, _ = await door.open()
    rasa.down = True

    answer = await door.take(token, Turn(text="hola"))

    assert answer.language == "es"
    assert "No puedo" in answer.replies[0].text


@pytest.mark.promise("last_answer")
async def test_r2_what_is_idle_is_dropped_though_nobody_comes(door: Door, clock: Clock) -> None:
    await door.open()
    clock.now += 29 * 60
    await door.open()
    clock.now += 2 * 60

    async with asyncio.TaskGroup() as group:
        job = group.create_task(door.drop_idle())
        await asyncio.sleep(0)
        job.cancel()

    assert len(door._conversations) == 1


async def test_an_idle_conversation_has_ended(door: Door, clock: Clock) -> None:
    token, _ = await door.open()
    clock.now += 31 * 60

    with pytest.raises(UnknownConversation):
        await door.take(token, Turn(text="hello"))


async def test_the_open_question_tells_rasa_what_it_takes(door: Door, rasa: FakeRasa) -> None:
    rasa.answers = [said("listen", expects="text")]
    token, _ = await door.open()

    await door.take(token, Turn(text="he takes my money"))

    assert rasa.sent[-1][1] == {"expects": "text", "language": "en", "channel": "web"}


async def test_forgetting_is_silent_about_unknown_tokens(door: Door) -> None:
    await door.forget("made up")


async def test_taking_up_again_says_nothing_twice(door: Door) -> None:
    token, _ = await door.open()

    assert (await door.resume(token)).replies == ()


async def test_taking_up_in_another_language_goes_on_in_it(door: Door, rasa: FakeRasa) -> None:
    token, _ = await door.open()

    await door.resume(token, "es")

    assert rasa.sent[-1][0] == '/change_language{"wanted_language": "es"}'


async def test_d4_no_token_is_held_by_the_door(door: Door) -> None:
    token, _ = await door.open()

    assert token not in repr(door.__dict__)


@pytest.mark.parametrize(
    ("typed", "sent"),
    [
        ("change it", "/choose{change}"),
        ("change", "/choose{change}"),
        ("keep it all please", "keep it all please"),
        ("it", "it"),
        ("not safe", "not safe"),
    ],
)
async def test_part_of_one_title_is_enough(
    door: Door, rasa: FakeRasa, typed: str, sent: str
) -> None:
    offered = {"Keep it": "/choose{keep}", "Change some of it": "/choose{change}"}
    rasa.answers = [said(buttons={**offered, "I'm not safe": "/not_safe"})]
    token, _ = await door.open()

    await door.take(token, Turn(text=typed))

    assert rasa.sent[-1][0] == sent


async def test_own_words_are_never_taken_for_a_button_by_a_part_of_it(
    door: Door, rasa: FakeRasa
) -> None:
    rasa.answers = [said(buttons={"Keep this item": "/choose{keep}"}, expects="text")]
    token, _ = await door.open()

    await door.take(token, Turn(text="keep item"))

    assert rasa.sent[-1][0] == "keep item"


async def test_danger_does_not_wait_for_a_rasa_that_hangs(door: Door, rasa: FakeRasa) -> None:
    token, _ = await door.open()
    rasa.hangs = True

    answer = await asyncio.wait_for(door.take(token, Turn(text="hes outside")), 3)

    assert messages(answer) == ["danger", "service_down"]


@pytest.mark.parametrize("typed", ["these", "esto mismo", "partner"])
async def test_a_no_to_several_things_needs_its_whole_title(
    door: Door, rasa: FakeRasa, typed: str
) -> None:
    none = '/choose{"question": "list_grave", "option": "none_of_these"}'
    not_one = '/choose{"question": "separated", "option": "not_a_partner"}'
    rasa.answers = [said(buttons={"None of these, esto mismo": none, "Not a partner": not_one})]
    token, _ = await door.open()

    await door.take(token, Turn(text=typed))

    assert rasa.sent[-1][0] == typed


# ---- What Rasa took, and nobody heard the answer. -----------------------------------------------


async def test_a_turn_without_an_answer_is_asked_about_next_time(
    door: Door, rasa: FakeRasa
) -> None:
    token, _ = await door.open()
    rasa.down = True
    await door.take(token, Turn(text="yes", turn="t1"))
    await door.take(token, Turn(text="yes", turn="t2"))
    rasa.down = False

    await door.take(token, Turn(text="yes", turn="t3"))
    await door.take(token, Turn(text="no", turn="t4"))

    assert [call.unsure for call in rasa.calls[-2:]] == [("t1", "t2"), ()]


async def test_the_same_words_again_are_no_second_answer(door: Door, rasa: FakeRasa) -> None:
    token, _ = await door.open()
    rasa.down = True
    await door.take(token, Turn(text="yes", turn="t1"))
    rasa.down = False
    rasa.taken_late = "t1"

    assert messages(await door.take(token, Turn(text="yes", turn="t2"))) == ["device"]


async def test_other_words_are_not_taken_for_an_answer_to_a_new_question(
    door: Door, rasa: FakeRasa
) -> None:
    token, _ = await door.open()
    rasa.down = True
    await door.take(token, Turn(text="yes", turn="t1"))
    rasa.down = False
    rasa.taken_late = "t1"

    answer = await door.take(token, Turn(text="or rather no", turn="t2"))

    assert messages(answer) == ["came_through", "device"]


# ---- What another process has held. -------------------------------------------------------------

A_TOKEN = "t" * 43


async def test_a_conversation_of_an_earlier_process_is_taken_up(door: Door, rasa: FakeRasa) -> None:
    rasa.kept[A_TOKEN] = Said("t1", [said(language="es")])

    again = await door.take(A_TOKEN, Turn(text="sí", turn="t1"))
    answer = await door.take(A_TOKEN, Turn(button=0, turn="t2"))

    assert messages(again) == ["device"]  # the same turn once more is not done twice
    assert again.language == "es"
    assert messages(answer) == ["device"]
    assert [call.text for call in rasa.calls] == ["/choose{}"]


async def test_nothing_is_asked_about_what_can_be_no_token(door: Door, rasa: FakeRasa) -> None:
    rasa.kept["short"] = Said("t1", [said()])

    with pytest.raises(UnknownConversation):
        await door.take("short", Turn(text="hello"))


async def test_where_nobody_knows_the_numbers_show(door: Door, rasa: FakeRasa) -> None:
    rasa.down = True

    ordinary = await door.take(A_TOKEN, Turn(text="hello"))
    urgent = await door.take(A_TOKEN, Turn(text="he is outside"))
    leaving = await door.take(A_TOKEN, Turn(text="leave"))

    assert messages(ordinary) == ["service_down"]
    assert not ordinary.taken
    assert messages(urgent) == ["danger", "service_down"]
    assert leaving.leave
    assert messages(await door.resume(A_TOKEN)) == ["service_down"]


# ---- Erasing behind the door. -------------------------------------------------------------------


async def test_erasing_is_tried_until_it_is_done(
    rasa: FakeRasa, content: Content, hotlines: Hotlines
) -> None:
    door = Door(rasa, content, hotlines, erase_pause=0.001)
    token, _ = await door.open()
    rasa.can_forget = False

    await door.forget(token)
    await asyncio.sleep(0.02)
    tried = len(rasa.forgotten)
    rasa.can_forget = True
    await asyncio.sleep(0.02)
    done = len(rasa.forgotten)
    await asyncio.sleep(0.02)

    assert tried > 2
    assert len(rasa.forgotten) == done
    assert set(rasa.forgotten) == {hashed(token)}
