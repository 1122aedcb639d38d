"""The scorecard command on the shipped figures, as a script would run it."""

import json
from pathlib import Path

import pandas as pd
import pytest

import cli
from data.database.store import Store

pytestmark = pytest.mark.integration

SHORT = ("--board", "QK1", "--scenario", "virtual-70", "--weeks", "52", "--replications", "10")


def test_a_scenario_is_held_against_the_ten(
    reference_store: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "card.csv"
    asked = ["scorecard", "--store", str(reference_store.path), *SHORT, "--out", str(out)]
    asked += ["--target", "virtual-by-default=20@2026-06", "--carbon", "0.2"]
    assert cli.main(asked) == 0
    said = capsys.readouterr().out
    assert "Of the ten expectations, 70% virtual by default meets " in said
    assert "Virtual by default: met. Outpatient appointments held virtually: " in said
    assert "asked for: 20% or more by June 2026." in said
    assert "miles of travel to outpatient appointments" in said
    assert "at 0.2 kg a mile" in said
    found = pd.read_csv(out)
    assert len(found) == 10
    row = found.set_index("Expectation").loc["Virtual by default"]
    assert f"{row['Scenario, mean']:.1f}%".replace(".0%", "%") in said
    about = json.loads((tmp_path / "card.csv.about.json").read_text(encoding="utf-8"))
    assert about["carbon_a_mile"] == 0.2
    assert "virtual-by-default=20@2026-06" in about["targets"]


def test_who_waits_is_followed_if_asked(
    reference_store: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    book = tmp_path / "board.xlsx"
    asked = ["export", "--store", str(reference_store.path), "--board", "QE1", "--scenario", "virtual-70"]
    asked += ["--weeks", "30", "--replications", "2", "--scorecard", "--equity", "--out", str(book)]
    assert cli.main(asked) == 0
    card = pd.read_excel(book, sheet_name="Scorecard", header=None).astype(str)
    row = card[card.eq("Equitable care").any(axis=1)].iloc[0].tolist()
    assert "Not worked out" not in row
    groups = pd.read_excel(book, sheet_name="Equity", header=None)
    top = groups[groups.eq("Measure").any(axis=1)].index[0]
    table = groups.iloc[top + 1 :].set_axis(groups.iloc[top].tolist(), axis=1)
    shares = table[(table["By"] == "Deprivation") & (table["Measure"] == "Within 18 weeks, %")]
    least, most = (
        shares[shares["Group"].str.startswith(n) & (shares["Run"] != "If nothing changes")]["Value"]
        for n in ("5", "1")
    )
    gap = float(least.iloc[0]) - float(most.iloc[0])
    number = next(float(value) for value in row if value.replace(".", "").replace("-", "").isdigit())
    assert number == pytest.approx(gap, abs=1.0)  # the card's date is before the run's last week


@pytest.mark.parametrize(
    ("option", "value", "said"),
    [("--target", "speed=1@2026-03", "names no expectation"), ("--carbon", "lots", "can't be read")],
)
def test_what_cannot_be_read_is_said(
    option: str, value: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["scorecard", option, value]) == 1
    assert said in capsys.readouterr().err
