"""How the scenario lab shows an answer: the sentences, the list against its baseline, then the detail."""

from collections import Counter
from collections.abc import Sequence
from datetime import date

import numpy as np
import pandas as pd
import streamlit as st

from data.version import PRODUCT_VERSION
from models.answers import count, list_context
from models.months import last_day, month_label
from models.treatment_functions import name_of
from models.waiting_list import STANDARD
from pages.parts.figures import BASELINE, SCENARIO, SHORT, Line, bar_chart, line_chart, profile_chart, show
from pages.parts.lab_link import Request
from pages.parts.runs import Comparison
from sim.comparison import (
    SETTLED_WEEKS,
    Answer,
    answer,
    changes_by_treatment_function,
    end_month,
    end_of,
)
from sim.results import Band, Results, band, difference

UNCHANGED = "If nothing changes"
SMOOTHED_WEEKS = 4  # a bank holiday takes a fifth of a week's clinics
APPOINTMENTS = {
    "first_face_to_face": "First, face to face",
    "first_virtual": "First, virtual",
    "follow_up_face_to_face": "Follow-up, face to face",
    "follow_up_virtual": "Follow-up, virtual",
    "missed_face_to_face": "Missed, face to face",
    "missed_virtual": "Missed, virtual",
    "repeated": "Repeated face to face after a virtual one",
}
TABS = (
    "Within 18 weeks", "Over 52 weeks", "Who gains and loses", "Appointments", "Weeks waited",
    "How sure are we", "Numbers",
)  # fmt: skip


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
    _draw_bands("list", "Pathways waiting", bands, _days(scenario, opening=True), said.headline)
    st.caption(list_context(opening, end_of(scenario, "waiting"), end_of(baseline, "waiting")))


@st.fragment
def show_detail(found: Comparison, said: Answer, request: Request, place: str, title: str) -> None:
    """Draw the tabs; only the open one is worked out."""
    tabs = st.tabs(TABS, key="lab_tab", on_change="rerun")
    pictures = (_show_share, _show_over, _show_functions, _show_appointments, _show_weeks)
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


def _show_share(found: Comparison, said: Answer, title: str) -> None:
    bands = [
        (name, colour, _times(band(results.share_within_18()), 100))
        for name, colour, results in _runs(found, title)
    ]
    days = _days(found.scenario.results)
    _draw_bands("share", "Share within 18 weeks, %", bands, days, said.changes[0], percent=True)


def _show_over(found: Comparison, said: Answer, title: str) -> None:
    opening = found.scenario.results.opening_value("over_52")
    bands = [
        (name, colour, _with_opening(band(results.total("over_52")), opening))
        for name, colour, results in _runs(found, title)
    ]
    days = _days(found.scenario.results, opening=True)
    _draw_bands("over", "Pathways waiting over 52 weeks", bands, days, said.changes[1])


def _show_functions(found: Comparison, said: Answer, title: str) -> None:
    if found.scenario is found.baseline:
        st.info(
            "Nothing is changed in this run, so nobody gains or loses. Choose a scenario or pull a lever."
        )
        return
    scenario, baseline = found.scenario.results, found.baseline.results
    change = changes_by_treatment_function(scenario, baseline)
    admission = changes_by_treatment_function(scenario, baseline, "waiting_admission")
    names, month = [name_of(code) for code in change], end_month(scenario)
    figure = bar_chart(
        names,
        [each.mean for each in change.values()],
        colours=[SHORT if each.mean > 0 else SCENARIO for each in change.values()],
        lower=[each.lower for each in change.values()],
        upper=[each.upper for each in change.values()],
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


def _at_end(results: Results, code: str) -> int:
    return round(results.total("waiting", results.chosen(None, [code]))[:, -1].mean())


def _show_appointments(found: Comparison, said: Answer, title: str) -> None:
    st.caption("Estimated: the returns do not count appointments. Means of four weeks; bands hold 80%.")
    table = appointment_table(found)
    days = _days(found.scenario.results)[SMOOTHED_WEEKS - 1 :]
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


def appointment_table(found: Comparison) -> pd.DataFrame:
    """Appointments a week by kind and medium, the mean of the last 13 weeks, under both, and the change."""
    rows = []
    for measure, name in APPOINTMENTS.items():
        means = [
            each.results.total(measure)[:, -SETTLED_WEEKS:].mean()
            for each in (found.baseline, found.scenario)
        ]
        rows.append(
            {
                f"A week, mean of the last {SETTLED_WEEKS}": name,
                "If nothing changes": round(means[0]),
                "Scenario": round(means[1]),
                "Difference": round(means[1]) - round(means[0]),
            }
        )
    return pd.DataFrame(rows)


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
    st.dataframe(table, hide_index=True, height=360, alt="Table: both lists week by week with 80% bands")
    st.caption(run_in_words(request))
    st.download_button(
        "Download as CSV",
        csv_of(table, request, place),
        file_name=f"tandem-{request.scope}-{request.scenario.name}-{request.month}.csv",
        mime="text/csv",
        on_click="ignore",
        icon=":material/download:",
    )


def weekly_table(found: Comparison) -> pd.DataFrame:
    """Both runs week by week: list, share within 18 weeks and over 52, means with their 80% bands."""
    scenario, baseline = found.scenario.results, found.baseline.results
    columns: dict[str, object] = {"Week ending": _days(scenario)}
    for measure, name in (("waiting", "waiting"), ("over_52", "over 52 weeks")):
        for word, results in (("Scenario", scenario), ("Baseline", baseline)):
            columns |= _columns(f"{word}, {name}", band(results.total(measure)), 0)
        columns |= _columns(f"Difference, {name}", _by_week(scenario, baseline, measure), 0)
    for word, results in (("Scenario", scenario), ("Baseline", baseline)):
        columns |= _columns(f"{word}, within 18 weeks %", _times(band(results.share_within_18()), 100), 1)
    return pd.DataFrame(columns)


def _columns(name: str, found: Band, decimals: int) -> dict[str, object]:
    said = {name: found.mean, f"{name}, 80% from": found.lower, f"{name}, 80% to": found.upper}
    rounded = {key: np.round(values, decimals) for key, values in said.items()}
    return {key: values if decimals else values.astype(int) for key, values in rounded.items()}


def _by_week(scenario: Results, baseline: Results, measure: str) -> Band:
    difference(scenario, baseline, measure)  # refuses two runs that are not of one world
    return band(scenario.total(measure) - baseline.total(measure))


def csv_of(table: pd.DataFrame, request: Request, place: str) -> bytes:
    """The table as CSV for a spreadsheet, with what it was run from in each row."""
    origin = {
        "board": f"{place} ({request.scope})", "scenario": request.scenario.name,
        "scenario_document": request.document, "figures_to": request.month, "seed": request.seed,
        "replications": request.replications, "tandem": PRODUCT_VERSION,
    }  # fmt: skip
    return table.assign(**origin).to_csv(index=False).encode("utf-8-sig")


def run_in_words(request: Request) -> str:
    """What was run, in a line: scenario, figures, weeks, replications, seed and version."""
    return (
        f"Scenario {request.scenario.name}, figures to {month_label(request.month)}, {request.weeks} weeks, "
        f"{request.replications} futures, seed {request.seed}, Tandem {PRODUCT_VERSION}. "
        "The future is simulated, not known."
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
        columns |= _columns(name, each, 1 if percent else 0)
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


def _days(results: Results, *, opening: bool = False) -> list[date]:
    """The days weeks end on, the day the figures were counted before them if `opening`."""
    days = [each.item() for each in results.week_ends]
    return [last_day(results.data_month), *days] if opening else days


def _with_opening(found: Band, value: float) -> Band:
    return Band(*(np.append(value, each) for each in (found.mean, found.lower, found.upper)))


def _times(found: Band, scale: float) -> Band:
    return Band(found.mean * scale, found.lower * scale, found.upper * scale)


def _smoothed(values: np.ndarray) -> np.ndarray:
    """Means of four weeks, by replication, (R, weeks - 3)."""
    return np.lib.stride_tricks.sliding_window_view(values, SMOOTHED_WEEKS, axis=1).mean(axis=2)
