"""What is promised to visitors, in words: made from what is kept and from the numbers set."""

from collections.abc import Iterator

from bot.channels import channel_named
from bot.content import Content
from bot.store.lives import CANNOT, KEPT, NEVER, Store, longest_life

MINUTES_OF_A_DAY = 24 * 60


def promised_words(content: Content, language: str, channel: str, **minutes: int) -> dict[str, str]:
    """The words of every promise by `promise_` and its id; of a channel, its own.

    `minutes` by the name of the setting that holds them. Raises KeyError when words are missing.
    """
    words = content.language(language).promises
    said = dict(lives(content, language, channel, minutes))
    for part, names in (("never", NEVER), ("cannot", CANNOT)):
        said |= {name: words[part][name] for name in names}
    said |= {"channel": words["channels"][channel]}
    said |= {name: words[name] for name in HEADINGS}
    unreachable = words["receipt"]["unreachable"]
    said |= {"receipt_unreachable": unreachable.format(minutes=minutes["idle_minutes"])}
    return {f"promise_{name}": text.strip() for name, text in said.items()}


def kept_by(channel: str) -> tuple[Store, ...]:
    """What is kept of the visitors of a channel."""
    return tuple(store for store in KEPT if store.id in channel_named(channel).keeps)


HEADINGS = ("title", "kept_heading", "never_heading", "channel_heading", "cannot_heading")


def lives(
    content: Content, language: str, channel: str, minutes: dict[str, int]
) -> Iterator[tuple[str, str]]:
    """What each store holds that a channel needs, and how long."""
    words = content.language(language).promises
    for store in kept_by(channel):
        number = longest_life(store, minutes)
        said = words["lives"][store.life].format(minutes=number, days=number // MINUTES_OF_A_DAY)
        yield store.id, words["kept"][store.id]
        yield f"{store.id}_life", said


def receipt(content: Content, language: str, *, done: bool, **minutes: int) -> tuple[str, ...]:
    """What somebody is told who has erased a talk; `done` is false while a part still waits."""
    words = content.language(language).promises["receipt"]
    number = minutes["idle_minutes"]
    said = (words["done" if done else "under_way"], words["remains"])
    return tuple(text.strip().format(minutes=number) for text in said)
