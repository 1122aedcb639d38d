"""A fault that the user can mend is a page that says what happened and what to do, never a traceback."""

import gc
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

import run
from pages.parts.frame import spare_the_collector

pytestmark = pytest.mark.integration


def test_a_store_that_can_not_be_opened_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TANDEM_STORE", str(tmp_path))
    app = AppTest.from_file(str(run.ROOT / "app.py"), default_timeout=60).run()
    assert not app.exception
    assert f"{tmp_path} is a folder, not a store." in app.error[0].value
    assert "**What to do:** Name a file" in app.error[0].value


def test_the_first_start_builds_the_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TANDEM_STORE", str(tmp_path / "new.duckdb"))
    app = AppTest.from_file(str(run.ROOT / "app.py"), default_timeout=120).run()
    assert not app.exception
    assert app.markdown[0].value.startswith("## 112,685 pathways are waiting in Leicester")
    assert (tmp_path / "new.duckdb").is_file()
    assert not app.progress  # the bar is gone once the store stands


def test_what_is_loaded_is_out_of_the_collectors_rounds_once_a_page() -> None:
    spare_the_collector("one")
    frozen = gc.get_freeze_count()
    assert frozen > 100_000  # the modules alone
    loop: list[object] = []
    loop.append(loop)
    spare_the_collector("one")
    assert gc.get_freeze_count() <= frozen
    assert any(each is loop for each in gc.get_objects())
