"""Errors of forecasts, by hand."""

import numpy as np
import pytest

from models.calibration.forecast_errors import (
    Missed,
    PastError,
    bias,
    coverage,
    grouped,
    list_error,
    share_error,
)
from models.rtt.organisations import BOARDS, ENGLAND

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


def past(scope: str, months_ahead: int = 6, error: float = 0.031, points: float = 1.24) -> PastError:
    measures = {"incomplete": Missed(error, 0.038, 0.01), "within_18": Missed(points, 2.0, -0.5)}
    return PastError(scope, months_ahead, 5, measures | {"over_52": Missed(0.2, 0.3, 0.1)})


def test_a_boards_past_error_in_words() -> None:
    said = past("QK1").said(past(BOARDS, error=0.0349, points=1.66), 6.0)
    assert said == (
        "Six months ahead, 5 forecasts made this way have missed this board's list by 3.1% on average, where "
        "leaving it as it stood missed by 3.8%, and the share within 18 weeks by 1.2 points "
        "(all boards: 3.5% and 1.7). A lever's own effect is not in these figures."
    )


def test_beyond_what_was_held_against_it_is_said() -> None:
    assert "Nothing further ahead" not in past("QK1", 8).said(past(BOARDS, 8), 8.9)
    assert "Nothing further ahead has been held against what came." in past("QK1", 8).said(
        past(BOARDS, 8), 24
    )


@pytest.mark.parametrize(
    ("scope", "whose"), [(ENGLAND, "England's list by"), (BOARDS, "all boards' lists by")]
)
def test_other_scopes_have_no_boards_beside_them(scope: str, whose: str) -> None:
    said = past(scope, 1).said(past(BOARDS), 1)
    assert said.startswith("One month ahead, 5 forecasts")
    assert whose in said
    assert "all boards:" not in said
