"""How well it is understood what a message is for: figures, calibration, and which are confused."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from html import escape
from itertools import pairwise

from bot.evaluating.heldout import IntentExample
from bot.evaluating.measures import Figure, Pair, Read, counts, drawn, macro_f1, share
from bot.evaluating.tables import Row, Table
from bot.rasa_server.components.turn_context import FALLBACK, GIBBERISH

OUT_OF_SCOPE = "out_of_scope"
NOT_UNDERSTOOD = frozenset({OUT_OF_SCOPE, GIBBERISH, FALLBACK})
"""What Foothold answers alike: kindly, that it did not understand, with buttons."""
FIGURES = ("precision", "recall")
LEVELS = (0.0, 0.4, 0.6, 0.8, 0.9, 1.01)
MOST_CONFUSED = 15
CELL, LEFT, TOP = 11, 150, 150
"""Sizes in the confusion picture, in pixels."""
FRAME = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}"'
    ' font-family="sans-serif" font-size="8" role="img">'
)
ROW = '<text x="{x}" y="{y:.1f}" text-anchor="end">{name}</text>'
COLUMN = '<text transform="translate({x:.1f} {y}) rotate(-90)">{name}</text>'
BOX = (
    '<rect x="{x}" y="{y}" width="{side}" height="{side}" fill="{colour}"'
    ' fill-opacity="{share:.2f}"><title>{said}</title></rect>'
)


def intent_tables(
    examples: Sequence[IntentExample], read: Mapping[str, Read], languages: Mapping[str, str]
) -> list[Table]:
    """All figures of the intents."""
    return [
        in_short(examples, read, languages),
        of_intents(examples, read, languages),
        *(
            calibration([e for e in examples if e.language == language], read, name)
            for language, name in languages.items()
        ),
        confused(examples, read),
    ]


def found(example: IntentExample, read: Mapping[str, Read]) -> str:
    """The intent that a message was given."""
    return str(read[example.text]["intent"])


def is_right(example: IntentExample, read: Mapping[str, Read]) -> bool:
    """Whether the answer fits: what is not understood is answered alike whatever it is called."""
    heard = found(example, read)
    return heard == example.intent or {heard, example.intent} <= NOT_UNDERSTOOD


def in_short(
    examples: Sequence[IntentExample], read: Mapping[str, Read], languages: Mapping[str, str]
) -> Table:
    """Accuracy, macro-F1, and what is turned away rightly and wrongly."""
    columns: list[list[Figure]] = []
    for language in languages:
        ours = [each for each in examples if each.language == language]
        pairs: list[Pair] = [({each.intent}, {found(each, read)}) for each in ours]
        scope = [each for each in ours if each.intent not in NOT_UNDERSTOOD]
        out = [each for each in ours if each.intent in NOT_UNDERSTOOD]
        names = sorted({each.intent for each in ours})
        columns.append(
            [
                share(sum(is_right(each, read) for each in ours), len(ours)),
                drawn(lambda some, names=names: macro_f1(names, some), pairs),  # type: ignore[misc]
                share(sum(found(each, read) in NOT_UNDERSTOOD for each in out), len(out)),
                share(sum(found(each, read) in NOT_UNDERSTOOD for each in scope), len(scope)),
            ]
        )
    labels = (
        "accuracy",
        f"macro-F1 of the {len({each.intent for each in examples})} intents",
        "out of scope: said to be not understood",
        "in scope, yet said to be not understood",
    )
    rows = [
        (name, *(str(column[place]) for column in columns)) for place, name in enumerate(labels)
    ]
    many = [str(sum(e.language == language for e in examples)) for language in languages]
    return Table("Intents, in short", [("", *languages.values()), *rows, ("messages", *many)])


def of_intents(
    examples: Sequence[IntentExample], read: Mapping[str, Read], languages: Mapping[str, str]
) -> Table:
    """Precision and recall of each intent."""
    columns: dict[str, list[Pair]] = {
        language: [
            ({each.intent}, {found(each, read)}) for each in examples if each.language == language
        ]
        for language in languages
    }
    rows: list[Row] = []
    for intent in sorted({each.intent for each in examples}):
        fared = [counts(intent, columns[language]) for language in languages]
        figures = ((str(each.precision), str(each.recall)) for each in fared)
        rows.append((intent, *(figure for pair in figures for figure in pair)))
    head = (f"{name}, {figure}" for name in languages.values() for figure in FIGURES)
    return Table("Each intent", [("intent", *head), *rows])


def calibration(
    examples: Sequence[IntentExample], read: Mapping[str, Read], language: str
) -> Table:
    """Whether what is sure of is right as often as it is sure."""
    rows: list[Row] = []
    apart = 0.0
    for low, high in pairwise(LEVELS):
        here = [each for each in examples if low <= read[each.text]["confidence"] < high]
        if not here:
            continue
        sure = sum(read[each.text]["confidence"] for each in here) / len(here)
        right = share(sum(found(each, read) == each.intent for each in here), len(here))
        apart += abs(sure - right.value) * len(here)
        rows.append(
            (f"{low:.1f} to {min(high, 1.0):.1f}", f"{sure:.2f}", str(right), str(len(here)))
        )
    rows.append(("apart on average", f"{apart / max(1, len(examples)):.2f}", "", ""))
    head = ("confidence", "on average", "right", "messages")
    return Table(f"Intents, calibration, {language}", [head, *rows])


def confused(examples: Sequence[IntentExample], read: Mapping[str, Read]) -> Table:
    """What is taken for what most often; the whole is in the picture."""
    wrong = Counter(
        (each.intent, found(each, read)) for each in examples if not is_right(each, read)
    )
    rows = [
        (meant, heard, str(times)) for (meant, heard), times in wrong.most_common(MOST_CONFUSED)
    ]
    return Table("Intents, what is taken for what", [("meant", "understood", "times"), *rows])


def picture(examples: Sequence[IntentExample], read: Mapping[str, Read]) -> str:
    """The confusion of all intents as an SVG: a row for what was meant, the darker the oftener."""
    times = Counter((each.intent, found(each, read)) for each in examples)
    names = sorted({name for pair in times for name in pair})
    of = Counter(each.intent for each in examples)
    width, height = LEFT + CELL * len(names) + 10, TOP + CELL * len(names) + 10
    parts = [
        FRAME.format(width=width, height=height),
        "<title>Which intents are taken for which: rows are meant, columns understood</title>",
        f'<rect width="{width}" height="{height}" fill="#fff"/>',
    ]
    for place, name in enumerate(names):
        middle = CELL * place + CELL * 0.75
        parts.append(ROW.format(x=LEFT - 4, y=TOP + middle, name=escape(name)))
        parts.append(COLUMN.format(x=LEFT + middle, y=TOP - 4, name=escape(name)))
    for (meant, heard), count in sorted(times.items()):
        box = BOX.format(
            x=LEFT + CELL * names.index(heard),
            y=TOP + CELL * names.index(meant),
            side=CELL - 1,
            colour="#1d6f5c" if meant == heard else "#b3372b",
            share=max(0.15, count / of[meant]),
            said=escape(f"{meant} understood as {heard}: {count}"),
        )
        parts.append(box)
    return "\n".join([*parts, "</svg>", ""])
