"""The book's chapter on the plan: every part and step, side by side, with labels and sources."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from bot.content import FOLDER, Content, read
from bot.content.markdown import document, headed, table
from bot.content.planned import label_words
from bot.content.reviews import UNREVIEWED, Entry, entries, state_of
from bot.safety.plan import PlanItem, PlanSection
from bot.safety.when import When

FIRST, SECOND = "en", "es"


def plan_chapter(content: Content, folder: Path = FOLDER) -> str:
    """Everything that a plan can hold, what tailors it, and what watches over it."""
    prose = read(folder / "book.yml")["plan"]
    known = entries(folder / "REVIEWED.yml")
    catalogue = content.outline.catalogue
    return document(
        [
            f"# {prose['title']}",
            prose["about"].format(items=len(catalogue.items), parts=len(catalogue.sections)),
            *(part(content, each, prose, known) for each in catalogue.sections),
            headed(prose["labels_title"], table(prose["labels_head"], label_rows(content))),
            headed(prose["facts_title"], table(prose["facts_head"], fact_rows(content))),
            headed(
                prose["priorities_title"],
                prose["priorities"],
                table(prose["priorities_head"], priority_rows(content)),
            ),
            headed(
                prose["conflicts_title"],
                prose["conflicts"],
                table(prose["conflicts_head"], conflict_rows(content, prose)),
            ),
            headed(
                prose["surprises_title"], table(prose["surprises_head"], surprise_rows(content))
            ),
            headed(prose["events_title"], table(prose["events_head"], event_rows(content))),
        ]
    )


def part(
    content: Content, section: PlanSection, prose: Mapping[str, Any], known: tuple[Entry, ...]
) -> str:
    """One part with its cautions and steps."""
    first, second = (content.language(code).plan_sections[section.id] for code in (FIRST, SECOND))
    cautions = [each["caution"].strip() for each in (first, second) if "caution" in each]
    when = prose["when"].format(when=condition(section.when, prose))
    return headed(
        f"{first['title']} · {second['title']} (`{section.id}`)",
        when,
        *(f"**{each}**" for each in cautions),
        table(prose["head"], (row(content, section, item, prose, known) for item in section.items)),
    )


def row(
    content: Content,
    section: PlanSection,
    item: PlanItem,
    prose: Mapping[str, Any],
    known: tuple[Entry, ...],
) -> list[str]:
    """One step: words side by side, for whom, labels, source, and who has read it."""
    words = [in_full(content.language(code).plan_items[item.id]) for code in (FIRST, SECOND)]
    own = state_of(known, "plan.yml", item.id)
    of_part = state_of(known, "plan.yml", section.id)
    named = label_words(content.language(FIRST).planning, item.labels)
    labels = ", ".join(f"{title} {value}" for title, value in named)
    state = of_part if own == UNREVIEWED else own
    return [f"`{item.id}`", *words, condition(item.when, prose), labels, item.source, state]


def in_full(words: Mapping[str, str]) -> str:
    """A step as it is read: its caution, itself, and why."""
    parts = [f"**{words['caution'].strip()}**"] if "caution" in words else []
    return "\n".join([*parts, words["text"].strip(), f"*{words['why'].strip()}*"])


def condition(when: When, prose: Mapping[str, Any]) -> str:
    """For whom something is, in the names of the facts."""
    told = [f"`{fact}`" for fact in when.all_of]
    if when.any_of:
        told.append(f" {prose['or']} ".join(f"`{fact}`" for fact in when.any_of))
    return f" {prose['and']} ".join(told) or str(prose["everybody"])


def both(content: Content, *path: str) -> list[str]:
    """A text around the plan in both languages."""
    found = []
    for code in (FIRST, SECOND):
        text: Any = content.language(code).planning
        for name in path:
            text = text[name]
        found.append(str(text).strip())
    return found


def label_rows(content: Content) -> Iterator[list[str]]:
    """A row for each value of each label."""
    for name, values in content.language(FIRST).planning["labels"].items():
        for value in values:
            yield [f"`{name}`", f"`{value}`", *both(content, "labels", name, value)]


def fact_rows(content: Content) -> Iterator[list[str]]:
    """A row for each fact: how it is asked for, and how it is told."""
    for fact in content.language(FIRST).planning["facts"]:
        asked = both(content, "facts", fact, "button")
        yield [f"`{fact}`", *asked, *both(content, "facts", fact, "because")]


def priority_rows(content: Content) -> Iterator[list[str]]:
    """A row for each thing that can matter most."""
    for each in content.outline.catalogue.priorities:
        order = [names(each.first), names(each.last), "✓" if each.quiet else ""]
        yield [f"`{each.id}`", *both(content, "priorities", each.id), *order]


def conflict_rows(content: Content, prose: Mapping[str, Any]) -> Iterator[list[str]]:
    """A row for each conflict: which steps, against what, why, and a safer order."""
    for each in content.outline.catalogue.conflicts:
        against = names(each.against) or condition(each.when, prose)
        words = both(content, "conflicts", each.id)
        yield [f"`{each.id}`", names(each.steps), against, *words, names(each.safer, " → ")]


def surprise_rows(content: Content) -> Iterator[list[str]]:
    """A row for each surprise of the rehearsal."""
    for each in content.outline.catalogue.surprises:
        yield [f"`{each.id}`", *both(content, "surprises", each.id), names(each.repairs)]


def event_rows(content: Content) -> Iterator[list[str]]:
    """A row for each life event."""
    for each in content.outline.catalogue.events:
        touched = [names(each.facts), names(each.asks), names(each.parts)]
        yield [f"`{each.id}`", *both(content, "events", each.id), *touched]


def names(ids: Iterable[str], between: str = ", ") -> str:
    """Ids in a line."""
    return between.join(f"`{each}`" for each in ids)
