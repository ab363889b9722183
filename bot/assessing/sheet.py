"""An answer sheet: what a file says, read with one reader for each kind of field.

All that is wrong with a file is found at once. What somebody wrote about another worry is for
people to read: it is never printed, not even where a file is wrong.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, NoReturn, TypeVar

from bot.assessing.plain_values import STDIN, parsed, text_of, wrong_file
from bot.assessing.problems import (
    Entries,
    Problem,
    Unshown,
    WrongSheet,
    dotted,
    hidden,
    listed,
    nearest,
    quoted,
    written,
    wrong,
)
from bot.safety.danger import Assessment, assess
from bot.safety.instruments import (
    Impossible,
    Judgement,
    aprais,
    da5,
    danger_assessment,
    danger_assessment_band,
    dash,
    dvsat,
    whole_number,
)
from bot.safety.signs import GREATEST_FEAR, SIGNS, Answer, Level, Now, OwnLevel, Sign

Kind = TypeVar("Kind")
# Takes the dotted name of a field and what stands there; raises WrongSheet.
Reader = Callable[[str, object], Kind]


@dataclass(frozen=True)
class AnswerSheet:
    """What a file says; what it does not say is unknown."""

    signs: Mapping[Sign, Answer] = field(default_factory=dict)
    fear: int | None = None
    own_level: OwnLevel | None = None
    expects_serious_harm: Answer = Answer.UNKNOWN
    now: Collection[Now] = ()
    raised_to: Level | None = None
    judged_lethal: bool = False
    instruments: Mapping[str, Mapping[str, object]] = field(default_factory=dict)

    def assessment(self) -> Assessment:
        """The assessment of these answers; forms that were filled in elsewhere take no part."""
        return assess(
            self.signs,
            fear=self.fear,
            own_level=self.own_level,
            expects_serious_harm=self.expects_serious_harm,
            now=self.now,
            raised_to=self.raised_to,
            judged_lethal=self.judged_lethal,
        )


def load(file: str) -> AnswerSheet:
    """The answers in a file, or on standard input for "-"; raises WrongSheet."""
    return read(text_of(file), file)


def read(text: str, file: str = STDIN) -> AnswerSheet:
    """The answers in a text; raises WrongSheet."""
    given = parsed(text, file)
    if given is None:
        raise wrong_file(file, "is empty: it holds no answers")
    if not isinstance(given, Entries):
        raise wrong_file(file, f"is {quoted(hidden(given))}, not names with answers as in fear: 3")
    return AnswerSheet(**SHEET("", given))


# ---- One reader for each kind of field. ---------------------------------------------------------


def collected(readings: Iterable[tuple[Reader[Any], str, object]]) -> list[Any]:
    """What several readers give; what is wrong with any of them is raised at once."""
    values: list[Any] = []
    problems: list[Problem] = []
    for reader, name, given in readings:
        try:
            values.append(reader(name, given))
        except WrongSheet as error:
            problems += error.problems
    if problems:
        raise WrongSheet(*problems)
    return values


def entries(
    shape: Mapping[str, Reader[Any]], needed: Collection[str] = ()
) -> Reader[dict[str, Any]]:
    """Reads a mapping with these names; what is null, or not there, is left out unless needed."""
    unknown = not_among(shape)

    def reader(name: str, given: object) -> dict[str, Any]:
        if not isinstance(given, Entries):
            raise wrong(name, hidden(given), f"answers to {listed(shape)}")
        answers = [(written(key, shape), value) for key, value in given]
        times = Counter(key for key, _ in answers)
        answers += [(key, None) for key in needed if key not in times]
        asked = [
            (key, value)
            for key, value in answers
            if value is not None or key in needed or key not in shape
        ]
        readings = [(shape.get(key, unknown), dotted(name, key), value) for key, value in asked]
        readings += [
            (given_twice, dotted(name, key), value)
            for key, value in dict(answers).items()
            if key in shape and times[key] > 1
        ]
        values = collected(readings)
        return {key: value for (key, _), value in zip(asked, values, strict=True)}

    return reader


def not_among(names: Collection[str]) -> Reader[NoReturn]:
    """Refuses what stands under a name that is none of these."""

    def reader(name: str, given: object) -> NoReturn:
        near = nearest(name.rpartition(".")[2], names)
        raise wrong(name, hidden(given), listed(names), near, what="is not known")

    return reader


def given_twice(name: str, given: object) -> NoReturn:
    """Refuses a name that stands in one place more than once: which answer would hold?"""
    raise wrong(name, hidden(given), "once", what="is given more than once")


def one_of(choices: Mapping[str, Kind]) -> Reader[Kind]:
    """Reads one of these words; true and false are yes and no."""

    def reader(name: str, given: object) -> Kind:
        word = ("yes" if given else "no") if isinstance(given, bool) else given
        if isinstance(word, str) and word in choices:
            return choices[word]
        raise wrong(name, given, listed(choices), nearest(given, choices))

    return reader


def each(reader_of_one: Reader[Kind], allowed: str) -> Reader[list[Kind]]:
    """Reads a list."""

    def reader(name: str, given: object) -> list[Kind]:
        if isinstance(given, Entries) or not isinstance(given, list):
            raise wrong(name, given, allowed)
        listed_values = (Unshown("null") if one is None else one for one in given)
        return collected((reader_of_one, name, one) for one in listed_values)

    return reader


def counted(rule: Callable[[Any], object]) -> Reader[int]:
    """Reads a number that a rule does not call impossible."""

    def reader(name: str, given: object) -> int:
        # What is no number may be of any depth: a rule is not asked to name it.
        value = given if isinstance(given, int) else None
        try:
            rule(value)
        except Impossible as error:
            raise wrong(name, given, error.allowed, unquoted_number(given)) from None
        return int(value or 0)

    return reader


def up_to(highest: int) -> Reader[int]:
    """Reads a whole number from 0 to the highest."""
    return counted(lambda number: whole_number("", number, 0, highest))


def unquoted_number(given: object) -> str:
    """The number that was probably meant by a text."""
    if isinstance(given, str) and given.isdecimal() and len(given) < 3:
        return f"{given} without quotation marks"
    return ""


# ---- What may stand in an answer sheet. ---------------------------------------------------------

ANSWERS = {answer.value: answer for answer in Answer}
YES_OR_NO = {"yes": True, "no": False}
JUDGEMENTS = {"yes": Judgement.RAISE, "no": Judgement.NONE, "lower": Judgement.LOWER}
RAISED_OR_NOT = {"yes": Judgement.RAISE, "no": Judgement.NONE}
NOW_FLAGS = {flag.value: flag for flag in Now}
OWN_LEVELS = {level.value: level for level in OwnLevel}


def worry(name: str, given: object) -> Answer:
    """The open question: any text is a yes, and people alone read what it says."""
    if isinstance(given, str) and given not in ANSWERS:
        return Answer.YES if given.strip() else Answer.UNKNOWN
    if isinstance(given, str | bool):
        return one_of(ANSWERS)(name, given)
    value = Unshown("a number, not shown") if isinstance(given, int | float) else given
    raise wrong(name, value, f"{', '.join(ANSWERS)} or a text")


def signs(name: str, given: object) -> dict[Sign, Answer]:
    """The answers to the signs."""
    return {Sign(key): answer for key, answer in SIGN_ANSWERS(name, given).items()}


def raised_level(name: str, given: object) -> Level:
    """The level that an advocate raised it to."""
    return Level(up_to(max(Level))(name, given))


def form(
    rule: Callable[..., dict[str, object]],
    shape: Mapping[str, Reader[Any]],
    needed: Collection[str] = (),
) -> Reader[dict[str, object]]:
    """Reads what was obtained with a form elsewhere, and works out its result."""
    read_entries = entries(shape, needed)

    def reader(name: str, given: object) -> dict[str, object]:
        values = read_entries(name, given)
        try:
            return rule(**values)
        except Impossible as error:
            value = str(error.value) if isinstance(error.value, list) else error.value
            raise wrong(dotted(name, error.field), value, error.allowed) from None

    return reader


def as_fields(rule: Callable[..., Any]) -> Callable[..., dict[str, object]]:
    """A rule of the instruments, its result as a mapping of its fields."""
    return lambda **values: asdict(rule(**values))


def total_or_yes(
    total: int | None = None,
    yes: Collection[int] | None = None,
    never_lived_together: bool = False,
) -> dict[str, object]:
    """A Danger Assessment by its total, by the numbers answered yes, or by both if they agree.

    A total has box 3a in it, and does not tell about question 20.
    """
    if yes is None:
        if total is None:
            raise Impossible("total", None, "a total, or the numbers answered yes as yes: [1, 2]")
        band = danger_assessment_band(total)
        return {"total": total, "band": band, "opens_suicide_talk": None}
    result = danger_assessment(yes, never_lived_together=never_lived_together)
    if total not in (None, result.total):
        raise Impossible("total", total, f"{result.total}, to which yes adds up")
    return asdict(result)


SIGN_ANSWERS = entries(
    {sign.value: worry if sign is Sign.OTHER_WORRY else one_of(ANSWERS) for sign in SIGNS}
)
INSTRUMENTS = {
    "danger_assessment": form(
        total_or_yes,
        {
            "total": counted(danger_assessment_band),
            "yes": each(counted(lambda number: danger_assessment([number])), "a list of numbers"),
            "never_lived_together": one_of(YES_OR_NO),
        },
    ),
    "da5": form(as_fields(da5), {"count": counted(da5)}, needed=["count"]),
    "aprais": form(
        as_fields(aprais),
        {"count": counted(aprais), "judgement": one_of(RAISED_OR_NOT)},
        needed=["count"],
    ),
    "dash": form(
        as_fields(dash),
        {
            "ticks": counted(dash),
            "judgement": one_of(JUDGEMENTS),
            "events_in_12_months": counted(lambda events: dash(0, events_in_12_months=events)),
            "repeat_within_12_months": one_of(YES_OR_NO),
        },
        needed=["ticks"],
    ),
    "dvsat": form(
        as_fields(dvsat),
        {"count": counted(dvsat), "judgement": one_of(JUDGEMENTS)},
        needed=["count"],
    ),
}
SHEET = entries(
    {
        "signs": signs,
        "fear": up_to(GREATEST_FEAR),
        "own_level": one_of(OWN_LEVELS),
        "expects_serious_harm": one_of(ANSWERS),
        "now": each(one_of(NOW_FLAGS), f"a list of {listed(NOW_FLAGS)}"),
        "raised_to": raised_level,
        "judged_lethal": one_of(YES_OR_NO),
        "instruments": entries(INSTRUMENTS),
    }
)
