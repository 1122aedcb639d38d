"""Travel on the Scorecard page: miles and carbon that a scenario saves or adds, by trust."""

import streamlit as st

from models.outcomes.travel import NO_FACTOR, NOT_COUNTED, Travel, sheet
from models.scenarios.assumptions import assumption
from models.statements import rounded
from pages.parts.figures import SCENARIO, bar_chart, show
from pages.parts.scope import choose
from pages.parts.scorecard_run import CARBON

state = st.session_state
THOUSAND = 1000
LEAST_WHOLE = 10  # thousand miles, from which a bar's value has no decimal


def show_travel(found: Travel) -> None:
    """Draw what the scenario changes in travel: sentences, a bar a trust, and what a mile costs."""
    first, *rest = found.sentences
    st.markdown(f"**{first}** {' '.join(rest)}")
    if found.journeys and not found.change.none:
        changes = [each.miles_change for each in found.journeys]
        means, lows, highs = (
            [rounded(getattr(each, end)) / THOUSAND for each in changes] for end in ("mean", "lower", "upper")
        )
        show(
            bar_chart(
                [each.name for each in found.journeys],
                means,
                lower=lows,
                upper=highs,
                colours=SCENARIO,
                decimals=0 if max(map(abs, means)) >= LEAST_WHOLE else 1,
            ),
            title=f"Thousand miles fewer (below zero) or more in {found.weeks} weeks, with 80% range",
            alt=" ".join(found.sentences),
            table=sheet([found]).frame.drop(columns="Scenario"),
            key="scorecard_travel",
        )
    _show_factor(found.carbon)
    detour = assumption("road_distance")
    st.caption(
        f"{NOT_COUNTED} From the published catchments; the way by road is taken as {detour.value:g} times "
        f"the straight line (assumption; likely {detour.likely_low:g} to {detour.likely_high:g}, which is in "
        "the ranges), and every journey as one by car."
    )


def _show_factor(carbon: float | None) -> None:
    entry = assumption("carbon_a_mile")
    state["scorecard_carbon"] = carbon

    def follow() -> None:
        value = state["scorecard_carbon"]
        choose(CARBON, NO_FACTOR if value is None else f"{value:g}")

    st.number_input(
        "Carbon from a mile, kg CO2e",
        float(entry.low),
        float(entry.high),
        step=0.001,
        format="%.3f",
        width=260,
        key="scorecard_carbon",
        on_change=follow,
        placeholder="Not given",
        help=f"{entry.value:g}: {entry.source}. {entry.note}",
    )
