"""The planner we compare with, against its package's worked answers: each test is named by its id."""

import numpy as np
import pytest

from models.calibration.stock_and_flow import (
    Rates,
    calibrate,
    held_flows,
    longest_first,
    percentile_wait,
    project,
)
from tests.models.histories import still

pytestmark = pytest.mark.unit

REFERRALS = np.array([11462.0, 11510.0, 11226.0, 9525.0])
WAITING = np.array(
    [
        [10000.0, 3869.90008356649, 2870.92231468622, 2547.14316726565, 16891.13639335448],
        [6025.20214956624, 2753.43692242723, 2369.25782975156, 1904.25706848535, 15660.0401958446],
        [6733.22634978329, 3741.75647097163, 3378.78077305445, 2911.48259973375, 17853.44837353337],
        [6362.58545756281, 4285.25215257912, 2880.02763601323, 2493.01838030265, 17402.26294848964],
    ]
)


def test_calibrate_1() -> None:
    # in this case a twentieth of each count was treated
    found = calibrate(REFERRALS, WAITING, WAITING / 20)
    renege = [
        0.373061814693253,
        0.463521759277457,
        0.0868358490319454,
        0.0795017170626745,
        0.0689469425840739,
    ]
    capacity = [0.0298541992, 0.0255465828915496, 0.043484007188955, 0.0438332515684441, 0.0443358598769489]
    assert found.renege == pytest.approx(renege, rel=1e-9)
    assert found.capacity == pytest.approx(capacity, rel=1e-8)


def test_several_series_are_calibrated_each_for_itself() -> None:
    both = calibrate(
        np.stack([REFERRALS, 2 * REFERRALS], axis=1),
        np.stack([WAITING, 2 * WAITING], axis=2),
        np.stack([WAITING / 20, WAITING / 10], axis=2),
    )
    alone = calibrate(REFERRALS, WAITING, WAITING / 20)
    assert both.renege[:, 0] == pytest.approx(alone.renege)
    assert both.renege[:, 1] == pytest.approx(alone.renege)


def test_project_p1() -> None:
    rates = Rates(
        renege=np.array(
            [0.37640166060088, -2.06558994698596, -4.2180808626746, -4.25999018821329, -4.32030318523386]
        ),
        capacity=np.array(
            [0.5196652828326, 2.55465828915496, 4.3484007188955, 4.38332515684441, 4.43358598769489]
        ),
    )
    found = project(
        np.array([327, 379, 449, 400]),
        np.array([410, 436, 432, 465]),
        np.array([115, 103, 197, 185, 189]),
        rates,
    )
    treated = [20.04122796, 27.63423362, 42.12923285, 81.22443171, 155.9708739]
    waiting = [235.6340912, 324.9086103, 495.333096, 954.9936354, 1833.822517]
    assert found.treatments[0] == pytest.approx(treated, rel=1e-8)
    assert found.waiting[0] == pytest.approx(waiting, rel=1e-8)


def test_redistribute_none_and_long() -> None:
    inflow, reneges, treatments = [11, 20, 20, 12, 16], [6, 7, 7, 9, 9], [9, 9, 9, 2, 7]
    left = np.array(inflow) - reneges - treatments
    assert left.tolist() == [-4, 4, 4, 1, 0]
    assert longest_first(left).tolist() == [0, 4, 1, 0, 0]


def test_what_nobody_is_left_to_take_stays_negative_in_proportion() -> None:
    # 6 spare, 3 wait: the 3 left over were found at two and one to one
    assert longest_first(np.array([-4, 3, -2])).tolist() == [-2, 0, -1]


def test_hist_1() -> None:
    # 50 of 100, of which 20 wait under two months: (50 - 20) / 80 into the third
    assert percentile_wait(np.array([10, 10, 80]), 0.5) == pytest.approx(2.375)


def test_a_still_list_nearly_stands_still() -> None:
    # its months waited are not the package's steady state to the last patient: within a twentieth in a month
    history = still((1000,))
    listed, within = held_flows(history, 6)
    assert listed.shape == (6, 1)
    assert listed[0, 0] == pytest.approx(history.incomplete[-1].sum(), rel=0.05)
    assert within[0, 0] == pytest.approx(history.incomplete[-1, 0, :18].sum(), rel=0.05)
