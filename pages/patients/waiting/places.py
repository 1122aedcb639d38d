"""One treatment function for an area's patients: where they go, where waits are shorter, how long is left."""

import numpy as np
import pandas as pd
import streamlit as st

from models.rtt.list_statements import in_hundred
from models.waits.expected_waits import weeks_said

MOST = 12  # providers shown


def list_words(row: pd.Series) -> str:
    """How many of an area's patients wait for a treatment function, and how long they have."""
    if not row["waiting"]:
        return "None of its patients is waiting."
    over = row["over_52"]
    longest = f"{row['over_65']:,}" if row["over_65"] else "none"
    year = f"{over:,} over a year, {longest} of them over 65 weeks" if over else "none over a year"
    within = in_hundred(int(row["within_18"]), int(row["waiting"]))
    return (
        f"{row['waiting']:,} of its referrals are waiting: {within} under 18 weeks, and {year}. "
        f"{row['starts']:,} were made in the last twelve months."
    )


def show_places(here: pd.DataFrame, after: pd.DataFrame | None) -> None:
    """Draw the table of providers that an area's patients go to, rows of `data.returns.areas.area_waits`."""
    st.markdown("**Where its patients go**")
    st.table(
        places_table(here.head(MOST), after),
        border="horizontal",
        hide_index=True,
        alt="Table: providers by share of the area's referrals, with their waits",
    )
    if len(here) > MOST:
        rest = here["share"].iloc[MOST:].sum()
        st.caption(f"And {len(here) - MOST} others, with {100 * rest:.0f} in 100 of its referrals together.")


def places_table(here: pd.DataFrame, after: pd.DataFrame | None) -> pd.DataFrame:
    """The providers of `show_places` in words, a row each; the waits of `after` under today's."""
    columns = {
        "Provider": here["provider_name"].tolist(),
        "Of its referrals in a year": [f"{100 * share:.1f}%" for share in here["share"]],
        "Half within": _said(here["half_within"]),
        "Nine in ten within": _said(here["nine_in_ten_within"]),
    }
    if after is not None:
        beside = after.set_index("provider").reindex(here["provider"])
        for name, weeks in (("Half within", "half_within"), ("Nine in ten within", "nine_in_ten_within")):
            both = zip(columns[name], _said(beside[weeks]), strict=True)
            columns[name] = [f"{now}  \n:small[{later} with the scenario]" for now, later in both]
    columns["Waiting"] = [f"{value:,}" for value in here["waiting"]]
    columns["Over 52 weeks"] = [f"{value:,}" for value in here["over_52"]]
    if not here["known"].all():
        columns["Why not known"] = here["why_not"].tolist()
    return pd.DataFrame(columns)


def show_alternatives(near: pd.DataFrame, miles: float, start: str) -> None:
    """Draw the table of providers with a shorter wait, rows of `data.returns.areas.alternatives`."""
    st.markdown(f"**Shorter waits within {miles:.0f} miles**")
    if near.empty:
        st.caption("No provider in reach is known to have a shorter wait for somebody referred now.")
        return
    st.table(
        alternatives_table(near.head(MOST)),
        border="horizontal",
        hide_index=True,
        alt="Table: providers with a shorter wait, with miles and weeks sooner",
    )
    st.caption(
        "Weeks sooner: by which half are treated, than the area's patients today. Spare: clock stops a week "
        "that it could do beside its own, estimated.  \n"
        f"Miles are as the crow flies from {start} to the provider's head office, not each clinic. A short "
        "wait may mean that a provider takes only some kinds of patients."
    )


def alternatives_table(near: pd.DataFrame) -> pd.DataFrame:
    """The providers of `show_alternatives` in words, a row each."""
    return pd.DataFrame(
        {
            "Provider": near["provider_name"],
            "Kind": near["kind"],
            "Miles": [f"{miles:,.0f}" for miles in near["miles"]],
            "Half within": _said(near["half_within"]),
            "Nine in ten within": _said(near["nine_in_ten_within"]),
            "Weeks sooner": [f"{weeks:.0f}" for weeks in near["weeks_sooner"]],
            "Spare a week": [_spare(stops) for stops in near["spare"]],
        }
    )


def show_remaining(left: pd.DataFrame) -> None:
    """Draw how much longer those can expect to wait who have waited so long,
    `data.returns.areas.remaining_waits`.
    """
    st.dataframe(
        pd.DataFrame(
            {
                "Waited so far": [f"{weeks} weeks" if weeks else "just referred" for weeks in left["waited"]],
                "Half within a further": _said(left["half_within"]),
                "Nine in ten within a further": _said(left["nine_in_ten_within"]),
            }
        ),
        hide_index=True,
        key="wait_remaining",
        alt="Table: further weeks to wait by weeks waited so far",
    )


def _said(weeks: pd.Series) -> list[str]:
    return [weeks_said(value) for value in np.asarray(weeks, float)]


def _spare(stops: float) -> str:
    if np.isnan(stops):
        return "not known"
    return f"{stops:.1f}" if round(stops, 1) else "none"
