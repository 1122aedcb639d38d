"""A report says what the page says, with the run's own numbers."""

from dataclasses import replace

import numpy as np
import pytest

from models.outcomes.cost import Prices
from models.scenarios.presets import baseline_for, preset
from models.scenarios.scenario import read_scenario
from sim.reports.scenario_report import levers_said, numbered, scenario_report
from sim.runs.comparison import answer
from sim.runs.results import Results
from sim.runs.runner import run
from tests.sim.clinics import board

pytestmark = pytest.mark.unit


@pytest.fixture(scope="module")
def ran() -> tuple[Results, Results]:
    scenario, found = preset("referral-growth"), board()
    changed, unchanged = (
        run(found, each, weeks=26, replications=4, seed=5) for each in (scenario, baseline_for(scenario))
    )
    return changed, unchanged


def test_it_says_what_the_page_says(ran: tuple[Results, Results]) -> None:
    report, said = scenario_report(*ran, "Somewhere", "9.9.9"), answer(*ran)
    assert report.headline == said.headline == report.messages[0].sentence
    assert [message.sentence for message in report.messages[1:3]] == list(said.changes)
    assert report.about["Seed"] == "5"
    assert report.about["Tandem"] == "9.9.9"
    assert report.about["Levers"].startswith("Referral growth (growth in clock starts 2% a year")
    assert report.labels == ("Estimated by simulation",)
    told = scenario_report(*ran, "Somewhere", "9.9.9", "Forecasts have missed by 3%.")
    assert told.caveats == (*report.caveats, "Forecasts have missed by 3%.")


def test_its_numbers_are_the_runs(ran: tuple[Results, Results]) -> None:
    scenario, baseline = ran
    report = scenario_report(scenario, baseline, "Somewhere", "9.9.9")
    picture = report.messages[0].picture
    assert picture is not None
    unchanged, changed = picture.series
    assert changed.values == pytest.approx(scenario.total("waiting").mean(axis=0), abs=0.05)
    assert unchanged.ends is not None
    assert unchanged.ends[0] == pytest.approx(np.percentile(baseline.total("waiting"), 10, axis=0), abs=0.05)
    weekly = report.sheets[0].frame
    assert (
        weekly["Referrals up 2% a year"].tolist() == np.round(scenario.total("waiting").mean(axis=0)).tolist()
    )
    assert [series.name for series in picture.series] == ["If nothing changes", "Referrals up 2% a year"]
    # every picture of a sheet names its columns
    for sheet in report.sheets:
        assert sheet.picture is not None
        assert {series.name for series in sheet.picture.series} <= set(sheet.frame.columns)


def test_a_baseline_alone_has_one_line_and_nobody_gains(ran: tuple[Results, Results]) -> None:
    report = scenario_report(ran[1], ran[1], "Somewhere", "9.9.9")
    assert [len(message.picture.series) for message in report.messages if message.picture] == [1, 1, 1]
    assert report.about["Levers"] == "none"


def test_costs_are_in_it_only_where_a_price_is_given() -> None:
    scenario, found = preset("extra-sessions"), board()
    pair = [run(found, each, weeks=26, replications=4, seed=5) for each in (scenario, baseline_for(scenario))]
    without = scenario_report(pair[0], pair[1], "Somewhere", "9.9.9")
    assert "Costs" not in [sheet.name for sheet in without.sheets]
    assert "Prices, given by the planner" not in without.about
    report = scenario_report(pair[0], pair[1], "Somewhere", "9.9.9", prices=Prices(clinic=900, theatre=100))
    (costs,) = report.sheets[-1].frame.to_dict("records")
    # twenty clinics and forty patients in theatre in each of 26 weeks
    assert costs["Cost, pounds"] == 26 * (20 * 900 + 40 * 100)
    assert costs["Staff sessions"] == 26 * 20
    assert report.messages[-1].sentence == "What the added sessions and slots would cost, at the prices given"
    assert report.messages[-1].points[0].startswith("It would cost £572,000 over the run")
    assert (
        report.messages[-1].points[0].endswith("It takes 520 staff sessions over the run, 20 a week at most.")
    )
    assert report.about["Prices, given by the planner"].startswith("extra clinic sessions £900 each")


def test_a_scenario_called_as_a_column_takes_no_columns_place(ran: tuple[Results, Results]) -> None:
    scenario, baseline = ran
    named = replace(scenario, document={**scenario.document, "title": "If nothing changes"})
    report = scenario_report(named, baseline, "Somewhere", "9.9.9")
    weekly = report.sheets[0].frame
    assert weekly["If nothing changes"].tolist() == np.round(baseline.total("waiting").mean(axis=0)).tolist()
    assert (
        weekly["If nothing changes (2)"].tolist() == np.round(scenario.total("waiting").mean(axis=0)).tolist()
    )
    assert numbered(["A", "Week ending", "A", "A"]) == ["A", "Week ending (2)", "A (2)", "A (3)"]


def test_levers_are_said_with_their_settings_dates_and_ceilings() -> None:
    document = {
        "name": "x",
        "levers": [
            {"lever": "extra_sessions", "clinics": 1000, "ends": "+26w"},
            {"lever": "virtual_by_default", "ceilings": {"C_100": 40}, "starts": "2025-10-01"},
        ],
    }
    said = levers_said(read_scenario(document))
    assert said.startswith(
        "Extra sessions (extra clinic sessions 1,000 sessions a week; starts the first week; ends week 26); "
    )
    assert "follow-ups held virtually 70%;" in said
    assert "starts 2025-10-01" in said
    assert said.endswith("ceiling by treatment function: General surgery 40)")
