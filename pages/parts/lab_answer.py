"""How the scenario lab shows an answer: the sentences, the list against its baseline, then the detail."""

from collections import Counter
from collections.abc import Sequence
from datetime import date

import numpy as np
import pandas as pd
import streamlit as st

from models.answers import count, list_context
from models.months import month_label
from models.treatment_functions import name_of
from models.waiting_list import STANDARD
from pages.parts.figures import BASELINE, SCENARIO, SHORT, Line, bar_chart, line_chart, profile_chart, show
from pages.parts.lab_link import Request
from pages.parts.lab_numbers import (
    appointment_table,
    change_by_week,
    columns_of,
    csv_of,
    days_of,
    times,
    weekly_table,
)
from pages.parts.runs import Comparison
from sim.comparison import (
    Answer,
    answer,
    changes_by_treatment_function,
    end_month,
    end_of,
)
from sim.results import Band, Results, band

UNCHANGED = "If nothing changes"
NOTHING_CHANGED = (
    "Nothing is changed in this run, so nobody gains or loses. Choose a scenario or use a lever."
)
SMOOTHED_WEEKS = 4  # a bank holiday takes a fifth of a week's clinics
TABS = ("Gains and losses", "18 and 52 weeks", "Appointments", "Weeks waited", "How sure", "Numbers")


def show_sentences(found: Comparison, place: str, title: str) -> Answer:
    """Write the answer in words, those who lose as large as those who gain; gives the sentences."""
    said = answer(found.scenario.results, found.baseline.results)
    st.caption(f"{place} · {title}")
    st.markdown(f"## {said.headline}")
    st.markdown(" ".join(said.changes))
    if said.gains or said.losses:
        better, worse = st.columns(2, gap="medium")
        better.markdown(f"**Who gains**\n\n{' '.join(said.gains)}")
        worse.markdown(f"**Who loses**\n\n{' '.join(said.losses)}")
    for limit in said.limits:
        st.markdown(f":material/info: {limit}")
    return said


def show_list(found: Comparison, said: Answer, title: str) -> None:
    """Draw the list against its baseline."""
    scenario, baseline = found.scenario.results, found.baseline.results
    opening = scenario.opening_value("waiting")
    bands = [(title, SCENARIO, _with_opening(band(scenario.total("waiting")), opening))]
    if found.scenario is not found.baseline:
        bands.insert(0, (UNCHANGED, BASELINE, _with_opening(band(baseline.total("waiting")), opening)))
    else:
        bands = [(UNCHANGED, BASELINE, bands[0][2])]
    _draw_bands("list", "Pathways waiting", bands, days_of(scenario, opening=True), said.headline)
    st.caption(list_context(opening, end_of(scenario, "waiting"), end_of(baseline, "waiting")))


@st.fragment
def show_detail(found: Comparison, said: Answer, request: Request, place: str, title: str) -> None:
    """Draw the tabs; only the open one is worked out."""
    tabs = st.tabs(TABS, key="lab_tab", on_change="rerun")
    pictures = (_show_gains, _show_standards, _show_appointments, _show_weeks)
    for tab, picture in zip(tabs, pictures, strict=False):
        if tab.open:
            with tab:
                picture(found, said, title)
    if tabs[-2].open:
        with tabs[-2]:
            _show_certainty(found, request)
    if tabs[-1].open:
        with tabs[-1]:
            _show_numbers(found, request, place)


def _show_gains(found: Comparison, said: Answer, title: str) -> None:
    if found.scenario is found.baseline:
        st.info(NOTHING_CHANGED)
        return
    _show_functions(found, said)
    _show_difference(found, said, title)


def _show_standards(found: Comparison, said: Answer, title: str) -> None:
    _show_share(found, said, title)
    _show_over(found, said, title)


def _show_share(found: Comparison, said: Answer, title: str) -> None:
    bands = [
        (name, colour, times(band(results.share_within_18()), 100))
        for name, colour, results in _runs(found, title)
    ]
    days = days_of(found.scenario.results)
    _draw_bands("share", "Share within 18 weeks, %", bands, days, said.changes[0], percent=True)


def _show_over(found: Comparison, said: Answer, title: str) -> None:
    opening = found.scenario.results.opening_value("over_52")
    bands = [
        (name, colour, _with_opening(band(results.total("over_52")), opening))
        for name, colour, results in _runs(found, title)
    ]
    days = days_of(found.scenario.results, opening=True)
    _draw_bands("over", "Pathways waiting over 52 weeks", bands, days, said.changes[1])


def _show_functions(found: Comparison, said: Answer) -> None:
    scenario, baseline = found.scenario.results, found.baseline.results
    change = changes_by_treatment_function(scenario, baseline)
    admission = changes_by_treatment_function(scenario, baseline, "waiting_admission")
    names, month = [name_of(code) for code in change], end_month(scenario)
    figure = bar_chart(
        names,
        [round(each.mean) for each in change.values()],
        colours=[SHORT if each.mean > 0 else SCENARIO for each in change.values()],
        lower=[min(each.lower, round(each.mean)) for each in change.values()],
        upper=[max(each.upper, round(each.mean)) for each in change.values()],
    )
    table = pd.DataFrame(
        [
            {
                "Specialty": name_of(code),
                "Waiting now": scenario.opening_value("waiting", scenario.chosen(None, [code])),
                "If nothing changes": _at_end(baseline, code),
                "Scenario": _at_end(scenario, code),
                "Difference": round(each.mean),
                "80% from": round(each.lower),
                "80% to": round(each.upper),
                "Of it, waiting for admission": round(admission[code].mean),
            }
            for code, each in change.items()
        ]
    )
    show(
        figure,
        title=f"Pathways more (orange) or fewer (blue) than if nothing changed, {month}, with 80% range",
        alt=" ".join((*said.losses, *said.gains)),
        table=table,
        key="lab_functions",
    )


def _show_difference(found: Comparison, said: Answer, title: str) -> None:
    scenario, baseline = found.scenario.results, found.baseline.results
    change, days = change_by_week(scenario, baseline, "waiting"), days_of(scenario)
    figure = line_chart(days, [Line(title, change.mean, SCENARIO, change.lower, change.upper)])
    least, most = min(change.lower.min(), 0.0), max(change.upper.max(), 0.0)
    room = 0.1 * max(most - least, 1.0)
    figure.update_yaxes(range=[least - room, most + room])
    show(
        figure,
        title="Pathways more (above zero) or fewer (below) than if nothing changed",
        alt=said.headline,
        table=pd.DataFrame({"Week ending": days} | columns_of("Difference", change, 0)),
        key="lab_difference",
    )


def _at_end(results: Results, code: str) -> int:
    return round(results.total("waiting", results.chosen(None, [code]))[:, -1].mean())


def _show_appointments(found: Comparison, said: Answer, title: str) -> None:
    st.caption("Estimated: the returns do not count appointments. Means of four weeks; bands hold 80%.")
    table = appointment_table(found)
    days = days_of(found.scenario.results)[SMOOTHED_WEEKS - 1 :]
    for kind, heading in (("first", "First appointments a week"), ("follow_up", "Follow-ups a week")):
        lines = []
        for name, colour, results in _runs(found, title):
            for medium, word, dash in (
                ("face_to_face", "face to face", "solid"),
                ("virtual", "virtual", "dash"),
            ):
                found_band = band(_smoothed(results.total(f"{kind}_{medium}")))
                short = "unchanged" if name == UNCHANGED else "scenario"
                lines.append(
                    Line(
                        f"{word}, {short}", found_band.mean, colour, found_band.lower, found_band.upper,
                        "dash" if dash == "dash" else "solid",
                    )
                )  # fmt: skip
        show(
            line_chart(days, lines),
            title=heading,
            alt=f"{heading} by medium under both. {' '.join(said.limits)}",
            table=table,
            key=f"lab_{kind}",
        )
    st.dataframe(table, hide_index=True, alt="Table: appointments a week by medium, missed and repeated")


def _show_weeks(found: Comparison, said: Answer, title: str) -> None:
    results, month = found.scenario.results, end_month(found.scenario.results)
    now, end, unchanged = (
        results.opening.sum(axis=0),
        results.closing.sum(axis=0),
        found.baseline.results.closing.sum(axis=0),
    )
    table = pd.DataFrame(
        {
            "Weeks waited": [*(f"{week} to {week + 1}" for week in range(len(now) - 1)), "104 or more"],
            f"Now ({month_label(results.data_month)})": now,
            f"If nothing changes ({month})": np.rint(unchanged).astype(int),
            f"Scenario ({month})": np.rint(end).astype(int),
        }
    )
    label = month_label(results.data_month)
    show(
        profile_chart(now, label=label),
        title=f"Pathways by weeks waited, {label}",
        alt=f"{count(now[:18].sum())} have waited under 18 weeks, {count(now[52:].sum())} over 52.",
        table=table,
        key="lab_profile_now",
    )
    changed = found.scenario is not found.baseline
    show(
        profile_chart(
            unchanged,
            label=UNCHANGED,
            against=end if changed else None,
            against_label=title,
            against_colour=SCENARIO,
        ),
        title=f"Pathways by weeks waited, {month} (estimated)",
        alt=f"{count(end[:18].sum())} would have waited under 18 weeks, {count(end[52:].sum())} over 52; "
        f"{count(unchanged[:18].sum())} and {count(unchanged[52:].sum())} if nothing changed.",
        table=table,
        key="lab_profile_end",
    )


def _show_certainty(found: Comparison, request: Request) -> None:
    kinds = Counter(found.scenario.notes)
    st.markdown(
        f"Each number is the mean of **{request.replications} simulated futures** of the same list, and the "
        "band holds 80% of them. The scenario and its baseline live through the same chance, so the range of "
        "their difference is the lever's and not luck's."
    )
    st.markdown(
        "**In the band:** the chance of who is referred, comes and is treated when; and how much "
        "referrals, capacity and removals have varied from what was usual.\n\n"
        "**Not in the band yet:** doubt about the evidence behind a lever. What is marked *assumption* in "
        "the form has no source; change it there and see what it does. Strikes, new money and what other "
        "boards do are not in it either."
    )
    st.markdown(
        "**Published:** the list by weeks waited, clock starts and stops. **Estimated:** who on the list has "
        "had a first appointment, removals, appointments and their medium."
    )
    st.markdown(
        f"**The returns behind it:** {found.scenario.series:,} series of provider and specialty, to "
        f"{month_label(request.month)}; {found.scenario.series - sum(kinds.values()):,} are unremarkable."
        + "".join(f"\n- {number:,}: {note}" for note, number in kinds.most_common(6))
    )


def _show_numbers(found: Comparison, request: Request, place: str) -> None:
    table = weekly_table(found)
    st.dataframe(
        table,
        hide_index=True,
        height=360,
        alt="Table: both lists week by week with 80% bands",
        column_config={name: st.column_config.NumberColumn(format="localized") for name in table.columns[1:]},
    )
    st.download_button(
        "Download as CSV",
        csv_of(table, request, place),
        file_name=f"tandem-{request.scope}-{request.scenario.name}-{request.month}.csv",
        mime="text/csv",
        on_click="ignore",
        icon=":material/download:",
    )


def _runs(found: Comparison, title: str) -> list[tuple[str, str, Results]]:
    unchanged = (UNCHANGED, BASELINE, found.baseline.results)
    if found.scenario is found.baseline:
        return [unchanged]
    return [unchanged, (title, SCENARIO, found.scenario.results)]


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


def _with_opening(found: Band, value: float) -> Band:
    return Band(*(np.append(value, each) for each in (found.mean, found.lower, found.upper)))


def _smoothed(values: np.ndarray) -> np.ndarray:
    """Means of four weeks, by replication, (R, weeks - 3)."""
    return np.lib.stride_tricks.sliding_window_view(values, SMOOTHED_WEEKS, axis=1).mean(axis=2)
