"""What an assessment says: for machines, and in words for advocates."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from bot.assessing.sheet import AnswerSheet
from bot.content.forms import form_phrases
from bot.safety.danger import Assessment, name_of
from bot.safety.signs import (
    EVERY_REASON,
    SIGNS,
    Answer,
    Level,
    Now,
    OwnLevel,
    Perception,
    Raise,
    Reason,
    Sign,
    code_of,
)
from bot.safety.statute import could_trigger


def for_machines(sheet: AnswerSheet, assessment: Assessment) -> dict[str, object]:
    """The assessment as JSON names it; `level` and `name` are those after an advocate's raise."""
    statute = assessment.statute
    told: dict[str, object] = {
        "level_low": int(assessment.low),
        "level_high": int(assessment.high),
        "level": int(assessment.level),
        "name": assessment.name,
        "reasons": [reason.value for reason in assessment.reasons],
        "unanswered_that_matter": [sign.value for sign in assessment.unanswered_that_matter],
        "statute": {
            "triggered": statute.triggered,
            "limb": statute.limb,
            "items": [sign.value for sign in statute.items],
        },
    }
    return told | ({"instruments": sheet.instruments} if sheet.instruments else {})


@dataclass(frozen=True)
class InWords:
    """An assessment in the words of a language, for an advocate.

    `words` are those of the language, `facts` the sources and figures that are the same in each.
    """

    sheet: AnswerSheet
    assessment: Assessment
    words: Mapping[str, Any]
    facts: Mapping[str, Any]

    def __str__(self) -> str:
        """All of it, a paragraph a matter."""
        paragraphs = (
            self.level(),
            self.listing("reasons", map(self.explained, self.reasons())),
            self.listing("also_named", map(self.named, self.also_named())),
            self.listing("could_change", map(self.named, self.assessment.unanswered_that_matter)),
            self.statute(),
            [self.words["how"]["ours_note"]],
            self.listing("odds", self.odds()),
            self.instruments(),
            self.limits(),
        )
        return "\n\n".join("\n".join(lines) for lines in paragraphs if lines)

    @property
    def staff(self) -> Mapping[str, str]:
        """The words that only staff reads."""
        staff: Mapping[str, str] = self.words["staff"]
        return staff

    def listing(self, heading: str, lines: Iterable[str]) -> list[str]:
        """Lines under a heading; "none" beside it when there are none."""
        lines = [f"- {line}" for line in lines]
        title = self.staff[heading]
        return [f"{title}:", *lines] if lines else [f"{title}: {self.staff['none']}"]

    def level(self) -> Iterator[str]:
        """At least, at most, and what an advocate changed or wished to."""
        low, high, level = self.assessment.low, self.assessment.high, self.assessment.level
        yield f"{self.staff['at_least']}: {self.level_name(level)}"
        yield f"{self.staff['at_most']}: {self.level_name(max(high, level))}"
        if level > low:
            yield self.words["raised_to"]
            yield f"{self.staff['answers_alone']}: {self.level_name(low)}"
        if self.sheet.raised_to is not None and self.sheet.raised_to < low:
            yield self.staff["lowering_refused"]
        if level is Level.NOTHING_NAMED:
            yield self.words["how"]["zero_note"]

    def level_name(self, level: Level) -> str:
        """The words of a level."""
        name: str = self.words["levels"][name_of(level, self.sheet.signs)]
        return name

    def reasons(self) -> list[Reason]:
        """The reasons for the level; where an advocate raised it, those of the answers as well."""
        unraised = replace(self.sheet, raised_to=None).assessment()
        named = {*self.assessment.reasons, *unraised.reasons}
        return [reason for reason in EVERY_REASON if reason in named]

    def explained(self, reason: Reason) -> str:
        """A reason with why it counts, and where that is from."""
        lines = [self.named(reason), self.because(reason), self.source(reason)]
        return "\n  ".join(line for line in lines if line)

    def also_named(self) -> Iterator[Reason]:
        """All that was named besides the reasons for the level."""
        sheet = self.sheet
        named: dict[Reason, bool] = {
            **dict.fromkeys(sheet.now, True),
            **{sign: answer is Answer.YES for sign, answer in sheet.signs.items()},
            Perception.FEAR: bool(sheet.fear),
            Perception.OWN_LEVEL: sheet.own_level not in (None, OwnLevel.NONE),
            Perception.EXPECTS_SERIOUS_HARM: sheet.expects_serious_harm is Answer.YES,
        }
        reasons = self.reasons()
        return (each for each in EVERY_REASON if named.get(each) and each not in reasons)

    def named(self, reason: Reason) -> str:
        """What a reason is called."""
        perception: Mapping[str, str] = self.words["perception"]
        match reason:
            case Sign():
                return f"{self.words['signs'][reason.value]['name']} ({code_of(reason)})"
            case Now():
                return str(self.words["now"][reason.value])
            case Perception.FEAR:
                return perception[f"fear_{self.sheet.fear}"]
            case Perception.OWN_LEVEL if self.sheet.own_level:
                return perception[f"own_{self.sheet.own_level.value}"]
            case Raise():
                return str(self.words["raised_to"])
        return perception[reason.value]

    def because(self, reason: Reason) -> str:
        """Why a reason counts; what happens right now needs no explanation."""
        match reason:
            case Sign():
                return str(self.words["signs"][reason.value]["because"])
            case Perception():
                return str(self.words["perception"][f"because_{reason.value}"])
        return ""

    def source(self, reason: Reason) -> str:
        """Where it is from that a reason counts."""
        match reason:
            case Sign():
                source = self.facts["signs"][reason.value]["source"]
            case Raise():
                return ""
            case _:
                source = self.staff["own_rules_label"]
        return f"{self.staff['source']}: {source}"

    def statute(self) -> list[str]:
        """What the law says of it, by itself."""
        statute, staff = self.assessment.statute, self.staff
        if not statute.triggered:
            screened = "not_triggered" if statute.triggered is False else "not_screened"
            could = could_trigger(self.sheet.signs)
            still_open = [staff["statute_could_trigger"]] if could else []
            return [f"{staff['statute']}: {staff[f'statute_{screened}']}", *still_open]
        items = [f"- {self.named(sign)}" for sign in statute.items]
        limb = staff[f"limb_{statute.limb}"]
        return [f"{staff['statute']}: {staff['statute_triggered']}", limb, *items]

    def odds(self) -> Iterator[str]:
        """The published figures for the signs that were named."""
        for sign in SIGNS:
            if self.sheet.signs.get(sign) is Answer.YES:
                for study in self.facts["signs"][sign.value]["evidence"]:
                    doubt = "" if study["confirmed"] else f", {self.staff['not_confirmed']}"
                    yield f"{self.named(sign)}: {study['odds']} ({study['study']}{doubt})"

    def instruments(self) -> list[str]:
        """What was obtained with forms elsewhere: it stands beside the level."""
        forms = self.sheet.instruments
        results = [
            f"{self.staff[f'form_{name}']}: {'; '.join(form_phrases(self.staff, form))}"
            for name, form in forms.items()
        ]
        return [*self.listing("forms", results), self.staff["forms_note"]] if forms else []

    def limits(self) -> list[str]:
        """What all this can't do."""
        how = self.words["how"]
        return [f"{how['limits_heading']}:", *(f"- {limit}" for limit in how["limits"])]
