"""Whether the words are complete: the same in every language, each where it is needed.

What is wrong is said in sentences for the person who edits words.
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from bot.content import CONTROLS, FOLDER, Content, Language, read
from bot.safety.course import Outline
from bot.safety.danger import RULES
from bot.safety.editing import DONE, NOT_DONE, TAKE_OUT
from bot.safety.own_plan import KINDS
from bot.safety.plan import ASKED_FOR, COSTS, FACTS, NOTICED, TAKES, TRACES, UNDONE, Catalogue
from bot.safety.planning import ITEM_OPTIONS, NO_MORE, NOTHING_TO_ADD, SECTION_OPTIONS
from bot.safety.questions import LIST, Question
from bot.safety.rehearsing import COVERED, NOT_FOR_ME, REPAIR
from bot.safety.reviewing import KEEP_THEM, TAKE_THEM_OUT
from bot.safety.signs import Domain, Level, Now, Sign, code_of

# Put together from what is known, by bot/content/wording.py and bot/actions/speaking.py.
COMPOSED = frozenset(
    {"numbers", "explanation", "plan", "plan_whole", "plan_difference", "services", "save_plan"}
)
PLAN_QUESTIONS = (
    "plan_section",
    "plan_item",
    "plan_own",
    "more_sections",
    "rehearse",
    "plan_outgrown",
)
PLAN_OPTIONS = (
    *SECTION_OPTIONS,
    *ITEM_OPTIONS,
    *(NOTHING_TO_ADD, NO_MORE, DONE, NOT_DONE, TAKE_OUT),
    *(COVERED, REPAIR, NOT_FOR_ME, KEEP_THEM, TAKE_THEM_OUT),
)
LABEL_VALUES = {
    "noticed": NOTICED,
    "trace": TRACES,
    "undo": UNDONE,
    "time": TAKES,
    "cost": COSTS,
}
PLACEHOLDER = re.compile(r"\{(\w+)\}")


def problems(content: Content, folder: Path = FOLDER) -> list[str]:
    """All that is wrong with the words, a sentence each; empty when nothing is."""
    return [
        *same_in_every_language(content),
        *not_in_the_plan(content.outline.catalogue),
        *(problem for code in content.languages for problem in missing(content, code)),
        *(problem for code in content.languages for problem in never_said(content, code, folder)),
    ]


def texts(words: Language) -> dict[str, str]:
    """Every text of a language, by where it stands."""
    return {
        **{f"messages.yml, {key}": text for key, text in words.messages.items()},
        **{f"buttons.yml, {key}": text for key, text in words.buttons.items()},
        **{f"page.yml, {key}": text for key, text in words.page.items()},
        **nested("questions.yml", words.questions),
        **nested("plan.yml, sections", words.plan_sections),
        **nested("plan.yml", words.plan_items),
        **deep("planning.yml", words.planning),
        **deep("danger.yml", words.danger),
        **deep("promises.yml", words.promises),
        **deep("telegram.yml", words.telegram),
        **{
            f"covers, {name}, {part}": text
            for name, cover in words.covers.items()
            for part, text in (*cover.look.items(), *cover.commands.items(), *cover.says.items())
        },
    }


def deep(place: str, entry: object) -> dict[str, str]:
    """The texts of an entry, however deep they lie."""
    if isinstance(entry, Mapping):
        parts = [(str(key), value) for key, value in entry.items()]
    elif isinstance(entry, list):
        parts = [(str(number), value) for number, value in enumerate(entry, start=1)]
    else:
        return {place: str(entry)}
    found = [deep(f"{place}, {name}", part) for name, part in parts]
    return {key: text for each in found for key, text in each.items()}


def nested(place: str, entries: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    """The texts of entries that have several each."""
    return {
        f"{place}, {key}, {name}": text
        for key, entry in entries.items()
        for name, text in entry.items()
    }


def same_in_every_language(content: Content) -> Iterator[str]:
    """Texts or placeholders that one language has and another lacks."""
    (first, words), *others = content.languages.items()
    reference = texts(words)
    for code, language in others:
        other = texts(language)
        for place in sorted(reference.keys() ^ other.keys()):
            lacking = code if place in reference else first
            yield f"{lacking}/{place} is missing. Please add it."
        for place in sorted(reference.keys() & other.keys()):
            if set(PLACEHOLDER.findall(reference[place])) != set(PLACEHOLDER.findall(other[place])):
                yield f"{code}/{place} does not use the same {{placeholders}} as {first}."


def missing(content: Content, code: str) -> Iterator[str]:
    """Words that a question, an answer or the plan needs and that are not there."""
    words, outline = content.language(code), content.outline
    for question in every_question(outline):
        yield from missing_for(question, code, words)
    for control in CONTROLS:
        if control not in words.buttons:
            yield f"{code}/buttons.yml needs a title for “{control}”."
    for messages in content.asides.values():
        yield from (no_message(code, each) for each in messages if unknown(each, words))
    yield from missing_plan(outline, code, words)
    yield from missing_danger(content, code, words)


def missing_danger(content: Content, code: str, words: Language) -> Iterator[str]:
    """Levels, rules, signs and flags of the danger profile that have no words."""
    needed = {
        "levels": [*(each.id for each in Level if each), "none_named", "not_enough_info"],
        "rules": [*(rule.id for rule in RULES), "raised_by_advocate"],
        "signs": [sign.value for sign in Sign],
        "now": [flag.value for flag in Now],
        "domains": [domain.value for domain in Domain],
    }
    for part, names in needed.items():
        for name in names:
            if name not in words.danger[part]:
                yield f"{code}/danger.yml, {part}, needs “{name}”."
    yield from unlike_the_rules(content)


def unlike_the_rules(content: Content) -> Iterator[str]:
    """Signs whose facts are missing, or stand under another code than the rules use."""
    facts = content.danger["signs"]
    for sign in Sign:
        if facts.get(sign.value, {}).get("code") != code_of(sign):
            yield f"danger.yml, signs, needs “{sign.value}” with the code {code_of(sign)}."


def missing_plan(outline: Outline, code: str, words: Language) -> Iterator[str]:
    """Parts and items of the plan, and what belongs to them, that have no words."""
    for section in outline.catalogue.sections:
        if section.id not in words.plan_sections:
            yield f"{code}/plan.yml needs the section “{section.id}”."
        for item in section.items:
            for part in ("text", "why"):
                if part not in words.plan_items.get(item.id, {}):
                    yield f"{code}/plan.yml, {item.id} needs “{part}”."
    yield from missing_planning(outline.catalogue, code, words)


def missing_planning(catalogue: Catalogue, code: str, words: Language) -> Iterator[str]:
    """Facts, labels, conflicts and the like that have no words."""
    planning = words.planning
    needed = {
        "facts": (*FACTS, ASKED_FOR),
        "own": KINDS,
        **{part: [e.id for e in getattr(catalogue, part)] for part in ("priorities", "events")},
        **{part: [e.id for e in getattr(catalogue, part)] for part in ("conflicts", "surprises")},
    }
    for part, names in needed.items():
        lacking = [name for name in names if name not in planning[part]]
        yield from (f"{code}/planning.yml, {part}, needs “{name}”." for name in lacking)
    for label, values in LABEL_VALUES.items():
        lacking = [each for each in ("title", *values) if each not in planning["labels"][label]]
        yield from (f"{code}/planning.yml, labels, {label} needs “{each}”." for each in lacking)
    hints = (f"plan_hint_{kind}" for kind in KINDS)
    yield from (no_message(code, hint) for hint in hints if unknown(hint, words))


def not_in_the_plan(catalogue: Catalogue) -> Iterator[str]:
    """Names in planning.yml and plan.yml of which there is nothing; steps without a source."""
    parts = {each.id for each in catalogue.sections}
    items = catalogue.section_of
    steps = {
        **{f"conflicts, {c.id}": (*c.steps, *c.against, *c.safer) for c in catalogue.conflicts},
        **{f"surprises, {s.id}": s.repairs for s in catalogue.surprises},
    }
    for place, named in steps.items():
        yield from (
            f"planning.yml, {place}: there is no step “{each}” in plan.yml."
            for each in named
            if each not in items
        )
    for place, named in {
        **{f"priorities, {p.id}": (*p.first, *p.last) for p in catalogue.priorities},
        **{f"events, {e.id}": e.parts for e in catalogue.events},
    }.items():
        yield from (
            f"planning.yml, {place}: there is no part “{each}” in plan.yml."
            for each in named
            if each not in parts
        )
    for place, named in facts_named(catalogue).items():
        yield from (
            f"{place}: nobody can tell the fact “{each}”. Allowed are those of bot/safety/plan.py."
            for each in named
            if each.removesuffix(":no") not in FACTS
        )
    for item in catalogue.items.values():
        if not item.source:
            yield f"plan.yml, {item.id} needs a source."


def facts_named(catalogue: Catalogue) -> dict[str, tuple[str, ...]]:
    """All facts that are named somewhere, by where."""
    whens = {
        **{f"plan.yml, {each.id}": each.when for each in catalogue.sections},
        **{f"plan.yml, {item.id}": item.when for item in catalogue.items.values()},
        **{f"planning.yml, {each.id}": each.when for each in catalogue.conflicts},
        **{f"planning.yml, {each.id}": each.when for each in catalogue.surprises},
    }
    named = {place: (*when.any_of, *when.all_of) for place, when in whens.items()}
    events = {f"planning.yml, {e.id}": (*e.facts, *e.asks) for e in catalogue.events}
    return {**named, **events}


def missing_for(question: Question, code: str, words: Language) -> Iterator[str]:
    """Words that one question needs and that are not there."""
    entry = words.questions.get(question.id, {})
    for part in parts_needed(question):
        if part not in entry:
            yield f"{code}/questions.yml, {question.id} needs “{part}”."
    for option in question.options:
        if option not in words.buttons:
            yield f"{code}/buttons.yml needs a title for “{option}”."
    for message in (*question.first, *(each for ids in question.says.values() for each in ids)):
        if unknown(message, words):
            yield no_message(code, message)


def parts_needed(question: Question) -> Iterator[str]:
    """What has to be written for a question."""
    if question.in_list and not question.adaptive:
        return  # what the plan asks about stands on the buttons of its list alone
    yield from ("ask", "why")
    if question.sign and question.takes == "choice":
        yield from ("sign", "confirm")
    if question.in_list and question.adaptive:
        yield "item"
    if question.id.startswith(LIST):
        yield "rest"


def every_question(outline: Outline) -> Iterator[Question]:
    """Every question that can be asked, those of the plan once."""
    yield from (*outline.before, *outline.after, *outline.interrupts.values())
    yield from (Question(each, options=PLAN_OPTIONS) for each in PLAN_QUESTIONS)


def unknown(message: str, words: Language) -> bool:
    """Whether there are no words for a message."""
    return message not in words.messages and message not in COMPOSED


def no_message(code: str, message: str) -> str:
    """The sentence for a message that is missing."""
    return f"{code}/messages.yml needs “{message}”."


def never_said(content: Content, code: str, folder: Path) -> Iterator[str]:
    """Words that are never said to a visitor, as listed in <language>/never.yml."""
    for rule in read(folder / code / "never.yml"):
        pattern = re.compile(rule["words"], re.IGNORECASE)
        for place, text in texts(content.language(code)).items():
            found = pattern.search(text)
            if found and place not in rule.get("except", ()):
                yield f"{code}/{place} says “{found.group()}”. {rule['why']}"
