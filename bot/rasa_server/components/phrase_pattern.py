"""The notation in which advocates can read and write phrases, made into regular expressions.

    he choked me         these words, one after the other
    (he|my husband)      one of these
    (really|just)?       one of these, or nothing
    strangl*             a word that begins so
    *arme                a word that ends so
    ...                  up to three other words (...6: up to six)
    {them}               one of the words listed under `words: them`
    , and .              a comma; the beginning or end of a sentence

Case, accents and apostrophes do not matter.
"""

import re
from collections.abc import Iterable, Mapping

from bot.rasa_server.components.wording import COMMA, SENTENCE_END, plain

TOKEN = re.compile(r"\.\.\.(\d*)|\{(\w+)\}|[(|)?]|[^\s(|){}?]+")
USUAL_GAP = 3

WordLists = Mapping[str, Iterable[str]]


class UnreadablePhrase(ValueError):
    """A phrase that does not follow the notation."""


def compiled(phrases: Iterable[str], lists: WordLists, gap_stops: Iterable[str]) -> re.Pattern[str]:
    """One expression that finds any of the phrases in a line of plain words.

    The line begins and ends with a space. Each gap is a group, so that a "not" found inside
    a gap can be told from a "not" that belongs to the phrase.
    """
    stops = "|".join(sorted(plain(word) for word in gap_stops))
    gap_word = rf"(?! (?:{stops}|\.) )" if stops else r"(?! \. )"
    sources = [_Reading(phrase, lists, gap_word).source() for phrase in phrases]
    return re.compile("(?:" + "|".join(sources) + ")(?= )" if sources else r"(?!)")


def vocabulary(phrases: Iterable[str]) -> set[str]:
    """Every whole word that the phrases mention."""
    tokens = (token for phrase in phrases for token in TOKEN.finditer(phrase))
    return {plain(token.group()) for token in tokens if _is_whole_word(token)}


def _is_whole_word(token: re.Match[str]) -> bool:
    text = token.group()
    return token.group(1) is None and token.group(2) is None and plain(text).isalpha()


def _written(word: str) -> str:
    if word in (SENTENCE_END, COMMA):
        return re.escape(word)
    return plain(word).replace("*", "[^ .,]*")


class _Reading:
    """One phrase while it is being read, from left to right."""

    def __init__(self, phrase: str, lists: WordLists, gap_word: str) -> None:
        self.phrase = phrase
        self.lists = lists
        self.gap_word = gap_word
        self.tokens = list(TOKEN.finditer(phrase))
        self.place = 0

    def source(self) -> str:
        source = self._sequence()
        if self.place < len(self.tokens):
            raise UnreadablePhrase(self.phrase)
        return source

    def _next_is(self, *texts: str) -> bool:
        return self.place < len(self.tokens) and self.tokens[self.place].group() in texts

    def _sequence(self) -> str:
        parts = []
        while self.place < len(self.tokens) and not self._next_is("|", ")"):
            parts.append(self._item())
        return "".join(parts)

    def _item(self) -> str:
        token = self.tokens[self.place]
        self.place += 1
        source = self._group() if token.group() == "(" else self._single(token)
        if self._next_is("?"):
            self.place += 1
            return f"(?:{source})?"
        return source

    def _group(self) -> str:
        choices = [self._sequence()]
        while self._next_is("|"):
            self.place += 1
            choices.append(self._sequence())
        if not self._next_is(")"):
            raise UnreadablePhrase(self.phrase)
        self.place += 1
        return "(?:" + "|".join(choices) + ")"

    def _single(self, token: re.Match[str]) -> str:
        gap, name = token.groups()
        if gap is not None:
            return f"((?:{self.gap_word} [^ ]+){{0,{gap or USUAL_GAP}}}?)"
        if name is not None:
            return self._word_list(name)
        return " " + _written(token.group())

    def _word_list(self, name: str) -> str:
        if name not in self.lists:
            raise UnreadablePhrase(f"{self.phrase}: no list named {name}")
        choices = (
            _Reading(entry, self.lists, self.gap_word).source() for entry in self.lists[name]
        )
        return "(?:" + "|".join(choices) + ")"
