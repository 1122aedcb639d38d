"""Capacity from the shipped figures: what it promises held, in months it had not seen."""

import numpy as np
import pytest

from data.database.store import Store
from data.returns.calibrations import calibration
from data.returns.capacity import capacity_frame, capacity_of, spare_for, spare_record
from data.returns.history import history
from models.capacity.estimate import Floor
from models.capacity.spare_appointments import per_stop
from models.capacity.spare_record import Record, follow, records
from models.errors import TandemError
from models.rtt.months import DAYS_A_WEEK, month_range
from models.scenarios import assumptions
from models.scenarios.presets import preset

pytestmark = pytest.mark.integration

VALUES = assumptions.resolve({})
AS_OF = month_range("2024-10", "2025-02")  # those with six months before them and six after


@pytest.fixture(scope="module")
def found(reference_store: Store) -> list[Record]:
    whole = history(reference_store, "ENGLAND")
    return records([follow(whole, month) for month in AS_OF])


@pytest.mark.parametrize("month", AS_OF)
def test_what_is_called_spare_is_delivered_four_times_in_five(found: list[Record], month: str) -> None:
    one = next(each for each in found if each.group == month)
    assert one.delivered >= 0.80
    assert one.called >= 0.15 * one.all_series  # those whose returns do not tell among them
    assert one.held >= one.held_by_all + 0.05


def test_the_range_is_as_honest_as_it_claims(found: list[Record]) -> None:
    whole = found[0]
    assert 0.08 <= whole.below_range <= 0.12
    assert 0.08 <= whole.above_range <= 0.12


def test_the_shipped_record_is_what_the_figures_give(found: list[Record]) -> None:
    shipped = spare_record()
    assert [each.group for each in shipped] == [each.group for each in found]
    for one, other in zip(shipped[:6], found[:6], strict=True):
        assert one.called == pytest.approx(other.called, rel=0.03)
        assert one.delivered == pytest.approx(other.delivered, abs=0.01)
        assert one.held == pytest.approx(other.held, abs=0.01)
        assert one.above_range == pytest.approx(other.above_range, abs=0.015)


def test_sheffield_which_stopped_reporting_is_not_known(reference_store: Store) -> None:
    said = capacity_of(reference_store, "ENGLAND")
    sheffield = said.providers == "RHQ"
    assert sheffield.sum() > 10
    assert not said.known[sheffield].any()
    assert set(np.array(said.notes)[sheffield]) == {"no return for August 2025"}


def test_what_a_calibration_can_spare(reference_store: Store) -> None:
    calibrated = calibration(reference_store, "QE1", preset("baseline"))
    spare = spare_for(reference_store, calibrated, VALUES)
    assert spare.shape == (calibrated.series,)
    assert (spare >= 0).all()
    said = capacity_of(reference_store, "QE1")
    most = int(np.nanargmax(said.spare))
    row = np.flatnonzero(
        (calibrated.providers == said.providers[most])
        & (calibrated.treatment_functions == said.treatment_functions[most])
    )
    each = per_stop(calibrated, VALUES, {}, said)
    assert spare[row].tolist() == pytest.approx([said.spare[most] * each.exits[most] / DAYS_A_WEEK])
    # A floor far above today's shares leaves less to spare.
    assert spare_for(reference_store, calibrated, VALUES, Floor(0.92)).sum() < spare.sum()


def test_a_row_a_series_that_adds_up(reference_store: Store) -> None:
    calibrated = calibration(reference_store, "QK1", preset("baseline"), "2025-02")
    said = capacity_of(reference_store, "QK1", "2025-02")
    rows = capacity_frame(said, per_stop(calibrated, VALUES, {}, said))
    assert len(rows) == len(said.providers)
    known = rows[rows["shown"].notna()]
    assert np.allclose(known["shown"] - known["needed"], known["spare"] - known["short"], atol=0.011)
    assert (known["spare_lower"] <= known["spare"]).all()
    assert (known["spare"] <= known["spare_upper"]).all()
    assert (known["spare_could_be_virtual"] >= known["spare_virtual"] - 0.01).all()
    assert rows[rows["shown"].isna()]["note"].str.len().min() > 0


def test_a_month_that_is_not_held_is_refused(reference_store: Store) -> None:
    with pytest.raises(TandemError, match=r"January 2031 is not held\. Months up to August 2025 are"):
        capacity_of(reference_store, "QK1", "2031-01")
