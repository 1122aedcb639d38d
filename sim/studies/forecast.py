"""What each list is expected to be at coming month ends, with the range that 80% of outcomes should fall in.

The mean is the calibrated list's fluid trajectory, which has no chance in it: cheaper and steadier than the
mean of replications, and closer to what was published. The range is that of the replications, moved to it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from models.calibration.fluid_course import fluid_trajectory
from models.calibration.rates import Calibration
from models.errors import TandemError
from models.rtt import months
from models.scenarios.presets import preset
from sim.engine.state import MEASURES
from sim.runs.results import OUTER
from sim.runs.runner import run

Floats = NDArray[np.float64]
FORECAST_MEASURES = ("incomplete", "within_18", "over_52")
_SIMULATED = tuple(MEASURES.index(name) for name in ("waiting", "within_18", "over_52"))
MOST_MONTHS = 36  # past these a baseline that nobody changes says little


@dataclass(frozen=True)
class Forecast:
    """A forecast of S lists at the ends of H months; `draws` are its replications about the mean."""

    scope: str
    data_month: str
    months: tuple[str, ...]  # H, 'YYYY-MM'
    providers: NDArray[Any]  # (S,)
    treatment_functions: NDArray[Any]  # (S,)
    mean: Floats  # (H, S, 3), in the order of FORECAST_MEASURES, patients
    draws: NDArray[np.float32]  # (R, H, S, 3)

    def bounds(self) -> tuple[Floats, Floats]:
        """The 10th and 90th of a hundred, lower and upper. Each (H, S, 3)"""
        return interval(self.draws)

    def frame(self) -> pd.DataFrame:
        """One row a month x provider x treatment function: mean, lower and upper of each measure."""
        lower, upper = self.bounds()
        horizon, series = len(self.months), len(self.providers)
        columns: dict[str, Any] = {
            "month": np.repeat(self.months, series),
            "provider_code": np.tile(self.providers, horizon),
            "tfc": np.tile(self.treatment_functions, horizon),
        }
        for place, name in enumerate(FORECAST_MEASURES):
            for end, values in (("mean", self.mean), ("lower", lower), ("upper", upper)):
                columns[f"{name}_{end}"] = np.round(values[:, :, place].reshape(-1), 1)
        return pd.DataFrame(columns)


def interval(draws: NDArray[Any]) -> tuple[Floats, Floats]:
    """What 80% of outcomes fall between, from few draws: as many of a new one as of those drawn."""
    lower, upper = np.percentile(draws, OUTER, axis=0, method="weibull")
    return lower, upper


def forecast(
    calibration: Calibration,
    horizon: int,
    *,
    replications: int = 30,
    seed: int = 1,
    progress: Callable[[float], None] = lambda share: None,
) -> Forecast:
    """Forecast the `horizon` months after the calibration's, if nothing is changed.

    Raises TandemError where the horizon is none, or too far.
    """
    if not 1 <= horizon <= MOST_MONTHS:
        raise TandemError(
            f"A forecast of {horizon} months was asked for.", f"Choose from 1 to {MOST_MONTHS}."
        )
    start = calibration.data_month
    ahead, places = month_ends(start, horizon)
    weeks = places[-1][0] + 1
    mean = expected_months(calibration, horizon)
    results = run(
        calibration, preset("baseline"), seed=seed, weeks=weeks, replications=replications, progress=progress
    )
    counts = results.counts[..., _SIMULATED].transpose(0, 2, 1, 3)  # (R, weeks, S, 3)
    opening = standards(calibration.waiting)[None]
    draws = np.stack([at_month_ends(each, opening, places) for each in counts]).astype(np.float32)
    centre = draws.mean(axis=0)
    scale = np.divide(mean, centre, out=np.ones_like(mean), where=centre > 0)
    return Forecast(
        scope=calibration.scope,
        data_month=start,
        months=ahead,
        providers=calibration.providers,
        treatment_functions=calibration.treatment_functions,
        mean=mean,
        draws=(draws * scale).astype(np.float32),
    )


def expected_months(calibration: Calibration, horizon: int) -> Floats:
    """The fluid trajectory at the next `horizon` month ends, patients by FORECAST_MEASURES. (H, S, 3)"""
    _, places = month_ends(calibration.data_month, horizon)
    by_week = expected_weeks(calibration, places[-1][0] + 1)
    return at_month_ends(by_week, standards(calibration.waiting)[None], places)


def standards(waiting: NDArray[Any]) -> NDArray[Any]:
    """Patients by FORECAST_MEASURES from patients by weeks waited, (S, 105). (S, 3)"""
    return np.stack([waiting.sum(axis=1), waiting[:, :18].sum(axis=1), waiting[:, 52:].sum(axis=1)], axis=1)


def expected_weeks(calibration: Calibration, weeks: int) -> Floats:
    """The fluid trajectory at the end of each week, patients by FORECAST_MEASURES. (weeks, S, 3)"""
    pace = np.ones((calibration.series, weeks))
    if calibration.pace is not None:
        known = calibration.pace[:, :weeks]
        pace[:, : known.shape[1]] = known
    calendar = months.working_days_by_week(calibration.data_month, weeks) / months.DAYS_A_WEEK
    return fluid_trajectory(calibration.stages(), pace, calendar)[:3].transpose(1, 2, 0)


def month_ends(start: str, horizon: int) -> tuple[tuple[str, ...], list[tuple[int, float]]]:
    """The `horizon` months after `start`, and where in the simulated weeks each ends."""
    ahead = months.month_range(months.add_months(start, 1), months.add_months(start, horizon))
    return ahead, [_position(start, month) for month in ahead]


def _position(start: str, month: str) -> tuple[int, float]:
    """The simulated week a month ends in, and the share of its working days that lie in the month."""
    end = months.last_day(month)
    monday: date = months.first_simulated_monday(start)
    week = (end - monday).days // 7
    begins = monday + timedelta(weeks=week)
    within = months.working_days_between(begins, end)
    whole = months.working_days_in_week(begins)
    return week, within / whole if whole else 1.0


def at_month_ends(by_week: NDArray[Any], opening: Floats, places: list[tuple[int, float]]) -> Floats:
    """Values at month ends, straight between week ends by working days. (H, ...)"""
    line = np.concatenate([opening, by_week]).astype(float)
    return np.stack([line[week] + part * (line[week + 1] - line[week]) for week, part in places])
