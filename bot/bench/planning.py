"""How long a plan takes: to tailor it, with all its words, and as a locked PDF."""

import time
from collections.abc import Callable

from bot.bench.figures import Figure, Target
from bot.content import load
from bot.content.hotlines import load_hotlines
from bot.content.planned import worded_plan
from bot.content.wording import Wording
from bot.plans.pdf import plan_pdf
from bot.safety.own_plan import ReadyPlan, proposed, ready
from bot.safety.plan import FACTS, Catalogue, Situation

USUAL = Situation(frozenset({"children", "lives_together", "monitored_phone", "wants_to_leave"}))
EVERYTHING = Situation(frozenset(FACTS))
TIMES = 20
A_LOCK = "seven boats"


def plans() -> list[Figure]:
    """A usual plan, and one with every step there is."""
    content = load()
    wording = Wording(content, load_hotlines(), "en", "US")
    return [*of_one(wording, "usual", USUAL), *of_one(wording, "whole", EVERYTHING)]


def of_one(wording: Wording, name: str, situation: Situation) -> list[Figure]:
    """The figures of one plan: built, in words, as a PDF."""
    catalogue = wording.content.outline.catalogue
    made = tailored_plan(catalogue, situation)
    worded = worded_plan(wording, made)
    of = f"a plan of {sum(len(part.steps) for part in worded.sections)} steps"
    built = milliseconds(lambda: tailored_plan(catalogue, situation))
    words = milliseconds(lambda: worded_plan(wording, made))
    locked = milliseconds(lambda: plan_pdf(worded, A_LOCK))
    return [
        Figure(f"plan_{name}", f"{of}, built", "ms", built, Target(5)),
        Figure(f"plan_{name}_words", f"{of}, in words", "ms", words),
        Figure(f"plan_{name}_pdf", f"{of}, as a locked PDF", "ms", locked, Target(300)),
    ]


def tailored_plan(catalogue: Catalogue, situation: Situation) -> ReadyPlan:
    """A plan with everything that fits, ready to hand out."""
    return ready(catalogue, situation, proposed(catalogue, situation))


def milliseconds(work: Callable[[], object]) -> tuple[float, ...]:
    """How long something takes, each time."""
    taken = []
    for _ in range(TIMES):
        started = time.perf_counter()
        work()
        taken.append((time.perf_counter() - started) * 1000)
    return tuple(taken)
