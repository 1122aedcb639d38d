"""One side of a matching on the page: bring a list in, make one up, see what is in it and what to know."""

import io
from collections.abc import Callable, Mapping
from typing import IO, Literal

import numpy as np
import pandas as pd
import streamlit as st

from data.imports.templates import as_written
from models.columns import Column
from models.matching.columns import APPROVED, ASKED, PATIENTS, SLOTS
from models.rtt.treatment_functions import TREATMENT_FUNCTIONS
from models.rtt.waiting_list import STANDARD_WEEKS
from pages.parts.upload import Importer, Outcome, Understood
from pages.sharing.matching.tables import table

Side = Literal["patients", "slots"]
COLUMNS: Mapping[Side, tuple[Column, ...]] = {"patients": PATIENTS, "slots": SLOTS}


def list_importer(
    side: Side,
    label: str,
    read: Callable[[IO[bytes]], pd.DataFrame],
    keep: Callable[[pd.DataFrame, str], None],
) -> Importer[pd.DataFrame]:
    """Gives how one side takes a file: `read` gives its rows, `keep` stores them under the file's name."""

    def kept(frame: pd.DataFrame, name: str) -> Outcome:
        keep(frame, name)
        return Outcome("changed")  # the page shows the list from now on

    return Importer(
        f"match_{side}",
        label,
        read,
        lambda frame: Understood(f"{_counted(frame, side)}.", as_written(frame.head(), COLUMNS[side])),
        kept,
        button="Read this file",
        nothing="Nothing was stored.",
        columns=COLUMNS[side],
        sheet=side,
    )


def _counted(frame: pd.DataFrame, side: Side) -> str:
    provider = "home_provider" if side == "patients" else "provider"
    number = len(frame) if side == "patients" else int(frame["count"].sum())
    what = "patients" if side == "patients" else "places"
    return (
        f"{number:,} {what} at {frame[provider].nunique():,} providers, in "
        f"{frame['treatment_function'].nunique():,} treatment functions"
    )


def list_file(frame: pd.DataFrame, side: Side) -> bytes:
    """Gives a list as a CSV that can be uploaded again."""
    text = io.StringIO()
    as_written(frame, COLUMNS[side]).to_csv(text, index=False)
    return text.getvalue().encode()


def show_patients(patients: pd.DataFrame) -> None:
    """Draw what is in the list of patients, and what to know of it before matching."""
    weeks = patients["weeks_waited"]
    with st.grid(5, min_column_width=150):
        st.metric("Patients", f"{len(patients):,}")
        st.metric("Providers", f"{patients['home_provider'].nunique():,}")
        st.metric("Treatment functions", f"{patients['treatment_function'].nunique():,}")
        st.metric(f"Over {STANDARD_WEEKS} weeks", f"{int((weeks >= STANDARD_WEEKS).sum()):,}")
        st.metric("Over 52 weeks", f"{int((weeks >= 52).sum()):,}")
    for warning in patient_warnings(patients):
        st.warning(warning)
    _show_by_function(patients.assign(number=1), "Patients", "patients")


def patient_warnings(patients: pd.DataFrame) -> list[str]:
    """Gives what a planner should know of a list of patients before matching, a sentence each."""
    count = len(patients)
    asked = int((patients["home_approval"] == ASKED).sum())
    withheld = count - asked - int((patients["home_approval"] == APPROVED).sum())
    unknown = int(patients["latitude"].isna().sum())
    wait = int((patients["next_appointment"].isna() & patients["expected_weeks"].isna()).sum())
    blank = {"ASA grade": patients["asa"], "BMI": patients["bmi"], "age band": patients["age_band"]}
    missing = [
        f"{int(cells.isna().sum()):,} no {name}" for name, cells in blank.items() if cells.isna().any()
    ]
    warnings = [
        (
            asked,
            f"{asked:,} of {count:,} wait for their home trust's answer: they are "
            "matched only if you count them in below.",
        ),
        (withheld, f"{withheld:,} of {count:,} may not move: their home trust said no."),
        (
            unknown,
            f"For {unknown:,} it is not known where they live: only those who go anywhere, or can be "
            "seen from home, can be matched.",
        ),
        (
            wait,
            f"For {wait:,} neither a next appointment nor the expected wait is known: weeks saved leave "
            "them out.",
        ),
        (
            len(missing),
            f"{'; '.join(missing).capitalize()}: such patients fit only places without that limit.",
        ),
    ]
    return [sentence for number, sentence in warnings if number]


def show_slots(slots: pd.DataFrame, waiting: pd.DataFrame | None, first_week: pd.Timestamp) -> None:
    """Draw what is in the list of slots, and what to know of it before matching."""
    with st.grid(5, min_column_width=150):
        st.metric("Places", f"{int(slots['count'].sum()):,}")
        st.metric("Providers", f"{slots['provider'].nunique():,}")
        st.metric("Treatment functions", f"{slots['treatment_function'].nunique():,}")
        virtual = slots.loc[slots["medium"] != "face_to_face", "count"].sum()
        st.metric("By video or telephone", f"{int(virtual):,}")
        st.metric("Weeks", f"{slots['week'].nunique():,}")
    for warning in slot_warnings(slots, waiting, first_week):
        st.warning(warning)
    _show_by_function(slots.assign(number=slots["count"]), "Places", "slots")


def slot_warnings(slots: pd.DataFrame, waiting: pd.DataFrame | None, first_week: pd.Timestamp) -> list[str]:
    """Gives what a planner should know of a list of slots before matching, a sentence each."""
    past = int(slots.loc[slots["week"] < first_week, "count"].sum())
    unknown = int((slots["latitude"].isna() & (slots["medium"] == "face_to_face")).sum())
    warnings = [
        (past, f"{past:,} places are in weeks that have begun: they are not matched."),
        (
            unknown,
            f"For {unknown:,} rows it is not known where the place is: they fit only patients who go "
            "anywhere.",
        ),
    ]
    if waiting is not None:
        asked = set(waiting["treatment_function"])
        wanted = np.isin(slots["treatment_function"].to_numpy(object), list(asked))
        idle = int(slots.loc[~wanted, "count"].sum())
        warnings.append((idle, f"{idle:,} places are for treatment functions nobody on the list waits for."))
        absent = int((~waiting["treatment_function"].isin(slots["treatment_function"])).sum())
        warnings.append(
            (
                absent,
                f"Nothing is offered for {absent:,} of the patients: no place is in their "
                "treatment function.",
            )
        )
    return [sentence for number, sentence in warnings if number]


def _show_by_function(rows: pd.DataFrame, what: str, key: str) -> None:
    by = rows.groupby("treatment_function")["number"].sum().sort_values(ascending=False)
    shown = pd.DataFrame(
        {"treatment_function": [TREATMENT_FUNCTIONS[code].name for code in by.index], "count": by.to_numpy()}
    )
    panel = st.expander(f"{what} by treatment function", key=f"match_{key}_by_function", on_change="rerun")
    if not panel.open:
        return
    with panel:
        table(
            shown,
            ["treatment_function", "count"],
            key=f"match_{key}_functions",
            alt=f"{what} by treatment function, most first",
        )
