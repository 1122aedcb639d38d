"""How demand and capacity stray: mean one, the spread asked for, and the same for every scope and length."""

from dataclasses import replace

import numpy as np
import pytest

from models.stray import PERSISTENCE
from sim.uncertainty import factors
from sim.world import _provider_spans
from tests.sim.clinics import board, only

pytestmark = pytest.mark.unit


def strayed(calibration=None, replications: int = 300, weeks: int = 60, seed: int = 1):
    found = calibration or board(spread=0.2)
    return factors(found, _provider_spans(found.providers), seed, range(replications), weeks)


def test_factors_have_mean_one_and_the_spread_of_the_series() -> None:
    # a lognormal with mean 1 and a log's standard deviation of 0.2 has one of sqrt(e^0.04 - 1) = 20.2%
    for flow in strayed():
        assert flow.shape == (60, 9, 300)
        assert flow.min() > 0
        # 9 series x 300 replications at one week: standard error 0.202 / sqrt(2,700) = 0.4%
        assert flow[30].mean() == pytest.approx(1, abs=4 * 0.0039)
        assert flow[30].std() == pytest.approx(0.202, abs=0.02)
        assert flow[0].std() == pytest.approx(0.202, abs=0.02)  # as wide in the first week as later


def test_a_departure_fades_week_by_week() -> None:
    demand, _ = strayed()
    logs = np.log(demand)
    together = np.corrcoef(logs[20].ravel(), logs[21].ravel())[0, 1]
    assert together == pytest.approx(PERSISTENCE, abs=0.02)


def test_demand_capacity_and_series_stray_apart() -> None:
    demand, capacity = strayed()
    assert abs(np.corrcoef(demand[30].ravel(), capacity[30].ravel())[0, 1]) < 4 / np.sqrt(2700)
    assert abs(np.corrcoef(demand[30, 0], demand[30, 1])[0, 1]) < 4 / np.sqrt(300)


def test_no_spread_is_exactly_one() -> None:
    assert all((flow == 1).all() for flow in strayed(board(spread=0.0), replications=2))


def test_a_longer_run_another_scope_and_more_replications_keep_what_they_share() -> None:
    whole = board(spread=0.2)
    rows = (whole.providers == "RNQ") & (whole.treatment_functions != "C_130")
    for all_of_it, part in zip(strayed(whole, 5, 60), strayed(only(whole, rows), 3, 20), strict=True):
        assert part.tobytes() == np.ascontiguousarray(all_of_it[:20, rows, :3]).tobytes()


def test_seeds_differ() -> None:
    assert not np.isclose(strayed(seed=1)[0], strayed(seed=2)[0]).all()


def test_a_providers_series_share_a_part_of_what_strays() -> None:
    # of the variance of the logarithm 9% is the provider's and 0.3% England's
    demand, capacity = strayed(replications=1500, weeks=2)
    for flow in (demand, capacity):
        logs = np.log(flow[0])
        error = 4 / np.sqrt(1500)
        assert np.corrcoef(logs[0], logs[1])[0, 1] == pytest.approx(0.093, abs=error)
        assert np.corrcoef(logs[0], logs[3])[0, 1] == pytest.approx(0.003, abs=error)


def test_capacity_keeps_its_pace_and_then_holds() -> None:
    # a pace of 0.9 for two weeks: seven tenths of the change in minutes, 1 - 0.7 x 0.1 = 0.93
    found = replace(board(spread=0.0), pace=np.full((9, 2), 0.9))
    demand, capacity = strayed(found, replications=2, weeks=4)
    assert (demand == 1).all()
    assert capacity[:, 0, 0].tolist() == pytest.approx([0.93, 0.93, 1, 1])
