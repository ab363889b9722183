"""Which language a text is in, when the text says so clearly enough.

"no", "ok", a name or a place belong to every language: then there is no answer, and the
conversation goes on in the language it was in.
"""

import json
import math
import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass
from functools import cached_property

from bot.rasa_server.components.wording import plain

LETTERS = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
# A few words and a number are an address: "mi casa 123".
SHORT = 4
LONGEST_PART = 4
LONGEST_TEXT = 2_000
# A word tells the language when it was seen at least so often, and hardly ever in another one.
SEEN_OFTEN = 2
ALMOST_ALWAYS = 0.95
SURE = 0.83
TOO_SMALL_TO_KEEP = 0.005


@dataclass(frozen=True)
class Example:
    """A text whose language is known."""

    text: str
    language: str


@dataclass(frozen=True)
class Reading:
    """A language, and how sure the reader is of it."""

    language: str
    confidence: float


def words_in(text: str) -> list[str]:
    """The words of a text in small letters, accents kept: "sí" is Spanish, "si" may not be."""
    return [word.replace("’", "'") for word in LETTERS.findall(text[:LONGEST_TEXT].lower())]


def features(text: str) -> set[str]:
    """The words of a text and the letters that stand together in them."""
    words = words_in(text)
    parts = {part for word in words for part in _parts(f" {word} ")}
    return parts | {f"word:{word}" for word in words}


def _parts(word: str) -> Iterable[str]:
    for length in range(2, LONGEST_PART + 1):
        yield from (word[start : start + length] for start in range(len(word) - length + 1))


@dataclass(frozen=True)
class LanguageModel:
    """What was learned about each language: weights of its features, and words that tell it."""

    weights: Mapping[str, Mapping[str, float]]
    intercepts: Mapping[str, float]
    telling: Mapping[str, Collection[str]]

    def read(self, text: str) -> Reading | None:
        """The language of a text, or nothing when the text does not show it."""
        words = words_in(text)
        if not words or not self.weights:
            return None
        likely = self._most_likely(text)
        return likely if self._is_shown(likely, text, words) else None

    def guess(self, text: str) -> Reading | None:
        """The likelier language of a text, however little it shows; nothing without words."""
        return self._most_likely(text) if words_in(text) and self.weights else None

    def _most_likely(self, text: str) -> Reading:
        found = features(text)
        scores = {
            language: self.intercepts[language] + sum(weights.get(part, 0.0) for part in found)
            for language, weights in self.weights.items()
        }
        best = max(scores, key=lambda language: scores[language])
        return Reading(best, 1 / (1 + math.exp(min(-scores[best], 50))))

    def _is_shown(self, likely: Reading, text: str, words: list[str]) -> bool:
        if not any(word in self._telling[likely.language] for word in words):
            return False
        if len(words) < SHORT and any(letter.isdigit() for letter in text):
            return False
        return likely.confidence >= SURE

    @cached_property
    def _telling(self) -> dict[str, frozenset[str]]:
        return {language: frozenset(words) for language, words in self.telling.items()}

    def to_json(self) -> str:
        """The model as text, so that loading it can run nothing."""
        return json.dumps(asdict(self), ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> "LanguageModel":
        """The model that `to_json` wrote."""
        return cls(**json.loads(text))


NOTHING_LEARNED = LanguageModel({}, {}, {})


def learn(examples: Iterable[Example], in_every_language: Collection[str]) -> LanguageModel:
    """A model of the languages of these examples, with and without their accents."""
    known = [copy for example in examples for copy in _with_and_without_accents(example)]
    if len({example.language for example in known}) < 2:
        return NOTHING_LEARNED
    weights, intercepts = _weigh(known)
    return LanguageModel(weights, intercepts, _telling_words(known, frozenset(in_every_language)))


def _with_and_without_accents(example: Example) -> tuple[Example, ...]:
    spread = " ".join(plain(word) for word in words_in(example.text))
    return (example, Example(spread, example.language))


def _weigh(examples: list[Example]) -> tuple[dict[str, dict[str, float]], dict[str, float]]:
    """How much each feature speaks for a language, one language against all others at a time."""
    # Only learning needs scikit-learn; reading, and the tests of reading, do without it.
    from sklearn.feature_extraction.text import CountVectorizer
    from sklearn.linear_model import LogisticRegression

    vectorizer = CountVectorizer(analyzer=features)
    table = vectorizer.fit_transform(example.text for example in examples)
    names = vectorizer.get_feature_names_out()
    weights, intercepts = {}, {}
    for language in sorted({example.language for example in examples}):
        model = LogisticRegression(C=0.3, solver="liblinear", class_weight="balanced")
        model.fit(table, [example.language == language for example in examples])
        weights[language] = _worth_keeping(zip(names, model.coef_[0], strict=True))
        intercepts[language] = float(model.intercept_[0])
    return weights, intercepts


def _worth_keeping(weights: Iterable[tuple[str, float]]) -> dict[str, float]:
    return {
        str(name): round(float(weight), 3)
        for name, weight in weights
        if abs(weight) > TOO_SMALL_TO_KEEP
    }


def _telling_words(
    examples: Iterable[Example], in_every_language: frozenset[str]
) -> dict[str, list[str]]:
    counts: dict[str, Counter[str]] = {}
    for example in examples:
        counts.setdefault(example.language, Counter()).update(set(words_in(example.text)))
    everywhere: Counter[str] = sum(counts.values(), Counter())
    return {
        language: sorted(
            word
            for word, times in seen.items()
            if times >= SEEN_OFTEN
            and times / everywhere[word] >= ALMOST_ALWAYS
            and word not in in_every_language
        )
        for language, seen in counts.items()
    }
