"""Calibrations from the shipped figures: the published list whole, for each scope and any assumption."""

import numpy as np
import pytest

from data.database.store import Store
from data.returns.calibrations import calibration, england_history
from data.returns.history import history
from models.calibration.rates import FLOW_MONTHS
from models.errors import TandemError
from models.rtt.treatment_functions import TREATMENT_FUNCTIONS
from models.scenarios.presets import preset
from models.scenarios.scenario import read_scenario

pytestmark = pytest.mark.integration

BASELINE = preset("baseline")


def test_leicester_opens_with_its_published_list(reference_store: Store) -> None:
    found = calibration(reference_store, "QK1", BASELINE)
    assert (found.scope, found.data_month) == ("QK1", "2025-08")
    assert found.waiting.sum() == 112_685
    assert found.providers.tolist() == sorted(found.providers.tolist())  # a provider's series stand together


def test_june_opens_with_englands_published_total(reference_store: Store) -> None:
    found = calibration(reference_store, "ENGLAND", BASELINE, until="2025-06")
    assert found.data_month == "2025-06"
    assert found.waiting.sum() == 7_367_836


def test_englands_flows_are_its_published_ones(reference_store: Store) -> None:
    england = england_history(reference_store)
    assert england.months[-1] == "2025-08"
    assert len(england.months) == FLOW_MONTHS + 1
    assert set(england.treatment_functions) == set(TREATMENT_FUNCTIONS)
    found = calibration(reference_store, "ENGLAND", BASELINE, england=england)
    # Starts of series with a break are read from fewer months, and late ones added: within a tenth of those
    # published for September 2024 to August 2025, which has 252 working days.
    assert found.starts.sum() * 252 == pytest.approx(england.starts[1:].sum(), rel=0.1)
    assert found.admissions.sum() * 252 == pytest.approx(england.admitted[1:].sum(), rel=0.1)


def test_england_given_or_loaded_is_the_same(reference_store: Store) -> None:
    given = calibration(reference_store, "QK1", BASELINE, england=england_history(reference_store))
    loaded = calibration(reference_store, "QK1", BASELINE)
    for name in ("starts", "exits", "admissions", "booking", "decisions", "removal", "first"):
        assert getattr(given, name).tobytes() == getattr(loaded, name).tobytes()


def test_more_appointments_a_pathway_put_more_patients_behind_their_first(reference_store: Store) -> None:
    more = read_scenario({"name": "more", "assumptions": {"appointments_per_pathway": 3}})
    usual, changed = (calibration(reference_store, "QK1", scenario) for scenario in (BASELINE, more))
    assert changed.review.sum() > usual.review.sum()
    assert (changed.waiting == usual.waiting).all()


@pytest.mark.parametrize("scope", ["QK1", "QE1", "ENGLAND"])
def test_every_rate_of_a_real_scope_can_be_run(reference_store: Store, scope: str) -> None:
    found = calibration(reference_store, scope, BASELINE)
    assert np.array_equal(found.waiting.sum(axis=1) > 0, np.ones(found.series, bool))
    for name in ("starts", "exits", "admissions", "booking", "booking_admitted", "removal", "decisions"):
        rates = getattr(found, name)
        assert np.isfinite(rates).all()
        assert rates.min() >= 0
    assert found.removal.max() <= 0.25
    assert found.decisions.max() <= 1


def test_a_provider_that_stopped_reporting_is_left_out(reference_store: Store) -> None:
    assert "RHQ" in calibration(reference_store, "QF7", BASELINE, until="2025-06").providers
    assert "RHQ" not in calibration(reference_store, "QF7", BASELINE).providers


def test_a_merged_trusts_past_is_read_with_its_successors(reference_store: Store) -> None:
    # North Middlesex's 29,759 and the Royal Free's 111,812 of December 2024 are 143,150 in January
    apart, together = (history(reference_store, "ENGLAND", until) for until in ("2024-12", "2025-01"))
    sizes = [each.incomplete[-1].sum(axis=1) for each in (apart, together)]
    assert [sizes[0][apart.providers == code].sum() for code in ("RAP", "RAL")] == [29_759, 111_812]
    free = together.providers == "RAL"
    assert sizes[1][free].sum() == 143_150
    assert together.incomplete[-2, free].sum() == 29_759 + 111_812
    assert "RAP" not in together.providers
    assert together.incomplete[:-1].sum() == apart.incomplete.sum()


def test_what_is_not_held_is_refused(reference_store: Store) -> None:
    with pytest.raises(TandemError, match="There is no board 'QZZ'"):
        calibration(reference_store, "QZZ", BASELINE)
    assert history(reference_store, "QK1", "2024-05").months == ("2024-04", "2024-05")
    with pytest.raises(TandemError, match="Only 2 months"):
        calibration(reference_store, "QK1", BASELINE, until="2024-05")
