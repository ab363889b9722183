"""Names that are nearly one of a larger place: by letters, and by how they sound."""

from __future__ import annotations

from dataclasses import replace

from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.services.gazetteer.spelling import by_ear
from bot.services.gazetteer.store import Known, Store

SHORTEST = 5
"""Of fewer letters too many names are nearly the same."""
TRIED = 12
BY_EAR = 0.5
"""A name that sounds the same was misspelt less than one with a wrong letter."""
NO_NAME = 9.0


def most_edits(name: str) -> int:
    """How many letters may be wrong in a name of this length."""
    return 1 if len(name) < 6 else 2 if len(name) < 10 else 3


def nearly(name: str, country: str, store: Store) -> list[Known]:
    """The places whose name is most like this one; country "" tries the large ones anywhere."""
    edits = likest(name, country, store) if len(name) >= SHORTEST else {}
    found = store.named(list(edits)) if edits else {}
    return [
        replace(known, rank=1, edits=edits[norm])
        for norm, places in found.items()
        for known in places
        if (known.rank or edits[norm] <= 1) and country in ("", known.place.country)
    ]


def likest(name: str, country: str, store: Store) -> dict[str, float]:
    """The known names that are like this one, with how many letters differ."""
    written, sounds = store.spellings(country)
    found = {
        norm: float(edits)
        for norm, edits, _ in process.extract(
            name, written, scorer=OSA.distance, score_cutoff=most_edits(name), limit=TRIED
        )
    }
    sound = by_ear(name)
    heard = 1 if len(sound) > SHORTEST else 0
    for _, edits, place in process.extract(
        sound, sounds, scorer=OSA.distance, score_cutoff=heard, limit=TRIED
    ):
        norm = written[place]
        found[norm] = min(found.get(norm, NO_NAME), edits + BY_EAR)
    return found
