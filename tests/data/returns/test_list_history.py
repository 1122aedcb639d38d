"""A list over the months held, and the gaps marked on it, from the shipped figures."""

import numpy as np
import pytest

from data.database.store import Store
from data.returns import list_history, lists
from models.rtt.organisations import ENGLAND

pytestmark = pytest.mark.integration


def test_a_scope_month_by_month(reference_store: Store) -> None:
    months = list_history.months_of(reference_store, ENGLAND).set_index("month")
    assert len(months) == 17
    june = months.loc["2025-06"]
    assert june["waiting"] == 7_367_836
    assert june["share_within_18"] == pytest.approx(100 * 4_533_070 / 7_367_836)
    assert june["over_52"] == 191_755


def test_treatment_functions_add_up_to_the_whole_in_every_month(reference_store: Store) -> None:
    whole = list_history.months_of(reference_store, "QK1")
    functions = lists.by_treatment_function(reference_store, "QK1", "2025-08")["treatment_function"]
    parts = [list_history.months_of(reference_store, "QK1", function=code) for code in functions]
    added = np.nansum([part["waiting"] for part in parts], axis=0)
    assert added[-1] == whole["waiting"].iloc[-1] == 112_685


def test_a_provider_that_stopped_is_blank_from_then_on(reference_store: Store) -> None:
    months = list_history.months_of(reference_store, "QF7", provider="RHQ").set_index("month")
    assert months.loc["2025-06", "waiting"] > 90_000
    assert months.loc["2025-07":].isna().all(axis=None)


def test_the_largest_gaps_are_marked_by_letter_in_order_of_time(reference_store: Store) -> None:
    marked, smaller = list_history.gaps_in(reference_store, ENGLAND)
    assert marked["first"].is_monotonic_increasing
    assert {"RHQ", "RAP", "NWX", "AJX"} <= set(marked["provider"])
    # two of them left in the same month, and share a letter
    assert marked["letter"].tolist() == ["a", "b", "b", "c", "d", "e"]
    assert smaller > 0
    assert marked.loc[marked["provider"] == "RHQ", "first"].tolist() == ["2025-07"]


def test_only_a_boards_own_gaps_are_marked(reference_store: Store) -> None:
    marked, smaller = list_history.gaps_in(reference_store, "QF7")
    assert (marked["provider"].tolist(), smaller) == (["RHQ"], 0)
    none, _ = list_history.gaps_in(reference_store, "QK1")
    assert none.empty
    assert list_history.gaps_in(reference_store, ENGLAND, provider="R0A")[0].empty
