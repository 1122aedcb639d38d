"""The planner's prices: asked for only where something is added, kept for the session, never invented."""

import pytest
from streamlit.testing.v1 import AppTest

pytestmark = pytest.mark.unit


def page() -> None:
    import streamlit as st

    from models.scenarios.presets import preset
    from pages.parts.prices import choose_prices

    name = st.selectbox("Scenario", ["extra-sessions", "virtual-70", "mutual-aid"], key="which")
    prices = choose_prices(preset(name), "2025-08", 52, "lab")
    st.code(str(prices.given()))


def test_a_price_given_stays_for_the_session() -> None:
    app = AppTest.from_function(page).run()
    assert [field.label for field in app.number_input] == [
        "Extra clinic sessions, £ a session",
        "Extra theatre slots, £ a patient",
    ]
    assert app.code[0].value == "{}"
    app.number_input(key="lab_price_clinic").set_value(450.0).run()
    assert app.code[0].value == "{'clinic': 450.0}"
    app.selectbox(key="which").select("virtual-70").run()
    assert not app.number_input
    assert app.code[0].value == "{}"  # nothing that it adds has a price
    app.selectbox(key="which").select("extra-sessions").run()
    assert app.code[0].value == "{'clinic': 450.0}"
    assert app.number_input(key="lab_price_clinic").value == 450
    assert not app.exception
