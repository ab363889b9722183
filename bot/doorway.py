"""A door for one process, from its settings: each channel that runs by itself has one."""

import httpx

from bot.channels import Channel
from bot.content import Content
from bot.content.hotlines import load_hotlines
from bot.conversation import Door
from bot.keeping import Keeper, ShelfClient
from bot.rasa_client import RasaClient, connect
from bot.settings import LOOPBACK, ChatSettings, TelegramSettings


def to_internal(settings: ChatSettings | TelegramSettings) -> httpx.AsyncClient:
    """A client of the internal app; without the proxies of the environment."""
    return httpx.AsyncClient(
        base_url=f"http://{LOOPBACK}:{settings.internal_port}", trust_env=False
    )


def door_with(
    settings: ChatSettings | TelegramSettings,
    content: Content,
    channel: Channel,
    internal: httpx.AsyncClient,
) -> tuple[RasaClient, Door]:
    """Rasa as this process reaches it, and the door before it."""
    rasa = connect(
        f"http://{LOOPBACK}:{settings.rasa_port}",
        f"http://{LOOPBACK}:{settings.internal_port}",
        settings.rasa_token.get_secret_value(),
        settings.rasa_timeout,
    )
    door = Door(
        rasa,
        content,
        load_hotlines(),
        country=settings.country,
        language=settings.default_language,
        idle_minutes=settings.idle_minutes,
        rate=settings.rate,
        channel=channel,
        keeper=Keeper(ShelfClient(internal), content.not_in_codes),
    )
    return rasa, door
