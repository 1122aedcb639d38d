"""What scenarios cost beside the long waits that they avoid: sums by hand, or none."""

import pytest

from models.outcomes.cost import Prices
from sim.reports.costs import COUNTED, cost_message, cost_sheet
from tests.sim.reports.test_comparison_report import TWO

pytestmark = pytest.mark.unit


def test_each_scenario_is_said_with_its_cost_and_its_staff_sessions() -> None:
    said = cost_message(TWO, Prices(clinic=900))
    # ten clinics in each of 20 weeks; those over 52 weeks rise, so that no wait is avoided
    assert said.points == (
        "Clinics: It would cost £180,000 over the run; there is no clear fall in those over 52 weeks to hold "
        "it against. It takes 200 staff sessions over the run, 10 a week at most.",
        "Virtual: It adds nothing that is priced here.",
    )
    assert said.notes == ("Prices: extra clinic sessions £900 each.", COUNTED)
    (alone,) = cost_message(TWO[:1], Prices(clinic=900)).points
    assert alone.startswith("It would cost £180,000")


def test_without_its_price_a_scenario_has_no_cost_in_the_table() -> None:
    clinics, _ = cost_sheet(TWO, Prices(theatre=100)).frame.to_dict("records")
    assert clinics["Staff sessions"] == 200
    assert clinics["Cost, pounds"] is None or clinics["Cost, pounds"] != clinics["Cost, pounds"]
