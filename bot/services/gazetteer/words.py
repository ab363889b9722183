"""The words around a name that say whether it is a place, and names that are words of every day."""

from __future__ import annotations

import re
from enum import IntEnum
from pathlib import Path

HERE = Path(__file__).parent


def words_of(file: Path) -> frozenset[str]:
    """The words of a list."""
    return frozenset(file.read_text(encoding="utf-8").split())


def listed(words: str) -> frozenset[str]:
    """The words of a line."""
    return frozenset(words.split())


ORDINARY = words_of(HERE / "ordinary.txt")
"""What visitors write who name no place: all words of our examples but larger places."""
EVERYDAY = words_of(HERE / "everyday.txt")
"""Everyday words that are also places: "reading", "nice", "hope"."""
NAMES = words_of(HERE / "names_of_people.txt")
"""First names that are also places: "victoria", "santiago"."""


class Before(IntEnum):
    """How surely the words before a name say that it is a place."""

    NOTHING = 0
    A_PERSON = 1
    PERHAPS = 2
    SURELY = 3


SURE = listed(
    "in near around outside inside within nearby living live lives lived reside area towards "
    "en vivo vive vivimos cerca zona afueras estamos resido"
)
SURE_OF = listed(
    "cerca afueras norte sur este oeste soy somos vengo venimos pueblo ciudad barrio municipio "
    "zona estado provincia lado alrededores centro nacida nacido"
)
"""What makes a "de" sure: "cerca de", "soy de", "un pueblo de"."""
SURE_FROM = listed("am im i m we are were come came is")
SURE_TO = listed("moved moving fled go going went relocated close")
SURE_A = listed("mude mudamos mudo fui fuimos llegue llegamos voy vamos huimos hui")
"""What makes "from", "to" and "a" sure: "I am from", "moved to", "me mudé a"."""
SURE_PAIRS = {"de": SURE_OF, "from": SURE_FROM, "to": SURE_TO, "a": SURE_A, "of": listed(
    "outside north south east west town city outskirts suburb part"
)}  # fmt: skip
MAYBE = listed("at from to by of desde de por para a hacia via estoy")
PEOPLE = listed(
    "my sister brother son daughter husband wife friend mother mom mum aunt cousin name named he "
    "she her his partner boyfriend ex called mi hermana hermano hija hijo esposo marido amiga "
    "prima tia madre mama novio pareja llama llamo llamado llamada se el ella su"
)
"""What stands before a person's name."""
BETWEEN = listed(
    "the el la los las downtown central north south east west northern southern eastern western "
    "northeast northwest southeast southwest greater rural upstate inner"
)
"""What may stand between "in" and a name: "in the Bronx", "near south Leeds"."""
OF_A_REGION = listed(
    "upstate rural northern southern eastern western northeast northwest southeast southwest"
)
"""What stands before a state rather than before a town of the same name."""
OF_A_CODE = listed("zip code postcode postal cp area codigo c p eircode pincode pin")
"""What says that a number is a postcode."""
FILLERS = listed(
    "i im am m live living in near at from the a is its called my we are just it somewhere around "
    "outside by here now rn currently of vivo vivimos estoy soy estamos en de cerca por un una el "
    "la pueblo ciudad town city small area please guess think ahora mi es yo aqui to s"
)
"""What may stand around the name in an answer to "where are you?"."""

NOT_SAID = re.compile(
    r"\b(rather not|prefer not|dont want to (say|tell)|wont (say|tell)|not telling|not saying"
    r"|prefiero no|no quiero decir\w*|mejor no|none of your|nowhere|anywhere)\b"
)
AND_YET = frozenset(("but", "pero"))


def is_kept(words: list[str]) -> bool:
    """Whether somebody says that they won't say."""
    return bool(NOT_SAID.search(" ".join(words))) and not AND_YET & set(words)


def before(words: list[str], first: int, *, through: bool = True) -> Before:
    """What the words before a name say of it; `through` looks past "the" and "north"."""
    place = first
    while through and place > 0 and words[place - 1] in BETWEEN:
        place -= 1
    if place == 0:
        return Before.NOTHING
    last, earlier = words[place - 1], words[place - 2] if place > 1 else ""
    if last in SURE or earlier in SURE_PAIRS.get(last, frozenset()):
        return Before.SURELY
    if words[first - 1] in PEOPLE or {last, earlier} & PEOPLE:
        return Before.A_PERSON
    return Before.PERHAPS if last in MAYBE else Before.NOTHING
