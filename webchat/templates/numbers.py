"""Numbers in a text that can be called or texted, each as a link. show.js does the same."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from bot.content import Content

# Digits that may be one number to call: groups with one sign between, the area in brackets.
NUMBER = r"[+*#]?(?:\d+[ .-]?)?(?:\(\d+\)[ .-]?)?\d+(?:[ .-]\d+)*"
A_DATE = r"\d{4}-\d\d-\d\d"
FEWEST_DIGITS, MOST_DIGITS = 7, 15  # E.164 ends at 15
AFTER_A_NAME, BEFORE_MORE = r": $", r"^(?: ·|$)"
"""Around a short number in the line of a service: "Name: 3919 · open now"."""
TEXTING = ("text", "text_word")
"""How a number to text is written out, in words.yml."""


@dataclass(frozen=True)
class Links:
    """Which digits are numbers: those that are long enough, well known, or stand in their place."""

    short: frozenset[str]
    texting: str
    """A pattern for what stands before a number to text."""

    @classmethod
    def of(cls, content: Content) -> "Links":
        """As the words of all languages have them."""
        pages = map(content.page, content.languages)
        short = {number for page in pages for number in page["short_numbers"].split()}
        lines = [language.words["line"] for language in content.languages.values()]
        said = [line[name].partition("{number}")[0] for line in lines for name in TEXTING]
        before = "|".join(each.replace("{word}", r"[^\W\d_]+") for each in said)
        return cls(frozenset(short), f"(?:^|\\s)(?:{before})$")

    def data(self) -> dict[str, Any]:
        """The same for the page's scripts."""
        return {
            "pattern": NUMBER, "date": A_DATE, "fewest": FEWEST_DIGITS, "most": MOST_DIGITS,
            "short": sorted(self.short), "texting": self.texting.replace(r"[^\W\d_]", r"\p{L}"),
            "named": AFTER_A_NAME, "more": BEFORE_MORE,
        }  # fmt: skip

    def linked(self, line: str) -> Iterator[tuple[str, str]]:
        """A line in pieces, each with the link that it is, or with nothing."""
        end = 0
        for found in re.finditer(NUMBER, line):
            if link := self.link(found[0], line[: found.start()], line[found.end() :]):
                yield line[end : found.start()], ""
                yield found[0], link
                end = found.end()
        yield line[end:], ""

    def link(self, text: str, before: str = "", after: str = "") -> str:
        """The link that calls or texts a number; nothing for other numbers."""
        digits = re.sub(r"\D", "", text)
        texted = bool(re.search(self.texting, before))
        long_enough = FEWEST_DIGITS <= len(digits) <= MOST_DIGITS and not re.fullmatch(A_DATE, text)
        named = re.search(AFTER_A_NAME, before) and re.search(BEFORE_MORE, after)
        in_place = len(digits) > 1 and (texted or named)
        if not (long_enough or digits in self.short or in_place):
            return ""
        sign = {"+": "+", "*": "*", "#": "%23"}.get(text[0], "")
        return f"{'sms' if texted else 'tel'}:{sign}{digits}"
