"""How sure are we: past errors beside the answer, what the band holds, and which evidence matters most."""

from collections import Counter

import pandas as pd
import streamlit as st

from data.database.store import Store
from data.returns.past_errors import error_said
from models.rtt.measures import measure
from models.rtt.months import WEEKS_PER_MONTH, month_label
from models.scenarios.scenario import in_unit
from pages.parts.figures import show
from pages.parts.figures.bars import ranges
from pages.parts.numbers import choose_measure
from pages.parts.runs import Comparison
from pages.parts.studies import TORNADO_FUTURES, sensitivity, study
from questions.question import Request
from sim.studies.sensitivity import Swing, Tornado, behind

MOST_BARS = 12


def show_certainty(store: Store, request: Request, found: Comparison) -> None:
    """Say how wrong forecasts have been and what the band holds; draw the tornado when asked for."""
    st.markdown(f"**How wrong it has been.** {error_said(request.scope, request.weeks / WEEKS_PER_MONTH)}")
    st.markdown(
        f"Each number is the mean of **{request.replications} simulated futures** of the same list, and the "
        "band holds 80% of them. The scenario and its baseline live through the same chance, so the range of "
        "their difference is the lever's and not luck's."
    )
    st.markdown(
        "**In the band:** the chance of who is referred, comes and is treated when; how much referrals, "
        "capacity and removals have varied from what was usual; and doubt about the evidence behind each "
        "lever, over the range that is likely for it.\n\n"
        "**Not in the band:** what nobody knows the odds of. Strikes, new money and what other boards do are "
        "not in it; a lever in the form says what a strike or a hard winter would do."
    )
    st.markdown(
        "**Published:** the list by weeks waited, clock starts and stops. **Estimated:** who on the list has "
        "had a first appointment, removals, appointments and their medium."
    )
    kinds = Counter(found.scenario.notes)
    st.markdown(
        f"**The returns behind it:** {found.scenario.series:,} series of provider and specialty, to "
        f"{month_label(request.month)}; {found.scenario.series - sum(kinds.values()):,} are unremarkable."
        + "".join(f"\n- {number:,}: {note}" for note, number in kinds.most_common(6))
    )
    if request.scenario.levers:
        st.markdown("#### Which evidence the answer hangs on")
        _show_tornado(store, request)


def _show_tornado(store: Store, request: Request) -> None:
    many = len(behind(request.scenario))
    found: Tornado | None = study(
        "sensitivity",
        request,
        store,
        sensitivity(store, request),
        button="Try the evidence at both ends",
        about=f"Puts each of {many} assumptions at both ends of its likely range, one at a time, in "
        f"{min(TORNADO_FUTURES, request.replications)} of the futures. It takes about {4 * many} short runs "
        "and goes on in the background.",
    )
    if found is None:
        return
    name = choose_measure("tornado_measure")
    sentences = found.sentences(name)
    st.markdown("\n".join((f"**{sentences[0]}**\n", *(f"- {each}" for each in sentences[1:]))))
    said, swings = measure(name), found.swings(name)[:MOST_BARS]
    unit = "Percentage points within 18 weeks" if said.is_share else f"Patients {said.phrase}"
    show(
        ranges(
            [swing.assumption.label for swing in swings],
            [swing.at_low.mean for swing in swings],
            [swing.at_high.mean for swing in swings],
            [_ends(swing) for swing in swings],
            middle=found.change(name).mean,
        ),
        title=f"{unit}, more or fewer than if nothing changed, over each likely range",
        alt=" ".join(sentences),
        table=_table(swings),
        key=f"lab_tornado_{name}",
    )
    st.caption(
        "The dashed line is the effect with nothing put at an end. Swings do not add up: they say which "
        "evidence is worth having."
    )


def _ends(swing: Swing) -> str:
    return in_unit(f"{swing.low:g} to {swing.high:g}", swing.assumption.unit)


def _table(swings: tuple[Swing, ...]) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {
                "Assumption": swing.assumption.label,
                "Unit": swing.assumption.unit,
                "Likely from": swing.low,
                "Effect there": round(swing.at_low.mean, 1),
                "Likely to": swing.high,
                "Effect at that end": round(swing.at_high.mean, 1),
                "Source": swing.assumption.source,
            }
            for swing in swings
        ]
    )
