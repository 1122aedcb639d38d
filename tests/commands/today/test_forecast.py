"""The forecast and hindcast commands on the shipped figures, as a script would run them."""

from pathlib import Path

import pandas as pd
import pytest

import cli
from data.database.store import Store

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def store_path(reference_store: Store) -> str:
    return str(reference_store.path)


def test_a_boards_forecast(store_path: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "forecast.csv"
    asked = ["forecast", "--store", store_path, "--board", "QK1", "--train-to", "2025-05", "--horizon", "3"]
    assert cli.main([*asked, "--replications", "5", "--out", str(out)]) == 0
    assert "waiting in May 2025" in capsys.readouterr().out
    found = pd.read_csv(out)
    assert sorted(found["month"].unique()) == ["2025-06", "2025-07", "2025-08"]
    # 112,685 were waiting with the board's providers in August 2025; boards are missed by 2.4% on average
    august = found[found["month"] == "2025-08"]
    assert august["incomplete_mean"].sum() == pytest.approx(112_685, rel=0.1)
    assert (found["within_18_mean"] + found["over_52_mean"] <= found["incomplete_mean"] + 0.2).all()


def test_equal_seeds_give_equal_files(store_path: str, tmp_path: Path) -> None:
    written = []
    for name in ("one.csv", "two.csv"):
        asked = ["forecast", "--store", store_path, "--board", "QK1", "--horizon", "1", "--replications", "3"]
        assert cli.main([*asked, "--out", str(tmp_path / name)]) == 0
        written.append((tmp_path / name).read_bytes())
    assert written[0] == written[1]


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (["forecast", "--train-to", "2031-01", "--out", "x.csv"], "January 2031 is not held"),
        (["forecast", "--out", "x.txt"], "neither .parquet nor .csv"),
        (["hindcast", "--horizons", "three"], "'three' are not horizons"),
        (["hindcast", "--origins", "2025-03..2025-01"], "holds no month"),
        (["hindcast", "--origins", "2025-08"], "No month held lies 3 months after 2025-08"),
    ],
)
def test_what_cannot_be_done_is_said(
    asked: list[str], said: str, store_path: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main([asked[0], "--store", store_path, *asked[1:]]) == 1
    assert said in capsys.readouterr().err
