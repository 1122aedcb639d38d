"""Tables fitted to margins."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.calibration.proportional_fitting import raked

pytestmark = pytest.mark.unit


def test_an_even_pattern_gives_the_product_of_the_margins() -> None:
    # rows 30 and 70 of 100, columns 20% and 80%: 30 x 0.2 = 6, 30 x 0.8 = 24, 70 x 0.2 = 14, 70 x 0.8 = 56
    assert raked(np.ones((2, 2)), [30, 70], [20, 80]) == pytest.approx(np.array([[6, 24], [14, 56]]))


def test_the_pattern_is_kept() -> None:
    found = raked([[4, 1], [1, 1]], [50, 50], [50, 50])
    # margins 50: cells a, 50 - a / 50 - a, a, with the odds ratio 4 kept: a^2 / (50 - a)^2 = 4, a = 100 / 3
    assert found == pytest.approx(np.array([[100, 50], [50, 100]]) / 3, rel=1e-6)


def test_what_the_pattern_has_none_of_stays_empty_and_the_others_share() -> None:
    found = raked([[1, 0], [1, 0], [0, 0]], [10, 30, 60], [50, 50])
    # the third row and the second column can't be filled: 10 and 30 of 100 become 25 and 75
    assert found == pytest.approx(np.array([[25, 0], [75, 0], [0, 0]]))


@given(
    st.lists(st.lists(st.floats(0.1, 10), min_size=3, max_size=3), min_size=2, max_size=5),
    st.lists(st.floats(1, 100), min_size=5, max_size=5),
    st.lists(st.floats(0.1, 1), min_size=3, max_size=3),
)
def test_both_margins_hold(pattern: list[list[float]], rows: list[float], columns: list[float]) -> None:
    rows = rows[: len(pattern)]
    found = raked(pattern, rows, columns)
    assert found.sum(axis=1) == pytest.approx(rows)
    assert found.sum(axis=0) / found.sum() == pytest.approx(np.array(columns) / sum(columns), rel=1e-4)
