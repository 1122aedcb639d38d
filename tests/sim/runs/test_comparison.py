"""A scenario against its baseline: sums by treatment function, changes, and the answer's numbers."""

import numpy as np
import pytest

from models.scenarios.presets import baseline_for, preset
from models.scenarios.scenario import read_scenario
from sim.engine.state import MEASURES
from sim.runs.comparison import (
    answer,
    by_treatment_function,
    change_in,
    changes_by_treatment_function,
    end_month,
    end_of,
)
from sim.runs.results import Results
from sim.runs.runner import run
from tests.sim.clinics import board

pytestmark = pytest.mark.unit


@pytest.fixture(scope="module")
def ran() -> tuple[Results, Results]:
    scenario = preset("virtual-70")
    found = board()
    weeks, replications = 52, 4
    return (
        run(found, scenario, weeks=weeks, replications=replications),
        run(found, baseline_for(scenario), weeks=weeks, replications=replications),
    )


def small(waiting: list[list[int]], document: dict, functions=("C_110", "C_130", "C_110")) -> Results:
    """Results of one week: waiting by replication and series, all within 18 weeks."""
    counts = np.zeros((len(waiting), len(functions), 1, len(MEASURES)), np.int32)
    counts[:, :, 0, MEASURES.index("waiting")] = waiting
    counts[:, :, 0, MEASURES.index("within_18")] = waiting
    opening = np.zeros((len(functions), 105), np.int32)
    opening[:, 3] = 100
    return Results(
        scope="QK1",
        data_month="2025-08",
        document=document,
        seed=1,
        providers=np.array(["RWE", "RWE", "NT3"][: len(functions)]),
        treatment_functions=np.array(functions),
        counts=counts,
        opening=opening,
        closing=opening.astype(float),
    )


GROWTH = preset("referral-growth").document()
BASELINE = preset("baseline").document()


def test_series_of_one_treatment_function_are_added() -> None:
    pooled = by_treatment_function(small([[1, 20, 300], [2, 30, 400]], BASELINE))
    assert pooled.treatment_functions.tolist() == ["C_110", "C_130"]
    # 1 + 300 and 2 + 400; 20 and 30
    assert pooled.counts[:, :, 0, 0].tolist() == [[301, 20], [402, 30]]
    assert pooled.opening.sum(axis=1).tolist() == [200, 100]
    assert pooled.closing[:, 3].tolist() == [200.0, 100.0]


def test_pooling_keeps_every_total(ran) -> None:
    pooled = by_treatment_function(ran[0])
    for measure in MEASURES:
        assert (pooled.total(measure) == ran[0].total(measure)).all()
    assert answer(*ran) == answer(*map(by_treatment_function, ran))


def test_changes_come_with_the_greatest_rise_first() -> None:
    scenario = small([[10, 50, 30], [20, 50, 30]], GROWTH)
    baseline = small([[10, 40, 40], [10, 40, 40]], BASELINE)
    found = changes_by_treatment_function(scenario, baseline)
    # C_130: 50 - 40 = 10 in both; C_110: 40 - 50 = -10 and 50 - 50 = 0, on average -5
    assert [(code, each.mean) for code, each in found.items()] == [("C_130", 10.0), ("C_110", -5.0)]
    assert found["C_110"].lower == pytest.approx(-9.0)  # the tenth percentile of -10 and 0


def test_the_headline_holds_the_difference() -> None:
    scenario, baseline = small([[700, 50, 400]] * 3, GROWTH), small([[400, 50, 100]] * 3, BASELINE)
    said = answer(scenario, baseline)
    # 1,150 - 550 = 600 in each of three futures; the first simulated week ends on 7 September 2025
    assert said.headline == (
        "By September 2025 the list would be 600 higher (80%: 600 to 600) than if nothing changed."
    )
    assert said.losses[0] == "One specialty's list would be longer: Trauma and orthopaedics (600 more)."
    assert said.gains[0] == "No specialty's list would clearly be shorter."
    assert said.limits == ()
    assert said.sentences[0] == said.headline
    assert len(said.sentences) == 1 + len(said.changes) + len(said.gains) + len(said.losses)


def test_the_baseline_alone_compares_with_now() -> None:
    said = answer(*[small([[200, 100, 150]] * 3, BASELINE)] * 2)
    # 450 at the end against 300 published
    assert said.headline == (
        "If nothing changed, 450 would be waiting in September 2025 (80%: 450 to 450): 150 more than now."
    )
    assert (said.gains, said.losses) == ((), ())


def test_ends_and_changes_read_the_last_week(ran) -> None:
    scenario, baseline = ran
    assert end_of(scenario, "waiting").mean == scenario.total("waiting")[:, -1].mean()
    change = change_in(scenario, baseline, "share_within_18").mean
    assert change == pytest.approx(
        100 * (scenario.share_within_18()[:, -1] - baseline.share_within_18()[:, -1]).mean()
    )
    assert end_month(scenario) == "August 2026"  # 52 weeks from 1 September 2025 end on 30 August 2026


def test_a_target_above_the_ceilings_says_what_is_reached(ran) -> None:
    scenario = ran[0]
    (said,) = answer(*ran).limits[:1]
    seen = {m: scenario.total(m)[:, -13:].sum() for m in MEASURES}
    shares = [
        100 * seen[f"{kind}_virtual"] / (seen[f"{kind}_virtual"] + seen[f"{kind}_face_to_face"])
        for kind in ("first", "follow_up")
    ]
    assert max(shares) < 69
    assert said.startswith("70% of ")
    assert any(f" {round(value)}% is what the ceilings" in said for value in (*shares, sum(shares) / 2))


def test_a_target_still_on_its_way_is_not_blamed_on_ceilings() -> None:
    scenario = read_scenario(
        {"name": "slow", "levers": [{"lever": "virtual_by_default", "full_by": "+104w"}]}
    )
    results = run(board(), scenario, weeks=26, replications=2)
    base = run(board(), baseline_for(scenario), weeks=26, replications=2)
    limits = answer(results, base).limits
    assert limits
    assert all("not come in fully by then" in said for said in limits)
