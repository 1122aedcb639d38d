"""Scenarios that ship with the product; each is a plain document like the ones planners write."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from models.errors import TandemError
from models.scenario import Scenario, read_scenario

BASELINE: Mapping[str, Any] = MappingProxyType(
    {
        "name": "baseline",
        "title": "As today",
        "description": "Clinics, theatres and referrals carry on as over the past year.",
    }
)

PRESETS: Mapping[str, Mapping[str, Any]] = MappingProxyType(
    {
        "baseline": BASELINE,
        "virtual-70": {
            "name": "virtual-70",
            "title": "70% virtual by default",
            "description": "Within six months, 70% of outpatient appointments, first and follow-up, are held "
            "by video or telephone, as far as the specialty and the patient allow.",
            "levers": [{"lever": "virtual_by_default", "first": 70, "follow_up": 70}],
        },
        "extra-sessions": {
            "name": "extra-sessions",
            "title": "Twenty extra clinics",
            "description": "Twenty more clinics and forty more theatre slots a week across the board.",
            "levers": [{"lever": "extra_sessions", "clinics": 20, "theatre_slots": 40}],
        },
        "recovery-programme": {
            "name": "recovery-programme",
            "title": "Recovery programme",
            "description": "More patient-initiated follow-up, advice to GPs in place of referrals, fewer "
            "missed appointments and ten emeritus sessions a week.",
            "levers": [
                {"lever": "patient_initiated_follow_up", "share": 5},
                {"lever": "advice_and_guidance", "share": 6},
                {"lever": "missed_appointments", "reduction": 20},
                {"lever": "emeritus_consultants", "sessions": 10},
            ],
        },
        "referral-growth": {
            "name": "referral-growth",
            "title": "Referrals up 2% a year",
            "description": "New clock starts grow steadily; nothing else changes.",
            "levers": [{"lever": "referral_growth", "growth": 2}],
        },
    }
)


def preset(name: str) -> Scenario:
    """The preset called `name`; raises TandemError, naming the presets, if there is none."""
    found = PRESETS.get(name)
    if found is None:
        raise TandemError(
            f"There is no preset scenario called {name!r}.", f"Choose from {', '.join(PRESETS)}."
        )
    return read_scenario(found)


def baseline_for(scenario: Scenario) -> Scenario:
    """The baseline a scenario is held against: no levers, the same world (its assumptions and ceilings)."""
    return Scenario(
        name=str(BASELINE["name"]),
        title=str(BASELINE["title"]),
        description=str(BASELINE["description"]),
        assumptions=scenario.assumptions,
        ceilings_of=tuple(setting for setting in scenario.levers if setting.values.get("ceilings")),
    )
