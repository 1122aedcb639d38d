"""What the match preview calls things: providers, places, the headings of its tables."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
import streamlit as st
from streamlit.elements.lib.column_types import ColumnConfig

from models.matching.columns import LABELS
from models.matching.preview import Preview
from models.matching.words import HEADINGS
from models.rtt.treatment_functions import TREATMENT_FUNCTIONS

BANNER = (
    "**A preview for planners. No patient is moved by it.** A clinician decides, and the patient chooses; "
    "nobody is told of anything written here."
)
_DAY = "D MMM YYYY"


def readable(frame: pd.DataFrame, names: Mapping[str, str]) -> pd.DataFrame:
    """Gives a table of a matching as a reader says it: names for codes, words for values."""
    shown = frame.copy()
    for column in ("provider", "home_provider"):
        if column in shown:
            shown[column] = named(shown[column], names)
    if "treatment_function" in shown:
        shown["treatment_function"] = shown["treatment_function"].map(
            {code: each.name for code, each in TREATMENT_FUNCTIONS.items()}
        )
    for column in ("setting", "medium"):
        if column in shown:
            shown[column] = shown[column].astype(object).map(LABELS)
    if "rule" in shown:
        shown["rule"] = shown["rule"].map(HEADINGS)
    return shown


def named(codes: pd.Series, names: Mapping[str, str]) -> pd.Series:
    """Gives providers' names for their codes; a code that is not known stays."""
    return codes.map(lambda code: names.get(code, code))


def headline(preview: Preview) -> str:
    """Gives the answer in a sentence: how many could have a place, and what it would save."""
    patients = len(preview.inputs.patients.ids)
    saved = preview.matches["weeks_saved"].dropna()
    words = f"{len(preview.matches):,} of {patients:,} patients could have a place"
    if len(saved):
        words += f" and save {three_figures(saved.sum())} weeks of waiting in all"
    return f"{words}. {patients - len(preview.matches):,} could not."


def three_figures(number: float) -> str:
    """Gives a number as it is said, to three figures: 18,700."""
    digits = 3 - len(f"{abs(number):.0f}")
    return f"{round(number, min(digits, 0)):,.0f}"


def columns_shown(frame: pd.DataFrame) -> dict[str, ColumnConfig]:
    """Gives headings, units and widths of the columns of a frame for `st.dataframe`."""
    config = st.column_config
    known = {
        "patient_id": config.TextColumn("Patient", pinned=True, width=100),
        "home_provider": config.TextColumn("From", width=200),
        "treatment_function": config.TextColumn("Treatment function", width=160),
        "setting": config.TextColumn("Setting", width=120),
        "priority": config.NumberColumn("Priority", width=70, help="Clinical priority, 1 the most urgent"),
        "weeks_waited": config.NumberColumn("Weeks waited", width=100),
        "slot_id": config.TextColumn("Slot", width=100),
        "provider": config.TextColumn("To", width=200),
        "organisation": config.TextColumn("Provider", width=260),
        "site": config.TextColumn("Site", width=160),
        "medium": config.TextColumn("Medium", width=110),
        "week": config.DateColumn("Week of", format=_DAY, width=110),
        "miles": config.NumberColumn("Miles", format="%.0f", width=70, help="As the crow flies"),
        "weeks_until": config.NumberColumn("In weeks", width=80),
        "weeks_waited_then": config.NumberColumn("Weeks waited then", width=130),
        "weeks_saved": config.NumberColumn("Weeks saved", format="%.0f", width=110),
        "price": config.NumberColumn("Price, £", format="%.0f", width=80),
        "confirmed": config.CheckboxColumn("Accepted", width=90),
        "synthetic": config.CheckboxColumn("Synthetic", width=90),
        "rank": config.NumberColumn("Rank", width=60),
        "kind": config.TextColumn("Offer", width=100),
        "rule": config.TextColumn("What stops it", width=170),
        "reason": config.TextColumn("Why", width=420),
        "change": config.TextColumn("What would change it", width=380),
        "count": config.NumberColumn("Places", width=70),
        "left": config.NumberColumn("Left", width=60),
        "patients": config.NumberColumn("Patients", format="localized", width=90),
        "matched": config.NumberColumn("With a place", format="localized", width=110),
        "median_miles": config.NumberColumn("Median miles", format="%.0f", width=110),
        "patients_listed": config.NumberColumn("Patients listed", format="localized", width=120),
        "patients_placed": config.NumberColumn("Could go elsewhere", format="localized", width=150),
        "places_offered": config.NumberColumn("Places offered", format="localized", width=120),
        "places_filled": config.NumberColumn("Would be filled", format="localized", width=130),
    }
    return {name: column for name, column in known.items() if name in frame}


def table(frame: pd.DataFrame, columns: Sequence[str], *, key: str, alt: str, **options: object) -> object:
    """Draws columns of a frame as a table that scrolls within itself, and gives what Streamlit gives."""
    return st.dataframe(  # type: ignore[call-overload]
        frame[list(columns)],
        hide_index=True,
        key=key,
        alt=alt,
        column_config=columns_shown(frame),
        height=min(35 * (len(frame) + 1) + 3, 388),
        placeholder="",
        **options,
    )


def rounded_miles(miles: float) -> str:
    """Gives a distance as it is said: '12 miles', 'distance not known', '0 miles'."""
    if np.isnan(miles):
        return "distance not known"
    return f"{miles:,.0f} {'mile' if round(miles) == 1 else 'miles'}"
