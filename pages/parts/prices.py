"""The planner's prices, as they are asked for on the pages."""

from collections.abc import Callable

import streamlit as st

from models.outcomes.cost import DEAREST, ITEMS, Prices, cost_of
from models.scenarios.scenario import Scenario

_GIVEN = "prices_given"  # of this session, so that a price is given once


def price_input(name: str, price: float | None, key: str, changed: Callable[[], None]) -> None:
    """Draw the field of one item's price, pounds, showing `price`; `changed` is called once it is another."""
    st.session_state[key] = price
    item = ITEMS[name]
    st.number_input(
        f"{item.label}, £ a {item.unit}",
        0.0,
        float(DEAREST),
        None,
        10.0,
        format="%.0f",
        key=key,
        on_change=changed,
        placeholder="No price",
    )


def choose_prices(scenario: Scenario, month: str, weeks: int, key: str) -> Prices:
    """Draw a field for each item that the scenario adds, and give the session's prices of these."""
    added = cost_of(scenario, Prices(), month, weeks).amounts
    given: dict[str, float | None] = st.session_state.setdefault(_GIVEN, {})
    if added:
        st.caption(
            "Give your prices, and what it costs stands in the files. Tandem has none of its own; leave them "
            "blank and no cost is said."
        )
    for name in added:

        def follow(name: str = name) -> None:
            given[name] = st.session_state[f"{key}_price_{name}"]

        price_input(name, given.get(name), f"{key}_price_{name}", follow)
    return Prices(**{name: given.get(name) for name in added})
