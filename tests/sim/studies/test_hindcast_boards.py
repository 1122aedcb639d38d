"""Whole lists of boards: patients who change provider are no error, a silent trust is left out."""

from dataclasses import replace

import numpy as np
import pytest

from models.calibration.rates import Calibration, calibrate
from models.errors import TandemError
from models.rtt import months
from models.rtt.history import History
from models.rtt.organisations import BOARDS, ENGLAND
from sim.studies.hindcast_boards import WholeLists, look_back, past_errors, places_in, whole_lists
from tests.models.histories import england, silent, still

pytestmark = pytest.mark.unit

LONG = months.month_range("2024-05", "2025-08")
HOME = {"R00": "QK1", "R01": "QE1", "NT200": "QK1"}


def compared(history: History, mean: np.ndarray | None = None) -> WholeLists:
    """Six months from February 2025, forecast as they stood where no `mean` is given."""
    rows = np.arange(len(history.providers))
    origin = history.months.index("2025-02")
    waiting = history.incomplete[origin]
    stood = np.stack([waiting.sum(axis=1), waiting[:, :18].sum(axis=1), waiting[:, 52:].sum(axis=1)], axis=1)
    return whole_lists(history, "2025-02", 6, rows, stood.astype(float) if mean is None else mean, HOME)


def test_lists_are_added_up_by_board_and_england() -> None:
    history = replace(still((1000, 500, 200), span=LONG), providers=np.array(["R00", "R01", "NT200"]))
    found = compared(history)
    assert found.scopes == ("QE1", "QK1", ENGLAND)
    size = history.incomplete[-1].sum(axis=1)
    assert found.published[:, 0].tolist() == [size[1], size[0] + size[2], size.sum()]
    assert found.forecast.tolist() == found.published.tolist()
    assert found.nothing.tolist() == found.published.tolist()


def test_a_contract_that_ends_leaves_its_patients_to_the_board() -> None:
    history = replace(still((1000, 200), span=LONG), providers=np.array(["R00", "NT200"]))
    moved = history.incomplete.copy()
    moved[-3:, 0] += moved[-3:, 1]
    moved[-3:, 1] = 0
    reported = history.reported.copy()
    reported[-3:, 1] = False
    found = compared(replace(history, incomplete=moved, reported=reported))
    assert found.scopes == ("QK1", ENGLAND)
    assert found.published.tolist() == found.nothing.tolist()


def test_a_trust_silent_at_either_end_is_left_out() -> None:
    history = replace(still((1000, 500), span=LONG), providers=np.array(["R00", "R01"]))
    for month in (15, LONG.index("2025-02")):
        found = compared(silent(history, 0, [month]))
        assert found.published[1].tolist() == found.forecast[1].tolist() == [0.0, 0.0, 0.0]
        assert found.published[0].tolist() == found.published[2].tolist()


def test_a_merged_trusts_forecast_is_its_successors() -> None:
    # North Middlesex had joined the Royal Free by August 2025
    history = replace(still((1000, 500), span=LONG), providers=np.array(["R00", "RAL"]))
    asked = np.array(["RAL", "RAP", "R00"])
    assert places_in(history, asked, np.array(["C_110"] * 3)).tolist() == [1, 1, 0]


def test_errors_by_hand() -> None:
    published = np.array([[100.0, 60.0, 10.0], [300.0, 150.0, 0.0], [400.0, 210.0, 10.0]])
    forecast = np.array([[110.0, 66.0, 5.0], [270.0, 162.0, 1.0], [380.0, 228.0, 6.0]])
    each = [
        WholeLists(origin, 6, ("QE1", "QK1", ENGLAND), published, forecast, published) for origin in "abc"
    ]
    found = {error.scope: error for error in past_errors(each)}
    assert set(found) == {"QE1", "QK1", ENGLAND, BOARDS}
    assert found["QE1"].forecasts == 3
    assert found["QE1"].measures["incomplete"].error == pytest.approx(0.1)
    assert found["QK1"].measures["incomplete"].bias == pytest.approx(-0.1)
    # (10 + 30) / 400 of the boards, 20 / 400 of England; 0 of them had they been left
    assert found[BOARDS].measures["incomplete"].error == pytest.approx(0.1)
    assert found[ENGLAND].measures["incomplete"].error == pytest.approx(0.05)
    assert found[BOARDS].measures["incomplete"].nothing == 0
    # QK1's share is 60% for 50%: 10 points, weighed by 300 of 400
    assert found[BOARDS].measures["within_18"].error == pytest.approx(7.5)
    assert found["QK1"].measures["within_18"].bias == pytest.approx(10.0)
    assert found[BOARDS].measures["over_52"].error == pytest.approx(0.6)


def test_few_forecasts_are_not_spoken_of() -> None:
    lists = WholeLists("2025-02", 6, ("QE1", ENGLAND), *(np.ones((2, 3)),) * 3)
    with pytest.raises(TandemError, match="Too few months"):
        past_errors([lists, lists])


def test_looking_back_learns_nothing_after_the_origin() -> None:
    history = replace(still((1000, 500), span=LONG), providers=np.array(["R00", "R01"]))

    def calibrated(origin: str) -> Calibration:
        return calibrate(history.until(origin, 13), england(span=LONG).until(origin, 13), 0.4)

    later = history.incomplete.copy()
    later[-1] *= 2
    found, doubled = (
        look_back(each, calibrated, HOME, origins=LONG[-4:], horizons=range(1, 9))
        for each in (history, replace(history, incomplete=later))
    )
    # May to July 2025 reach three, two and one months; August none
    assert [(each.origin[-2:], each.horizon) for each in found] == [
        ("05", 1),
        ("05", 2),
        ("05", 3),
        ("06", 1),
        ("06", 2),
        ("07", 1),
    ]
    assert found[2].forecast.tolist() == doubled[2].forecast.tolist()
    assert (doubled[2].published == 2 * found[2].published).all()
    assert found[0].forecast[:, 0] == pytest.approx(found[0].published[:, 0], rel=0.02)
