"""Where a finished run is heading: against counts made by hand, and against a longer run."""

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from models.errors import TandemError
from models.scenarios.presets import preset
from sim.engine.state import MEASURES
from sim.reports.clearance import LEAST_WEEKS, balance, clearance_of, heading_said, kept_from, standard_met
from sim.runs.results import Results
from sim.runs.runner import run
from tests.sim.clinics import board

pytestmark = pytest.mark.unit


def made(weeks: int = 104, replications: int = 2) -> Results:
    """One series: 1,000 wait at the start, 10 fewer each month of 4 weeks; 100 come, 90 stop, 12.5 leave."""
    counts = np.zeros((replications, 1, weeks, len(MEASURES)), np.int32)

    def put(measure: str, values: int | NDArray[np.int64]) -> None:
        counts[..., MEASURES.index(measure)] = values

    put("waiting", 1000 - 2 * np.arange(1, weeks + 1))
    put("within_18", 1000 - 2 * np.arange(1, weeks + 1) - 70)
    put("clock_starts", 95)
    put("moved_in", 5)
    put("stops_non_admitted", 60)
    put("stops_admitted", 20)
    put("moved_out", 10)
    put("removals", 12)
    opening = np.zeros((1, 105), np.int32)
    opening[0, [0, 30]] = 900, 100
    return Results(
        "QK1",
        "2025-08",
        {"levers": []},
        1,
        np.array(["RWE"]),
        np.array(["C_110"]),
        counts,
        opening,
        np.zeros((1, 105)),
    )


def test_the_last_years_flows_are_read() -> None:
    found = balance(made())
    assert found.waiting.tolist() == [792, 792]  # 1,000 - 208
    assert found.arriving.tolist() == [100, 100]
    assert found.served.tolist() == [90, 90]
    # the lists that weeks 53 to 104 began with: 896 down to 794, 845 on average
    assert found.removal == pytest.approx([12 / 845] * 2)


def test_when_something_has_held_until_the_end() -> None:
    held = np.array([[0, 1, 0, 1, 1], [1, 1, 1, 1, 1], [1, 1, 1, 1, 0], [0, 0, 0, 0, 1]], bool)
    # weeks count from 1: from the fourth, from the first or the start, not at the end, from the fifth
    assert kept_from(held, False).tolist() == pytest.approx([4, 1, np.nan, 5], nan_ok=True)
    assert kept_from(held, True).tolist() == pytest.approx([4, 0, np.nan, 5], nan_ok=True)


def test_a_target_reached_within_the_run_is_dated_there() -> None:
    # 1,000 - 2 x 50 = 900 after week 50
    found = clearance_of(made(), target=900)
    assert found.months.mean == pytest.approx(50 / (365.25 / 12 / 7))
    # 70 wait longer: under 8% of the list while it is over 875, so until week 62; it had been 10%
    assert np.isnan(standard_met(made())).all()
    better = made()
    better.counts[:, :, 30:, MEASURES.index("within_18")] += 30  # 40 wait longer, 5% of the last list
    assert standard_met(better).tolist() == [1, 1]


def test_a_short_run_says_nothing() -> None:
    assert heading_said(made(LEAST_WEEKS - 1)) == ()
    with pytest.raises(TandemError, match="too short") as fault:
        clearance_of(made(LEAST_WEEKS - 1))
    assert str(LEAST_WEEKS) in fault.value.remedy


def test_lists_go_where_their_balance_says() -> None:
    # two years tell where the list is after five: within 3%, as chances by weeks waited are not one chance
    calibration = board(spread=0.02)
    long = run(calibration, preset("baseline"), weeks=260, replications=10, workers=1)
    found = balance(replace(long, counts=long.counts[:, :, :104])).mean()
    settled, rate = float(found.settled()[0]), float(found.removal[0])
    expected = settled + (float(found.waiting[0]) - settled) * np.exp(-rate * 156)
    assert long.total("waiting")[:, -1].mean() == pytest.approx(expected, rel=0.03)


def test_more_capacity_is_a_lower_load_and_a_smaller_list() -> None:
    base, more = (
        clearance_of(run(board(), preset(name), weeks=104, replications=5, workers=1))
        for name in ("baseline", "extra-sessions")
    )
    assert more.load_at_target < base.load_at_target
    assert more.settled < base.settled
    assert more.months.mean <= base.months.mean


def test_the_sentences_of_a_run() -> None:
    said = heading_said(run(board(), preset("baseline"), weeks=LEAST_WEEKS, replications=4, workers=1))
    assert len(said) == 5
    assert said[3].startswith("In 0 of 4 futures 92% are within 18 weeks")
    assert said[4].startswith("Taken by itself")
