"""The spare command on the shipped figures, as a script would run it."""

import json
from pathlib import Path

import pandas as pd
import pytest

import cli
from data.database.store import Store

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def store_path(reference_store: Store) -> str:
    return str(reference_store.path)


def test_all_england_as_of_a_month(
    store_path: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "spare.csv"
    asked = ["spare", "--store", store_path, "--board", "ENGLAND", "--as-of", "2025-02", "--out", str(out)]
    assert cli.main(asked) == 0
    said = capsys.readouterr().out
    assert "figures of February 2025" in said
    assert "Of the series called spare in past months 84% later delivered it." in said
    found = pd.read_csv(out)
    asked_for = ["provider_code", "tfc", "shown", "needed", "spare", "spare_lower", "spare_upper"]
    assert set(asked_for) < set(found.columns)
    assert not found.duplicated(["provider_code", "tfc"]).any()
    # England stopped about 350,000 clocks a week; what is relied on is a little less
    assert found["shown"].sum() == pytest.approx(335_000, rel=0.1)
    assert (found["spare"] > 0).mean() > 0.15
    about = json.loads((tmp_path / "spare.csv.about.json").read_text(encoding="utf-8"))
    assert about["as_of"] == "2025-02"


def test_a_higher_floor_leaves_less(store_path: str, tmp_path: Path) -> None:
    spare = []
    for name, floor in (("own.csv", "own"), ("standard.csv", "92")):
        out = tmp_path / name
        asked = ["spare", "--store", store_path, "--board", "QE1", "--floor", floor, "--out", str(out)]
        assert cli.main(asked) == 0
        spare.append(pd.read_csv(out)["spare"].sum())
    assert spare[1] < spare[0]


def test_the_record_of_one_month(store_path: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["spare", "--store", store_path, "--hindcast", "--as-of", "2025-02"]) == 0
    said = capsys.readouterr().out
    assert "independent and other" in said
    assert "stopped reporting and are left out" in said


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (["--floor", "ninety"], "'ninety' is not a floor"),
        (["--floor", "0"], "can't be kept"),
        (["--by", "2025-09"], "September 2025 is too soon after August 2025"),
        (["--as-of", "2024-06"], "Only 3 months running are held"),
        (["--as-of", "2031-01"], "January 2031 is not held"),
        (["--hindcast", "--as-of", "2025-05"], "What came in the six months after May 2025 is not held"),
        (["--hindcast", "--board", "QK1"], "The record is kept for all England, not for QK1"),
        (["--board", "QZZ"], "There is no board 'QZZ'"),
        (["--out", "x.txt"], "neither .parquet nor .csv"),
    ],
)
def test_what_cannot_be_done_is_said(
    asked: list[str], said: str, store_path: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["spare", "--store", store_path, *asked]) == 1
    assert said in capsys.readouterr().err
