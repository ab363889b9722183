"""What goes out comes in again the same; a spreadsheet that nobody touched changes nothing."""

import csv
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, select

from bot.services.directory.opening import address_of, opened
from bot.services.directory.tables import HSDS, listing
from bot.services.exporting import export
from bot.services.sheet import COLUMNS
from bot.services.shipping import bring_up_to_date
from tests.services.builders import a_row, an_id, brought, written

TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=20).filter(
    lambda text: text.strip() == text and not text.isspace()
)


def held(engine: Engine) -> dict[str, list[object]]:
    """All HSDS rows of a directory, but for where they came from."""
    with engine.connect() as connection:
        return {
            name: [
                tuple(row)[:-1] for row in connection.execute(select(table).order_by(table.c.id))
            ]
            for name, table in HSDS.items()
        }


@st.composite
def services(draw: st.DrawFn) -> dict[str, object]:
    """Any service with what may belong to it."""
    number = draw(st.integers(0, 10**6))
    maybe = st.none() | TEXT
    return {
        "id": an_id(f"s{number}"),
        "name": draw(TEXT),
        "status": draw(st.sampled_from(["active", "inactive", "defunct"])),
        "description": draw(maybe),
        "minimum_age": draw(st.none() | st.floats(0, 130)),
        "assured_date": draw(st.none() | st.dates().map(str)),
        "organization": {"id": an_id(f"o{number}"), "name": draw(TEXT), "description": draw(TEXT)},
        "phones": [
            {"id": an_id(f"p{number}-{place}"), "number": said, "description": draw(maybe)}
            for place, said in enumerate(draw(st.lists(TEXT, max_size=2)))
        ],
        "schedules": [
            {"id": an_id(f"h{number}"), "byday": "MO,TU", "opens_at": "09:00", "closes_at": "17:00"}
        ],
        "languages": [{"id": an_id(f"l{number}"), "name": draw(maybe), "code": "es"}],
        "service_areas": [{"id": an_id(f"a{number}"), "name": draw(maybe), "extent": draw(maybe)}],
    }


@settings(max_examples=25)
@given(st.lists(services(), min_size=1, max_size=4), st.sampled_from([".zip", ".json"]))
def test_an_export_imports_back_identical(
    tmp_path_factory: pytest.TempPathFactory, several: list[object], ending: str
) -> None:
    folder = tmp_path_factory.mktemp("back")
    (folder / "other").mkdir()
    first, second = opened(address_of(folder)), opened(address_of(folder / "other"))
    brought(first, written(folder, "in.json", several))
    out = folder / f"out{ending}"

    export(first, out)
    _, problems = brought(second, out)

    assert problems == []
    assert held(second) == held(first)


def test_an_untouched_spreadsheet_changes_nothing(sqlite_directory: Engine, tmp_path: Path) -> None:
    bring_up_to_date(sqlite_directory)
    sheet = tmp_path / "sheet.csv"

    many = export(sqlite_directory, sheet)
    report, problems = brought(sqlite_directory, sheet)

    assert many > 500
    assert (report.changes, problems) == (0, [])


def test_an_edited_row_changes_what_was_edited_and_nothing_else(
    directory: Engine, tmp_path: Path
) -> None:
    rows = [a_row("One", hours="24/7", languages="en;es", needs="legal"), a_row("Two")]
    brought(directory, written(tmp_path, "in.csv", rows))
    sheet = tmp_path / "sheet.csv"
    export(directory, sheet)
    with sheet.open(encoding="utf-8-sig", newline="") as file:
        edited = list(csv.DictReader(file))
    one = next(row for row in edited if row["name"] == "One")
    one |= {"phone": "(212) 555-0199", "hours": "Mo-Fr 09:00-17:00", "languages": "es", "needs": ""}

    report, _ = brought(directory, written(tmp_path, "edited.csv", edited))

    assert report.added.total() == 0
    assert dict(+report.changed) == {"phone": 1, "attribute": 1}
    assert dict(+report.removed) == {"language": 1, "attribute": 1}
    with directory.connect() as connection:
        found = connection.execute(select(listing).where(listing.c.name == "One")).one()
    assert (found.phone, found.hours, found.languages) == (
        "(212) 555-0199",
        "Mo-Fr 09:00-17:00",
        "es",
    )


def test_a_field_that_looks_like_a_formula_is_no_formula(directory: Engine, tmp_path: Path) -> None:
    brought(directory, written(tmp_path, "in.csv", [a_row('=HYPERLINK("x")')]))
    sheet = tmp_path / "sheet.csv"

    export(directory, sheet)
    report, _ = brought(directory, sheet)

    assert '\'=HYPERLINK(""x"")' in sheet.read_text(encoding="utf-8-sig")
    assert report.changes == 0


def test_every_column_is_told_of() -> None:
    assert all(COLUMNS.values())


def test_another_ending_is_refused(sqlite_directory: Engine, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"must end in \.zip, \.json or \.csv"):
        export(sqlite_directory, tmp_path / "directory.xlsx")
