"""What somebody is told of services: from the directory alone, with the reason, never invented."""

from collections.abc import Callable

import pytest

from bot.services.directory.opening import address_of, opened
from bot.services.home import Home
from bot.services.importing import import_directory
from tests.services.builders import a_row, written
from tests.stack import Stack
from tests.visitor import Visitor

pytestmark = pytest.mark.rasa

ROWS = [
    a_row(
        "Rose House", phone="512-555-0142", needs="shelter;support", city="Austin", region="TX",
        has="children;pets", boys_until="17", languages="en;es", hours="24/7",
        source_date="2026-11-01", confidence="checked_2026", address="4711 Marked Avenue",
    ),
    a_row(
        "Oak House", phone="512-555-0143", needs="shelter;support", city="Austin", region="TX",
        boys_until="12", lacks="pets", hours="24/7", source_date="2026-11-01",
        confidence="checked_2026",
    ),
    a_row(
        "Border Law Clinic", phone="915-555-0144", sms="START to 88788", needs="legal",
        city="El Paso", region="TX", languages="es", source_date="2026-11-01",
        confidence="checked_2026", hours="Mo-Fr 09:00-17:00",
        chat_url="https://law.example/chat",
    ),
    a_row(
        "Old Law Office", phone="915-555-0145", needs="legal", city="El Paso", region="TX",
        languages="en", source_date="2020-01-01", confidence="single_source",
    ),
]  # fmt: skip


@pytest.fixture(scope="module", autouse=True)
def directory(stack: Stack, tmp_path_factory: pytest.TempPathFactory) -> None:
    """The running Foothold with a few services more."""
    file = written(tmp_path_factory.mktemp("rows"), "rows.csv", ROWS)
    towns = Home(stack.data).towns()
    import_directory(opened(address_of(stack.data)), file, towns=towns)


def test_whoever_names_a_town_gets_its_numbers_and_services(visitor: Visitor) -> None:
    visitor.says("i live in lyon, france")

    assert "3919" in visitor.reads("numbers")
    services = visitor.reads("services")
    assert "CIDFF Rhône - Lyon: 04 78 39 32 25" in services
    assert "check this number first" in services
    assert next(r["kind"] for r in visitor.replies if r["message"] == "services") == "services"


def test_who_asks_for_a_place_is_asked_where_and_told_why_each_fits(visitor: Visitor) -> None:
    visitor.says("is there somewhere that takes boys over 13?")

    assert visitor.asked == "where"

    visitor.says("austin texas")

    services = visitor.reads("services")
    assert "Rose House: (512) 555-0142 · open day and night" in services
    assert "Oak House" not in services
    assert "4711" not in str(visitor.replies)
    assert "its town is 1 mi away" in services
    assert "numbers_safe_call" in visitor.sees


def test_a_place_and_a_language_in_one_sentence(visitor: Visitor) -> None:
    visitor.says("i need a lawyer near el paso tx who speaks spanish")

    services = visitor.reads("services")
    assert "Border Law Clinic: (915) 555-0144 · text START to 88788" in services
    assert "chat at https://law.example/chat" in services
    assert "Mon-Fri 09:00-17:00" in services
    assert "speaks Spanish" in services
    assert "Old Law Office" not in services


def test_more_can_be_asked_of_what_was_found(visitor: Visitor) -> None:
    visitor.says("i need a shelter in austin tx")
    assert "Oak House" in visitor.reads("services")

    visitor.says("one that takes my dog")

    assert "Rose House" in visitor.reads("services")
    assert "Oak House" not in visitor.reads("services")


def test_what_was_kept_is_not_offered_again(visitor: Visitor) -> None:
    visitor.says("i need a shelter in austin tx")
    visitor.presses("Rose House: (512) 555-0142")

    assert "service_kept" in visitor.sees
    assert not any(each.startswith("Rose House") for each in visitor.buttons)

    visitor.presses("That is enough")

    assert visitor.asked != "pick_service"


def test_further_away_on_purpose(visitor: Visitor) -> None:
    visitor.says("i need a shelter in austin tx")

    visitor.presses("Look further away")

    assert "Rose House" not in visitor.reads("services")


def test_what_nothing_fits_is_said(visitor: Visitor) -> None:
    visitor.says("i need a lawyer near el paso tx who speaks chinese")

    assert "services_given_up" not in visitor.sees
    assert "I had to leave aside: the language" in visitor.reads("services")


def test_who_does_not_say_where_gets_national_numbers(visitor: Visitor) -> None:
    visitor.says("i need a lawyer")

    visitor.presses("Rather not say")

    assert "numbers" in visitor.sees


def test_of_several_places_with_one_name_it_asks_which(visitor: Visitor) -> None:
    visitor.says("i'm in springfield")

    assert visitor.asked == "which_place"
    assert {"Springfield, Missouri", "Springfield, Massachusetts"} <= set(visitor.buttons[:4])

    visitor.presses("Springfield, Massachusetts")

    assert "numbers" in visitor.sees


def test_another_place_of_that_name_is_asked_for(visitor: Visitor) -> None:
    visitor.says("i need a lawyer in springfield")

    visitor.presses("Somewhere else")
    assert visitor.asked == "where"
    visitor.says("el paso tx")

    assert "Border Law Clinic" in visitor.reads("services")


def test_in_spanish_too(visitor_speaking: Callable[[str], Visitor]) -> None:
    visitor = visitor_speaking("es")
    visitor.says("necesito una abogada en el paso texas")

    assert "Border Law Clinic" in visitor.reads("services")
    assert "mensaje con START al 88788" in visitor.reads("services")
    assert "habla español" in visitor.reads("services")
