"""What stands around every page: what the figures are and to when, and how a fault is told."""

import gc

import streamlit as st

from data.database.store import Store
from data.database.version import PRODUCT_VERSION
from data.returns.lists import months
from models.errors import TandemError
from models.rtt.months import month_label

ATTRIBUTION = (
    "Contains public sector information licensed under the "
    "[Open Government Licence v3.0]"
    "(https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/)."
)
WIDTH = 1200  # pixels: wider lines of text read badly


def show_footer(store: Store) -> None:
    """Write at the foot of the navigation what month the figures end in, the version and their licence."""
    held_months = months(store)
    newest = month_label(held_months[-1]) if held_months else "no month yet"
    with st.sidebar:
        st.caption(f"Waiting lists to **{newest}**, as published by NHS England.  \nTandem {PRODUCT_VERSION}")
        st.caption(ATTRIBUTION)


def show_fault(fault: TandemError) -> None:
    """Say on the page what happened and what to do next."""
    st.header("This can't be shown")
    st.error(f"{fault.message}\n\n**What to do:** {fault.remedy}" if fault.remedy else fault.message)


@st.cache_resource(show_spinner=False)
def spare_the_collector(page: str) -> None:
    """Take what is loaded by now out of the garbage collector's rounds, once a server for each page.

    Streamlit collects after every run of a page, with all threads at rest: over the quarter of a million
    objects of the modules alone, which never become garbage, that is a tenth of a second each time.
    """
    gc.collect()
    gc.freeze()
