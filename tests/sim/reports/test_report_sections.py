"""The ten expectations, travel and equity as they join a report: the words and numbers of their cards."""

import pytest

from models.reports.report import joined
from models.scenarios.presets import baseline_for
from models.scenarios.scenario import read_scenario
from sim.observers.equity import equity
from sim.reports.equity_statements import answer
from sim.reports.report_sections import equity_part, expectations_part
from sim.reports.scenario_report import UNCHANGED, scenario_report
from sim.reports.scorecard import score, travel
from tests.sim.clinics import board
from tests.sim.engine.test_properties import FUNCTIONS, PROVIDERS
from tests.sim.observers.test_equity import people
from tests.sim.reports.test_scorecard import BASELINE, MILES, SCENARIO, TARGETS

pytestmark = pytest.mark.unit

NAMES = {"RAA": "Aintree", "RBB": "Bath"}


def test_the_part_says_what_the_cards_say() -> None:
    card = score("Clinics", SCENARIO, BASELINE, TARGETS, MILES)
    travelled = travel("Clinics", SCENARIO, BASELINE, MILES, NAMES)
    part = expectations_part([(card, travelled)])
    report = joined(scenario_report(SCENARIO.results, BASELINE.results, "Somewhere", "9.9.9"), [part])
    first, second = report.messages[-2:]
    assert first.sentence == card.headline
    assert (second.sentence, *second.points) == travelled.sentences
    sheets = {sheet.name: sheet.frame for sheet in report.sheets}
    assert sheets["Scorecard"]["Verdict"].tolist() == [str(each.verdict) for each in card.judged]
    assert sheets["Travel"]["Miles, difference"].iloc[-1] == round(travelled.change.mean)
    assert report.about["Carbon from a mile by car"] == "0.25 kg CO2e"
    assert "Excellent care: 92% or more by August 2027" in report.about["Targets"]


def test_scenarios_compared_stand_in_one_table() -> None:
    scored = [
        (score(title, run, BASELINE, TARGETS, MILES), travel(title, run, BASELINE, MILES, NAMES))
        for title, run in (("Clinics", SCENARIO), ("Nothing", BASELINE))
    ]
    part = expectations_part(scored)
    card, travelled = part.sheets
    assert card.frame["Scenario"].value_counts().to_dict() == {"Clinics": 10, "Nothing": 10}
    assert set(travelled.frame["Scenario"]) == {"Clinics", "Nothing"}
    assert part.messages[0].points == tuple(each.headline for each, _ in scored)


def test_equity_joins_with_every_group() -> None:
    calibration = board(PROVIDERS, FUNCTIONS)
    made = read_scenario({"name": "more", "levers": [{"lever": "emeritus_consultants", "sessions": 20}]})
    scenario, baseline = equity(
        calibration, [made, baseline_for(made)], people(calibration.series), weeks=8, replications=3
    )
    part = equity_part([("More", scenario, baseline)])
    (message,) = part.messages
    said = answer(scenario, baseline)
    assert (message.sentence, message.points[-1]) == (said.warning or said.headline, said.details[-1])
    assert message.picture is not None
    assert [series.name for series in message.picture.series] == [UNCHANGED, "More"]
    shares = scenario.by_group("within_18", "deprivation")[:, -1].mean(axis=0)
    assert message.picture.series[1].values == pytest.approx(shares, abs=0.05)
    (sheet,) = part.sheets
    assert len(sheet.frame) == 2 * 11 * 5  # two runs, 11 groups, 5 measures
    waiting = sheet.frame[(sheet.frame["Run"] == "More") & (sheet.frame["Measure"] == "Waiting, patients")]
    by_age = waiting[waiting["By"] == "Age"]["Value"].tolist()
    assert by_age == scenario.by_group("waiting", "age")[:, -1].mean(axis=0).round().tolist()
    # only what counts people is left out where small: two of the five measures
    assert sum(sheet.people or ()) == 2 * 11 * 2
    both = part.beside(
        expectations_part(
            [
                (
                    score("Clinics", SCENARIO, BASELINE, TARGETS, MILES),
                    travel("Clinics", SCENARIO, BASELINE, MILES, NAMES),
                )
            ]
        )
    )
    assert [each.name for each in both.sheets] == ["Equity", "Scorecard", "Travel"]
