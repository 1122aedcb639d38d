"""Scenarios that ship with the product; each is a plain document like the ones planners write.

Together they cover the five documents that Tandem's levers come from. A preset that pairs trusts names none:
which two depends on the board, and `with_trusts` chooses them from its lists.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from models.errors import TandemError
from models.scenarios.scenario import Scenario, read_scenario


@dataclass(frozen=True)
class Preset:
    """A scenario that ships: what it is called, what it does in a sentence, the document it comes from."""

    name: str
    title: str
    description: str
    source: str
    levers: tuple[Mapping[str, Any], ...] = ()

    def document(self) -> dict[str, Any]:
        """The scenario's document, as `read_scenario` takes it."""
        return {
            "name": self.name,
            "title": self.title,
            "description": self.description,
            "levers": [dict(lever) for lever in self.levers],
        }


PRESETS: Mapping[str, Preset] = MappingProxyType(
    {
        each.name: each
        for each in (
            Preset(
                name="baseline",
                title="As today",
                description="Clinics, theatres and referrals carry on as over the past year.",
                source="NHS England's monthly returns",
            ),
            Preset(
                name="virtual-70",
                title="70% virtual by default",
                description="Within six months, 70% of outpatient appointments, first and follow-up, are "
                "held by video or telephone, as far as the specialty and the patient allow.",
                source="Leicester, Leicestershire and Rutland's ten expectations",
                levers=({"lever": "virtual_by_default", "first": 70, "follow_up": 70},),
            ),
            Preset(
                name="trust-pairing",
                title="Trust pairing",
                description="Those who have waited over 26 weeks at the trust where waits are longest are "
                "offered a video appointment at another provider; patients are encouraged to ask for "
                "virtual, and more follow-ups are left to the patient.",
                source="Trust pairing, NHS England's elective adviser",
                levers=(
                    {"lever": "trust_pairing", "weekly_limit": 50, "waited": 26},
                    {"lever": "asking_for_virtual", "share": 20},
                    {"lever": "patient_initiated_follow_up", "share": 5},
                ),
            ),
            Preset(
                name="mutual-aid",
                title="Mutual aid",
                description="Independent hospitals take twenty patients a week who wait to be admitted, and "
                "half of all slots go first to those who have waited a year.",
                source="The matching platform, Digital Mutual Aid System",
                levers=(
                    {"lever": "independent_sector", "slots": 20},
                    {"lever": "booking_order", "share": 50, "waited": 52},
                ),
            ),
            Preset(
                name="jointly-managed",
                title="Jointly managed list",
                description="Hospitals ask everybody who has waited 12 weeks, and again every 12, whether "
                "they still need the appointment, and answer part of the GPs' referrals with advice.",
                source="GPs and hospitals to jointly manage the backlog",
                levers=(
                    {"lever": "validation", "removed": 5, "waited": 12, "every": 12},
                    {"lever": "advice_and_guidance", "share": 6},
                ),
            ),
            Preset(
                name="recovery-programme",
                title="Recovery programme",
                description="More patient-initiated follow-up, advice to GPs in place of referrals, fewer "
                "missed appointments and ten emeritus sessions a week.",
                source="Outpatient Recovery and Transformation Programme",
                levers=(
                    {"lever": "patient_initiated_follow_up", "share": 5},
                    {"lever": "advice_and_guidance", "share": 6},
                    {"lever": "missed_appointments", "reduction": 20},
                    {"lever": "emeritus_consultants", "sessions": 10},
                ),
            ),
            Preset(
                name="extra-sessions",
                title="Twenty extra clinics",
                description="Twenty more clinics and forty more theatre slots a week across the board.",
                source="Evening and weekend lists",
                levers=({"lever": "extra_sessions", "clinics": 20, "theatre_slots": 40},),
            ),
            Preset(
                name="referral-growth",
                title="Referrals up 2% a year",
                description="New clock starts grow steadily; nothing else changes.",
                source="The planner's own view of demand",
                levers=({"lever": "referral_growth", "growth": 2},),
            ),
        )
    }
)
BASELINE = PRESETS["baseline"]


def preset(name: str) -> Scenario:
    """The preset called `name`; raises TandemError, naming the presets, if there is none."""
    chosen = PRESETS.get(name)
    if chosen is None:
        raise TandemError(
            f"There is no preset scenario called {name!r}.", f"Choose from {', '.join(PRESETS)}."
        )
    return read_scenario(chosen.document())


def baseline_for(scenario: Scenario) -> Scenario:
    """The baseline a scenario is held against: no levers, the same world (its assumptions and ceilings)."""
    return Scenario(
        name=BASELINE.name,
        title=BASELINE.title,
        description=BASELINE.description,
        assumptions=scenario.assumptions,
        ceilings_of=tuple(setting for setting in scenario.levers if setting.values.get("ceilings")),
    )
