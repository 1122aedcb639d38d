"""Hindcasts: nothing after the origin is learnt from, and what is compared is what was published."""

from dataclasses import replace

import numpy as np
import pytest

from models.calibration.rates import Calibration, calibrate
from models.errors import TandemError
from models.rtt import months
from models.rtt.history import History
from sim.studies.hindcast import Outcome, board_totals, hindcast
from tests.models.histories import england, silent, still

pytestmark = pytest.mark.unit

LONG = months.month_range("2024-05", "2025-08")
BOARDS = {"R00": "QK1", "R01": "QE1"}


def until(history: History, origin: str) -> History:
    end = history.months.index(origin) + 1
    names = ("incomplete", "dta", "admitted", "non_admitted", "unknown_start", "starts", "reported")
    return replace(history, months=history.months[:end], **{n: getattr(history, n)[:end] for n in names})


def looked_back(history: History, origins=("2025-04", "2025-05"), horizons=(3,)) -> list[Outcome]:
    def calibrated(origin: str) -> Calibration:
        return calibrate(until(history, origin), until(england(span=LONG), origin), 0.4)

    return hindcast(history, calibrated, BOARDS, origins=origins, horizons=horizons, replications=3)


def test_each_origin_and_horizon_held() -> None:
    found = looked_back(still((1000, 500), span=LONG), ("2025-04", "2025-06"), (1, 3))
    # three months after June 2025 is September, not held
    assert [(o.origin, o.horizon) for o in found] == [("2025-04", 1), ("2025-04", 3), ("2025-06", 1)]


def test_a_list_that_stands_still_is_foreseen() -> None:
    history = still((1000, 500), span=LONG)
    [found] = looked_back(history, ("2025-05",))
    size = history.incomplete[-1].sum(axis=1)
    assert found.waiting.tolist() == size.tolist()
    assert found.within.tolist() == history.incomplete[-1, :, :18].sum(axis=1).tolist()
    assert found.listed["nothing"].tolist() == size.tolist()
    assert found.listed["tandem"] == pytest.approx(size, rel=0.02)
    assert found.listed_within["tandem"] == pytest.approx(found.within, rel=0.03)
    assert found.trust.all()
    assert (found.lower < size).all()
    assert (found.upper > size).all()


def test_nothing_after_the_origin_is_learnt_from() -> None:
    history = still((1000, 500), span=LONG)
    later = history.incomplete.copy()
    later[-3:] *= 2
    [before] = looked_back(history, ("2025-05",))
    [after] = looked_back(replace(history, incomplete=later), ("2025-05",))
    for method in ("tandem", "nothing", "flows"):
        assert before.listed[method].tolist() == after.listed[method].tolist()
    assert after.waiting.tolist() == (2 * before.waiting).tolist()


def test_a_series_silent_in_the_target_month_is_left_out() -> None:
    history = silent(still((1000, 500), span=LONG), 0, [15])
    [found] = looked_back(history, ("2025-05",))
    assert found.boards == ("QE1",)
    assert len(found.waiting) == 1


def test_a_trust_with_a_gap_counts_with_all_but_not_with_trusts() -> None:
    history = silent(still((1000, 500), span=LONG), 0, [2])
    [found] = looked_back(history, ("2025-05",))
    assert found.trust.tolist() == [False, True]
    # boards in order: QE1 has the second series
    assert board_totals(found, found.waiting, found.trust).tolist() == [found.waiting[1], 0]


def test_no_origin_held_is_refused() -> None:
    with pytest.raises(TandemError, match="No month held lies 3 months after 2025-07"):
        looked_back(still((1000, 500), span=LONG), ("2025-07",))


def test_england_bounds_hold_the_sum_of_trusts() -> None:
    [found] = looked_back(still((1000, 500), span=LONG), ("2025-05",))
    low, high = found.england_bounds
    assert low < found.listed["tandem"].sum() < high
    assert np.all(found.board_bounds[0] <= found.board_bounds[1])
