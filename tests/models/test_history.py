"""Histories pooled over providers: every count once, series ordered by treatment function."""

import numpy as np
import pytest

from tests.models.histories import silent, still

pytestmark = pytest.mark.unit


def test_pooling_adds_providers_by_treatment_function() -> None:
    # three providers: trauma 100 and 300, eyes 50 waiting under a week
    pooled = still((100, 50, 300), ("C_110", "C_130", "C_110")).pooled()
    assert pooled.treatment_functions.tolist() == ["C_110", "C_130"]
    assert pooled.providers.tolist() == ["all", "all"]
    assert pooled.incomplete[:, :, 0].tolist() == [[400, 50]] * 13
    # a month's starts: 4.348 weeks x 1.02 x 100 = 444, and 1,331 for 300
    assert pooled.starts[0].tolist() == [444 + 1331, 222]


@pytest.mark.parametrize("name", ["incomplete", "dta", "admitted", "non_admitted", "unknown_start", "starts"])
def test_pooling_loses_nobody(name: str) -> None:
    history = still((100, 50, 300, 7), ("X02", "C_130", "C_110", "X02"))
    before, after = getattr(history, name), getattr(history.pooled(), name)
    assert after.sum() == before.sum()
    assert after.dtype == before.dtype
    assert after.shape[:2] == (13, 3)


def test_a_function_is_reported_while_any_provider_reports_it() -> None:
    history = silent(still((100, 200)), 0, [3, 4])
    assert history.reported.sum(axis=1).tolist() == [2, 2, 2, 1, 1, *[2] * 8]
    assert history.pooled().reported.all()
    gone = silent(history, 1, [4])
    assert np.flatnonzero(~gone.pooled().reported[:, 0]).tolist() == [4]
