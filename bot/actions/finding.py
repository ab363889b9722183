"""Services for the visitor: looked up by what they ask, written out as cards."""

import concurrent.futures
import logging
import time
from collections.abc import Callable
from datetime import UTC, datetime

from babel import Locale
from rasa_sdk import Tracker
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from bot.actions.tracker import language_of
from bot.content.wording import Wording
from bot.safety.course import KEEP, PICK, Course, wanting
from bot.safety.listening import Understood
from bot.services.directory.opening import WrongDirectory
from bot.services.gazetteer import Gazetteer
from bot.services.numbers import shown
from bot.services.searching import HIDDEN_FROM_KM, Results, Service, Wish, search
from bot.services.wishes import Asked, asked_for

log = logging.getLogger("foothold.internal")
PATIENCE_SECONDS = 2.0
"""Whoever looks for help waits no longer; the national numbers come without the directory."""
REST_SECONDS = 20.0
"""For so long a directory that failed is not asked again."""
WANTS = {"wants:want_place": "shelter", "wants:want_legal": "legal", "wants:want_money": "money"}
# What is looked for where the words say nothing more.
SEEKS = {
    "find_service": frozenset[str](),
    "want_place_to_go": frozenset({"need:shelter"}),
    "ask_pets": frozenset({"need:shelter", "has:pets"}),
}
IN_MILES, MILES_A_KM = frozenset({"US", "GB", "LR"}), 0.621371
"""Where roads are measured in miles, and how many a kilometre is."""
CAUTIONS = ("referral_only", "police_may_be_involved", "no_trace_on_bill")


class Directory:
    """The directory, asked with patience: nobody waits long, and not one visitor after another.

    It is opened when it is first asked, so that one that can't be opened stops nothing else.
    """

    def __init__(
        self,
        opening: Callable[[], Engine],
        threads: concurrent.futures.ThreadPoolExecutor,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.opening, self.threads, self.clock = opening, threads, clock
        self.engine: Engine | None = None
        self.rests_until = 0.0

    def look_up(self, wish: Wish) -> Results | None:
        """What fits; None where the directory is locked, broken or too slow, or was just now."""
        if self.clock() < self.rests_until:
            return None
        try:
            return self.threads.submit(self.search, wish).result(PATIENCE_SECONDS)
        except (SQLAlchemyError, WrongDirectory, TimeoutError, OSError) as error:
            self.rests_until = self.clock() + REST_SECONDS
            log.error("directory_failed %s", type(error).__name__)  # noqa: TRY400 - no texts
            return None

    def search(self, wish: Wish) -> Results:
        """What fits."""
        if self.engine is None:
            self.engine = self.opening()
        return search(self.engine, wish)


def seeking(course: Course, heard: Understood) -> Course:
    """The course with what a message asks services to offer, if it asks for any."""
    if heard.intent not in SEEKS:
        return course
    asked = asked_for(heard.text).words()
    needed = any(each.startswith("need:") for each in asked)
    usual = SEEKS[heard.intent]
    # "And one that takes my dog?" goes on with what was looked for.
    return wanting(course, asked if needed or course.wanted else asked | usual)


def going_on(course: Course, heard: Understood) -> Course | None:
    """The course with what words add while services stand to choose from; None where nothing."""
    if course.interrupt != PICK or heard.pressed:
        return None
    asked = asked_for(heard.text).words()
    return wanting(course, asked) if asked else None


def wish_of(tracker: Tracker, course: Course, gazetteer: Gazetteer, country: str) -> Wish:
    """What the visitor looks for: their own words, where they are, what they told before."""
    slots = tracker.slots
    asked = Asked.of(course.wanted)
    place = gazetteer.named(slots["place"]) if slots.get("place") else None
    language = language_of(tracker)
    return Wish(
        now=datetime.now(UTC),
        need=asked.need or need_of(course),
        country=slots.get("country") or country,
        region=slots.get("region") or "",
        at=place.point if place else None,
        languages=asked.languages or ((language,) if language != "en" else ()),
        traits=asked.traits,
        boys=asked.boys,
        channel=asked.channel,
        open_now=asked.open_now,
        beyond_km=HIDDEN_FROM_KM if asked.away else 0.0,
    )


def need_of(course: Course) -> str:
    """What the visitor said at the beginning that they look for."""
    told = {f"{key}:{value}" for key, value in course.answers.items()}
    return next((need for want, need in WANTS.items() if want in told), "")


def cards(results: Results, wording: Wording) -> str:
    """The services, a line each; why each stands here, and what to ask them."""
    head = wording.text("services_intro")
    if results.given_up:
        words = wording.words.words["service"]
        named = ", ".join(words["given_up"].get(each, "") for each in results.given_up)
        head = wording.text("services_given_up", asked=named)
    return "\n".join([head, *(card(each, wording) for each in results.services)])


def card(service: Service, wording: Wording) -> str:
    """One service in one line: name, numbers, why, what to ask."""
    words = wording.words.words["service"]
    parts = [named(service, wording)]
    if service.phone and service.sms and service.sms != service.phone:
        parts.append(wording.texting(service.sms))
    if service.chat:
        parts.append(words["chat_at"].format(address=service.chat))
    if not (service.phone or service.sms or service.chat) and service.website:
        parts.append(service.website)
    parts += [reason(name, value, wording) for name, value in service.reasons]
    opening = wording.hours(service.hours) if service.hours else service.hours_text
    if opening and "always_open" not in service.has:
        parts.append(opening)
    parts += [words[each] for each in CAUTIONS if each in service.has]
    if service.ask:
        about = ", ".join(words["about"][each] for each in service.ask)
        parts.append(words["ask"].format(asked=about))
    return " · ".join(parts)


def named(service: Service, wording: Wording) -> str:
    """A service by its name and the number to call, or the one to text."""
    if service.phone:
        return f"{service.name}: {shown(service.phone, service.country, wording.country)}"
    return f"{service.name}: {wording.texting(service.sms)}" if service.sms else service.name


def options(results: Results, wording: Wording) -> list[str]:
    """The services as options of the question which to keep."""
    return [f"{KEEP}{each.service_id}~{named(each, wording)}" for each in results.services]


def reason(name: str, value: str, wording: Wording) -> str:
    """One reason in words; areas and languages by their names."""
    locale = Locale(wording.language)
    if wording.country in IN_MILES and name in ("km", "km_town"):
        name = name.replace("km", "miles")
        value = str(max(1, round(int(value) * MILES_A_KM)))
    if name == "speaks":
        value = locale.languages.get(value, value)
    if name == "serves":
        value = locale.territories.get(value, value)
    return str(wording.words.words["service"][name]).format(value=value)
