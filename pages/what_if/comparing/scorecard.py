"""The ten expectations on the Compare page: scenarios as columns, verdicts in words."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from models.outcomes.scorecard import Scorecard
from pages.parts.scorecard_run import keep_in_link
from pages.what_if.scoring.card import ICONS, asked_said, scenario_said, unchanged_said, verdict_said


def show_scorecards(cards: Sequence[Scorecard]) -> None:
    """Draw the ten expectations as rows and the scenarios as columns, a verdict and its number in each."""
    keep_in_link()
    st.markdown("**The ten expectations**")
    st.table(
        scorecards_table(cards), border="horizontal", alt="Table: the ten expectations, verdicts by scenario"
    )
    st.caption(
        "At each expectation's date, with the 80% range in small type. The Scorecard page says what stands "
        "for each and what that leaves out, and takes your own targets."
    )


def scorecards_table(cards: Sequence[Scorecard]) -> pd.DataFrame:
    """The table as it is shown, in Streamlit's markdown: a row an expectation, a column a scenario."""
    rows = {}
    for place, first in enumerate(cards[0].judged):
        row = {"Asked for": asked_said(first), "If nothing changed": unchanged_said(first)}
        for card in cards:
            each = card.judged[place]
            row[card.title] = f"{ICONS[each.verdict]} {verdict_said(each, card.today)}"
            if each.reading:
                row[card.title] += f"  \n{scenario_said(each)}"
        rows[f"**{first.expectation.title}**"] = row
    return pd.DataFrame.from_dict(rows, orient="index")
