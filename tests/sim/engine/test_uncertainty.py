"""How demand and capacity are dispersed: mean one, the spread asked for, alike for any scope and length."""

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from models.calibration.dispersion import PERSISTENCE
from models.scenarios.assumptions import REGISTER
from sim.engine.random import REMOVAL_LEVEL, normals, series_keys
from sim.engine.uncertainty import evidence, factors, removal_levels
from sim.engine.world import _provider_spans
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


def test_demand_capacity_and_series_depart_apart() -> None:
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


def test_a_providers_series_share_a_part_of_what_departs() -> None:
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


def test_evidence_is_drawn_about_the_register_and_eight_tenths_of_it_is_likely() -> None:
    many = 400
    drawn = evidence({}, 1, range(many))
    assert set(drawn) == set(REGISTER)
    for key, entry in REGISTER.items():
        assert drawn[key].shape == (many,)
        assert drawn[key].min() >= entry.low
        assert drawn[key].max() <= entry.high
        if not entry.uncertain:
            assert (drawn[key] == entry.value).all()
            continue
        # a share of 0.8 in 400 draws strays by 2%, one of 0.5 by 2.5%
        likely = (drawn[key] >= entry.likely_low) & (drawn[key] <= entry.likely_high)
        assert likely.mean() == pytest.approx(0.8, abs=4 * 0.02), key
        assert (drawn[key] > entry.value).mean() == pytest.approx(0.5, abs=4 * 0.025), key


def test_what_a_planner_chooses_is_not_drawn_and_moves_nothing_else() -> None:
    usual, chosen = (
        evidence({}, 3, range(6)),
        evidence({"virtual_repeat": 12, "pifu_returns": 30}, 3, range(6)),
    )
    assert (chosen["virtual_repeat"] == 12).all()
    assert (chosen["pifu_returns"] == 30).all()  # the register's own value, chosen, is fixed too
    for key in set(REGISTER) - {"virtual_repeat", "pifu_returns"}:
        assert chosen[key].tobytes() == usual[key].tobytes()


def test_evidence_goes_with_its_replication_and_differs_by_key_and_seed() -> None:
    whole, block = evidence({}, 1, range(8)), evidence({}, 1, [5, 6])
    for key in REGISTER:
        assert block[key].tobytes() == whole[key][5:7].tobytes()
    other = evidence({}, 2, range(8))
    uncertain = [key for key, entry in REGISTER.items() if entry.uncertain]
    assert all((other[key] != whole[key]).all() for key in uncertain if REGISTER[key].low < whole[key].min())
    places = np.array([np.argsort(whole[key]) for key in uncertain])
    assert len(np.unique(places, axis=0)) == len(places)  # no two assumptions rise and fall together


def test_removal_levels_have_mean_one_and_the_spread_of_the_series() -> None:
    found = replace(board(), removal_spread=np.array([0.0, 0.2, 0.4] * 3))
    keys = np.stack([series_keys(np.random.SeedSequence(r))[:9] for r in range(2000)], axis=1)
    levels = removal_levels(found, keys)
    assert levels.shape == (9, 2000)
    assert (levels[0] == 1).all()
    # a log of standard deviation 0.4: the factor's is sqrt(e^0.16 - 1) = 41.7%, a mean's 0.417 / sqrt(2000)
    assert levels[2].mean() == pytest.approx(1, abs=4 * 0.0093)
    assert np.log(levels[2]).std() == pytest.approx(0.4, abs=4 * 0.4 / np.sqrt(4000))
    assert abs(np.corrcoef(levels[1], levels[2])[0, 1]) < 4 / np.sqrt(2000)
    assert (removal_levels(board(), keys) == 1).all()


def test_numbers_drawn_from_keys_are_normal() -> None:
    keys = np.arange(40_000, dtype=np.uint64).reshape(200, 200)
    drawn = normals(keys, REMOVAL_LEVEL).ravel()
    assert stats.kstest(drawn, "norm").pvalue > 1e-3
