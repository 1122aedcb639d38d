"""How the scenario lab shows an answer: the sentences, the list against its baseline, then the detail."""

from collections.abc import Callable, Sequence
from datetime import date

import numpy as np
import pandas as pd
import streamlit as st

from data.database.store import Store
from models.rtt.waiting_list import STANDARD
from models.scenarios.scenario import Scenario
from models.statements import list_context
from pages.parts.figures import BASELINE, SCENARIO, Line, line_chart, show
from pages.parts.numbers import appointment_table, columns_of, csv_of, days_of, times, weekly_table
from pages.what_if.lab.certainty import show_certainty
from pages.what_if.lab.gains import show_gains
from pages.what_if.lab.goal import show_goal
from pages.what_if.lab.motion import show_motion
from pages.what_if.lab.waterfall import show_waterfall
from questions.lab import LabAnswer
from sim.reports.scenario_report import UNCHANGED
from sim.runs.comparison import end_of
from sim.runs.results import Band, Results, band

SMOOTHED_WEEKS = 4  # a bank holiday takes a fifth of a week's clinics


def show_sentences(lab: LabAnswer) -> None:
    """Write the answer in words, those who lose as large as those who gain."""
    st.markdown(f"## {lab.statements.headline}")
    st.markdown(" ".join(lab.statements.changes))
    if heading := lab.heading:
        st.markdown(" ".join(heading[1:3]))  # where it settles, and when it is cleared
    if lab.statements.gains or lab.statements.losses:
        better, worse = st.columns(2, gap="medium")
        better.markdown(f"**Who gains**\n\n{' '.join(lab.statements.gains)}")
        worse.markdown(f"**Who loses**\n\n{' '.join(lab.statements.losses)}")
    for limit in lab.statements.limits:
        st.markdown(f":material/info: {limit}")


def show_list(lab: LabAnswer) -> None:
    """Draw the list against its baseline."""
    scenario, baseline = lab.scenario, lab.baseline
    opening = scenario.opening_value("waiting")
    bands = [(lab.title, SCENARIO, _with_opening(band(scenario.total("waiting")), opening))]
    if not lab.unchanged:
        bands.insert(0, (UNCHANGED, BASELINE, _with_opening(band(baseline.total("waiting")), opening)))
    else:
        bands = [(UNCHANGED, BASELINE, bands[0][2])]
    _draw_bands("list", "Pathways waiting", bands, days_of(scenario, opening=True), lab.statements.headline)
    st.caption(list_context(opening, end_of(scenario, "waiting"), end_of(baseline, "waiting")))
    st.caption(lab.past_error)


@st.fragment
def show_detail(
    lab: LabAnswer, place: str, store: Store, providers: dict[str, str], choose: Callable[[Scenario], None]
) -> None:
    """Draw the choice of pictures and the chosen one; no other is worked out.

    `providers` are the board's names by code; `choose` makes a scenario the one that is shown.
    """
    question, waiting = lab.question, lab.baseline.opening_value("waiting")
    pictures: dict[str, Callable[[], None]] = {
        "Who gains and loses": lambda: show_gains(lab, providers),
        "Which lever did what": lambda: show_waterfall(store, question),
        "What would it take": lambda: show_goal(store, question, waiting, choose),
        "How sure are we": lambda: show_certainty(store, lab),
        "Watch it move": lambda: show_motion(store, question),
        "18 and 52 weeks": lambda: _show_standards(lab),
        "All numbers": lambda: _show_numbers(lab, place),
    }
    st.subheader("Look closer", anchor="look-closer")
    # pills, because tabs that don't fit hide behind an arrow
    chosen = st.pills(
        "Look closer",
        list(pictures),
        default=next(iter(pictures)),
        required=True,
        key="lab_tab",
        label_visibility="collapsed",
        wrap=True,
    )
    pictures[chosen]()


def _show_standards(lab: LabAnswer) -> None:
    _show_share(lab)
    _show_over(lab)
    if heading := lab.heading:
        st.markdown("#### Where the list is heading")
        st.markdown("\n".join(f"- {sentence}" for sentence in heading))


def _show_share(lab: LabAnswer) -> None:
    bands = [
        (name, colour, times(band(results.share_within_18()), 100)) for name, colour, results in _runs(lab)
    ]
    days = days_of(lab.scenario)
    _draw_bands("share", "Share within 18 weeks, %", bands, days, lab.statements.changes[0], percent=True)


def _show_over(lab: LabAnswer) -> None:
    opening = lab.scenario.opening_value("over_52")
    bands = [
        (name, colour, _with_opening(band(results.total("over_52")), opening))
        for name, colour, results in _runs(lab)
    ]
    days = days_of(lab.scenario, opening=True)
    _draw_bands("over", "Pathways waiting over 52 weeks", bands, days, lab.statements.changes[1])


def _show_appointments(lab: LabAnswer) -> None:
    st.caption("Estimated: the returns do not count appointments. Means of four weeks; bands hold 80%.")
    table = appointment_table(lab.comparison)
    days = days_of(lab.scenario)[SMOOTHED_WEEKS - 1 :]
    for kind, heading in (("first", "First appointments a week"), ("follow_up", "Follow-ups a week")):
        lines = []
        for name, colour, results in _runs(lab):
            for medium, word, dash in (
                ("face_to_face", "face to face", "solid"),
                ("virtual", "virtual", "dash"),
            ):
                found_band = band(_smoothed(results.total(f"{kind}_{medium}")))
                short = "unchanged" if name == UNCHANGED else "scenario"
                lines.append(
                    Line(
                        f"{word}, {short}",
                        found_band.mean,
                        colour,
                        found_band.lower,
                        found_band.upper,
                        "dash" if dash == "dash" else "solid",
                    )
                )
        show(
            line_chart(days, lines),
            title=heading,
            alt=f"{heading} by medium under both. {' '.join(lab.statements.limits)}",
            table=table,
            key=f"lab_{kind}",
        )
    st.dataframe(
        table,
        hide_index=True,
        alt="Table: appointments a week by medium, missed and repeated",
        column_config={name: st.column_config.NumberColumn(format="localized") for name in table.columns[1:]},
    )


def _show_numbers(lab: LabAnswer, place: str) -> None:
    st.markdown("#### Week by week")
    table = weekly_table(lab.comparison)
    st.dataframe(
        table,
        hide_index=True,
        height=360,
        alt="Table: both lists week by week with 80% bands",
        column_config={name: st.column_config.NumberColumn(format="localized") for name in table.columns[1:]},
    )
    st.download_button(
        "Download as CSV",
        csv_of(table, lab.question, place),
        file_name=f"tandem-{lab.question.scope}-{lab.question.scenario.name}-{lab.question.month}.csv",
        mime="text/csv",
        on_click="ignore",
        icon=":material/download:",
    )
    st.markdown("#### Appointments")
    _show_appointments(lab)


def _runs(lab: LabAnswer) -> list[tuple[str, str, Results]]:
    unchanged = (UNCHANGED, BASELINE, lab.baseline)
    if lab.unchanged:
        return [unchanged]
    return [unchanged, (lab.title, SCENARIO, lab.scenario)]


def _draw_bands(
    key: str,
    heading: str,
    bands: Sequence[tuple[str, str, Band]],
    days: Sequence[date],
    alt: str,
    *,
    percent: bool = False,
) -> None:
    lines = [Line(name, each.mean, colour, each.lower, each.upper) for name, colour, each in bands]
    columns: dict[str, object] = {"Week ending": days}
    for name, _, each in bands:
        columns |= columns_of(name, each, 1 if percent else 0)
    show(
        line_chart(
            days,
            lines,
            percent=percent,
            standard=100 * STANDARD.share if percent else None,
            standard_label="Standard: 92%" if percent else "",
        ),
        title=heading,
        alt=alt,
        table=pd.DataFrame(columns),
        key=f"lab_{key}",
    )


def _with_opening(future: Band, value: float) -> Band:
    return Band(*(np.append(value, each) for each in (future.mean, future.lower, future.upper)))


def _smoothed(values: np.ndarray) -> np.ndarray:
    """Means of four weeks, by replication, (R, weeks - 3)."""
    return np.lib.stride_tricks.sliding_window_view(values, SMOOTHED_WEEKS, axis=1).mean(axis=2)
