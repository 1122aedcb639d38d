"""The messages and gp-work commands on the shipped figures, as a script would run them."""

import json
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

import cli
from data.database.store import Store

pytestmark = pytest.mark.integration


def test_a_merge_is_written_with_your_own_text(
    reference_store: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text, out = tmp_path / "own.txt", tmp_path / "merge.csv"
    text.write_text("For {specialty} at {hospital}, half wait {half_within_weeks} weeks.", encoding="utf-8")
    asked = ["messages", "--store", str(reference_store.path), "--area", "00r", "--function", "C_110"]
    assert cli.main([*asked, "--template", str(text), "--out", str(out)]) == 0
    said = capsys.readouterr().out
    assert "For trauma and orthopaedics at " in said
    assert "Reads at about age" in said
    rows = pd.read_csv(out, dtype=str, keep_default_na=False)
    assert f"{len(rows):,} rows written" in said
    assert rows["message"].str.startswith("For trauma and orthopaedics at ").all()
    about = json.loads((tmp_path / "merge.csv.about.json").read_text(encoding="utf-8"))
    assert (about["area"], about["to"], about["data_month"]) == ("00R", "patients", "2025-08")
    book = tmp_path / "merge.xlsx"
    assert cli.main([*asked, "--to", "practice", "--out", str(book)]) == 0
    assert openpyxl.load_workbook(book, read_only=True).sheetnames == ["README", "Messages"]


def test_a_template_that_cannot_be_filled_is_refused(
    reference_store: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = tmp_path / "own.txt"
    asked = ["messages", "--store", str(reference_store.path), "--area", "00R", "--template", str(text)]
    assert cli.main(asked) == 1
    assert "own.txt could not be read" in capsys.readouterr().err
    text.write_text("Dear {name}", encoding="utf-8")
    assert cli.main(asked) == 1
    assert "no field called '{name}'" in capsys.readouterr().err


def test_the_shipped_text_can_be_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["messages", "--area", "00R", "--show-template"]) == 0
    assert "{half_within_weeks}" in capsys.readouterr().out


def test_gp_work_is_told_by_area(
    reference_store: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "gp.csv"
    asked = ["gp-work", "--store", str(reference_store.path), "--board", "QK1", "--weeks", "20"]
    assert cli.main([*asked, "--replications", "2", "--out", str(out)]) == 0
    said = capsys.readouterr().out
    assert "from advice in place of a referral" in said
    assert "gp_contacts 0.1" in said
    rows = pd.read_csv(out)
    assert sorted(rows["area"]) == ["03W", "04C", "04V"]
    assert rows["today"].to_numpy() == pytest.approx(0.1 * rows["waiting"].to_numpy(), abs=0.1)
