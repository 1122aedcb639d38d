"""Who is on the shipped lists, against the published shares."""

import numpy as np
import pytest

from data.database.store import Store
from data.returns.calibrations import calibration
from data.returns.equity import composition
from models.scenarios.presets import preset

pytestmark = pytest.mark.integration


def test_lists_have_their_published_shares(reference_store: Store) -> None:
    found = calibration(reference_store, "QE1", preset("baseline"))
    made = composition(reference_store, found)
    waiting = found.waiting.sum(axis=1)
    assert made.groups.sum(axis=1) == pytest.approx(np.ones(found.series))
    assert made.groups.min() >= 0
    # Lancashire Teaching Hospitals as published: tenths 1 and 2 0.1461 + 0.1146, 9 and 10 0.1054 + 0.0796
    rows = found.providers == "RXN"
    weight = waiting[rows] / waiting[rows].sum()
    assert (weight @ made.deprivation[rows])[[0, 4]] == pytest.approx([0.2607, 0.1850], abs=0.001)
    assert weight @ made.age[rows] == pytest.approx([0.1149, 0.5465, 0.3386], abs=0.001)
    # the same function differs between providers, another function within a provider
    assert np.ptp(made.deprivation[found.treatment_functions == "C_110", 0]) > 0.05
    assert np.ptp(made.age[rows, 2]) > 0.2
    # paediatrics are for children, and elderly medicine is not
    assert made.age[rows & (found.treatment_functions == "X04"), 0].min() > 0.8
    assert made.age[found.treatment_functions == "C_430", 2].min() > 0.8


def test_england_has_a_fifth_in_about_every_fifth(reference_store: Store) -> None:
    made = composition(reference_store, calibration(reference_store, "QK1", preset("baseline")))
    assert made.reference.shape == (5, 3)
    assert made.reference.sum() == pytest.approx(1)
    assert made.reference.sum(axis=1) == pytest.approx(np.full(5, 0.2), abs=0.02)
