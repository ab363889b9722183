"""The danger questions with made-up people: how many are asked, and how fast the rules are."""

import random
import statistics
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path
from typing import Any

from bot.bench.figures import Figure, Target
from bot.content import load, read
from bot.safety.course import EXPLAINED, PAUSES, Course, Outline, open_question, with_answer
from bot.safety.danger import assess
from bot.safety.questions import (
    DANGER_MORE,
    KEEP_ANSWERING,
    NONE_OF_THESE,
    SKIPPED,
    Question,
    pressed,
)
from bot.safety.signs import Answer, Sign

SCENARIOS = Path("tests/scenarios")
FILES = ("statute.yml", "danger_profile.yml", "lives.yml")
CONSENTED = {
    "safe_now": "yes",
    "device": "no",
    "wants": "want_danger_questions",
    "listen": "nothing_now",
    "danger_consent": "yes",
}
LONGEST = 100  # questions, pauses and all
SHEETS = 1_000
ASSESSMENTS = 20_000


class NeverEnds(Exception):
    """The danger questions go round in circles."""


@dataclass(frozen=True)
class Interview:
    """The danger questions that one person was asked, and where their conversation stands."""

    asked: tuple[str, ...]
    course: Course


def interview(outline: Outline, person: Mapping[str, str], *, whole: bool = False) -> Interview:
    """Asks a person the danger questions until none could raise the level, or all of them.

    `person` gives the answer to each question by its id; what it lacks is skipped.
    """
    course, asked = Course(answers=CONSENTED), list[str]()
    ends = {"exhausted_or_isolated", EXPLAINED} | (set() if whole else {DANGER_MORE})
    for _ in range(LONGEST):
        question = open_question(outline, course)
        if question.id in ends:
            return Interview(tuple(asked), course)
        if question.adaptive and not course.interrupt:
            asked.append(question.id)
        course = with_answer(outline, course, question, answer_of(question, person))
        if course.answers.get(DANGER_MORE) and not whole:
            return Interview(tuple(asked), course)
    raise NeverEnds


def answer_of(question: Question, person: Mapping[str, str]) -> str:
    """What a person says to a question; pauses and danger are gone through."""
    if question.id in PAUSES:
        return "go_on"
    if question.id == DANGER_MORE:
        return KEEP_ANSWERING
    for item in question.items:
        if person.get(item.id) == "yes":
            return pressed(item)
    if question.items:
        return said_to_all(person, question)
    return person.get(question.id, "safer" if "safer" in question.options else SKIPPED)


def said_to_all(person: Mapping[str, str], question: Question) -> str:
    """What a person says to the signs of a list of which none is so: to all of them at once."""
    said = {person.get(item.id, SKIPPED) for item in question.items}
    return NONE_OF_THESE if said == {"no"} else "not_sure"


def person_of(case: Mapping[str, Any]) -> dict[str, str] | None:
    """The person of a scenario; None where no danger question was answered or danger is now."""
    signs = dict(case.get("signs", {})) | dict.fromkeys(case.get("yes", ()), "yes")
    perceived = any(name in case for name in ("fear", "own_level", "expects_serious_harm"))
    if case.get("declined") or case.get("now") or not (signs or perceived or "yes" in case):
        return None
    otherwise = case.get("otherwise", "no")
    person = {sign.value: signs.get(sign.value, otherwise) for sign in Sign}
    person["expects_serious_harm"] = case.get("expects_serious_harm", otherwise)
    if "fear" in case:
        person["fear"] = f"fear_{case['fear']}"
    if "own_level" in case:
        person["own_level"] = f"own_{case['own_level']}"
    person["children"] = person["child_not_theirs"]
    return {key: "not_sure" if said == "unknown" else said for key, said in person.items()}


def people(folder: Path = SCENARIOS) -> list[dict[str, str]]:
    """Everyone in the scenario set who is asked danger questions."""
    cases = [case for file in FILES for case in read(folder / file)]
    return [person for case in cases if (person := person_of(case))]


def rules() -> list[Figure]:
    """How many questions the scenario set needs, and how many assessments a second there are."""
    outline = load().outline
    counts = [len(interview(outline, person).asked) for person in people()]
    return [
        Figure(
            "danger_questions",
            "danger questions asked, median of the scenarios",
            "",
            (float(statistics.median(counts)),),
            Target(8),
            f"{len(counts)} people, {min(counts)} to {max(counts)} questions",
        ),
        Figure(
            "assessments",
            "assessments in one process",
            "/s",
            tuple(assessments_a_second() for _ in range(5)),
            Target(10_000, at_least=True),
            f"{SHEETS} different answer sheets",
        ),
    ]


def assessments_a_second() -> float:
    """How many answer sheets are assessed in a second; all kinds, from empty to full."""
    sheets = list(answer_sheets())
    begun = time.perf_counter()
    for sheet in islice(cycle(sheets), ASSESSMENTS):
        assess(sheet)
    return ASSESSMENTS / (time.perf_counter() - begun)


def answer_sheets() -> Iterator[dict[Sign, Answer]]:
    """Made-up answer sheets, the same ones each time."""
    chance = random.Random(1)  # noqa: S311 - the same sheets each time, and no secret  # nosec B311
    for _ in range(SHEETS):
        answered = chance.sample(list(Sign), chance.randint(0, len(Sign)))
        yield {sign: chance.choice(list(Answer)) for sign in answered}
