"""`match`: what it prints and writes."""

import json
from pathlib import Path

import pandas as pd
import pytest

import cli
from tests.models.matching.small_lists import frame, patient, slot

pytestmark = pytest.mark.unit


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_the_tables_and_a_summary_are_written(
    form: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    frame(patient("P1"), patient("P2", weeks_waited=60)).to_parquet(tmp_path / "patients.parquet")
    frame(slot("S1")).to_parquet(tmp_path / "slots.parquet")
    status = cli.main(
        [
            "match",
            "--patients",
            str(tmp_path / "patients.parquet"),
            "--slots",
            str(tmp_path / "slots.parquet"),
            "--out",
            str(tmp_path / "out"),
            "--as-of",
            "2026-08-31",
            "--format",
            form,
        ]
    )
    assert status == 0
    printed = capsys.readouterr().out
    assert printed.startswith("1 of 2 patients have a place (50%)")
    assert "nobody is moved by it" in printed
    read = pd.read_csv if form == "csv" else pd.read_parquet
    names = ("matches", "offers", "reasons", "unused", "fairness", "providers", "flows")
    tables = {name: read(tmp_path / "out" / f"{name}.{form}") for name in names}
    assert tables["matches"]["patient_id"].tolist() == ["P2"]
    assert tables["offers"]["kind"].tolist() == ["standby", "held"]
    assert tables["reasons"]["rule"].tolist() == ["held_ahead"]
    pair = tables["flows"][["home_provider", "provider", "patients"]]
    assert pair.to_numpy().tolist() == [["RWE", "NVC07", 1]]
    assert (tmp_path / "out" / "summary.txt").read_text().startswith("1 of 2 patients")
    if form == "csv":
        about = json.loads((tmp_path / "out" / "matches.csv.about.json").read_text())
        assert (about["as_of"], about["synthetic"]) == ("2026-08-31", False)


def test_a_day_that_is_none_is_an_argument_that_cannot_be_understood(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as stopped:
        cli.main(["match", "--patients", "a", "--slots", "b", "--out", str(tmp_path), "--as-of", "soon"])
    assert stopped.value.code == 2
    assert "'soon' is not a date: write 2026-09-01" in capsys.readouterr().err
