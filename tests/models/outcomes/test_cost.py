"""What a scenario adds and costs, against sums done by hand."""

import pytest

from models.errors import TandemError
from models.outcomes.cost import (
    Cost,
    Prices,
    cost_of,
    cost_said,
    for_each_avoided,
    read_prices,
    sessions_said,
)
from models.scenarios.presets import preset
from models.scenarios.scenario import read_scenario
from models.statements import Interval

pytestmark = pytest.mark.unit

MONTH, WEEKS = "2025-08", 10
SCENARIO = read_scenario(
    {
        "name": "priced",
        "levers": [
            {"lever": "extra_sessions", "clinics": 20, "theatre_slots": 6, "starts": "+2w", "ends": "+8w"},
            {"lever": "independent_sector", "slots": 10},
            {"lever": "emeritus_consultants", "sessions": 5, "starts": "+6w"},
        ],
    }
)
PRICES = Prices(clinic=1000, theatre=3000, independent=2000, emeritus=500)


def test_what_is_added_is_counted_from_each_levers_start_to_its_end() -> None:
    cost = cost_of(SCENARIO, PRICES, MONTH, WEEKS)
    # 6 weeks of 20 clinics and 6 slots, 10 weeks of 10 patients, 4 weeks of 5 sessions
    assert dict(cost.amounts) == {"clinic": 120, "theatre": 36, "independent": 100, "emeritus": 20}
    assert cost.pounds == 120 * 1000 + 36 * 3000 + 100 * 2000 + 20 * 500
    assert cost.sessions == 120 + 20
    assert cost.sessions_a_week == 20 + 5  # weeks 6 and 7 have both


def test_without_a_price_for_all_that_is_added_there_is_no_cost() -> None:
    cost = cost_of(SCENARIO, Prices(clinic=1000), MONTH, WEEKS)
    assert cost.pounds is None
    assert cost.unpriced == ("Extra theatre slots", "Independent-sector slots", "Emeritus sessions")
    assert cost_said(cost, Interval(-100, -120, -80)).startswith("No cost: extra theatre slots, ")


def test_a_scenario_that_adds_nothing_says_so() -> None:
    cost = cost_of(preset("virtual-70"), PRICES, MONTH, WEEKS)
    assert not cost.amounts
    assert cost_said(cost, Interval(-100, -120, -80)) == "It adds nothing that is priced here."


def test_each_long_wait_avoided_costs_the_whole_over_the_fall() -> None:
    cost = cost_of(SCENARIO, PRICES, MONTH, WEEKS)  # £438,000
    fall = Interval(-100, -120, -80)
    assert for_each_avoided(cost, fall) == Interval(4380, 3650, 5475)
    assert cost_said(cost, fall) == (
        "It would cost £438,000 over the run, £4,380 for each wait over 52 weeks avoided at its end "
        "(80%: £3,650 to £5,480)."
    )


@pytest.mark.parametrize("change", [Interval(-10, -30, 5), Interval(10, 5, 30)])
def test_without_a_clear_fall_there_is_no_cost_of_each(change: Interval) -> None:
    cost = cost_of(SCENARIO, PRICES, MONTH, WEEKS)
    assert for_each_avoided(cost, change) is None
    assert "no clear fall in those over 52 weeks" in cost_said(cost, change)


def test_nothing_priced_has_no_cost_of_each() -> None:
    assert for_each_avoided(Cost({}, 0, 0, ()), Interval(-3, -4, -2)) is None


@pytest.mark.parametrize("price", [-1, 1e9, float("nan")])
def test_a_price_out_of_range_is_refused_by_name(price: float) -> None:
    with pytest.raises(TandemError, match="extra clinic sessions"):
        Prices(clinic=price)


def test_prices_are_read_item_by_item() -> None:
    assert read_prices(["clinic=900", "emeritus=0.5"], "=") == Prices(clinic=900, emeritus=0.5)
    assert read_prices([], ":") == Prices()


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        (["clinic"], "The price 'clinic' can't be read."),
        (["clinic=much"], "The price 'clinic=much' can't be read."),
        (["clinic=nan"], "The price 'clinic=nan' can't be read."),
        (["nurse=3"], "The price 'nurse=3' can't be read."),
        (["clinic=3", "clinic=4"], "The price 'clinic=4' is given twice."),
        (["clinic=-3"], "The price of one of 'extra clinic sessions' is -3 pounds."),
    ],
)
def test_a_price_that_cannot_be_read_is_named(parts: list[str], said: str) -> None:
    with pytest.raises(TandemError) as fault:
        read_prices(parts, "=")
    assert fault.value.message == said


def test_staff_sessions_are_said_where_there_are_any() -> None:
    # 6 weeks of 20 clinics and 4 of 5 emeritus sessions; two weeks have both
    assert sessions_said(cost_of(SCENARIO, Prices(), MONTH, WEEKS)) == (
        "It takes 140 staff sessions over the run, 25 a week at most."
    )
    assert sessions_said(cost_of(preset("virtual-70"), Prices(), MONTH, WEEKS)) == ""
