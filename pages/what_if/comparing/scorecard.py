"""The ten expectations on the Compare page: scenarios as columns, verdicts in words."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from data.database.store import Store
from models.outcomes.expectations import read_targets
from models.outcomes.scorecard import Scorecard
from models.outcomes.travel import Travel, read_carbon
from models.reports.report import Part
from pages.parts.equity_run import known
from pages.parts.runs import Comparison
from pages.parts.scope import linked
from pages.parts.scorecard_run import CARBON, TARGETS, Asked, carbon_of, keep_in_link, scored
from pages.what_if.scoring.card import ICONS, asked_said, scenario_said, unchanged_said, verdict_said
from questions.choice import Asked as Compared
from questions.choice import Choice
from sim.reports.report_sections import equity_part, expectations_part


def compared_scorecards(
    store: Store,
    asked: Compared,
    choices: Sequence[Choice],
    titles: Sequence[str],
    runs: Sequence[Comparison],
) -> list[tuple[Scorecard, Travel]]:
    """The scorecard and the travel of each scenario compared, at the planner's own targets."""
    own, found = read_targets(linked(TARGETS).split(",")), []
    for choice, title, run in zip(choices, titles, runs, strict=True):
        carbon = read_carbon(linked(CARBON), carbon_of(choice.scenario))
        found.append(scored(store, Asked(asked.request(choice), own, carbon), title, run))
    return found


def compared_part(
    store: Store, asked: Compared, choices: Sequence[Choice], scored: Sequence[tuple[Scorecard, Travel]]
) -> Part:
    """The scorecards and travel for the files, and equity for the scenarios that have been followed."""
    part, found = expectations_part(scored), []
    for choice, (card, _) in zip(choices, scored, strict=True):
        runs = known(store, asked.request(choice))
        if runs:
            found.append((card.title, runs[0], runs[1] if len(runs) > 1 else None))
    return part.beside(equity_part(found)) if found else part


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
