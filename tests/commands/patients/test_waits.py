"""The waits command on the shipped figures, as a script would run it."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import cli
from data.database.store import Store

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def store_path(reference_store: Store) -> str:
    return str(reference_store.path)


def test_an_area_under_a_scenario(
    store_path: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "waits.csv"
    asked = [
        "waits",
        "--store",
        store_path,
        "--area",
        "04C",
        "--scenario",
        "virtual-70",
        "--replications",
        "2",
        "--out",
        str(out),
    ]
    assert cli.main(asked) == 0
    said = capsys.readouterr().out
    assert said.startswith("Leicester City (04C), figures of August 2025, Tandem ")
    assert "half_within_under_scenario" in said
    assert "missed by 6.0 to 7.5 points" in said
    found = pd.read_csv(out)
    assert found["starts"].sum() == 87_169
    change = found["half_within_under_scenario"] - found["half_within"]
    # Leicester's own trust is in the run, a trust of another board is not and stays as it is
    assert (change[(found["provider"] == "RWE") & found["known"]].abs() > 0.1).any()
    elsewhere = found[(found["provider"] == "RX1") & found["known"]]
    assert len(elsewhere) > 3
    assert np.array_equal(elsewhere["half_within_under_scenario"], elsewhere["half_within"])
    about = json.loads((tmp_path / "waits.csv.about.json").read_text(encoding="utf-8"))
    assert (about["area"], about["data_month"], about["seed"]) == ("04C", "2025-08", 1)


def test_a_practice_and_where_else_it_could_send(store_path: str, capsys: pytest.CaptureFixture[str]) -> None:
    asked = ["waits", "--store", store_path, "--practice", "P81003", "--function", "C_110", "--miles", "20"]
    assert cli.main(asked) == 0
    said = capsys.readouterr().out
    assert said.startswith("East Lancashire (01A)")
    assert "Nothing is published by practice: its area's flows stand for it." in said
    assert "Shorter waits today within 20 miles" in said
    assert "East Lancashire Hospitals" in said


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ([], "No area was named"),
        (["--area", "XYZ"], "Nothing is published of area XYZ"),
        (["--practice", "Q1"], "'Q1' is not the code of a practice"),
        (["--area", "01A", "--function", "C_999"], "'C_999' is not a treatment function"),
        (["--area", "01A", "--replications", "0"], "can't be drawn"),
    ],
)
def test_faults_say_what_to_do(
    store_path: str, asked: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["waits", "--store", store_path, *asked]) == 1
    assert said in capsys.readouterr().err
