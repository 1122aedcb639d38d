"""Composition, access and the mix of classes, against sums by hand."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.outcomes.equity import CLASSES, DIMENSIONS, GROUPS, Composition, by_group, class_mix, no_access
from models.scenarios.assumptions import REGISTER

pytestmark = pytest.mark.unit

EVEN = np.full((5, 3), 1 / 15)
KEYS = ("cannot_use_virtual", "no_access_deprivation_odds", "no_access_older_odds", "no_access_child_odds")


def values(*numbers: float) -> dict[str, np.ndarray]:
    return {key: np.array([number]) for key, number in zip(KEYS, numbers, strict=True)}


def test_groups_are_fifths_times_ages() -> None:
    made = Composition(np.array([[0.4, 0.3, 0.1, 0.1, 0.1]]), np.array([[0.2, 0.5, 0.3]]), EVEN)
    # the most deprived fifth's adults stand second, the least deprived's oldest last
    assert made.groups[0, [0, 1, 2, 14]] == pytest.approx([0.08, 0.2, 0.12, 0.03])
    assert made.groups.sum() == pytest.approx(1)
    assert made.chosen(np.array([0])).groups.tolist() == made.groups.tolist()


def test_equal_odds_give_everybody_the_same_chance() -> None:
    assert no_access(EVEN, values(6, 1, 1, 1)) == pytest.approx(np.full((1, GROUPS), 0.06))


def test_odds_by_age_and_deprivation_by_hand() -> None:
    # two fifths hold all adults, half each 19-64; odds x in the least deprived, 4 x in the most:
    # with x = 1/4 chances are 1/5 and 4/4 / (1 + 4/4) = 1/2, on average 0.35
    reference = np.zeros((5, 3))
    reference[[0, 4], 1] = 0.4
    reference[[0, 4], 0] = 0.1  # children do not count among adults
    chance = no_access(reference, values(35, 4, 3, 0.5)).reshape(5, 3)
    assert chance[[0, 4], 1] == pytest.approx([0.5, 0.2])
    # the third fifth lies half way in log odds: 2 x 1/4 = 1/2, chance 1/3
    assert chance[2, 1] == pytest.approx(1 / 3)
    # at 65 and over odds are three times, 3/4 and 3: 3/7 and 3/4; children's half, 1/8 and 1/2: 1/9 and 1/3
    assert chance[[4, 0], 2] == pytest.approx([3 / 7, 3 / 4])
    assert chance[[4, 0], 0] == pytest.approx([1 / 9, 1 / 3])


def test_nobody_without_access_where_the_share_is_none() -> None:
    assert not no_access(EVEN, values(0, 2.5, 3.5, 0.8)).any()


@settings(deadline=None)
@given(st.fixed_dictionaries({key: st.floats(REGISTER[key].low, REGISTER[key].high) for key in KEYS}))
def test_adults_of_england_have_the_registers_share(chosen: dict[str, float]) -> None:
    reference = np.random.default_rng(2).dirichlet(np.ones(15)).reshape(5, 3)
    chance = no_access(reference, {key: np.array([number]) for key, number in chosen.items()})
    adults = reference[:, 1:] / reference[:, 1:].sum()
    found = (chance.reshape(5, 3)[:, 1:] * adults).sum()
    assert found == pytest.approx(chosen["cannot_use_virtual"] / 100, abs=1e-9)
    by_fifth = chance.reshape(5, 3)[:, 1]
    assert (np.diff(by_fifth) <= 1e-12).all()


def test_the_mix_by_hand() -> None:
    # half most deprived adults, 20% of them without access, half least deprived, 10%: 85% have access
    groups, without = np.zeros((1, GROUPS)), np.zeros((1, GROUPS))
    groups[0, [1, 13]] = 0.5
    without[0, [1, 13]] = 0.2, 0.1
    # 51% can be seen virtually, so that 0.51 / 0.85 = 60% of conditions need no hands
    mix = class_mix(groups, without, np.array([[0.51]])).reshape(3, 3, GROUPS)
    virtual, others, everyone = mix
    assert virtual[0, [1, 13]] == pytest.approx([0.4 / 0.85, 0.45 / 0.85])
    # others are 49%: 40% need hands, 60% x 10% and 60% x 5% lack access alone
    assert others[1, [1, 13]] == pytest.approx([0.2 / 0.49, 0.2 / 0.49])
    assert others[2, [1, 13]] == pytest.approx([0.06 / 0.49, 0.03 / 0.49])
    assert everyone.sum(axis=0)[[1, 13]] == pytest.approx([0.5, 0.5])


@settings(deadline=None)
@given(st.integers(0, 10_000), st.floats(0, 1), st.floats(0, 0.9))
def test_any_mix_adds_up_and_leaves_everybody_where_they_are(seed: int, capable: float, worst: float) -> None:
    rng = np.random.default_rng(seed)
    groups, without = rng.dirichlet(np.ones(GROUPS), 2), rng.random((1, GROUPS)) * worst
    mix = class_mix(groups, without, np.full((2, 1), capable))
    assert mix.sum(axis=-1) == pytest.approx(np.ones((3, 2, 1)))
    assert mix.min() >= 0
    access = 1 - (groups * without).sum(axis=1)
    if (capable <= access).all():
        assert mix[2].reshape(2, 3, GROUPS).sum(axis=1) == pytest.approx(groups)


def test_classes_are_summed_by_each_dimension() -> None:
    classes = np.arange(float(CLASSES)).reshape(1, CLASSES)
    # by route first: 0 + ... + 14 = 105, and 15 x 15 = 225 more for each route after
    assert by_group(classes, "route").tolist() == [[105, 330, 555]]
    # of the first fifth 0, 1, 2 in each route, 15 and 30 further on: 3 x 3 + 3 x 45 = 144, then 27 more
    assert by_group(classes, "deprivation").tolist() == [[144, 171, 198, 225, 252]]
    # of children 0, 3, 6, 9, 12: 30, and 75 and 150 more in the other routes: 315, then 15 more
    assert by_group(classes, "age").tolist() == [[315, 330, 345]]
    assert [len(groups) for groups in DIMENSIONS.values()] == [3, 5, 3]
