"""Files to take to a meeting, each made only when somebody asks for it."""

from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from data.writers import contents
from models.reports.report import Part, Report, joined, suppressed

FILES = {
    ".pptx": ("Slides", "PowerPoint, with charts that can be edited and notes for the speaker"),
    ".xlsx": ("Workbook", "Excel, with tables, charts and a sheet on what it rests on"),
    ".html": ("One page", "A summary to print on one sheet of A4"),
    ".csv": ("CSV", "Every table in one long file"),
    ".parquet": ("Parquet", "The same for other software"),
    ".yaml": ("Scenario file", "The scenario itself, which loads into any Tandem"),
}


def show_report_files(
    report: Callable[[], Report],
    name: str,
    key: str,
    document: Mapping[str, Any] | None = None,
    scorecard: Callable[[], Part] | None = None,
) -> None:
    """Draw a button a file. `name` begins the files' names; without a `document` no scenario file is offered.

    `report`, the `scorecard` that may join it and the file are made on the click, beside the page's own run.
    """
    with_card = scorecard is not None and st.toggle(
        "With the ten expectations and travel",
        key=f"{key}_scorecard",
        help="The scorecard as it stands on its own page, and the miles travelled.",
    )
    small = st.toggle(
        "Leave out counts from 1 to 4",
        key=f"{key}_small",
        help="In the tables of the files, where so few could be told to be somebody.",
    )

    def maker(ending: str) -> Callable[[], bytes]:
        def make() -> bytes:
            content = report()
            if with_card and scorecard is not None:
                content = joined(content, [scorecard()])
            return contents(ending, suppressed(content) if small else content, document or {})

        return make

    with st.container(horizontal=True):
        for ending, (label, explained) in FILES.items():
            if ending == ".yaml" and document is None:
                continue
            st.download_button(
                label,
                maker(ending),
                file_name=f"{name}{ending}",
                key=f"{key}{ending}",
                help=explained,
                on_click="ignore",
                icon=":material/download:",
            )
