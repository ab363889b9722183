"""What comes with Foothold: loaded once, newer versions taken over, and never undone."""

from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select, update

from bot.services.directory.tables import kept, listing
from bot.services.importing.taking import NothingToUndo, undo_last
from bot.services.shipping import ROWS, bring_up_to_date
from tests.services.builders import a_row, written


def count(engine: Engine) -> int:
    with engine.connect() as connection:
        return connection.scalar(select(func.count()).select_from(listing)) or 0


def test_it_is_loaded_once(sqlite_directory: Engine, tmp_path: Path) -> None:
    file = written(tmp_path, "a.csv", [a_row("Line", needs="hotline")])

    assert bring_up_to_date(sqlite_directory, files=(file,))
    assert not bring_up_to_date(sqlite_directory, files=(file,))
    assert count(sqlite_directory) == 1


def test_nobody_undoes_it(sqlite_directory: Engine, tmp_path: Path) -> None:
    file = written(tmp_path, "a.csv", [a_row("Line", needs="hotline")])
    bring_up_to_date(sqlite_directory, files=(file,))

    with sqlite_directory.begin() as connection, pytest.raises(NothingToUndo):
        undo_last(connection)


def test_what_is_read_in_a_new_way_is_made_ready_anew(
    sqlite_directory: Engine, tmp_path: Path
) -> None:
    file = written(tmp_path, "a.csv", [a_row("Line", needs="hotline")])
    bring_up_to_date(sqlite_directory, files=(file,))
    with sqlite_directory.begin() as connection:
        connection.execute(update(listing).values(name="As it was read before"))
        connection.execute(update(kept).where(kept.c.name == ROWS).values(value="another way"))

    assert bring_up_to_date(sqlite_directory, files=(file,))
    with sqlite_directory.connect() as connection:
        assert list(connection.scalars(select(listing.c.name))) == ["Line"]
