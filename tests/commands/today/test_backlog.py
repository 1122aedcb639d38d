"""`backlog` on the shipped figures: the sentence, the lists, the table of pressure and the months."""

import json
from pathlib import Path

import pandas as pd
import pytest

import cli
from data.database.store import Store

pytestmark = pytest.mark.integration


def backlog(store: Store, *options: str) -> int:
    return cli.main(["backlog", "--store", str(store.path), *options])


def test_a_boards_lists_add_up_to_it(
    reference_store: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "lists.csv"
    assert backlog(reference_store, "--board", "QK1", "--out", str(out)) == 0
    said = capsys.readouterr().out
    assert "112,685 pathways are waiting in Leicester, Leicestershire and Rutland. 53 in 100" in said
    assert "In England: 7,312,356 waiting" in said
    rows = pd.read_csv(out)
    assert rows.groupby("by")["waiting"].sum().to_dict() == {
        "provider": 112_685,
        "treatment_function": 112_685,
    }
    worst = rows[rows["by"] == "treatment_function"].iloc[0]
    assert (worst["code"], worst["waiting"], worst["over_52"]) == ("C_140", 7_006, 669)
    about = json.loads(Path(f"{out}.about.json").read_text())
    assert (about["scope"], about["data_month"], about["provider"]) == ("QK1", "2025-08", None)


def test_it_is_narrowed_to_a_function_provider_and_month(
    reference_store: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    narrowed = ["--function", "C_110", "--provider", "RWE", "--month", "2025-03"]
    assert backlog(reference_store, *narrowed) == 0
    said = capsys.readouterr().out
    assert "QK1, figures of March 2025" in said
    assert "10,091 pathways are waiting for trauma and orthopaedics at University Hospitals of" in said


def test_the_table_of_pressure_has_a_row_a_cell(
    reference_store: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "cells.parquet"
    assert backlog(reference_store, "--pressure", "share_over_52", "--out", str(out)) == 0
    assert "Over 52, %, the worst first" in capsys.readouterr().out
    cells = pd.read_parquet(out).set_index(["treatment_function", "provider"])["share_over_52"]
    assert len(cells) == 22 * 7  # six providers, and all of them
    assert cells["C_140", "all"] == cells["C_140", "RWE"] == pytest.approx(100 * 669 / 7_006)
    assert cells.isna().any()  # a cell of fewer than ten


def test_months_are_told_with_what_the_returns_leave_out(
    reference_store: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "months.csv"
    assert backlog(reference_store, "--board", "QF7", "--trend", "--out", str(out)) == 0
    said = capsys.readouterr().out
    assert "The list fell from 227,606 in April 2024 to 136,210 in August 2025." in said
    assert "a: Sheffield Teaching Hospitals has reported nothing since June 2025" in said
    months = pd.read_csv(out).set_index("month")
    assert len(months) == 17
    assert months.loc["2025-06", "waiting"] == 225_194


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--board", "QXX"), "There is no board 'QXX'"),
        (("--month", "2031-01"), "January 2031 is not held."),
        (("--provider", "RXN"), "RXN has nobody waiting in QK1 in 2025-08."),
        (("--out", "x.txt"), "neither .parquet nor .csv"),
    ],
)
def test_what_cannot_be_shown_is_said(
    options: tuple[str, ...], said: str, reference_store: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    assert backlog(reference_store, *options) == 1
    assert said in capsys.readouterr().err
