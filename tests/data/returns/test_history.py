"""Histories: where each count lands, gaps, changes of board, and the shipped figures."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from data.database.store import Store
from data.imports.rtt_extract import import_rtt
from data.returns import lists
from data.returns.history import history
from models.errors import TandemError
from tests.data import extracts
from tests.data.extracts import Row

pytestmark = pytest.mark.unit

HIPS = Row(weeks={3: 7, 104: 2})
ABROAD = Row(weeks={3: 1}, commissioner="NONC")


def hold(store: Store, folder: Path, **months: list[Row]) -> None:
    for period, rows in months.items():
        name = f"RTT-{period}-2025"
        import_rtt(store, extracts.save(folder, extracts.extract(rows, name)))


def test_counts_land_in_their_month_series_and_band(store: Store, tmp_path: Path) -> None:
    june = [
        HIPS,
        ABROAD,
        Row(weeks={8: 4}, function="C_130"),
        Row(weeks={104: 1}, part="Part_2A"),
        Row(weeks={5: 6}, part="Part_1A", unknown=2),
        Row(weeks={6: 3}, part="Part_1B", unknown=1),
        Row(starts=12, part="Part_3"),
    ]
    hold(store, tmp_path, May=[HIPS], June=june)
    got = history(store, "QK1")
    assert got.months == ("2025-05", "2025-06")
    assert got.providers.tolist() == ["RWE", "RWE"]
    assert got.treatment_functions.tolist() == ["C_110", "C_130"]
    assert got.incomplete.shape == (2, 2, 105)
    assert got.incomplete.dtype == np.int32
    # 7 English + 1 for NONC in week 3.
    assert got.incomplete[1, 0, [3, 104]].tolist() == [8, 2]
    assert got.incomplete[:, :, 8].tolist() == [[0, 0], [0, 4]]
    assert got.dta[1, 0, 104] == 1
    assert got.admitted[1, 0, 5] == 6
    assert got.non_admitted[1, 0, 6] == 3
    # 2 admitted + 1 other stop of unknown wait.
    assert got.unknown_start.tolist() == [[0, 0], [3, 0]]
    assert got.starts.tolist() == [[0, 0], [12, 0]]
    assert got.reported.tolist() == [[True, False], [True, True]]


def test_england_leaves_out_nonc(store: Store, tmp_path: Path) -> None:
    hold(store, tmp_path, June=[HIPS, ABROAD])
    assert history(store, "ENGLAND").incomplete[0, 0, 3] == 7
    assert history(store, "QK1").incomplete[0, 0, 3] == 8


def test_a_month_left_out_is_zero_and_not_reported(store: Store, tmp_path: Path) -> None:
    other = replace(HIPS, provider="RNQ", provider_name="KETTERING")
    hold(store, tmp_path, April=[HIPS, other], May=[other], June=[HIPS, other])
    got = history(store, "QK1")
    leicester = got.providers.tolist().index("RWE")
    assert got.reported[:, leicester].tolist() == [True, False, True]
    assert got.incomplete[1, leicester].sum() == 0


def test_a_provider_that_changed_boards_belongs_to_its_newest_with_all_its_months(
    store: Store, tmp_path: Path
) -> None:
    stays = replace(HIPS, provider="RNQ", provider_name="KETTERING")
    hold(store, tmp_path, May=[HIPS, stays], June=[replace(HIPS, board="QJ2"), stays])
    moved = history(store, "QJ2")
    assert moved.incomplete.sum(axis=(1, 2)).tolist() == [9, 9]
    assert history(store, "QK1").providers.tolist() == ["RNQ"]
    # Until May it was still of the old board.
    assert sorted(history(store, "QK1", until="2025-05").providers.tolist()) == ["RNQ", "RWE"]


def test_until_and_number_of_months(store: Store, tmp_path: Path) -> None:
    hold(store, tmp_path, April=[HIPS], May=[HIPS], June=[HIPS])
    assert history(store, "QK1", until="2025-05").months == ("2025-04", "2025-05")
    assert history(store, "QK1", months=2).months == ("2025-05", "2025-06")


def test_nothing_held_is_said(store: Store, tmp_path: Path) -> None:
    with pytest.raises(TandemError, match="no returns of ENGLAND"):
        history(store, "ENGLAND")
    hold(store, tmp_path, June=[HIPS])
    with pytest.raises(TandemError, match="no returns of QK1 until 2025-01"):
        history(store, "QK1", until="2025-01")
    with pytest.raises(TandemError, match="There is no board 'QZZ'"):
        history(store, "QZZ")


def test_england_and_leicester_as_published(reference_store: Store) -> None:
    england = history(reference_store, "ENGLAND")
    trend = lists.trend(reference_store, "ENGLAND")
    assert england.months == tuple(trend["month"])
    for array, column in (("incomplete", "incomplete"), ("dta", "dta"), ("starts", "starts")):
        counts = getattr(england, array)
        assert counts.reshape(17, -1).sum(axis=1).tolist() == trend[column].tolist()
    stops = england.admitted.sum() + england.non_admitted.sum() + england.unknown_start.sum()
    assert stops == trend["admitted"].sum() + trend["non_admitted"].sum()
    assert england.incomplete[england.months.index("2025-06")].sum() == 7_367_836
    assert history(reference_store, "QK1").incomplete[-1].sum() == 112_685


def test_sheffield_is_in_its_boards_history_and_marked_as_not_reporting(reference_store: Store) -> None:
    got = history(reference_store, "QF7")
    sheffield = got.providers == "RHQ"
    reported = got.reported[:, sheffield].any(axis=1)
    # It reported until June 2025, the 15th month, with 91,323 waiting then.
    assert reported.tolist() == [True] * 15 + [False] * 2
    assert got.incomplete[14][sheffield].sum() == 91_323
