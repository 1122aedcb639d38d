"""How wrong forecasts were: measures of error over series, weighed by the lists they are about."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Values = NDArray[Any]


def list_error(forecast: Values, actual: Values) -> float:
    """Sum of absolute errors over the sum of what was published, as a fraction; nan if nothing was."""
    return _ratio(np.abs(forecast - actual).sum(), actual.sum())


def share_error(forecast_within: Values, forecast: Values, actual_within: Values, actual: Values) -> float:
    """Error of the share within 18 weeks in percentage points, each series weighed by its published list."""
    error = np.abs(_share(forecast_within, forecast) - _share(actual_within, actual))
    return 100.0 * _ratio((error * actual).sum(), actual.sum())


def bias(forecast: Values, actual: Values) -> float:
    """Forecast total less published total, over the published, as a fraction."""
    return _ratio(forecast.sum() - actual.sum(), actual.sum())


def coverage(lower: Values, upper: Values, actual: Values) -> float:
    """Share of series whose published list lies within its interval, ends included."""
    return _ratio(((actual >= lower) & (actual <= upper)).sum(), actual.size)


def grouped(values: Values, group: NDArray[np.intp]) -> NDArray[np.float64]:
    """Values summed by group, numbered from 0. (G,)"""
    return np.asarray(np.bincount(group, weights=values), dtype=np.float64)


def _share(within: Values, whole: Values) -> NDArray[np.float64]:
    part = np.asarray(within, dtype=float)
    return np.divide(part, whole, out=np.zeros_like(part), where=np.asarray(whole) > 0)


def _ratio(above: float, below: float) -> float:
    return float(above / below) if below else float("nan")
