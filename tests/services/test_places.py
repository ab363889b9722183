"""A place is found as coarsely as it was said, without asking anybody else."""

import pytest

from bot.services.places import Place, Places, load_places


@pytest.fixture(scope="module")
def places() -> Places:
    return load_places()


@pytest.mark.parametrize(
    ("text", "country", "region"),
    [
        ("I'm in Texas", "US", "TX"),
        ("usa", "US", ""),
        ("us", "US", ""),
        ("vivo en Monterrey, México", "MX", ""),
        ("ESPAÑA", "ES", ""),
        ("espana", "ES", ""),
        ("near leeds", "GB", "ENG"),
        ("somewhere in wales", "GB", "WLS"),
        ("London, Ontario", "CA", "ON"),
        ("Guadalajara", "MX", ""),
        ("Guadalajara, Spain", "ES", ""),
        ("Nueva York", "US", "NY"),
    ],
)
def test_a_place_is_found(places: Places, text: str, country: str, region: str) -> None:
    place = places.find(text)

    assert place
    assert (place.country, place.region) == (country, region)


@pytest.mark.parametrize("text", ["", "?", "i won't tell you", "he follows us", "12", "x" * 5000])
def test_what_is_no_place_is_not_taken_for_one(places: Places, text: str) -> None:
    assert places.find(text) is None


def test_a_region_beside_a_city_decides() -> None:
    names = {"x": Place("MX", "", "X", "city"), "y": Place("US", "TX", "Y", "region")}

    assert Places(names).find("x, y") == names["y"]
