"""`simulate` on the shipped figures: what it prints and writes, and what an interrupted run leaves."""

import json
import signal
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest

import cli
from data.database.store import Store
from sim.runs import work_units as units

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def store_path(reference_store: Store) -> str:
    return str(reference_store.path)


def simulate(store_path: str, *options: str) -> int:
    return cli.main(["simulate", "--store", store_path, "--weeks", "6", *options])


def test_joined_boards_are_run_and_written(
    store_path: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "both.parquet"
    assert simulate(store_path, "--board", "QOP+QE1", "--replications", "3", "--out", str(out)) == 0
    assert capsys.readouterr().out.startswith("QE1+QOP, ")
    rows = pd.read_parquet(out)
    assert sorted(rows["replication"].unique()) == [1, 2, 3]
    assert {"RXN", "R0A"} <= set(rows["provider"])
    about = json.loads(pq.read_schema(out).metadata[b"tandem"])
    assert (about["scope"], about["replications"]) == ("QE1+QOP", 3)
    assert b"tandem_ending" not in pq.read_metadata(out).metadata


def test_a_run_cut_fine_writes_the_same_rows(
    store_path: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole, cut = tmp_path / "whole.csv", tmp_path / "cut.csv"
    assert simulate(store_path, "--replications", "3", "--out", str(whole)) == 0
    monkeypatch.setattr(units, "BATCH_COUNTS", 1)
    assert simulate(store_path, "--replications", "3", "--workers", "3", "--out", str(cut)) == 0
    assert cut.read_bytes() == whole.read_bytes()


def test_an_interrupted_run_keeps_what_is_done(
    store_path: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    out, few = tmp_path / "partial.csv", tmp_path / "few.csv"
    monkeypatch.setattr(units, "BATCH_COUNTS", 1)  # a replication at a time
    heard: list[float] = []

    def interrupt(progress: object, share: float, message: str = "") -> None:
        if share >= 0.5 and not heard:
            heard.append(share)
            signal.raise_signal(signal.SIGINT)

    monkeypatch.setattr("commands.parts.opening.Progress.say", interrupt)
    before = signal.getsignal(signal.SIGINT)
    asked = ("--replications", "8", "--workers", "1", "--out", str(out))
    assert simulate(store_path, *asked) == 130
    assert signal.getsignal(signal.SIGINT) is before
    said = capsys.readouterr()
    kept = json.loads(out.with_name("partial.csv.about.json").read_text())["interrupted_after_replications"]
    assert 2 <= kept <= 4
    assert f"the first {kept} of 8 replications" in said.out
    assert f"its first {kept} replications are kept" in said.err
    assert simulate(store_path, "--replications", str(kept), "--out", str(few)) == 0
    assert few.read_bytes() == out.read_bytes()


def test_a_run_interrupted_at_once_leaves_no_file(
    store_path: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    heard: list[float] = []

    def interrupt(progress: object, share: float, message: str = "") -> None:
        if not heard:
            heard.append(share)
            signal.raise_signal(signal.SIGINT)

    monkeypatch.setattr("commands.parts.opening.Progress.say", interrupt)
    out = tmp_path / "none.csv"
    assert simulate(store_path, "--weeks", "156", "--out", str(out)) == 130
    assert "The run was cancelled." in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--board", "QE1+QXX"), "There is no board 'QXX'"),
        (("--workers", "0"), "0 workers were asked for"),
        (("--scheduler", "nowhere"), "No Dask scheduler answers at nowhere"),
        (("--out", "x.txt"), "neither .parquet nor .csv"),
    ],
)
def test_what_cannot_be_done_is_said(
    options: tuple[str, ...], said: str, store_path: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert simulate(store_path, *options) == 1
    assert said in capsys.readouterr().err


def test_an_interrupted_run_says_so_where_nothing_is_written(
    store_path: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(units, "BATCH_COUNTS", 1)  # a replication at a time
    heard: list[float] = []

    def interrupt(progress: object, share: float, message: str = "") -> None:
        if share >= 0.5 and not heard:
            heard.append(share)
            signal.raise_signal(signal.SIGINT)

    monkeypatch.setattr("commands.parts.opening.Progress.say", interrupt)
    assert simulate(store_path, "--replications", "8", "--workers", "1") == 130
    said = capsys.readouterr()
    assert "of 8 replications" in said.out
    assert "replications are kept" in said.err
