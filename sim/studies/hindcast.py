"""Forecasts made from months that were not the last, beside what was then published and two other methods.

`nothing` leaves every list and its waits as they stood; `flows` is the monthly stock-and-flow planner with
flows held at the last year's mean. Training sees the months up to each origin and none after.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.calibration import stock_and_flow
from models.calibration.forecast_errors import grouped
from models.calibration.rates import FLOW_MONTHS, Calibration
from models.errors import TandemError
from models.rtt import months
from models.rtt.history import History
from models.rtt.organisations import provider_kind
from sim.studies.forecast import Forecast, forecast, interval
from sim.studies.hindcast_boards import WholeLists, places_in, whole_lists

Floats = NDArray[np.float64]
METHODS = ("tandem", "nothing", "flows")


@dataclass(frozen=True)
class Outcome:
    """One origin and horizon over S series: what was forecast and what was published, patients."""

    origin: str
    horizon: int  # months
    treatment_functions: NDArray[Any]  # (S,)
    board: NDArray[np.intp]  # (S,) place in `boards`
    boards: tuple[str, ...]  # codes
    trust: NDArray[np.bool_]  # (S,) an NHS trust's series reported in every month held
    waiting: Floats  # (S,) published
    within: Floats  # (S,) published, within 18 weeks
    listed: Mapping[str, Floats]  # method -> (S,) forecast
    listed_within: Mapping[str, Floats]  # method -> (S,)
    lower: Floats  # (S,) of the 80% interval of the list
    upper: Floats  # (S,)
    board_bounds: tuple[Floats, Floats]  # (B,) each: the interval of each board's list, its trusts' series
    england_bounds: tuple[float, float]  # the same for all of them
    whole: WholeLists  # of each board and of England, every provider's


def hindcast(
    history: History,
    calibrated: Callable[[str], Calibration],
    boards: Mapping[str, str],
    *,
    origins: Sequence[str],
    horizons: Sequence[int],
    replications: int = 20,
    seed: int = 1,
    progress: Callable[[float, str], None] = lambda share, said: None,
) -> list[Outcome]:
    """Forecast from each origin and compare with `history`, which holds all months.

    `calibrated` gives the calibration of an origin from the months up to it; `boards` each provider's board.
    Raises TandemError where no horizon of any origin is held.
    """
    reach = {
        origin: [h for h in horizons if months.add_months(origin, h) in history.months] for origin in origins
    }
    reach = {origin: ahead for origin, ahead in reach.items() if ahead and origin in history.months}
    if not reach:
        raise TandemError(
            f"No month held lies {min(horizons)} months after {origins[0]} or a later origin.",
            f"Months are held from {history.months[0]} to {history.months[-1]}: choose origins before.",
        )
    outcomes = []
    for place, (origin, ahead) in enumerate(reach.items()):
        progress(place / len(reach), f"from {months.month_label(origin)}")
        made = forecast(calibrated(origin), max(ahead), replications=replications, seed=seed)
        outcomes += [_compare(history, made, horizon, boards) for horizon in ahead]
    progress(1.0, "")
    return outcomes


def _compare(history: History, made: Forecast, horizon: int, boards: Mapping[str, str]) -> Outcome:
    target = history.months.index(months.add_months(made.data_month, horizon))
    places, of = np.unique(places_in(history, made.providers, made.treatment_functions), return_inverse=True)
    published = history.incomplete[target, places]
    kept = history.reported[target, places] & (published.sum(axis=1) > 0)
    rows, published = places[kept], published[kept]

    known = history.until(made.data_month, FLOW_MONTHS + 1).chosen(rows)
    flows, flows_within = stock_and_flow.held_flows(known, horizon)
    now = known.incomplete[-1].astype(float)
    mean = np.stack([grouped(values, of) for values in made.mean[horizon - 1].T], axis=1)
    draws = np.stack([grouped(draw, of) for draw in made.draws[:, horizon - 1, :, 0]])[:, kept]
    lower, upper = interval(draws)

    codes = [boards.get(str(code), "") for code in history.providers[rows]]
    names, board = np.unique(codes, return_inverse=True)
    throughout = history.reported[:, rows].all(axis=0)
    kinds = [provider_kind(str(code)) for code in history.providers[rows]]
    trust = throughout & (np.array(kinds) == "NHS trust")
    by_board = np.stack([grouped(np.where(trust, draw, 0.0), board) for draw in draws])
    low, high = interval(draws[:, trust].sum(axis=1))
    return Outcome(
        origin=made.data_month,
        horizon=horizon,
        treatment_functions=history.treatment_functions[rows],
        board=board,
        boards=tuple(names.tolist()),
        trust=trust,
        waiting=published.sum(axis=1).astype(float),
        within=published[:, :18].sum(axis=1).astype(float),
        listed={"tandem": mean[kept, 0], "nothing": now.sum(axis=1), "flows": flows[horizon - 1]},
        listed_within={
            "tandem": mean[kept, 1],
            "nothing": now[:, :18].sum(axis=1),
            "flows": flows_within[horizon - 1],
        },
        lower=lower,
        upper=upper,
        board_bounds=interval(by_board),
        england_bounds=(float(low), float(high)),
        whole=whole_lists(history, made.data_month, horizon, places, mean, boards),
    )


def board_totals(outcome: Outcome, values: Floats, series: NDArray[np.bool_]) -> Floats:
    """Values of the chosen series summed by board. (B,)"""
    return grouped(np.where(series, values, 0.0), outcome.board)
