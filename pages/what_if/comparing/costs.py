"""What scenarios cost at the planner's own prices, on the Compare page."""

from collections.abc import Callable, Sequence

import streamlit as st

from models.outcomes.cost import ITEMS, Prices
from models.outcomes.cost import pounds as in_pounds
from pages.parts.prices import price_input
from sim.reports.costs import cost_sheet, costs_said
from sim.reports.side_by_side import Column


def show_costs(columns: Sequence[Column], prices: Prices, changed: Callable[[Prices], None]) -> None:
    """Draw the prices to give and, where any is given, the cost of each scenario.

    `changed` takes new prices, from a callback.
    """
    st.caption(
        "Prices are yours: Tandem has none. A cost is of the sessions and slots that a scenario adds, as "
        "planned; not of what other levers take to bring about, and nothing that it saves is set against it."
    )
    given = prices.given()

    def follow() -> None:
        changed(Prices(**{name: st.session_state[f"compare_price_{name}"] for name in ITEMS}))

    with st.grid(len(ITEMS), min_column_width=190):
        for name in ITEMS:
            price_input(name, given.get(name), f"compare_price_{name}", follow)
    if not given:
        st.info("Give a price for what your scenarios add, and their costs stand here and in the files.")
        return
    for column in columns:
        st.markdown(f"**{column.title}**: {costs_said(column, prices)}")
    table = cost_sheet(columns, prices).frame
    money = [name for name in table.columns if "ounds" in name]
    table[money] = table[money].map(lambda value: "" if value != value or value is None else in_pounds(value))
    st.dataframe(table, hide_index=True, alt="Table: what each scenario adds and what it costs")
