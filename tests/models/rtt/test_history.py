"""Histories pooled over providers: every count once, series ordered by treatment function."""

from dataclasses import replace

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


def test_a_merged_providers_past_is_its_successors() -> None:
    history = silent(still((100, 300, 50), ("C_110", "C_110", "C_130")), 0, [11, 12])
    history = replace(history, providers=np.array(["R00", "R01", "R00"]))
    joined = history.joined({"R00": "R01"})
    assert joined.providers.tolist() == ["R01", "R01"]
    assert joined.treatment_functions.tolist() == ["C_110", "C_130"]
    # 100 and 300 under a week until the first fell silent
    assert joined.incomplete[:, 0, 0].tolist() == [400] * 11 + [300] * 2
    assert joined.incomplete.sum() == history.incomplete.sum()
    assert joined.reported.all()


def test_nobody_merged_changes_nothing() -> None:
    history = still((100, 300))
    assert history.joined({"R09": "R00"}) is history


def test_months_up_to_one_of_them() -> None:
    history = still((100, 50)).until("2025-05", 4)
    assert history.months == ("2025-02", "2025-03", "2025-04", "2025-05")
    assert history.incomplete.shape[:2] == history.starts.shape == history.reported.shape == (4, 2)
    # More months than are held give all there are.
    assert still().until("2024-10", 12).months == ("2024-08", "2024-09", "2024-10")
