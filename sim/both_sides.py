"""Both sides of each pair of a plan: the lists of who is helped and of who helps, with it and without."""

from collections.abc import Mapping
from dataclasses import dataclass
from threading import Event

import numpy as np
from numpy.typing import NDArray

from models.answers import Interval, count, rounded
from models.calibration import Calibration
from models.clinic import Clinic
from models.pairing import Flow, Pair, Plan
from models.pairing_reasons import whose
from models.presets import baseline_for
from models.scenario import Scenario
from sim.comparison import end_month
from sim.results import Results, band
from sim.runner import Progress, run
from sim.uncertainty import evidence
from sim.units import chosen_series

SETTLED_WEEKS = 13  # the last weeks of a run, over which its first appointments are averaged
LISTS = ("waiting", "share_within_18", "over_52")
WORSE = 0.1  # percentage points, or weeks, by which a giver's list must clearly be worse to be told
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

    `scenario` is the plan's (`models.pairing_trial`), `calibration` knows what each series can spare, and
    `floors` are shares within 18 weeks (percent) by trust and treatment function. Only series that a lever
    touches are run: whatever else is run beside them, theirs are the same numbers.
    """
    touched = np.zeros(calibration.series, bool)
    for setting in scenario.levers:
        trusts = {*setting.parties(), *setting.providers}
        touched |= np.isin(calibration.providers, sorted(trusts)) & np.isin(
            calibration.treatment_functions, list(setting.treatment_functions)
        )
    found = chosen_series(calibration, np.flatnonzero(touched))

    def told(begin: float) -> Progress:
        return lambda share: progress(begin + share / 2)

    baseline, results = (
        run(
            found, each, seed=seed, weeks=weeks, replications=replications, workers=workers,
            progress=told(begin), cancel=cancel,
        )
        for begin, each in ((0.0, baseline_for(scenario)), (0.5, scenario))
    )  # fmt: skip
    values = evidence(scenario.assumptions, seed, range(replications))
    return Trial(
        month=end_month(results),
        weeks=weeks,
        replications=replications,
        pairs=tuple(_both(pair, results, baseline, values, floors) for pair in plan.pairs if pair.flows),
        together=_together(plan.flows, results, baseline),
        scenario=scenario,
    )


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
    together = _together(pair.flows, results, baseline)
    return BothSides(pair, tuple(sides), together, _way(pair, results, values))


def _together(flows: tuple[Flow, ...], results: Results, baseline: Results) -> dict[str, Interval]:
    """The change of the lists that these flows leave or reach, patients in the last week, by measure."""
    here = np.zeros(len(results.providers), bool)
    for flow in flows:
        here |= results.chosen([flow.home, flow.partner], [flow.treatment_function])
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


def warnings(sides: BothSides, names: Mapping[str, str]) -> tuple[str, ...]:
    """What a giver would lose, in sentences: below its floor, fewer within 18 weeks, longer to wait."""
    said = []
    for side in sides.sides:
        if not side.helps:
            continue
        name = names.get(side.trust, side.trust)
        share, change = side.with_plan["share_within_18"], side.change["share_within_18"]
        worse = change.mean < 0 and change.is_clear(WORSE)
        if share.mean < side.floor - WORSE and side.without["share_within_18"].mean >= side.floor:
            said.append(
                f"{name} would fall below its floor: {share.mean:.1f}% within 18 weeks in what it shares, "
                f"where it keeps {side.floor:.1f}%."
            )
        elif worse:
            said.append(
                f"{name} would have {abs(change.mean):.1f} points fewer within 18 weeks in what it shares "
                f"(80%: {min(abs(change.lower), abs(change.upper)):.1f} to "
                f"{max(abs(change.lower), abs(change.upper)):.1f})."
            )
        firsts = side.weeks_of_firsts
        if firsts and firsts.mean > 0 and firsts.is_clear(WORSE):
            said.append(
                f"{whose(name)} own patients would wait longer for a first appointment: its list would be "
                f"{firsts.mean:.1f} weeks of first appointments longer (80%: {firsts.lower:.1f} to "
                f"{firsts.upper:.1f}). Urgent referrals are among them; the returns do not tell them apart."
            )
    return tuple(said)


def together_said(who: str, change: Mapping[str, Interval], month: str) -> str:
    """What is changed for all sides together, in a sentence."""
    said = [
        f"{_change_said(change[measure])} {word}"
        for measure, word in (("over_52", "over 52 weeks"), ("waiting", "on their lists"))
    ]
    return f"{who}, by {month}: {said[0]}, {said[1]}."


def _change_said(change: Interval) -> str:
    """A change of patients with its range: '79 fewer (80%: 22 to 134 fewer)'."""
    if not change.clear:
        return f"no clear difference (80%: {rounded(change.lower):+,} to {rounded(change.upper):+,})".replace(
            "-", "−"
        )
    ends = sorted((abs(rounded(change.lower)), abs(rounded(change.upper))))
    return f"{count(change.mean)} {'more' if change.mean > 0 else 'fewer'} (80%: {ends[0]:,} to {ends[1]:,})"
