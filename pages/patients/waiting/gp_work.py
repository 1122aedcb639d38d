"""The GP work that waiting makes, by practice area: today, and under a scenario."""

import pandas as pd
import streamlit as st

from models.scenarios.assumptions import assumption
from models.waits.gp_work import CAUSES, change_said, changes, table
from pages.parts.figures import BASELINE, SCENARIO, bar_chart, show
from sim.observers.gp_work import GpChange

_NAMES = {
    "name": "Area",
    "waiting": "Waiting",
    "today": "Contacts a month",
    "per_thousand": "For each 1,000 waiting",
    "baseline": "In a year, if nothing changes",
    "scenario": "In a year, with the scenario",
    "change": "Difference",
    "change_lower": "80% from",
    "change_upper": "80% to",
}


def today_words(waiting: int, area_name: str, practices: int, each: float) -> str:
    """How much GP work an area's waiting list makes today."""
    contacts = waiting * each
    part = f", about {contacts / practices:,.0f} for each of its {practices} practices" if practices else ""
    return (
        f"Waiting makes an estimated {contacts:,.0f} GP contacts a month in {area_name}{part}: "
        f"{1000 * each:,.0f} for each 1,000 waiting."
    )


def change_words(found: GpChange, title: str, place: str) -> str:
    """What a scenario does to GP work over all of a board's areas, and by which cause."""
    return f"A year on, {title} would make {change_said(changes(found.baseline, found.scenario), place)}."


def show_gp_work(
    waiting: int, area: str, area_name: str, practices: int, board: str, found: GpChange | None, title: str
) -> None:
    """Draw the GP work of an area, and of all areas of the board under a scenario where there is one."""
    st.subheader("GP work that waiting makes", anchor=False)
    entry = assumption("gp_contacts")
    st.markdown(today_words(waiting, area_name, practices, entry.value))
    if found is not None:
        st.markdown(change_words(found, title, board))
    st.caption(
        f"An assumption: {entry.value:g} contacts a month for each patient who waits (likely "
        f"{entry.likely_low:g} to {entry.likely_high:g}); no source was found for it, nor for the contact "
        "that an answer with advice takes, nor for how many who come back by themselves turn to the GP "
        "first. It says how work moves, not how much there is. Today's replies and returns go on, uncounted."
    )
    if found is None:
        return
    rows = table(found.today, found.baseline, found.scenario)
    outside = dict(zip(found.today.areas.codes, found.today.areas.outside, strict=True))[area]
    if outside > 0.1 * waiting:
        st.caption(
            f"{100 * outside / waiting:.0f} in 100 of {area_name}'s waiting are at providers outside the "
            "board: they are held as they are today."
        )
    ordered = rows.sort_values("change", ascending=False, ignore_index=True)
    colours = [SCENARIO if code == area else BASELINE for code in ordered["area"]]
    show(
        bar_chart(
            ordered["name"].tolist(),
            ordered["change"],
            colours=colours,
            lower=ordered["change_lower"],
            upper=ordered["change_upper"],
        ),
        title=f"GP contacts a month by area, {title} less no change, a year on (80% ranges)",
        alt=change_words(found, title, board),
        table=shown(ordered),
        key="wait_gp_change",
    )


def shown(rows: pd.DataFrame) -> pd.DataFrame:
    """The table of `models.waits.gp_work.table` for a reader: whole contacts."""
    causes = {f"change_{cause}": label for cause, label in CAUSES.items()}
    contacts = rows[[*_NAMES, *causes]].rename(columns={**_NAMES, **causes})
    return contacts.round(0)
