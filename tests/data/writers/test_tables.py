"""A report's tables in one long file: every cell told from the others, read back as it was written."""

import io
from dataclasses import replace

import pandas as pd
import pytest

from data.writers import contents
from models.reports.report import Report, Sheet, suppressed
from tests.data.writers.examples import REPORT

pytestmark = pytest.mark.unit

OUTCOMES = pd.DataFrame(
    {
        "Scenario": ["If nothing changes", "Clinics", "Clinics"],
        "Outcome": ["Waiting", "Waiting", "Over 65 weeks"],
        "Mean": [1000, 900, 3],
        "Difference": [None, -100, -2],
    }
)
WITH_OUTCOMES = replace(
    REPORT, sheets=(*REPORT.sheets, Sheet("Outcomes", "Explained", OUTCOMES, ("Mean", "Difference")))
)


def read(report: Report, ending: str) -> pd.DataFrame:
    content = io.BytesIO(contents(ending, report, {}))
    frame = pd.read_parquet(content) if ending == ".parquet" else pd.read_csv(content, encoding="utf-8-sig")
    return frame[frame["sheet"] == "Outcomes"].set_index(["row", "column"])


def test_a_row_is_named_by_all_its_words() -> None:
    held = read(WITH_OUTCOMES, ".csv")["value"]
    assert float(held["Clinics, Waiting", "Mean"]) == 900
    assert float(held["Clinics, Over 65 weeks", "Difference"]) == -2
    assert len(held) == 6  # three rows of two numbers


def test_words_that_are_not_needed_to_tell_rows_apart_are_values() -> None:
    verdicts = pd.DataFrame(
        {
            "Scenario": ["Clinics", "Clinics"],
            "Expectation": ["Safety", "Care"],
            "Verdict": ["Met", "Missed"],
            "Mean": [1.0, None],
        }
    )
    held = read(replace(REPORT, sheets=(Sheet("Outcomes", "Explained", verdicts),)), ".parquet")
    assert held["text"]["Clinics, Care", "Verdict"] == "Missed"
    assert held["number"]["Clinics, Safety", "Mean"] == 1


def test_parquet_keeps_numbers_as_numbers() -> None:
    held = read(WITH_OUTCOMES, ".parquet")
    assert held["number"]["Clinics, Waiting", "Mean"] == 900
    assert held["number"]["Clinics, Waiting", "Difference"] == -100
    assert held["text"].isna().all()
    whole = pd.read_parquet(io.BytesIO(contents(".parquet", REPORT, {})))
    about = whole[whole["sheet"] == "About"].set_index("row")
    for name, value in REPORT.about.items():
        assert about.loc[name, "text"] == value


def test_suppressed_counts_are_text_in_parquet() -> None:
    held = read(suppressed(WITH_OUTCOMES), ".parquet")
    assert held["text"]["Clinics, Over 65 weeks", "Mean"] == "<5"
    assert pd.isna(held["number"]["Clinics, Over 65 weeks", "Mean"])
