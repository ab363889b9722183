"""The reviewers' book: rules, words and sources as Markdown, made from what runs."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from bot.content import FOLDER, Content, read
from bot.content.check import texts
from bot.content.forms import form_phrases
from bot.content.markdown import document, headed, numbered, points, table
from bot.content.plan_chapter import condition, plan_chapter
from bot.content.reviews import UNREVIEWED, Entry, changes, entries, state_of
from bot.safety.course import PAUSES
from bot.safety.danger import RULES, RULES_READING, Rule
from bot.safety.instruments import (
    DA_HIGHEST,
    DA_LOWEST,
    Judgement,
    aprais,
    da5,
    danger_assessment_band,
    dash,
    dvsat,
)
from bot.safety.questions import Question
from bot.safety.signs import Now, Reason, Sign, code_of, domain_of

FIRST, SECOND = "en", "es"


def danger_chapter(content: Content, folder: Path = FOLDER) -> str:
    """How Foothold looks at danger: signs, rules, sources, limits, and what is not validated."""
    prose = read(folder / "book.yml")["danger"]
    staff = content.language(FIRST).danger["staff"]
    parts = [
        f"# {prose['title']}",
        prose["about"],
        prose["summary"],
        section(prose, "not_validated"),
        section(prose, "verify"),
        section(prose, "signs", table(prose["signs_head"], sign_rows(content, prose))),
        section(prose, "now", table(prose["now_head"], now_rows(content))),
        section(prose, "perception"),
        section(prose, "rules", table(prose["rules_head"], rule_rows(content))),
        section(prose, "level"),
        section(prose, "statute"),
        section(prose, "asking", numbered(order_of_questions(content))),
        headed(prose["critical_title"], table(prose["critical_head"], critical_rows(content))),
        section(prose, "instruments", instruments(staff, prose["instruments_head"])),
        section(prose, "evidence", table(prose["evidence_head"], evidence_rows(content, prose))),
        headed(prose["accuracy_title"], points(staff["figures"])),
        headed(prose["limits_title"], points(content.language(FIRST).danger["how"]["limits"])),
        headed(prose["sources_title"], points(sources(content, prose))),
    ]
    return document(parts)


def questions_chapter(content: Content, folder: Path = FOLDER) -> str:
    """Every question in its order, side by side: why it is asked, its answers, and when."""
    prose = read(folder / "book.yml")["questions"]
    outline = content.outline
    asked = (*outline.before, *outline.after, *outline.interrupts.values())
    rows = (question_row(content, each, prose) for each in asked)
    return document([f"# {prose['title']}", prose["about"], table(prose["head"], rows)])


def question_row(content: Content, question: Question, prose: Mapping[str, Any]) -> list[str]:
    """One question: what is asked and why, its buttons, and for whom."""
    words = [content.language(code).questions.get(question.id, {}) for code in (FIRST, SECOND)]
    asked = ["\n".join(filter(None, [each.get("ask"), each.get("why")])) for each in words]
    buttons = [
        ", ".join(content.buttons(code)[option] for option in question.options)
        for code in (FIRST, SECOND)
    ]
    return [f"`{question.id}`", *asked, *buttons, condition(question.when, prose)]


def words_chapter(content: Content, folder: Path = FOLDER) -> str:
    """Every text in both languages, side by side, with who has read it."""
    prose = read(folder / "book.yml")["words"]
    known = entries(folder / "REVIEWED.yml")
    first, second = texts(content.language(FIRST)), texts(content.language(SECOND))
    rows = ([place, first[place], second[place], read_by(known, place)] for place in first)
    return document([f"# {prose['title']}", prose["about"], table(prose["head"], rows)])


def read_by(known: tuple[Entry, ...], place: str) -> str:
    """Who has read a text, by where it stands: “messages.yml, neck”."""
    file, *parts = place.split(", ")
    states = [state_of(known, file, part) for part in parts]
    return next((each for each in states if each != UNREVIEWED), UNREVIEWED)


def changes_chapter(content: Content, folder: Path = FOLDER) -> str:
    """What is not as it was read at the last review."""
    prose = read(folder / "book.yml")["changes"]
    known = entries(folder / "REVIEWED.yml")
    unread = sum(not each.is_reviewed for each in known)
    found = list(changes(known, folder, tuple(content.languages)))
    rows = ([f"{each.file}, {each.place}", each.before, each.after] for each in found)
    said = prose["about"].format(unread=unread, all=len(known))
    changed = table(prose["head"], rows) if found else prose["nothing"]
    return document([f"# {prose['title']}", said, changed])


def section(prose: Mapping[str, Any], name: str, *more: str) -> str:
    """A section of the book: its heading, its prose, and what follows."""
    return headed(prose[f"{name}_title"], prose[name].strip(), *more)


def sign_rows(content: Content, prose: Mapping[str, Any]) -> Iterable[list[str]]:
    """A row for each sign: what it is called, asked, and from where it is."""
    first, second = content.language(FIRST), content.language(SECOND)
    for sign in Sign:
        domain = domain_of(sign)
        yield [
            code_of(sign),
            f"`{sign.value}`",
            first.danger["domains"][domain.value] if domain else "–",
            first.questions[sign.value]["ask"],
            second.questions[sign.value]["ask"],
            content.danger["signs"][sign.value]["source"],
            prose["reads" if RULES_READING[sign] else "reads_not"],
        ]


def now_rows(content: Content) -> Iterable[list[str]]:
    """A row for each flag."""
    words = content.language(FIRST).danger["now"]
    return ([f"`{flag.value}`", words[flag.value]] for flag in Now)


def rule_rows(content: Content) -> Iterable[list[str]]:
    """A row for each rule, from the highest level down."""
    words = content.language(FIRST).danger
    for rule in RULES:
        level = f"{rule.level.value} {words['levels'][rule.level.id]}"
        yield [level, f"`{rule.id}`", words["rules"][rule.id], reads(rule), rule.source]


def reads(rule: Rule) -> str:
    """What can take part in a rule, by code where there is one."""
    return ", ".join(name_of(reason) for reason in rule.reads)


def name_of(reason: Reason) -> str:
    """A sign by its code, anything else by its name."""
    return code_of(reason) if isinstance(reason, Sign) else f"`{reason.value}`"


def order_of_questions(content: Content) -> Iterable[str]:
    """The danger questions in their order; under a list the signs that it asks about."""
    asked = content.outline.before
    words = content.language(FIRST).questions
    for question in asked:
        if question.adaptive and not question.in_list:
            listed = [words[each.id]["item"] for each in asked if each.in_list == question.id]
            items = "".join(f"\n    - {item.strip()}" for item in listed)
            yield f"{words[question.id]['ask'].strip()}{items}"


def critical_rows(content: Content) -> Iterable[list[str]]:
    """What is said first after a critical yes."""
    messages = content.language(FIRST).messages
    for question in content.outline.before:
        if question.id in PAUSES:
            said = "\n".join(messages[message].strip() for message in question.first)
            yield [", ".join(critical_signs(question)), said]


def critical_signs(question: Question) -> Iterable[str]:
    """The signs after which a pause comes, by code."""
    told = (*question.when.any_of, *question.when.all_of)
    return (code_of(sign) for sign in Sign if sign.value in told)


def instruments(staff: Mapping[str, str], head: Sequence[str]) -> str:
    """A table for each form: every total or count, and what comes of it."""
    forms: dict[str, Callable[[int], Mapping[str, object]]] = {
        "danger_assessment": lambda total: {"band": danger_assessment_band(total)},
        "da5": lambda count: asdict(da5(count)),
        "aprais": lambda count: asdict(aprais(count)),
        "dash": lambda ticks: asdict(dash(ticks)),
        "dvsat": lambda count: asdict(dvsat(count, Judgement.NONE)),
    }
    spans = {
        "danger_assessment": range(DA_LOWEST, DA_HIGHEST + 1),
        "da5": range(6),
        "aprais": range(8),
        "dash": range(25),
        "dvsat": range(26),
    }
    made = []
    for form, result in forms.items():
        rows = grouped((number, in_words(staff, result(number))) for number in spans[form])
        made.append(f"**{staff[f'form_{form}']}**\n\n{table(head, rows)}")
    return "\n\n".join(made)


def grouped(results: Iterable[tuple[int, str]]) -> list[list[str]]:
    """Rows of neighbouring numbers with the same result."""
    rows: list[tuple[int, int, str]] = []
    for number, result in results:
        if rows and rows[-1][2] == result:
            rows[-1] = (rows[-1][0], number, result)
        else:
            rows.append((number, number, result))
    return [[str(a) if a == b else f"{a} to {b}", result] for a, b, result in rows]


def in_words(staff: Mapping[str, str], result: Mapping[str, object]) -> str:
    """The result of a form in words; the count itself stands beside it already."""
    told = {name: value for name, value in result.items() if name not in ("count", "ticks")}
    return "; ".join(form_phrases(staff, told))


def evidence_rows(content: Content, prose: Mapping[str, Any]) -> Iterable[list[str]]:
    """The published figures for each sign."""
    for sign in Sign:
        for each in content.danger["signs"][sign.value]["evidence"]:
            confirmed = prose["confirmed" if each["confirmed"] else "not_confirmed"]
            yield [code_of(sign), each["odds"], each["study"], confirmed]


def sources(content: Content, prose: Mapping[str, Any]) -> Iterable[str]:
    """The works that are named, with what is not confirmed."""
    for study in content.danger["studies"].values():
        doubt = "" if study["confirmed"] else f" ({prose['not_confirmed']})"
        yield f"{study['citation']}{doubt}"


CHAPTERS = {
    "changes": changes_chapter,
    "danger": danger_chapter,
    "questions": questions_chapter,
    "plan": plan_chapter,
    "words": words_chapter,
}


def book(content: Content, chapter: str) -> str:
    """One chapter, or all of them."""
    chosen = CHAPTERS.values() if chapter == "all" else [CHAPTERS[chapter]]
    return "\n".join(write(content) for write in chosen)
