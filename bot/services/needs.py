"""What people need, and what is known of a service: small words of our own, kept as bits.

A code list that is licensed (AIRS / 211HSIS) is not in here; an operator who has a licence maps
its codes to these words in a file of their own.
"""

from __future__ import annotations

from collections.abc import Iterable

NEEDS = (
    "hotline",
    "shelter",
    "legal",
    "medical",
    "counselling",
    "money",
    "housing",
    "children",
    "pets",
    "police",
    "stalking",
    "online_abuse",
    "sexual_violence",
    "suicide",
    "immigration",
    "own_violence",
    "support",
)
"""What somebody can look for; `own_violence` is for people who worry about what they do."""

TRAITS = (
    "women",
    "men",
    "trans",
    "children",
    "pets",
    "wheelchair",
    "deaf",
    "young_people",
    "older_people",
    "lgbtq",
    "phone",
    "text",
    "chat",
    "always_open",
    "free",
    "referral_only",
    "police_may_be_involved",
    "no_trace_on_bill",
)
"""What a service may be known to have, known not to have, or (most often) not known at all."""

AWAY = frozenset({"shelter", "housing"})
"""Sought away from home: most women in English refuges came from another area.

Source: J. Bowstead, Women's Journeyscapes, 2018 (reference: services.md §6).
"""
LINES = frozenset({"hotline", "suicide"})
"""Answered by phone or chat, so that distance says nothing."""


def bits(words: Iterable[str], vocabulary: tuple[str, ...]) -> int:
    """Words as one number; raises ValueError for a word that is not in the vocabulary."""
    number = 0
    for word in words:
        number |= 1 << vocabulary.index(word)
    return number


def words(number: int, vocabulary: tuple[str, ...]) -> frozenset[str]:
    """The words that a number stands for."""
    return frozenset(word for place, word in enumerate(vocabulary) if number >> place & 1)
