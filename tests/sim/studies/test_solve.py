"""What it would take, against sums that can be done by hand and against every dose there is."""

from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from threading import Event
from typing import Any

import numpy as np
import pytest

from models.calibration.rates import Calibration
from models.errors import TandemError
from models.scenarios.goals import Goal, read_goal
from models.scenarios.parameters_to_vary import mix, read_varied
from models.scenarios.scenario import read_scenario
from sim.runs.runner import Cancelled, run
from sim.studies.solve import Solution, Trial, doses, scale, solve
from tests.sim.clinics import board

pytestmark = pytest.mark.unit

BY = "2025-10"  # eight weeks from the end of August 2025
R = 20
AT_ONCE: list[dict[str, Any]] = [
    {"lever": "advice_and_guidance", "full_by": "+0w"},
    {"lever": "booking_order", "share": 0, "full_by": "+0w"},
]


@cache
def clinic(removals: bool = True, starts: float = 40.0) -> Calibration:
    found = board(("RWE",), ("C_110",), starts=starts, spread=0.0)
    return found if removals else replace(found, removal=np.zeros_like(found.removal))


def solved(
    goal: Goal,
    *varied: str,
    calibration: Calibration | None = None,
    levers: Sequence[dict[str, Any]] = (),
    **how: Any,
) -> Solution:
    scenario = read_scenario({"name": "tried", "levers": list(levers)})
    how = {"replications": R, "workers": 1} | how
    return solve(calibration or clinic(), mix(*read_varied(scenario, varied)), goal, **how)


def test_slots_that_take_a_whole_number_a_week_are_counted_exactly() -> None:
    goal = read_goal("list=7800", BY)
    found = solved(goal, "independent_sector.slots", calibration=clinic(False, 400.0))
    assert found.weeks == 8
    # nobody is removed and the theatres stay full, so n slots take 8 n off every future's list: a future
    # needs its list without any, less 7,800, over 8, rounded up
    least = np.sort(np.ceil((found.without.outcomes - 7800) / 8))
    # 16 of 20 are needed; binomial(20, 0.8) puts ranks 14 and 19 about that
    assert goal.ranks(R) == (14, 19)
    assert found.dose is not None
    assert found.lower is not None
    assert found.upper is not None
    assert found.dose.values == (least[15],)
    assert (found.lower.values, found.upper.values) == ((least[13],), (least[18],))
    assert found.dose.probability == 0.8
    slots = int(least[15])
    assert found.document["levers"][0]["slots"] == slots
    change = f"{8 * slots:,} fewer waiting (80%: {8 * slots:,} to {8 * slots:,})."
    assert found.sentences[1].endswith(change)
    assert f"patients taken) at {slots} patients a week (80%: {least[13]:.0f} to" in found.sentences[0]
    assert found.sentences[2] == "16 of 20 simulated futures meet the goal."


def test_it_is_the_first_dose_of_all_there_are() -> None:
    goal = read_goal("list=780", BY)
    found = solved(goal, "advice_and_guidance.share", levers=AT_ONCE[:1])
    met = [
        (run(clinic(), found.mix.at(step), weeks=8, replications=R).by_replication("waiting") <= 780).sum()
        for step in range(found.mix.steps + 1)
    ]
    assert met == sorted(met)  # more advice never fewer futures: halving finds the first
    assert found.dose is not None
    assert found.dose.step == next(step for step, futures in enumerate(met) if futures >= 16)
    assert found.dose.probability == met[found.dose.step] / R


def test_a_higher_probability_never_needs_a_smaller_dose() -> None:
    asked = [round(0.05 * k, 2) for k in range(1, 20)]
    for name, goal in (("advice_and_guidance.share", "list=750"), ("booking_order.share", "over-52=3")):
        steps = [
            found.dose.step if found.dose else 10_000
            for found in (solved(read_goal(goal, BY, p), name, levers=AT_ONCE) for p in asked)
        ]
        assert steps == sorted(steps)
        assert len(set(steps)) > 5


def test_the_interval_holds_the_dose() -> None:
    for goal in ("list=785", "list=775", "list=765"):
        found = solved(read_goal(goal, BY, 0.6), "advice_and_guidance.share", levers=AT_ONCE)
        assert found.dose is not None
        assert found.lower is not None
        assert found.lower.step <= found.dose.step
        assert found.upper is None or found.dose.step <= found.upper.step


def test_what_cannot_be_reached_says_the_most_there_is() -> None:
    found = solved(read_goal("list=400", BY), "advice_and_guidance.share")
    assert (found.dose, found.lower, found.upper) == (None, None, None)
    assert found.best.values == (30.0,)  # the most advice there is
    assert "It can't be reached: the most it gives is " in found.sentences[0]
    assert found.sentences[0].endswith("(referrals answered with advice) at 30%.")
    assert found.sentences[2] == "0 of 20 simulated futures meet the goal then; 16 are needed."
    assert found.document["levers"][0]["share"] == 30


def test_where_more_gives_no_more_the_least_of_equals_is_the_most() -> None:
    found = solved(read_goal("list=400", BY), "independent_sector.slots")
    # 63 wait to be admitted and 10 a week join them: 313 slots, the first sixteenth, take them all
    assert found.best.values == (313.0,)
    assert found.sentences[0].endswith("More of it gives no more.")


def test_a_lever_that_only_harms_gives_most_with_none_of_it() -> None:
    shock = {"lever": "capacity_shock", "starts": "+2w", "weeks": 4}
    found = solved(read_goal("list=400", BY), "capacity_shock.lost", levers=[shock])
    assert found.best.step == 0
    assert ", with none of it. More of it gives less." in found.sentences[0]
    assert found.document["levers"][0]["lost"] == 0


def test_what_is_reached_already_takes_nothing() -> None:
    found = solved(read_goal("list=900", BY), "advice_and_guidance.share")
    assert found.dose is found.without
    assert len(found.curve) == 1
    assert "That is reached with none of it: " in found.sentences[0]


def test_a_mix_turns_together_beside_the_rest_of_the_scenario() -> None:
    found = solved(
        read_goal("list=780", BY),
        "extra_sessions.clinics=1",
        "extra_sessions.theatre_slots=3",
        levers=[{"lever": "referral_growth", "growth": 5}],
    )
    assert found.dose is not None
    clinics, theatres = found.dose.values
    assert abs(clinics - theatres / 3) <= 0.5
    assert theatres > 0
    assert "against" in found.sentences[1]
    assert "with the rest of the scenario alone" in found.sentences[1]
    frame = found.frame()
    assert list(frame.columns) == [
        "extra_sessions.clinics",
        "extra_sessions.theatre_slots",
        "factor",
        "probability",
        "mean",
        "lower",
        "upper",
    ]
    row = frame[frame["extra_sessions.theatre_slots"] == theatres].iloc[0]
    assert row["probability"] >= 0.8
    assert row["mean"] == found.dose.outcomes.mean()
    assert frame["factor"].is_monotonic_increasing


def test_doses_share_their_random_numbers() -> None:
    found = solved(read_goal("list=800", BY), "advice_and_guidance.share", levers=AT_ONCE[:1])
    baseline = run(clinic(), read_scenario({"name": "baseline"}), weeks=8, replications=R)
    assert (found.without.outcomes == baseline.by_replication("waiting")).all()
    assert found.now == clinic().waiting.sum()
    assert found.dose is not None
    change = found.dose.outcomes - found.without.outcomes
    assert change.std() < 0.5 * found.without.outcomes.std()


def test_the_same_seed_gives_the_same_answer_on_any_workers() -> None:
    goal, order = read_goal("within-18=63", BY), AT_ONCE[1:]
    one, two = (solved(goal, "booking_order.share", levers=order, workers=n) for n in (1, 3))
    assert one.dose
    assert one.sentences == two.sentences
    assert one.frame().equals(two.frame())
    assert one.about() == two.about()
    other = solved(goal, "booking_order.share", levers=order, seed=2)
    assert not (other.without.outcomes == one.without.outcomes).all()


def test_nobody_waiting_is_within_18_weeks() -> None:
    found = clinic()
    none = np.zeros_like(found.first)
    none[:, 0] = 1
    few = replace(found, first=none, review=0 * none, admitted=0 * none, starts=np.zeros(1))
    removed = replace(few, removal=np.ones_like(found.removal))
    assert solved(read_goal("within-18=92", BY), "extra_sessions.clinics", calibration=removed).dose


def test_progress_rises_to_the_end_and_a_cancel_stops_it() -> None:
    heard: list[float] = []
    solved(read_goal("list=785", BY), "advice_and_guidance.share", progress=heard.append)
    assert heard == sorted(heard)
    assert heard[-1] == 1.0
    stop = Event()
    stop.set()
    with pytest.raises(Cancelled):
        solved(read_goal("list=785", BY), "advice_and_guidance.share", cancel=stop)


def test_the_doses_that_are_done_are_heard_of_before_a_cancel() -> None:
    goal, stop = read_goal("list=785", BY), Event()
    whole = solved(goal, "advice_and_guidance.share")
    kept: list[Trial] = []

    def hear(trial: Trial) -> None:
        kept.append(trial)
        if len(kept) == 2:
            stop.set()

    with pytest.raises(Cancelled):
        solved(goal, "advice_and_guidance.share", cancel=stop, heard=hear)
    done = doses(whole.mix, kept)
    every = whole.frame().set_index("factor").loc[done["factor"]].reset_index()
    assert done.equals(every[done.columns.tolist()])


def test_a_goal_before_the_figures_is_refused() -> None:
    with pytest.raises(TandemError, match="Choose a month after August 2025"):
        solved(read_goal("list=785", "2025-08"), "advice_and_guidance.share")


def test_the_scale_starts_at_none_and_ends_at_the_most() -> None:
    # sixteenths of 1,000 rounded up: 62.5, 125, 250, 500, 750
    assert scale(1000) == (0, 63, 125, 250, 500, 750, 1000)
    assert scale(1) == (0, 1)
