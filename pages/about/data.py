"""Data: what the store holds, where the returns have gaps, and how a new month comes in."""

import pandas as pd
import streamlit as st

from data.returns.status import Status, status
from models.rtt.months import month_label
from models.rtt.organisations import plain_name
from pages.about.imports import boundaries, returns, trusts
from pages.parts.frame import ATTRIBUTION
from pages.parts.store import shared_store
from pages.parts.upload import show_templates, show_upload

SOURCES = pd.DataFrame(
    [
        (
            "Waiting lists, clock stops and clock starts, by provider, commissioner and treatment function",
            "NHS England: consultant-led referral to treatment waiting times, full extracts",
        ),
        ("Providers, their boards and addresses", "NHS England returns; NHS Organisation Data Service"),
        ("Places of head offices, board boundaries, regions", "Office for National Statistics"),
    ],
    columns=["What", "Published by"],
)


def headline(holdings: Status) -> str:
    """Give what is held in a sentence."""
    months = holdings.months
    if months.empty:
        return "No month is held yet."
    newest = months.iloc[-1]
    number = "1 month is held" if len(months) == 1 else f"{len(months)} months are held"
    span = month_label(newest["month"])
    if len(months) > 1:
        span = f"{month_label(months.iloc[0]['month'])} to {span}"
    waiting = f"{newest['england_waiting']:,} pathways were waiting in England"
    return f"{number}, {span}. {waiting} at the end of {month_label(newest['month'])}."


def months_table(holdings: Status) -> pd.DataFrame:
    """Give the months held, newest first, as a planner reads them."""
    newest_first = holdings.months.iloc[::-1]
    return pd.DataFrame(
        {
            "Month": [month_label(month) for month in newest_first["month"]],
            "Waiting in England": newest_first["england_waiting"],
            "Providers": newest_first["providers"],
            "Rows of the file": newest_first["file_rows"],
            "Came": newest_first["origin"].map({"shipped": "with Tandem", "imported": "by import"}),
            "File": newest_first["file"],
        }
    )


def gaps_table(holdings: Status) -> pd.DataFrame:
    """Give each stretch a provider left out, NHS trusts and larger lists first."""
    gaps = holdings.gaps
    return pd.DataFrame(
        {
            "Provider": [plain_name(name) for name in gaps["name"]],
            "Code": gaps["provider"],
            "Kind": gaps["kind"],
            "Last reported": [month_label(month) for month in gaps["last_month"]],
            "Waiting then": gaps["waiting"],
            "Months missing": gaps["missing"],
            "Reports again from": [month_label(month) if month else "not yet" for month in gaps["returned"]],
        }
    )


store = shared_store()
holdings = status(store)

st.markdown(f"## {headline(holdings)}")
if holdings.missing_months:
    missing = ", ".join(month_label(month) for month in holdings.missing_months)
    st.warning(f"Missing between them: {missing}. Charts leave these months out until they are imported.")

st.markdown("### Bring in a month")
st.markdown(
    "Each month NHS England publishes a *full extract* of the waiting list. Drop it here as it came, zipped "
    "or not. A month that is held already is replaced when its figures were revised. A file that is not what "
    "it should be is refused as a whole, and what is held stays as it is."
)
show_upload(returns(store))
show_templates(returns(store))

st.markdown("### What is held")
numbers = {
    name: st.column_config.NumberColumn(format="localized")
    for name in ("Waiting in England", "Providers", "Rows of the file", "Waiting then")
}
st.dataframe(
    months_table(holdings),
    hide_index=True,
    column_config=numbers,
    key="months",
    alt="Months held, newest first",
)

stopped = int((holdings.gaps["gap"] == "stopped").sum())
st.markdown("### Gaps")
st.markdown(
    f"{len(holdings.gaps)} times a provider that had begun to report left months out; {stopped} of them "
    "have not come back. England's totals hold no estimate for them, as published."
)
st.dataframe(
    gaps_table(holdings),
    hide_index=True,
    column_config=numbers,
    key="gaps",
    alt="Gaps in the returns, largest first",
)

with st.expander("Organisations and boundaries"):
    st.markdown("Both come with Tandem. A newer edition can take their place.")
    show_upload(trusts(store))
    show_templates(trusts(store))
    show_upload(boundaries(store))

st.markdown("### Where the figures come from")
st.table(SOURCES, hide_index=True, border="horizontal", alt="Sources")
st.markdown(f"{ATTRIBUTION} Contains National Statistics and OS data © Crown copyright and database right.")
st.caption(
    f"Store: {holdings.path} ({holdings.file_size / 1e6:.0f} MB), schema {holdings.schema_version}, DuckDB "
    f"{holdings.duckdb_version}. The same import from a command line: `python run.py import-rtt FILE`."
)
