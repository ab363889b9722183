"""What a route is handed: the door, the page, the token, and the language to speak."""

import re
from typing import Annotated

from fastapi import Depends, Header, Request
from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection

from bot.conversation import Door
from webchat.templates import Page
from webchat.work import Work

# A language with a region, as es-MX or zh-Hant-TW.
A_REGION = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z]{4})?-([A-Za-z]{2})")


def the_door(connection: HTTPConnection) -> Door:
    """The door that this app was built with."""
    door: Door = connection.app.state.door
    return door


def the_work(connection: HTTPConnection) -> Work:
    """The work that has to be done before a conversation begins."""
    work: Work = connection.app.state.work
    return work


def the_page(connection: HTTPConnection) -> Page:
    """The page that this app was built with."""
    page: Page = connection.app.state.page
    return page.seen_from(country_of(connection))


def country_of(connection: HTTPConnection) -> str:
    """The country that a browser is set to, as es-MX tells; empty when it tells none."""
    accepted = sorted(connection.headers.get("accept-language", "").split(","), key=preference)
    found = (A_REGION.fullmatch(each.partition(";")[0].strip()) for each in accepted)
    return next((match[1].upper() for match in found if match), "")


def language_for(connection: HTTPConnection, wish: str | None = None) -> str:
    """The language to speak: the one asked for, else the first the browser names that we have."""
    page = the_page(connection)
    accepted = connection.headers.get("accept-language", "").split(",")
    wishes = [wish or "", *sorted(accepted, key=preference)]
    codes = [each.partition(";")[0].partition("-")[0].strip().lower() for each in wishes]
    known = (code for code in codes if code in page.content.languages)
    return next(known, page.settings.default_language)


def preference(accepted: str) -> float:
    """Where a part of Accept-Language belongs, the most wanted first."""
    _, _, weight = accepted.partition(";q=")
    try:
        return -float(weight or 1)
    except ValueError:
        return 0


async def json_only(request: Request) -> None:
    """Refuses a body that isn't JSON, so that no form of another site can send one."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json" and await request.body():
        raise HTTPException(415)


TheDoor = Annotated[Door, Depends(the_door)]
TheWork = Annotated[Work, Depends(the_work)]
ThePage = Annotated[Page, Depends(the_page)]
Prefer = Annotated[
    str, Header(description="`return=representation` asks for a receipt (RFC 7240).")
]
Token = Annotated[
    str,
    Header(alias="X-Conversation", description="The conversation's token. Missing means unknown."),
]
