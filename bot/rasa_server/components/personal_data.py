"""Who and where somebody is, found in a text so that it can be masked: names, numbers, addresses.

What is fixed in form (a phone, an e-mail) is found by its form; a name by a list of names, by the
words that introduce one ("my name is", "mi esposo") and by capitals. Which words those are stands
in the files beside this module, one for each language. Towns, regions and postcodes are left: they
are coarse, and needed to find help (services.md).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from bot.rasa_server.components.wording import plain

NAME, PHONE, EMAIL, HANDLE = "name", "phone", "email", "handle"
ADDRESS, PLATE, ID = "address", "plate", "id"
KINDS = (NAME, PHONE, EMAIL, HANDLE, ADDRESS, PLATE, ID)

LONGEST_TEXT = 20_000
FEWEST_DIGITS, MOST_DIGITS = 7, 15
"""The digits of a phone number: shorter ones are emergency lines, longer ones no phones (E.164)."""
LONGEST_NAME = 4  # words
SHORTEST_SURNAME = 4  # letters
FEWEST_OF_A_CODE = 3  # digits
FEWEST_SPELLED = 3  # words

TOKEN = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
LETTERS_AND_DIGITS = re.compile(r"[^\W_]+")
CLAUSE_END = re.compile(r"[.!?;:\n¿¡]")

FORMS: Mapping[str, tuple[re.Pattern[str], ...]] = {
    EMAIL: (
        re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"),
        re.compile(r"[\w.+-]+ (?:at|arroba) [\w-]+ (?:dot|punto) \w{2,4}\b", re.IGNORECASE),
    ),
    HANDLE: (
        re.compile(r"(?<![\w@.])@\w[\w.]*\w"),
        re.compile(
            r"\b(?:facebook|fb|instagram|tiktok|twitter|x|t|wa|snapchat)\.(?:com|me)/\S+",
            re.IGNORECASE,
        ),
        re.compile(r"\b\w{2,}#\d{3,5}\b"),
        re.compile(r"\b[A-Za-z]\w*_\w+(?:\.\w+)*\b"),
        re.compile(r"\b[A-Za-z]{2,}(?:\.[A-Za-z]{2,})*\.?\d+(?:\.[A-Za-z]\w*)+\b"),
        re.compile(r"\b[A-Za-z]{2,}(?:\.[A-Za-z]{2,})+\.\d+\b"),
    ),
    ID: (
        re.compile(
            r"\b(?:\d{3}-\d{2}-\d{4}"  # United States
            r"|A\d{3}-?\d{3}-?\d{2,3}"
            r"|[XYZ]-?\d{7}-?[A-Z]|\d{8}-?[A-HJ-NP-TV-Z]"  # Spain
            r"|[A-Z]{4}\d{6}[A-Z0-9]{3,8}"  # Mexico
            r"|\d{1,2}\.\d{3}\.\d{3}(?:-[\dK])?|\d{7,8}-[\dK]"  # Chile, Argentina
            r"|[A-Z]{2} ?\d{2} ?\d{2} ?\d{2} ?[A-D])\b",  # United Kingdom
            re.IGNORECASE,
        ),
        re.compile(r"\b[A-Z]{1,4}-?(?:\d{2,4}-)+\d{3,}\b"),  # the number of a case
    ),
    PLATE: (
        re.compile(
            r"\b(?!AR|AK|PS|MP)(?:[A-Z]{3}-\d{2}-\d{2}|[A-Z]{2,3}[ ·-]?\d{3,4}|[A-Z]{3}-\d{2}"
            r"|\d[A-Z]{3}\d{3}|[A-Z]{2}\d{2} ?[A-Z]{3}|\d{4} ?[A-Z]{3}|[A-Z]{2} ?\d{3} ?[A-Z]{2})\b"
        ),
    ),
}
# Two digits and two separators can stand together: "(555) 010-2030", "+34 600 - 11 22 33".
NUMBER = re.compile(
    r"(?<![\w$€£#])[+(]{0,2}\d(?:[ .\-–/()]{0,3}\d){5,}(?!\w)"
    r"(?: ?(?:ext|x|int|anexo)\.? ?\d{1,5}\b)?",
    re.IGNORECASE,
)
EXTENSION = re.compile(r"ext|x|int|anexo", re.IGNORECASE)
# Lines that anybody may call for nothing are nobody's own.
FREEPHONE = re.compile(r"1?8(?:00|33|44|55|66|77|88)\d{7}|0?1?800\d{6,7}|900\d{6}|08\d{8,9}")
YEARS = re.compile(r"(?:19|20)\d\d\D+(?:19|20)\d\d")
DATE = re.compile(
    r"\d{1,2}[./ -]\d{1,2}[./ -](?:\d{4}|\d{2})\b|\d{4}-\d{2}-\d{2}"
    r"|\d{1,2}(?:st|nd|rd|th)? (?:de |of )?[^\W\d]{3,10}(?: de| del|,)? ?(?:\d{4}|\d{2})\b"
    r"|[^\W\d]{3,9}\.? \d{1,2}(?:st|nd|rd|th)?,? ?\d{4}",
    re.IGNORECASE,
)
MONEY = re.compile(
    r"\s*(?:dollars|bucks|pesos|euros|soles|pounds|quid|usd|mxn|d[oó]lares|k\b|€|\$|£)",
    re.IGNORECASE,
)
CODE = re.compile(r"[ :#]*(?P<code>[^\W_][\w.\-/]*(?: [^\W_]*\d[\w.\-/]*)*)")
PLATE_CODE = re.compile(
    r"[ :\"'“]*(?P<code>(?=[A-Z]{0,4}[ -]?\d|(?-i:[A-Z]{1,2}[ -][A-Z]{2}))[A-Z0-9]{1,8}"
    r"(?:-[A-Z0-9]{1,5}| (?=[A-Z]{0,3}\d)[A-Z0-9]{1,5}| (?-i:[A-Z]{2,3})\b)*)",
    re.IGNORECASE,
)
HANDLE_WORD = re.compile(r"[ :=\"'“@]*(?P<code>[\w.\-]{3,})")


# The lists that hold regular expressions; the others hold words.
PATTERNS = frozenset(
    {
        "names_follow", "address_forms", "plates_follow", "ids_follow", "births_follow",
        "handles_follow",
    }
)  # fmt: skip


@dataclass(frozen=True)
class Piece:
    """A piece of personal data: which kind it is and where it stands in the text."""

    kind: str
    start: int
    end: int


@dataclass(frozen=True)
class PersonalWords:
    """The words of one language by which personal data is known; see personal/en.yml."""

    names_follow: tuple[str, ...]
    address_forms: tuple[str, ...]
    plates_follow: tuple[str, ...]
    ids_follow: tuple[str, ...]
    births_follow: tuple[str, ...]
    handles_follow: tuple[str, ...]
    people: frozenset[str]
    titles: frozenset[str]
    short_titles: frozenset[str]
    words_and_names: frozenset[str]
    seldom_names: frozenset[str]
    in_a_place: frozenset[str]
    particles: frozenset[str]
    before_a_place: frozenset[str]
    after_a_name: frozenset[str]
    capitals_that_are_no_names: frozenset[str]
    number_words: frozenset[str]

    @classmethod
    def of(cls, content: Mapping[str, Collection[str]]) -> PersonalWords:
        """The words that a file holds; raises TypeError when a list is missing or unknown."""
        ready: dict[str, Any] = {
            key: tuple(words) if key in PATTERNS else frozenset(plain(str(word)) for word in words)
            for key, words in content.items()
        }
        return cls(**ready)


@dataclass(frozen=True)
class Token:
    """A word as it was written and as it is compared."""

    text: str
    plain: str
    start: int
    end: int
    begins: bool
    """Whether a sentence begins here, so that its capital says nothing."""

    @property
    def capital(self) -> bool:
        """Whether it is written as a name is: one capital and then small letters."""
        return self.text[:1].isupper() and not self.text.isupper()


class PersonalData:
    """Finds personal data in texts of all languages at once.

    `names` are first names, `everyday` words that people write without meaning a name, both in
    plain letters.
    """

    def __init__(
        self,
        words: Iterable[PersonalWords],
        names: Collection[str],
        everyday: Collection[str],
    ) -> None:
        self.words = tuple(words)
        self.names = frozenset(names)
        self.everyday = frozenset(everyday)

    def find(self, text: str) -> list[Piece]:
        """The personal data of a text, in order, none inside another."""
        text = text[:LONGEST_TEXT]
        found: list[Piece] = []
        for pieces in (
            self._forms,
            self._told,
            self._spelled_phones,
            self._addresses,
            self._phones,
            self._names,
        ):
            for piece in pieces(text):
                if not any(piece.start < each.end and each.start < piece.end for each in found):
                    found.append(piece)
        return sorted(found, key=lambda piece: piece.start)

    def _forms(self, text: str) -> Iterator[Piece]:
        for kind, forms in FORMS.items():
            for form in forms:
                for match in form.finditer(text):
                    yield Piece(kind, match.start(), match.end())

    def _told(self, text: str) -> Iterator[Piece]:
        """What stands after words that say what comes: "license plate", "me llaman", "born on"."""
        for cue, form in ((self._births, DATE), (self._plates, PLATE_CODE)):
            kind = ID if form is DATE else PLATE
            yield from self._after(cue, form, kind, text)
        for piece in self._after(self._ids, CODE, ID, text):
            if (
                sum(letter.isdigit() for letter in text[piece.start : piece.end])
                >= FEWEST_OF_A_CODE
            ):
                yield piece
        for piece in self._after(self._handles, HANDLE_WORD, HANDLE, text):
            if plain(text[piece.start : piece.end]) not in self.everyday:
                yield piece

    def _after(
        self, cue: re.Pattern[str], form: re.Pattern[str], kind: str, text: str
    ) -> Iterator[Piece]:
        for match in cue.finditer(text):
            found = form.match(text, match.end()) or (
                form is DATE and form.match(text, match.end() + 1)
            )
            if found:
                span = found.span("code") if "code" in form.groupindex else found.span()
                yield Piece(kind, *span)

    def _addresses(self, text: str) -> Iterator[Piece]:
        """Addresses, the longest first: one form may find only a part of what another finds."""
        spans = [
            match.span("address" if "address" in form.groupindex and match["address"] else 0)
            for form in self._address_forms
            for match in form.finditer(text)
        ]
        for start, end in sorted(spans, key=lambda span: span[0] - span[1]):
            yield Piece(ADDRESS, start, end)

    def _phones(self, text: str) -> Iterator[Piece]:
        for match in NUMBER.finditer(text):
            number = EXTENSION.split(match.group())[0]
            digits = "".join(letter for letter in number if letter.isdigit())
            other = (
                FREEPHONE.fullmatch(digits)
                or YEARS.fullmatch(match.group())
                or DATE.fullmatch(match.group())
                or MONEY.match(text, match.end())
            )
            if len(digits) >= FEWEST_DIGITS and not other:
                kind = PHONE if len(digits) <= MOST_DIGITS else ID
                yield Piece(kind, match.start(), match.end())

    def _spelled_phones(self, text: str) -> Iterator[Piece]:
        """Numbers told in words, or partly: "five five five 0199"."""
        run: list[re.Match[str]] = []
        for match in [*LETTERS_AND_DIGITS.finditer(text), None]:
            if match and (match.group().isdigit() or plain(match.group()) in self._number_words):
                run.append(match)
                continue
            count = sum(len(each.group()) if each.group().isdigit() else 1 for each in run)
            spelled = sum(not each.group().isdigit() for each in run)
            if spelled >= FEWEST_SPELLED and FEWEST_DIGITS <= count <= MOST_DIGITS:
                yield Piece(PHONE, run[0].start(), run[-1].end())
            run = []

    def _names(self, text: str) -> Iterator[Piece]:
        tokens = tokens_of(text)
        shouted = text.isupper()
        given = {match.end() for match in self._names_follow.finditer(text)}
        place = 0
        while place < len(tokens):
            if self._is_name(tokens, place, given, shouted=shouted):
                last = self._last_of_name(text, tokens, place, shouted=shouted)
                yield Piece(NAME, tokens[place].start, without_s(tokens[last]))
                place = last
            place += 1

    def _is_name(
        self, tokens: list[Token], place: int, given: Collection[int], *, shouted: bool
    ) -> bool:
        word = tokens[place]
        name = bare(word)
        before = tokens[place - 1].plain if place and not word.begins else ""
        after = tokens[place + 1].plain if place + 1 < len(tokens) else ""
        capital = word.capital and not shouted
        if len(name) < 2 or name in self._no_names or name in self._titles:
            return False
        if self._is_given(word, given):
            return capital or name not in self.everyday
        if name in self._words_and_names:
            return self._is_meant_as_name(word, before, after, capital=capital)
        if name in self.everyday:
            return capital and before in self._titles
        if name in self.names or before in self._short_titles:
            return before not in self._in_a_place
        # Nobody knows the word, it opens a sentence, and it does something: "wayra me prestó".
        acts = word.begins and len(name) >= SHORTEST_SURNAME and after in self._after_a_name
        return acts or (capital and before not in self._before_a_place)

    def _is_meant_as_name(self, word: Token, before: str, after: str, *, capital: bool) -> bool:
        """Whether "Will", "Rosa" or "dolores" is somebody here."""
        said_of = capital and (not word.begins or after in self._after_a_name)
        if capital and without_s(word) != word.end:
            return True
        if said_of and before not in self._before_a_place:
            return True
        named = before in self._people or before in self._titles
        return named and (capital or bare(word) not in self._seldom_names)

    def _is_given(self, word: Token, given: Collection[int]) -> bool:
        return any(0 <= word.start - end <= 2 for end in given)

    def _last_of_name(self, text: str, tokens: list[Token], place: int, *, shouted: bool) -> int:
        """Where a name that begins here ends: its surnames, with the small words between."""
        last = place
        for following in range(place + 1, min(place + LONGEST_NAME, len(tokens))):
            between = text[tokens[following - 1].end : tokens[following].start]
            word, name = tokens[following], bare(tokens[following])
            if between.strip(" .") or without_s(tokens[following - 1]) != tokens[following - 1].end:
                break
            if name in self._no_names:
                break
            ordinary = name in self.everyday or name in self._words_and_names
            # A verb that is mistyped right after a name is hidden with it: better too much.
            surname = (word.capital and not shouted) or (
                not ordinary and len(name) >= SHORTEST_SURNAME
            )
            if surname and not word.begins:
                last = following
            elif name not in self._particles:
                break
        return last

    def _union(self, key: str) -> frozenset[str]:
        return frozenset().union(*(getattr(words, key) for words in self.words))

    def _any_of(self, key: str) -> re.Pattern[str]:
        choice = "|".join(each for words in self.words for each in getattr(words, key))
        return re.compile(rf"(?<!\w)(?:{choice})(?!\w)", re.IGNORECASE)

    @cached_property
    def _address_forms(self) -> list[re.Pattern[str]]:
        return [
            re.compile(rf"(?<!\w)(?:{form})", re.IGNORECASE)
            for words in self.words
            for form in words.address_forms
        ]

    _names_follow = cached_property(lambda self: self._any_of("names_follow"))
    _births = cached_property(lambda self: self._any_of("births_follow"))
    _plates = cached_property(lambda self: self._any_of("plates_follow"))
    _ids = cached_property(lambda self: self._any_of("ids_follow"))
    _handles = cached_property(lambda self: self._any_of("handles_follow"))
    _people = cached_property(lambda self: self._union("people"))
    _titles = cached_property(lambda self: self._union("titles"))
    _words_and_names = cached_property(lambda self: self._union("words_and_names"))
    _seldom_names = cached_property(lambda self: self._union("seldom_names"))
    _in_a_place = cached_property(lambda self: self._union("in_a_place"))
    _short_titles = cached_property(lambda self: self._union("short_titles"))
    _particles = cached_property(lambda self: self._union("particles"))
    _before_a_place = cached_property(lambda self: self._union("before_a_place"))
    _after_a_name = cached_property(lambda self: self._union("after_a_name"))
    _no_names = cached_property(lambda self: self._union("capitals_that_are_no_names"))
    _number_words = cached_property(lambda self: self._union("number_words"))


def tokens_of(text: str) -> list[Token]:
    """The words of a text."""
    tokens: list[Token] = []
    end = 0
    for match in TOKEN.finditer(text):
        begins = not tokens or bool(CLAUSE_END.search(text, end, match.start()))
        tokens.append(
            Token(match.group(), plain(match.group()), match.start(), match.end(), begins)
        )
        end = match.end()
    return tokens


def bare(word: Token) -> str:
    """A word as it is compared, without the "'s" that says whose something is."""
    return plain(word.text[: without_s(word) - word.start])


def without_s(word: Token) -> int:
    """Where a word ends without its "'s"."""
    return word.end - 2 if word.text[-2:] in ("'s", "’s") else word.end
