"""Whether it is safe to run Foothold here: what must not be, and what should be looked at.

Each check is a function that yields sentences with a remedy. What it finds is either refused, and
`foothold run` does not start, or a caution. With FOOTHOLD_LIVE=yes every caution is refused too.
"""

import os
import stat
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import redis
from dotenv import dotenv_values
from sqlalchemy.exc import SQLAlchemyError

from bot.content import FOLDER, Content, read
from bot.content.check import problems
from bot.content.hotlines import Hotlines
from bot.content.reviews import NOBODY
from bot.services.directory.opening import WrongDirectory
from bot.services.home import Home
from bot.services.upkeep import state_of
from bot.settings import (
    CHECKOUT,
    DOT_ENV,
    OTHERS,
    PRIVATE,
    SupervisorSettings,
    variable,
)

# Switches that make Python, asyncio or Rasa write more than they should.
DEBUGGING = (
    "PYTHONASYNCIODEBUG",
    "PYTHONDEVMODE",
    "PYTHONINSPECT",
    "PYTHONPROFILEIMPORTTIME",
    "PYTHONTRACEMALLOC",
    "PYTHONVERBOSE",
    "RASA_DEBUG",
    "SANIC_DEBUG",
)
LEVELS = ("LOG_LEVEL", "LOG_LEVEL_RASA", "LOG_LEVEL_LIBRARIES")
TO_FILL_IN = "There is no address yet."
FIRST_YEAR = 2026
OLDEST_DAYS = 180
"""After so many days a number counts as old (services.md: hotlines move within months)."""

SWAPS = Path("/proc/swaps")


@dataclass(frozen=True)
class Finding:
    """Something that is wrong here, in a sentence with its remedy."""

    sentence: str
    refused: bool


@dataclass(frozen=True)
class Surroundings:
    """What the doctor looks at."""

    settings: SupervisorSettings
    content: Content
    hotlines: Hotlines
    environment: Mapping[str, str]
    now: datetime
    dot_env: Path = DOT_ENV
    swaps: Path = SWAPS
    user: int = 1000
    reviews: Path = FOLDER / "REVIEWED.yml"
    security: Path = CHECKOUT / "SECURITY.md"


Check = Callable[[Surroundings], Iterator[str]]


def here(settings: SupervisorSettings, content: Content, hotlines: Hotlines) -> Surroundings:
    """This machine and this account."""
    return Surroundings(
        settings,
        content,
        hotlines,
        environment=os.environ,
        now=datetime.now(UTC),
        user=os.geteuid(),
    )


def findings(around: Surroundings) -> list[Finding]:
    """All that is wrong, the refused first."""
    refused = [Finding(each, True) for check in REFUSED for each in check(around)]
    cautions = (each for check in CAUTIONS for each in check(around))
    return refused + [Finding(each, around.settings.live) for each in cautions]


# --- Refused --------------------------------------------------------------------------------------


def debugging(around: Surroundings) -> Iterator[str]:
    """Switches under which libraries tell what they work on."""
    for name in DEBUGGING:
        if around.environment.get(name, "0") not in {"", "0"}:
            yield f"{name} is set, which can write out what visitors say: unset it."
    for name in LEVELS:
        if around.environment.get(name, "").upper() == "DEBUG":
            yield f"{name} is DEBUG, which can write out what visitors say: unset it."


def open_secrets(around: Surroundings) -> Iterator[str]:
    """Secrets in a file that others can read."""
    if not around.dot_env.exists() or not around.dot_env.stat().st_mode & OTHERS:
        return
    values = dotenv_values(around.dot_env)
    secrets = [name for name, value in values.items() if value and secret(name)]
    if secrets:
        yield (
            f"Others on this machine can read {around.dot_env.name}, and {secrets[0]} is in it: "
            f"make it private (chmod 600 {around.dot_env.name})."
        )


def secret(name: str) -> bool:
    """Whether a variable's value is nobody else's business."""
    return name.endswith(("_TOKEN", "_KEY", "_SECRET", "_REDIS"))


def open_folder(around: Surroundings) -> Iterator[str]:
    """A data folder that others can look into."""
    folder = around.settings.data
    if folder.exists() and stat.S_IMODE(folder.stat().st_mode) & ~PRIVATE:
        yield (
            f"Others on this machine can read {folder}: make it private first (chmod 700 {folder})."
        )


def redis_that_keeps(around: Surroundings) -> Iterator[str]:
    """A Redis that can't be reached, is reached in the open, or writes to disk."""
    address = around.settings.redis
    if not address:
        return
    if address.startswith("redis://") and not is_here(urlsplit(address).hostname or ""):
        yield (
            f"{variable('redis')} leads to another machine without TLS: use rediss://, or a Redis "
            f"on this machine."
        )
        return
    try:
        kept: Any = redis.Redis.from_url(address, socket_connect_timeout=3).config_get
        saves, appends = kept("save")["save"], kept("appendonly")["appendonly"]
    except redis.RedisError as error:
        yield f"Redis does not answer as it should ({type(error).__name__}): is it running?"
        return
    if saves or appends != "no":
        yield (
            "Redis writes what it holds to disk, where erased talks stay: start it with "
            '--save "" --appendonly no.'
        )


def is_here(host: str) -> bool:
    """Whether a host is this machine itself."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def wrong_clock(around: Surroundings) -> Iterator[str]:
    """A clock by which nothing can be erased in time."""
    if around.now.year < FIRST_YEAR:
        yield f"The clock says {around.now.year}: set it, since erasing goes by it."


def broken_words(around: Surroundings) -> Iterator[str]:
    """Words that are missing, or must never be said."""
    found = problems(around.content)
    if found:
        yield f"The words have {len(found)} faults: foothold content check names them."


# --- Cautions -------------------------------------------------------------------------------------


def unread_words(around: Surroundings) -> Iterator[str]:
    """Words that nobody from the field has signed."""
    entries = read(around.reviews)
    unread = sum(each["reviewed_by"] == NOBODY for each in entries)
    if unread:
        yield (
            f"{unread} of {len(entries)} parts of the words were reviewed by nobody yet: "
            f"bot/content/REVIEWED.yml says who should."
        )


def old_numbers(around: Surroundings) -> Iterator[str]:
    """Numbers of the place that were not confirmed, or a long time ago."""
    country = around.settings.country
    if not country:
        yield (
            f"{variable('country')} is not set: visitors see the numbers of no country until they "
            f"say where they are."
        )
        return
    if not around.hotlines.emergency(country):
        yield f"The emergency number of {country} is not confirmed: look it up."
    lines = around.hotlines.of_country(country)
    unsure = sum(not line.confirmed for line in lines)
    if unsure:
        yield f"{unsure} of {len(lines)} lines of {country} are not confirmed: call each one."
    old = sum(is_old(line.checked, around.now.date()) for line in lines)
    if old:
        yield (
            f"{old} of {len(lines)} lines of {country} were not checked in the last {OLDEST_DAYS} "
            f"days: call each one."
        )


def old_services(around: Surroundings) -> Iterator[str]:
    """Services of the directory that nobody looked after, or a directory that can't be used."""
    home = Home(around.settings.data, around.settings.directory)
    if not (home.address or home.directory_file.exists()):
        return  # Made at the first start.
    try:
        engine = home.directory(read_only=True)
        with engine.connect() as directory:
            state = state_of(directory, around.now.date())
        engine.dispose()
    except (WrongDirectory, SQLAlchemyError) as error:
        kind = type(error).__name__
        yield f"The directory of services can't be used ({kind}): visitors get numbers alone."
        return
    if state.stale or state.unconfirmed:
        yield (
            f"Of {state.services} services in the directory {state.stale} were not checked for a "
            f"year and {state.unconfirmed} are not confirmed: foothold services check lists them."
        )


def is_old(checked: date | None, today: date) -> bool:
    """Whether a number was checked too long ago, or nobody knows when."""
    return checked is None or (today - checked).days > OLDEST_DAYS


def open_network(around: Surroundings) -> Iterator[str]:
    """The chat is heard beyond this machine, in plain HTTP."""
    host = around.settings.chat_host
    if not is_here(host):
        yield (
            f"{variable('chat_host')} is {host}, and Foothold speaks plain HTTP: let only a web "
            f"server with TLS reach it."
        )


def telegram_without_a_page(around: Surroundings) -> Iterator[str]:
    """A bot whose links into a browser lead nowhere for anybody else."""
    settings = around.settings
    if settings.telegram_token.get_secret_value() and not settings.public_url:
        yield (
            f"{variable('public_url')} is not set: people on Telegram who want to go on in a "
            f"browser get a link that only this machine can open."
        )


def unencrypted_swap(around: Surroundings) -> Iterator[str]:
    """Memory that may be written to disk."""
    try:
        swaps = around.swaps.read_text().splitlines()[1:]
    except OSError:
        return
    on_disk = [line.split()[0] for line in swaps if not line.startswith("/dev/zram")]
    if on_disk:
        yield f"Memory can be swapped to {on_disk[0]}: switch swap off, or encrypt it."


def as_root(around: Surroundings) -> Iterator[str]:
    """An account that may do everything."""
    if around.user == 0:
        yield "Foothold runs as root: give it an account of its own that may do nothing else."


def no_contact(around: Surroundings) -> Iterator[str]:
    """Nobody to report a fault to."""
    if TO_FILL_IN in around.security.read_text(encoding="utf-8"):
        yield "SECURITY.md names nobody who can be told of a fault: fill in its first part."


REFUSED: tuple[Check, ...] = (
    debugging,
    open_secrets,
    open_folder,
    redis_that_keeps,
    wrong_clock,
    broken_words,
)
CAUTIONS: tuple[Check, ...] = (
    unread_words,
    old_numbers,
    old_services,
    open_network,
    telegram_without_a_page,
    unencrypted_swap,
    as_root,
    no_contact,
)
