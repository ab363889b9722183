"""The columns of a spreadsheet are the ones that the page for hotlines tells."""

import re
from pathlib import Path

from bot.services.sheet import COLUMNS

PAGE = Path(__file__).parents[2] / "docs" / "services.md"


def test_every_column_stands_on_the_page_with_its_words() -> None:
    told = re.findall(r"^\| `(\w+)` \| (.+) \|$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)

    assert dict(told) == dict(COLUMNS)
