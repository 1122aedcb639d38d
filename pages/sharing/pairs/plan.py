"""How the pairing page shows a plan: pairs in sentences, the flows drawn, the next best, why not others."""

import textwrap
from collections.abc import Mapping, Sequence

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from models.pairing.gains import Worth
from models.pairing.pairs import Flow, Pair, Plan
from models.pairing.reasons import Alternative, Refusal, alternative_said, amount_said, both_said, sentence
from models.pairing.trial_scenario import EMERITUS, INDEPENDENT, Beside
from models.rtt.treatment_functions import name_of
from pages.parts.figures import BASELINE, INK, SCENARIO, SHORT, SPARE, bar_chart, show

Names = Mapping[str, str]
FIRST_SHOWN = 6  # pairs in sentences
DRAWN = 12  # pairs in the picture
BESIDE = {EMERITUS: "Emeritus sessions", INDEPENDENT: "Independent sector (admissions)"}
LABEL = 26  # letters of a line beside a node
HALF = 420  # pixels: a narrower half stands below the other
NOT_POSSIBLE = (
    "**No pair is possible within these limits.** Where trusts of this area have long waits, none has "
    "capacity to spare that would see them sooner. Take in another board, allow a lower floor, or look at "
    "the capacity map."
)


def headline(plan: Plan, waited: int) -> str:
    """The answer in a sentence."""
    number = len(plan.pairs)
    return (
        f"{number:,} {'pair' if number == 1 else 'pairs'} of trusts, with {amount_said(plan.a_week)} virtual "
        f"appointments a week, would avoid {amount_said(plan.weeks)} weeks of waiting beyond {waited} weeks, "
        "each week."
    )


def certainty(plan: Plan) -> str:
    """How sure it is that no other plan is better."""
    if plan.proven:
        return "No plan within these limits avoids more."
    return f"No plan within these limits avoids over {100 * plan.gap:.0f}% more."


def show_pairs(plan: Plan, names: Names) -> None:
    """Write each pair in a sentence, the first few at once."""
    for pair in plan.pairs[:FIRST_SHOWN]:
        _show_pair(pair, names)
    rest = plan.pairs[FIRST_SHOWN:]
    if rest:
        with st.expander(f"{len(rest)} more pairs"):
            for pair in rest:
                _show_pair(pair, names)


def _show_pair(pair: Pair, names: Names) -> None:
    pinned = " :material/keep:" if pair.pinned else ""
    st.markdown(f"**{both_said(pair.trusts, names)}**{pinned}  \n{sentence(pair, names)}")


def show_flows(plan: Plan, placed: Sequence[Beside], names: Names) -> None:
    """Draw who offers whom how many appointments, and what is placed beside, with the table beside."""
    pairs = plan.pairs[:DRAWN]
    flows = [flow for pair in pairs for flow in pair.flows]
    title = "Virtual appointments offered a week: from who helps (left) to who is helped"
    if len(plan.pairs) > DRAWN:
        title += f", the {DRAWN} largest pairs"
    show(
        _sankey(flows, placed, names),
        title=title,
        alt=" ".join(
            [
                *(sentence(pair, names) for pair in pairs),
                *(
                    f"{BESIDE[each.lever]} for {names.get(each.trust, each.trust)}: "
                    f"{amount_said(each.a_week)} a week."
                    for each in placed
                ),
            ]
        ),
        table=flow_table(plan, placed, names),
        key="pair_flows",
    )


def flow_table(plan: Plan, placed: Sequence[Beside], names: Names) -> pd.DataFrame:
    """A row a flow, and below them a row for each trust that something is placed at."""
    return pd.DataFrame(
        [
            {
                "Helps": names.get(flow.partner, flow.partner),
                "Is helped": names.get(flow.home, flow.home),
                "Specialty": name_of(flow.treatment_function),
                "Appointments a week": round(flow.a_week, 1),
                "Weeks avoided by each": round(flow.weeks_each, 1),
                "Weeks avoided a week": round(flow.weeks, 1),
            }
            for flow in plan.flows
        ]
        + [
            {
                "Helps": BESIDE[each.lever],
                "Is helped": names.get(each.trust, each.trust),
                "Appointments a week": round(each.a_week, 1),
            }
            for each in placed
        ]
    )


def _sankey(flows: Sequence[Flow], placed: Sequence[Beside], names: Names) -> go.Figure:
    amounts: dict[tuple[str, str], float] = {}
    for flow in flows:
        ends = flow.partner, flow.home
        amounts[ends] = amounts.get(ends, 0.0) + flow.a_week
    trusts = {giver for giver, _ in amounts}
    for each in placed:
        amounts[each.lever, each.trust] = each.a_week
    givers = [*sorted(trusts), *(name for name in BESIDE if any(each.lever == name for each in placed))]
    helped = sorted({home for _, home in amounts})
    given = {code: sum(n for (giver, _), n in amounts.items() if giver == code) for code in givers}
    got = {code: sum(n for (_, home), n in amounts.items() if home == code) for code in helped}
    label = [_label(BESIDE.get(code) or names.get(code, code), given[code]) for code in givers]
    label += [_label(names.get(code, code), got[code]) for code in helped]
    figure = go.Figure(
        go.Sankey(
            arrangement="snap",
            textfont={"color": INK, "shadow": "none", "size": 13},
            node={
                "label": label,
                "pad": 30,
                "color": [BASELINE if code in BESIDE else SPARE for code in givers] + [SHORT] * len(helped),
                "thickness": 14,
                "line": {"width": 0},
                "hovertemplate": "%{label} a week<extra></extra>",
            },
            link={
                "source": [givers.index(giver) for giver, _ in amounts],
                "target": [len(givers) + helped.index(home) for _, home in amounts],
                "value": [round(number, 1) for number in amounts.values()],
                "color": "rgba(128,128,128,0.35)",
                "hovertemplate": "%{value} appointments a week<extra></extra>",
            },
        )
    )
    figure.update_layout(
        height=max(140 + 52 * max(len(givers), len(helped)), 200),
        margin={"l": 8, "r": 8, "t": 12, "b": 12},
        font={"size": 14},
    )
    return figure


def _label(name: str, a_week: float) -> str:
    """A name with its number, in lines that leave half of a narrow picture to the other side."""
    return "<br>".join(textwrap.wrap(f"{name}: {amount_said(a_week)}", LABEL))


def show_others(
    alternatives: Sequence[Alternative], refusals: Sequence[Refusal], plan: Plan, names: Names
) -> None:
    """Write what doing without each pair would cost, and why likely ones are not in the plan."""
    halves = st.grid(2, min_column_width=HALF, gap="medium")
    with halves.cell():
        st.markdown("**Next best**")
        if alternatives:
            st.markdown("\n".join(f"- {alternative_said(each, names)}" for each in alternatives))
            if alternatives[0].at_most:
                st.caption("The pairs cheapest to do without, with all others kept as they are.")
        elif plan.pairs:
            st.markdown("Every pair is pinned.")
    with halves.cell():
        st.markdown("**Why not these**")
        if refusals:
            st.markdown("\n".join(f"- {both_said(each.pair, names)}: {each.reason}" for each in refusals))
        else:
            st.markdown("Every pair that could avoid long waits is in the plan.")


def show_way(plan: Plan, found: Worth, diagnostic: float) -> None:
    """Draw what becomes of the appointments a week: the patient who needs a diagnostic goes home for it."""
    total = plan.a_week
    steps = {
        "Offered an appointment": total,
        "Missed: waits on": total * found.missed,
        "Home, to be repeated in person": total * found.repeated,
        "Home for a diagnostic": total * found.sent_home,
        "Saves the home trust an appointment": total * found.kept,
    }
    show(
        bar_chart(
            list(steps),
            list(steps.values()),
            colours=[BASELINE, SHORT, SHORT, SHORT, SCENARIO],
            decimals=0 if total >= 100 else 1,
        ),
        title=f"What becomes of them a week, if {diagnostic:.0f}% of those seen need a diagnostic at home",
        alt="; ".join(f"{step}: {amount_said(number)}" for step, number in steps.items()),
        table=pd.DataFrame({"Step": list(steps), "Patients a week": [round(n, 1) for n in steps.values()]}),
        key="pair_way",
    )
    st.caption(
        "The clock runs on for whoever goes home: with a diagnostic to have, or to be seen in person. A "
        "clock that stops does so at the trust that helps. Shares are assumptions; the diagnostic's can be "
        "changed under the limits."
    )
