"""A plan in words: everything that is shown, printed or taken away is made from this."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from bot.content.wording import Wording
from bot.safety.own_plan import STEP, Flag, OwnPlan, ReadyPlan, ReadySection, ReadyStep, Step
from bot.safety.plan import Labels
from bot.safety.reviewing import Difference

# A number to call in a line that also names it: digits, as they are usually written.
A_NUMBER = re.compile(r"(?<![\w.])\+?\(?\d[\d ()./-]*\d(?!\w)")

LABELS = ("noticed", "trace", "undo", "time", "cost")


@dataclass(frozen=True)
class WordedStep:
    """One step: its caution stands before it.

    `labels` are titles and values, in the order of LABELS; none for what the owner wrote. `about`
    says what an own step is. `flagged`: a safer order is told at the head of the plan.
    """

    id: str
    text: str
    why: str = ""
    caution: str = ""
    because: str = ""
    about: str = ""
    kind: str = ""
    labels: tuple[tuple[str, str], ...] = ()
    short_label: str = ""
    done: str = ""
    flagged: bool = False

    @property
    def says_what_it_is(self) -> str:
        """What one's own thing is, such as “Someone I trust”; empty for any step."""
        return self.about if self.kind != STEP else ""

    @property
    def line(self) -> str:
        """The step as one line: what it is, itself, and that it is done."""
        head = f"{self.says_what_it_is}: " if self.says_what_it_is else ""
        return head + self.text + (f" ({self.done})" if self.done else "")

    @property
    def labels_line(self) -> str:
        """All its labels in one line."""
        return " · ".join(f"{title} {value}" for title, value in self.labels)


@dataclass(frozen=True)
class WordedSection:
    """One part: its caution stands before its steps."""

    id: str
    title: str
    caution: str
    steps: tuple[WordedStep, ...]


@dataclass(frozen=True)
class WordedFlag:
    """Steps that fight each other: which, why, and a safer order."""

    id: str
    steps: tuple[str, ...]
    why: str
    order: tuple[str, ...]


@dataclass(frozen=True)
class WordedPlan:
    """A whole plan in one language; `cover` is a title that tells nothing, for files."""

    language: str
    cover: str
    title: str
    made: str
    numbers: tuple[str, ...]
    flags_title: str
    flags: tuple[WordedFlag, ...]
    order_title: str
    sections: tuple[WordedSection, ...]
    services_title: str
    services: tuple[str, ...]
    review: str

    @property
    def bare_numbers(self) -> tuple[str, ...]:
        """Every number of the plan without the name it belongs to."""
        told = (*self.numbers, *self.services)
        found = (each.strip() for line in told for each in A_NUMBER.findall(line))
        return tuple(dict.fromkeys(found))

    def as_values(self) -> dict[str, Any]:
        """The plan as plain values."""
        return asdict(self)


def worded_plan(wording: Wording, plan: ReadyPlan, services: Sequence[str] = ()) -> WordedPlan:
    """A plan in words; `services` are those that were kept, by name and number."""
    words = wording.words.planning
    flagged = {step for flag in plan.flags for step in (*flag.steps, *flag.against)}
    return WordedPlan(
        language=wording.language,
        cover=wording.words.page["title"],
        title=words["plan"]["title"],
        made=words["plan"]["made"].strip(),
        numbers=numbers(wording),
        flags_title=words["flags_title"],
        flags=tuple(worded_flag(wording, flag) for flag in plan.flags),
        order_title=words["flag_order"],
        sections=tuple(worded_section(wording, each, flagged) for each in plan.sections),
        services_title=words["plan"]["services"],
        services=tuple(services),
        review=words["plan"]["review"].strip(),
    )


def numbers(wording: Wording) -> tuple[str, ...]:
    """The emergency number and a hotline of the place."""
    known = wording.numbers("numbers")
    emergency = wording.words.words["line"]["emergency"]
    return (f"{emergency}: {known['emergency']}", str(known["hotline"]))


def worded_section(wording: Wording, section: ReadySection, flagged: set[str]) -> WordedSection:
    """One part in words."""
    return WordedSection(
        id=section.id,
        title=wording.section_part(section.id, "title"),
        caution=wording.section_part(section.id, "caution"),
        steps=tuple(worded_step(wording, each, flagged) for each in section.steps),
    )


def worded_step(wording: Wording, ready: ReadyStep, flagged: set[str]) -> WordedStep:
    """One step in words: the owner's where they wrote some."""
    step, words = ready.step, wording.words.planning
    done = words["done"] if step.done else ""
    item = wording.content.outline.catalogue.items.get(step.id)
    if item is None:
        about = words["own"][step.kind]
        return WordedStep(step.id, step.words, about=about, kind=step.kind, done=done)
    return WordedStep(
        id=step.id,
        text=step.words or wording.item_part(step.id, "text"),
        why=wording.item_part(step.id, "why"),
        caution=wording.item_part(step.id, "caution"),
        because=because(wording, ready.because),
        labels=label_words(words, item.labels),
        short_label=short_label(words, item.labels),
        done=done,
        flagged=step.id in flagged,
    )


def because(wording: Wording, facts: Sequence[str]) -> str:
    """What brought a step to the plan; empty where it is for everybody."""
    words = wording.words.planning
    reasons = ", ".join(words["facts"][fact]["because"] for fact in facts)
    return str(words["because"].format(reasons=reasons)) if reasons else ""


def label_words(words: Mapping[str, Any], labels: Labels) -> tuple[tuple[str, str], ...]:
    """All labels of a step: title and value."""
    named = words["labels"]
    values = asdict(labels)
    return tuple(
        (named[name]["title"], ", ".join(named[name][each] for each in listed(values[name])))
        for name in LABELS
    )


def short_label(words: Mapping[str, Any], labels: Labels) -> str:
    """What matters most of the labels, in a few words: whether it shows, and where."""
    short = words["short_labels"]
    said = [short[f"noticed_{labels.noticed}"]]
    if labels.trace != ("none",):
        where = ", ".join(words["labels"]["trace"][each] for each in labels.trace)
        said.append(short["trace"].format(where=where))
    return "; ".join(said)


def listed(value: object) -> tuple[str, ...]:
    """One or more values as several."""
    return tuple(value) if isinstance(value, tuple | list) else (str(value),)


def worded_flag(wording: Wording, flag: Flag) -> WordedFlag:
    """A conflict in words, with the safer order of its steps."""
    words = wording.words.planning["conflicts"][flag.conflict.id]
    steps = (*flag.steps, *flag.against)
    order = (
        *flag.conflict.safer,
        *(each for each in flag.steps if each not in flag.conflict.safer),
    )
    return WordedFlag(
        id=flag.conflict.id,
        steps=tuple(wording.item_part(each, "text") for each in steps),
        why=words.strip(),
        order=tuple(wording.item_part(each, "text") for each in order),
    )


def step_words(wording: Wording, step: Step) -> str:
    """The words of a step alone."""
    if step.words:
        about = wording.words.planning["own"].get(step.kind, "")
        return f"{about}: {step.words}" if step.is_own and step.kind != STEP else step.words
    return wording.item_part(step.id, "text")


def worded_difference(wording: Wording, differs: Difference) -> str:
    """What is different from a saved plan, a line each."""
    words = wording.words.planning["difference"]
    kinds = ("added", "removed", "reworded", "done")
    lines = [
        f"– {words[kind]}: {step_words(wording, step)}"
        for kind in kinds
        for step in getattr(differs, kind)
    ]
    return "\n".join([words["title"], *lines]) if lines else str(words["nothing"])


def in_words(wording: Wording, plan: OwnPlan, ids: Sequence[str]) -> str:
    """Some steps in words, a line each: as they are in a plan, or as they would come into it."""
    found = (plan.find(each) or Step(each, "") for each in ids)
    return "\n".join(f"– {step_words(wording, step)}" for step in found)
