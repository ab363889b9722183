"""What is said to the visitor: replies put together from content, sent through Rasa."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from textwrap import shorten
from types import MappingProxyType

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from bot.actions.finding import Directory, cards, options, wish_of
from bot.actions.tracker import channel_of, course_of, language_of, understood
from bot.content import CONTROLS, Content
from bot.content.hotlines import Hotlines
from bot.content.planned import (
    because,
    in_words,
    short_label,
    step_words,
    worded_difference,
    worded_plan,
)
from bot.content.wording import KINDS, Wording
from bot.plans.text import short_text
from bot.plans.whole import names_of
from bot.safety.course import (
    LOOKING,
    PAUSES,
    Course,
    asked_where,
    asks_to_confirm,
    not_yet_said,
    offered,
    open_question,
    questions_of,
    with_said,
)
from bot.safety.editing import THE_STEP, WHICH_STEP
from bot.safety.explaining import Explanation, explanation
from bot.safety.listening import Understood
from bot.safety.own_plan import OwnPlan, ready
from bot.safety.plan import Catalogue, offered_section
from bot.safety.planning import items_shown
from bot.safety.questions import (
    SKIPPED,
    Question,
    check_in_is_due,
    danger_progress,
    danger_questions,
    nothing_can_raise,
)
from bot.safety.rehearsing import missing
from bot.safety.reviewing import OPENED, difference, outgrown
from bot.safety.signs import Perception, Reason, Sign
from bot.safety.when import YES
from bot.services.gazetteer import Found, Gazetteer
from bot.services.needs import LINES
from bot.services.searching import Results

LEAVE_NOW = "leave_now"
NO_TITLES: Mapping[str, str] = MappingProxyType({})
LONGEST_TITLE = 60  # characters
GRAVE = frozenset({"high", "immediate"})
"""Levels at which somebody should be reached at once."""

# Messages that are put together from the plan.
OF_THE_PLAN = frozenset({"plan", "plan_whole", "plan_changed", "plan_difference", "save_plan"})

# Of the open questions that could show more danger, so many are named.
SIGNS_NAMED = 3


@dataclass(frozen=True)
class Room:
    """What the actions are given: words, numbers, places, and how long a talk is kept."""

    content: Content
    hotlines: Hotlines
    gazetteer: Gazetteer
    directory: Directory | None = None
    country: str = ""
    idle_minutes: int = 30

    def speaker(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> "Speaker":
        """The one who speaks in this turn."""
        label = tracker.slots.get("place_label") or ""

        def look_up(course: Course, beside_numbers: bool) -> Results | None:
            """Services for this visitor; None where the directory can't be asked."""
            questions = questions_of(self.content.outline, course)
            grave = explanation(questions, course.answers, course.now).name in GRAVE
            wish = wish_of(tracker, course, self.gazetteer, self.country)
            lines = beside_numbers and wish.need not in LINES
            wish = replace(wish, high_danger=grave, besides_lines=lines)
            return self.directory.look_up(wish) if self.directory else None

        knows_where = bool(tracker.slots.get("place"))
        return Speaker(dispatcher, self.wording(tracker), label, look_up, knows_where)

    def understood(self, tracker: Tracker) -> Understood:
        """The latest message, with the place that it names if it names one."""
        place = self.place_in(tracker).place
        return understood(tracker, self.leading(), place.country if place else "")

    def place_in(self, tracker: Tracker) -> Found:
        """The place that the latest message names, or those that it may name."""
        text = tracker.latest_message.get("text") or ""
        if text.startswith("/"):
            return Found()
        question = open_question(self.content.outline, course_of(tracker))
        country = tracker.slots.get("country") or self.country
        return self.gazetteer.find(
            text, country, language_of(tracker), asked=question.takes == "place"
        )

    def wording(self, tracker: Tracker) -> Wording:
        """The words for the language and place of a conversation."""
        return Wording(
            content=self.content,
            hotlines=self.hotlines,
            language=language_of(tracker),
            country=tracker.slots.get("country") or self.country,
            region=tracker.slots.get("region") or "",
            idle_minutes=self.idle_minutes,
            channel=channel_of(tracker),
        )

    def leading(self) -> dict[str, frozenset[str]]:
        """How answers begin that say yes or no, in all languages."""
        languages = self.content.languages.values()
        return {
            answer: frozenset(word for each in languages for word in each.words[answer])
            for answer in ("yes", "no")
        }


@dataclass(frozen=True)
class Speaker:
    """Says things in one turn of one conversation."""

    dispatcher: CollectingDispatcher
    wording: Wording
    place_label: str = ""
    look_up: Callable[[Course, bool], Results | None] = lambda _, __: None
    knows_where: bool = False

    def say(self, course: Course, messages: Iterable[str]) -> Course:
        """Says messages by their ids; the course remembers those that are said once only."""
        said = tuple(messages)
        for message in said:
            if message == "services":
                course = self.services(course, beside_numbers="numbers" in said)
                continue
            for name, text in self.composed(course, message):
                self.utter(name, text)
        return with_said(course, said)

    def composed(self, course: Course, message: str) -> list[tuple[str, str]]:
        """A message as one or more texts, each with the id of its words."""
        if message in OF_THE_PLAN:
            return self.of_the_plan(course, message)
        match message:
            case "explanation":
                return self.explanation(course)
            case "numbers":
                numbers = self.wording.numbers_to_call(self.place_label)
                return [("numbers", numbers), self.plain("numbers_safe_call")]
            case "danger":
                said = ("danger", self.wording.danger())
            case "danger_enough":
                return self.enough(course)
            case "corrected":
                said = self.corrected(course)
            case _:
                said = self.plain(message)
        return [said]

    def plain(self, message: str, **values: object) -> tuple[str, str]:
        """A message with nothing but its numbers to fill in."""
        return message, self.wording.text(message, **values)

    def services(self, course: Course, *, beside_numbers: bool) -> Course:
        """Says the services that fit; the course then asks which to keep, or first where.

        Where none can be said, the numbers to call are, unless they stand there already.
        """
        may_ask = course.interrupt in LOOKING and "place" not in course.answers
        if may_ask and not self.knows_where:
            return asked_where(course)
        results = self.look_up(course, beside_numbers)
        if results and results.services:
            self.utter("services", cards(results, self.wording))
            if not beside_numbers:
                self.utter(*self.plain("numbers_safe_call"))
            return offered(course, options(results, self.wording))
        if not beside_numbers:
            if results:
                self.utter(*self.plain("services_none"))
            course = self.say(course, ["numbers"])
        return offered(course, ())

    def plan(self, course: Course) -> str:
        """The plan as it stands, with the services that were kept."""
        services = names_of(course.picked)
        if not course.plan and not services:
            return self.wording.text("plan_empty")
        made = ready(self.catalogue, course.situation, course.plan)
        return short_text(worded_plan(self.wording, made, services))

    def of_the_plan(self, course: Course, message: str) -> list[tuple[str, str]]:
        """A message that is put together from the plan."""
        match message:
            case "plan_changed":
                return [self.plain(message, count=len(course.plan.steps))]
            case "plan_difference":
                return self.difference(course)
            case "save_plan":
                return [(message, course.editing)]  # the door saves it, and says the code
        return [("plan", self.plan(course))]

    def difference(self, course: Course) -> list[tuple[str, str]]:
        """What is different from the plan that was opened; nothing where none was."""
        if OPENED not in course.answers:
            return []
        differs = difference(course.plan_opened, course.plan)
        return [("plan_difference", worded_difference(self.wording, differs))]

    @property
    def catalogue(self) -> Catalogue:
        """Everything that a plan can be made of."""
        return self.wording.content.outline.catalogue

    def explanation(self, course: Course) -> list[tuple[str, str]]:
        """What the answers show: which words count and why, what is open, what could help."""
        told = self.explained(course)
        if not told.asked:
            return [self.plain("explain_not_asked"), *self.open_questions(told)]
        reasons = self.listed(told.reasons, course)
        said = [self.plain(f"explain_{told.name}", reasons=reasons)]
        if told.why:
            said.append(self.plain("explain_why", reasons=self.why(told)))
        if told.also:
            said.append(self.plain("explain_also", reasons=self.listed(told.also, course)))
        if not told.studied:
            said.append(self.plain("explain_not_tested"))
        return [*said, *self.open_questions(told), self.plain("explain_basis"), self.help(told)]

    def explained(self, course: Course) -> Explanation:
        """What there is to explain of the answers so far."""
        return explanation(self.questions(course), course.answers, course.now)

    def enough(self, course: Course) -> list[tuple[str, str]]:
        """That no question left could show more; what matters for the health stays asked for."""
        said = self.plain("danger_enough", count=self.explained(course).left)
        open_neck = Sign.STRANGLED.value not in course.answers
        return [said, self.plain("neck_open")] if open_neck else [said]

    def open_questions(self, told: Explanation) -> list[tuple[str, str]]:
        """What has no answer, and whether an answer could still show more danger."""
        if told.matter:
            signs = self.listed(told.matter[:SIGNS_NAMED], Course())
            return [self.plain("explain_open_matters", count=told.left, signs=signs)]
        return [self.plain("explain_open", count=told.left)] if told.left else []

    def why(self, told: Explanation) -> str:
        """Why the gravest reasons count, a line each."""
        danger = self.wording.words.danger
        because = [
            danger["signs"][reason.value]["because"]
            if isinstance(reason, Sign)
            else danger["perception"][f"because_{reason.value}"]
            for reason in told.why
        ]
        return "\n".join(f"– {each.strip()}" for each in because)

    def help(self, told: Explanation) -> tuple[str, str]:
        """What could help now, a line each."""
        steps = "\n".join(f"– {self.wording.text(step)}" for step in told.steps)
        return self.plain("help_now", steps=steps)

    def listed(self, reasons: Iterable[Reason], course: Course) -> str:
        """The short words for reasons, in one line."""
        return ", ".join(self.reason_words(reason, course) for reason in reasons)

    def reason_words(self, reason: Reason, course: Course) -> str:
        """The short words for a reason: a sign, a flag, or what the visitor senses."""
        danger = self.wording.words.danger
        match reason:
            case Sign():
                return self.wording.words.questions[reason.value]["sign"].strip()
            case Perception.EXPECTS_SERIOUS_HARM:
                return str(danger["perception"][reason.value])
            case Perception():
                return str(danger["perception"][course.answers[reason.value]])
        return str(danger["now"][reason.value])

    def corrected(self, course: Course) -> tuple[str, str]:
        """That an answer was changed: which one, where it has short words, and to what."""
        key = course.corrections[-1]
        sign = self.wording.words.questions[key].get("sign")
        if not sign:
            return self.plain("corrected_plain")
        answer = self.wording.title(course.answers[key])
        words = sign.strip()
        return self.plain("corrected", sign=words[:1].upper() + words[1:], answer=answer)

    def ask(self, course: Course) -> Course:
        """Asks the open question, after what has to be said before it."""
        outline = self.wording.content.outline
        question = open_question(outline, course)
        if question.key != course.asked:
            course = self.introduce(course, question)
        titles = step_titles(self.wording, course.plan) if question.id == WHICH_STEP else NO_TITLES
        self.utter(question.id, self.question_words(course, question), question, titles)
        return replace(course, asked=question.key)

    def introduce(self, course: Course, question: Question) -> Course:
        """Says what goes before a question; not again when it is only repeated."""
        course = self.say(course, not_yet_said(course, question.first))
        if question.id in PAUSES and nothing_can_raise(self.questions(course), course.answers):
            course = self.say(course, ["danger_enough"])
        self.check_in(course, question)
        if question.id == "plan_section":
            self.utter("plan_section", self.section(course, question.about))
        return course

    def questions(self, course: Course) -> tuple[Question, ...]:
        """Every question of this conversation, in order."""
        return questions_of(self.wording.content.outline, course)

    def check_in(self, course: Course, question: Question) -> None:
        """Says after every few danger questions how far we are."""
        if not question.adaptive:
            return
        done, left = danger_progress(self.questions(course), course.answers)
        if check_in_is_due(done):
            self.utter("check_in", self.wording.text("check_in", done=done, left=left))

    def section(self, course: Course, section_id: str) -> str:
        """One part of the plan, with the steps of it that are shown."""
        section = self.catalogue.section(section_id)
        part = offered_section(self.catalogue, section, course.situation)
        head = [self.wording.section_part(section_id, e) for e in ("title", "about", "caution")]
        steps = map(self.item, items_shown(part, course.answers, course.plan))
        why = because(self.wording, part.because)
        return "\n".join([*filter(None, (*head, why)), *steps])

    def item(self, item: str) -> str:
        """One step as a line: its caution first, then itself, then whether it shows."""
        labels = self.catalogue.items[item].labels
        short = short_label(self.wording.words.planning, labels)
        caution = self.wording.item_part(item, "caution")
        text = self.wording.item_part(item, "text")
        return f"– {caution} {text} ({short})".replace("–  ", "– ")

    def question_words(self, course: Course, question: Question) -> str:
        """The words of a question; of a sign that was told already, those that confirm it."""
        words = self.wording.words.questions[question.id]
        if asks_to_confirm(question, course):
            return words["confirm"].strip()
        if question.items:
            return self.list_words(course, question)
        about = self.about(course, question)
        return words["ask"].strip().format(**self.wording.numbers(question.id), **about)

    def list_words(self, course: Course, question: Question) -> str:
        """The words of a list: what it asks, and a line for each sign that is left."""
        every = self.wording.words.questions
        begun = any(
            course.answers.get(each.key) == YES
            for each in self.questions(course)
            if each.in_list == question.id
        )
        asked = every[question.id]["rest" if begun else "ask"].strip()
        # What the plan asks about stands on the buttons alone.
        items = [f"– {every[e.id]['item'].strip()}" for e in question.items if e.adaptive]
        return "\n".join([asked, *items])

    def about(self, course: Course, question: Question) -> dict[str, object]:
        """What a question is about, in words or numbers."""
        wording, about = self.wording, question.about
        told: dict[str, Callable[[], dict[str, object]]] = {
            "danger_consent": lambda: {"total": danger_questions(self.questions(course))},
            "plan_section": lambda: {"title": wording.words.plan_sections[about]["title"]},
            "plan_own": lambda: {"title": wording.words.plan_sections[about]["title"]},
            "plan_item": lambda: {"item": self.item(about)},
            "plan_step": lambda: {"step": in_words(wording, course.plan, [about])},
            "plan_words": lambda: {"hint": wording.text(f"plan_hint_{about}")},
            "rehearse": lambda: {"scene": self.scene(course, about)},
            "plan_outgrown": lambda: {"steps": self.outgrown(course, about)},
        }
        return told[question.id]() if question.id in told else {}

    def outgrown(self, course: Course, section: str) -> str:
        """The steps of a part that no longer fit what was told."""
        gone = outgrown(self.catalogue, course.situation, course.plan)[section]
        return in_words(self.wording, course.plan, gone)

    def scene(self, course: Course, name: str) -> str:
        """A surprise of the rehearsal, and what the plan has for it, or could have."""
        surprise = next(each for each in self.catalogue.surprises if each.id == name)
        scene = self.wording.words.planning["surprises"][name].strip()
        lacks = missing(surprise, course.plan)
        has = tuple(each for each in surprise.repairs if each not in lacks)
        said = [("rehearse_has", has), ("rehearse_idea", lacks)]
        ideas = [
            self.wording.text(message, steps="\n" + in_words(self.wording, course.plan, steps))
            for message, steps in said
            if steps
        ]
        return "\n".join([scene, *ideas])

    def utter(
        self,
        message: str,
        text: str,
        question: Question | None = None,
        titles: Mapping[str, str] = NO_TITLES,
    ) -> None:
        """Sends one reply: the id of its words, its text, and the buttons of a question.

        `titles` are those of options that have none in content.
        """
        self.dispatcher.utter_message(
            json_message={
                "message": message,
                "text": text,
                "kind": "question" if question else KINDS.get(message, "text"),
                "language": self.wording.language,
                "country": self.wording.country,
                "expects": question.takes if question else "",
                "buttons": buttons(self.wording, question, titles) if question else [],
            }
        )


def step_titles(wording: Wording, plan: OwnPlan) -> dict[str, str]:
    """A short title for every step of a plan, as the option that stands for it."""
    return {
        f"{THE_STEP}{step.id}": shorten(step_words(wording, step), LONGEST_TITLE, placeholder=" …")
        for step in plan.steps
    }


def buttons(
    wording: Wording, question: Question, titles: Mapping[str, str]
) -> list[dict[str, str]]:
    """The buttons of a question: its options, then the controls, with what they stand for."""
    options = [(option, choice(question, option)) for option in question.options]
    controls = [(control, control_payload(question, control)) for control in CONTROLS]
    return [
        {"title": titles.get(name) or wording.title(name), "payload": payload}
        for name, payload in options + controls
    ]


def choice(question: Question, option: str) -> str:
    """What a pressed option says to Rasa: the question that it answers, and the answer."""
    if option == LEAVE_NOW:
        return "/quick_exit"
    return "/choose" + json.dumps({"question": question.key, "option": option})


def control_payload(question: Question, control: str) -> str:
    """What a pressed control says to Rasa."""
    return choice(question, SKIPPED) if control == SKIPPED else f"/{control}"
