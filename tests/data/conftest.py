"""A small store with no figures, for tests that write."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from data.database.store import Store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """Give an empty store in a temporary folder."""
    opened = Store.create(tmp_path / "small.duckdb")
    yield opened
    opened.close()
