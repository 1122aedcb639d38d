"""Results: bands, shares and the long table, on counts small enough to check by hand."""

import datetime as dt
from typing import Any

import numpy as np
import pytest

from models.scenarios.presets import preset
from sim.engine.state import MEASURES
from sim.runs import results
from sim.runs.results import Results
from sim.runs.runner import run
from tests.sim.clinics import board

pytestmark = pytest.mark.unit


@pytest.fixture(scope="module")
def ran() -> Results:
    return run(board(), preset("virtual-70"), weeks=6, replications=3)


def small(waiting: list[list[list[int]]], within: list[list[list[int]]], **changes) -> Results:
    """Results of given waiting and within-18 counts, (R, S, weeks)."""
    shape = np.array(waiting).shape
    counts = np.zeros((*shape, len(MEASURES)), np.int32)
    counts[..., MEASURES.index("waiting")] = waiting
    counts[..., MEASURES.index("within_18")] = within
    opening = np.zeros((shape[1], 105), np.int32)
    opening[:, [0, 17, 18, 51, 52, 64, 65, 78, 104]] = np.arange(1, 10)
    given: dict[str, Any] = {
        "scope": "QK1",
        "data_month": "2025-08",
        "document": {},
        "seed": 1,
        "providers": np.array(["RNQ", "RWE"][: shape[1]]),
        "treatment_functions": np.array(["C_110", "C_130"][: shape[1]]),
        "counts": counts,
        "opening": opening,
        "closing": np.zeros((shape[1], 105)),
    }
    return Results(**(given | changes))


def test_a_band_holds_eight_in_ten() -> None:
    # 0 to 10: the tenth percentile is 1, the ninetieth 9
    found = results.band(np.arange(11).reshape(-1, 1))
    assert (found.mean[0], found.lower[0], found.upper[0]) == (5, 1, 9)


def test_totals_and_shares_add_series_first() -> None:
    # week 1: 30 + 10 waiting, 15 + 1 within: 40%; week 2: nobody waits
    found = small([[[30, 0], [10, 0]]], [[[15, 0], [1, 0]]])
    assert found.total("waiting").tolist() == [[40, 0]]
    assert found.share_within_18()[0, 0] == pytest.approx(0.4)
    assert np.isnan(found.share_within_18()[0, 1])
    assert found.total("waiting", found.chosen(["RWE"])).tolist() == [[10, 0]]
    assert found.chosen(None, ["C_110"]).tolist() == [True, False]
    assert found.chosen(["RWE"], ["C_110"]).tolist() == [False, False]


def test_the_opening_list_is_read_against_the_standards() -> None:
    # 1 to 9 people at 0, 17, 18, 51, 52, 64, 65, 78 and 104 weeks
    found = small([[[1]]], [[[1]]])
    read = {
        name: found.opening_value(name) for name in ("waiting", "within_18", "over_52", "over_65", "over_78")
    }
    assert read == {"waiting": 45, "within_18": 3, "over_52": 35, "over_65": 24, "over_78": 17}
    assert found.opening_value("over_104") == 9


def test_a_difference_is_taken_replication_by_replication() -> None:
    base = small([[[100]], [[200]], [[300]]], [[[50]], [[50]], [[50]]])
    less = small([[[90]], [[190]], [[290]]], [[[60]], [[60]], [[60]]])
    found = results.difference(less, base, "waiting")
    assert [found.mean, found.lower, found.upper] == pytest.approx([-10, -10, -10])
    assert results.difference(less, base, "share_within_18").mean > 0


@pytest.mark.parametrize("change", [{"seed": 2}, {"scope": "QE1"}, {"data_month": "2025-07"}])
def test_only_like_is_compared_with_like(change: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=next(iter(change))):
        results.difference(small([[[1]]], [[[1]]]), small([[[1]]], [[[1]]], **change), "waiting")


def test_week_ends_are_sundays() -> None:
    # August 2025 ends on a Sunday: week 1 runs from Monday 1 to Sunday 7 September
    ends = small([[[1, 2]]], [[[1, 1]]]).week_ends
    assert ends.astype(dt.date).tolist() == [dt.date(2025, 9, 7), dt.date(2025, 9, 14)]


def test_the_frame_has_one_row_for_each_and_balances(ran: Results) -> None:
    frame = ran.frame()
    key = ["replication", "week", "provider", "treatment_function"]
    assert len(frame) == 3 * 6 * 9
    assert not frame.duplicated(key).any()
    assert list(frame.columns) == [*key[:2], "week_ending", *key[2:], "waiting_at_start", *MEASURES]
    gone = frame["stops_non_admitted"] + frame["stops_admitted"] + frame["removals"]
    assert (frame["waiting_at_start"] + frame["clock_starts"] == frame["waiting"] + gone).all()


def test_the_frame_says_what_was_counted(ran: Results) -> None:
    frame = ran.frame()
    row = frame[
        (frame["replication"] == 2)
        & (frame["week"] == 4)
        & (frame["provider"] == "RNQ")
        & (frame["treatment_function"] == "X02")
    ]
    place = int(np.flatnonzero((ran.providers == "RNQ") & (ran.treatment_functions == "X02"))[0])
    assert row[list(MEASURES)].to_numpy().tolist() == [ran.counts[1, place, 3].tolist()]
    assert row["waiting_at_start"].item() == ran.counts[1, place, 2, 0]
    first = frame[(frame["week"] == 1) & (frame["replication"] == 3)]
    assert first["waiting_at_start"].tolist() == ran.opening.sum(axis=1).tolist()


def test_the_closing_profile_sums_to_those_waiting(ran: Results) -> None:
    last = ran.counts[:, :, -1].mean(axis=0)
    assert ran.closing.sum(axis=1) == pytest.approx(last[:, MEASURES.index("waiting")])
    assert ran.closing[:, :18].sum(axis=1) == pytest.approx(last[:, MEASURES.index("within_18")])


def test_the_summary_is_the_band_of_each_week(ran: Results) -> None:
    summary = ran.summary().set_index(["measure", "week"])
    assert len(summary) == (len(MEASURES) + 1) * 6
    waiting = ran.total("waiting")[:, 4]
    assert summary.loc[("waiting", 5), "mean"] == pytest.approx(waiting.mean())
    assert (summary["lower"] <= summary["upper"]).all()
    assert summary.loc["share_within_18", "mean"].between(0, 1).all()
