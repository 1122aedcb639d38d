"""The sweep command on the shipped figures: a grid, a waterfall and a tornado, as a script would ask."""

import json
from pathlib import Path

import pandas as pd
import pytest

import cli
from data.database.store import Store

pytestmark = pytest.mark.integration

QUICK = ["--board", "QK1", "--weeks", "4", "--replications", "2"]


@pytest.fixture(scope="module")
def store_path(reference_store: Store) -> str:
    return str(reference_store.path)


def test_a_grid_is_printed_and_written(
    store_path: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "grid.csv"
    asked = ["sweep", "--store", store_path, *QUICK, "--vary", "virtual_by_default.first=30,70"]
    assert cli.main([*asked, "--measure", "waiting", "--out", str(out)]) == 0
    said = capsys.readouterr().out
    assert "QK1, virtual-70, figures of August 2025, seed 1, 2 replications" in said
    assert "Measured on 28 September 2025" in said  # four weeks from 1 September
    assert "virtual_by_default.first" in said
    found = pd.read_csv(out)
    assert found["virtual_by_default.first"].tolist() == [30.0, 70.0]
    # 112,685 were waiting in August 2025
    assert found["mean"].to_numpy() == pytest.approx([112_685, 112_685], rel=0.05)
    about = json.loads((tmp_path / "grid.csv.about.json").read_text(encoding="utf-8"))
    assert (about["scope"], about["weeks"], about["replications"]) == ("QK1", 4, 2)


def test_a_waterfall_goes_from_baseline_to_scenario(
    store_path: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "shares.parquet"
    asked = ["sweep", "--store", store_path, *QUICK, "--scenario", "recovery-programme", "--waterfall"]
    assert cli.main([*asked, "--out", str(out)]) == 0
    assert "With all of them" in capsys.readouterr().out
    here = pd.read_parquet(out).query("measure == 'waiting'")["mean"].to_numpy()
    assert here[:-1].sum() == pytest.approx(here[-1])


def test_a_pairing_that_names_no_trusts_is_given_the_boards(
    store_path: str, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = ["sweep", "--store", store_path, "--board", "QE1", "--weeks", "4", "--replications", "2"]
    varied = ["--vary", "trust_pairing.weekly_limit=0,200", "--measure", "waiting"]
    assert cli.main([*asked, "--scenario", "baseline", *varied]) == 0
    none, most = (line.split() for line in capsys.readouterr().out.splitlines()[-2:])
    assert none[-4:] == ["0", "(0", "to", "0)"]  # nobody is offered anything
    assert most[-4:] != none[-4:]


def test_evidence_is_told_with_its_units(store_path: str, capsys: pytest.CaptureFixture[str]) -> None:
    asked = ["sweep", "--store", store_path, *QUICK, "--scenario", "virtual-70", "--evidence"]
    assert cli.main([*asked, "--measure", "over_52"]) == 0
    said = capsys.readouterr().out
    assert "effect at low" in said
    assert "Length of a virtual slot" in said
    assert "Waiting: effect" not in said


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (["--vary", "extra.clinics=1"], "no lever called 'extra'"),
        (["--vary", "extra_sessions.clinics=1", "--measure", "waits"], "no measure called 'waits'"),
        (["--waterfall", "--scenario", "baseline"], "pulls no lever"),
        (["--evidence", "--scenario", "baseline"], "no effect to examine"),
        (["--waterfall", "--out", "shares.txt"], "neither .parquet nor .csv"),
    ],
)
def test_what_cannot_be_done_is_said(
    asked: list[str], said: str, store_path: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["sweep", "--store", store_path, *QUICK, *asked]) == 1
    assert said in capsys.readouterr().err


def test_one_question_at_a_time(capsys: pytest.CaptureFixture[str]) -> None:
    for asked in ([], ["--waterfall", "--evidence"]):
        with pytest.raises(SystemExit) as stopped:
            cli.main(["sweep", *asked])
        assert stopped.value.code == 2
