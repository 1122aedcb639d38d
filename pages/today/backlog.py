"""Backlog: how many wait in a board, how long, how that has moved, and where the pressure is."""

import streamlit as st

from data.returns import list_history, lists
from data.returns.history import history
from models.queueing.theory import FACTOR
from models.rtt import list_statements, pressure
from models.rtt.months import month_label
from models.rtt.organisations import ENGLAND
from models.rtt.waiting_list import STANDARD_WEEKS, WaitingList
from pages.parts.scope import board_names, choose_board, choose_month, choose_one
from pages.parts.store import shared_store
from pages.today import charts, pressure_table

store = shared_store()
selectors = st.grid(5, min_column_width=180)
first, second = selectors.cell(column_span=2), selectors.cell()
with second:
    month = choose_month(store)
with first:
    board = choose_board(store, month)
with selectors:
    returns = history(store, board, until=month, months=1)
    held = lists.by_provider(store, board, month)
    provider_names = pressure.provider_names(dict(zip(held["provider"], held["name"], strict=True)))
    function_names = pressure.function_names()
    weeks = returns.incomplete[-1]
    functions = pressure.ranked(returns.treatment_functions, weeks, function_names)
    providers = pressure.ranked(returns.providers, weeks, provider_names)
    function = choose_one("function", "Treatment function", {c: function_names[c] for c in functions["code"]})
    provider = choose_one("provider", "Provider", {c: provider_names[c] for c in providers["code"]})

here = WaitingList(lists.profile(store, board, month, provider=provider, treatment_function=function))
function_name = function_names[function] if function else ""
place = list_statements.place_words(
    board_names(store, month)[board], function_name, provider_names[provider] if provider else ""
)
st.markdown(f"## {list_statements.answer(place, here)}")
england = None
if board != ENGLAND or provider:
    england = WaitingList(lists.profile(store, ENGLAND, month, treatment_function=function))
    st.markdown(list_statements.beside(england, here, function_name))
st.caption(
    f"Published waiting list at the end of {month_label(month)}: consultant-led pathways from referral to "
    "treatment"
    + (
        ", without those commissioned outside England."
        if board == ENGLAND
        else ", at the providers whose parent is this board, whoever commissions them. England leaves out "
        "those commissioned outside England."
    )
)
if st.button("What if …?", type="primary", help="Try a change on this board in the scenario lab"):
    st.switch_page("pages/what_if/scenario_lab.py", query_params={"board": board})

months = list_history.months_of(store, board, function, provider)
gaps, smaller = list_history.gaps_in(store, board, provider)
with st.grid(2, min_column_width=380):
    with st.container():
        charts.show_waiting(months, gaps)
    with st.container():
        charts.show_share(months, list_history.months_of(store, ENGLAND, function) if england else None)
if not gaps.empty:
    st.caption(list_statements.gap_notes(gaps, smaller))
charts.show_profile(here)

st.markdown("### Where the pressure is")
st.caption(
    f"Pressure is {FACTOR / 2:g} × the mean weeks waited so far ÷ {STANDARD_WEEKS} (Fong and others, 2022). "
    f"At 0.5 a list meets the standard with ease; at 1 the mean is {STANDARD_WEEKS / 2:g} weeks, at 2 it is "
    f"{STANDARD_WEEKS}."
)
pressure_table.show_heat_table(returns, functions, providers)

ranking = st.segmented_control(
    "Ranked by pressure",
    ["Treatment functions", "Providers"],
    default="Treatment functions",
    required=True,
    label_visibility="collapsed",
    key="ranking",
)
if ranking == "Providers":
    chosen = returns.treatment_functions == (function or returns.treatment_functions)
    pressure_table.show_ranking(
        pressure.ranked(returns.providers[chosen], weeks[chosen], provider_names), "Provider", "provider"
    )
else:
    chosen = returns.providers == (provider or returns.providers)
    pressure_table.show_ranking(
        pressure.ranked(returns.treatment_functions[chosen], weeks[chosen], function_names),
        "Treatment function",
        "function",
    )
