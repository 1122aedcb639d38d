"""Expected waits held against what came, on lists that stand still: what was predicted comes."""

import numpy as np
import pytest

from models.waits import wait_errors as record
from tests.models.histories import silent, still

pytestmark = pytest.mark.unit


def test_what_stands_still_comes_as_predicted() -> None:
    history = still((50_000, 20_000), functions=("C_110", "C_130"))
    months = record.origins(history.months)
    # thirteen months: three before an origin, and seven after it
    assert months == ["2024-11", "2024-12", "2025-01"]
    errors = record.wait_errors([each for month in months for each in record.follow(history, month)])
    referred = [each for each in errors if each.kind == record.REFERRALS]
    waiting = [each for each in errors if each.kind == record.LIST]
    assert [each.weeks for each in referred] == [8, 13, 18, 26]
    assert [each.weeks for each in waiting] == [8, 18, 26, 40]
    # 70,000 x 1.02 x 4.348 weeks = 310,448 clock starts a month, three months
    assert referred[0].patients == pytest.approx(931_344, rel=0.001)
    # as many clocks start in December and January, of 31 days, as in February, of 28: of 72% still waiting
    # after 8 weeks 2% too many are found twice and 8% too few once, 1.3 + 1.3 + 5.8 points over three months
    assert referred[0].error == pytest.approx(2.8, abs=0.2)
    # those who wait are found again whatever the month's length, but for the 13.0 to 13.1 weeks of a quarter
    assert max(each.error for each in waiting) < 0.5
    assert all(abs(each.bias) <= each.error + 1e-9 for each in errors)
    # 0.96^8 = 72% of the stops too are over 8 weeks: here they tell as much
    assert referred[0].completed == pytest.approx(referred[0].error, abs=0.5)


def test_clock_stops_tell_too_little_where_the_long_waits_stop_late() -> None:
    history = still((50_000,))
    # the list moves as before, but nobody stops within 13 weeks: all wait longer, if stops are asked
    quiet = history.non_admitted.copy()
    quiet[:, :, :13] = 0
    changed = type(history)(**{**vars(history), "non_admitted": quiet, "admitted": quiet // 4})
    errors = record.wait_errors(record.follow(changed, "2024-11"))
    # still waiting after 8 weeks: 0.96^8 = 72%, times 31 / 30.44 for a December of 31 days; of the stops all
    assert errors[0].completed == pytest.approx(26.5, abs=0.5)


def test_a_list_with_a_gap_is_left_out() -> None:
    history = silent(still((50_000, 50_000)), 1, [9])
    referred, waiting = record.follow(history, "2025-01")
    assert referred.predicted.shape == (4, 1)
    assert waiting.patients.shape == (4, 1)
    # those who had waited 6 to 10 weeks: 50,000 x (0.96^6 + ... + 0.96^9)
    expected = np.rint(50_000 * 0.96 ** np.arange(6, 10)).sum()
    assert waiting.patients[0] == pytest.approx([expected], rel=0.01)


def test_the_sentence() -> None:
    errors = [
        record.WaitError(record.REFERRALS, weeks, 7, 1000, error, completed, 0.0)
        for weeks, error, completed in ((8, 7.4, 10.6), (13, 7.2, 10.2), (26, 6.0, 7.9))
    ]
    assert record.errors_said(errors) == (
        "In 7 months held against what came, the share still waiting 8 to 26 weeks after a referral was "
        "missed by 6.0 to 7.4 points on average over patients; reading it off the month's clock stops missed "
        "by 7.9 to 10.6."
    )
