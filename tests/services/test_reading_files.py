"""Files of all forms are read row by row; what is no directory is refused with a sentence."""

import json
import zipfile
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.services.reading import FLAT, CannotRead, rows_of
from tests.services.builders import a_service, an_id, written


def tables(path: Path) -> list[str]:
    return [raw.table for raw in rows_of(path)]


@pytest.mark.parametrize(
    "what",
    [
        a_service(),
        [a_service()],
        {"contents": [a_service()], "page_number": 1, "total_items": 1},
        {"services": [a_service()]},
    ],
    ids=["an object", "a list", "a page", "lists by table"],
)
def test_json_of_every_form(tmp_path: Path, what: object) -> None:
    assert tables(written(tmp_path, "some.json", what)) == ["service", "organization"]


def test_a_line_for_each_object(tmp_path: Path) -> None:
    file = tmp_path / "some.ndjson"
    file.write_text("\n".join(json.dumps(a_service(name)) for name in "ab"), encoding="utf-8")

    assert tables(file).count("service") == 2


def test_a_package_of_tables_and_a_folder_of_them(tmp_path: Path) -> None:
    folder = tmp_path / "package"
    folder.mkdir()
    (folder / "services.csv").write_text("id,name\n1,Help\n", encoding="utf-8")
    (folder / "phones.csv").write_text("id,number\n1,555\n\n", encoding="utf-8")
    (folder / "datapackage.json").write_text("{}", encoding="utf-8")
    package = tmp_path / "package.zip"
    with zipfile.ZipFile(package, "w") as archive:
        for file in folder.iterdir():
            archive.write(file, f"data/{file.name}")

    assert tables(folder) == tables(package) == ["phone", "service"]


def test_what_is_nested_names_its_owner(tmp_path: Path) -> None:
    phone = {
        "id": an_id("phone"),
        "number": "555",
        "languages": [{"id": an_id("es"), "code": "es"}],
    }
    file = written(tmp_path, "one.json", a_service(phones=[phone]))

    rows = {raw.table: raw.values for raw in rows_of(file)}

    assert rows["phone"]["service_id"] == an_id("Helping Hands")
    assert rows["language"]["phone_id"] == an_id("phone")
    assert rows["service"]["organization_id"] == an_id("org")


def test_a_spreadsheet_with_semicolons_and_a_row_number(tmp_path: Path) -> None:
    file = tmp_path / "shelters.csv"
    file.write_text("\ufeffname;phone\nA;1\nB;2\n", encoding="utf-8")

    assert [(raw.table, raw.row, raw.values["name"]) for raw in rows_of(file)] == [
        (FLAT, 2, "A"),
        (FLAT, 3, "B"),
    ]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("half.json", b'[{"id": "1", "name": "A"', "no complete JSON"),
        ("words.json", b"[1, 2]", "expected an object"),
        ("empty.zip", b"PK\x05\x06" + b"\x00" * 18, "no .csv"),
    ],
)
def test_what_is_no_directory_is_refused(
    tmp_path: Path, name: str, content: bytes, said: str
) -> None:
    file = tmp_path / name
    file.write_bytes(content)

    with pytest.raises(CannotRead, match=said):
        list(rows_of(file))


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(CannotRead, match="no such file"):
        list(rows_of(tmp_path / "gone.csv"))


@given(st.binary(max_size=300), st.sampled_from([".json", ".csv", ".ndjson", ".zip"]))
def test_any_bytes_are_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, content: bytes, ending: str
) -> None:
    file = tmp_path_factory.mktemp("bytes") / f"some{ending}"
    file.write_bytes(content)
    with suppress(CannotRead):
        assert all(raw.file == file.name for raw in rows_of(file) if file.suffix != ".zip")
