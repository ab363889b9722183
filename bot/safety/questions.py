"""Which question comes next, and what an answer to it means."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace

from bot.safety.danger import Assessment, Told, assess, could_raise
from bot.safety.plan import FACTS, facts_told, is_told
from bot.safety.signs import (
    INCIDENT_SIGNS,
    SIGNS,
    STATUTE_SIGNS,
    Answer,
    Now,
    OwnLevel,
    Perception,
    Reason,
    Sign,
)
from bot.safety.when import ALWAYS, When, facts_of

SKIPPED = "skip"

# Offers the rest of the danger questions, once none of them can raise the level any more.
DANGER_MORE, KEEP_ANSWERING = "danger_more", "keep_answering"

# Field practice: after at most three hard questions in a row, a word on how far we are.
CHECK_IN_EVERY = 3

# Signs and perception: what a danger question can ask about, by the id of the question.
ASKED_ABOUT: Mapping[str, Reason] = {each.value: each for each in (*SIGNS, *Perception)}

# A list asks about several signs: `so:strangled` says yes to one, `none_of_these` no to all.
LIST, SO, NONE_OF_THESE = "list_", "so:", "none_of_these"

# Of these, what free text spoke of is confirmed even if it can't raise the level any more.
ALWAYS_CONFIRMED = frozenset({*STATUTE_SIGNS, *INCIDENT_SIGNS})

ANSWERS = {"yes": Answer.YES, "no": Answer.NO, "never_lived_together": Answer.NO}
FEARS = {f"fear_{degree}": degree for degree in range(5)}
OWN_LEVELS = {f"own_{each.value}": each for each in OwnLevel}


@dataclass(frozen=True)
class Question:
    """One question: its words are found by `id`, its answer is kept under `key`.

    `about` names what a repeated question is about (a plan section, a plan item).
    `understands` maps what a visitor may mean by writing (an intent) to an option.
    `says` lists the messages that an answer brings; `first` those said before asking.
    `adaptive` questions are asked only while they can still raise the danger level; one that
    `serves` others finds out whether those apply. A sign that stands `in_list` is asked there,
    together with others, and by itself only to be confirmed or changed; `items` are the signs
    that a list asks about now. Options that it `stays` open with are answered in words and are
    no answer.
    """

    id: str
    about: str = ""
    options: tuple[str, ...] = ()
    takes: str = "choice"  # choice | text (a story) | words (kept as written) | place
    when: When = ALWAYS
    understands: Mapping[str, str] = field(default_factory=dict)
    says: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    first: tuple[str, ...] = ()
    adaptive: bool = False
    serves: tuple[str, ...] = ()
    stays: tuple[str, ...] = ()
    in_list: str = ""
    items: tuple["Question", ...] = ()

    @property
    def key(self) -> str:
        """The name under which the answer is kept."""
        return f"{self.id}/{self.about}" if self.about else self.id

    @property
    def asked_as(self) -> str:
        """The question under which it is asked: its list, or itself."""
        return self.in_list or self.id

    @property
    def sign(self) -> Sign | None:
        """The danger sign that this question asks about, if it does."""
        about = ASKED_ABOUT.get(self.id)
        return about if isinstance(about, Sign) else None

    @property
    def counts(self) -> bool:
        """Whether this is a danger question whose answer itself counts: no list, no helper."""
        return self.adaptive and not self.serves and not self.id.startswith(LIST)

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """What its answer could add to the danger profile, by itself or by what it serves."""
        about = self.serves or tuple(each.id for each in self.items) or (self.id,)
        return tuple(ASKED_ABOUT[each] for each in about if each in ASKED_ABOUT)


def next_question(
    questions: Iterable[Question],
    answers: Mapping[str, str],
    heard: AbstractSet[Sign] = frozenset(),
) -> Question | None:
    """The question to ask now; None when all are answered.

    They come in their order. Of the adaptive ones first those that free text spoke of, to be
    confirmed; then the first that could still raise the level. So the questions end early only
    when no answer to any that is left could raise it.
    """
    questions = tuple(questions)
    waiting = waiting_questions(questions, answers, heard)
    adaptive = [each for each in waiting if each.adaptive]
    others = [
        each
        for each in waiting
        if not each.adaptive and not each.in_list and (adaptive or each.id != DANGER_MORE)
    ]
    first = next(iter(others), None)
    # Which one is worth asking takes time to find out, and most turns are about something else.
    if adaptive and (first is None or waiting.index(adaptive[0]) < waiting.index(first)):
        return chosen_among(adaptive, questions, answers, heard) or first
    return first


def waiting_questions(
    questions: Iterable[Question], answers: Mapping[str, str], heard: AbstractSet[Sign]
) -> list[Question]:
    """The questions that fit what was told and have no answer yet; lists with what is left."""
    facts = facts_told(answers) | {f"heard:{sign.value}" for sign in heard}
    unasked = (each for each in questions if each.key not in answers and each.when.holds(facts))
    fitting = [each for each in unasked if each.adaptive or not is_known(each, facts)]
    return [whole for each in fitting if (whole := with_items(each, fitting))]


def is_known(question: Question, facts: AbstractSet[str]) -> bool:
    """Whether a question asks for a fact of the plan that was told in another way."""
    return question.id in FACTS and is_told(question.id, facts)


def with_items(question: Question, among: Iterable[Question]) -> Question | None:
    """A list with the signs that it asks about now; None for a list of which none is left."""
    items = tuple(each for each in among if each.in_list == question.id)
    if not items:
        return None if question.id.startswith(LIST) else question
    return replace(question, items=items, options=(*map(pressed, items), *question.options))


def pressed(item: Question) -> str:
    """The option of a list that says yes to one of its signs."""
    return f"{SO}{item.id}"


def chosen_among(
    adaptive: Sequence[Question],
    questions: Sequence[Question],
    answers: Mapping[str, str],
    heard: AbstractSet[Sign],
) -> Question | None:
    """The adaptive question to ask now; None when none of them could change the level."""
    spoken_of = [each for each in adaptive if each.sign in heard]
    asked = [each for each in adaptive if not each.in_list]
    grave = (each for each in spoken_of if each.sign in ALWAYS_CONFIRMED)
    wanted = (*spoken_of, *asked)
    worth = iter(wanted) if goes_on(answers) else worth_asking(wanted, questions, answers)
    return next(grave, None) or next(worth, None)


def worth_asking(
    adaptive: Iterable[Question], questions: Iterable[Question], answers: Mapping[str, str]
) -> Iterator[Question]:
    """Those adaptive questions of which an answer could still raise the level."""
    told, still_open = told_in(answers), open_reasons(questions, answers)
    return (
        each
        for each in adaptive
        if any(
            could_raise(told, reason, still_open) for reason in each.reasons if reason in still_open
        )
    )


def open_reasons(questions: Iterable[Question], answers: Mapping[str, str]) -> tuple[Reason, ...]:
    """What has not been asked yet and may apply, in the order of the questions."""
    unasked = (each for each in questions if each.counts)
    may_still = (each.reasons for each in unasked if may_come(each, answers))
    return tuple(dict.fromkeys(reason for reasons in may_still for reason in reasons))


def may_come(question: Question, answers: Mapping[str, str]) -> bool:
    """Whether a question is unanswered and fits, or could come to fit."""
    facts = facts_of(answers)
    named = (*question.when.any_of, *question.when.all_of)
    not_yet_told = {fact for fact in named if fact.partition(":")[0] not in answers}
    return question.key not in answers and question.when.holds(facts | not_yet_told)


def nothing_can_raise(questions: Iterable[Question], answers: Mapping[str, str]) -> bool:
    """Whether no danger question left could raise the level any more."""
    questions = tuple(questions)
    adaptive = [each for each in questions if each.adaptive]
    return next(worth_asking(adaptive, questions, answers), None) is None


def goes_on(answers: Mapping[str, str]) -> bool:
    """Whether the visitor wants the rest of the danger questions too."""
    return answers.get(DANGER_MORE) == KEEP_ANSWERING


def sign_answers(answers: Mapping[str, str]) -> dict[Sign, Answer]:
    """The danger signs among the answers; skipped and "not sure" are UNKNOWN, never NO."""
    return {
        sign: ANSWERS.get(answers[sign.value], Answer.UNKNOWN)
        for sign in SIGNS
        if sign.value in answers and sign is not Sign.OTHER_WORRY
    }


def told_in(answers: Mapping[str, str]) -> Told:
    """What the rules look at among the answers."""
    yes = (sign for sign, answer in sign_answers(answers).items() if answer is Answer.YES)
    return Told(
        yes=frozenset(yes),
        fear=FEARS.get(answers.get("fear", ""), 0),
        own_level=OWN_LEVELS.get(answers.get("own_level", ""), OwnLevel.NONE),
        expects_serious_harm=answers.get("expects_serious_harm") == "yes",
    )


def assessment_of(answers: Mapping[str, str], now: AbstractSet[Now] = frozenset()) -> Assessment:
    """The assessment of what was answered in a conversation."""
    told = told_in(answers)
    return assess(
        sign_answers(answers),
        fear=told.fear,
        own_level=told.own_level,
        expects_serious_harm=Answer.YES if told.expects_serious_harm else Answer.UNKNOWN,
        now=now,
    )


def danger_progress(questions: Sequence[Question], answers: Mapping[str, str]) -> tuple[int, int]:
    """How many danger questions are behind us, and how many at most are still to come.

    A list counts as one question, and is behind us once all of it is answered.
    """
    asked = {each.asked_as for each in questions if each.adaptive and each.key in answers}
    ahead = [each for each in questions if each.adaptive and may_come(each, answers)]
    if not goes_on(answers):
        ahead = list(worth_asking(ahead, questions, answers))
    to_come = {each.asked_as for each in ahead if not each.id.startswith(LIST)}
    return len(asked - to_come), len(to_come)


def danger_questions(questions: Iterable[Question]) -> int:
    """How many danger questions there are in all; a list is one."""
    return len({each.asked_as for each in questions if each.adaptive})


def check_in_is_due(done: int) -> bool:
    """Whether it is time to say how far we are, after so many danger questions."""
    return done > 0 and done % CHECK_IN_EVERY == 0
