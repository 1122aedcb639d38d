"""Whole lists of boards and of England, as forecast from an earlier month and as they were then published.

A board's list is that of every provider in it, so patients who move from one to another are no error: a
contract that ends counts as none afterwards, one that begins counts from nothing. An NHS trust does not end
but may fail to report, and is left out where it did so at either end.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.calibration.forecast_errors import Missed, PastError, bias, grouped, list_error, share_error
from models.calibration.rates import Calibration
from models.errors import TandemError
from models.rtt import months
from models.rtt.history import History
from models.rtt.organisations import BOARDS, ENGLAND, merged_by, provider_kind
from sim.studies.forecast import FORECAST_MEASURES, expected_months, standards

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class WholeLists:
    """Lists of B scopes, England last, at one origin and horizon: patients by FORECAST_MEASURES. (B, 3)"""

    origin: str
    horizon: int  # months
    scopes: tuple[str, ...]  # B codes
    published: Floats
    forecast: Floats
    nothing: Floats  # as they stood at the origin


def look_back(
    history: History,
    calibrated: Callable[[str], Calibration],
    boards: Mapping[str, str],
    *,
    origins: Sequence[str],
    horizons: Sequence[int],
    progress: Callable[[float, str], None] = lambda share, said: None,
) -> list[WholeLists]:
    """Whole lists forecast from each origin at each horizon held, by the fluid trajectory alone.

    Arguments as those of `sim.studies.hindcast.hindcast`.
    """
    lists = []
    for place, origin in enumerate(origins):
        progress(place / len(origins), f"from {months.month_label(origin)}")
        reachable = [horizon for horizon in horizons if months.add_months(origin, horizon) in history.months]
        if not reachable:
            continue
        calibration = calibrated(origin)
        mean = expected_months(calibration, max(reachable))
        rows = places_in(history, calibration.providers, calibration.treatment_functions)
        lists += [whole_lists(history, origin, ahead, rows, mean[ahead - 1], boards) for ahead in reachable]
    progress(1.0, "")
    return lists


def whole_lists(
    history: History,
    origin: str,
    horizon: int,
    rows: NDArray[np.intp],
    mean: Floats,
    boards: Mapping[str, str],
) -> WholeLists:
    """The whole lists of a forecast: its `mean`, (F, 3), of the series at `rows` of `history`, (F,)."""
    now, target = (history.months.index(months.add_months(origin, ahead)) for ahead in (0, horizon))
    names, board = np.unique([boards.get(str(code), "") for code in history.providers], return_inverse=True)
    codes, provider = np.unique(history.providers, return_inverse=True)
    compared = np.array([provider_kind(str(code)) != "NHS trust" for code in codes])
    both = [grouped(history.reported[month].astype(float), provider) > 0 for month in (now, target)]
    kept = (compared | (both[0] & both[1]))[provider]

    def by_scope(values: Floats) -> Floats:
        columns = [grouped(np.where(kept, column, 0.0), board) for column in values.T]
        table = np.stack(columns, axis=1)
        return np.concatenate([table, table.sum(axis=0, keepdims=True)])

    forecast = np.zeros((len(history.providers), len(FORECAST_MEASURES)))
    np.add.at(forecast, rows, mean)
    return WholeLists(
        origin=origin,
        horizon=horizon,
        scopes=(*map(str, names), ENGLAND),
        published=by_scope(standards(history.incomplete[target])),
        forecast=by_scope(forecast),
        nothing=by_scope(standards(history.incomplete[now])),
    )


def places_in(history: History, providers: NDArray[np.str_], functions: NDArray[np.str_]) -> NDArray[np.intp]:
    """Where in `history` each series stands, its successor's place if its provider merged since. (S,)"""
    merged = merged_by(history.months[-1])
    keys = zip(history.providers.tolist(), history.treatment_functions.tolist(), strict=True)
    place = {key: i for i, key in enumerate(keys)}
    asked = zip(providers.tolist(), functions.tolist(), strict=True)
    return np.array([place[merged.get(code, code), function] for code, function in asked])


def past_errors(found: Sequence[WholeLists], least: int = 3) -> list[PastError]:
    """How wrong forecasts of each scope were by horizon, and of all boards together, as means over origins.

    Only horizons of at least so many origins. Raises TandemError where there is none.
    """
    by_horizon: dict[int, list[WholeLists]] = {}
    for each in found:
        by_horizon.setdefault(each.horizon, []).append(each)
    errors = []
    for horizon, lists in sorted(by_horizon.items()):
        if len(lists) < least:
            continue
        for scope in dict.fromkeys(scope for each in lists for scope in each.scopes):
            of_scope = [each for each in lists if scope in each.scopes]
            errors.append(_past_error(scope, horizon, [(each, _place(each, scope)) for each in of_scope]))
        errors.append(_past_error(BOARDS, horizon, [(each, slice(0, -1)) for each in lists]))
    if not errors:
        raise TandemError(
            "Too few months are held to say how wrong forecasts were.",
            "Import earlier months on the Data page.",
        )
    return sorted(errors, key=lambda error: (error.scope, error.months_ahead))


def _place(lists: WholeLists, scope: str) -> slice:
    place = lists.scopes.index(scope)
    return slice(place, place + 1)


def _past_error(scope: str, horizon: int, places: Sequence[tuple[WholeLists, slice]]) -> PastError:
    def mean(values: Sequence[float]) -> float:
        return float(np.mean(values))

    measures = {}
    for place, name in enumerate(FORECAST_MEASURES):
        methods = []
        for method in ("forecast", "nothing"):
            pairs = [(getattr(each, method)[scopes], each.published[scopes]) for each, scopes in places]
            if name == "within_18":
                methods.append([share_error(m[:, 1], m[:, 0], p[:, 1], p[:, 0]) for m, p in pairs])
            else:
                methods.append([list_error(m[:, place], p[:, place]) for m, p in pairs])
        biases = [_bias(each.forecast[scopes], each.published[scopes], place) for each, scopes in places]
        measures[name] = Missed(error=mean(methods[0]), nothing=mean(methods[1]), bias=mean(biases))
    return PastError(scope=scope, months_ahead=horizon, forecasts=len(places), measures=measures)


def _bias(forecast: Floats, published: Floats, place: int) -> float:
    """Too many, as a fraction of those published; of the share within 18 weeks, too many points."""
    if FORECAST_MEASURES[place] != "within_18":
        return bias(forecast[:, place], published[:, place])
    shares = [values[:, 1].sum() / max(values[:, 0].sum(), 1.0) for values in (forecast, published)]
    return float(100.0 * (shares[0] - shares[1]))
