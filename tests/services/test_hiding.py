"""Where a shelter is never gets into the directory, however a file tells it."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, select

from bot.services.directory.indexing import Town
from bot.services.directory.tables import HSDS, changed, listing
from bot.services.marks import mark
from tests.services.builders import a_service, an_id, brought, written

STREET = "4711 Marked Avenue"
TOLD = f"Come to {STREET} after six."
MAP = "https://maps.google.com/?q=marked"
LAT, LON = 30.267153, -97.743057
TOWN = Town(30.27, -97.7, "America/Chicago")


def towns(name: str, region: str, country: str) -> Town | None:
    return TOWN if (name, region, country) == ("Austin", "TX", "US") else None


def a_place(name: str = "House", **more: Any) -> dict[str, Any]:
    """A location with everything that may tell where it is."""
    address = {
        "id": an_id(f"address of {name}"), "address_1": STREET, "city": "Austin",
        "state_province": "TX", "postal_code": "78701", "country": "US",
        "address_type": "physical",
    }  # fmt: skip
    return {
        "id": an_id(name), "location_type": "physical", "name": f"House, {STREET}",
        "latitude": LAT, "longitude": LON, "transportation": f"Bus 7 to {STREET}",
        "description": TOLD, "addresses": [address], "url": MAP,
        "accessibility": [{"id": an_id(f"ramp of {name}"), "description": f"Ramp at {STREET}"}],
        **more,
    }  # fmt: skip


def joined(place: dict[str, Any]) -> list[dict[str, Any]]:
    """A service_at_location."""
    return [{"id": an_id(f"joined {place['id']}"), "description": TOLD, "location": place}]


def a_shelter() -> dict[str, Any]:
    """A shelter that tells its street in every text."""
    point = f'{{"type": "Point", "coordinates": [{LON}, {LAT}]}}'
    return a_service(
        "Rose Shelter",
        description=TOLD, application_process=TOLD, fees_description=f"Pay at {STREET}",
        eligibility_description=TOLD, alert=f"Door at {STREET} is closed", url=MAP,
        organization={"id": an_id("org"), "name": "Rose", "description": TOLD, "website": MAP},
        phones=[{"id": an_id("phone"), "number": "512-555-0142", "description": TOLD}],
        schedules=[{"id": an_id("hours"), "description": f"Mon 9-5 at {STREET}"}],
        service_areas=[{"id": an_id("area"), "extent": point, "description": TOLD}],
        contacts=[{"id": an_id("contact"), "name": "Desk", "title": f"Desk, {STREET}"}],
        service_at_locations=joined(a_place()),
    )  # fmt: skip


def held(engine: Engine) -> str:
    """All that the directory holds of services and places, and the rows to search in."""
    tables = [*HSDS.values(), listing, changed]
    with engine.connect() as connection:
        return "\n".join(str(row) for table in tables for row in connection.execute(select(table)))


def assert_hidden(engine: Engine) -> None:
    told = held(engine)
    assert STREET not in told
    assert "maps.google" not in told
    assert str(LAT) not in told
    assert str(LON) not in told


def test_nothing_of_a_shelter_tells_where_it_is(directory: Engine, tmp_path: Path) -> None:
    report, _ = brought(directory, written(tmp_path, "a.json", a_shelter()), towns=towns)

    assert_hidden(directory)
    assert report.hidden == 1
    with directory.connect() as connection:
        row = connection.execute(select(listing)).one()
    assert (row.city, row.region, row.country) == ("Austin", "TX", "US")
    assert (row.lat, row.lon) == (TOWN.lat, TOWN.lon)
    assert row.phone == "512-555-0142"


def test_where_the_town_is_not_known_some_ten_kilometres_stand_for_it(
    sqlite_directory: Engine, tmp_path: Path
) -> None:
    brought(sqlite_directory, written(tmp_path, "a.json", a_shelter()))

    assert_hidden(sqlite_directory)
    with sqlite_directory.connect() as connection:
        row = connection.execute(select(listing)).one()
    assert (row.lat, row.lon) == (round(LAT, 1), round(LON, 1))


def test_a_place_of_the_organization_that_no_service_is_at_is_hidden_too(
    directory: Engine, tmp_path: Path
) -> None:
    shelter = {**a_shelter(), "service_at_locations": []}
    place = a_place("Loose", organization_id=an_id("org"))
    address = {**place.pop("addresses")[0], "location_id": place["id"]}
    file = {"services": [shelter], "locations": [place], "addresses": [address]}

    brought(directory, written(tmp_path, "a.json", file), towns=towns)

    assert_hidden(directory)


def test_the_name_of_who_gives_it_tells_a_shelter(directory: Engine, tmp_path: Path) -> None:
    owner = {"id": an_id("org"), "name": "Rose Women's Shelter", "description": "-"}
    service = a_service("Intake", organization=owner, service_at_locations=joined(a_place()))

    brought(directory, written(tmp_path, "a.json", service), towns=towns)

    assert_hidden(directory)


def test_what_becomes_known_as_a_shelter_loses_the_address_it_had(
    directory: Engine, tmp_path: Path
) -> None:
    before = a_service("Rose House", service_at_locations=joined(a_place()), description=TOLD)
    brought(directory, written(tmp_path, "a.json", before), towns=towns)
    assert STREET in held(directory)
    need = mark(before["id"], "need:shelter")[1]

    report, _ = brought(directory, written(tmp_path, "b.json", {"attributes": [need]}), towns=towns)

    assert_hidden(directory)
    assert report.removed["address"] == 1
    with directory.connect() as connection:
        assert connection.execute(select(listing)).one().lat == TOWN.lat


@pytest.mark.parametrize("told", ["need:shelter", "public_address"])
def test_only_a_persons_word_keeps_an_address(
    sqlite_directory: Engine, tmp_path: Path, told: str
) -> None:
    shelter = a_shelter()
    file = {"services": [shelter], "attributes": [mark(shelter["id"], told, "yes")[1]]}

    brought(sqlite_directory, written(tmp_path, "a.json", file), towns=towns)

    assert (STREET in held(sqlite_directory)) is (told == "public_address")


def test_a_hidden_shelter_that_comes_again_changes_nothing(
    directory: Engine, tmp_path: Path
) -> None:
    file = written(tmp_path, "a.json", a_shelter())
    brought(directory, file, towns=towns)

    again, _ = brought(directory, file, towns=towns)

    assert again.changes == 0


def test_the_address_of_a_legal_clinic_stays(sqlite_directory: Engine, tmp_path: Path) -> None:
    clinic = a_service("Legal clinic", service_at_locations=joined(a_place("Clinic")))

    report, _ = brought(sqlite_directory, written(tmp_path, "a.json", clinic), towns=towns)

    assert report.hidden == 0
    assert STREET in held(sqlite_directory)
    with sqlite_directory.connect() as connection:
        assert connection.execute(select(changed)).first()
