"""How wrong forecasts were: measures of error over series, weighed by the lists they are about."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.rtt.organisations import BOARDS, ENGLAND

Values = NDArray[Any]


@dataclass(frozen=True)
class Missed:
    """By how much forecasts missed, on average: fractions of what was published; of a share, points."""

    error: float  # either way
    nothing: float  # the same had all been left as it stood
    bias: float  # too many if above 0


@dataclass(frozen=True)
class PastError:
    """How wrong forecasts of one scope's whole list were, so many months ahead."""

    scope: str  # a board, ENGLAND, or BOARDS: all boards together
    months_ahead: int
    forecasts: int  # how many are behind it
    measures: Mapping[str, Missed]  # incomplete, within_18 (its share of the list) and over_52

    def said(self, boards: "PastError", months_ahead: float) -> str:
        """What a reader of an answer `months_ahead` months away should know, beside all boards' errors."""
        if self.scope == ENGLAND:
            whose, others = "England's list", ""
        else:
            whose = "all boards' lists" if self.scope == BOARDS else "this board's list"
            others = (
                ""
                if self.scope == BOARDS
                else (
                    f" (all boards: {_percent(boards.measures['incomplete'].error)} "
                    f"and {boards.measures['within_18'].error:.1f})"
                )
            )
        missed, share = self.measures["incomplete"], self.measures["within_18"]
        ahead = "One month" if self.months_ahead == 1 else f"{_number(self.months_ahead)} months"
        sentence = (
            f"{ahead} ahead, {self.forecasts} forecasts made this way have missed {whose} by "
            f"{_percent(missed.error)} on average, where leaving it as it stood missed by "
            f"{_percent(missed.nothing)}, and the share within 18 weeks by {share.error:.1f} points{others}."
        )
        if months_ahead >= self.months_ahead + 1:
            sentence += " Nothing further ahead has been held against what came."
        return sentence + " A lever's own effect is not in these figures."


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


def _percent(fraction: float) -> str:
    return f"{100 * fraction:.1f}%"


def _number(count: int) -> str:
    words = ("Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine")
    return words[count - 2] if 2 <= count <= 9 else f"{count}"


def _share(within: Values, whole: Values) -> NDArray[np.float64]:
    part = np.asarray(within, dtype=float)
    return np.divide(part, whole, out=np.zeros_like(part), where=np.asarray(whole) > 0)


def _ratio(above: float, below: float) -> float:
    return float(above / below) if below else float("nan")
