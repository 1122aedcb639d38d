"""What came held against what was expected: the error, the range, and the months that count."""

from dataclasses import astuple

import pytest

from models.statements import Interval
from sim.studies.outturn import SHARE, Outturn, outturn, outturn_frame, outturn_said
from tests.sim.reports.test_side_by_side import results

pytestmark = pytest.mark.unit

RUN = results(0, 20, waiting=[1000, 1200], within_18=[500, 600], over_52=[0, 20])  # from August 2025


def row(month: str, waiting: float, within: float, over: float) -> dict[str, float]:
    return {"month": month, "waiting": waiting, "within_18": within, "over_52": over}  # type: ignore[dict-item]


def test_each_month_since_stands_beside_what_was_expected() -> None:
    came = [row("2025-08", 1, 1, 1), row("2025-09", 1000, 520, 8), row("2025-10", 1400, 700, 8)]
    found = outturn(RUN, came)
    assert [each.month for each in found["waiting"]] == ["2025-09", "2025-10"]
    # the list stands at 1,000 and 1,200 throughout: mean 1,100, 80% from 1,020 to 1,180
    october = found["waiting"][1]
    assert astuple(october.expected) == pytest.approx((1100, 1020, 1180))
    assert october.missed == -300
    assert october.error == pytest.approx(-300 / 14)
    assert not october.inside
    assert found[SHARE][0].expected.mean == pytest.approx(50)
    assert found[SHARE][0].published == 52
    assert [each.inside for each in found["over_52"]] == [True, True]


def test_months_past_the_runs_end_are_left_out() -> None:
    came = [row(f"2025-{month:02d}", 1000, 500, 5) for month in range(9, 13)]
    came += [row("2026-01", 1000, 500, 5), row("2026-02", 1000, 500, 5)]
    # 20 weeks from 1 September 2025 end on 18 January 2026
    assert [each.month for each in outturn(RUN, came)["waiting"]][-1] == "2025-12"
    assert not outturn(RUN, [row("2025-07", 1, 1, 1)])["waiting"]


def test_a_month_that_is_not_held_leaves_the_others_in_their_place() -> None:
    came = [row("2025-09", 1000, 500, 5), row("2025-11", 1100, 550, 5)]
    assert [each.month for each in outturn(RUN, came)["waiting"]] == ["2025-09", "2025-11"]


def test_the_sentences_give_the_miss_and_how_often_the_range_held() -> None:
    expected, share = Interval(1100, 1020, 1180), Interval(50, 48, 52)
    found = {
        "waiting": [Outturn("2025-09", expected, 1000), Outturn("2025-10", expected, 1150)],
        SHARE: [Outturn("2025-10", share, 52)],
    }
    first, second = outturn_said(found)
    # 1,150 published against 1,100: 50 more, 4.3% of 1,150
    assert first == (
        "1,150 were waiting in October 2025, 50 more than expected (4.3% off), inside the 80% range "
        "(1,020 to 1,180)."
    )
    # 10% and 4.3% off
    assert second == (
        "Over 2 months the list was 7.2% off on average, and inside its range in 1. "
        "52% were within 18 weeks, where 50% was expected (+2.0 points)."
    )


def test_the_table_has_a_row_a_measure_and_month() -> None:
    came = [row("2025-09", 1000, 520, 8), row("2025-10", 1400, 700, 8)]
    frame = outturn_frame(outturn(RUN, came)).set_index(["measure", "month"])
    assert len(frame) == 3 * 2
    october = frame.loc[("waiting", "2025-10")]
    assert october[["published", "expected", "lower", "upper"]].tolist() == [1400, 1100, 1020, 1180]
    assert october["expected_less_published"] == -300
    assert october["error_percent"] == pytest.approx(-21.429)  # 300 of 1,400
    assert not october["inside"]
