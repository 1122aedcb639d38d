"""The dashboard: its pages in the order a planner thinks, and the frame around each.

Started by `python run.py`, which runs `streamlit run app.py` in the project's own environment.
"""

from pathlib import Path

import streamlit as st

from models.errors import TandemError
from pages.parts.frame import WIDTH, show_fault, show_footer, spare_the_collector
from pages.parts.kernel import warm_kernel
from pages.parts.present import SLIDE
from pages.parts.store import shared_store

STATIC = Path(__file__).resolve().parent / "static"

st.set_page_config(page_title="Tandem", page_icon=str(STATIC / "tandem.svg"), layout="wide")
st.logo(str(STATIC / "wordmark.svg"), size="large", icon_image=str(STATIC / "tandem.svg"))

page = st.navigation(
    {
        "Today": [st.Page("pages/today/backlog.py", title="Backlog", default=True)],
        "What if": [
            st.Page("pages/what_if/scenario_lab.py", title="Scenario lab"),
            st.Page("pages/what_if/compare.py", title="Compare"),
            st.Page("pages/what_if/scorecard.py", title="Scorecard"),
            st.Page("pages/what_if/present.py", title="Present", visibility="hidden"),
        ],
        "Sharing capacity": [
            st.Page("pages/sharing/capacity_map.py", title="Capacity map"),
            st.Page("pages/sharing/pairing.py", title="Pairing"),
            st.Page("pages/sharing/match_preview.py", title="Match preview"),
        ],
        "Patients and practices": [
            st.Page("pages/patients/while_you_wait.py", title="While you wait"),
            st.Page("pages/patients/equity.py", title="Equity"),
        ],
        "Data and method": [
            st.Page("pages/about/data.py", title="Data"),
            st.Page("pages/about/method.py", title="Method"),
        ],
    },
    position="hidden" if SLIDE in st.query_params else "sidebar",  # a walk has the whole screen
)

warm_kernel()
with st.container(width=WIDTH):
    try:
        store = shared_store()
        page.run()
        if SLIDE not in st.query_params:
            show_footer(store)  # after the page, which may have imported a newer month
    except TandemError as fault:
        show_fault(fault)
spare_the_collector(page.url_path)
