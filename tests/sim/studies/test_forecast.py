"""Forecasts: month ends within weeks, means of the fluid trajectory, ranges that hold new draws."""

from dataclasses import replace

import numpy as np
import pytest

from models.errors import TandemError
from sim.studies.forecast import FORECAST_MEASURES, expected_weeks, forecast, interval
from tests.sim.clinics import board

pytestmark = pytest.mark.unit


def test_a_row_a_month_provider_and_treatment_function() -> None:
    found = forecast(board(), 2, replications=3).frame()
    assert found.columns.tolist() == [
        "month",
        "provider_code",
        "tfc",
        "incomplete_mean",
        "incomplete_lower",
        "incomplete_upper",
        "within_18_mean",
        "within_18_lower",
        "within_18_upper",
        "over_52_mean",
        "over_52_lower",
        "over_52_upper",
    ]
    assert found["month"].tolist() == ["2025-09"] * 9 + ["2025-10"] * 9
    assert not found.duplicated(["month", "provider_code", "tfc"]).any()
    for name in FORECAST_MEASURES:
        assert (found[f"{name}_lower"] <= found[f"{name}_upper"]).all()


def test_a_month_that_ends_within_a_week_lies_between_its_ends() -> None:
    # Sunday 31 August 2025: week 0 is 1 to 7 September; 30 September is the Tuesday of week 4, 2 of 5 days on
    calibration = board()
    weeks = expected_weeks(calibration, 5)
    found = forecast(calibration, 1, replications=2)
    assert found.mean[0] == pytest.approx(weeks[3] + 0.4 * (weeks[4] - weeks[3]))


def test_a_month_that_ends_before_its_first_monday_starts_from_the_list() -> None:
    # 28 February 2025 is a Friday, week 0 is 3 to 9 March; 31 March is the Monday of week 4: a fifth of it
    calibration = board(data_month="2025-02")
    weeks = expected_weeks(calibration, 5)
    assert forecast(calibration, 1, replications=2).mean[0] == pytest.approx(
        weeks[3] + 0.2 * (weeks[4] - weeks[3])
    )


def test_draws_are_about_the_mean() -> None:
    found = forecast(board(), 3, replications=20)
    lists = found.draws[..., 0].mean(axis=0)
    assert lists == pytest.approx(found.mean[..., 0], rel=1e-3)
    lower, upper = found.bounds()
    assert (lower[..., 0] < found.mean[..., 0]).all()
    assert (upper[..., 0] > found.mean[..., 0]).all()


def test_a_range_of_few_draws_holds_eight_in_ten_new_ones() -> None:
    # of 19 draws the second and the 18th: a new one falls between them 16 times in 20
    lower, upper = interval(np.arange(19.0))
    assert (lower, upper) == pytest.approx((1.0, 17.0))
    draw = np.random.default_rng(3)
    lower, upper = interval(draw.normal(size=(19, 20_000)))
    new = draw.normal(size=20_000)
    # standard error sqrt(0.8 x 0.2 / 20,000) = 0.3%
    assert ((new >= lower) & (new <= upper)).mean() == pytest.approx(0.8, abs=0.012)


def test_the_pace_of_capacity_moves_the_mean() -> None:
    slow = replace(board(), pace=np.full((9, 30), 0.9))
    assert (expected_weeks(slow, 20)[-1, :, 0] > expected_weeks(board(), 20)[-1, :, 0]).all()


@pytest.mark.parametrize("horizon", [0, -1, 37])
def test_a_horizon_out_of_range_is_refused(horizon: int) -> None:
    with pytest.raises(TandemError, match=f"{horizon} months") as fault:
        forecast(board(), horizon)
    assert "1 to 36" in fault.value.remedy
