"""The cover: what anybody sees, the word that opens the talk, and the second one that does not."""

import json

import pytest

from bot.content import Content
from bot.content.covers import COMMANDS, LONGEST, Cover
from bot.settings import CHECKOUT
from bot.telegram.api import Look
from bot.telegram.room import Customs
from tests.telegram.conftest import Bot
from tests.telegram.server import Person

COVERS = ("recipes", "study_notes")
# Neither may a cover speak of what it covers, nor take the name of anybody.
TELLING = ("safe", "violen", "abus", "foothold", "hotline", "shelter", "danger", "segur", "peligro")


@pytest.fixture(params=[(language, name) for language in ("en", "es") for name in COVERS])
def cover(request: pytest.FixtureRequest, content: Content) -> Cover:
    """Every cover, in every language."""
    language, name = request.param
    return content.language(language).covers[name]


def test_every_cover_is_whole_within_the_limits_and_tells_nothing(cover: Cover) -> None:
    for part, most in LONGEST.items():
        assert 0 < len(cover.look[part]) <= most
    assert set(cover.commands) == set(COMMANDS)
    picture = CHECKOUT / "bot/content/pictures" / cover.look["picture"]
    assert picture.read_bytes()[:3] == b"\xff\xd8\xff"  # a JPEG, as Telegram wants it
    said = [*cover.look.values(), *cover.commands.values(), *cover.says.values()]
    said += [f"{each.title} {each.text}" for each in cover.entries]
    for text in said:
        assert not any(word in text.casefold() for word in TELLING)


def test_every_cover_works(cover: Cover) -> None:
    assert len(cover.entries) >= 5
    for number, entry in enumerate(cover.entries, start=1):
        assert entry.text in cover.answer(entry.title.upper())
        assert entry.text in cover.answer(str(number))
        assert entry.title in cover.command("list")
        assert any(entry.title in cover.answer(word) for word in entry.words)
    assert cover.answer("qwertz uiop") == cover.says["none"]
    assert cover.command("no_such_command") == cover.says["welcome"]


async def test_who_does_not_know_more_finds_the_cover(bot: Bot) -> None:
    somebody = bot.api.person(5)

    assert "Fried rice" in (await bot.sends(somebody, "rice"))[0]
    assert "1. Bean soup" in (await bot.sends(somebody, "/list"))[0]
    for command in ("/saved", "/settings", "/help", "/nothing"):
        assert (await bot.sends(somebody, command))[0]
    assert not bot.rasa.calls
    assert "Foothold" not in str([each.text for each in somebody.screen])
    assert bot.shelf.rows == {}


async def test_the_cover_speaks_the_other_language_when_asked(bot: Bot) -> None:
    somebody = bot.api.person(5)

    assert (await bot.sends(somebody, "español"))[0].startswith("Escribo en español")


async def test_danger_has_no_cover(bot: Bot) -> None:
    somebody = bot.api.person(5)

    told = await bot.sends(somebody, "he is outside")

    assert "911" in told[0]
    assert told[0].startswith("From the recipe box")
    await bot.passes(16 * 60)
    assert somebody.screen == []


async def with_words(bot: Bot, person: Person) -> None:
    """Somebody who has chosen both words, and whose chat was cleared."""
    await bot.sends(person, "/settings")
    await bot.presses(person, "A word of my own")
    await bot.sends(person, "Purple tulips")
    await bot.presses(person, "A second word")
    await bot.sends(person, "garden gate")
    assert not any("tulips" in each.text or "gate" in each.text for each in person.screen)
    await bot.passes(16 * 60)
    assert person.screen == []


async def test_a_word_of_ones_own_opens_the_same_talk_again(bot: Bot, ann: Person) -> None:
    conversation = bot.room.chats[ann.id].conversation
    await with_words(bot, ann)

    told = await bot.sends(ann, "  purple TULIPS ")

    assert any(each.endswith("…") for each in told)
    assert not any("TULIPS" in each.text for each in ann.screen)
    assert bot.room.chats[ann.id].conversation == conversation
    assert ann.of_bot[-1].titles == ["Yes", "No"]
    assert not bot.rasa.forgotten
    await bot.sends(ann, "/leave")
    assert [each.text for each in ann.screen] == [bot.welcome]


async def test_neither_start_nor_any_other_word_opens_it(bot: Bot, ann: Person) -> None:
    await with_words(bot, ann)
    calls = len(bot.rasa.calls)

    for words in ("/start", "/saved", "/settings", "/web", "tulips", "what did she tell you?"):
        told = await bot.sends(ann, words)
        cover = bot.content.language("en").covers["recipes"]
        assert told[0] in cover.says.values()

    assert len(bot.rasa.calls) == calls


async def test_the_second_word_does_what_any_wrong_word_does(bot: Bot, ann: Person) -> None:
    await with_words(bot, ann)

    def done(person: Person, since: int) -> list[tuple[str, str]]:
        return [
            (call.method, call.told.get("text", "")) for call in bot.api.calls[since:]
            if str(call.told.get("chat_id")) == str(person.id)
        ]  # fmt: skip

    since = len(bot.api.calls)
    await bot.sends(ann, "garden path")
    wrong, since = done(ann, since), len(bot.api.calls)
    await bot.sends(ann, "garden gate")

    assert done(ann, since) == wrong
    assert not any("gate" in each.text for each in ann.screen)


async def test_words_are_kept_as_keyed_hashes_and_a_word_must_be_worth_it(
    bot: Bot, ann: Person
) -> None:
    await bot.sends(ann, "/settings")
    await bot.presses(ann, "A second word")
    assert bot.said("second_first") in ann.of_bot[-1].text
    await bot.sends(ann, "/settings")
    await bot.presses(ann, "A word of my own")

    assert bot.said("word_wrong") in (await bot.sends(ann, "abc"))[0]
    assert bot.said("word_set") in (await bot.sends(ann, "tulips"))[0]
    await bot.presses(ann, "A second word")
    assert bot.said("word_wrong") in (await bot.sends(ann, "Tulips!"))[0]
    assert bot.said("second_set") in (await bot.sends(ann, "roses"))[0]

    chat = bot.room.chats[ann.id]
    assert "tulips" not in json.dumps(chat.as_record())
    assert len({chat.word, chat.second}) == 2
    assert chat.word != bot.keys.word(ann.id + 1, "tulips")


async def test_danger_goes_before_the_choice_of_a_word(bot: Bot, ann: Person) -> None:
    await bot.sends(ann, "/settings")
    await bot.presses(ann, "A word of my own")

    told = await bot.sends(ann, "he is outside")

    assert "911" in told[0]
    assert bot.room.chats[ann.id].word == ""


async def test_a_word_is_forgotten_after_thirty_days(bot: Bot, ann: Person) -> None:
    await with_words(bot, ann)
    chat = await bot.room.chat(ann.id)

    assert chat.until() - chat.used == 30 * 86_400


async def test_where_the_operator_has_a_word_start_opens_nothing(bot: Bot) -> None:
    object.__setattr__(bot.room, "customs", Customs(cover="recipes", word="lighthouse"))
    somebody = bot.api.person(5)

    assert await bot.sends(somebody, "/start") == [bot.welcome]
    told = await bot.sends(somebody, "Lighthouse")

    assert "Settings › Devices" in told[0]


async def test_list_hides_the_talk_at_once(bot: Bot, ann: Person) -> None:
    await bot.sends(ann, "yes")

    told = await bot.sends(ann, "/list")

    assert "1. Bean soup" in told[0]
    assert [each.text for each in ann.screen] == told


@pytest.mark.parametrize("writes", ["are you there", "/saved"])
async def test_who_writes_after_the_talk_went_to_a_browser_finds_the_cover(
    bot: Bot, ann: Person, writes: str
) -> None:
    await bot.sends(ann, "/web")
    calls = len(bot.rasa.calls)
    assert await bot.moves.take(bot.room.chats[ann.id].move)

    told = await bot.sends(ann, writes)

    assert told[0] in bot.content.language("en").covers["recipes"].says.values()
    assert not [each for each in ann.screen if each.text not in told and each.by_bot]
    assert len(bot.rasa.calls) == calls
    assert not bot.rasa.forgotten  # it goes on elsewhere


async def test_the_bot_looks_like_its_cover_and_like_nothing_else(
    bot: Bot, content: Content
) -> None:
    cover = content.language("es").covers["recipes"]
    look = Look("es", cover.look["name"], cover.look["about"], cover.look["short_about"],
                tuple(cover.commands.items()))  # fmt: skip

    await bot.room.telegram.dress(look)
    await bot.room.telegram.show_picture(b"\xff\xd8\xff")

    assert bot.api.profile["setMyName:es"]["name"] == "Recetario fácil"
    changes = [call.method for call in bot.api.calls].count("setMyName")
    await bot.room.telegram.dress(look)
    assert [call.method for call in bot.api.calls].count("setMyName") == changes
    assert "arroz" in bot.api.profile["setMyDescription:es"]["description"]
    commands = json.loads(bot.api.profile["setMyCommands:es"]["commands"])
    assert [each["command"] for each in commands] == list(COMMANDS)
    assert "setMyProfilePhoto:" in bot.api.profile
