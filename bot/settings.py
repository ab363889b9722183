"""What can be set from outside: one frozen class per process, with only what it needs."""

import difflib
import re
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any, NamedTuple, TypeVar

from limits import parse_many
from phonenumbers import SUPPORTED_REGIONS
from pydantic import AfterValidator, Field, SecretStr, ValidationError
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

CHECKOUT = Path(__file__).resolve().parent.parent
DOT_ENV = CHECKOUT / ".env"
PREFIX = "FOOTHOLD_"
# Rasa and the internal app take anyone's word, so they never listen anywhere else.
LOOPBACK = "127.0.0.1"
PRIVATE = 0o700
OTHERS = 0o077


class WrongSetting(Exception):
    """A setting can't be used; the message is one sentence for the person who set it."""


class Allowed(NamedTuple):
    """What a setting may be, in words."""

    words: str


A_SECRET = "may be kept in a file of its own"  # noqa: S105 - a mark, not a secret  # nosec B105
"""Marks a setting whose value is never shown, and may be named by a file: <variable>_FILE."""


def a_country(code: str) -> str:
    """An ISO code of two letters, or nothing where the country isn't known."""
    if code and code.upper() not in SUPPORTED_REGIONS:
        raise ValueError
    return code.upper()


def a_language(code: str) -> str:
    """A language that has a folder of words."""
    if not re.fullmatch(r"[a-z]{2,3}", code) or not (CHECKOUT / "bot" / "content" / code).is_dir():
        raise ValueError
    return code


def a_rate(words: str) -> str:
    """Limits that the limiter can read."""
    parse_many(words)
    return words


def a_page(address: str) -> str:
    """A web address without a question in it: where someone goes in a hurry tells nothing."""
    if not re.fullmatch(r"https://[^\s?#]+", address):
        raise ValueError
    return address


def pages_by_country(words: str) -> str:
    """Countries with a page each, as MX=https://…;ES=https://…, or nothing."""
    for part in filter(None, words.split(";")):
        country, _, address = part.partition("=")
        if not a_country(country.strip()):
            raise ValueError
        a_page(address.strip())
    return words


def a_cover(name: str) -> str:
    """A cover that every language has words for."""
    files = [each / "covers" / f"{name}.yml" for each in (CHECKOUT / "bot/content").glob("??")]
    if not re.fullmatch(r"[a-z_]+", name) or not all(file.is_file() for file in files):
        raise ValueError
    return name


def in_checkout(folder: Path) -> Path:
    """A folder named relative to the checkout."""
    return CHECKOUT / folder.expanduser()


Port = Annotated[int, Field(ge=1, le=65535), Allowed("a whole number from 1 to 65535")]
Host = Annotated[
    str,
    Field(pattern=r"^[0-9A-Za-z.:-]+$"),
    Allowed("an address of this machine, such as 127.0.0.1, or 0.0.0.0 for all"),
]
Redis = Annotated[
    str,
    Field(pattern=r"^(rediss?://\S+)?$"),
    Allowed("an address such as redis://127.0.0.1:6379/0, or nothing to keep talks in a file"),
    A_SECRET,
]
DirectoryAddress = Annotated[
    str,
    Field(pattern=r"^$|^(sqlite|postgresql\+psycopg)://"),
    Allowed("an address such as postgresql+psycopg://host/foothold, or empty"),
]
SavedPlansAddress = Annotated[
    str,
    Field(pattern=r"^(postgresql://\S+)?$"),
    Allowed("an address such as postgresql://host/foothold, or nothing to keep plans in a file"),
    A_SECRET,
]
Folder = Annotated[Path, AfterValidator(in_checkout), Allowed("a folder")]
File = Annotated[Path, Allowed("a file")]
Country = Annotated[
    str,
    AfterValidator(a_country),
    Allowed("an ISO country code such as US, MX or ES, or nothing"),
]
Language = Annotated[
    str,
    AfterValidator(a_language),
    Allowed("the name of a language folder in bot/content, such as en"),
]
ExitUrl = Annotated[str, AfterValidator(a_page), Allowed("an https address without ? or #")]
ExitUrls = Annotated[
    str,
    AfterValidator(pages_by_country),
    Allowed("countries with an https address each, such as MX=https://example.org/;ES=https://…"),
]
PublicUrl = Annotated[
    str,
    Field(pattern=r"^(https://[^\s?#]+)?$"),
    Allowed("the https address at which people reach this Foothold, or nothing"),
]
TelegramToken = Annotated[
    SecretStr, Allowed("the token that @BotFather gave, or nothing for no Telegram"), A_SECRET
]
TelegramApi = Annotated[
    str,
    Field(pattern=r"^https?://[^\s?#]+$"),
    Allowed("the address of a Bot API server, such as https://api.telegram.org"),
]
TelegramWebhook = Annotated[
    str,
    Field(pattern=r"^(https?://[^\s?#]+)?$"),
    Allowed("the https address that Telegram sends to, or nothing for long polling"),
]
TelegramCover = Annotated[
    str, AfterValidator(a_cover), Allowed("the name of a file in bot/content/en/covers")
]
TelegramWord = Annotated[
    SecretStr, Allowed("a word that opens the talk, or nothing for /start"), A_SECRET
]
Pause = Annotated[float, Field(ge=0, le=10), Allowed("a number of seconds from 0 to 10")]
Minutes = Annotated[int, Field(ge=1, le=1440), Allowed("a whole number of minutes from 1 to 1440")]
Seconds = Annotated[float, Field(ge=0.1, le=60), Allowed("a number of seconds from 0.1 to 60")]
Rate = Annotated[str, AfterValidator(a_rate), Allowed("limits such as 60/minute;600/hour")]
Bits = Annotated[int, Field(ge=0, le=24), Allowed("a whole number from 0 (off) to 24")]
Token = Annotated[SecretStr, Allowed("a secret made by foothold run")]
YesNo = Annotated[bool, Allowed("yes or no")]


class SecretFiles(PydanticBaseSettingsSource):
    """Secrets that lie in files which a source names, as FOOTHOLD_REDIS_FILE=/run/secrets/redis."""

    def __init__(self, kind: type[BaseSettings], naming: PydanticBaseSettingsSource) -> None:
        super().__init__(kind)
        self.naming = naming

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:
        """What the file named for a setting holds."""
        named = getattr(self.naming, "env_vars", {}).get(f"{PREFIX}{field_name}_file".lower())
        if not named or A_SECRET not in field.metadata or field_name in self.current_state:
            return None, field_name, False
        return secret_in(Path(named), variable(f"{field_name}_file")), field_name, False

    def __call__(self) -> dict[str, Any]:
        """The settings that have a file."""
        fields = self.settings_cls.model_fields.items()
        found = {name: self.get_field_value(field, name)[0] for name, field in fields}
        return {name: value for name, value in found.items() if value is not None}


def secret_in(file: Path, named_by: str) -> str:
    """What a file holds that only this account can read; raises WrongSetting for any other."""
    try:
        mode = file.stat().st_mode
        secret = file.read_text(encoding="utf-8").strip()
    except (OSError, ValueError):
        raise WrongSetting(f"The file that {named_by} names can't be read.") from None
    if mode & OTHERS:
        raise WrongSetting(
            f"Others on this machine can read the file that {named_by} names: make it private "
            f"first (chmod 600)."
        )
    return secret


class Settings(BaseSettings):
    """Reads FOOTHOLD_ variables, then the checkout's .env; an empty value counts as not set."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_file=DOT_ENV,
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
        validate_default=True,
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - theirs checks no mode
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The usual sources; a file that a source names for a secret counts as that source's."""
        named = (SecretFiles(settings_cls, each) for each in (env_settings, dotenv_settings))
        from_env, from_dotenv = named
        return (init_settings, env_settings, from_env, dotenv_settings, from_dotenv)

    def environment(self) -> dict[str, str]:
        """These settings as the variables a process of ours reads."""
        return {variable(name): plain(getattr(self, name)) for name in type(self).model_fields}


class ChatSettings(Settings):
    """What the public chat needs: no database, no model."""

    chat_host: Host = LOOPBACK
    chat_port: Port = 8000
    rasa_port: Port = 5005
    internal_port: Port = 5055
    rasa_token: Token = SecretStr("")
    rasa_timeout: Seconds = 4.0
    rate: Rate = "50/second;3000/minute"
    proof_of_work: Bits = 0
    country: Country = ""
    default_language: Language = "en"
    exit_url: ExitUrl = "https://weather.com/"
    exit_urls: ExitUrls = ""
    public_url: PublicUrl = ""
    idle_minutes: Minutes = 30

    def exits(self) -> dict[str, str]:
        """The harmless page of each country that has one of its own."""
        pairs = (part.partition("=") for part in filter(None, self.exit_urls.split(";")))
        return {country.strip().upper(): page.strip() for country, _, page in pairs}


class TelegramSettings(Settings):
    """What the bot on Telegram needs: its token, and how it behaves."""

    telegram_token: TelegramToken = SecretStr("")
    telegram_api: TelegramApi = "https://api.telegram.org"
    telegram_cover: TelegramCover = "study_notes"
    telegram_word: TelegramWord = SecretStr("")
    telegram_clear_minutes: Minutes = 15
    telegram_pause: Pause = 1.0
    telegram_webhook: TelegramWebhook = ""
    telegram_port: Port = 8443
    chat_port: Port = 8000
    rasa_port: Port = 5005
    internal_port: Port = 5055
    rasa_token: Token = SecretStr("")
    rasa_timeout: Seconds = 4.0
    rate: Rate = "50/second;3000/minute"
    country: Country = ""
    default_language: Language = "en"
    public_url: PublicUrl = ""
    idle_minutes: Minutes = 30


class InternalSettings(Settings):
    """What the internal app needs: words, the directory and the data folder."""

    internal_port: Port = 5055
    data: Folder = Path("var")
    redis: Redis = ""
    directory: DirectoryAddress = ""
    saved_plans: SavedPlansAddress = ""
    country: Country = ""
    default_language: Language = "en"
    idle_minutes: Minutes = 30


class RasaSettings(Settings):
    """What the Rasa process is given; it reads the variables itself, under its own Python."""

    rasa_port: Port = 5005
    internal_port: Port = 5055
    data: Folder = Path("var")
    redis: Redis = ""
    model: File = Path()
    rasa_token: Token = SecretStr("")
    idle_minutes: Minutes = 30


class SupervisorSettings(Settings):
    """What starting and stopping the others needs."""

    chat_host: Host = LOOPBACK
    chat_port: Port = 8000
    internal_port: Port = 5055
    rasa_port: Port = 5005
    data: Folder = Path("var")
    redis: Redis = ""
    directory: DirectoryAddress = ""
    saved_plans: SavedPlansAddress = ""
    country: Country = ""
    exit_url: ExitUrl = "https://weather.com/"
    idle_minutes: Minutes = 30
    public_url: PublicUrl = ""
    telegram_token: TelegramToken = SecretStr("")
    telegram_webhook: TelegramWebhook = ""
    telegram_port: Port = 8443
    telegram_clear_minutes: Minutes = 15
    live: YesNo = False


PROCESSES: tuple[type[Settings], ...] = (
    ChatSettings,
    InternalSettings,
    RasaSettings,
    SupervisorSettings,
    TelegramSettings,
)
MADE_AT_START = frozenset({"FOOTHOLD_RASA_TOKEN", "FOOTHOLD_MODEL"})
READ_BY_THE_INSTALLER = frozenset({"FOOTHOLD_RASA_PYTHON"})

Kind = TypeVar("Kind", bound=Settings)


def load(kind: type[Kind], dot_env: Path | None = DOT_ENV) -> Kind:
    """The settings of one process."""
    try:
        return kind(_env_file=dot_env)  # type: ignore[call-arg]  # pydantic-settings takes it
    except ValidationError as error:
        raise WrongSetting(sentence(kind, error)) from None


def check_all() -> None:
    """Stops at the first wrong setting of any process, before any is started."""
    for kind in PROCESSES:
        load(kind)


def load_or_exit(kind: type[Kind]) -> Kind:
    """As load, for a process's first line: a wrong setting ends it with one sentence."""
    try:
        return load(kind)
    except WrongSetting as error:
        print(error, file=sys.stderr)
        sys.exit(1)


def sentence(kind: type[Settings], error: ValidationError) -> str:
    """Names the first wrong variable, its value and what is allowed."""
    first = error.errors(include_url=False, include_context=False)[0]
    name = str(first["loc"][0]).lower().removeprefix(PREFIX.lower())
    given = "wrong" if is_secret(kind, name) else repr(first["input"])
    return f"{variable(name)} is {given}, and allowed is {allowed(kind, name)}."


def is_secret(kind: type[Settings], name: str) -> bool:
    """Whether a setting's value is never shown."""
    return A_SECRET in kind.model_fields[name].metadata


def allowed(kind: type[Settings], name: str) -> str:
    """What a setting may be, in words."""
    return next(
        mark.words for mark in kind.model_fields[name].metadata if isinstance(mark, Allowed)
    )


def variable(name: str) -> str:
    """The environment variable of a setting."""
    return f"{PREFIX}{name.upper()}"


def plain(value: object) -> str:
    """A setting's value as a variable carries it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value.get_secret_value() if isinstance(value, SecretStr) else str(value)


def known_variables() -> frozenset[str]:
    """Every FOOTHOLD_ variable that something reads."""
    settings = {variable(name) for kind in PROCESSES for name in kind.model_fields}
    files = {
        variable(f"{name}_file")
        for kind in PROCESSES
        for name in kind.model_fields
        if is_secret(kind, name)
    }
    return READ_BY_THE_INSTALLER | settings | files


def unknown_variables(names: Iterable[str]) -> list[str]:
    """A sentence for each FOOTHOLD_ name that nothing reads: most likely a slip of the pen."""
    known = known_variables()
    return [
        f"{name} is not a setting of Foothold{likeliest(name, known)}."
        for name in sorted(names)
        if name.startswith(PREFIX) and name not in known
    ]


def likeliest(name: str, known: Iterable[str]) -> str:
    """The known variable that was probably meant."""
    close = difflib.get_close_matches(name, sorted(known), n=1)
    return f"; perhaps {close[0]} was meant" if close else ""


def private_folder(folder: Path) -> Path:
    """A folder that only this account can read, made when missing."""
    try:
        folder.mkdir(mode=PRIVATE, parents=True, exist_ok=True)
        mode = folder.stat().st_mode
    except OSError as error:
        raise WrongSetting(
            f"{folder} can't be used as a folder for data: {error.strerror}."
        ) from None
    # Not mended here: it may be a folder that others have a reason to share, such as /tmp.
    if mode & OTHERS:
        raise WrongSetting(
            f"Others on this machine can read {folder}: make it private first (chmod 700 {folder})."
        )
    return folder
