"""G1: whatever visitors and strangers do, in any order and any outage, the door keeps its word."""

import asyncio
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from bot.content import load
from bot.content.hotlines import load_hotlines
from bot.conversation import Answer, Door, Turn, UnknownConversation, cleaned, hashed
from bot.safety.urgent import asks_to_leave, urgent_in
from tests.attacks.talkative import Mood, TalkativeRasa
from tests.builders import Clock

GIVEN = {"_rasa", "_content", "_hotlines"}  # what every door is made with
NEVER_OPENED = "n" * 43
IDLE_MINUTES = 30
LEAVES = ("leave", "LEAVE NOW!", "¡Salir!", "exit\u202e", "/leave", "  //salir ", "ex\u200bit")
URGENT = ("he is outside", "HES HERE", "¡está afuera!", "/hes outside", "he is out\u00adside")
ODD = ("", " ", "/", "/restart", '/choose{"of": "x"}', "//quick_exit", "\u202e/greet", "🙂", "\x00")
ORDINARY = ("hello", "yes", "2", "Not now", "español", "English", "bye", "not", "x" * 2001)
TEXTS = st.one_of(
    st.sampled_from((*URGENT, *ODD, *ORDINARY)),
    st.text(alphabet="/ \u202e\u2066\u200b\u200d.!¿áñ🙂yes12\n\x00\ud800", max_size=12),
)
NUMBERS = st.integers(min_value=0, max_value=99)


all_numbers = cache(load_hotlines)


@dataclass
class Talk:
    """A conversation as its page knows it."""

    token: str
    turns: int = 0
    last: Turn | None = None
    answer: Answer | None = None


class AnyOrder(RuleBasedStateMachine):
    """Visitors with pages, strangers with old tokens, and time."""

    @initialize()
    def begin(self) -> None:
        """An empty house."""
        self.clock = Clock()
        self.rasa = TalkativeRasa(self.clock, IDLE_MINUTES * 60)
        self.runner = asyncio.Runner()
        self.talks: list[Talk] = []
        self.gone: list[str] = []
        self.whose: dict[str, str] = {}  # whose words they are, by their mark
        self.start_door()

    def teardown(self) -> None:
        if hasattr(self, "runner"):
            self.runner.close()

    def start_door(self) -> None:
        self.door = Door(
            self.rasa,
            load(),
            all_numbers(),
            country="US",
            idle_minutes=IDLE_MINUTES,
            erase_pause=0,
            clock=self.clock,
        )

    # ---- What is done. --------------------------------------------------------------------------

    @rule(language=st.sampled_from([None, "en", "es", "es-MX", "tlh"]))
    def open(self, language: str | None) -> None:
        token, answer = self.runner.run(self.door.open(language))
        self.talks.append(Talk(token))
        self.look_at(self.talks[-1], answer)

    @precondition(lambda self: self.talks)
    @rule(which=NUMBERS, text=TEXTS)
    def say(self, which: int, text: str) -> None:
        self.take(which, Turn(text=text))

    @precondition(lambda self: self.talks)
    @rule(which=NUMBERS, place=st.integers(-1, 6), stale=st.booleans())
    def press(self, which: int, place: int, stale: bool) -> None:
        talk = self.talks[which % len(self.talks)]
        after = "of another time" if stale else (talk.last.turn or "") if talk.last else None
        self.take(which, Turn(button=place, after=after))

    @precondition(lambda self: self.talks)
    @rule(which=NUMBERS)
    def send_again(self, which: int) -> None:
        talk = self.talks[which % len(self.talks)]
        if talk.last and talk.answer and talk.answer.taken and self.lives(talk):
            answer = self.runner.run(self.door.take(talk.token, talk.last))

            assert answer == talk.answer

    @precondition(lambda self: self.talks)
    @rule(which=NUMBERS, text=TEXTS, other=TEXTS)
    def say_two_things_at_once(self, which: int, text: str, other: str) -> None:
        talk = self.talks[which % len(self.talks)]
        if not (leaves(text) or leaves(other)) and self.lives(talk):
            first, second = self.new_turn(talk, text), self.new_turn(talk, other)
            answers = self.runner.run(all_at_once(self.door, talk.token, [first, second]))
            talk.last, talk.answer = None, None
            self.look_at(talk, answers[0], first)
            if answers[0].leave:  # a button, or Rasa, said so
                assert isinstance(answers[1], UnknownConversation)
                self.ended(talk)
                return
            self.look_at(talk, answers[1], second)
            if answers[1].leave:
                self.ended(talk)

    @precondition(lambda self: self.talks)
    @rule(which=NUMBERS, language=st.sampled_from([None, "en", "es", "tlh"]))
    def take_up(self, which: int, language: str | None) -> None:
        talk = self.talks[which % len(self.talks)]
        lived = self.lives(talk)
        try:
            self.runner.run(self.door.resume(talk.token, language))
        except UnknownConversation:
            assert not lived
            self.ended(talk)
        talk.last = None  # with the language, the answer changes that another process knows of

    @precondition(lambda self: self.talks)
    @rule(which=NUMBERS, word=st.sampled_from(LEAVES))
    def leave(self, which: int, word: str) -> None:
        talk = self.talks[which % len(self.talks)]
        try:
            answer = self.runner.run(self.door.take(talk.token, Turn(text=word)))
        except UnknownConversation:
            assert not self.lives(talk)
        else:
            assert answer.leave
        self.ended(talk)

    @precondition(lambda self: self.talks)
    @rule(which=NUMBERS, text=TEXTS, word=st.sampled_from(LEAVES))
    def leave_while_a_turn_is_under_way(self, which: int, text: str, word: str) -> None:
        talk = self.talks[which % len(self.talks)]
        turns = [Turn(text=text, turn="under way"), Turn(text=word), Turn(text="hello")]
        self.runner.run(all_at_once(self.door, talk.token, turns))
        self.ended(talk)

    @precondition(lambda self: self.talks)
    @rule(which=NUMBERS)
    def forget(self, which: int) -> None:
        talk = self.talks[which % len(self.talks)]
        self.runner.run(self.door.forget(talk.token))
        self.ended(talk)

    @rule(minutes=st.sampled_from([0, 1, 29, 31]))
    def wait(self, minutes: int) -> None:
        self.clock.now += minutes * 60

    @rule(mood=st.sampled_from([Mood.WELL, *Mood]))
    def rasa_feels(self, mood: Mood) -> None:
        self.rasa.mood = mood

    @rule(can=st.booleans())
    def rasa_forgets(self, can: bool) -> None:
        self.rasa.can_forget = can

    @precondition(lambda self: self.rasa.can_forget)
    @rule()
    def another_process_takes_over(self) -> None:
        self.runner.run(asyncio.sleep(0.001))  # what is being erased is erased
        self.start_door()

    # ---- What must hold. ------------------------------------------------------------------------

    @precondition(lambda self: self.gone)
    @rule(which=NUMBERS, text=TEXTS, button=st.none() | st.just(0))
    def a_token_that_ended_looks_like_one_that_never_was(
        self, which: int, text: str, button: int | None
    ) -> None:
        turn = Turn(button=0) if button == 0 else Turn(text=text)
        token = self.gone[which % len(self.gone)]

        assert self.outcome(token, turn) == self.outcome(NEVER_OPENED, turn)

    @invariant()
    def rasa_gets_only_what_it_should(self) -> None:
        assert not self.rasa.wrong

    @invariant()
    def the_door_holds_no_token(self) -> None:
        held = repr([each for name, each in vars(self.door).items() if name not in GIVEN])

        assert not any(talk.token in held for talk in self.talks)

    @invariant()
    def what_has_ended_is_not_held(self) -> None:
        held = self.door._conversations

        assert not any(hashed(token) in held for token in self.gone)

    def take(self, which: int, turn: Turn) -> None:
        """Sends a turn, and looks at what comes."""
        talk = self.talks[which % len(self.talks)]
        talk.turns += 1
        turn = replace(turn, turn=f"t{talk.turns}")
        lived = self.lives(talk)
        try:
            answer = self.runner.run(self.door.take(talk.token, turn))
        except UnknownConversation:
            assert not lived
            self.ended(talk)
            return
        self.look_at(talk, answer, turn)
        if answer.leave:
            self.ended(talk)
        elif answer.taken and answer.status == 200 and not expired(answer):
            talk.last, talk.answer = turn, answer

    def look_at(self, talk: Talk, answer: Answer, turn: Turn | None = None) -> None:
        """What is true of every answer."""
        text = turn.text if turn and turn.text is not None else ""
        said = " ".join(reply.text for reply in answer.replies)
        marks = {word for word in said.split() if word.startswith("mark")}

        assert answer.replies or answer.leave
        assert answer.leave or not leaves(text)
        assert leaves(text) or not is_urgent(text) or answer.replies[0].message == "danger"
        assert all(self.whose.setdefault(mark, talk.token) == talk.token for mark in marks)

    def lives(self, talk: Talk) -> bool:
        """Whether the door holds it, or can learn of it."""
        held = self.door._conversations.get(hashed(talk.token))
        if held:
            return self.clock() - held.used <= IDLE_MINUTES * 60
        told = self.rasa.remembered(hashed(talk.token))
        return bool(told and told.latest) and self.rasa.mood is not Mood.DOWN

    def ended(self, talk: Talk) -> None:
        """Nobody shall ever reach it again."""
        if talk in self.talks:
            self.talks.remove(talk)
            self.gone.append(talk.token)

    def outcome(self, token: str, turn: Turn) -> object:
        """What somebody sees who tries a token."""
        try:
            return self.runner.run(self.door.take(token, turn))
        except UnknownConversation:
            return UnknownConversation

    def new_turn(self, talk: Talk, text: str) -> Turn:
        talk.turns += 1
        return Turn(text=text, turn=f"t{talk.turns}")


def leaves(text: str) -> bool:
    return text in LEAVES or asks_to_leave(cleaned(text), load().urgent)


def is_urgent(text: str) -> bool:
    return text in URGENT or bool(urgent_in(cleaned(text)[:2000], load().urgent))


def expired(answer: Answer) -> bool:
    return answer.replies[0].message == "button_expired"


async def all_at_once(door: Door, token: str, turns: list[Turn]) -> list[Any]:
    return await asyncio.gather(*(door.take(token, turn) for turn in turns), return_exceptions=True)


AnyOrder.TestCase.settings = settings(max_examples=10, stateful_step_count=25)
TestAnyOrder = AnyOrder.TestCase
