"""Which two trusts a pairing means that names none: it depends on the board's lists."""

from dataclasses import replace
from types import MappingProxyType

import numpy as np

from models.calibration.rates import Calibration
from models.errors import TandemError
from models.rtt.months import DAYS_A_WEEK
from models.rtt.organisations import provider_kind
from models.scenarios.scenario import LeverSetting, Scenario

HALF_YEAR = 26  # weeks over which a pair is judged


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
