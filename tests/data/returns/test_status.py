"""The status of a store, and its text."""

from pathlib import Path

import duckdb
import pytest

from data.database.migrations import latest_version
from data.database.store import Store
from data.database.version import PRODUCT_VERSION
from data.imports.rtt_extract import import_rtt
from data.returns.status import render, status
from tests.data import extracts

pytestmark = pytest.mark.unit


def test_status_of_the_shipped_store(reference_store: Store) -> None:
    held = status(reference_store)
    assert len(held.months) == 17
    june = held.months.set_index("month").loc["2025-06"]
    assert (june["file_rows"], june["england_waiting"], june["origin"]) == (184_744, 7_367_836, "shipped")
    assert held.duckdb_version == duckdb.__version__
    assert held.file_size == reference_store.path.stat().st_size
    text = render(held)
    assert "2025-06  184,744" in text
    assert "7,367,836" in text
    assert (
        "Sheffield Teaching Hospitals (RHQ) stopped reporting after June 2025, with 91,323 waiting then"
        in text
    )
    assert f"Tandem {PRODUCT_VERSION}, schema {latest_version()}" in text
    assert "Imports: 17 shipped with Tandem, 0 since" in text


def test_status_names_imports_and_missing_months(store: Store, tmp_path: Path) -> None:
    for period in ("April", "June"):
        content = extracts.extract(period=f"RTT-{period}-2025")
        import_rtt(store, extracts.save(tmp_path, content, f"{period}.csv"))
    text = render(status(store))
    assert "Missing between them: 2025-05" in text
    assert "Gaps: none" in text
    assert "Imports: 0 shipped with Tandem, 2 since" in text
    assert "2025-06  June.csv" in text


def test_status_of_an_empty_store(store: Store) -> None:
    assert "Months held: 0" in render(status(store))
