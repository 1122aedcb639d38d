"""What scenarios cost at the planner's prices, held against the long waits that their runs avoid."""

from collections.abc import Sequence

import pandas as pd

from models.outcomes.cost import ITEMS, Cost, Prices, cost_of, cost_said, for_each_avoided, sessions_said
from models.reports.report import Message, Sheet
from models.scenarios.scenario import read_scenario
from sim.reports.side_by_side import OUTCOMES, Column

LONG = OUTCOMES["over_52"]
COUNTED = (
    "Counted are sessions, theatre slots and independent-sector patients that are added; not what other "
    "levers take to bring about, nor what is saved."
)


def cost_sheet(columns: Sequence[Column], prices: Prices) -> Sheet:
    """What each scenario adds over the run and what that costs, a row a scenario, pounds."""
    rows = []
    for column in columns:
        cost = _cost(column, prices)
        each = for_each_avoided(cost, column.change(LONG))
        row: dict[str, object] = {"Scenario": column.title}
        row |= {ITEMS[name].label: cost.amounts.get(name, 0.0) for name in ITEMS}
        rows.append(
            row
            | {
                "Staff sessions": cost.sessions,
                "Staff sessions a week, most": cost.sessions_a_week,
                "Cost, pounds": cost.pounds,
                "Pounds for each wait over 52 weeks avoided": None if each is None else round(each.mean),
                "Pounds for each, 80% from": None if each is None else round(each.lower),
                "Pounds for each, 80% to": None if each is None else round(each.upper),
            }
        )
    return Sheet("Costs", f"Over the whole run. Prices: {prices.said()}. {COUNTED}", pd.DataFrame(rows))


def cost_message(columns: Sequence[Column], prices: Prices) -> Message:
    """What each scenario costs and the staff sessions it takes, as one message to take away."""
    points = []
    for column in columns:
        sentences = (costs_said(column, prices), sessions_said(_cost(column, prices)))
        whose = f"{column.title}: " if len(columns) > 1 else ""
        points.append(whose + " ".join(filter(None, sentences)))
    notes = (f"Prices: {prices.said()}.", COUNTED)
    return Message(
        "What the added sessions and slots would cost, at the prices given", None, tuple(points), notes
    )


def costs_said(column: Column, prices: Prices) -> str:
    """What a scenario costs, in a sentence, with the cost of each wait over 52 weeks avoided."""
    return cost_said(_cost(column, prices), column.change(LONG))


def _cost(column: Column, prices: Prices) -> Cost:
    results = column.scenario
    return cost_of(read_scenario(results.document), prices, results.data_month, results.weeks)
