"""What comes of a match preview: the sentence, what it would save, who would go where, and every match."""

from collections.abc import Mapping

import pandas as pd
import streamlit as st

from models.matching.preview import Preview
from models.matching.summary import Summary, flows, summary
from pages.sharing.matching.tables import choose_rows, filtered, readable, table
from pages.sharing.matching.words import headline, rounded_miles, three_figures

MATCH_COLUMNS = (
    "patient_id",
    "treatment_function",
    "weeks_waited",
    "home_provider",
    "provider",
    "week",
    "miles",
    "weeks_saved",
    "medium",
    "setting",
    "priority",
    "confirmed",
)


def show_answer(preview: Preview) -> Summary:
    """Draw the sentence and its figures; gives the figures."""
    figures = summary(preview)
    st.markdown(f"## {headline(preview)}")
    if figures.synthetic:
        st.warning(
            "**Synthetic.** Patients or slots made up by Tandem are among these: they show how a matching "
            "works, and are nobody's to act on.",
            icon=":material/science:",
        )
    with st.grid(5, min_column_width=170):
        st.metric(
            "Weeks of waiting saved",
            _saved(figures),
            help=f"Over the {figures.weeks_known_for:,} whose wait at home is known",
        )
        st.metric(
            "Miles: half, nine in ten",
            f"{_whole(figures.median_miles)}, {_whole(figures.miles_90)}",
            help="Half travel no farther than the first, nine in ten than the second: as the crow "
            "flies, of those seen face to face",
        )
        st.metric(
            "Offered a choice",
            _percent(figures.share_with_choice),
            help="Of those still to answer: two or more places that are theirs to take. "
            f"{_percent(figures.share_with_standby)} with standby.",
        )
        st.metric(
            "Places left",
            f"{figures.places - figures.matched:,}",
            help=f"Of {figures.places:,} in weeks that have not begun",
        )
        st.metric("Accepted so far", f"{figures.confirmed:,}")
    return figures


def _saved(figures: Summary) -> str:
    return three_figures(figures.weeks_saved) if figures.weeks_known_for else "–"


def _whole(number: float) -> str:
    return "–" if pd.isna(number) else f"{number:,.0f}"


def _percent(share: float) -> str:
    return "–" if pd.isna(share) else f"{share:.0%}"


def show_flows(preview: Preview, names: Mapping[str, str]) -> None:
    """Draw who would go where as a table, most patients first."""
    pairs = flows(preview).sort_values(
        ["patients", "home_provider", "provider"], ascending=[False, True, True]
    )
    if not len(pairs):
        st.info("Nobody would go anywhere: see *No place, and why*.")
        return
    first = readable(pairs, names).iloc[0]
    st.caption(
        f"Most would go from {first['home_provider']} to {first['provider']}: {first['patients']:,}, half of "
        f"them {rounded_miles(first['median_miles'])} or less."
    )
    table(
        readable(pairs, names),
        ["home_provider", "provider", "patients", "median_miles"],
        key="match_flows",
        alt="Patients who would go from one provider to another, most first",
    )


def show_matches(preview: Preview, names: Mapping[str, str]) -> None:
    """Draw every match with filters; a chosen row opens the patient's card."""
    shown = filtered(preview.matches, names, "match_filter")
    st.caption(
        f"{len(shown):,} of {len(preview.matches):,} matches. Choose a row to open the patient's card."
    )
    choose_rows(readable(shown, names), MATCH_COLUMNS, "match_table", "Matches, a row a patient with a place")
