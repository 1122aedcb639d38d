"""The ten expectations and travel as they join a takeaway: the words and numbers of their own cards."""

import pytest

from models.takeaway import joined
from sim.scorecard import score, travel
from sim.takeaway import takeaway
from sim.takeaway_parts import expectations_part
from tests.sim.test_scorecard import BASELINE, MILES, SCENARIO, TARGETS

pytestmark = pytest.mark.unit

NAMES = {"RAA": "Aintree", "RBB": "Bath"}


def test_the_part_says_what_the_cards_say() -> None:
    card = score("Clinics", SCENARIO, BASELINE, TARGETS, MILES)
    travelled = travel("Clinics", SCENARIO, BASELINE, MILES, NAMES)
    part = expectations_part([(card, travelled)])
    taken = joined(takeaway(SCENARIO.results, BASELINE.results, "Somewhere", "9.9.9"), [part])
    first, second = taken.messages[-2:]
    assert first.sentence == card.headline
    assert (second.sentence, *second.points) == travelled.sentences
    sheets = {sheet.name: sheet.frame for sheet in taken.sheets}
    assert sheets["Scorecard"]["Verdict"].tolist() == [str(each.verdict) for each in card.judged]
    assert sheets["Travel"]["Miles, difference"].iloc[-1] == round(travelled.change.mean)
    assert taken.about["Carbon from a mile by car"] == "0.25 kg CO2e"
    assert "Excellent care: 92% or more by August 2027" in taken.about["Targets"]


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
