"""Scenarios that ship with the product; each is a plain document like the ones planners write.

Together they cover the five documents that Tandem's levers come from. A preset that pairs trusts names none:
which two depends on the board, and `with_trusts` chooses them from its lists.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

import numpy as np

from models.calibration import Calibration
from models.errors import TandemError
from models.months import DAYS_A_WEEK
from models.organisations import provider_kind
from models.scenario import LeverSetting, Scenario, read_scenario

HALF_YEAR = 26  # weeks over which a pair is judged


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
    found = PRESETS.get(name)
    if found is None:
        raise TandemError(
            f"There is no preset scenario called {name!r}.", f"Choose from {', '.join(PRESETS)}."
        )
    return read_scenario(found.document())


def baseline_for(scenario: Scenario) -> Scenario:
    """The baseline a scenario is held against: no levers, the same world (its assumptions and ceilings)."""
    return Scenario(
        name=BASELINE.name,
        title=BASELINE.title,
        description=BASELINE.description,
        assumptions=scenario.assumptions,
        ceilings_of=tuple(setting for setting in scenario.levers if setting.values.get("ceilings")),
    )


def needs_trusts(scenario: Scenario) -> bool:
    """Whether a pairing in the scenario leaves open which trust is helped, or which helps."""
    return any(_open(setting) for setting in scenario.levers)


def with_trusts(scenario: Scenario, calibration: Calibration) -> Scenario:
    """The scenario with two of the board's trusts in every pairing that leaves them open.

    Chosen is the pair by which most waits are avoided over half a year: for each treatment function that both
    have, those who have waited long at home, as many as the partner may see of them, times how much smaller
    the share of its own patients is who have waited so long. Two NHS trusts before a trust and another
    provider; the first by code where pairs are alike. Raises TandemError where no pair helps.
    """
    if not needs_trusts(scenario):
        return scenario
    levers = tuple(
        _with_best_pair(setting, calibration) if _open(setting) else setting for setting in scenario.levers
    )
    return replace(scenario, levers=levers)


def _open(setting: LeverSetting) -> bool:
    pairing = setting.lever.name == "trust_pairing"
    return pairing and not (setting.text("home") and setting.text("partner"))


def _with_best_pair(setting: LeverSetting, calibration: Calibration) -> LeverSetting:
    avoided = _waits_avoided(setting, calibration)

    def rank(pair: tuple[str, str]) -> tuple[bool, float, list[int]]:
        trusts = all(provider_kind(code) == "NHS trust" for code in pair)
        return trusts, avoided[pair], [-ord(letter) for letter in "".join(pair)]

    if not avoided:
        raise TandemError(
            f"No two providers of {calibration.scope} could be paired: none has shorter waits for a "
            "treatment function in which another has long ones.",
            "Name the trust that is helped and the one that helps, or choose a larger area.",
        )
    home, partner = max(avoided, key=rank)
    values = MappingProxyType(dict(setting.values) | {"home": home, "partner": partner})
    return replace(setting, values=values)


def _waits_avoided(setting: LeverSetting, calibration: Calibration) -> dict[tuple[str, str], float]:
    """Long waits avoided in half a year by each pair that avoids any, patients."""
    waited = round(setting.number("waited"))
    size = calibration.first.sum(axis=1)
    long_waits = calibration.first[:, waited:].sum(axis=1)
    long_share = long_waits / np.maximum(size, 1)
    given = setting.number("given") / 100 * calibration.exits * DAYS_A_WEEK * HALF_YEAR
    avoided: dict[tuple[str, str], float] = {}
    for code in dict.fromkeys(calibration.treatment_functions.tolist()):
        if setting.treatment_functions and code not in setting.treatment_functions:
            continue
        here = np.flatnonzero(calibration.treatment_functions == code)
        for home in here:
            for partner in here:
                pair = (str(calibration.providers[home]), str(calibration.providers[partner]))
                gain = min(long_waits[home], given[partner]) * (long_share[home] - long_share[partner])
                if gain > 0 and _may_pair(setting, *pair):
                    avoided[pair] = avoided.get(pair, 0.0) + float(gain)
    return avoided


def _may_pair(setting: LeverSetting, home: str, partner: str) -> bool:
    """Whether a pair keeps to the trust that the setting names, if any, and helps an NHS trust."""
    asked = (setting.text("home") or home, setting.text("partner") or partner)
    in_scope = not setting.providers or home in setting.providers
    return asked == (home, partner) and in_scope and provider_kind(home) == "NHS trust"
