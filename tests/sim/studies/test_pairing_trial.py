"""Both sides of a pair in the simulation: what leaves one list reaches the other, and who loses is told."""

from dataclasses import replace
from threading import Event

import numpy as np
import pytest

from models.calibration.rates import Calibration
from models.pairing.pairs import Flow, Limits, Pair, Plan
from models.pairing.trial_scenario import trial_scenario
from models.scenarios.presets import baseline_for
from models.statements import Interval, count
from sim.reports.pairing_statements import agreement_said, beside_said, taken_up_said, warnings
from sim.runs.runner import Cancelled, run
from sim.studies.pairing_trial import BothSides, Trial, try_plan
from tests.sim.clinics import FIXED, board

pytestmark = pytest.mark.unit

NAMES = {"RNQ": "Kettering", "RWE": "Leicester"}
FLOW = Flow("RNQ", "RWE", "C_110", 12.0, 4.0)
PLAN = Plan((Pair(frozenset(("RNQ", "RWE")), (FLOW,)),), bound=48.0)
FLOORS = {(trust, "C_110"): 50.0 for trust in NAMES}


def with_spare() -> Calibration:
    """A board of which Leicester's orthopaedics can spare a tenth of its exits."""
    found = board()
    here = (found.providers == "RWE") & (found.treatment_functions == "C_110")
    return replace(found, spare=np.where(here, 0.1 * found.exits, 0.0))


@pytest.fixture(scope="module")
def trial() -> Trial:
    scenario = trial_scenario(PLAN, Limits(), assumptions=FIXED)
    return try_plan(with_spare(), PLAN, scenario, FLOORS, weeks=30, replications=6, workers=1)


def test_both_sides_are_those_of_a_run_of_everything(trial: Trial) -> None:
    found = with_spare()
    scenario = trial_scenario(PLAN, Limits(), assumptions=FIXED)
    whole, unchanged = (
        run(found, each, weeks=30, replications=6, workers=1) for each in (scenario, baseline_for(scenario))
    )
    (both,) = trial.pairs
    for side in both.sides:
        here = whole.chosen([side.trust], ["C_110"])
        assert side.now["waiting"] == whole.opening_value("waiting", here)
        assert side.with_plan["waiting"].mean == pytest.approx(whole.total("waiting", here)[:, -1].mean())
        assert side.without["over_52"].mean == pytest.approx(unchanged.total("over_52", here)[:, -1].mean())
    assert [(side.trust, side.helps) for side in both.sides] == [("RWE", True), ("RNQ", False)]


def test_the_helped_list_is_shorter_and_the_other_longer(trial: Trial) -> None:
    helper, helped = trial.pairs[0].sides
    assert helped.change["waiting"].upper < 0 < helper.change["waiting"].lower
    together = trial.pairs[0].together["waiting"].mean
    assert together == pytest.approx(helped.change["waiting"].mean + helper.change["waiting"].mean)
    assert trial.together["waiting"].mean == together


def test_the_way_adds_up(trial: Trial) -> None:
    steps = {step: each.mean for step, each in trial.pairs[0].way.steps.items()}
    assert 0 < steps["offered"] <= 30 * 12 + 6
    parts = sum(steps[step] for step in ("missed", "repeated", "diagnostic", "again", "ended"))
    assert parts == pytest.approx(steps["offered"])
    # By the register: 7.6% miss it, 8% of the rest are repeated, 25% of those seen need a diagnostic.
    assert steps["missed"] == pytest.approx(0.076 * steps["offered"])
    assert steps["diagnostic"] == pytest.approx(0.25 * 0.924 * 0.92 * steps["offered"])


def test_places_that_find_nobody_are_told(trial: Trial) -> None:
    (both,) = trial.pairs

    def said(a_week: float) -> str:
        flows = tuple(replace(flow, a_week=a_week) for flow in both.pair.flows)
        return taken_up_said(replace(both, pair=replace(both.pair, flows=flows)), trial.weeks)

    offered = both.way.steps["offered"].mean
    assert said(offered / 30) == ""
    assert said(40).startswith(
        f"{count(offered)} of the 1,200 appointments planned are used"
    )  # 40 x 30 weeks


def test_who_loses_is_told(trial: Trial) -> None:
    (both,) = trial.pairs
    # Leicester's share with the plan and without lies about its floor: the mean decides.
    helper, helped = both.sides
    low = replace(
        helper,
        floor=60.0,
        with_plan={**helper.with_plan, "share_within_18": Interval(59.0, 55.0, 62.0)},
        without={**helper.without, "share_within_18": Interval(61.0, 57.0, 64.0)},
        weeks_of_firsts=Interval(0.5, 0.2, 0.9),
    )
    said = warnings(replace(both, sides=(low, helped)), NAMES)
    assert said == (
        "Leicester would fall below its floor: 59.0% within 18 weeks in what it shares, where it keeps "
        "60.0%.",
        "Leicester’s own patients would wait longer for a first appointment: its list would be 0.5 weeks of "
        "first appointments longer (80%: 0.2 to 0.9). Urgent referrals are among them; the returns do not "
        "tell them apart.",
    )
    above = replace(
        low,
        floor=50.0,
        change={**low.change, "share_within_18": Interval(-2.0, -3.0, -1.0)},
        weeks_of_firsts=None,
    )
    assert warnings(BothSides(both.pair, (above, helped), both.together, both.way), NAMES) == (
        "Leicester would have 2.0 points fewer within 18 weeks in what it shares (80%: 1.0 to 3.0).",
    )
    fine = replace(above, change={**low.change, "share_within_18": Interval(-0.1, -0.5, 0.4)})
    assert warnings(replace(both, sides=(fine, helped)), NAMES) == ()


def test_what_is_avoided_is_the_mean_fall_in_long_waits(trial: Trial) -> None:
    found = with_spare()
    scenario = trial_scenario(PLAN, Limits(), assumptions=FIXED)
    results, baseline = (
        run(found, each, weeks=30, replications=6, workers=1) for each in (scenario, baseline_for(scenario))
    )
    here = results.chosen(["RNQ", "RWE"], ["C_110"])
    fewer = [
        (each.total("waiting", here) - each.total("within_18", here)).mean() for each in (baseline, results)
    ]
    assert trial.avoided is not None
    assert trial.avoided.mean == pytest.approx(fewer[0] - fewer[1])
    assert (trial.planned, trial.waited, trial.beside) == (48.0, 18, None)
    assert beside_said(trial) == ""


def test_how_far_the_plan_s_count_held_is_told(trial: Trial) -> None:
    plan = "The plan counts 48 weeks of waiting beyond 18 weeks avoided, each week"
    clear = replace(trial, avoided=Interval(12.0, 6.0, 20.0))
    assert agreement_said(clear) == (
        f"{plan}. Both queues together avoid 12 (80%: 6 to 20), 25% of it: what is given is also missed in "
        "the giver’s own list."
    )
    assert agreement_said(replace(trial, avoided=Interval(2.0, -15.0, 20.0))).startswith(
        f"{plan}. Both queues together show no clear gain (80%: −15 to 20): "
    )
    assert agreement_said(replace(trial, avoided=Interval(-12.0, -20.0, -6.0))) == (
        f"{plan}. Both queues together would have 12 more (80%: 6 to 20)."
    )
    assert agreement_said(replace(trial, avoided=None, waited=26)).endswith(
        "the simulation does not count waits beyond 26 weeks."
    )


def test_what_is_placed_beside_is_counted_apart(trial: Trial) -> None:
    scenario = trial_scenario(PLAN, Limits(), emeritus={"C_110": 3}, assumptions=FIXED)
    both = try_plan(with_spare(), PLAN, scenario, FLOORS, weeks=30, replications=6, workers=1)
    assert both.beside is not None
    assert both.beside["waiting"].upper < 0
    # with it less the pairs alone, and the pairs alone are those of the plain trial
    alone = both.together["waiting"].mean - both.beside["waiting"].mean
    assert alone == pytest.approx(trial.together["waiting"].mean)
    assert both.avoided == trial.avoided
    assert beside_said(both).startswith("Of it, emeritus sessions and independent-sector slots, by ")


def test_a_trial_can_be_stopped() -> None:
    stop = Event()
    stop.set()
    scenario = trial_scenario(PLAN, Limits(), assumptions=FIXED)
    with pytest.raises(Cancelled):
        try_plan(with_spare(), PLAN, scenario, FLOORS, weeks=30, replications=2, workers=1, cancel=stop)
