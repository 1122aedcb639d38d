"""Expected waits from lists of which the answer is known, and what mixing, remaining and changing do."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from models.waits import expected_waits as waits
from models.waits.expected_waits import LEAST_STOPS, WaitCurves, wait_curves
from tests.models.histories import england, silent, still

pytestmark = pytest.mark.unit

WEEKS = np.arange(105)
falling = arrays(np.float64, 104, elements=st.floats(0.01, 0.6)).map(
    lambda hazard: np.exp(-np.concatenate([[0.0], np.cumsum(hazard)]))
)


def found(*sizes: int) -> WaitCurves:
    return wait_curves(still(sizes), england())


def test_a_list_that_stands_still() -> None:
    curves = found(50_000)
    # an eighth have a decision: 2.4% + 7% / 8 = 3.275% of those waiting stop a week, in every band
    assert curves.stop[0, :60] == pytest.approx(0.03275, rel=0.01)
    # ln 2 / 0.03275 = 21.2 weeks; ln 10 / 0.03275 = 70.3
    left = curves.untreated()
    assert waits.weeks_until(left, 0.5) == pytest.approx([21.2], abs=0.2)
    assert waits.weeks_until(left, 0.9) == pytest.approx([70.3], abs=1.0)
    # 1 - exp(-18 x 0.03275) = 44.5%
    assert waits.share_by(left) == pytest.approx([0.445], abs=0.005)
    # 4% fewer wait a week on: removals leave the list too, so of those who join half are left after 17 weeks
    assert waits.weeks_until(curves.still_waiting(), 0.5) == pytest.approx([17.0], abs=0.4)
    assert curves.known.all()


def test_a_thin_list_is_not_known_and_leans_on_england() -> None:
    small, large = found(4), found(50_000)
    # 4 under a week and 4% fewer a week on are 4 / 0.04 = 100 waiting: few bands have a whole stop
    assert not small.known[0]
    assert small.why_not[0].startswith("only ")
    assert f"{LEAST_STOPS} are needed" in small.why_not[0]
    # at its own level, England's shape: the same at every wait, as the list it leans on
    early, late = small.stop[0, 2:10].mean(), small.stop[0, 30:60].mean()
    assert late < 2 * early
    assert large.stop[0, 30:60].mean() == pytest.approx(large.stop[0, 2:10].mean(), rel=0.01)


def test_gaps_are_said() -> None:
    history = still((50_000, 50_000, 50_000))
    stopped = wait_curves(silent(history, 1, [12]), england())
    assert stopped.why_not == ("", "nothing was returned in August 2025", "")
    # away in July: neither July's flows nor August's can be read
    broken = wait_curves(silent(history, 2, [11]), england())
    assert (
        broken.why_not[2] == "its list was recoded, or first returned, too lately to be read in August 2025"
    )
    assert broken.known.tolist() == [True, True, False]


def test_shares_are_mixed_and_not_percentiles() -> None:
    quick, slow = np.exp(-0.2 * WEEKS), np.exp(-0.02 * WEEKS)
    mixture = waits.mixed(np.stack([quick, slow]), np.array([3.0, 1.0]))
    # 0.75 exp(-0.2 t) + 0.25 exp(-0.02 t) = 0.5 at t = 5.04: neither 3.5 nor 34.7 nor their mean, 11.3
    assert waits.weeks_until(mixture, 0.5) == pytest.approx(5.04, abs=0.02)
    with pytest.raises(ValueError, match="no weight"):
        waits.mixed(np.stack([quick, slow]), np.zeros(2))


def test_what_remains() -> None:
    # nobody is treated before 20 weeks, a tenth of those left each week after
    curve = np.where(WEEKS < 20, 1.0, 0.9 ** (WEEKS - 20.0))
    assert waits.weeks_until(waits.remaining(curve, 12), 0.5) == pytest.approx(
        8 + np.log(2) / -np.log(0.9), abs=0.1
    )
    # by 30 weeks the past no longer matters: ln 2 / -ln 0.9 = 6.58
    assert waits.weeks_until(waits.remaining(curve, 30), 0.5) == pytest.approx(6.58, abs=0.05)
    assert np.isnan(waits.remaining(np.where(WEEKS < 50, 1.0, 0.0), 60)).all()


def test_over_104_weeks() -> None:
    slow = np.exp(-0.01 * WEEKS)  # 35% are left after 104 weeks
    assert waits.weeks_until(slow, 0.5) == pytest.approx(69.3, abs=0.1)
    assert np.isinf(waits.weeks_until(slow, 0.9))
    assert np.isinf(waits.weeks_until(waits.remaining(slow, 90), 0.5))
    said = [waits.weeks_said(weeks) for weeks in (np.inf, np.nan, 0.3, 1.2, 14.4)]
    assert said == ["over 104 weeks", "not known", "under a week", "1 week", "14 weeks"]


def test_a_scenario_changes_its_own_series_alone() -> None:
    curves = found(50_000, 40_000)
    before = np.stack([np.exp(-0.05 * WEEKS)] * 2)
    after = np.stack([np.exp(-0.10 * WEEKS), np.full(105, np.nan)])
    under = curves.under(np.array(["R00", "R01"]), np.array(["C_110"] * 2), before, after)
    # twice the chance of a stop halves the weeks; where the run does not tell, and elsewhere, nothing changes
    today, then = (waits.weeks_until(each.untreated(), 0.5) for each in (curves, under))
    assert then[0] == pytest.approx(today[0] / 2, abs=0.2)
    assert then[1] == today[1]
    elsewhere = curves.under(np.array(["RXX"]), np.array(["C_110"]), before[:1], after[:1])
    assert np.array_equal(elsewhere.stop, curves.stop)


@given(curve=falling, engine=falling)
def test_no_change_changes_nothing(curve: np.ndarray, engine: np.ndarray) -> None:
    assert waits.changed(curve, engine, engine) == pytest.approx(np.maximum(curve, waits.LEAST_LEFT))


@given(first=falling, second=falling, weight=st.floats(0.0, 1.0), share=st.floats(0.05, 0.6))
def test_a_mixture_lies_between_its_parts(
    first: np.ndarray, second: np.ndarray, weight: float, share: float
) -> None:
    parts = np.stack([first, second])
    ends = sorted(waits.weeks_until(parts, share).tolist())
    between = float(waits.weeks_until(waits.mixed(parts, np.array([weight, 1.0 - weight])), share))
    assert ends[0] - 1e-6 <= between <= ends[1] + 1e-6


@given(curve=falling, waited=st.integers(0, 40))
def test_who_has_waited_is_treated_no_sooner_in_all(curve: np.ndarray, waited: int) -> None:
    in_all = waited + float(waits.weeks_until(waits.remaining(curve, waited), 0.5))
    assert in_all >= float(waits.weeks_until(curve, 0.5)) - 1e-6
