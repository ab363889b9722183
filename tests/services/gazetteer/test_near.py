"""From a point to the town near it, for somebody who shared where they are."""

import pytest

from bot.services.gazetteer import Gazetteer


@pytest.mark.parametrize(
    ("lat", "lon", "language", "label"),
    [
        (30.2711, -97.7437, "en", "Austin, Texas"),
        (25.6714, -100.309, "es", "Monterrey"),
        (52.5163, 13.3777, "en", "Berlin"),
    ],
)
def test_a_point_has_the_name_of_its_town(
    gazetteer: Gazetteer, lat: float, lon: float, language: str, label: str
) -> None:
    found = gazetteer.near(lat, lon, language)

    assert found is not None
    assert found.label.startswith(label) or found.country in {"MX", "DE"}


@pytest.mark.parametrize(("lat", "lon"), [(0.0, -140.0), (89.9, 0.0), (-75.0, 179.9)])
def test_far_from_any_town_there_is_none(gazetteer: Gazetteer, lat: float, lon: float) -> None:
    assert gazetteer.near(lat, lon) is None
