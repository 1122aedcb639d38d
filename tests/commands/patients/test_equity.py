"""`equity` as a planner's script calls it."""

from pathlib import Path

import pandas as pd
import pytest

from cli import main
from data.database.store import Store

pytestmark = pytest.mark.integration


def test_a_board_by_deprivation_age_and_access(
    reference_store: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "equity.csv"
    status = main(
        [
            "equity",
            "--store",
            str(reference_store.path),
            "--board",
            "QE1",
            "--scenario",
            "virtual-70",
            "--weeks",
            "8",
            "--replications",
            "2",
            "--out",
            str(out),
        ]
    )
    assert status == 0
    said = capsys.readouterr().out
    assert "of patients in the most deprived fifth of areas would be within 18 weeks" in said
    assert "The face-to-face route for the" in said
    rows = pd.read_csv(out)
    # two runs x weeks 0, 4 and 8 x 11 groups x 9 measures
    assert len(rows) == 2 * 3 * 11 * 9
    assert f"{len(rows):,} rows written" in said
    assert set(rows["scenario"]) == {"virtual-70", "baseline"}
    today = rows[(rows["week"] == 0) & (rows["measure"] == "waiting") & (rows["dimension"] == "deprivation")]
    today = today[today["scenario"] == "baseline"]
    # the published list of August 2025, and a published 31% of it in the most deprived fifth of areas
    assert today["mean"].sum() == pytest.approx(229_088)
    assert today["mean"].iloc[0] / today["mean"].sum() == pytest.approx(0.3133, abs=0.01)
    virtual = rows[(rows["week"] == 8) & (rows["measure"] == "seen_virtually")]
    assert (virtual[virtual["group"] == "no_access"]["mean"] == 0).all()


def test_faults_are_explained(reference_store: Store, capsys: pytest.CaptureFixture[str]) -> None:
    asked = ["equity", "--store", str(reference_store.path), "--board", "QE1"]
    assert main([*asked, "--workers", "0"]) == 1
    assert "Ask for 1 or more." in capsys.readouterr().err
    assert main([*asked, "--replications", "0"]) == 1
    assert "Choose from 1 to 1,000 replications." in capsys.readouterr().err
    assert main([*asked, "--out", "equity.xlsx"]) == 1
    assert "Name a file such as results.parquet." in capsys.readouterr().err
