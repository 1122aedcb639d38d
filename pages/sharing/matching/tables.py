"""Tables of the match preview: words for codes, headings, filters, and rows that open a patient's card."""

from collections.abc import Mapping, Sequence

import pandas as pd
import streamlit as st
from streamlit.elements.lib.column_types import ColumnConfig

from models.matching.columns import LABELS, MEDIA
from models.matching.words import HEADINGS
from models.rtt.treatment_functions import TREATMENT_FUNCTIONS

PATIENT_KEY = "match_patient"  # of the session: whose card is open
TAB_KEY = "match_tab"  # what is shown of a preview
CARD_TAB = "One patient"
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


def filtered(frame: pd.DataFrame, names: Mapping[str, str], key: str) -> pd.DataFrame:
    """Draws the filters that a table's columns allow, in a row, and gives the rows that pass."""
    with st.container(horizontal=True):
        functions = {
            code: TREATMENT_FUNCTIONS[code].name for code in sorted(frame["treatment_function"].unique())
        }
        frame = _only(frame, "treatment_function", "Treatment function", functions, key)
        for column, label in (("home_provider", "From"), ("provider", "To")):
            if column in frame:
                codes = {code: names.get(code, code) for code in sorted(frame[column].unique())}
                frame = _only(frame, column, label, codes, key)
        if "medium" in frame:
            frame = _only(frame, "medium", "Medium", {medium: LABELS[medium] for medium in MEDIA}, key)
    return frame


def _only(frame: pd.DataFrame, column: str, label: str, options: Mapping[str, str], key: str) -> pd.DataFrame:
    if len(options) < 2:
        return frame
    chosen = st.multiselect(
        label,
        list(options),
        format_func=lambda code: options[code],
        key=f"{key}_{column}",
        placeholder="All",
        width=230,
    )
    return frame[frame[column].isin(chosen)] if chosen else frame


def choose_rows(frame: pd.DataFrame, columns: tuple[str, ...], key: str, alt: str) -> None:
    """Draws a table of patients; choosing a row opens the patient's card."""
    ids = frame["patient_id"].tolist()

    def open_card() -> None:
        rows = st.session_state[key]["selection"]["rows"]
        if rows:
            st.session_state[PATIENT_KEY] = ids[rows[0]]
            st.session_state[TAB_KEY] = CARD_TAB

    table(frame, columns, key=key, alt=alt, on_select=open_card, selection_mode="single-row")
