"""What the report of a comparison holds: the page's sentences, the runs' numbers, costs only where priced."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from models.outcomes.cost import Prices
from models.reports.report import suppressed
from sim.reports.comparison_report import comparison_report
from sim.reports.costs import cost_sheet
from sim.reports.side_by_side import Column, also_said, best_said
from sim.runs.results import Results
from tests.sim.reports.test_side_by_side import BASELINE, FAIRER, SHORTER

pytestmark = pytest.mark.unit

CLINICS = {"name": "x", "title": "Clinics", "levers": [{"lever": "extra_sessions", "clinics": 10.0}]}
VIRTUAL = {"name": "y", "title": "Virtual", "levers": [{"lever": "virtual_by_default"}]}


def named(results: Results, document: Mapping[str, object]) -> Results:
    return replace(results, document=document)


TWO = [
    Column("Clinics", named(SHORTER, CLINICS), BASELINE),
    Column("Virtual", named(FAIRER, VIRTUAL), BASELINE),
]


def test_it_says_what_the_page_says_in_the_runs_own_numbers() -> None:
    report = comparison_report(TWO, "Somewhere", "9.9.9", Prices())
    assert report.headline == report.messages[0].sentence == best_said(TWO)
    assert [message.sentence for message in report.messages[1:3]] == list(also_said(TWO)[:2])
    change = report.messages[0].picture
    assert change is not None
    assert change.categories == ("Clinics", "Virtual")
    assert change.series[0].values == (-110, -15)  # -20 and -10
    picture = report.messages[3].picture
    assert picture is not None
    assert [series.name for series in picture.series] == ["If nothing changes", "Clinics", "Virtual"]
    assert {series.role for series in picture.series} == {"baseline", "scenario", "other"}
    assert picture.series[1].values[-1] == (900 + 2880) / 2
    assert report.messages[4].points == ("Worse under Clinics: over 52 weeks +10.",)


def test_the_tables_hold_every_outcome_of_every_scenario() -> None:
    report = comparison_report(TWO, "Somewhere", "9.9.9", Prices())
    outcomes, shares, *weekly = report.sheets
    clinics = outcomes.frame.set_index(["Scenario", "Outcome"]).loc[("Clinics", "Waiting")]
    assert (clinics["Mean"], clinics["Difference, mean"]) == (1890, -110)
    assert shares.frame["Outcome"].unique().tolist() == ["Within 18 weeks", "Appointments held virtually"]
    assert [sheet.name for sheet in weekly] == ["Waiting", "Within 18 weeks", "Over 52 weeks"]
    # every picture of a sheet names its columns
    for sheet in weekly:
        assert sheet.picture is not None
        assert {series.name for series in sheet.picture.series} <= set(sheet.frame.columns)
    few = suppressed(report).sheets[0].frame
    assert (few["Mean"].astype(str) == "<5").sum() == 0  # none of these counts is from 1 to 4


def test_what_it_rests_on_names_each_scenario() -> None:
    said = comparison_report(TWO, "Somewhere", "9.9.9", Prices(clinic=900)).about
    assert said["Scenario 'Clinics'"].startswith("Extra sessions (extra clinic sessions 10 sessions a week")
    assert said["Scenario 'Virtual'"].endswith("Assumptions changed from default: none")
    assert said["Seed"] == "1"
    assert said["Prices, given by the planner"] == "extra clinic sessions £900 each"


def test_it_says_how_wrong_forecasts_have_been() -> None:
    plain = comparison_report(TWO, "Somewhere", "9.9.9", Prices()).caveats
    told = comparison_report(TWO, "Somewhere", "9.9.9", Prices(), "Forecasts have missed by 3%.").caveats
    assert told == (*plain, "Forecasts have missed by 3%.")


def test_costs_are_in_it_only_where_a_price_is_given() -> None:
    names = [sheet.name for sheet in comparison_report(TWO, "Somewhere", "9.9.9", Prices()).sheets]
    assert "Costs" not in names
    report = comparison_report(TWO, "Somewhere", "9.9.9", Prices(clinic=900))
    assert report.sheets[-1].name == "Costs"
    clinics, virtual = cost_sheet(TWO, Prices(clinic=900)).frame.to_dict("records")
    assert clinics["Cost, pounds"] == 10 * 20 * 900  # 20 weeks
    assert clinics["Staff sessions a week, most"] == 10
    assert virtual["Cost, pounds"] == 0
    assert report.messages[-1].points[1] == "Virtual: It adds nothing that is priced here."
