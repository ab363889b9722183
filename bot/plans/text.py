"""A plan as plain text, to read, to copy, or to print."""

from collections.abc import Iterator

from bot.content.planned import WordedFlag, WordedPlan, WordedSection, WordedStep


def plan_text(plan: WordedPlan) -> str:
    """The whole plan; every caution stands before what it is about."""
    head = [plan.title, plan.made, "\n".join(plan.numbers)]
    return "\n\n".join([*head, *parts(plan, labels=True), plan.review]) + "\n"


def short_text(plan: WordedPlan) -> str:
    """The plan as it is shown within a talk: without numbers and labels."""
    return "\n\n".join([plan.title, *parts(plan, labels=False)])


def parts(plan: WordedPlan, *, labels: bool) -> Iterator[str]:
    """What fights each other first, then the services that were kept, then part by part."""
    if plan.flags:
        flags = ["\n".join(flag_lines(plan, flag)) for flag in plan.flags]
        yield "\n\n".join([plan.flags_title, *flags])
    if plan.services:
        yield "\n".join([plan.services_title, *(f"– {each}" for each in plan.services)])
    for section in plan.sections:
        yield "\n".join(section_lines(section, labels=labels))


def flag_lines(plan: WordedPlan, flag: WordedFlag) -> Iterator[str]:
    """Why steps fight each other, and a safer order."""
    yield flag.why
    yield f"{plan.order_title}:"
    yield from (f"{number}. {step}" for number, step in enumerate(flag.order, start=1))


def section_lines(section: WordedSection, *, labels: bool) -> Iterator[str]:
    """One part, line by line."""
    yield section.title
    if section.caution:
        yield section.caution
    for step in section.steps:
        yield from step_lines(step, labels=labels)


def step_lines(step: WordedStep, *, labels: bool) -> Iterator[str]:
    """One step: its caution, itself, what brought it, and its labels."""
    caution = f"{step.caution} " if step.caution else ""
    yield f"– {caution}{step.line}"
    if labels:
        if step.because:
            yield f"  {step.because}"
        if step.labels:
            yield f"  {step.labels_line}"
