"""The plan's own page: to look at, to change, and to take away. Works without JavaScript."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time

from fastapi.responses import HTMLResponse, Response

from bot.content.wording import moment_in_words
from bot.conversation import CODE_KINDS, LIVES, Answer, Door, Reply, UnknownConversation, cannot
from bot.keeping import ShelfDown, TooManyCodes
from bot.plans.calendar import REPEATS, in_a_month, reminder
from bot.plans.codes import Kind, read_code
from bot.plans.pdf import plan_pdf
from bot.plans.slices import qr_code, sealed_slice, slice_of
from bot.plans.text import plan_text
from bot.rasa_client import Unavailable
from bot.safety.own_plan import KINDS
from webchat.templates import Page, Talk

# What files and pages are called: nothing that tells what they are.
FILE_NAME = "notes"
PARTS = "part:"
LONGEST_COVER = 200  # characters
LONGEST_PASSWORD = 128  # characters


@dataclass(frozen=True)
class Shown:
    """What the page of a plan shows besides the plan: words, a step to be changed, a link."""

    said: tuple[Reply, ...] = ()
    editing: str = ""
    changed: str = ""
    link: str = ""
    picture: str = ""
    until: str = ""


@dataclass(frozen=True)
class Press:
    """A press on the plan's page, with what it takes to answer it.

    `about` is the step that it is about. `origin` is where this Foothold is reached from outside.
    """

    page: Page
    door: Door
    form: Mapping[str, str]
    language: str
    origin: str
    about: str = ""

    @property
    def token(self) -> str:
        """The conversation; empty where none was begun."""
        return self.form.get("conversation", "")

    async def view(self, shown: Shown | None = None) -> Response:
        """The plan on its page."""
        whole = await self.door.plan(self.token)
        worded = self.door.worded(whole)
        return HTMLResponse(
            self.page.plan(
                whole.language,
                conversation=self.token,
                plan=worded if whole else None,
                text=plan_text(worded),
                shown=shown or Shown(changed=self.about),
                kinds=KINDS,
                lives=tuple(LIVES),
                code_kinds=tuple(CODE_KINDS),
                repeats=REPEATS,
                some_day=in_a_month().isoformat(),
            )
        )

    def sorry(self, reason: str, status: int = 200) -> Response:
        """The first page, with what stood in the way."""
        answer = self.door.sorry(reason, self.language)
        return HTMLResponse(self.page.first(self.language, answer), status)

    async def told(self, reason: str) -> Response:
        """The plan's page, with what stood in the way; the first page where there is no talk."""
        if not self.token:
            return self.sorry(reason)
        return await self.view(Shown(said=self.door.sorry(reason, self.language).replies))

    async def edit(self) -> Response:
        """The plan with one step open to be written anew."""
        return await self.view(Shown(editing=self.about))

    async def changed(self, change: Mapping[str, str]) -> Response:
        """The plan after a change."""
        await self.door.with_plan(self.token, {"change": dict(change)})
        return await self.view()

    async def back(self) -> Response:
        """The talk again, with what was said last."""
        answer, turn = await self.door.latest(self.token)
        talk = Talk(self.token, answer.language, after=turn)
        return HTMLResponse(self.page.talking(talk.hearing(answer)))

    async def find(self) -> Response:
        """A saved plan, opened in this talk, or in a new one."""
        record = await self.door.keeper.find(self.form.get("code", ""))
        if record is None:
            return self.sorry("code_unknown")
        token = self.token
        if not token:
            token, opening = await self.door.open(self.language)
            if not token:
                return HTMLResponse(self.page.first(self.language, opening), opening.status)
        answer = await self.door.with_plan(token, {"opened": record})
        opened = self.door.sorry("plan_opened", answer.language)
        talk = Talk(token, answer.language).hearing(opened).hearing(answer)
        return HTMLResponse(self.page.talking(replace(talk, first_new=0)))

    async def delete(self) -> Response:
        """What is said after a saved plan was deleted; the same when there was none."""
        await self.door.keeper.delete(self.form.get("code", ""))
        said = Reply("deleted", self.page.plan_words(self.language)["deleted"].strip())
        if self.token:
            return await self.view(Shown(said=(said,)))
        return HTMLResponse(self.page.first(self.language, Answer((said,), self.language)))

    async def print(self) -> Response:
        """A plain page to print."""
        return await self.paper("whole")

    async def card(self) -> Response:
        """A card for the wallet."""
        return await self.paper("card")

    async def paper(self, form: str) -> Response:
        """The plan as it is printed."""
        whole = await self.door.plan(self.token)
        plan = self.door.worded(whole)
        return HTMLResponse(
            self.page.printed(whole.language, form, conversation=self.token, plan=plan)
        )

    async def pdf(self) -> Response:
        """The plan as a PDF; locked where a password was written."""
        whole = await self.door.plan(self.token)
        password = self.form.get("password", "")[:LONGEST_PASSWORD]
        return download(plan_pdf(self.door.worded(whole), password), "application/pdf", "pdf")

    async def ics(self) -> Response:
        """A reminder for a calendar, with a cover text."""
        whole = await self.door.plan(self.token)
        cover = self.door.plan_words(whole.language)["cover"]
        words = self.form.get("cover", "").strip()[:LONGEST_COVER] or cover
        repeats = self.form.get("repeats", "")
        made = reminder(words, day_in(self.form), repeats if repeats in REPEATS else "once")
        return download(made, "text/calendar; charset=utf-8", "ics")

    async def save(self, code: str = "") -> Response:
        """The plan's page with the code of what was saved, shown once."""
        whole = await self.door.plan(self.token)
        kind = CODE_KINDS.get(self.form.get("code_kind", ""), Kind.WORDS)
        record, language = whole.as_record(), whole.language
        saved = await self.door.keeper.save(record, kind, language, self.hours, code)
        return await self.view(Shown(said=(self.door.saved_reply(saved, language),)))

    async def save_again(self) -> Response:
        """The plan saved in place of the one under a code that the visitor has."""
        code = self.form.get("code", "")
        return await self.save(code) if read_code(code) else await self.told("code_unknown")

    async def slice(self) -> Response:
        """The link of a helper slice, shown once."""
        whole = await self.door.plan(self.token)
        parts = (name.removeprefix(PARTS) for name in self.form if name.startswith(PARTS))
        made = sealed_slice(slice_of(self.door.worded(whole), frozenset(parts)))
        until = await self.door.keeper.put_slice(made, self.hours)
        link = f"{self.origin}/#{made.fragment}"
        when = moment_in_words(until, whole.language)
        return await self.view(Shown(link=link, picture=qr_code(link), until=when))

    @property
    def hours(self) -> int:
        """How long something is to be kept (hours)."""
        return LIVES.get(self.form.get("life", ""), LIVES["for_a_day"])


# What each press does; those that change the plan are in `change_in`.
PRESSES: Mapping[str, Callable[[Press], Awaitable[Response]]] = {
    "back": Press.back,
    "edit": Press.edit,
    "find": Press.find,
    "delete": Press.delete,
    "print": Press.print,
    "card": Press.card,
    "pdf": Press.pdf,
    "ics": Press.ics,
    "save": Press.save,
    "save_again": Press.save_again,
    "slice": Press.slice,
}


async def take_plan(press: Press) -> Response:
    """The answer to a press on the plan's page."""
    do, _, about = press.form.get("plan", "").partition(" ")
    press = replace(press, about=about)
    change = change_in(press.form, do, about)
    try:
        if change:
            return await press.changed(change)
        return await PRESSES.get(do, Press.view)(press)
    except UnknownConversation:
        return press.sorry("conversation_gone", 404)
    except Unavailable:
        return press.sorry("service_down", 503)
    except (ShelfDown, TooManyCodes) as error:
        return await press.told(cannot(error))


def change_in(form: Mapping[str, str], do: str, about: str) -> dict[str, str] | None:
    """The change to the plan that a form asks for."""
    words = form.get("words", "")
    match do:
        case "mark_done" | "mark_not_done" | "take_out":
            return {"do": do, "step": about}
        case "reword":
            return {"do": do, "step": about, "words": words}
        case "add":
            return {"do": do, "kind": form.get("kind", ""), "words": words}
        case "undo":
            return {"do": "undo_change"}
    return None


def day_in(form: Mapping[str, str]) -> datetime:
    """Day and hour of a reminder; in a month where a form tells none that can be read."""
    try:
        day = date.fromisoformat(form.get("on", ""))
    except ValueError:
        day = in_a_month()
    try:
        hour = time.fromisoformat(form.get("at", ""))
    except ValueError:
        hour = time(10)
    return datetime.combine(day, hour.replace(tzinfo=None))


def download(made: bytes, media_type: str, ending: str) -> Response:
    """A file that the browser keeps."""
    name = f'attachment; filename="{FILE_NAME}.{ending}"'
    return Response(made, media_type=media_type, headers={"Content-Disposition": name})
