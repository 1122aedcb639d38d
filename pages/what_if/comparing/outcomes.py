"""How the Compare page shows scenarios side by side: the sentence, the lines, the table of outcomes."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
import streamlit as st

from models.rtt.measures import measure
from models.rtt.waiting_list import STANDARD
from models.statements import Interval
from pages.parts.figures import BASELINE, INK, SCENARIO, SHORT, SPARE, Line, line_chart, show
from pages.parts.numbers import change_by_week, choose_measure, columns_of, days_of, times
from sim.reports.scenario_report import UNCHANGED
from sim.reports.side_by_side import OUTCOMES, SAME, Column, Outcome, also_said, best_said, ordered
from sim.runs.comparison import end_month
from sim.runs.results import Band, Results, band

OTHER = "#000005"  # the theme's fifth colour
COLOURS = (SCENARIO, OTHER, SPARE, SHORT, INK)  # as in the files to take away
LONGEST_LABEL = 26  # characters at a line's end
BANDED = 2  # lines, beyond which bands would hide each other
AS_CHOSEN = "as chosen"


def show_words(columns: Sequence[Column], place: str) -> None:
    """Write which scenario does best, and which leaves somebody worse off."""
    st.caption(f"{place} · {len(columns)} {'scenario' if len(columns) == 1 else 'scenarios'}")
    st.markdown(f"## {best_said(columns)}")
    best, worse = also_said(columns)[:2], also_said(columns)[2:]
    st.markdown("  \n".join((*best, *(f"**{sentence}**" for sentence in worse))))


def show_lines(columns: Sequence[Column]) -> None:
    """Draw one measure of all scenarios over each other, as differences from the baseline or as it stands."""
    with st.container(horizontal=True, horizontal_alignment="distribute"):
        name = choose_measure("compare_measure")
        apart = st.segmented_control(
            "Shown as",
            [True, False],
            format_func=lambda apart: "Difference" if apart else "As it stands",
            default=True,
            required=True,
            key="compare_apart",
            label_visibility="collapsed",
        )
    share = name == "share_within_18"
    days = days_of(columns[0].scenario)
    coloured = list(zip(columns, COLOURS, strict=False))
    drawn = [(column.title, colour, _change(column, name)) for column, colour in coloured]
    if not apart:
        drawn = [(UNCHANGED, BASELINE, _by_week(columns[0].baseline, name))]
        drawn += [(column.title, colour, _by_week(column.scenario, name)) for column, colour in coloured]
    lines, table = [], dict[str, object]({"Week ending": days})
    for title, colour, outcome in drawn:
        banded = len(columns) < BANDED
        lines.append(
            Line(
                shortened(title),
                outcome.mean,
                colour,
                outcome.lower if banded else None,
                outcome.upper if banded else None,
            )
        )
        table |= columns_of(title, outcome, 1 if share else 0)
    unit = ("points" if apart else "%") if share else "patients"
    against = f", {unit} more (above zero) or fewer (below) than if nothing changed" if apart else f", {unit}"
    show(
        line_chart(
            days,
            lines,
            percent=share and not apart,
            signed=apart,
            standard=100 * STANDARD.share if share and not apart else None,
            standard_label="Standard: 92%" if share and not apart else "",
        ),
        title=f"{measure(name).label}{against}",
        alt=f"{measure(name).label}{against}, under each scenario. {best_said(columns)}",
        table=pd.DataFrame(table),
        key="compare_lines",
    )
    if len(columns) >= BANDED:
        st.caption("Lines are means of the simulated futures; the 80% ranges are in the table below.")


def show_outcomes(columns: Sequence[Column]) -> None:
    """Draw the table: outcomes as rows, scenarios as columns in a chosen order, differences in small type."""
    st.markdown(f"**Outcomes in {end_month(columns[0].scenario)}**")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        by = st.selectbox(
            "Best first by",
            [AS_CHOSEN, *OUTCOMES],
            format_func=lambda name: OUTCOMES[name].label if name in OUTCOMES else "As chosen",
            key="compare_order",
            width=260,
        )
        with st.popover("Rows and columns"):
            shown = st.pills(
                "Rows shown",
                list(OUTCOMES),
                selection_mode="multi",
                default=list(OUTCOMES),
                format_func=lambda name: OUTCOMES[name].label,
                key="compare_rows",
            )
            titles = [column.title for column in columns]
            kept = st.pills(
                "Scenarios shown", titles, selection_mode="multi", default=titles, key="compare_columns"
            )
    placed = list(columns) if by == AS_CHOSEN else ordered(columns, OUTCOMES[by])
    placed = [column for column in placed if column.title in kept]
    outcomes = [OUTCOMES[name] for name in OUTCOMES if name in shown]
    table = outcome_table(columns[0].baseline, placed, outcomes)
    st.table(table, border="horizontal", alt="Table: outcomes by scenario, with differences from baseline")
    st.caption(
        f"In small type: the 80% range; below it the difference from '{UNCHANGED}' with its own 80% range, "
        "taken future by future on the same random numbers. Estimated by simulation; appointments are not in "
        "the returns."
    )


def outcome_table(baseline: Results, columns: Sequence[Column], outcomes: Sequence[Outcome]) -> pd.DataFrame:
    """The outcomes as Markdown, two rows each; the baseline first, a count of better and worse last."""
    cells: dict[str, list[str]] = {UNCHANGED: [], **{column.title: [] for column in columns}}
    names: list[str] = []
    for outcome in outcomes:
        names += [f"**{outcome.label}**", _quiet(names, "difference")]
        cells[UNCHANGED] += [_cell(outcome, Interval.of(band(outcome.values(baseline)))), ""]
        for column in columns:
            cells[column.title] += [_cell(outcome, column.end(outcome)), _difference(column, outcome)]
    names.append("**The outcomes above**")
    cells[UNCHANGED].append("")
    for column in columns:
        cells[column.title].append(column.scorecard())
    return pd.DataFrame(cells, index=names)


def _quiet(names: Sequence[str], word: str) -> str:
    """A row's name in small type, told from the others by spaces that are not drawn."""
    return f":small[{word}{' ' * len(names)}]"


def shortened(title: str) -> str:
    """A title that fits at the end of a line."""
    return title if len(title) <= LONGEST_LABEL else f"{title[: LONGEST_LABEL - 1].rstrip()}…"


def _cell(outcome: Outcome, value: Interval) -> str:
    if np.isnan(value.mean):
        return "none"
    return (
        f"**{outcome.form(value.mean)}** :small[{outcome.form(value.lower)} to {outcome.form(value.upper)}]"
    )


def _difference(column: Column, outcome: Outcome) -> str:
    change = column.change(outcome)
    if np.isnan(change.mean):
        return ""
    better = column.is_better(outcome)
    ends = (change.lower, change.upper)
    if all(abs(value) < SAME[outcome.unit] for value in (change.mean, *ends)):
        return ":small[no change]"
    word = {True: " better", False: " worse", None: ""}[better]
    unit = " points" if outcome.unit == "%" else ""
    words = f"{outcome.form_change(change.mean)}{unit}{word}"
    between = f"({' to '.join(map(outcome.form_change, ends))})"
    coloured = words if better is None else f":{'green' if better else 'orange'}[{words}]"
    return f":small[{coloured} {between}]"


def _by_week(results: Results, name: str) -> Band:
    if name == "share_within_18":
        return times(band(results.share_within_18()), 100)
    return band(results.total(name))


def _change(column: Column, name: str) -> Band:
    """Scenario less baseline by week."""
    if name == "share_within_18":
        return times(band(column.scenario.share_within_18() - column.baseline.share_within_18()), 100)
    return change_by_week(column.scenario, column.baseline, name)
