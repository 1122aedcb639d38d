"""What scenarios cost at the planner's own prices, on the Compare page."""

from collections.abc import Callable, Sequence

import streamlit as st

from models.cost import DEAREST, ITEMS, Prices
from models.cost import pounds as in_pounds
from sim.compared_takeaway import cost_sheet, costs_said
from sim.side_by_side import Column


def show_costs(columns: Sequence[Column], prices: Prices, changed: Callable[[Prices], None]) -> None:
    """Draw the prices to give and, where any is given, the cost of each scenario.

    `changed` takes new prices, from a callback.
    """
    st.caption(
        "Prices are yours: Tandem has none. A cost is what a scenario adds, as planned; nothing that it "
        "saves is set against it."
    )
    given = prices.given()
    for name in ITEMS:
        st.session_state[f"compare_price_{name}"] = given.get(name)

    def follow() -> None:
        changed(Prices(**{name: st.session_state[f"compare_price_{name}"] for name in ITEMS}))

    with st.grid(len(ITEMS), min_column_width=190):
        for name, item in ITEMS.items():
            st.number_input(
                f"{item.label}, £ a {item.unit}", 0.0, float(DEAREST), None, 10.0, format="%.0f",
                key=f"compare_price_{name}", on_change=follow, placeholder="No price",
            )  # fmt: skip
    if not given:
        st.info("Give a price for what your scenarios add, and their costs stand here and in the files.")
        return
    for column in columns:
        st.markdown(f"**{column.title}**: {costs_said(column, prices)}")
    table = cost_sheet(columns, prices).frame
    money = [name for name in table.columns if "ounds" in name]
    table[money] = table[money].map(lambda value: "" if value != value or value is None else in_pounds(value))
    st.dataframe(table, hide_index=True, alt="Table: what each scenario adds and what it costs")
