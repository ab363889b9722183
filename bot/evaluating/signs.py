"""How well danger signs are found in a message, and how each is meant."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.evaluating.heldout import StatusExample
from bot.evaluating.measures import Pair, Read, share
from bot.evaluating.tables import Row, Table, label_table


def sign_tables(
    examples: Sequence[StatusExample], read: Mapping[str, Read], languages: Mapping[str, str]
) -> list[Table]:
    """All figures of the danger signs."""
    each_sign = [of_signs(examples, read, *language) for language in languages.items()]
    return [of_statuses(examples, read), *each_sign]


def of_statuses(examples: Sequence[StatusExample], read: Mapping[str, Read]) -> Table:
    """How many danger signs are found, and with the right status."""
    rows: list[Row] = []
    for language in sorted({e.language for e in examples}):
        told = [
            (how, heard(read[e.text], sign))
            for e in examples
            if e.language == language
            for sign, how in e.statuses.items()
        ]
        for status in sorted({how for how, _ in told}):
            said = [each for each in told if each[0] == status]
            affirmed = share(sum("affirmed" in found for _, found in said), len(said))
            rows.append((language, status, *found_and_right(said), str(affirmed)))
        rows.append((language, "all", *found_and_right(told), ""))
    head = ("language", "status", "mention found", "status right", "taken as affirmed")
    return Table("Danger signs and their status", [head, *rows])


def found_and_right(told: Sequence[tuple[str, Sequence[str]]]) -> tuple[str, str]:
    """Of statuses as they were meant and as they were found: how many found, how many right."""
    mentioned = [(how, found) for how, found in told if found]
    right = sum(how in found for how, found in mentioned)
    return str(share(len(mentioned), len(told))), str(share(right, len(mentioned)))


def of_signs(
    examples: Sequence[StatusExample], read: Mapping[str, Read], language: str, name: str
) -> Table:
    """Precision and recall of each sign that is affirmed, the only ones that are asked about."""
    ours = [each for each in examples if each.language == language]
    pairs: list[Pair] = [
        (
            {sign for sign, how in each.statuses.items() if how == "affirmed"},
            {sign["sign"] for sign in read[each.text]["signs"] if sign["status"] == "affirmed"},
        )
        for each in ours
    ]
    signs = sorted({sign for there, _ in pairs for sign in there})
    return label_table(f"Danger signs that are affirmed, {name}", "sign", signs, pairs)


def heard(read: Read, sign: str) -> list[str]:
    """The statuses with which a sign was found."""
    return [each["status"] for each in read["signs"] if each["sign"] == sign]
