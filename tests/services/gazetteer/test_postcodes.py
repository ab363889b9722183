"""Postcodes: found as coarsely as an area, and never kept whole."""

import pytest

from bot.services.earth import km_between
from bot.services.gazetteer import Found, Gazetteer


@pytest.mark.parametrize(
    ("text", "country", "expected"),
    [
        ("90210", "", "Beverly Hills, California"),
        ("77002-1234", "", "Houston, Texas"),
        ("SW1A", "", "SW → London, England"),
        ("sw1a 2aa", "", "SW → London, England"),
        ("ls6 3qs", "GB", "LS → Leeds, England"),
        ("28013", "ES", "28 → Madrid, Comunidad de Madrid, Spain"),
        ("44100", "MX", "Jalisco, Mexico"),
        ("M5V 2T6", "", "M → Toronto, Ontario"),
        ("3000", "AU", "Victoria, Australia"),
        ("D02 AF30", "", "D → Dublin, Leinster, Ireland"),
    ],
)
def test_a_postcode_is_the_area_it_lies_in(
    gazetteer: Gazetteer, text: str, country: str, expected: str
):
    found = gazetteer.find(text, country, asked=True).place

    assert found is not None
    assert found.label == expected


def test_a_zip_code_lies_in_its_town_and_not_among_its_neighbours(gazetteer: Gazetteer):
    code = gazetteer.find("33040", "US", asked=True).place
    town = gazetteer.find("Key West", "US", asked=True).place

    assert code is not None
    assert code.point is not None
    assert town is not None
    assert town.point is not None
    assert km_between(code.point, town.point) < 10


def test_no_zip_code_is_a_place_of_its_own(gazetteer: Gazetteer):
    one, other = (gazetteer.find(code, "US", asked=True).place for code in ("77002", "77004"))

    assert one is not None
    assert other is not None
    assert one.id == other.id


def test_what_follows_a_british_area_is_not_kept(gazetteer: Gazetteer):
    assert "2aa" not in repr(gazetteer.find("sw1a 2aa", asked=True)).lower()


def test_five_digits_in_spanish_are_asked_back(gazetteer: Gazetteer):
    found = gazetteer.find("28013", language="es", asked=True)

    assert {place.country for place in found.choices} == {"ES", "MX"}


def test_a_town_beside_five_digits_says_whose_they_are(gazetteer: Gazetteer):
    found = gazetteer.find("28013 madrid", language="es", asked=True).place

    assert found is not None
    assert found.country == "ES"


def test_a_sum_of_money_is_no_postcode(gazetteer: Gazetteer):
    assert gazetteer.find("he owes me 90210 dollars") == Found()


def test_five_digits_of_a_country_that_we_cannot_read_are_not_a_zip_code(gazetteer: Gazetteer):
    assert gazetteer.find("90210", "DE", asked=True) == Found()


def test_zip_codes_lie_no_finer_than_their_first_three_digits(gazetteer: Gazetteer):
    first, second = (gazetteer.find(text, asked=True).place for text in ("90210", "90212"))

    assert first is not None
    assert second is not None
    assert (first.lat, first.lon) == (second.lat, second.lon)
