"""One side of a matching on the page: bring a list in, make one up, see what is in it and what to know."""

import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import IO, Literal

import numpy as np
import pandas as pd
import streamlit as st

from data.imports.cells import FaultsFound
from data.imports.identity import IdentityFound
from data.imports.templates import as_written, dictionary, template_csv, template_workbook
from models.columns import Column
from models.errors import TandemError
from models.matching.columns import APPROVED, ASKED, PATIENTS, SLOTS
from models.rtt.treatment_functions import TREATMENT_FUNCTIONS
from models.rtt.waiting_list import STANDARD_WEEKS
from pages.sharing.matching.words import table

Side = Literal["patients", "slots"]
COLUMNS: Mapping[Side, tuple[Column, ...]] = {"patients": PATIENTS, "slots": SLOTS}
TYPES = ["csv", "xlsx", "parquet"]


@dataclass(frozen=True)
class Upload:
    """How one side takes a file: `read` gives its rows, `keep` stores them under the file's name."""

    side: Side
    label: str
    read: Callable[[IO[bytes]], pd.DataFrame]
    keep: Callable[[pd.DataFrame, str], None]


def show_upload(upload: Upload) -> None:
    """Draw the place to drop a file; it is read on the button, and every fault in it is told."""
    told_key, turn_key = f"match_{upload.side}_told", f"match_{upload.side}_turn"
    turn = st.session_state.setdefault(turn_key, 0)
    file = st.file_uploader(upload.label, type=TYPES, key=f"match_{upload.side}_file_{turn}")
    asked = st.button(
        "Read this file", key=f"match_{upload.side}_read", type="primary", disabled=file is None
    )
    if asked and file is not None:
        with st.spinner(f"Reading and checking {file.name} …"):
            st.session_state[told_key] = _tried(upload, file)
        st.session_state[turn_key] = turn + 1  # the file is let go of, whatever was in it
        st.rerun()
    told = st.session_state.get(told_key)
    if isinstance(told, TandemError):
        show_refusal(told)


def _tried(upload: Upload, file: IO[bytes]) -> TandemError | None:
    try:
        upload.keep(upload.read(file), getattr(file, "name", "a file"))
    except TandemError as fault:
        return fault
    return None


def show_refusal(fault: TandemError) -> None:
    """Say what is wrong with a list: an identity found, every fault by line and column, or one message."""
    if isinstance(fault, IdentityFound):
        st.error(
            f"**This list may say who people are. Nothing was stored.**\n\n{fault.message}\n\n"
            f"**What to do:** {fault.remedy}",
            icon=":material/shield_person:",
        )
        return
    if not isinstance(fault, FaultsFound):
        st.error(f"**Nothing was stored.** {fault.message}\n\n**What to do:** {fault.remedy}")
        return
    head = fault.message.split("\n", 1)[0]
    st.error(f"**Nothing was stored.** {head}\n\n**What to do:** {fault.remedy}")
    st.dataframe(
        pd.DataFrame(
            [(each.line, each.column, each.what) for each in fault.faults],
            columns=["Line", "Column", "Fault"],
        ),
        hide_index=True,
        alt="Faults in the file, by line and column",
        column_config={
            "Line": st.column_config.NumberColumn(width=70),
            "Column": st.column_config.TextColumn(width=170),
            "Fault": st.column_config.TextColumn(width=620),
        },
    )


def show_templates(side: Side) -> None:
    """Draw the downloads of the empty list and of its data dictionary, and the dictionary itself."""
    columns = COLUMNS[side]
    with st.container(horizontal=True):
        st.download_button(
            "Template, Excel",
            lambda: template_workbook(columns, side),
            f"{side}.xlsx",
            key=f"match_{side}_template_xlsx",
            icon=":material/download:",
            on_click="ignore",
        )
        st.download_button(
            "Template, CSV",
            lambda: template_csv(columns),
            f"{side}.csv",
            key=f"match_{side}_template_csv",
            icon=":material/download:",
            on_click="ignore",
        )
        st.download_button(
            "Data dictionary",
            lambda: dictionary(columns).to_csv(index=False).encode("utf-8-sig"),
            f"{side} dictionary.csv",
            key=f"match_{side}_dictionary",
            icon=":material/download:",
            on_click="ignore",
        )
    meanings = st.expander("What each column means", key=f"match_{side}_columns", on_change="rerun")
    if meanings.open:
        meanings.dataframe(
            dictionary(columns),
            hide_index=True,
            height=388,
            key=f"match_{side}_meanings",
            alt=f"Columns of a list of {side}: meaning, what a cell may hold, example",
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
    said = [
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
    return [sentence for number, sentence in said if number]


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
    said = [
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
        said.append((idle, f"{idle:,} places are for treatment functions nobody on the list waits for."))
        absent = int((~waiting["treatment_function"].isin(slots["treatment_function"])).sum())
        said.append(
            (
                absent,
                f"Nothing is offered for {absent:,} of the patients: no place is in their "
                "treatment function.",
            )
        )
    return [sentence for number, sentence in said if number]


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
