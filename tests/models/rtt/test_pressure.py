"""Where the pressure is: lists by treatment function and provider, ranked by hand-worked arithmetic."""

import numpy as np
import pytest

from models.rtt import pressure
from models.rtt.history import History

pytestmark = pytest.mark.unit


def weeks(**by_week: int) -> list[int]:
    counts = [0] * 105
    for week, count in by_week.items():
        counts[int(week.removeprefix("w"))] = count
    return counts


# Mean waits so far: a whole week counts at its middle.
FUNCTIONS = np.array(["C_100", "C_110", "C_100", "C_130"])
PROVIDERS = np.array(["RAA", "RAA", "RBB", "RBB"])
WEEKS = np.array(
    [
        weeks(w4=90),  # 4.5 weeks
        weeks(w8=60, w60=60),  # (8.5 + 60.5) / 2 = 34.5 weeks
        weeks(w9=90),  # 9.5
        weeks(w99=5),  # few, however long
    ],
    dtype=np.int32,
)
NAMES = {"C_100": "General surgery", "C_110": "Orthopaedics"}


def returns() -> History:
    empty = np.zeros((1, *WEEKS.shape), dtype=np.int32)
    none = np.zeros(empty.shape[:2], dtype=np.int32)
    return History(
        "QK1", ("2025-08",), PROVIDERS, FUNCTIONS, WEEKS[None], empty, empty, empty, none, none, none == 0
    )


def test_most_pressure_first_and_small_lists_last() -> None:
    ranked = pressure.ranked(FUNCTIONS, WEEKS, NAMES)
    assert ranked["code"].tolist() == ["C_110", "C_100", "C_130"]
    assert ranked["name"].tolist() == ["Orthopaedics", "General surgery", "C_130"]
    # pressure = 2 x mean / 18: 34.5 / 9; ((90 x 4.5 + 90 x 9.5) / 180) / 9 = 7 / 9; 99.5 / 9
    assert ranked["pressure"].tolist() == pytest.approx([34.5 / 9, 7 / 9, 99.5 / 9])
    assert ranked["waiting"].tolist() == [120, 180, 5]
    assert ranked["over_52"].tolist() == [60, 0, 5]
    assert ranked["share_within_18"].tolist() == [50, 100, 0]
    assert ranked["share_over_52"].tolist() == [50, 0, 100]


def test_the_table_has_all_providers_first_and_leaves_thin_cells_blank() -> None:
    functions = pressure.ranked(FUNCTIONS, WEEKS, NAMES)
    providers = pressure.ranked(PROVIDERS, WEEKS, {})
    # RAA: (90 x 4.5 + 120 x 34.5) / 210 = 21.64 weeks; RBB: (90 x 9.5 + 5 x 99.5) / 95 = 14.2, but under 100
    assert providers["code"].tolist() == ["RAA", "RBB"]
    table = pressure.table(returns(), "pressure", functions, providers)
    assert table.columns.tolist() == ["all", "RAA", "RBB"]
    assert table.index.tolist() == ["C_110", "C_100", "C_130"]
    assert table["all"].tolist() == functions["pressure"].tolist()
    assert table.loc["C_100"].tolist() == pytest.approx([7 / 9, 4.5 / 9, 9.5 / 9])
    assert np.isnan(table.loc["C_130", "RBB"])  # 5 pathways
    assert np.isnan(table.loc["C_110", "RBB"])  # nobody


def test_lists_with_nobody_are_left_out() -> None:
    nobody = np.zeros((1, 105), dtype=np.int32)
    assert pressure.ranked(np.array(["C_100"]), nobody, NAMES).empty


def test_a_name_that_two_providers_share_carries_the_code() -> None:
    official = {"RAA": "SPIRE HOSPITAL", "RBB": "SPIRE HOSPITAL", "RCC": "ROYAL FREE NHS TRUST"}
    assert pressure.provider_names(official) == {
        "RAA": "Spire Hospital (RAA)",
        "RBB": "Spire Hospital (RBB)",
        "RCC": "Royal Free",
    }
