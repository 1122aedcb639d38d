"""The sentences say the right number, the right way round, in as many figures as a forecast is worth."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.statements import (
    Change,
    Interval,
    admission_answer,
    baseline_answer,
    baseline_over,
    baseline_share,
    count,
    gainer_answer,
    list_answer,
    list_context,
    loser_answer,
    over_answer,
    percent,
    reach_answer,
    rounded,
    share_answer,
)

pytestmark = pytest.mark.unit

LOWER = Interval(-4709.6, -5266.2, -4249.4)
HIGHER = Interval(10266.9, 9721.8, 10906.7)
EITHER = Interval(-341.9, -1203.0, 302.0)
NOTHING = Interval(0.0, 0.0, 0.0)
changes = st.floats(-1e7, 1e7)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (4709.6, 4710),
        (-4709.6, -4710),
        (99.5, 100),
        (999.4, 999),
        (999.5, 1000),
        (0.4, 0),
        (0.5, 1),
        (7_367_836, 7_370_000),
        (112_685, 113_000),
        (1005.0, 1010),
        (-0.2, 0),
    ],
)
def test_rounds_to_three_figures_and_whole_patients(value, expected):
    assert rounded(value) == expected


@given(st.floats(-1e8, 1e8))
def test_rounding_moves_a_number_by_half_a_percent_or_half_a_patient_at_most(value):
    # the third figure's step is at most 1/100 of the number, so half of it at most 0.5%
    assert abs(rounded(value) - value) <= max(0.5, 0.005 * abs(value)) * (1 + 1e-9)
    assert len(str(abs(rounded(value))).rstrip("0")) <= 3


def test_a_lower_list_says_how_much_with_the_smaller_end_first():
    assert list_answer(LOWER, "August 2027") == (
        "By August 2027 the list would be 4,710 lower (80%: 4,250 to 5,270) than if nothing changed."
    )


def test_a_higher_list_says_so():
    assert list_answer(HIGHER, "August 2027") == (
        "By August 2027 the list would be 10,300 higher (80%: 9,720 to 10,900) than if nothing changed."
    )


def test_an_interval_around_zero_is_no_clear_difference():
    assert list_answer(EITHER, "March 2028") == (
        "By March 2028 there would be no clear difference in the list (80%: 1,200 lower to 302 higher)."
    )
    assert list_answer(Interval(-5, -20, 0.2), "May 2027").endswith("(80%: 20 lower to none).")


def test_no_difference_at_all_is_the_same():
    assert list_answer(NOTHING, "May 2027") == "By May 2027 the list would be the same as if nothing changed."


@given(changes, changes, changes)
def test_a_direction_is_claimed_only_where_the_whole_band_agrees(mean, one, other):
    change = Interval(mean, min(one, other), max(one, other))
    said = list_answer(change, "May 2027")
    claimed = re.search(r"be [\d,]+ (lower|higher) \(", said)
    if claimed:
        signs = {value > 0 for value in (change.mean, change.lower, change.upper)}
        assert signs == {claimed[1] == "higher"}
    else:
        assert "no clear difference" in said or "the same" in said


@given(changes, changes, changes)
def test_no_sentence_holds_a_part_of_a_patient(mean, one, other):
    change = Interval(mean, min(one, other), max(one, other))
    for said in (
        list_answer(change, "May 2027"),
        over_answer(change, abs(mean)),
        admission_answer(change, mean, one),
        loser_answer([Change("Urology", change)]),
    ):
        assert not re.search(r"\d\.\d", said)


def test_the_share_is_told_in_points_with_the_standard():
    change = Interval(0.56, 0.17, 0.80)
    assert share_answer(change, 52.12, 54.3) == (
        "52.1% would be within 18 weeks, 0.6 points more (80%: 0.2 to 0.8) than if nothing changed; now it "
        "is 54.3%. The standard is 92%."
    )
    assert "1.1 points less (80%: 0.9 to 1.3)" in share_answer(Interval(-1.1, -1.3, -0.9), 50.0, 54.3)
    assert "no clear difference from if nothing changed (80%: −0.2 to +0.8 points)" in share_answer(
        Interval(0.3, -0.2, 0.8), 50.0, 54.3
    )
    assert "(80%: 0.0 to +0.8 points)" in share_answer(Interval(0.3, 0.02, 0.8), 50.0, 54.3)


def test_long_waits_are_fewer_or_more():
    assert over_answer(Interval(-341.9, -648.4, -122.1), 5908.5) == (
        "5,910 would have waited over 52 weeks: 342 fewer (80%: 122 to 648) than if nothing changed."
    )
    assert over_answer(EITHER, 5908.5).endswith("no clear difference (80%: 1,200 fewer to 302 more).")
    assert over_answer(NOTHING, 12, weeks=65) == (
        "12 would have waited over 65 weeks, as many as if nothing changed."
    )


def test_more_waiting_for_admission_comes_with_its_cause():
    change = Interval(2425.9, 1975.4, 2821.9)
    assert admission_answer(change, 2610.0, 170.4) == (
        "2,430 more (80%: 1,980 to 2,820) would be waiting for admission, because 2,610 more decisions to "
        "admit meet only 170 more admissions."
    )
    assert "meet only 1 more admission." in admission_answer(change, 2610.0, 1.2)
    assert "meet no more admissions." in admission_answer(change, 2610.0, -3.0)


def test_a_cause_is_named_only_where_it_is_one():
    # fewer wait, or decisions to admit did not rise above admissions: nothing to explain
    assert admission_answer(Interval(-1652, -1907, -1406), 3000, 4000) == (
        "1,650 fewer (80%: 1,410 to 1,910) would be waiting for admission."
    )
    assert "because" not in admission_answer(Interval(500, 400, 600), 10, 20)
    assert "because" not in admission_answer(Interval(500, 400, 600), -10, -600)
    assert admission_answer(NOTHING, 0, 0).startswith("As many would be")


def test_losers_come_worst_first_and_unclear_ones_are_left_out():
    found = [
        Change("Urology", Interval(120, 80, 160)),
        Change("Cardiology", Interval(-900, -1000, -800)),
        Change("Ophthalmology", Interval(340, 100, 560)),
        Change("Neurology", Interval(500, -10, 900)),
    ]
    assert loser_answer(found) == (
        "2 specialties' lists would be longer: Ophthalmology (340 more) and Urology (120 more)."
    )
    assert gainer_answer(found) == "One specialty's list would be shorter: Cardiology (900 fewer)."
    assert loser_answer(found[1:2]) == "No specialty's list would clearly be longer."
    assert gainer_answer(found[:1]) == "No specialty's list would clearly be shorter."


def test_beyond_three_the_others_are_counted():
    found = [
        Change(name, Interval(-size, -size, -size)) for name, size in (("A", 5), ("B", 4), ("C", 3), ("D", 2))
    ]
    assert gainer_answer(found) == (
        "4 specialties' lists would be shorter: A (5 fewer), B (4 fewer), C (3 fewer) and 1 other."
    )


def test_a_target_out_of_reach_says_what_binds():
    assert reach_answer("appointments", 70, 35.6, in_full=True) == (
        "70% of appointments virtual is asked for; 36% is what the ceilings of the specialties, and the "
        "patients who cannot use video or telephone, allow."
    )
    assert "not come in fully" in reach_answer("follow-ups", 70, 30, in_full=False)
    # within a point of what was asked counts as reached
    assert (
        reach_answer("follow-ups", 25, 24.2, in_full=True)
        == "25% of follow-ups virtual is asked for, and reached."
    )


def test_the_baseline_answers_for_itself():
    end, rise = Interval(114_628, 107_900, 121_400), Interval(1943, -4785, 8715)
    assert baseline_answer(end, rise, "August 2027") == (
        "If nothing changed, 115,000 would be waiting in August 2027 (80%: 108,000 to 121,000): no clear "
        "difference from now (80%: 4,790 fewer to 8,720 more)."
    )
    assert baseline_answer(end, Interval(1943, 100, 8715), "August 2027").endswith(": 1,940 more than now.")
    assert baseline_share(Interval(51.56, 50.1, 53.0), 54.3) == (
        "51.6% (80%: 50.1% to 53%) would be within 18 weeks, against 54.3% now. The standard is 92%."
    )
    assert baseline_over(Interval(6250.4, 5700, 6800), 3409) == (
        "6,250 (80%: 5,700 to 6,800) would have waited over 52 weeks, against 3,409 now."
    )


def test_the_context_holds_the_published_list_exactly():
    said = list_context(112_685, Interval(109_918, 103_000, 116_000), Interval(114_628, 107_900, 121_400))
    assert said == (
        "112,685 are waiting now. The list would be 110,000 (80%: 103,000 to 116,000), against 115,000 "
        "(80%: 108,000 to 121,000) if nothing changed."
    )


def test_counts_and_percents_are_said_plainly():
    assert count(-1234.5) == "1,230"
    assert percent(92.0) == "92%"
    assert percent(52.12) == "52.1%"
