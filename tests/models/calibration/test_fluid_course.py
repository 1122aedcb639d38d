"""The fluid trajectory: by hand for two weeks, patients conserved, and steered to where it should go."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.calibration.fluid_course import Stages, fluid_trajectory, steer

pytestmark = pytest.mark.unit

BANDS = 105


def stages(starts: float = 100.0, exits: float = 90.0, removal: float = 0.01) -> Stages:
    """One list that has about 1,600 outpatients and 200 admitted, falling 5% a week of wait."""
    one = np.ones((1, BANDS))
    profile = one * 0.95 ** np.arange(BANDS)
    return Stages(
        outpatient=80 * profile,
        admitted=10 * profile,
        starts=np.array([starts]),
        exits=np.array([exits]),
        admissions=np.array([15.0]),
        decisions=0.2 * one,
        booking=0.05 * one,
        booking_admitted=0.07 * one,
        removal=removal * one,
    )


def test_two_weeks_by_hand() -> None:
    # no removals: 10 wait; 4 come and 2 of the 14 are seen, half of them to be admitted; 1 is admitted of 0
    empty = np.zeros((1, BANDS))
    waiting = empty.copy()
    waiting[0, 17] = 10.0
    small = replace(
        stages(4.0, 2.0, 0.0),
        outpatient=waiting,
        admitted=empty,
        admissions=np.ones(1),
        decisions=empty + 0.5,
    )
    found, within, over, _ = fluid_trajectory(small, np.ones((1, 2)), np.ones(2))[:, :, 0]
    # week 1: 14 - 1 stopped. Those of 17 weeks are 18 by now; the new were there half the week, so they weigh
    # half: 2 x 2 / 12 of them are seen, and half of these stay to be admitted
    assert found[0] == pytest.approx(13.0)
    assert within[0] == pytest.approx(4 - 1 / 6)
    # week 2: 4 more, 1 admitted, 1 stopped
    assert found[1] == pytest.approx(13 + 4 - 2)
    assert over.tolist() == [0.0, 0.0]


def test_a_short_week_has_less_of_everything_but_removals() -> None:
    full = fluid_trajectory(stages(), np.ones((1, 1)), np.ones(1))[0, 0, 0]
    short = fluid_trajectory(stages(), np.ones((1, 1)), np.array([0.8]))[0, 0, 0]
    # starts 100 less 0.5% removed in their half week, stops 90 x 0.8 + 15: a fifth of the difference
    assert full - short == pytest.approx(0.2 * (100 * 0.995 - 90 * 0.8 - 15))


@given(pace=st.floats(0.5, 1.5), removal=st.floats(0, 0.1), weeks=st.integers(1, 60))
def test_standards_are_within_the_list(pace: float, removal: float, weeks: int) -> None:
    waiting, within, over, _ = fluid_trajectory(
        stages(removal=removal), np.full((1, weeks), pace), np.ones(weeks)
    )
    assert (within >= 0).all()
    assert (over >= 0).all()
    assert (within + over <= waiting * (1 + 1e-12)).all()


@pytest.mark.parametrize(("weekly", "share"), [(0.0, 0.0), (4.0, 0.02), (-4.0, -0.03), (0.0, 0.05)])
def test_steering_meets_the_goal(weekly: float, share: float) -> None:
    given = stages()
    size = float((given.outpatient + given.admitted).sum())
    before = float((given.outpatient + given.admitted)[:, :18].sum()) / size
    growth = np.full((1, 39), weekly)
    found = steer(given, growth, np.array([share]), np.ones(1), np.ones(26))
    held = given.tilted(found.tilt)
    held = replace(
        held, exits=held.exits * found.hold, admissions=held.admissions * found.hold * found.theatre
    )
    waiting, within, _, _ = fluid_trajectory(held, found.pace[:, :26], np.ones(26))[:, :, 0]
    # 26 weeks of growth; the share on its way at 13 weeks and 26, the mean of both misses next to nothing
    assert waiting[-1] == pytest.approx(size + 26 * weekly, rel=0.003)
    miss = (within / waiting)[[12, 25]] - before - share * np.array([0.5, 1.0])
    assert miss.mean() == pytest.approx(0.0, abs=0.002)
    assert found.pace.shape == (1, 39)


@pytest.mark.parametrize("factor", [0.8, 1.0, 1.1])
def test_steering_brings_the_share_over_a_year_near_its_goal(factor: float) -> None:
    given = stages()
    start = (given.outpatient + given.admitted)[0]
    before = start[52:].sum() / start.sum()
    found = steer(given, np.zeros((1, 39)), np.zeros(1), np.array([factor]), np.ones(26))
    held = given.tilted(found.tilt)
    held = replace(
        held, exits=held.exits * found.hold, admissions=held.admissions * found.hold * found.theatre
    )
    waiting, _, over, _ = fluid_trajectory(held, found.pace[:, :26], np.ones(26))[:, :, 0]
    reached = (over / waiting)[[12, 25]].mean() / before
    # at 13 weeks half of the change, at 26 all of it; a tenth of what is over a year is a quarter of a point
    assert reached == pytest.approx(1 + 0.75 * (factor - 1), abs=0.06)


def test_a_tilt_removes_as_many() -> None:
    given = stages()
    tilted = given.tilted(np.array([[2.0], [1.5]]))
    waiting = given.outpatient + given.admitted
    assert (tilted.removal * waiting).sum() == pytest.approx((given.removal * waiting).sum())
    assert tilted.removal[0, 18] / tilted.removal[0, 17] == pytest.approx(2.0)
    assert tilted.removal[0, 52] / tilted.removal[0, 51] == pytest.approx(1.5)
    # 0.05 up to 17 weeks, twice that from 18, and half as much again from 52
    assert tilted.booking[0, [17, 18, 51, 52]] == pytest.approx([0.05, 0.1, 0.1, 0.15])


def test_no_tilt_changes_nothing() -> None:
    same = stages().tilted(np.ones((2, 1)))
    assert all(np.allclose(getattr(same, name), getattr(stages(), name)) for name in vars(same))
