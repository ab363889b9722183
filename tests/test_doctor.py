"""What makes it unsafe to run Foothold is refused, with a remedy; the rest is a caution."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import redis
from pydantic import SecretStr

from bot import settings
from bot.content import Content
from bot.content.hotlines import Hotlines
from bot.doctor import OLDEST_DAYS, Surroundings, findings, is_old
from bot.services.directory.opening import address_of, opened
from bot.services.home import Home
from bot.services.importing import import_directory

Look = Callable[..., list[str]]


@pytest.fixture
def around(tmp_path: Path, content: Content, hotlines: Hotlines) -> Surroundings:
    """A machine on which nothing is wrong."""
    tmp_path.chmod(0o700)
    reviews, security = tmp_path / "REVIEWED.yml", tmp_path / "SECURITY.md"
    reviews.write_text("- {file: a.yml, reviewed_by: 'advocate, 2027-01-31'}\n")
    security.write_text("Report to: help@example.org\n")
    wanted = settings.load(settings.SupervisorSettings, dot_env=None)
    return Surroundings(
        wanted.model_copy(update={"data": tmp_path, "country": "GG"}),
        content,
        Hotlines([], hotlines._emergency),
        environment={},
        now=datetime(2026, 11, 23, tzinfo=UTC),
        dot_env=tmp_path / ".env",
        swaps=tmp_path / "swaps",
        reviews=reviews,
        security=security,
    )


def with_settings(around: Surroundings, **changes: object) -> Surroundings:
    return replace(around, settings=around.settings.model_copy(update=changes))


def refused(around: Surroundings) -> list[str]:
    return [each.sentence for each in findings(around) if each.refused]


def cautions(around: Surroundings) -> list[str]:
    return [each.sentence for each in findings(around) if not each.refused]


def test_nothing_is_said_where_all_is_well(around: Surroundings) -> None:
    assert findings(around) == []


@pytest.mark.parametrize("name", ["PYTHONDEVMODE", "PYTHONASYNCIODEBUG"])
def test_p2_debugging_is_refused(around: Surroundings, name: str) -> None:
    assert name in refused(replace(around, environment={name: "1"}))[0]
    assert refused(replace(around, environment={name: "0"})) == []


def test_p2_a_debug_log_is_refused(around: Surroundings) -> None:
    assert "LOG_LEVEL is DEBUG" in refused(replace(around, environment={"LOG_LEVEL": "debug"}))[0]


def test_p2_secrets_in_an_open_file_are_refused_and_not_shown(around: Surroundings) -> None:
    around.dot_env.write_text("FOOTHOLD_REDIS=redis://:WREN-9@127.0.0.1/0\n")
    around.dot_env.chmod(0o640)

    assert "FOOTHOLD_REDIS is in it" in refused(around)[0]
    assert "WREN" not in refused(around)[0]
    around.dot_env.chmod(0o600)
    assert refused(around) == []


def test_p2_an_open_file_without_secrets_may_be_open(around: Surroundings) -> None:
    around.dot_env.write_text("FOOTHOLD_COUNTRY=US\nFOOTHOLD_REDIS=\n")
    around.dot_env.chmod(0o644)

    assert refused(around) == []


def test_p2_an_open_data_folder_is_refused(around: Surroundings) -> None:
    around.settings.data.chmod(0o750)

    assert "chmod 700" in refused(around)[0]


def test_p2_a_redis_that_writes_to_disk_is_refused(
    around: Surroundings, redis_address: str
) -> None:
    with_redis = with_settings(around, redis=redis_address)
    assert refused(with_redis) == []

    server = redis.Redis.from_url(redis_address)
    server.config_set("save", "900 1")
    try:
        assert "writes what it holds to disk" in refused(with_redis)[0]
    finally:
        server.config_set("save", "")


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("redis://:WREN-9@example.org:6379/0", "another machine without TLS"),
        ("redis://:WREN-9@127.0.0.1:1/0", "does not answer"),
    ],
)
def test_p2_a_redis_in_the_open_or_out_of_reach_is_refused(
    around: Surroundings, address: str, words: str
) -> None:
    found = refused(with_settings(around, redis=address))

    assert words in found[0]
    assert "WREN" not in found[0]


def test_p2_a_clock_that_is_far_off_is_refused(around: Surroundings) -> None:
    assert "1970" in refused(replace(around, now=datetime(1970, 1, 1, tzinfo=UTC)))[0]


def test_p2_broken_words_are_refused(around: Surroundings, content: Content) -> None:
    english = replace(content.language("en"), buttons={})
    broken = replace(content, languages={**content.languages, "en": english})

    assert "foothold content check" in refused(replace(around, content=broken))[0]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"country": ""}, "FOOTHOLD_COUNTRY is not set"),
        ({"chat_host": "0.0.0.0"}, "speaks plain HTTP"),
        ({"telegram_token": SecretStr("1:a")}, "FOOTHOLD_PUBLIC_URL is not set"),
    ],
)
def test_what_should_be_looked_at_is_a_caution(
    around: Surroundings, change: dict[str, object], words: str
) -> None:
    assert words in cautions(with_settings(around, **change))[0]


def test_unread_words_root_swap_and_no_contact_are_cautions(around: Surroundings) -> None:
    around.reviews.write_text("- {file: a.yml, reviewed_by: nobody yet}\n")
    around.security.write_text("**There is no address yet.**\n")
    around.swaps.write_text("Filename Type\n/dev/zram0 partition\n/dev/sda2 partition\n")

    said = "\n".join(cautions(replace(around, user=0)))

    for words in ("reviewed by nobody", "fill in", "swapped to /dev/sda2", "runs as root"):
        assert words in said


def test_old_and_unconfirmed_lines_are_counted(around: Surroundings, hotlines: Hotlines) -> None:
    there = replace(with_settings(around, country="US"), hotlines=hotlines)
    later = replace(there, now=datetime(2028, 1, 1, tzinfo=UTC))

    lines = hotlines.of_country("US")
    assert any(f"{len(lines)} of {len(lines)}" in each for each in cautions(later))
    assert len(cautions(there)) <= len(cautions(later))


def test_a_line_is_old_after_half_a_year_or_when_nobody_knows() -> None:
    assert not is_old(date(2026, 6, 1), date(2026, 11, 23))
    assert is_old(date(2026, 5, 1), date(2026, 11, 23))
    assert is_old(None, date(2026, 11, 23))
    assert OLDEST_DAYS == 180


def test_p2_once_it_is_open_to_people_every_caution_is_refused(around: Surroundings) -> None:
    trying = with_settings(around, country="")

    assert refused(trying) == []
    assert refused(with_settings(trying, live=True)) == cautions(trying)


def test_services_that_nobody_checked_are_counted(around: Surroundings) -> None:
    file = around.settings.data / "rows.csv"
    file.write_text(
        "name,country_iso2,phone,source_date,confidence\n"
        "Old,US,212-555-0142,2020-01-01,checked_2026\n"
        "Unsure,US,212-555-0143,2026-11-01,knowledge\n"
        "Good,US,212-555-0144,2026-11-01,checked_2026\n",
        encoding="utf-8",
    )
    import_directory(opened(address_of(around.settings.data)), file)

    (said,) = cautions(around)
    assert "Of 3 services" in said
    assert "1 were not checked for a year and 1 are not confirmed" in said


def test_a_directory_that_is_broken_is_told(around: Surroundings) -> None:
    Home(around.settings.data).directory_file.write_bytes(b"no database at all" * 500)

    assert "can't be used" in cautions(around)[0]
