"""What a plan can be made of, from plan.yml and planning.yml."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bot.content.reading import ContentError, condition, read, refuse_unknown
from bot.safety.plan import (
    COSTS,
    NOTICED,
    TAKES,
    TRACES,
    UNDONE,
    Catalogue,
    Conflict,
    Labels,
    LifeEvent,
    PlanItem,
    PlanSection,
    Priority,
    Surprise,
)


def catalogue(folder: Path) -> Catalogue:
    """Everything that a plan can be made of."""
    path = folder / "planning.yml"
    shape = read(path)
    return Catalogue(
        sections=tuple(
            plan_section(folder / "plan.yml", each) for each in read(folder / "plan.yml")
        ),
        priorities=tuple(
            Priority(
                each["id"], tuple(each.get("first", ())), tuple(each.get("last", ())), quiet(each)
            )
            for each in shape["priorities"]
        ),
        conflicts=tuple(
            Conflict(
                id=each["id"],
                steps=tuple(each["steps"]),
                against=tuple(each.get("against", ())),
                when=condition(path, each),
                safer=tuple(each["safer"]),
            )
            for each in shape["conflicts"]
        ),
        surprises=tuple(
            Surprise(each["id"], tuple(each["repairs"]), condition(path, each))
            for each in shape["surprises"]
        ),
        events=tuple(
            LifeEvent(each["id"], *listed(each, "facts", "asks", "parts"))
            for each in shape["events"]
        ),
    )


def quiet(entry: Mapping[str, Any]) -> bool:
    """Whether the quietest steps come first."""
    return bool(entry.get("quiet", False))


def listed(entry: Mapping[str, Any], *names: str) -> list[Any]:
    """Some lists of an entry, empty where they are left out."""
    return [tuple(entry.get(name, ())) for name in names]


def plan_section(path: Path, entry: Mapping[str, Any]) -> PlanSection:
    """One part of the plan with its items."""
    refuse_unknown(path, entry, {"section", "when", "warn_first", "grave_first", "items"})
    return PlanSection(
        id=entry["section"],
        items=tuple(plan_item(path, item) for item in entry["items"]),
        when=condition(path, entry),
        warn_first=entry.get("warn_first", False),
        grave_first=entry.get("grave_first", False),
    )


def plan_item(path: Path, entry: Mapping[str, Any]) -> PlanItem:
    """One item with its labels; raises ContentError for a label that nobody knows."""
    labels = {"noticed": NOTICED, "undo": UNDONE, "time": TAKES, "cost": COSTS}
    refuse_unknown(path, entry, {"id", "when", "source", "trace", *labels})
    for name, allowed in (*labels.items(), ("trace", TRACES)):
        given = entry.get(name)
        values = given if name == "trace" and isinstance(given, list) else [given]
        if not values or not set(values) <= set(allowed):
            listed = ", ".join(allowed)
            raise ContentError(
                f"{path.name}, {entry['id']}: “{name}” is {given!r}. Allowed are: {listed}."
            )
    return PlanItem(
        id=entry["id"],
        when=condition(path, entry),
        labels=Labels(trace=tuple(entry["trace"]), **{name: entry[name] for name in labels}),
        source=entry.get("source", ""),
    )
