"""The compare command on the shipped figures: what is printed is what direct runs and the files say."""

from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from pptx import Presentation

import cli
from data.database.store import Store
from data.returns.calibrations import calibration
from models.outcomes.cost import Prices
from models.scenarios.presets import baseline_for, preset
from sim.reports.costs import cost_message
from sim.reports.side_by_side import OUTCOMES, Column, best_said
from sim.runs.comparison import by_treatment_function
from sim.runs.runner import run

pytestmark = pytest.mark.integration

TWO = ("extra-sessions", "mutual-aid")
SHORT = ("--weeks", "26", "--replications", "3", "--seed", "7")


@pytest.fixture(scope="module")
def columns(reference_store: Store) -> list[Column]:
    found = []
    for name in TWO:
        scenario = preset(name)
        rates = calibration(reference_store, "QK1", scenario)
        pair = [
            by_treatment_function(run(rates, each, weeks=26, replications=3, seed=7))
            for each in (scenario, baseline_for(scenario))
        ]
        found.append(Column(scenario.title, *pair))
    return found


def compare(store: Store, *options: str) -> int:
    return cli.main(["compare", "--store", str(store.path), *options])


def test_it_prints_and_writes_the_numbers_of_direct_runs(
    reference_store: Store, columns: list[Column], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    book, show, table = (tmp_path / f"both{ending}" for ending in (".xlsx", ".pptx", ".csv"))
    named = [part for name in TWO for part in ("--scenario", name)]
    priced = ["--price", "clinic=900", "--price", "theatre=0", "--price", "independent=2000"]
    files = [part for file in (book, show, table) for part in ("--out", str(file))]
    assert compare(reference_store, "--board", "QK1", *named, *SHORT, *priced, "--scorecard", *files) == 0
    said = capsys.readouterr().out
    assert said.startswith("Leicester, Leicestershire and Rutland (QK1), figures of August 2025, seed 7, ")
    assert best_said(columns) in said
    for column in columns:
        for outcome in OUTCOMES.values():
            assert outcome.form(column.end(outcome).mean) in said
            assert outcome.form_change(column.change(outcome).lower) in said
        assert f"{column.title}: {column.scorecard()}" in said
    prices = Prices(clinic=900, theatre=0, independent=2000)
    assert all(point in said for point in cost_message(columns, prices).points)
    # 20 clinics in each of 26 weeks at 900 pounds; 20 patients at 2,000
    held = openpyxl.load_workbook(book)
    costs = {row[0]: row for row in held["Costs"].iter_rows(min_row=2, values_only=True)}
    pounds = [cell.value for cell in held["Costs"][1]].index("Cost, pounds")
    assert [costs[column.title][pounds] for column in columns] == [20 * 26 * 900, 20 * 26 * 2000]
    # the verdicts in the workbook are those that are printed
    verdicts = [row[2] for row in held["Scorecard"].iter_rows(min_row=2, values_only=True)]
    assert len(verdicts) == 2 * 10
    assert f"meets {verdicts[:10].count('Met') or 'none'}" in said
    charts = [shape.chart for slide in Presentation(show).slides for shape in slide.shapes if shape.has_chart]
    assert list(charts[0].plots[0].series[0].values) == [
        round(column.change(OUTCOMES["waiting"]).mean) for column in columns
    ]
    rows = pd.read_csv(table, encoding="utf-8-sig")
    assert rows[rows["row"] == "Seed"]["value"].tolist() == ["7"]
    assert {"Outcomes", "Costs", "Scorecard", "Travel", "About"} <= set(rows["sheet"])


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--scenario", "nothing-such"), "There is no preset scenario called 'nothing-such'."),
        (("--scenario", "mutual-aid") * 6, "6 scenarios were named."),
        (("--scenario", "mutual-aid", "--price", "clinic"), "The price 'clinic' can't be read."),
        (("--scenario", "mutual-aid", "--out", "board.yaml"), "board.yaml ends in none of .pptx"),
    ],
)
def test_what_cannot_be_compared_is_said_before_a_run(
    reference_store: Store, options: tuple[str, ...], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert compare(reference_store, *options) == 1
    assert said in capsys.readouterr().err


def test_without_a_scenario_it_asks_for_one(reference_store: Store) -> None:
    with pytest.raises(SystemExit) as stopped:
        compare(reference_store)
    assert stopped.value.code == 2
