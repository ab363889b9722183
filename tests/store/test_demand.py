"""What could be handed over for a code: next to nothing."""

import json
import sqlite3
from base64 import b64decode
from contextlib import closing
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.cli import app
from bot.rasa_server.sealed_rows import FILE, Rows, rows_at
from bot.store.demand import demand
from tests.stack import Stack
from tests.visitor import Visitor

SECONDS = 1800
CODE = "-WREN-5-a-code-that-begins-with-a-dash"


def foothold(data: Path, *arguments: str, given: str = "") -> Result:
    return CliRunner().invoke(app, arguments, input=given, env={"FOOTHOLD_DATA": str(data)})


@pytest.fixture(params=["sqlite", "redis"])
def rows(request: pytest.FixtureRequest, tmp_path: Path) -> Rows:
    if request.param == "sqlite":
        return rows_at(str(tmp_path), SECONDS)
    return rows_at(request.getfixturevalue("redis_address"), SECONDS)


def test_a_kept_talk_is_sealed_bytes_and_when_they_are_dropped(rows: Rows) -> None:
    name = bytes.fromhex(demand(CODE, rows, 30).name)
    rows.put(name, b"sealed")

    found = demand(CODE, rows, 30).for_machines()

    assert b64decode(found["sealed"]) == b"sealed"
    assert found["stored_under"] == name.hex()
    assert SECONDS - 5 <= found["dropped_in_seconds"] <= SECONDS
    assert set(found) == {"stored_under", "sealed", "dropped_in_seconds", "erased"}
    assert "6 bytes, sealed" in str(demand(CODE, rows, 30))


def test_an_erased_talk_is_only_a_hash_that_is_dropped_too(rows: Rows) -> None:
    name = bytes.fromhex(demand("erased", rows, 30).name)
    rows.put(name, b"sealed")
    rows.erase(name, under_way=False)

    found = demand("erased", rows, 30)

    assert found.for_machines()["sealed"] is None
    assert found.for_machines()["erased"]
    assert "nothing that was said" in str(found)


def test_a_code_that_nobody_had_brings_nothing(rows: Rows) -> None:
    found = demand("never", rows, 30)

    assert found.for_machines()["sealed"] is None
    assert not found.for_machines()["erased"]
    assert str(found).startswith("Nothing.")


def test_what_is_too_old_and_not_dropped_yet_is_not_brought(tmp_path: Path) -> None:
    rows = rows_at(str(tmp_path), SECONDS)
    rows.put(bytes.fromhex(demand(CODE, rows, 30).name), b"sealed")
    with closing(sqlite3.connect(tmp_path / FILE)) as database:
        database.execute("UPDATE conversations SET used = used - 1801")
        database.commit()

    assert str(demand(CODE, rows, 30)).startswith("Nothing.")


def test_the_commands_say_what_is_kept_and_erase_what_is_old(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    rows = rows_at(str(tmp_path), SECONDS)
    rows.put(bytes.fromhex(demand(CODE, rows, 30).name), b"sealed")

    assert "6 bytes, sealed" in foothold(tmp_path, "legal-demand", "-", given=CODE).stdout
    by_hand = foothold(tmp_path, "legal-demand", "--json", "--", CODE)
    assert json.loads(by_hand.stdout)["sealed"]
    assert CODE not in by_hand.stdout + by_hand.stderr
    with closing(sqlite3.connect(tmp_path / FILE)) as database:
        database.execute("UPDATE conversations SET used = used - 1801")
        database.commit()
    assert foothold(tmp_path, "erase", "expired").stdout == "Erased: 1 talk.\n"
    assert foothold(tmp_path, "erase", "expired").stdout == "Erased: 0 talks.\n"


def test_where_nothing_was_ever_kept_the_commands_make_no_file(tmp_path: Path) -> None:
    assert "Nothing." in foothold(tmp_path, "legal-demand", "x").stdout
    assert "Erased: 0 talks." in foothold(tmp_path, "erase", "expired").stdout
    assert list(tmp_path.iterdir()) == []


@pytest.mark.rasa
@pytest.mark.promise("talks")
def test_a_legal_demand_for_a_running_talk_brings_next_to_nothing(stack: Stack) -> None:
    visitor = Visitor(stack.http)
    visitor.says("he hits me, my name is WREN-5 and I live in Sparrowfield")

    brought = foothold(stack.data, "legal-demand", "-", given=visitor.token)
    sealed = foothold(stack.data, "legal-demand", "--json", "-", given=visitor.token).stdout

    assert "sealed" in brought.stdout
    for word in ("WREN", "Sparrowfield", "hits", visitor.token):
        assert word not in brought.stdout + brought.stderr
        assert word.encode() not in b64decode(json.loads(sealed)["sealed"])
    visitor.leaves()
    after = foothold(stack.data, "legal-demand", "-", given=visitor.token).stdout
    assert after.startswith("No talk. A talk was erased")
