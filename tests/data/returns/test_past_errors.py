"""The shipped table of past errors: as the code makes it, for any board and horizon."""

from pathlib import Path

import numpy as np
import pytest

from data.database.store import Store
from data.returns.calibrations import england_history
from data.returns.history import history, provider_boards
from data.returns.past_errors import error_said, past_error, write_past_errors
from data.shipped import load as reference
from models.calibration.forecast_errors import Missed, PastError
from models.calibration.rates import FLOW_MONTHS, Calibration, calibrate
from models.rtt.organisations import BOARDS, ENGLAND
from sim.studies.hindcast_boards import look_back, past_errors

pytestmark = pytest.mark.integration

BOARD, AHEAD, ORIGINS = "QK1", 8, ("2024-10", "2024-11", "2024-12")


def test_the_shipped_table_is_what_the_code_makes(reference_store: Store) -> None:
    # one board, eight months ahead: three origins reach so far in the months shipped
    whole = history(reference_store, ENGLAND)
    home = provider_boards(reference_store)
    here = whole.chosen(np.array([home.get(str(code)) == BOARD for code in whole.providers]))

    def calibrated(origin: str) -> Calibration:
        england = england_history(reference_store, origin)
        return calibrate(here.until(origin, FLOW_MONTHS + 1), england, 0.4)

    found = look_back(here, calibrated, home, origins=ORIGINS, horizons=[AHEAD])
    [made] = [error for error in past_errors(found) if error.scope == BOARD]
    shipped = past_error(BOARD, AHEAD)
    assert (shipped.months_ahead, shipped.forecasts) == (AHEAD, len(ORIGINS))
    for name, missed in made.measures.items():
        held = shipped.measures[name]
        assert [held.error, held.nothing] == pytest.approx([missed.error, missed.nothing], rel=1e-3)
        assert held.bias == pytest.approx(missed.bias, rel=1e-3)


def test_the_nearest_horizon_below() -> None:
    assert past_error("QE1", 6.9).months_ahead == 6
    assert past_error("QE1", 24).months_ahead == AHEAD
    assert past_error("QE1", 0.2).months_ahead == 1
    # ten origins from October 2024 have a next month, three an eighth
    assert [past_error(ENGLAND, ahead).forecasts for ahead in (1, 6, 8)] == [10, 5, 3]


def test_a_board_that_is_new_has_all_boards_errors() -> None:
    assert past_error("QZZ", 6) == past_error(BOARDS, 6)
    assert "all boards' lists" in error_said("QZZ", 6)
    assert "this board's list" in error_said("QK1", 24)


def test_boards_as_a_whole_are_missed_by_less_than_if_nothing_changed() -> None:
    for ahead in range(2, AHEAD + 1):
        missed = past_error(BOARDS, ahead).measures["incomplete"]
        assert missed.error < missed.nothing


def test_what_is_written_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    errors = [
        PastError(
            "QE1", 3, 8, {name: Missed(0.25, 0.5, -0.125) for name in ("incomplete", "within_18", "over_52")}
        )
    ]
    assert write_past_errors(errors, tmp_path).read_text().splitlines()[1] == (
        "QE1,3,8,0.25,0.5,-0.125,0.25,0.5,-0.125,0.25,0.5,-0.125"
    )
    monkeypatch.setattr(reference, "FOLDER", tmp_path)
    assert [row["scope"] for row in reference.rows_of("forecast_errors.csv")] == ["QE1"]
