"""GP work under a scenario on the shipped figures: what moves to primary care shows, by its cause."""

import pytest

from data.database.store import Store
from data.returns.calibrations import calibration
from data.returns.gp_work import area_shares
from models.scenarios.scenario import read_scenario
from models.waits.gp_work import CAUSES, AreaLists, area_lists, changes, table
from sim.observers.gp_work import GpChange, gp_change

pytestmark = pytest.mark.integration

LEVERS = [
    {"lever": "advice_and_guidance", "share": 10, "starts": "+0w", "full_by": "+1w"},
    {"lever": "patient_initiated_follow_up", "share": 20, "starts": "+0w", "full_by": "+1w"},
]


@pytest.fixture(scope="module")
def found(reference_store: Store) -> GpChange:
    scenario = read_scenario({"name": "moved", "title": "Moved", "description": "", "levers": LEVERS})
    made = calibration(reference_store, "QK1", scenario)
    shares = area_shares(reference_store, "QK1", made.data_month)
    names = {code: code for code in sorted(set(shares["area"]))}
    lists: AreaLists = area_lists(shares, names, made.providers.tolist(), made.treatment_functions.tolist())
    return gp_change(made, scenario, lists, weeks=26, replications=4, workers=1)


def test_advice_and_returns_come_on_top_and_a_shorter_list_takes_off(found: GpChange) -> None:
    by_cause = changes(found.baseline, found.scenario)
    assert by_cause["advice"].lower > 0
    assert by_cause["returns"].lower > 0
    assert by_cause["waiting"].upper < 0
    parts = sum(by_cause[cause].mean for cause in CAUSES)
    assert by_cause["all"].mean == pytest.approx(parts)


def test_the_baseline_has_no_replies_and_today_is_the_published_list(found: GpChange) -> None:
    assert not found.baseline.contacts["advice"].any()
    assert not found.baseline.contacts["returns"].any()
    rows = table(found.today, found.baseline, found.scenario)
    assert rows["today"].to_numpy() == pytest.approx(0.1 * rows["waiting"].to_numpy(), abs=0.1)
    assert (rows["baseline_lower"] <= rows["baseline_upper"]).all()
