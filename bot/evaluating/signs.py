"""How well danger signs are found in a message, and how each is meant."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.evaluating.heldout import StatusExample
from bot.evaluating.measures import Pair, Read, counts, share
from bot.evaluating.tables import Row, Table


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
        ours = [e for e in examples if e.language == language]
        told = [(e.text, sign, how) for e in ours for sign, how in e.statuses.items()]
        for status in sorted({how for _, _, how in told}):
            found = [heard(read[text], sign) for text, sign, how in told if how == status]
            mentioned = [each for each in found if each]
            rows.append(
                (
                    language,
                    status,
                    str(share(len(mentioned), len(found))),
                    str(share(sum(status in each for each in mentioned), len(mentioned))),
                    str(share(sum("affirmed" in each for each in found), len(found))),
                )
            )
        found = [heard(read[text], sign) for text, sign, _ in told]
        right = sum(how in each for (_, _, how), each in zip(told, found, strict=True))
        mentioned = [each for each in found if each]
        rows.append(
            (
                language,
                "all",
                str(share(len(mentioned), len(found))),
                str(share(right, len(mentioned))),
                "",
            )
        )
    head = ("language", "status", "mention found", "status right", "taken as affirmed")
    return Table("Danger signs and their status", [head, *rows])


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
    rows = [
        (sign, str(each.precision), str(each.recall), f"{each.f1:.2f}", str(each.recall.of))
        for sign in signs
        for each in [counts(sign, pairs)]
    ]
    head = ("sign", "precision", "recall", "F1", "there")
    return Table(f"Danger signs that are affirmed, {name}", [head, *rows])


def heard(read: Read, sign: str) -> list[str]:
    """The statuses with which a sign was found."""
    return [each["status"] for each in read["signs"] if each["sign"] == sign]
