"""Errors of forecasts, by hand."""

import numpy as np
import pytest

from models.forecast_errors import bias, coverage, grouped, list_error, share_error

pytestmark = pytest.mark.unit

FORECAST, ACTUAL = np.array([110.0, 180.0, 0.0]), np.array([100.0, 200.0, 0.0])


def test_list_error_and_bias() -> None:
    assert list_error(FORECAST, ACTUAL) == pytest.approx(30 / 300)
    assert bias(FORECAST, ACTUAL) == pytest.approx(-10 / 300)


def test_share_error_weighs_by_the_published_list() -> None:
    # 55 / 110 against 60 / 100: 10 points; 90 / 180 against 100 / 200: none; an empty list has no weight
    found = share_error(np.array([55.0, 90.0, 0.0]), FORECAST, np.array([60.0, 100.0, 0.0]), ACTUAL)
    assert found == pytest.approx(10 * 100 / 300)


def test_coverage_counts_its_ends() -> None:
    assert coverage(np.array([1, 3, 5]), np.array([2, 4, 6]), np.array([2, 3, 7])) == pytest.approx(2 / 3)


def test_groups_are_summed() -> None:
    assert grouped(ACTUAL, np.array([1, 0, 1])).tolist() == [200, 100]


def test_nothing_published_is_no_error_at_all() -> None:
    assert np.isnan(list_error(np.zeros(0), np.zeros(0)))
