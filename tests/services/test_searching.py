"""What is found, in which order, and why; the same in both databases and as by looking at all."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, select

from bot.services.directory.near import Filter, nearest
from bot.services.directory.tables import listing
from bot.services.earth import Point, km_between
from bot.services.needs import NEEDS, TRAITS, bits
from bot.services.searching import Results, Wish, search
from tests.services.builders import a_row, brought, written

NIGHT = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)  # 3 a.m. in Chicago, a Tuesday
CHICAGO = Point(41.88, -87.63)
NEAR_CHICAGO = {"city": "Chicago", "lat": "41.9", "lon": "-87.6", "timezone": "America/Chicago"}
FAR_FROM_CHICAGO = {"city": "Cairo", "lat": "37.0", "lon": "-89.2", "timezone": "America/Chicago"}


def a_directory(engine: Engine, folder: Path, *rows: dict[str, str]) -> None:
    _, problems = brought(engine, written(folder, "rows.csv", rows))
    assert problems == []


def found(engine: Engine, **wish: object) -> Results:
    return search(engine, Wish(**{"now": NIGHT, "country": "US", "at": CHICAGO, **wish}))  # type: ignore[arg-type]


def names(results: Results) -> list[str]:
    return [service.name for service in results.services]


def test_the_nearer_office_comes_first_and_says_how_far(directory: Engine, tmp_path: Path) -> None:
    a_directory(
        directory,
        tmp_path,
        a_row("Far", needs="legal", public_address="yes", **FAR_FROM_CHICAGO),
        a_row("Near", needs="legal", public_address="yes", **NEAR_CHICAGO),
    )

    results = found(directory, need="legal")

    assert names(results) == ["Near", "Far"]
    assert ("km", "3") in results.services[0].reasons


def test_whoever_must_not_be_found_is_shown_what_is_further_away(
    directory: Engine, tmp_path: Path
) -> None:
    a_directory(
        directory,
        tmp_path,
        a_row("Near", needs="shelter", public_address="yes", **NEAR_CHICAGO),
        a_row("Far", needs="shelter", public_address="yes", **FAR_FROM_CHICAGO),
    )

    assert names(found(directory, need="shelter", beyond_km=100.0)) == ["Far"]


def test_in_high_danger_who_answers_now_comes_first(directory: Engine, tmp_path: Path) -> None:
    day = {"hours": "Mo-Fr 09:00-17:00", "confidence": "multi_source", "source_date": "2026-11-01"}
    a_directory(
        directory,
        tmp_path,
        a_row("Day", needs="hotline", region="IL", timezone="America/Chicago", **day),
        a_row("Night", needs="hotline", hours="24/7"),
    )

    calm = found(directory, need="hotline", region="IL")
    grave = found(directory, need="hotline", region="IL", high_danger=True)

    assert ("closed_now", "") in next(s for s in calm.services if s.name == "Day").reasons
    assert names(grave)[0] == "Night"
    assert grave.services[0].reasons[0] == ("always", "")


def test_what_is_not_known_is_kept_and_asked_and_what_is_lacking_is_left_out(
    directory: Engine, tmp_path: Path
) -> None:
    a_directory(
        directory,
        tmp_path,
        a_row("Takes pets", needs="shelter", has="pets"),
        a_row("Takes none", needs="shelter", lacks="pets"),
        a_row("Who knows", needs="shelter"),
    )

    results = found(directory, need="shelter", traits=frozenset({"pets"}))

    assert names(results) == ["Takes pets", "Who knows"]
    assert [service.ask for service in results.services] == [(), ("pets",)]
    assert ("pets", "") in results.services[0].reasons


def test_boys_who_are_too_old_and_those_who_are_taken(directory: Engine, tmp_path: Path) -> None:
    a_directory(
        directory,
        tmp_path,
        a_row("Up to 12", needs="shelter", boys_until="12"),
        a_row("Up to 17", needs="shelter", boys_until="17"),
    )

    assert names(found(directory, need="shelter", boys=(14.0,))) == ["Up to 17"]


def test_when_nothing_fits_it_says_what_was_given_up(directory: Engine, tmp_path: Path) -> None:
    a_directory(directory, tmp_path, a_row("Line", needs="hotline", hours="24/7"))

    results = found(directory, need="pets", languages=("es",), open_now=True)

    assert names(results) == ["Line"]
    assert results.given_up[-1] == "need"


def test_an_empty_directory_finds_nothing_and_breaks_nothing(directory: Engine) -> None:
    assert found(directory, need="shelter").services == ()


def test_without_a_need_each_kind_is_shown(directory: Engine, tmp_path: Path) -> None:
    a_directory(
        directory,
        tmp_path,
        *(a_row(f"Line {n}", needs="hotline", hours="24/7") for n in range(4)),
        a_row("Home", needs="shelter"),
        a_row("Law", needs="legal", public_address="yes", **NEAR_CHICAGO),
    )

    assert set(names(found(directory))) >= {"Home", "Law"}
    assert len(names(found(directory))) == 3


def test_a_confidential_place_shows_its_town_and_never_a_street(
    directory: Engine, tmp_path: Path
) -> None:
    street = {"address": "14 Hidden Lane", "postal": "60601", "description": "At 14 Hidden Lane."}
    a_directory(directory, tmp_path, a_row("Home", needs="shelter", **street, **NEAR_CHICAGO))

    results = found(directory, need="shelter")

    assert results.services[0].confidential
    assert results.services[0].city == "Chicago"
    with directory.connect() as connection:
        held = [connection.execute(select(table)).all() for table in listing.metadata.sorted_tables]
    assert "Hidden" not in str(held)


def test_a_service_that_is_closed_for_good_is_not_found(directory: Engine, tmp_path: Path) -> None:
    a_directory(directory, tmp_path, a_row("Gone", needs="legal", status="defunct"))

    assert names(found(directory, need="legal")) == []


def test_of_another_country_nothing_is_shown(directory: Engine, tmp_path: Path) -> None:
    a_directory(directory, tmp_path, {**a_row("Otra", needs="hotline"), "country_iso2": "MX"})

    assert names(found(directory, need="hotline")) == []


@pytest.mark.parametrize(
    ("channel", "name"), [("text", "Texts"), ("chat", "Chats"), ("phone", "Rings")]
)
def test_the_channel_that_is_wished_for(
    directory: Engine, tmp_path: Path, channel: str, name: str
) -> None:
    a_directory(
        directory,
        tmp_path,
        {**a_row("Texts", needs="hotline", sms="741741"), "phone": ""},
        {**a_row("Chats", needs="hotline", chat_url="https://chat.example"), "phone": ""},
        a_row("Rings", needs="hotline"),
    )

    assert names(found(directory, need="hotline", channel=channel)) == [name]


PLACES = st.tuples(
    st.floats(-89.9, 89.9, allow_nan=False), st.floats(-180, 180, allow_nan=False)
).map(lambda pair: (round(pair[0], 3), round(pair[1], 3)))


@dataclass(frozen=True)
class Looked:
    """Where somebody looks, for what, and how far away at least."""

    middle: Point
    need: str
    beyond: float


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(PLACES, st.sets(st.sampled_from(["legal", "medical"]), min_size=1)), max_size=25
    ),
    st.builds(
        Looked,
        PLACES.map(lambda pair: Point(*pair)),
        st.sampled_from(["legal", "medical", ""]),
        st.floats(0, 2_000),
    ),
)
def test_the_nearest_are_those_that_looking_at_all_would_find(
    directory: Engine,
    tmp_path: Path,
    services: list[tuple[tuple[float, float], set[str]]],
    looked: Looked,
) -> None:
    rows = [
        a_row(f"S{n}", needs=";".join(sorted(needs)), lat=str(lat), lon=str(lon), city="X")
        for n, ((lat, lon), needs) in enumerate(services)
    ]
    brought(
        directory, written(tmp_path, "near.csv", rows or [a_row("None")]), origin="n", complete=True
    )
    at, need, beyond = looked.middle, looked.need, looked.beyond
    places = (NEEDS.index(need),) if need else ()

    with directory.connect() as connection:
        near = nearest(connection, at, Filter("US", places), 50, beyond)
        every = connection.execute(select(listing).where(listing.c.lat.is_not(None))).all()

    by_hand = sorted(
        km_between(at, Point(row.lat, row.lon))
        for row in every
        if not need or row.needs & bits([need], NEEDS)
    )
    inside = [km for km in by_hand if beyond + 0.01 <= km <= 2_499]
    assert len([km for _, km in near if beyond + 0.01 <= km <= 2_499]) in range(
        min(12, len(inside)), len(inside) + 1
    )
    for (_, km), expected in zip(near, [km for km in by_hand if km >= beyond - 0.01], strict=False):
        assert km == pytest.approx(expected, abs=0.05)


def test_every_word_has_a_bit() -> None:
    assert bits(NEEDS, NEEDS) == (1 << len(NEEDS)) - 1
    assert len(TRAITS) < 31


def test_a_refuge_is_found_among_many_places_for_anybody(directory: Engine, tmp_path: Path) -> None:
    crowd = [a_row(f"Night shelter {n}", needs="shelter", **NEAR_CHICAGO) for n in range(60)]
    an_hour_away = {**NEAR_CHICAGO, "lat": "41.2", "lon": "-88.2"}
    refuge = a_row("Rose House", needs="shelter;support", **an_hour_away)
    a_directory(directory, tmp_path, *crowd, refuge)

    assert names(found(directory, need="shelter"))[0] == "Rose House"


def test_what_can_not_be_called_comes_last(directory: Engine, tmp_path: Path) -> None:
    page = {"phone": "", "website": "https://example.org"}
    a_directory(
        directory,
        tmp_path,
        a_row("Page alone", needs="legal", **{**NEAR_CHICAGO, **page}),
        a_row("With a number", needs="legal", **FAR_FROM_CHICAGO),
    )

    assert names(found(directory, need="legal")) == ["With a number", "Page alone"]


def test_where_there_is_little_a_line_stands_beside_it(directory: Engine, tmp_path: Path) -> None:
    a_directory(
        directory,
        tmp_path,
        a_row("Rose House", needs="shelter;support", **NEAR_CHICAGO),
        a_row("First Line", needs="hotline", hours="24/7"),
        a_row("Second Line", needs="hotline"),
    )

    assert names(found(directory, need="shelter")) == ["Rose House", "First Line"]
    assert names(found(directory, need="shelter", besides_lines=True)) == ["Rose House"]
