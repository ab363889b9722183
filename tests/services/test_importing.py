"""What comes in: all of it or nothing, each refused row told, and no change by the same file."""

import csv
import json
import tracemalloc
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select

from bot.services.directory.indexing import index_changed
from bot.services.directory.tables import HSDS, cover, imported, listing
from bot.services.importing.taking import NothingToUndo, undo_last
from bot.services.reading import CannotRead
from tests.services.builders import a_row, a_service, an_id, brought, written

REAL = Path(__file__).parents[3] / "shared" / "data" / "hsds-ilao"
real = pytest.mark.skipif(not REAL.is_dir(), reason=f"the real data set is not at {REAL}")


def count(engine: Engine, name: str) -> int:
    with engine.connect() as connection:
        return connection.scalar(select(func.count()).select_from(HSDS[name])) or 0


@real
def test_real_data_of_legal_aid_comes_in(directory: Engine) -> None:
    report, problems = brought(directory, REAL, country="US")

    with (REAL / "services.csv").open(encoding="utf-8") as file:
        services = sum(1 for _ in csv.DictReader(file))
    assert count(directory, "service") >= services - 1
    assert count(directory, "location") == 520
    assert count(directory, "schedule") == 2492
    assert all(each.file and each.row and each.remedy for each in problems if not each.mended)
    assert {each.field for each in problems if not each.mended} <= {
        "number",
        "city",
        "link_id",
        "name",
    }
    assert report.rejected.total() == sum(not each.mended for each in problems)
    with directory.connect() as connection:
        legal = connection.scalar(select(func.count()).where(listing.c.country == "US"))
    assert legal == count(directory, "service")


@real
def test_the_same_file_twice_changes_nothing(directory: Engine) -> None:
    brought(directory, REAL, country="US")

    again, _ = brought(directory, REAL, country="US")

    assert again.changes == 0
    assert again.import_id is None


def test_an_update_keeps_ids_and_tells_what_changed(directory: Engine, tmp_path: Path) -> None:
    brought(directory, written(tmp_path, "a.json", a_service()))

    report, _ = brought(directory, written(tmp_path, "a.json", a_service(description="New")))

    assert (report.added.total(), dict(+report.changed)) == (0, {"service": 1})
    assert count(directory, "service") == 1


def test_a_refused_row_is_told_and_the_rest_comes_in(directory: Engine, tmp_path: Path) -> None:
    bad = a_service("Bad", status="perhaps")
    worse = {**a_service("Worse"), "name": ""}

    report, problems = brought(directory, written(tmp_path, "a.json", [bad, a_service(), worse]))

    told = {(each.row, each.field, each.value): each.remedy for each in problems}
    assert "'active'" in told[1, "status", "perhaps"]
    assert told[3, "name", ""] == "this field must not be empty"
    assert report.rejected["service"] == 2
    assert count(directory, "service") == 1


def test_a_wrong_field_that_may_be_empty_costs_only_itself(
    sqlite_directory: Engine, tmp_path: Path
) -> None:
    _, problems = brought(
        sqlite_directory, written(tmp_path, "a.json", a_service(email="nobody", minimum_age=-3))
    )

    assert {(each.field, each.mended) for each in problems} == {
        ("email", True),
        ("minimum_age", True),
    }
    assert count(sqlite_directory, "service") == 1


def test_what_breaks_off_leaves_nothing(directory: Engine, tmp_path: Path) -> None:
    file = tmp_path / "half.json"
    file.write_text(f"[{json.dumps(a_service())}, {{", encoding="utf-8")

    with pytest.raises(CannotRead):
        brought(directory, file)

    assert count(directory, "service") == 0
    with directory.connect() as connection:
        assert connection.scalar(select(func.count()).select_from(imported)) == 0


def test_a_service_without_an_organization_is_kept(directory: Engine, tmp_path: Path) -> None:
    lonely = {**a_service(organization_id=an_id("unknown"))}
    lonely.pop("organization")

    report, problems = brought(directory, written(tmp_path, "a.json", lonely))

    assert report.rejected.total() == 0
    assert [(each.field, each.mended) for each in problems] == [("organization_id", True)]
    assert count(directory, "organization") == 1


def test_orphans_are_told(directory: Engine, tmp_path: Path) -> None:
    phones = [{"id": an_id("p"), "number": "555", "service_id": an_id("nobody")}]

    report, problems = brought(
        directory, written(tmp_path, "a.json", {"services": [a_service()], "phones": phones})
    )

    assert report.rejected["phone"] == 1
    assert any("belongs to nothing" in each.remedy for each in problems)


def test_complete_removes_what_came_no_more(directory: Engine, tmp_path: Path) -> None:
    both = [a_service("One"), a_service("Two")]
    brought(directory, written(tmp_path, "a.json", both), origin="partner")
    brought(directory, written(tmp_path, "b.json", a_service("Other")), origin="else")

    report, _ = brought(
        directory, written(tmp_path, "a.json", both[:1]), origin="partner", complete=True
    )

    assert report.removed["service"] == 1
    assert count(directory, "service") == 2


def test_trying_changes_nothing(directory: Engine, tmp_path: Path) -> None:
    report, _ = brought(directory, written(tmp_path, "a.json", a_service()), only_try=True)

    assert report.changes
    assert report.import_id is None
    assert count(directory, "service") == 0


def test_the_last_import_can_be_taken_back(directory: Engine, tmp_path: Path) -> None:
    brought(directory, written(tmp_path, "a.csv", [a_row("One"), a_row("Two", city="Troy")]))
    with directory.connect() as connection:
        before = rows_of(connection)
    brought(
        directory, written(tmp_path, "b.csv", [a_row("Three"), {**a_row("One"), "hours": "24/7"}])
    )

    with directory.begin() as connection:
        number, origin, _ = undo_last(connection)
        index_changed(connection, number)

    assert origin == "b"
    with directory.connect() as connection:
        assert rows_of(connection) == before


def rows_of(connection: object) -> dict[str, list[object]]:
    tables = {**HSDS, "cover": cover}
    return {
        name: sorted(map(str, connection.execute(select(table)).all()))  # type: ignore[attr-defined]
        for name, table in tables.items()
        if name != "cover"
    } | {
        "names": sorted(connection.scalars(select(listing.c.name)))  # type: ignore[attr-defined]
    }


def test_with_nothing_left_there_is_nothing_to_undo(directory: Engine) -> None:
    with directory.begin() as connection, pytest.raises(NothingToUndo):
        undo_last(connection)


def test_a_long_file_needs_no_more_memory(sqlite_directory: Engine, tmp_path: Path) -> None:
    def peak(many: int) -> int:
        file = written(tmp_path, f"{many}.json", [a_service(f"S{n}") for n in range(many)])
        tracemalloc.start()
        brought(sqlite_directory, file, origin=str(many))
        highest = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return highest

    few = peak(3_000)

    assert peak(9_000) < 1.5 * few


def test_parts_that_share_an_id_are_all_taken(directory: Engine, tmp_path: Path) -> None:
    spoken = [
        {"id": "136", "service_id": an_id("Helping Hands"), "language": name}
        for name in ("English", "Spanish", "Creole", "Spanish")
    ]
    file = written(tmp_path, "a.json", {"services": [a_service()], "languages": spoken})

    _, problems = brought(directory, file)

    with directory.connect() as connection:
        codes = connection.scalar(select(listing.c.languages))
    assert codes is not None
    assert sorted(codes.split(";")) == ["en", "es", "ht"]
    assert all("both were taken" in each.remedy for each in problems)
    assert brought(directory, file)[0].changes == 0


def test_a_row_with_several_faults_is_refused_once(
    sqlite_directory: Engine, tmp_path: Path
) -> None:
    report, problems = brought(
        sqlite_directory, written(tmp_path, "a.json", [a_service(), {"id": "x", "status": "no"}])
    )

    assert len(problems) > 1
    assert report.rejected.total() == 1


def test_a_problem_names_an_id_as_the_file_has_it(sqlite_directory: Engine, tmp_path: Path) -> None:
    phones = [{"id": "1", "number": "555", "service_id": "136"}]

    _, problems = brought(
        sqlite_directory, written(tmp_path, "a.json", {"services": [a_service()], "phones": phones})
    )

    assert "136" in {each.value for each in problems}


def test_a_term_finds_its_parent(sqlite_directory: Engine, tmp_path: Path) -> None:
    terms = [
        {"id": "P-1", "name": "Support", "parent_id": "P", "vocabulary": "own"},
        {"id": "P", "name": "Family", "parent_id": "", "vocabulary": "own"},
        {"id": "Q-1", "name": "Lost", "parent_id": "Q", "vocabulary": "own"},
    ]

    _, problems = brought(sqlite_directory, written(tmp_path, "a.json", {"taxonomy_terms": terms}))

    assert [(each.field, each.value) for each in problems] == [("parent_id", "Q")]
