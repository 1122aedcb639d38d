"""The measures of a list, and how a change in one is said."""

import pytest

from models.errors import TandemError
from models.rtt.measures import MEASURES, USUAL, measure
from models.statements import Interval

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("name", "change", "said"),
    [
        ("waiting", Interval(-4709.6, -5270, -4250), "4,710 fewer waiting (80%: 4,250 to 5,270)"),
        ("over_65", Interval(12, 8, 16), "12 more waiting over 65 weeks (80%: 8 to 16)"),
        ("waiting_admission", Interval(0, 0, 0), "as many waiting for admission"),
        (
            "over_52",
            Interval(-3, -12, 4),
            "no clear difference in those waiting over 52 weeks (80%: 12 fewer to 4 more)",
        ),
        ("share_within_18", Interval(2.14, 1.9, 2.3), "2.1 points more within 18 weeks (80%: 1.9 to 2.3)"),
        ("share_within_18", Interval(-0.4, -0.6, -0.2), "0.4 points less within 18 weeks (80%: 0.2 to 0.6)"),
        ("share_within_18", Interval(0.01, -0.02, 0.04), "the same share within 18 weeks"),
        (
            "share_within_18",
            Interval(0.1, -0.3, 0.5),
            "no clear difference in the share within 18 weeks (80%: −0.3 to +0.5 points)",
        ),
    ],
)
def test_a_change_is_said_with_its_range(name: str, change: Interval, said: str) -> None:
    assert measure(name).say_change(change) == said


def test_values_are_whole_patients_or_percent_to_a_decimal() -> None:
    assert measure("waiting").form(211031.6) == "211,032"
    assert measure("share_within_18").form(61.27) == "61.3"
    assert (measure("share_within_18").unit, measure("share_within_18").unit_of_change) == ("%", "points")


def test_a_measure_that_is_not_known_names_those_that_are() -> None:
    with pytest.raises(TandemError, match="'over_12'") as fault:
        measure("over_12")
    assert ", ".join(MEASURES) in fault.value.remedy
    assert set(USUAL) <= set(MEASURES)
