"""Both sides of each pair of a plan: the lists of who is helped and of who helps, with it and without."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from threading import Event

import numpy as np
from numpy.typing import NDArray

from models.calibration.rates import Calibration
from models.pairing.pairs import WAITED, Flow, Pair, Plan
from models.queueing.clinic_minutes import Clinic
from models.scenarios.levers.outpatients import PAIRING
from models.scenarios.presets import baseline_for
from models.scenarios.scenario import Scenario
from models.statements import Interval
from sim.engine.state import MEASURES
from sim.engine.uncertainty import evidence
from sim.runs.comparison import end_month
from sim.runs.results import Results, band
from sim.runs.runner import Progress, run
from sim.runs.work_units import chosen_series

SETTLED_WEEKS = 13  # the last weeks of a run, over which its first appointments are averaged
LISTS = ("waiting", "share_within_18", "over_52")
STEPS = ("offered", "missed", "repeated", "diagnostic", "again", "ended")

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Side:
    """One trust's list in the treatment functions of a pair. Patients; percent for the share within 18."""

    trust: str
    helps: bool
    treatment_functions: tuple[str, ...]
    now: Mapping[str, float]  # by measure of LISTS
    without: Mapping[str, Interval]
    with_plan: Mapping[str, Interval]
    change: Mapping[str, Interval]
    floor: float  # share within 18 weeks that it keeps, percent
    weeks_of_firsts: Interval | None  # change of its list, in weeks of its own first appointments


@dataclass(frozen=True)
class Way:
    """What becomes of the patients offered an appointment in a pair's flows over the run, by STEPS."""

    steps: Mapping[str, Interval]


@dataclass(frozen=True)
class BothSides:
    """One pair of a plan: its sides, who helps first, and its patients' way."""

    pair: Pair
    sides: tuple[Side, ...]
    together: Mapping[str, Interval]  # change of both sides' lists, patients, by measure
    way: Way


@dataclass(frozen=True)
class Trial:
    """A plan as simulated. `month` is its last, in words; replication by replication beside its baseline."""

    month: str
    weeks: int
    replications: int
    pairs: tuple[BothSides, ...]
    together: Mapping[str, Interval]  # change of all their lists, patients, by measure
    beside: Mapping[str, Interval] | None  # of that, what is placed beside the pairs does; None: nothing is
    planned: float  # weeks of long waiting a week that the plan counts as avoided
    avoided: Interval | None  # the same as simulated, of the pairs alone; None where not counted so long
    waited: int  # weeks from which a wait is long
    scenario: Scenario


def try_plan(
    calibration: Calibration,
    plan: Plan,
    scenario: Scenario,
    floors: Mapping[tuple[str, str], float],
    *,
    weeks: int = 104,
    replications: int = 30,
    seed: int = 1,
    workers: int | None = None,
    progress: Progress = lambda share: None,
    cancel: Event | None = None,
) -> Trial:
    """Run a plan and the same future without it, and look at both sides of each pair.

    `scenario` is the plan's (`models.pairing.trial_scenario`), `calibration` knows what each series can
    spare, and `floors` are shares within 18 weeks (percent) by trust and treatment function. Only series that
    a lever touches are run: whatever else is run beside them, theirs are the same numbers.
    """
    touched = chosen_series(calibration, np.flatnonzero(_touched(calibration, scenario)))
    pairing = tuple(setting for setting in scenario.levers if setting.lever.name == PAIRING.name)
    runs = [baseline_for(scenario), scenario]
    if len(pairing) < len(scenario.levers):
        runs.append(replace(scenario, levers=pairing))

    def told(place: int) -> Progress:
        return lambda share: progress((place + share) / len(runs))

    baseline, results, *alone = (
        run(
            touched,
            each,
            seed=seed,
            weeks=weeks,
            replications=replications,
            workers=workers,
            progress=told(place),
            cancel=cancel,
        )
        for place, each in enumerate(runs)
    )
    values = evidence(scenario.assumptions, seed, range(replications))
    waited = round(pairing[0].number("waited")) if pairing else WAITED
    everybody = np.ones(len(results.providers), bool)
    return Trial(
        month=end_month(results),
        weeks=weeks,
        replications=replications,
        pairs=tuple(_both(pair, results, baseline, values, floors) for pair in plan.pairs if pair.flows),
        together=_change(results, baseline, everybody),
        beside=_change(results, alone[0], everybody) if alone else None,
        planned=plan.weeks,
        avoided=_avoided(alone[0] if alone else results, baseline, waited),
        waited=waited,
        scenario=scenario,
    )


def _touched(calibration: Calibration, scenario: Scenario) -> NDArray[np.bool_]:
    """Which series a lever of the scenario is placed in. (N,)"""
    touched = np.zeros(calibration.series, bool)
    for setting in scenario.levers:
        trusts = {*setting.parties(), *setting.providers}
        touched |= np.isin(calibration.providers, sorted(trusts)) & np.isin(
            calibration.treatment_functions, list(setting.treatment_functions)
        )
    return touched


def _both(
    pair: Pair,
    results: Results,
    baseline: Results,
    values: Mapping[str, Floats],
    floors: Mapping[tuple[str, str], float],
) -> BothSides:
    sides = []
    for helps in (True, False):
        for trust in sorted({_end(flow, helps) for flow in pair.flows}):
            flows = [flow for flow in pair.flows if _end(flow, helps) == trust]
            sides.append(_side(trust, helps, flows, results, baseline, values, floors))
    here = np.zeros(len(results.providers), bool)
    for flow in pair.flows:
        here |= results.chosen([flow.home, flow.partner], [flow.treatment_function])
    return BothSides(
        pair=pair,
        sides=tuple(sides),
        together=_change(results, baseline, here),
        way=_way(pair, results, values),
    )


def _avoided(results: Results, baseline: Results, waited: int) -> Interval | None:
    """Weeks of waiting beyond `waited` that a plan avoids, a week of the run; None where not counted.

    Each pathway over the limit at a week's end is a week of long waiting, so it is the mean difference in
    how many there are.
    """

    def beyond(run_of: Results) -> Floats:
        if waited == WAITED:
            return (run_of.total("waiting") - run_of.total("within_18")).mean(axis=1)
        return run_of.total(f"over_{waited}").mean(axis=1)

    if waited != WAITED and f"over_{waited}" not in MEASURES:
        return None
    return Interval.of(band(beyond(baseline) - beyond(results)))


def _change(results: Results, baseline: Results, here: NDArray[np.bool_]) -> dict[str, Interval]:
    """The change of these series' lists, patients in the last week, by measure."""
    return {
        name: Interval.of(band(_end_of(results, name, here) - _end_of(baseline, name, here)))
        for name in LISTS
        if name != "share_within_18"
    }


def _end(flow: Flow, helps: bool) -> str:
    return flow.partner if helps else flow.home


def _side(
    trust: str,
    helps: bool,
    flows: list[Flow],
    results: Results,
    baseline: Results,
    values: Mapping[str, Floats],
    floors: Mapping[tuple[str, str], float],
) -> Side:
    functions = tuple(dict.fromkeys(flow.treatment_function for flow in flows))
    here = results.chosen([trust], functions)
    size = {code: results.opening_value("waiting", results.chosen([trust], [code])) for code in functions}
    kept = sum(size[code] * floors[trust, code] for code in functions)
    opening = {name: _opening(results, name, here) for name in LISTS}
    ends = {name: (_end_of(results, name, here), _end_of(baseline, name, here)) for name in LISTS}
    weeks_of_firsts = None
    if helps:
        moved = results.total("moved_in", here) * (1 - _share(values, "missed"))[:, None]
        own = _weeks_of_firsts(results, here, moved) - _weeks_of_firsts(baseline, here, 0 * moved)
        weeks_of_firsts = Interval.of(band(own))
    return Side(
        trust=trust,
        helps=helps,
        treatment_functions=functions,
        now=opening,
        without={name: Interval.of(band(end[1])) for name, end in ends.items()},
        with_plan={name: Interval.of(band(end[0])) for name, end in ends.items()},
        change={name: Interval.of(band(end[0] - end[1])) for name, end in ends.items()},
        floor=kept / max(sum(size.values()), 1),
        weeks_of_firsts=weeks_of_firsts,
    )


def _opening(results: Results, name: str, here: NDArray[np.bool_]) -> float:
    if name != "share_within_18":
        return float(results.opening_value(name, here))
    return 100 * results.opening_value("within_18", here) / max(results.opening_value("waiting", here), 1)


def _end_of(results: Results, name: str, here: NDArray[np.bool_]) -> Floats:
    """A measure in the last week: patients, or percent. (R,)"""
    if name == "share_within_18":
        return 100 * np.nan_to_num(results.share_within_18(here)[:, -1], nan=1.0)
    return results.total(name, here)[:, -1].astype(float)


def _weeks_of_firsts(results: Results, here: NDArray[np.bool_], guests: Floats) -> Floats:
    """The list at the end over a week's first appointments of the trust's own patients. (R,)"""
    seen = results.total("first_virtual", here) + results.total("first_face_to_face", here) - guests
    a_week = seen[:, -SETTLED_WEEKS:].mean(axis=1)
    return _end_of(results, "waiting", here) / np.maximum(a_week, 0.1)


def _way(pair: Pair, results: Results, values: Mapping[str, Floats]) -> Way:
    """The patients' way: how many were offered and ended is counted, the rest parted by its shares."""
    offered, ended = np.zeros(results.replications), np.zeros(results.replications)
    for flow in pair.flows:
        there = results.chosen([flow.partner], [flow.treatment_function])
        others = _others_there(flow, results, there)
        sent = results.total("moved_in", there).sum(axis=1)
        back = results.total("moved_out", there).sum(axis=1)
        offered += sent * others
        ended += (sent - back) * others
    missed = offered * _share(values, "missed")
    repeated = (offered - missed) * _share(values, "repeated")
    seen = offered - missed - repeated
    diagnostic = seen * values["local_diagnostic"] / 100
    again = np.maximum(seen - diagnostic - ended, 0.0)
    counts = (offered, missed, repeated, diagnostic, again, ended)
    return Way({step: Interval.of(band(each)) for step, each in zip(STEPS, counts, strict=True)})


def _others_there(flow: Flow, results: Results, there: NDArray[np.bool_]) -> float:
    """This flow's share of what comes to its partner in its treatment function."""
    levers = results.document["levers"]
    limits = {
        each["home"]: float(each["weekly_limit"])
        for each in levers
        if each["lever"] == "trust_pairing"
        and each["partner"] == flow.partner
        and each["treatment_functions"] == [flow.treatment_function]
    }
    total = sum(limits.values())
    return limits.get(flow.home, 0.0) / total if total else 0.0


def _share(values: Mapping[str, Floats], what: str) -> Floats:
    """The chance that a virtual appointment is missed, or must be repeated, by replication. (R,)"""
    clinic = Clinic.from_assumptions(values).with_telephone(values["telephone_share"] / 100)
    return np.asarray(clinic.missed_virtual if what == "missed" else clinic.repeated)
