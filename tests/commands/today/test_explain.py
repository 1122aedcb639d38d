"""The explain command on the shipped figures."""

from pathlib import Path

import pandas as pd
import pytest

import cli
from data.database.store import Store
from data.returns.calibrations import calibration
from models.scenarios.presets import preset

pytestmark = pytest.mark.integration


def test_a_series_is_explained(
    reference_store: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "explained.csv"
    asked = ["explain", "--store", str(reference_store.path), "--board", "QE1", "--provider", "rxn"]
    assert cli.main([*asked, "--treatment-function", "C_110", "--out", str(out)]) == 0
    said = capsys.readouterr().out
    assert said.startswith("RXN, Trauma and orthopaedics (C_110), in QE1, figures of August 2025")
    assert "Nothing unusual in its returns." in said
    assert "Flows, months read: September 2024 to August 2025 (12)" in said
    rows = pd.read_csv(out, keep_default_na=False).set_index("name")
    made = calibration(reference_store, "QE1", preset("baseline"))
    row = ((made.providers == "RXN") & (made.treatment_functions == "C_110")).argmax()
    assert rows.loc["Exits used", "value"] == pytest.approx(made.exits[row])
    assert rows.loc["Waiting", "value"] == made.waiting[row].sum()
    assert (rows["unit"] != "").all()


def test_what_is_unusual_is_said(reference_store: Store, capsys: pytest.CaptureFixture[str]) -> None:
    asked = ["explain", "--store", str(reference_store.path), "--board", "QE1"]
    assert cli.main([*asked, "--provider", "RXL", "--treatment-function", "C_300"]) == 0
    said = capsys.readouterr().out
    assert "No month of flows can be read" in said
    assert "are left out" in said
    assert cli.main([*asked, "--provider", "ZZZ", "--treatment-function", "C_300"]) == 1
    assert "ZZZ has no list in QE1" in capsys.readouterr().err
