"""Reads of the waiting lists: small returns added up by hand, and the shipped figures."""

from pathlib import Path

import numpy as np
import pytest

from data.database.store import Store
from data.imports.rtt_extract import import_rtt
from data.returns import lists
from models.errors import TandemError
from tests.data import extracts
from tests.data.extracts import Row

pytestmark = pytest.mark.unit

ROWS = (
    Row(weeks={0: 10, 20: 30}),
    Row(weeks={52: 4}, function="C_130"),
    Row(weeks={2: 5}, commissioner="NONC"),
    Row(weeks={10: 8}, provider="RNQ", provider_name="KETTERING", board="QPM"),
    Row(weeks={4: 3}, part="Part_1A", unknown=1),
    Row(weeks={4: 2}, part="Part_1B"),
    Row(weeks={20: 6}, part="Part_2A"),
    Row(starts=9, part="Part_3"),
)


@pytest.fixture
def held(store: Store, tmp_path: Path) -> Store:
    for period in ("RTT-May-2025", "RTT-June-2025"):
        import_rtt(store, extracts.save(tmp_path, extracts.extract(ROWS, period)))
    return store


def test_months_are_oldest_first(held: Store) -> None:
    assert lists.months(held) == ["2025-05", "2025-06"]


def test_boards_by_size(held: Store) -> None:
    boards = lists.boards(held, "2025-06")
    # QK1: 10 + 30 + 4 + NONC's 5 = 49, within 18 weeks 10 + 5; QPM: 8.
    assert boards[["code", "waiting", "within_18", "over_52"]].values.tolist() == [
        ["QK1", 49, 15, 4],
        ["QPM", 8, 8, 0],
    ]
    assert boards["name"].tolist() == ["NHS BOARD QK1", "NHS BOARD QPM"]


def test_trend_of_a_board_and_of_england(held: Store) -> None:
    board = lists.trend(held, "QK1").iloc[-1]
    assert board["month"] == "2025-06"
    columns = ["incomplete", "within_18", "over_52", "over_65", "dta", "admitted", "non_admitted", "starts"]
    # admitted: 3 in bands + 1 of unknown wait.
    assert board[columns].tolist() == [49, 15, 4, 0, 6, 4, 2, 9]
    # England: 10 + 30 + 4 + 8 = 52, NONC's 5 left out.
    assert lists.trend(held, "ENGLAND")["incomplete"].tolist() == [52, 52]


def test_a_board_without_starts_has_none_in_its_trend(held: Store) -> None:
    assert lists.trend(held, "QPM")["starts"].tolist() == [0, 0]


def test_profile_and_its_filters(held: Store) -> None:
    profile = lists.profile(held, "QK1", "2025-06")
    assert profile.dtype == np.int64
    assert {week: int(profile[week]) for week in np.flatnonzero(profile)} == {0: 10, 2: 5, 20: 30, 52: 4}
    assert lists.profile(held, "QK1", "2025-06", "dta")[20] == 6
    assert lists.profile(held, "QK1", "2025-06", treatment_function="C_130").sum() == 4
    assert lists.profile(held, "ENGLAND", "2025-06", provider="RNQ").sum() == 8
    assert lists.profile(held, "QK1", "2031-01").tolist() == [0] * 105


def test_a_part_without_bands_is_refused(held: Store) -> None:
    with pytest.raises(TandemError, match="no week bands for 'starts'"):
        lists.profile(held, "QK1", "2025-06", "starts")


def test_by_treatment_function_with_the_median(held: Store) -> None:
    table = lists.by_treatment_function(held, "QK1", "2025-06")
    assert table["treatment_function"].tolist() == ["C_110", "C_130"]
    assert table["waiting"].tolist() == [45, 4]
    assert table["over_52"].tolist() == [0, 4]
    # C_110 has 10 in week 0, 5 in week 2, 30 in week 20: the half, 22.5, lies (22.5 - 15) / 30 into week 20.
    # C_130 has all 4 in week 52: the half lies at 52.5.
    assert table["median_weeks"].tolist() == pytest.approx([20.25, 52.5])
    assert table["name"].tolist() == ["Service C_110", "Service C_130"]


def test_by_provider_and_its_filter(held: Store) -> None:
    assert lists.by_provider(held, "ENGLAND", "2025-06")[["provider", "waiting"]].values.tolist() == [
        ["RWE", 44],
        ["RNQ", 8],
    ]
    assert lists.by_provider(held, "ENGLAND", "2025-06", treatment_function="C_130")["waiting"].tolist() == [
        4
    ]


def test_a_month_that_is_not_held_gives_empty_tables(held: Store) -> None:
    for table in (
        lists.by_provider(held, "QK1", "2031-01"),
        lists.by_treatment_function(held, "QK1", "2031-01"),
        lists.grid(held, "QK1", "2031-01"),
        lists.boards(held, "2031-01"),
    ):
        assert table.empty
        assert "waiting" in table.columns


def test_grid_crosses_providers_and_treatment_functions(held: Store) -> None:
    grid = lists.grid(held, "QK1", "2025-06")
    assert grid[["provider", "treatment_function", "waiting", "within_18", "over_52"]].values.tolist() == [
        ["RWE", "C_110", 45, 15, 0],
        ["RWE", "C_130", 4, 0, 4],
    ]


@pytest.mark.parametrize("scope", ["QK1", "ENGLAND"])
def test_every_read_of_a_month_adds_up_to_the_same_list(reference_store: Store, scope: str) -> None:
    month = "2025-08"
    waiting = {
        int(lists.profile(reference_store, scope, month).sum()),
        int(lists.by_provider(reference_store, scope, month)["waiting"].sum()),
        int(lists.by_treatment_function(reference_store, scope, month)["waiting"].sum()),
        int(lists.grid(reference_store, scope, month)["waiting"].sum()),
        int(lists.trend(reference_store, scope).set_index("month").loc[month, "incomplete"]),
    }
    assert waiting == {112_685 if scope == "QK1" else 7_312_356}


def test_leicesters_list_against_the_standards(reference_store: Store) -> None:
    # As published for August 2025: 59,167 of 112,685 within 18 weeks (53 in 100), 3,409 over a year.
    latest = lists.trend(reference_store, "QK1").iloc[-1]
    assert latest[["incomplete", "within_18", "over_52"]].tolist() == [112_685, 59_167, 3_409]
    boards = lists.boards(reference_store, "2025-08").set_index("code")
    assert boards.loc["QK1", "name"] == "NHS Leicester, Leicestershire and Rutland Integrated Care Board"
    assert boards.loc["QK1", "region"] == "Midlands"
    assert len(boards) == 42


@pytest.mark.parametrize(
    ("scope", "offered"), [("QK", "QK1"), ("leicester", "QK1"), ("england", "ENGLAND"), ("", "D7T5G")]
)
def test_an_unknown_scope_is_answered_with_the_nearest(
    reference_store: Store, scope: str, offered: str
) -> None:
    with pytest.raises(TandemError, match=f"no board '{scope}'") as refused:
        lists.trend(reference_store, scope)
    assert offered in refused.value.remedy
