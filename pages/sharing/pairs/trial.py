"""“Try it”: the plan in the simulation, in the background, and both sides of each pair as it ends."""

import uuid
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
import streamlit as st

from data.database.store import Store
from data.returns.pairing import Ground
from models.pairing.pairs import Limits, Plan
from models.pairing.reasons import both_said
from models.pairing.trial_scenario import trial_scenario
from models.rtt.treatment_functions import name_of, order_of
from models.scenarios.scenario import Scenario
from models.statements import Interval, count, percent, rounded, signed_points
from pages.parts.figures import BASELINE, SCENARIO, SHORT, bar_chart, show
from pages.parts.jobs import watch
from questions.jobs import Job, jobs
from questions.pairing import PairingTrial, TrialAnswer
from sim.reports.pairing_statements import taken_up_said, together_said, warnings
from sim.studies.pairing_trial import BothSides, Side, Trial

WEEKS = {52: "One year ahead", 104: "Two years ahead"}
REPLICATIONS = 30
FEWER = 10  # where many flows are to be run, which take a minute
MANY = 200  # flows
IN_FULL = 8  # pairs; the others in one table
WORDS = {
    "offered": "Offered an appointment",
    "missed": "Missed: waited on",
    "repeated": "Home, to be repeated in person",
    "diagnostic": "Home for a diagnostic",
    "again": "Home for other care",
    "ended": "Clock stopped at the partner",
}
FAILED = ("missed", "repeated", "diagnostic")  # steps told in the table too
EMERITUS, INDEPENDENT = "Emeritus sessions a week", "Independent-sector slots a week"
Names = Mapping[str, str]


def show_trial(store: Store, found: Ground, plan: Plan, scenario: Scenario, asked: str) -> None:
    """Draw the form and, once asked for, both sides of each pair.

    `scenario` is the plan's with what is placed beside it; `asked` names all the plan rests on.
    """
    st.markdown("### Try it")
    st.markdown(
        "The plan is made on averages; the queue is the judge. The appointments come out of the clinics of "
        "the trust that helps, whose own list would else have had them, in the same simulated futures with "
        "the plan and without."
    )
    weeks = int(
        st.segmented_control(
            "How far", list(WEEKS), default=104, format_func=lambda number: WEEKS[number], key="pair_weeks"
        )
        or 104
    )
    replications = FEWER if len(plan.flows) > MANY else REPLICATIONS
    trial = PairingTrial(found.calibration.scope, found, plan, scenario, asked, weeks, replications)
    watcher = st.session_state.setdefault("pair_watcher", uuid.uuid4().hex)

    def ask() -> None:
        st.session_state["pair_job"] = jobs().ask(store, trial, watcher)

    known = jobs().find(store, trial)
    if known and known.answered:
        _show(known.answer)
        return
    own: Job | None = st.session_state.get("pair_job")
    if own and known is own and not own.done.is_set():
        watch(own, lambda: jobs().cancel(own, watcher), "cancel_pairing")
        return
    if own and own.fault and own.about == trial.question.digest:
        st.warning(f"{own.fault.message} {own.fault.remedy}".strip())
    st.button("Try it", type="primary", icon=":material/play_arrow:", on_click=ask, key="pair_try")


def choose_beside(found: Ground, plan: Plan, limits: Limits) -> Scenario:
    """Draw what may be placed beside the pairs, and give the scenario of the plan with it."""
    functions = sorted({flow.treatment_function for flow in plan.flows}, key=order_of)
    with st.popover("Place emeritus sessions and independent-sector slots"):
        st.caption(
            "For the trusts that are helped, in the specialties of the plan. An emeritus session is virtual "
            "first appointments alone; an independent slot takes a patient who waits for admission."
        )
        given = st.data_editor(
            pd.DataFrame(
                {EMERITUS: 0.0, INDEPENDENT: 0.0},
                index=pd.Index([name_of(code) for code in functions], name="Specialty"),
            ),
            key="pair_beside_" + "_".join(functions),
            column_config={
                column: st.column_config.NumberColumn(column, min_value=0.0, max_value=most, step=1.0)
                for column, most in ((EMERITUS, 500.0), (INDEPENDENT, 5000.0))
            },
        )
    placed = {
        column: {
            code: float(number)
            for code, number in zip(functions, given[column].fillna(0.0), strict=True)
            if number > 0
        }
        for column in (EMERITUS, INDEPENDENT)
    }
    return trial_scenario(
        plan, limits, emeritus=placed[EMERITUS], independent=placed[INDEPENDENT], assumptions=found.changed
    )


def _show(answer: TrialAnswer) -> None:
    trial, names = answer.trial, answer.names
    st.caption(
        f"Estimated by simulation: {trial.replications} futures of {trial.weeks} weeks, to {trial.month}, in "
        "the specialties that each pair shares. Ranges hold 80%."
    )
    headline, *others = answer.sentences
    st.markdown(f"**{headline}**")
    for sentence in others:
        st.markdown(sentence)
    for place, both in enumerate(trial.pairs[:IN_FULL]):
        _show_pair(both, place, trial, names)
    if len(trial.pairs) > IN_FULL:
        _show_rest(trial.pairs[IN_FULL:], names)


def _show_rest(pairs: Sequence[BothSides], names: Names) -> None:
    with st.container(border=True):
        st.markdown(f"#### {len(pairs)} more pairs")
        sentences = [each for both in pairs for each in warnings(both, names)]
        if sentences:
            st.warning(f"{len(sentences)} warnings", icon=":material/warning:")
            with st.expander("Read them"):
                st.markdown("\n".join(f"- {each}" for each in sentences))
        tables = [
            both_sides_table(both, names).assign(Pair=both_said(both.pair.trusts, names)) for both in pairs
        ]
        st.dataframe(
            pd.concat(tables).set_index("Pair"),
            key="pair_sides_rest",
            alt="Table: both sides of the other pairs, now, without and with the pair",
        )


def _show_pair(both: BothSides, place: int, trial: Trial, names: Names) -> None:
    with st.container(border=True):
        st.markdown(f"#### {both_said(both.pair.trusts, names)}")
        st.markdown(together_said("Both together", both.together, trial.month))
        if take_up := taken_up_said(both, trial.weeks):
            st.markdown(take_up)
        for warning in warnings(both, names):
            st.warning(warning, icon=":material/warning:")
        st.dataframe(
            both_sides_table(both, names),
            hide_index=True,
            key=f"pair_sides_{place}",
            column_config={"Trust": st.column_config.TextColumn(width=250)},
            alt=f"Table: both sides of {both_said(both.pair.trusts, names)}, now, without and with the pair",
        )
        steps = {WORDS[step]: each for step, each in both.way.steps.items()}
        show(
            bar_chart(
                list(steps),
                [each.mean for each in steps.values()],
                colours=[BASELINE, SHORT, SHORT, SHORT, SHORT, SCENARIO],
                lower=[each.lower for each in steps.values()],
                upper=[each.upper for each in steps.values()],
            ),
            title=f"What became of the patients offered an appointment, to {trial.month}, with 80% range",
            alt="; ".join(f"{word}: {count(each.mean)}" for word, each in steps.items()),
            table=pd.DataFrame(
                {
                    "Step": list(steps),
                    "Patients": [rounded(each.mean) for each in steps.values()],
                    "80% from": [rounded(each.lower) for each in steps.values()],
                    "80% to": [rounded(each.upper) for each in steps.values()],
                }
            ),
            key=f"pair_steps_{place}",
        )


def both_sides_table(both: BothSides, names: Names) -> pd.DataFrame:
    """A row a side and measure: now, at the end without the pair and with it, and the difference."""
    steps = {word: both.way.steps[step] for step, word in WORDS.items() if step in FAILED}
    patients = [
        {
            "Trust": "Patients offered",
            "Measure": word,
            "Now": "0",
            "Without (80%)": "0",
            "With (80%)": _said(number, share=False),
            "Difference (80%)": _difference(number, share=False),
        }
        for word, number in steps.items()
    ]
    return pd.DataFrame([row for side in both.sides for row in _rows(side, names)] + patients)


def _rows(side: Side, names: Names) -> list[dict[str, str]]:
    words = {"waiting": "List", "share_within_18": "Within 18 weeks", "over_52": "Over 52 weeks"}
    rows = []
    for measure, word in words.items():
        share = measure == "share_within_18"
        change = side.change[measure]
        rows.append(
            {
                "Trust": f"{names.get(side.trust, side.trust)}, {'helps' if side.helps else 'is helped'}",
                "Measure": word,
                "Now": percent(side.now[measure]) if share else f"{side.now[measure]:,.0f}",
                "Without (80%)": _said(side.without[measure], share),
                "With (80%)": _said(side.with_plan[measure], share),
                "Difference (80%)": _difference(change, share),
            }
        )
    return rows


def _said(value: Interval, share: bool) -> str:
    if np.isnan(value.mean):
        return ""
    if share:
        return f"{percent(value.mean)} ({percent(value.lower)} to {percent(value.upper)})"
    return f"{rounded(value.mean):,} ({rounded(value.lower):,} to {rounded(value.upper):,})"


def _difference(change: Interval, share: bool) -> str:
    if share:
        ends = f"{signed_points(change.lower)} to {signed_points(change.upper)}"
        return f"{signed_points(change.mean)} points ({ends})"
    signed = [f"{rounded(end):+,}".replace("-", "−") for end in (change.mean, change.lower, change.upper)]
    return f"{signed[0]} ({signed[1]} to {signed[2]})"
