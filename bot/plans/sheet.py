"""A situation in a file, as staff and tests write one; it becomes a plan."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

from bot.assessing.plain_values import STDIN, parsed, text_of, wrong_file
from bot.assessing.problems import Entries, hidden, nearest, quoted, wrong
from bot.assessing.sheet import (
    ANSWERS,
    NOW_FLAGS,
    OWN_LEVELS,
    AnswerSheet,
    each,
    entries,
    one_of,
    raised_level,
    signs,
    up_to,
)
from bot.content import LANGUAGES
from bot.plans.calendar import REPEATS
from bot.safety.own_plan import KINDS, LONGEST_WORDS, STEP, OwnPlan, proposed
from bot.safety.plan import FACTS, Catalogue, Situation, facts_told
from bot.safety.signs import GREATEST_FEAR, Answer

ANYWHERE = "emotional"


@dataclass(frozen=True)
class OwnThing:
    """Something of somebody's own for a plan."""

    words: str
    kind: str = STEP
    section: str = ANYWHERE


@dataclass(frozen=True)
class Reminder:
    """When to look at the plan again, and the only words that the calendar shows."""

    on: date
    words: str = ""
    at: time = time(10)
    repeats: str = "once"

    @property
    def when(self) -> datetime:
        """Day and hour."""
        return datetime.combine(self.on, self.at)


@dataclass(frozen=True)
class PlanSheet:
    """What a file says; what it does not say is not known."""

    language: str = "en"
    country: str = ""
    region: str = ""
    answers: AnswerSheet = field(default_factory=AnswerSheet)
    facts: Mapping[str, Answer] = field(default_factory=dict)
    priorities: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    keep: tuple[str, ...] | None = None
    leave_out: tuple[str, ...] = ()
    done: tuple[str, ...] = ()
    own: tuple[OwnThing, ...] = ()
    services: tuple[str, ...] = ()
    reminder: Reminder | None = None

    @property
    def situation(self) -> Situation:
        """What the plan is tailored by: the facts, those that the signs speak of, and the level."""
        told = {sign.value: answer.value for sign, answer in self.answers.signs.items()}
        told |= {fact: answer.value for fact, answer in self.facts.items()}
        level = self.answers.assessment().level
        return Situation(facts_told(told), level, self.priorities, frozenset(self.parts))

    def plan(self, catalogue: Catalogue) -> OwnPlan:
        """The plan with what is kept; with everything that fits where the file does not choose."""
        home = catalogue.section_of
        plan = proposed(catalogue, self.situation)
        if self.keep is not None:
            plan = OwnPlan()
            for item in self.keep:
                plan = plan.with_items(home[item], [item])
        plan = plan.without(*self.leave_out)
        for item in self.done:
            plan = plan.with_items(home[item], [item]).marked(item, done=True)
        for thing in self.own:
            plan = plan.with_own(thing.section, thing.words, thing.kind)
        return plan


def load_plan(file: str, catalogue: Catalogue) -> PlanSheet:
    """The situation in a file, or on standard input for "-"; raises WrongSheet."""
    return read_plan(text_of(file), catalogue, file)


def read_plan(text: str, catalogue: Catalogue, file: str = STDIN) -> PlanSheet:
    """The situation in a text; raises WrongSheet."""
    given = parsed(text, file)
    if given is None:
        given = Entries()
    if not isinstance(given, Entries):
        raise wrong_file(
            file, f"is {quoted(hidden(given))}, not names as in facts: {{children: yes}}"
        )
    values = shape(catalogue)("", given)
    answers = {name: values.pop(name) for name in ANSWER_FIELDS if name in values}
    facts = values.pop("facts", {})
    lists: dict[str, Any] = {name: tuple(values.pop(name)) for name in LISTS if name in values}
    return PlanSheet(answers=AnswerSheet(**answers), facts=facts, **lists, **values)


ANSWER_FIELDS = ("signs", "fear", "own_level", "expects_serious_harm", "now", "raised_to")
LISTS = ("priorities", "parts", "keep", "leave_out", "done", "own", "services")


def shape(catalogue: Catalogue) -> Callable[[str, object], dict[str, Any]]:
    """What may stand in a file."""
    items, parts = list(catalogue.section_of), [each.id for each in catalogue.sections]
    step = known(items, "the id of a step (see: foothold content book)")
    part = one_of({name: name for name in parts})
    priority = one_of({each.id: each.id for each in catalogue.priorities})
    own = entries(
        {"words": words, "kind": one_of({kind: kind for kind in KINDS}), "section": part},
        needed=["words"],
    )
    return entries(
        {
            "language": one_of({code: code for code in LANGUAGES}),
            "country": country,
            "region": words,
            "signs": signs,
            "fear": up_to(GREATEST_FEAR),
            "own_level": one_of(OWN_LEVELS),
            "expects_serious_harm": one_of(ANSWERS),
            "now": each(one_of(NOW_FLAGS), "a list of flags"),
            "raised_to": raised_level,
            "facts": facts,
            "priorities": each(priority, "a list of what matters most"),
            "parts": each(part, "a list of parts"),
            "keep": each(step, "a list of steps"),
            "leave_out": each(step, "a list of steps"),
            "done": each(step, "a list of steps"),
            "own": each(lambda name, given: OwnThing(**own(name, given)), "a list of own things"),
            "services": each(words, "a list of names with numbers"),
            "reminder": reminder,
        }
    )


def facts(name: str, given: object) -> dict[str, Answer]:
    """The facts: with answers each, or as a list of those that are so."""
    if isinstance(given, list) and not isinstance(given, Entries):
        so = each(one_of({fact: fact for fact in FACTS}), "a list of facts")(name, given)
        return dict.fromkeys(so, Answer.YES)
    return entries({fact: one_of(ANSWERS) for fact in FACTS})(name, given)


def known(names: Collection[str], allowed: str) -> Callable[[str, object], str]:
    """Reads one of many names; the allowed ones are too many to list."""
    known_names = frozenset(names)

    def reader(name: str, given: object) -> str:
        if isinstance(given, str) and given in known_names:
            return given
        raise wrong(name, hidden(given), allowed, nearest(given, names))

    return reader


def words(name: str, given: object) -> str:
    """Reads a text; what it says is never repeated."""
    if isinstance(given, str) and 0 < len(given.strip()) <= LONGEST_WORDS:
        return given.strip()
    raise wrong(name, hidden(given), f"a text of up to {LONGEST_WORDS} characters")


def country(name: str, given: object) -> str:
    """Reads a country by its two letters."""
    if isinstance(given, str) and len(given) == 2 and given.isascii() and given.isalpha():
        return given.upper()
    raise wrong(name, hidden(given), "two letters, such as US, GB, ES or MX")


def day(name: str, given: object) -> date:
    """Reads a day."""
    try:
        return date.fromisoformat(str(given))
    except ValueError:
        raise wrong(name, hidden(given), "a day as in 2027-01-31") from None


def hour(name: str, given: object) -> time:
    """Reads an hour of the day."""
    try:
        return time.fromisoformat(str(given))
    except ValueError:
        raise wrong(name, hidden(given), 'an hour as in "18:30"') from None


def reminder(name: str, given: object) -> Reminder:
    """Reads a reminder."""
    repeats = one_of({each: each for each in REPEATS})
    reader = entries({"on": day, "at": hour, "words": words, "repeats": repeats}, needed=["on"])
    return Reminder(**reader(name, given))
