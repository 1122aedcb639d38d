"""A plan as a scenario: a lever a flow, out of spare alone, and what is placed beside."""

from dataclasses import replace

import numpy as np
import pytest

from models.calibration.rates import calibrate
from models.pairing.gains import visit_minutes
from models.pairing.pairs import Flow, Limits, Pair, Plan
from models.pairing.trial_scenario import EMERITUS, INDEPENDENT, placed_beside, trial_scenario
from models.scenarios import assumptions
from tests.models.histories import england, still

pytestmark = pytest.mark.unit

PLAN = Plan(
    pairs=(
        Pair(
            frozenset(("RAA", "RBB")),
            (Flow("RAA", "RBB", "C_101", 12.34, 3.0), Flow("RBB", "RAA", "C_330", 0.01, 1.0)),
        ),
    ),
    bound=38.0,
)


def test_a_lever_for_each_flow_out_of_spare_alone() -> None:
    scenario = trial_scenario(PLAN, Limits(waited=26), assumptions={"local_diagnostic": 40})
    (setting,) = scenario.levers  # a hundredth of an appointment is none
    assert setting.document() == {
        "lever": "trust_pairing",
        "home": "RAA",
        "partner": "RBB",
        "weekly_limit": 12.3,
        "from_spare": 100.0,
        "given": 0.0,
        "waited": 26.0,
        "starts": "+0w",
        "treatment_functions": ["C_101"],
    }
    assert scenario.assumptions == {"local_diagnostic": 40.0}
    assert scenario.title == "1 pair of trusts"


def test_what_is_placed_beside_is_for_who_is_helped() -> None:
    scenario = trial_scenario(PLAN, Limits(), emeritus={"C_101": 2, "C_330": 0}, independent={"C_330": 5})
    _, sessions, slots = scenario.levers
    # Birch helps Ash in urology, and is helped in dermatology, where Ash helps.
    assert (sessions.lever.name, sessions.number("sessions")) == ("emeritus_consultants", 2)
    assert (sessions.providers, sessions.treatment_functions) == (("RAA",), ("C_101",))
    assert (slots.lever.name, slots.number("slots"), slots.providers) == ("independent_sector", 5, ("RBB",))


def test_what_is_placed_is_shared_by_who_waits() -> None:
    plan = Plan(
        pairs=tuple(
            Pair(frozenset((home, "R02")), (Flow(home, "R02", "C_110", 5.0, 1.0),)) for home in ("R00", "R01")
        ),
        bound=10.0,
    )
    found = calibrate(still((1000, 1000, 1000)), england(), 0.4)
    first, admitted = np.zeros_like(found.first), np.zeros_like(found.admitted)
    first[:, 20], admitted[:, 20] = (300, 100, 900), (10, 40, 70)
    found = replace(found, first=first, admitted=admitted)
    values = assumptions.resolve({})
    scenario = trial_scenario(plan, Limits(), emeritus={"C_110": 2}, independent={"C_110": 5})
    # three in four wait at the one for a first appointment, one in five for admission; the giver has none
    appointments = 2 * 3.5 * 60 / visit_minutes(values)
    placed = placed_beside(scenario, found, values)
    assert [(each.lever, each.trust) for each in placed] == [
        (lever, trust) for lever in (EMERITUS, INDEPENDENT) for trust in ("R00", "R01")
    ]
    assert [each.a_week for each in placed] == pytest.approx(
        [appointments * 0.75, appointments * 0.25, 1.0, 4.0]
    )
    assert placed_beside(trial_scenario(plan, Limits()), found, values) == ()
