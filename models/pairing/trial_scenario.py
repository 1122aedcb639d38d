"""A plan as a scenario that can be run: a lever for each flow, with what else is placed beside it."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from models.calibration.rates import Calibration
from models.pairing.gains import visit_minutes
from models.pairing.pairs import Limits, Plan
from models.queueing.clinic_minutes import Clinic, capable_share
from models.scenarios.scenario import Scenario, read_scenario

ALL_SPARE = 100.0  # percent of the partner's spare clinic time; the weekly limit says how much of it is used
FEWEST = 0.05  # appointments a week
TENTHS = 1  # decimals of an appointment a week
EMERITUS, INDEPENDENT = "emeritus_consultants", "independent_sector"  # levers placed beside the pairs


@dataclass(frozen=True)
class Beside:
    """What a lever beside the pairs gives one trust a week: appointments, or admissions where independent."""

    lever: str  # EMERITUS or INDEPENDENT
    trust: str
    a_week: float


def trial_scenario(
    plan: Plan,
    limits: Limits,
    *,
    emeritus: Mapping[str, float] | None = None,
    independent: Mapping[str, float] | None = None,
    assumptions: Mapping[str, float] | None = None,
) -> Scenario:
    """The plan's pairs, each flow out of the partner's spare clinic time alone.

    `emeritus` sessions and `independent` sector slots are a week by treatment function, shared by the trusts
    that the plan helps and that don't help others in it; `assumptions` are other than the register's.
    """
    helped = sorted({flow.home for flow in plan.flows})
    givers = {(flow.partner, flow.treatment_function) for flow in plan.flows}
    levers: list[dict[str, object]] = [
        {
            "lever": "trust_pairing",
            "home": flow.home,
            "partner": flow.partner,
            "weekly_limit": round(flow.a_week, TENTHS),
            "from_spare": ALL_SPARE,
            "given": 0.0,
            "waited": limits.waited,
            "treatment_functions": [flow.treatment_function],
        }
        for flow in plan.flows
        if flow.a_week >= FEWEST
    ]
    beside = ((EMERITUS, "sessions", emeritus or {}), (INDEPENDENT, "slots", independent or {}))
    for lever, amount, given in beside:
        levers += [
            {"lever": lever, amount: float(number), "treatment_functions": [code], "providers": trusts}
            for code, number in given.items()
            if number > 0 and (trusts := [trust for trust in helped if (trust, code) not in givers])
        ]
    return read_scenario(
        {
            "name": "pairing-plan",
            "title": f"{len(plan.pairs)} {'pair' if len(plan.pairs) == 1 else 'pairs'} of trusts",
            "levers": levers,
            "assumptions": dict(assumptions or {}),
        }
    )


def placed_beside(
    scenario: Scenario, calibration: Calibration, values: Mapping[str, float]
) -> tuple[Beside, ...]:
    """What is placed beside the pairs of a trial's scenario, by lever and trust, as the simulation shares it.

    Emeritus sessions by those who wait for a first appointment and can be seen virtually, independent slots
    by those who wait for admission. `values` are every assumption by key.
    """
    able = capable_share(Clinic.from_assumptions(values), calibration.treatment_functions, {}, values)
    waiting = {EMERITUS: calibration.first.sum(axis=1) * able, INDEPENDENT: calibration.admitted.sum(axis=1)}
    amounts: dict[tuple[str, str], float] = {}
    for setting in scenario.levers:
        name = setting.lever.name
        if name not in waiting:
            continue
        if name == EMERITUS:
            minutes = setting.number("sessions") * values["emeritus_session_hours"] * 60
            amount = minutes / visit_minutes(values)
        else:
            amount = setting.number("slots")
        here = np.isin(calibration.providers, setting.providers) & np.isin(
            calibration.treatment_functions, setting.treatment_functions
        )
        total = float(waiting[name][here].sum())
        for row in np.flatnonzero(here) if total > 0 else ():
            key = (name, str(calibration.providers[row]))
            amounts[key] = amounts.get(key, 0.0) + amount * float(waiting[name][row]) / total
    return tuple(Beside(name, trust, a_week) for (name, trust), a_week in sorted(amounts.items()))
