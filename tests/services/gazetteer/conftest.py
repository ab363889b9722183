"""The file that all tests share: it takes some ten seconds to build."""

from pathlib import Path

import pytest

from tests.stack import ready_gazetteer


@pytest.fixture(scope="session")
def gazetteer_file() -> Path:
    """A gazetteer that was built once."""
    return ready_gazetteer()
