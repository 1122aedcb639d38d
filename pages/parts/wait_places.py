"""One treatment function for an area's patients: where they go, where waits are shorter, how long is left."""

import numpy as np
import pandas as pd
import streamlit as st

from models.expected_waits import weeks_said
from pages.parts.wording import in_hundred

_COLUMNS = {
    "share": st.column_config.NumberColumn(
        "Of its referrals", format="%.1f%%", help="In the last twelve months"
    ),
    "waiting": st.column_config.NumberColumn("Waiting", format="localized"),
    "over_52": st.column_config.NumberColumn("Over 52 weeks", format="localized"),
    "miles": st.column_config.NumberColumn("Miles", format="%.0f", help="To its head office, straight"),
    "weeks_sooner": st.column_config.NumberColumn(
        "Weeks sooner", format="%.0f", help="By which half are treated, than the area's patients today"
    ),
    "spare": st.column_config.NumberColumn(
        "Spare a week", format="%.1f", help="Clock stops it could do beside its own, estimated"
    ),
}
MOST = 12  # providers shown


def list_words(row: pd.Series) -> str:
    """How many of an area's patients wait for a treatment function, and how long they have."""
    if not row["waiting"]:
        return "None of its patients is waiting."
    over = row["over_52"]
    year = f"{over:,} over a year, {row['over_65']:,} of them over 65 weeks" if over else "none over a year"
    within = in_hundred(int(row["within_18"]), int(row["waiting"]))
    return (
        f"{row['waiting']:,} of its referrals are waiting: {within} under 18 weeks, and {year}. "
        f"{row['starts']:,} were made in the last twelve months."
    )


def show_places(here: pd.DataFrame, after: pd.DataFrame | None) -> None:
    """Draw the table of providers that an area's patients go to, rows of `data.areas.area_waits`."""
    shown = here.head(MOST)
    columns = shown[["provider_name", "share"]].copy()
    columns["share"] *= 100
    columns["half"] = _said(shown["half_within"])
    columns["nine"] = _said(shown["nine_in_ten_within"])
    names = {"provider_name": "Provider", "half": "Half within", "nine": "Nine in ten within"}
    if after is not None:
        beside = after.set_index("provider").reindex(shown["provider"])
        columns["half_after"] = _said(beside["half_within"])
        columns["nine_after"] = _said(beside["nine_in_ten_within"])
        names |= {"half_after": "Half, under it", "nine_after": "Nine in ten, under it"}
    columns[["waiting", "over_52"]] = shown[["waiting", "over_52"]]
    if not shown["known"].all():
        columns["why"] = shown["why_not"]
        names["why"] = "Why not known"
    st.markdown("**Where its patients go**")
    st.dataframe(
        columns, hide_index=True, key="wait_places", column_config={**names, **_COLUMNS},
        alt="Table: providers by share of the area's referrals, with their waits",
    )  # fmt: skip
    if len(here) > MOST:
        rest = here["share"].iloc[MOST:].sum()
        st.caption(f"And {len(here) - MOST} others, with {100 * rest:.0f} in 100 of its referrals together.")


def show_alternatives(near: pd.DataFrame, miles: float, start: str) -> None:
    """Draw the table of providers with a shorter wait, rows of `data.areas.alternatives`."""
    st.markdown(f"**Shorter waits within {miles:.0f} miles**")
    if near.empty:
        st.caption("No provider in reach is known to have a shorter wait for somebody referred now.")
        return
    shown = near.head(MOST)
    columns = shown[["provider_name", "kind", "miles", "weeks_sooner", "spare"]].copy()
    columns.insert(3, "half", _said(shown["half_within"]))
    columns.insert(4, "nine", _said(shown["nine_in_ten_within"]))
    st.dataframe(
        columns, hide_index=True, key="wait_alternatives",
        column_config={
            "provider_name": "Provider", "kind": "Kind", "half": "Half within", "nine": "Nine in ten within",
            **_COLUMNS,
        },
        alt="Table: providers with a shorter wait, with miles and weeks sooner",
    )  # fmt: skip
    st.caption(
        f"Miles are as the crow flies from {start} to the provider's head office, not each clinic. A short "
        "wait may mean that a provider takes only some kinds of patients."
    )


def show_remaining(left: pd.DataFrame) -> None:
    """Draw how much longer those can expect to wait who have waited so long, `data.areas.remaining_waits`."""
    st.dataframe(
        pd.DataFrame(
            {
                "Waited so far": [f"{weeks} weeks" if weeks else "just referred" for weeks in left["waited"]],
                "Half within a further": _said(left["half_within"]),
                "Nine in ten within a further": _said(left["nine_in_ten_within"]),
            }
        ),
        hide_index=True, key="wait_remaining", alt="Table: further weeks to wait by weeks waited so far",
    )  # fmt: skip


def _said(weeks: pd.Series) -> list[str]:
    return [weeks_said(value) for value in np.asarray(weeks, float)]
