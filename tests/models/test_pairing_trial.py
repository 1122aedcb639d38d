"""A plan as a scenario: a lever a flow, out of spare alone, and what is placed beside."""

import pytest

from models.pairing import Flow, Limits, Pair, Plan
from models.pairing_trial import trial_scenario

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
        "lever": "trust_pairing", "home": "RAA", "partner": "RBB", "weekly_limit": 12.3, "from_spare": 100.0,
        "given": 0.0, "waited": 26.0, "starts": "+0w", "treatment_functions": ["C_101"],
    }  # fmt: skip
    assert scenario.assumptions == {"local_diagnostic": 40.0}
    assert scenario.title == "1 pair of trusts"


def test_what_is_placed_beside_is_for_who_is_helped() -> None:
    scenario = trial_scenario(PLAN, Limits(), emeritus={"C_101": 2, "C_330": 0}, independent={"C_330": 5})
    _, sessions, slots = scenario.levers
    # Birch helps Ash in urology, and is helped in dermatology, where Ash helps.
    assert (sessions.lever.name, sessions.number("sessions")) == ("emeritus_consultants", 2)
    assert (sessions.providers, sessions.treatment_functions) == (("RAA",), ("C_101",))
    assert (slots.lever.name, slots.number("slots"), slots.providers) == ("independent_sector", 5, ("RBB",))
