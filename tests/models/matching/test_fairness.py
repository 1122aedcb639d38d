"""Shares matched by group, and a warning when chance does not explain a gap."""

from math import comb

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import hypergeom

from models.matching.fairness import lower_tail, share_matched
from tests.models.matching.small_lists import frame, patient

pytestmark = pytest.mark.unit


def test_the_chance_is_hypergeometric() -> None:
    # 10 patients, 5 places, a group of 4: at most 1 of them = (C(6,5) + 4 C(6,4)) / C(10,5) = 66 / 252
    assert lower_tail(1, 4, 5, 10) == pytest.approx((comb(6, 5) + 4 * comb(6, 4)) / comb(10, 5))


@given(st.data())
def test_the_chance_agrees_with_another_library(data: st.DataObject) -> None:
    total = data.draw(st.integers(1, 3000))
    size, winners = data.draw(st.integers(0, total)), data.draw(st.integers(0, total))
    won = data.draw(st.integers(max(0, size + winners - total), min(size, winners)))
    expected = hypergeom(total, winners, size).cdf(won)
    assert lower_tail(won, size, winners, total) == pytest.approx(expected, rel=1e-6, abs=1e-12)


def test_a_group_that_falls_behind_by_more_than_chance_is_warned_of() -> None:
    people = frame(
        *(patient(f"A{row:02d}", deprivation=1, sex="female") for row in range(40)),
        *(patient(f"B{row:02d}", deprivation=10, sex="male" if row % 2 else "female") for row in range(40)),
    )
    matched = np.array([row < 8 for row in range(40)] + [row < 32 for row in range(40)])
    table = share_matched(people, matched)
    poorest = table[(table["characteristic"] == "deprivation") & (table["group"] == "1-2")].iloc[0]
    assert (poorest["patients"], poorest["matched"], poorest["share"]) == (40, 8, 0.2)
    assert poorest["share_of_others"] == 0.8
    assert poorest["behind"]
    assert poorest["warning"].endswith(
        "are matched less often than the others, by more than chance: 20% against 80%."
    )
    assert table["behind"].sum() == 2  # and women, 24 of 60 against 16 of 20
    assert not table[table["characteristic"] == "age"]["behind"].any()  # one group alone is behind nobody


def test_a_gap_within_chance_is_not_warned_of() -> None:
    people = frame(*(patient(f"P{row}", sex="female" if row < 3 else "male") for row in range(6)))
    matched = np.array([False, False, True, True, True, True])
    # at most 1 of 3 women with 4 of 6 matched: C(3,1) C(3,3) / C(6,4) = 3 / 15
    table = share_matched(people, matched).set_index("group")
    assert table.loc["female", "chance"] == pytest.approx(0.2)
    assert not table["behind"].any()


def test_unknown_values_are_a_group_of_their_own() -> None:
    people = frame(patient("P1", deprivation=np.nan, age_band=None), patient("P2", travel_miles=np.inf))
    table = share_matched(people, np.array([True, False]))
    groups = table.groupby("characteristic")["group"].agg(list)
    assert groups["deprivation"] == ["5-6", "not known"]
    assert groups["age"] == ["40-49", "not known"]
    assert groups["distance"] == ["25 to 50 miles", "over 100 miles"]
