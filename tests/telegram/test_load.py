"""Many chats at once: sweeps keep their time, and danger waits for nobody."""

from tests.telegram.conftest import Bot

MANY = 150
FLOOD = 120


async def test_chats_are_cleared_in_time_while_others_flood_in(bot: Bot) -> None:
    quiet = [bot.api.person(2000 + number) for number in range(MANY)]
    for person in quiet:
        person.sends("/start")
    await bot.until(lambda: all(len(each.of_bot) == 2 for each in quiet), seconds=40)

    bot.api.ahead += 16 * 60
    flood = [bot.api.person(4000 + number) for number in range(FLOOD)]
    for person in flood:
        person.sends("/start")
    await bot.until(lambda: any(each.of_bot for each in flood))
    await bot.passes(0)

    assert all(each.screen == [] for each in quiet)
    assert not all(len(each.of_bot) == 2 for each in flood)  # Telegram lets them out later
    await bot.until(lambda: all(len(each.of_bot) == 2 for each in flood), seconds=40)


async def test_who_is_in_danger_goes_before_a_flood(bot: Bot) -> None:
    flood = [bot.api.person(4000 + number) for number in range(FLOOD)]
    for person in flood:
        person.sends("/start")
    await bot.until(lambda: any(each.of_bot for each in flood))
    somebody = bot.api.person(7)

    somebody.sends("he is outside")

    await bot.until(lambda: somebody.of_bot, seconds=40)
    assert "911" in somebody.of_bot[0].text
    assert sum(len(each.of_bot) == 2 for each in flood) < FLOOD / 2
