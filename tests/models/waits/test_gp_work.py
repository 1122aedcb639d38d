"""GP work: contacts by hand, areas' parts, and what a scenario moves."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.scenarios.assumptions import assumption
from models.waits.gp_work import (
    FACTORS,
    Activity,
    AreaLists,
    area_lists,
    change_said,
    changes,
    gp_work,
    table,
)

pytestmark = pytest.mark.unit

VALUES = {"gp_contacts": 0.1, "gp_advice_contacts": 1.0, "pifu_returns": 30.0, "pifu_returns_by_gp": 20.0}
DRAWN = {
    "gp_contacts": np.array([0.05, 0.2]),
    "gp_advice_contacts": np.array([1.0, 2.0]),
    "pifu_returns": np.array([30.0, 30.0]),
    "pifu_returns_by_gp": np.array([20.0, 20.0]),
}
AREAS = AreaLists(("A", "B"), ("Ash", "Birch"), np.array([[0.5, 0.0], [0.25, 1.0]]), np.array([100.0, 0.0]))


def activity(waiting, advice=(0.0, 0.0), initiated=(0.0, 0.0)) -> Activity:
    return Activity(*(np.tile(np.asarray(values, float), (2, 1)) for values in (waiting, advice, initiated)))


def test_contacts_by_hand() -> None:
    found = gp_work(activity((1000, 200), (40, 0), (0, 100)), AREAS, VALUES, DRAWN)
    # Ash has half of 1,000 and 100 elsewhere; Birch a quarter of 1,000 and all of 200
    assert found.waiting[0].tolist() == [600, 450]
    assert found.contacts["waiting"][0] == pytest.approx([60, 45])  # x 0.1
    assert found.contacts["advice"][0] == pytest.approx([20, 10])  # half, and a quarter, of 40
    assert found.contacts["returns"][0] == pytest.approx([0, 6])  # 100 x 0.3 x 0.2
    assert found.drawn["waiting"] == pytest.approx(np.array([[30, 22.5], [120, 90]]))


def test_work_moved_to_primary_care_shows() -> None:
    today = gp_work(activity((1000, 200)), AREAS, VALUES, DRAWN)
    after = gp_work(activity((800, 200), (100, 0)), AREAS, VALUES, DRAWN)
    found = table(today, today, after).set_index("area")
    # Ash: 100 fewer wait, 10 contacts fewer; half of 100 replies, 50 more
    assert found.loc["A", ["change_waiting", "change_advice", "change"]].tolist() == pytest.approx(
        [-10, 50, 40]
    )
    assert found.loc["A", "today"] == pytest.approx(60)
    assert found["per_thousand"].tolist() == pytest.approx([100, 100])
    # drawn: -100 x 0.05 + 50 x 1 = 45, and -100 x 0.2 + 50 x 2 = 80; the ends are 10% and 90% of the way
    assert found.loc["A", ["change_lower", "change_upper"]].tolist() == pytest.approx([48.5, 76.5])
    by_cause = changes(today, after)
    assert by_cause["waiting"].mean == pytest.approx(-15)  # 150 fewer in both areas
    assert by_cause["all"].mean == pytest.approx(60)
    said = change_said(by_cause, "the board")
    assert said.startswith("60 more GP contacts a month in the board (80%: ")
    assert said.endswith("15 fewer from patients who wait, 75 more from advice in place of a referral")
    assert change_said(changes(today, today), "the board") == "no difference to GP contacts in the board"


def test_an_areas_part_of_each_list_and_what_is_outside_the_run() -> None:
    lists = pd.DataFrame(
        [
            ("A", "R1", "C_100", 30, 0.3),
            ("A", "R9", "C_100", 7, 0.1),
            ("B", "R1", "C_110", 5, 1.0),
            ("Z", "R1", "C_100", 70, 0.7),
        ],
        columns=["area", "provider", "treatment_function", "waiting", "share"],
    )
    found = area_lists(lists, {"A": "Ash", "B": "Birch"}, ["R1", "R1"], ["C_100", "C_110"])
    assert found.shares.tolist() == [[0.3, 0.0], [0.0, 1.0]]
    assert found.outside.tolist() == [7, 0]


def test_the_factors_are_assumptions_of_the_register() -> None:
    assert all(assumption(key).is_assumption for key in FACTORS)


@given(st.lists(st.floats(0, 1e6), min_size=2, max_size=2), st.floats(0, 1))
def test_parts_of_a_list_add_up_to_the_whole(waiting: list[float], share: float) -> None:
    areas = AreaLists(("A", "B"), ("a", "b"), np.array([[share, 0.0], [1 - share, 1.0]]), np.zeros(2))
    found = gp_work(activity(waiting), areas, VALUES, DRAWN)
    assert found.contacts["waiting"].sum(axis=1) == pytest.approx([0.1 * sum(waiting)] * 2, abs=1e-6)
