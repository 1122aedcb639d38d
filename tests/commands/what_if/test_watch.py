"""`watch` on the shipped figures: pictures every second week that begin and end where the run does."""

import json
from pathlib import Path

import pandas as pd
import pytest

import cli
from data.database.store import Store

pytestmark = pytest.mark.integration


def test_a_list_moves_from_the_published_day_to_the_runs_end(
    reference_store: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out, rows_out = tmp_path / "moving.csv", tmp_path / "rows.csv"
    run = ["--store", str(reference_store.path), "--board", "QK1", "--scenario", "virtual-70"]
    run += ["--weeks", "6", "--replications", "2", "--seed", "7"]
    assert cli.main(["watch", *run, "--out", str(out)]) == 0
    said = capsys.readouterr().out
    assert said.startswith("QK1, virtual-70, figures of August 2025, seed 7, 2 replications")
    assert "From 31 August 2025 to 12 October 2025, those under 18 weeks go from 59,167 to " in said
    moving = pd.read_csv(out)
    assert len(moving) == 2 * 4 * 105  # two runs x weeks 0, 2, 4 and 6
    whole = moving.groupby(["run", "week"])["pathways"].sum()
    assert whole["scenario", 0] == whole["baseline", 0] == 112_685
    assert json.loads(Path(f"{out}.about.json").read_text())["scenario"]["name"] == "virtual-70"
    # the same futures as the run's own rows
    assert cli.main(["simulate", *run, "--out", str(rows_out)]) == 0
    rows = pd.read_csv(rows_out)
    end = rows[rows["week"] == rows["week"].max()].groupby("replication")["waiting"].sum().mean()
    assert whole["scenario", 6] == pytest.approx(end, abs=0.1 * 105)


def test_a_baseline_is_watched_alone(reference_store: Store, capsys: pytest.CaptureFixture[str]) -> None:
    run = ["--store", str(reference_store.path), "--weeks", "2", "--replications", "1"]
    assert cli.main(["watch", *run]) == 0
    said = capsys.readouterr().out
    assert "scenario 14 September 2025" in said
    assert "baseline 14" not in said
