"""Gaps: providers that stop or skip, ordered by how much they matter."""

from dataclasses import replace
from pathlib import Path

import pytest

from data.database.store import Store
from data.imports.rtt_extract import import_rtt
from data.returns.gaps import gaps, missing_months
from tests.data import extracts
from tests.data.extracts import Row

pytestmark = pytest.mark.unit

TRUST = Row(weeks={1: 40})
CLINIC = Row(weeks={1: 50}, provider="NT322", provider_name="SPIRE")
LARGE = Row(weeks={1: 501}, provider="NT999", provider_name="LARGE CLINIC")
STEADY = Row(weeks={1: 5}, provider="RNQ", provider_name="KETTERING")


def hold(store: Store, folder: Path, **months: list[Row]) -> None:
    for period, rows in months.items():
        import_rtt(store, extracts.save(folder, extracts.extract(rows, f"RTT-{period}-2025")))


def test_stopped_and_skipped_with_the_list_then(store: Store, tmp_path: Path) -> None:
    hold(
        store,
        tmp_path,
        April=[TRUST, CLINIC, LARGE, STEADY],
        May=[TRUST, STEADY],
        June=[CLINIC, LARGE, replace(STEADY, weeks={1: 6})],
    )
    columns = ["provider", "gap", "last_month", "waiting", "missing", "returned"]
    assert gaps(store)[columns].values.tolist() == [
        ["NT999", "skipped", "2025-04", 501, 1, "2025-06"],  # over 500
        ["RWE", "stopped", "2025-05", 40, 1, ""],  # a trust
        ["NT322", "skipped", "2025-04", 50, 1, "2025-06"],
    ]


def test_no_gaps_and_no_returns(store: Store, tmp_path: Path) -> None:
    assert gaps(store).empty
    assert missing_months(store) == []
    hold(store, tmp_path, April=[TRUST], May=[TRUST])
    assert gaps(store).empty


def test_a_provider_that_begins_late_is_no_gap(store: Store, tmp_path: Path) -> None:
    hold(store, tmp_path, April=[STEADY], May=[STEADY, TRUST])
    assert gaps(store).empty


def test_months_the_store_lacks(store: Store, tmp_path: Path) -> None:
    hold(store, tmp_path, April=[TRUST], July=[TRUST])
    assert missing_months(store) == ["2025-05", "2025-06"]
    # Nobody could report a month that is not held.
    assert gaps(store).empty


def test_sheffield_and_north_middlesex_lead_the_shipped_gaps(reference_store: Store) -> None:
    first, second = gaps(reference_store).head(2).to_dict("records")
    assert (first["provider"], first["last_month"], first["waiting"], first["gap"]) == (
        "RHQ",
        "2025-06",
        91_323,
        "stopped",
    )
    assert (second["provider"], second["last_month"]) == ("RAP", "2024-12")
