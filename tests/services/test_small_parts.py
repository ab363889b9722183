"""Hours, numbers, distances, kinds and old names: the small rules that the directory stands on."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.services.earth import Point, boxes_around, km_between
from bot.services.hours import as_osm, clock, is_open
from bot.services.importing.streets import without_street
from bot.services.kinds import needs_in
from bot.services.legacy import modern, table_of
from bot.services.numbers import can_be_right, dialled, shown

MONDAY_NOON = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)  # noon in Chicago


@pytest.mark.parametrize(
    ("hours", "zone", "country", "expected"),
    [
        ("24/7", "", "", True),
        ("Mo-Fr 09:00-17:00", "America/Chicago", "US", True),
        ("Mo-Fr 09:00-17:00", "Asia/Karachi", "PK", False),
        ("Su 22:00-14:00", "America/Chicago", "US", True),
        ("Mo-Fr 09:00-17:00", "", "US", None),
        ("", "America/Chicago", "US", None),
        ("by appointment", "America/Chicago", "US", None),
    ],
)
def test_open_where_the_service_is(
    hours: str, zone: str, country: str, expected: bool | None
) -> None:
    assert is_open(hours, zone, country, MONDAY_NOON) is expected


def test_a_public_holiday_is_known() -> None:
    thanksgiving = datetime(2026, 11, 26, 18, 0, tzinfo=UTC)

    assert is_open("Mo-Fr 09:00-17:00; PH off", "America/Chicago", "US", thanksgiving) is False


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ("9am", "09:00"),
        ("1:50pm", "13:50"),
        ("12 a.m.", "00:00"),
        ("17.30", "17:30"),
        ("24:00", "24:00"),
        ("09:00:00", "09:00"),
        ("13pm", None),
        ("25:00", None),
        ("9:00a", "09:00"),
        ("noon", "12:00"),
        ("6:300pm", None),
    ],
)
def test_times_as_people_write_them(said: str, read: str | None) -> None:
    assert clock(said) == read


def test_schedules_become_hours() -> None:
    week = [{"byday": day, "opens_at": "09:00", "closes_at": "17:00"} for day in ("MO", "TU", "WE")]
    evening = {"byday": "MO", "opens_at": "18:00", "closes_at": "20:00", "freq": "WEEKLY"}
    once = {"byday": "1MO", "opens_at": "18:00", "closes_at": "20:00", "freq": "MONTHLY"}

    assert as_osm([*week, evening, once]) == "Mo 09:00-17:00,18:00-20:00; Tu,We 09:00-17:00"
    assert as_osm([]) == ""
    every = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
    assert (
        as_osm([{"byday": d, "opens_at": "00:00", "closes_at": "23:59"} for d in every]) == "24/7"
    )


@pytest.mark.parametrize(
    ("number", "country", "here", "said"),
    [
        ("1-800-799-SAFE", "US", "MX", "00 1 800-799-7233"),
        ("016", "ES", "ES", "016"),
        ("0808 2000 247", "GB", "GB", "0808 200 0247"),
        ("305-434-7660 x4", "US", "US", "(305) 434-7660 ext. 4"),
        ("988 then press 1", "US", "US", "988 then press 1"),
        ("773 5301 or 773 5351", "KM", "KM", "773 5301 or 773 5351"),
        ("no phone", "", "", "no phone"),
    ],
)
def test_a_number_is_shown_as_it_is_dialled_here(
    number: str, country: str, here: str, said: str
) -> None:
    assert shown(number, country, here) == said


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("HOME to 741741", "741741"),
        ("988 then press 1", "988"),
        ("999, then 55", "999"),
        ("*4141 (mobile)", "*4141"),
        ("#7233 (mobile)", "#7233"),
        ("WhatsApp (61) 9610-0180", "(61) 9610-0180"),
        ("773 5301 or 773 5351", "773 5301"),
        ("808 24 24 24 option 4", "808 24 24 24"),
        ("HELP to 31531; USSD *120*7867#", "31531"),
        ("1-800-799-SAFE", "1-800-799-SAFE"),
    ],
)
def test_what_is_dialled_of_what_is_written(written: str, number: str) -> None:
    assert dialled(written) == number


@pytest.mark.parametrize(
    ("number", "country", "right"),
    [
        ("212-555-0142", "US", True),
        ("660-562-232", "US", False),
        ("016", "ES", True),
        ("", "US", False),
    ],
)
def test_a_number_that_can_be_none_is_seen(number: str, country: str, right: bool) -> None:
    assert can_be_right(number, country) is right


@pytest.mark.parametrize(
    ("one", "other", "km"),
    [
        (Point(51.5074, -0.1278), Point(48.8566, 2.3522), 343.6),  # London to Paris
        (Point(0, 179.5), Point(0, -179.5), 111.2),
        (Point(90, 0), Point(-90, 77), 20015.1),
    ],
)
def test_distances(one: Point, other: Point, km: float) -> None:
    assert km_between(one, other) == pytest.approx(km, abs=0.5)


LATITUDES, LONGITUDES = st.floats(-90, 90), st.floats(-180, 180)


@given(LATITUDES, LONGITUDES, LATITUDES, LONGITUDES, st.floats(0.1, 5_000))
def test_a_box_holds_all_that_is_near(
    lat: float, lon: float, other_lat: float, other_lon: float, km: float
) -> None:
    other = Point(other_lat, other_lon)
    boxes = boxes_around(Point(lat, lon), km)

    if km_between(Point(lat, lon), other) < km * 0.999:
        assert any(
            box.south <= other.lat <= box.north and box.west <= other.lon <= box.east
            for box in boxes
        )


@pytest.mark.parametrize(
    ("said", "need"),
    [
        ("Safe Harbor Women's Shelter", "shelter"),
        ("Albergue Nueva Vida", "shelter"),
        ("Refuge for families", "shelter"),
        ("Legal Aid of Cook County", "legal"),
        ("Línea de ayuda", "hotline"),
        ("Batterer intervention program", "own_violence"),
    ],
)
def test_what_a_service_is_for_by_its_name(said: str, need: str) -> None:
    assert need in needs_in([said], [], None)


@pytest.mark.parametrize(
    "street",
    [
        "14 Hidden Lane",
        "1205 N. Martin Luther King Jr. Blvd., Suite 4",
        "Calle 45 # 12-30",
        "Av. Insurgentes Sur 1431",
        "P.O. Box 77",
        "https://maps.example.com/?q=1",
    ],
)
def test_a_street_is_left_out_of_a_text(street: str) -> None:
    hidden = without_street(f"Come to {street} any day.")

    assert street not in hidden
    assert hidden.startswith("Come to [address left out]")


@pytest.mark.parametrize("text", ["Call us 24 hours a day", "We have 12 beds", "Since 1998"])
def test_what_is_no_street_stays(text: str) -> None:
    assert without_street(text) == text


@pytest.mark.parametrize(
    ("name", "table"),
    [
        ("services_taxonomy", "attribute"),
        ("physical_addresses", "address"),
        ("regular_schedules", "schedule"),
        ("services_at_location", "service_at_location"),
        ("Accessibility for disabilities", "accessibility"),
        ("my shelters", ""),
    ],
)
def test_old_names_of_tables(name: str, table: str) -> None:
    assert table_of(name) == table


@pytest.mark.parametrize(
    ("table", "values", "expected"),
    [
        ("phone", {"number": "305-434-7660 x4"}, {"number": "305-434-7660", "extension": "4"}),
        (
            "schedule",
            {"weekday": "Monday", "opens_at": "1:50pm"},
            {"byday": "MO", "opens_at": "13:50"},
        ),
        ("address", {"state_province": "FL "}, {"state_province": "FL", "country": "US"}),
        ("service", {"name": "WomenGÇÖs", "status": ""}, {"name": "Women’s", "status": "active"}),
        ("location", {"latitude": "0", "longitude": "0"}, {"latitude": None}),
        ("organization", {"url": "www.example.org"}, {"website": "https://www.example.org"}),
    ],
)
def test_what_old_files_mean(
    table: str, values: dict[str, str], expected: dict[str, str | None]
) -> None:
    row = next(iter(modern(table, values, "x", file=f"{table}.csv", country="US")))

    assert {key: row.values[key] for key in expected} == expected


def test_eligibility_of_old_files_becomes_part_of_the_service() -> None:
    values = {"service_id": "7", "eligibility": "Women"}
    rows = list(modern("eligibility", values, "x", file="eligibility.csv", country=""))

    assert [(row.table, row.part) for row in rows] == [("service", True)]
