"""Texts without what people leave out when they type: capitals and accents."""

from __future__ import annotations

import unicodedata


def plain_letters(text: str) -> str:
    """A text in small letters without accents; all else stays."""
    if text.isascii():
        return text.lower()
    spread = unicodedata.normalize("NFKD", text.casefold())
    return "".join(each for each in spread if not unicodedata.combining(each))
