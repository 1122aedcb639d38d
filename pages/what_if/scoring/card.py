"""How a scorecard is drawn: the ten at a glance, then a row for each with what it leaves out."""

from datetime import date

import pandas as pd
import streamlit as st

from models.outcomes.milestones import progress_said
from models.outcomes.scorecard import Judged, Reading, Scorecard, Verdict
from models.statements import Interval

# A shape for each verdict, so that colour never says it alone.
ICONS = {
    Verdict.MET: ":green[:material/check_circle:]",
    Verdict.CLOSE: ":blue[:material/adjust:]",
    Verdict.MISSED: ":orange[:material/cancel:]",
    Verdict.UNCLEAR: ":gray[:material/help:]",
    Verdict.LATER: ":gray[:material/schedule:]",
    Verdict.UNKNOWN: ":gray[:material/pending:]",
    Verdict.MILESTONE: ":gray[:material/flag:]",
}


def show_glance(card: Scorecard) -> None:
    """Draw the ten at a glance: a shape, the verdict in words, and the number behind it."""
    with st.grid(5, min_column_width=160, gap="medium"):
        for each in card.judged:
            with st.container(gap="xxsmall"):
                st.markdown(f"{ICONS[each.verdict]} **{each.expectation.title}**")
                st.markdown(verdict_said(each, card.today))
                st.caption(number_said(each))


def show_rows(card: Scorecard) -> None:
    """Draw the table: what stands for each, where it ends, what is asked for; below, what each leaves out."""
    st.table(card_table(card), border="horizontal", alt="Table: the ten expectations, each with its verdict")
    st.caption(
        "In small type: the 80% range of simulated futures. Met: all of that "
        "range is at the target or beyond, or clearly better than if nothing changed where no level is asked "
        "for. Close: nine tenths of the way from today. No clear answer: the range takes in the "
        "target, or no change. Estimated by simulation; appointments are not in the returns."
    )
    with st.expander("What each leaves out", expanded=True):
        st.markdown(
            "\n".join(
                f"- **{each.expectation.title}**: {each.expectation.leaves_out}" for each in card.judged
            )
        )


def card_table(card: Scorecard) -> pd.DataFrame:
    """The table as it is shown, a row an expectation, in Streamlit's markdown."""
    rows = {}
    for each in card.judged:
        rows[f"**{each.expectation.title}**"] = {
            "What stands for it": each.measure.label if each.measure else "Milestones, set below",
            "If nothing changed": unchanged_said(each),
            "Scenario": scenario_said(each),
            "Asked for": asked_said(each),
            "Verdict": f"{ICONS[each.verdict]} {verdict_said(each, card.today)}",
        }
    return pd.DataFrame.from_dict(rows, orient="index")


def verdict_said(judged: Judged, today: date) -> str:
    """The verdict in words; for milestones how far they are, for no difference at all that it is none."""
    if judged.verdict is Verdict.MILESTONE:
        return progress_said(judged.milestones, today)
    reading, measure = judged.reading, judged.measure
    if judged.verdict is Verdict.MISSED and reading and measure and judged.target:
        change = reading.change
        same = max(abs(change.mean), abs(change.lower), abs(change.upper)) < measure.same
        if judged.target.value is None and same:
            return "Missed: no change"
    return str(judged.verdict)


def number_said(judged: Judged) -> str:
    """What is expected at the date, on the mean, beside what it is held against; or why there is nothing."""
    if judged.reading is None or judged.measure is None:
        return judged.note
    expected = judged.measure.form(judged.reading.scenario.mean)
    if judged.target and judged.target.value is None:
        return f"{expected}; {judged.measure.form(judged.reading.baseline.mean)} if nothing changed"
    return f"{expected}; asked for {judged.target_said}"


def unchanged_said(judged: Judged) -> str:
    """Where it stands if nothing changes, with its range, and today where that is another figure."""
    if judged.reading is None or judged.measure is None:
        return ""
    words = _ranged(judged, judged.reading.baseline)
    return f"{words}{_today(judged, judged.reading)}"


def _today(judged: Judged, reading: Reading) -> str:
    assert judged.measure
    if abs(reading.today - reading.baseline.mean) < judged.measure.same:
        return ""
    return f"  \n:small[{judged.measure.form(reading.today)} today]"


def scenario_said(judged: Judged) -> str:
    """Where the scenario takes it, with its range; or why that is not known."""
    if judged.reading is None:
        return f":small[{judged.note}]" if judged.note else ""
    return _ranged(judged, judged.reading.scenario, "**")


def _ranged(judged: Judged, interval: Interval, mark: str = "") -> str:
    assert judged.measure
    words = f"{mark}{judged.measure.form(interval.mean)}{mark}"
    if judged.measure.form(interval.lower) == judged.measure.form(interval.upper):
        return words
    return f"{words}  \n:small[{judged.measure.form_range(interval.lower, interval.upper)}]"


def asked_said(judged: Judged) -> str:
    """What is asked for, as a table's cell begins it."""
    return f"{judged.target_said[:1].upper()}{judged.target_said[1:]}"
