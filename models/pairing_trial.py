"""A plan as a scenario that can be run: a lever for each flow, with what else is placed beside it."""

from collections.abc import Mapping

from models.pairing import Limits, Plan
from models.scenario import Scenario, read_scenario

ALL_SPARE = 100.0  # percent of the partner's spare clinic time; the weekly limit says how much of it is used
FEWEST = 0.05  # appointments a week
TENTHS = 1  # decimals of an appointment a week


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
    beside = (
        ("emeritus_consultants", "sessions", emeritus or {}),
        ("independent_sector", "slots", independent or {}),
    )
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
