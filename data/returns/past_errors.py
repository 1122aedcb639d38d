"""How wrong forecasts have been, as shipped: `python run.py hindcast --ship` makes the table."""

import csv
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from data.shipped import load as reference
from models.calibration.forecast_errors import Missed, PastError
from models.rtt.organisations import BOARDS

_FILE = "forecast_errors.csv"
_MEASURES = ("incomplete", "within_18", "over_52")
_MISSED = ("error", "nothing", "bias")


def past_error(scope: str, months_ahead: float) -> PastError:
    """Gives the error of forecasts of a board or ENGLAND at the horizon nearest below `months_ahead`.

    That of all boards for a board that did not exist then; at least a month ahead.
    """
    shipped = _shipped()
    known = scope if any(code == scope for code, _ in shipped) else BOARDS
    horizons = [ahead for code, ahead in shipped if code == known]
    ahead = max([each for each in horizons if each <= months_ahead], default=min(horizons))
    return shipped[known, ahead]


def error_said(scope: str, months_ahead: float) -> str:
    """Gives in words how wrong forecasts of a scope have been, to stand beside an answer so far ahead."""
    error = past_error(scope, months_ahead)
    return error.said(past_error(BOARDS, error.months_ahead), months_ahead)


def write_past_errors(errors: Sequence[PastError], folder: Path = reference.FOLDER) -> Path:
    """Write the errors as the table that ships; gives its path."""
    path = folder / _FILE
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        columns = [f"{measure}_{missed}" for measure in _MEASURES for missed in _MISSED]
        writer.writerow(["scope", "months_ahead", "forecasts", *columns])
        for error in errors:
            values = [getattr(error.measures[name], missed) for name in _MEASURES for missed in _MISSED]
            figures = [f"{value:.4g}" for value in values]
            writer.writerow([error.scope, error.months_ahead, error.forecasts, *figures])
    return path


@cache
def _shipped() -> dict[tuple[str, int], PastError]:
    errors = {}
    for row in reference.rows_of(_FILE):
        measures = {
            name: Missed(*(float(row[f"{name}_{missed}"]) for missed in _MISSED)) for name in _MEASURES
        }
        error = PastError(row["scope"], int(row["months_ahead"]), int(row["forecasts"]), measures)
        errors[error.scope, error.months_ahead] = error
    return errors
