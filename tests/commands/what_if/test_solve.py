"""The solve command on the shipped figures, as a script would run it."""

import json
import signal
from pathlib import Path

import pandas as pd
import pytest

import cli
from data.database.store import Store

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def store_path(reference_store: Store) -> str:
    return str(reference_store.path)


def test_a_boards_answer_and_every_dose_tried(
    store_path: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "doses.csv"
    asked = ["solve", "--store", store_path, "--board", "QK1", "--lever", "extra_sessions.clinics"]
    asked += ["--goal", "list=100000", "--by", "2025-12", "--replications", "5", "--out", str(out)]
    assert cli.main(asked) == 0
    said = capsys.readouterr().out
    assert "100,000 or fewer waiting by December 2025, with a probability of 80%." in said
    doses, about = pd.read_csv(out), json.loads(Path(f"{out}.about.json").read_text())
    assert doses["extra_sessions.clinics"].iloc[0] == 0
    # 4 of 5 futures are needed: the doses that reach it are those, and the scenario kept is the least of them
    least = doses.loc[doses["probability"] >= 0.8, "extra_sessions.clinics"].min()
    assert about["reached"]
    assert about["scenario"]["levers"][0]["clinics"] == least
    assert f"at {least:,.0f} sessions a week" in said
    assert about["goal"] == {"goal": "list", "value": 100_000, "by": "2025-12", "probability": 0.8}


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (["--goal", "over-65", "--by", "2026-03"], "is not a goal"),
        (["--goal", "over-65=0", "--by", "2025-08"], "Choose a month after August 2025"),
        (["--goal", "over-65=0", "--by", "2026-03", "--lever", "sessions"], "'sessions' cannot be turned"),
        (["--goal", "over-65=0", "--by", "2026-03", "--out", "x.txt"], "neither .parquet nor .csv"),
    ],
)
def test_what_cannot_be_asked_is_said(
    asked: list[str], said: str, store_path: str, capsys: pytest.CaptureFixture[str]
) -> None:
    start = ["solve", "--store", store_path, "--lever", "extra_sessions.clinics"]
    assert cli.main([*start, *asked]) == 1
    assert said in capsys.readouterr().err


def test_a_search_that_is_stopped_tells_the_doses_it_tried(
    store_path: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    heard: list[float] = []

    def interrupt(progress: object, share: float, message: str = "") -> None:
        if share >= 0.1 and not heard:
            heard.append(share)
            signal.raise_signal(signal.SIGINT)

    monkeypatch.setattr("commands.parts.opening.Progress.say", interrupt)
    out = tmp_path / "doses.csv"
    asked = ["solve", "--store", store_path, "--lever", "extra_sessions.clinics", "--goal", "over-65=0"]
    asked += ["--by", "2026-03", "--replications", "2", "--out", str(out)]
    assert cli.main(asked) == 130
    said = capsys.readouterr()
    assert "Doses tried before it was stopped:" in said.out
    assert "The run was cancelled" in said.err  # and, if a future of the dose was done, that it is kept
    doses, about = pd.read_csv(out), json.loads(Path(f"{out}.about.json").read_text())
    assert len(doses) >= 1
    assert (about["scope"], about["stopped"], about["goal"]["goal"]) == ("QK1", True, "over-65")
