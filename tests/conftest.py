"""What every test may ask for: a store made from the shipped figures, and the word on the checks before."""

from __future__ import annotations

import atexit
import os
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from data.database.store import Store

# The same examples each time: one commit, one verdict. `HYPOTHESIS_PROFILE=search` looks for others.
settings.register_profile("same", derandomize=True, deadline=None)
settings.register_profile("search", deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "same"))


@pytest.fixture(scope="session")
def reference_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A store built once from the shipped figures, in a temporary folder. Shared, so only read it."""

    from data.opening import open_with_figures

    store = open_with_figures(tmp_path_factory.mktemp("reference") / "tandem.duckdb")
    yield store
    store.close()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Repeat what `python run.py test` found before the tests, where the reader looks."""
    failed = os.environ.get("TANDEM_FAILED_CHECKS")
    if failed:
        terminalreporter.section("failed before the tests", red=True)
        terminalreporter.line(f"{failed}: see the start of this output")


def _last_words() -> None:
    """Leave pytest's summary the last words: DuckDB's bindings list at exit what is still held."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)


atexit.register(_last_words)
