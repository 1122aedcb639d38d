import math
from typing import Any, TypeAlias

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from models.errors import TandemError
from models.rtt.waiting_list import (
    BANDS,
    STANDARD,
    STANDARDS,
    WaitingList,
    counts_by_standard,
    is_at_least,
    mean_wait,
    median,
    over,
    percentile,
    share_within,
    total,
    within,
)

pytestmark = pytest.mark.unit

Bands: TypeAlias = NDArray[np.int64]

lists = arrays(np.int64, BANDS, elements=st.integers(0, 5000))
filled = lists.filter(lambda bands: bands.sum() > 0)
shares = st.floats(0, 1)


def banded(**counts: int) -> Bands:
    """One list from named bands: banded(b0=10, b104=3)."""
    bands = np.zeros(BANDS, dtype=np.int64)
    for name, count in counts.items():
        bands[int(name[1:])] = count
    return bands


def test_counts_part_at_the_standards() -> None:
    # bands 17 and 18 stand either side of 18 weeks, 51 and 52 either side of a year
    waiting = WaitingList(banded(b0=100, b17=50, b18=30, b51=10, b52=5, b64=1, b65=2, b78=3, b104=4))
    assert waiting.total == 205  # 100 + 50 + 30 + 10 + 5 + 1 + 2 + 3 + 4
    assert waiting.within() == 150  # bands 0 and 17
    assert waiting.within(52) == 190  # and 18 and 51
    assert waiting.share_within() == pytest.approx(150 / 205)
    assert waiting.standards == {
        "total": 205,
        "within_18": 150,
        "over_52": 15,  # 5 + 1 + 2 + 3 + 4
        "over_65": 9,  # 2 + 3 + 4
        "over_78": 7,  # 3 + 4
        "over_104": 4,
    }


def test_an_even_list_has_its_percentiles_at_their_weeks() -> None:
    waiting = WaitingList(np.where(np.arange(BANDS) < 100, 10, 0))
    assert waiting.median == pytest.approx(50.0)  # 500 of 1,000 are in bands 0 to 49
    assert waiting.percentile(0.92) == pytest.approx(92.0)
    assert waiting.percentile(0.925) == pytest.approx(92.5)  # 925 = 920 + half of band 92
    assert waiting.mean == pytest.approx(50.0)  # middles 0.5 to 99.5
    assert waiting.percentile(0) == 0
    assert waiting.percentile(1) == 100


def test_the_percentile_is_linear_within_a_band_known_answer_hist_1() -> None:
    # half of 10 + 10 + 80 is 50: 20 below band 2, then 30 of its 80: 2.375
    assert WaitingList(banded(b0=10, b1=10, b2=80)).percentile(0.5) == pytest.approx(2.375, rel=1e-6)


def test_a_percentile_in_the_open_band_is_104_or_more() -> None:
    waiting = WaitingList(banded(b10=90, b104=10))
    assert waiting.percentile(0.92) == 104.0
    assert waiting.is_at_least(0.92)
    assert waiting.percentile(0.5) == pytest.approx(10 + 50 / 90)
    assert not waiting.is_at_least(0.5)
    # 104 may also be the closed end of band 103
    closed = WaitingList(banded(b103=10))
    assert closed.percentile(1) == 104.0
    assert not closed.is_at_least(1)


def test_the_open_band_counts_as_104_and_a_half_in_the_mean() -> None:
    assert WaitingList(banded(b0=1, b104=1)).mean == pytest.approx(52.5)  # (0.5 + 104.5) / 2


def test_a_percentile_skips_weeks_in_which_nobody_waits() -> None:
    waiting = WaitingList(banded(b3=50, b20=50))
    assert waiting.percentile(0.5) == pytest.approx(4.0)  # the end of band 3
    assert waiting.percentile(0) == 3.0  # the shortest wait may be 3 weeks
    # 0.07 x 100 = 7.000000000000001 in binary: still the end of the band that holds 7
    assert WaitingList(banded(b1=7, b50=93)).percentile(0.07) == pytest.approx(2.0)


def test_an_empty_list_has_no_share_and_no_wait() -> None:
    empty = WaitingList(np.zeros(BANDS, dtype=int))
    assert empty.total == 0
    assert math.isnan(empty.share_within())
    assert math.isnan(empty.median)
    assert math.isnan(empty.mean)
    assert not empty.is_at_least()


def test_the_standards_are_those_of_the_targets() -> None:
    assert [(each.weeks, each.share, each.month) for each in STANDARDS] == [
        (18, 0.92, None),
        (18, 0.65, "2026-03"),
        (18, 0.92, "2029-03"),
    ]
    assert WaitingList(banded(b0=92, b18=8)).meets()
    assert not WaitingList(banded(b0=919, b18=81)).meets(STANDARD)  # 91.9%
    assert WaitingList(banded(b0=65, b18=35)).meets(STANDARDS[1])


@given(filled, shares, shares)
def test_percentiles_rise_with_the_share_and_stay_on_the_scale(bands: Bands, p: float, q: float) -> None:
    low, high = percentile(bands, min(p, q)), percentile(bands, max(p, q))
    assert 0 <= low <= high <= 104


@given(filled, shares)
def test_the_percentile_leaves_that_share_below_it(bands: Bands, share: float) -> None:
    wait = float(percentile(bands, share))
    whole = int(wait)
    assert within(bands, whole) <= share * total(bands) + 1e-6
    if whole < 104:
        assert within(bands, whole + 1) >= share * total(bands) - 1e-6


@given(lists, st.integers(0, 104))
def test_within_and_over_part_the_list(bands: Bands, weeks: int) -> None:
    assert within(bands, weeks) + over(bands, weeks) == total(bands) == WaitingList(bands).total


@given(lists, lists)
def test_adding_patients_never_lowers_a_count(bands: Bands, more: Bands) -> None:
    for before, after in zip(
        counts_by_standard(bands).values(), counts_by_standard(bands + more).values(), strict=True
    ):
        assert after >= before


@given(filled)
def test_waiting_a_week_longer_adds_a_week_to_the_mean(bands: Bands) -> None:
    bands[-2:] = 0  # so that nobody enters the open band, whose mean is a bound
    later = np.roll(bands, 1)
    assert mean_wait(later) == pytest.approx(mean_wait(bands) + 1, nan_ok=True)
    assert median(later) == pytest.approx(median(bands) + 1, nan_ok=True)


@given(arrays(np.int64, (3, 4, BANDS), elements=st.integers(0, 50)))
def test_a_table_of_lists_is_answered_list_by_list(bands: Bands) -> None:
    tables = (
        total(bands),
        share_within(bands),
        percentile(bands, 0.92),
        mean_wait(bands),
        is_at_least(bands),
    )
    assert all(each.shape == (3, 4) for each in tables)
    one = WaitingList(bands[1, 2])
    expected = (one.total, one.share_within(), one.percentile(), one.mean, one.is_at_least())
    for table, value in zip(tables, expected, strict=True):
        assert table[1, 2] == pytest.approx(value, nan_ok=True)


def test_fractional_counts_are_taken_over_tables() -> None:
    # means over replications: 1.5 + 0.5 = 2, of them 1.5 within 18 weeks
    bands = np.zeros((1, BANDS))
    bands[0, [0, 30]] = [1.5, 0.5]
    assert share_within(bands) == pytest.approx([0.75])


def test_a_waiting_list_cannot_be_changed_and_equals_its_copy() -> None:
    given_bands = banded(b0=3)
    waiting = WaitingList(given_bands)
    given_bands[0] = 99
    assert waiting.total == 3
    with pytest.raises(ValueError, match="read-only"):
        waiting.weeks[0] = 1
    assert waiting == WaitingList(np.asarray(banded(b0=3), dtype=np.float64))
    assert hash(waiting) == hash(WaitingList(banded(b0=3)))
    assert waiting != WaitingList(banded(b1=3))


@pytest.mark.parametrize("weeks", [np.zeros(104), np.zeros((2, BANDS)), np.array(["1"] * BANDS)])
def test_a_list_of_the_wrong_shape_is_refused(weeks: NDArray[Any]) -> None:
    with pytest.raises(TandemError, match="needs 105 numbers"):
        WaitingList(weeks)


@pytest.mark.parametrize("count", [-1, 0.5, math.nan, math.inf])
def test_a_count_that_cannot_be_is_refused_with_its_band(count: float) -> None:
    bands = np.zeros(BANDS)
    bands[7] = count
    with pytest.raises(TandemError, match="in week band 7"):
        WaitingList(bands)


def test_bad_questions_are_refused() -> None:
    bands = banded(b0=1)
    with pytest.raises(TandemError, match="parted at 105 weeks"):
        over(bands, 105)
    with pytest.raises(TandemError, match=r"cannot be 92"):
        percentile(bands, 92)
    with pytest.raises(TandemError, match="has 105 bands"):
        total(np.zeros((105, 3)))
