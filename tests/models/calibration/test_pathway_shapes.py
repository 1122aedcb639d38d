"""Curves by weeks waited: read back from returns whose own curves are known."""

from dataclasses import fields, replace

import numpy as np
import pytest

from models.calibration.pathway_shapes import pooled_shapes
from models.rtt import months
from tests.models.histories import DAYS, england

pytestmark = pytest.mark.unit


def test_a_list_that_stands_still_gives_back_its_chances() -> None:
    shapes = pooled_shapes(england())
    # 7% of those with a decision are admitted a week, at every wait
    assert shapes.booking_admitted[0, :90] == pytest.approx(0.07, rel=0.02)
    # The list loses 4% a week: outpatient stops take 2.4%, admissions 7% of an eighth = 0.875%, the rest 0.8%
    # leave unreported: -ln 0.96 = 4.08%, less 2.4% and 0.875%.
    assert shapes.removal[0, 10:90] == pytest.approx(0.00807, rel=0.05)
    # Decisions make up for the admitted (7% of an eighth: 0.875% of the list), for those removed from the
    # eighth (0.807%), less its own decline of 4.08% a week; stops are 2.4% of the list.
    decided = 0.00875 + 0.00807 / 8 - 0.0408 / 8
    assert shapes.decisions[0, 15:90] == pytest.approx(decided / (decided + 0.024), rel=0.06)


def test_turnover_is_a_day_for_each_who_waits() -> None:
    history = england()
    shapes = pooled_shapes(history)
    starts, exits, admissions = shapes.turnover[:, 0] * DAYS * history.incomplete[-1].sum()
    assert starts == pytest.approx(history.starts[1:].sum())
    assert admissions == pytest.approx(history.admitted[1:].sum())
    assert exits > history.non_admitted[1:].sum()  # decisions to admit beside stops


def test_each_function_has_its_own_row() -> None:
    history = england(("C_110", "C_130", "X02"))
    slow = history.non_admitted.copy()
    slow[:, 1] //= 2
    shapes = pooled_shapes(replace(history, non_admitted=slow))
    for field in fields(shapes):
        rows = getattr(shapes, field.name)
        assert np.isfinite(rows).all()
        assert rows.min() >= 0
        functions_last = field.name == "turnover"
        first, second, third = rows.T if functions_last else rows
        assert first == pytest.approx(third)
        if field.name == "booking":
            assert (second < first).all()


def test_chances_lie_between_nought_and_one() -> None:
    shapes = pooled_shapes(england())
    assert shapes.removal.max() < 1
    assert shapes.decisions.max() <= 0.95


def test_a_list_with_nobody_removed_has_no_removals() -> None:
    # starts raised to meet stops exactly would be 4.08% of the list: stops take all of it
    history = england()
    stops = np.rint(months.WEEKS_PER_MONTH * (0.0408 - 0.00875) * history.incomplete).astype(np.int32)
    shapes = pooled_shapes(replace(history, non_admitted=stops))
    assert shapes.removal[0, 10:90].max() < 0.0005
