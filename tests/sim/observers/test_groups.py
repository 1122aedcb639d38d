"""Lists by provider and by treatment function: sums that agree with the run they are of."""

import numpy as np
import pytest

from models.scenarios.presets import preset
from sim.observers.groups import GroupsObserver, grouped, worst_first
from sim.runs.results import Results
from sim.runs.runner import run
from tests.sim.clinics import board
from tests.sim.runs.test_results import small

pytestmark = pytest.mark.unit


@pytest.fixture(scope="module")
def ran() -> Results:
    return run(board(), preset("virtual-70"), weeks=9, replications=3)


def test_groups_are_the_runs_own_sums_every_fourth_week(ran: Results) -> None:
    for by in ("providers", "treatment_functions"):
        found = grouped(ran, by)
        assert found.week_ends.tolist() == ran.week_ends[[0, 4, 8]].tolist()  # 9 weeks: back from the last
        for place, code in enumerate(found.names):
            here = getattr(ran, by) == code
            for name in ("waiting", "within_18", "over_52", "over_65"):
                whole = ran.total(name, here)[:, [0, 4, 8]]
                assert found.values(name)[:, place].tolist() == whole.tolist()
                assert found.opening_values(name)[place] == ran.opening_value(name, here)


def test_the_share_is_of_the_groups_own_list() -> None:
    found = grouped(small([[[40], [10]]], [[[30], [0]]]), "providers")
    assert found.values("share_within_18").tolist() == [[[75.0], [0.0]]]  # 30 / 40, 0 / 10
    # waited 0 and 17 weeks: 1 + 2 of 1 + 2 + ... + 9 = 45
    assert found.opening_values("share_within_18") == pytest.approx([100 * 3 / 45] * 2)


def test_an_empty_list_has_no_share() -> None:
    found = grouped(small([[[0], [10]]], [[[0], [5]]]), "providers")
    assert np.isnan(found.values("share_within_18")[0, 0, 0])


def test_batches_joined_are_the_run_at_once(ran: Results) -> None:
    halves = [
        grouped(small([[[1], [2]]], [[[0], [1]]]), "providers"),
        grouped(small([[[3], [4]]], [[[2], [1]]]), "providers"),
    ]
    whole = grouped(small([[[1], [2]], [[3], [4]]], [[[0], [1]], [[2], [1]]]), "providers")
    assert GroupsObserver("providers").merged_replications(halves).counts.tolist() == whole.counts.tolist()


def test_the_worst_comes_first_by_each_measure() -> None:
    baseline = grouped(small([[[100], [100]]], [[[50], [50]]]), "providers")
    scenario = grouped(small([[[90], [95]]], [[[36], [57]]]), "providers")
    # lists: 10 fewer against 5 fewer, the second is worse; shares: 40% against 60%, the first is
    assert worst_first(scenario, baseline, "waiting") == [1, 0]
    assert worst_first(scenario, baseline, "share_within_18") == [0, 1]
    assert worst_first(baseline, baseline, "waiting") == [0, 1]  # nothing between them: as they stand
