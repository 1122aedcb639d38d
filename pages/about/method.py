"""Method: what is published, what is estimated, what is assumed, and how the simulation runs."""

import pandas as pd
import streamlit as st

from models.calibration.rates import FLOW_MONTHS
from models.rtt.waiting_list import STANDARD, STANDARD_WEEKS
from models.scenarios.assumptions import REGISTER, Assumption

PUBLISHED = f"""
**Published.** How many pathways wait, by provider, treatment function and whole weeks waited; how many have
a decision to admit; how many clocks started and stopped, with or without admission. The
Backlog page holds nothing but these, their sums, shares and middle values. The standard is that
{100 * STANDARD.share:.0f} in 100 have waited under {STANDARD_WEEKS} weeks.

**Estimated.** What no return says is worked out from those that do: the rate at which pathways start and
stop on a working day, over the latest {FLOW_MONTHS} months; how the order of booking spreads over weeks
waited; how many leave the list without a reported stop, as the balance of the rest; who of those waiting
has been seen once already; how much demand and capacity stray from month to month beyond chance. A series
too thin to tell leans on the same treatment function in England, and a series with missing months or a
recoding is flagged.

**Assumed.** Where no source was found, Tandem says so. Such a default is an assumption for you to change,
in the scenario lab, within its range. They are marked in the table below.
"""

SIMULATION = """
The simulation starts from the published list on the day it was counted and goes on week by week. Referrals
arrive; every provider holds its clinics; each clinic has so many **minutes** a week, which first
appointments and follow-ups share; theatres have so many places. Patients are booked partly in turn and
partly not, as published completions show it. Some miss their appointment, some leave the list, some come
back for a follow-up some weeks later and crowd out new patients. A video appointment takes its own time,
may be missed, and may have to be repeated face to face; the clock runs on, and a second slot goes. Whoever
can be seen neither by video nor by telephone never is.

Nobody is lost on the way: those waiting at the start, plus referrals, are exactly those treated, removed
and still waiting at the end. A **lever** changes one of these settings from its date on. A scenario and *as
today* meet the same chance events, so the difference between them is the lever and not luck.

Each future is run many times over. The **80% band** holds the middle four fifths of them: chance, and
demand and capacity that stray as they did in the past, and the doubt about the assumptions, but for those
that you set yourself.
"""

LIMITS = """
- A provider that stopped reporting is missing from the list and from the future alike. The Data page names
  them.
- A pathway is a referral, not a person; some people wait on several.
- Clinic capacity is estimated from what was delivered: no return says what a clinic could do.
- Nothing is known about single patients. Strikes, winters worse than the last, and new buildings are not
  foreseen; a lever tries a strike or a hard winter.
- A board here is the providers it is the parent of. Its residents who wait elsewhere are counted there.
"""


def register_table() -> pd.DataFrame:
    """Give the register of assumptions as a planner reads it, those without a source first."""
    entries = sorted(REGISTER.values(), key=lambda entry: not entry.is_assumption)
    return pd.DataFrame(
        {
            "What": [entry.label for entry in entries],
            "Default": [_amount(entry, entry.value) for entry in entries],
            "Range": [f"{entry.low:g} to {_amount(entry, entry.high)}" for entry in entries],
            "Evidence": [_evidence(entry) for entry in entries],
        }
    )


def _amount(entry: Assumption, number: float) -> str:
    return f"{number:g}{entry.unit}" if entry.unit == "%" else f"{number:g} {entry.unit}"


def _evidence(entry: Assumption) -> str:
    source = entry.source.replace("Assumption:", "**Assumption:**") if entry.is_assumption else entry.source
    return f"{source}. {entry.note}".strip() if entry.note else f"{source}."


assumed = sum(entry.is_assumption for entry in REGISTER.values())
st.markdown(
    "## The list is published, its flows are estimated, and what a lever does rests partly on assumptions."
)
st.markdown(PUBLISHED)
st.markdown("### How the simulation runs")
st.markdown(SIMULATION)
st.markdown("### What it can't tell")
st.markdown(LIMITS)
st.markdown("### Every default, with its evidence")
st.markdown(f"{assumed} of {len(REGISTER)} are assumptions: no source was found for them. They stand first.")
with st.expander("Show the table", expanded=False):
    st.table(register_table(), hide_index=True, border="horizontal", alt="Defaults, ranges and evidence")
