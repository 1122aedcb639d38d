"""Who has no place and which places are left, with why and what would change it."""

from collections.abc import Mapping

import pandas as pd
import streamlit as st

from models.matching.preview import Preview
from models.matching.words import HEADINGS
from pages.sharing.matching.tables import choose_rows, filtered, readable, table

UNMATCHED_COLUMNS = (
    "patient_id",
    "treatment_function",
    "priority",
    "weeks_waited",
    "home_provider",
    "rule",
    "reason",
    "change",
)
UNUSED_COLUMNS = (
    "slot_id",
    "provider",
    "site",
    "treatment_function",
    "setting",
    "medium",
    "week",
    "count",
    "left",
    "rule",
    "reason",
)


def show_unmatched(preview: Preview, names: Mapping[str, str]) -> None:
    """Draw the patients without a place by what stops them, with what would change it."""
    without = preview.unmatched
    if not len(without):
        st.success("Every patient could have a place.")
        return
    counts = without["rule"].value_counts()
    most = counts.index[0]
    st.markdown(
        f"#### {len(without):,} patients have no place. What stops most of them: "
        f"{HEADINGS[most].lower()} ({counts.iloc[0]:,})."
    )
    mended = int((without["places_gained"] > 0).sum())
    st.caption(
        f"For {mended:,} of them one change alone would give a place; the reason says which. Reasons are in "
        "the order of a waterfall: the last rule that leaves nothing is the one told."
    )
    rule = _by_rule(counts, "match_unmatched_rule")
    shown = filtered(without if rule is None else without[without["rule"] == rule], names, "match_without")
    choose_rows(
        readable(shown, names), UNMATCHED_COLUMNS, "match_unmatched", "Patients without a place, and why"
    )


def show_unused(preview: Preview, names: Mapping[str, str]) -> None:
    """Draw the places left by why nobody takes them."""
    left = preview.unused
    if not len(left):
        st.success("No place is left.")
        return
    counts = left.groupby("rule")["left"].sum().sort_values(ascending=False)
    st.markdown(
        f"#### {int(left['left'].sum()):,} places are left. What keeps most of them empty: "
        f"{HEADINGS[str(counts.index[0])].lower()} ({int(counts.iloc[0]):,})."
    )
    rule = _by_rule(counts, "match_unused_rule")
    shown = left if rule is None else left[left["rule"] == rule]
    table(readable(shown, names), UNUSED_COLUMNS, key="match_unused", alt="Places left, and why")


def _by_rule(counts: pd.Series, key: str) -> str | None:
    """Draws what stops them as pills with counts, and gives the one chosen; None for all."""
    chosen: str | None = st.pills(
        "Show only",
        list(counts.index),
        key=key,
        selection_mode="single",
        format_func=lambda name: f"{HEADINGS[name]} · {int(counts[name]):,}",
    )
    return chosen
