"""A plan in the forms that `foothold plan` gives."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from enum import StrEnum
from typing import Any

from bot.content import Content
from bot.content.hotlines import load_hotlines
from bot.content.planned import WordedPlan, WordedStep, worded_plan
from bot.content.wording import Wording
from bot.plans.calendar import in_a_month, reminder
from bot.plans.pdf import plan_pdf
from bot.plans.sheet import PlanSheet, Reminder
from bot.plans.text import plan_text
from bot.safety.own_plan import Flag, ReadyPlan, ready
from bot.safety.plan import PlanItem


class Form(StrEnum):
    """The forms of a plan."""

    TEXT = "text"
    JSON = "json"
    PDF = "pdf"
    ICS = "ics"


def made_in(content: Content, sheet: PlanSheet, form: Form, password: str | None = None) -> bytes:
    """The plan of a situation in one of its forms."""
    if form is Form.ICS:
        wanted = sheet.reminder or Reminder(in_a_month())
        cover = content.language(sheet.language).planning["cover"]
        return reminder(wanted.words or cover, wanted.when, wanted.repeats)
    catalogue = content.outline.catalogue
    made = ready(catalogue, sheet.situation, sheet.plan(catalogue))
    wording = Wording(content, load_hotlines(), sheet.language, sheet.country, sheet.region)
    worded = worded_plan(wording, made, sheet.services)
    match form:
        case Form.TEXT:
            return plan_text(worded).encode()
        case Form.PDF:
            return plan_pdf(worded, password)
    return (json.dumps(for_machines(content, sheet, made, worded), indent=2) + "\n").encode()


def for_machines(
    content: Content, sheet: PlanSheet, made: ReadyPlan, worded: WordedPlan
) -> dict[str, Any]:
    """The plan with the names of its rules beside its words."""
    items, situation = content.outline.catalogue.items, sheet.situation
    brought = {each.step.id: each.because for part in made.sections for each in part.steps}
    return {
        "language": worded.language,
        "situation": {
            "facts": sorted(situation.facts),
            "level": int(situation.level),
            "priorities": list(situation.priorities),
        },
        "title": worded.title,
        "numbers": list(worded.numbers),
        "conflicts": [
            {**conflict_for_machines(flag), "why": words.why}
            for flag, words in zip(made.flags, worded.flags, strict=True)
        ],
        "sections": [
            {
                "id": part.id,
                "title": part.title,
                "caution": part.caution,
                "items": [
                    {"because": list(brought[step.id]), **step_for_machines(step, items)}
                    for step in part.steps
                ],
            }
            for part in worded.sections
        ],
        "services": list(worded.services),
        "made": worded.made,
        "review": worded.review,
    }


def conflict_for_machines(flag: Flag) -> dict[str, Any]:
    """A conflict with the steps that it is about, and the safer order."""
    return {
        "id": flag.conflict.id,
        "steps": list(flag.steps),
        "against": list(flag.against),
        "safer_order": list(flag.conflict.safer),
    }


def step_for_machines(step: WordedStep, items: Mapping[str, PlanItem]) -> dict[str, Any]:
    """A step with its words, and with its labels and source where it is no own one."""
    item = items.get(step.id)
    return {
        "id": step.id,
        "text": step.text,
        "why": step.why,
        "caution": step.caution,
        "because_in_words": step.because,
        "labels": asdict(item.labels) if item else None,
        "source": item.source if item else None,
        "kind": step.kind or None,
        "done": bool(step.done),
        "flagged": step.flagged,
    }
