"""Flows read from returns: which months count, the balance, and curves pooled where a series is thin."""

from dataclasses import replace

import numpy as np
import pytest

from models.calibration.flows import booking_order, read_flows, steady_months
from models.calibration.pathway_shapes import pooled_shapes
from models.rtt import months
from tests.models.histories import DAYS, england, silent, still

pytestmark = pytest.mark.unit

POOL = np.array([0])


def test_a_small_list_may_jump_by_chance() -> None:
    history = still((4,))  # about 90 people
    smaller = replace(
        history, incomplete=np.concatenate([history.incomplete[:5], history.incomplete[5:] // 2])
    )
    assert steady_months(smaller).all()


def test_a_still_list_gives_back_its_flows() -> None:
    history = still()
    found = read_flows(history, pooled_shapes(england()), POOL)
    assert found.days.tolist() == [DAYS]
    # twelve months of 4,435 starts and 928 admissions; decisions are admissions and removals with a decision
    assert found.starts == pytest.approx([12 * 4435])
    assert found.admissions.tolist() == [12 * 928]
    assert found.decided[0] > found.admissions[0]
    assert found.exits[0] == pytest.approx(12 * 2571 + found.decided[0])
    assert found.a_day()[:, 0] == pytest.approx(
        np.array([found.starts, found.exits, found.admissions])[:, 0] / DAYS
    )


def test_a_series_with_no_month_to_read_is_not_measured() -> None:
    history = silent(still((1000, 500)), 0, [11])
    found = read_flows(history, pooled_shapes(england()), np.array([0, 0]))
    assert found.measured.tolist() == [False, True]
    assert found.days.tolist() == [0, DAYS]
    assert months.working_days_by_month(history.months)[1:].sum() == DAYS


def test_a_thin_series_is_booked_in_englands_order() -> None:
    # nobody waits past ten weeks: beyond, the order is England's at the series' own level
    history = still((20,))
    short = {
        name: getattr(history, name).copy() for name in ("incomplete", "dta", "admitted", "non_admitted")
    }
    for counts in short.values():
        counts[:, :, 10:] = 0
    history = replace(history, **short)
    shapes = pooled_shapes(england())
    found = booking_order(history, read_flows(history, shapes, POOL), shapes, POOL)
    ratio = found.booking[0, 12:] / shapes.booking[0, 12:]
    assert ratio == pytest.approx(np.full(93, ratio[0]))
