"""The dashboard without a browser: the real `app.py` on the shipped figures, or on one small month."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

import run
from data.database.store import Store
from data.imports.rtt_extract import import_rtt
from tests.data import extracts

Open = Callable[..., AppTest]


def _opener(monkeypatch: pytest.MonkeyPatch, path: Path) -> Open:
    monkeypatch.setenv("TANDEM_STORE", str(path))

    def open_page(page: str, **query: str) -> AppTest:
        app = AppTest.from_file(str(run.ROOT / "app.py"), default_timeout=60)
        for name, value in query.items():
            app.query_params[name] = value
        app.switch_page(page)
        return app.run()

    return open_page


@pytest.fixture(autouse=True)
def _close_stores() -> Iterator[None]:
    """Close the stores that a test's pages opened."""
    yield
    st.cache_resource.clear()


@pytest.fixture
def open_page(reference_store: Store, monkeypatch: pytest.MonkeyPatch) -> Open:
    """Opens a page, named by its file, with query parameters, on the shipped figures."""
    return _opener(monkeypatch, reference_store.path)


@pytest.fixture
def open_small_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Open:
    """The same on a store of one small month, June 2025, for tests that import."""
    path = tmp_path / "small.duckdb"
    with Store.create(path) as store:
        import_rtt(store, extracts.save(tmp_path, extracts.extract()))
    return _opener(monkeypatch, path)
