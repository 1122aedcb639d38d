"""How long somebody referred now can expect to wait: period life tables by provider and treatment function.

Nobody referred today has waited yet, so their wait is put together from what happens now to those who have
waited one week, two weeks and so on. A clock stop is the event; a pathway that leaves with no reported stop
has left without treatment, and its wait is not known beyond that. A curve is the share left at 0, 1, ... 104
whole weeks, the last axis of an array. Method, formulas and error: `docs/waits.md`.
"""

from dataclasses import dataclass, replace
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from models.calibration.flows import own_curve, person_weeks, read_flows, used_sum
from models.calibration.pathway_shapes import pooled_shapes
from models.rtt import months
from models.rtt.history import History
from models.rtt.waiting_list import OPEN_BAND, STANDARD_WEEKS

Floats = NDArray[np.float64]

WINDOW = 3  # months of clock stops: one or two missed by more when held against what came, six by no less
LEAST_LEFT = 1e-9  # share of patients below which nobody is left
FEW_LEFT = 0.02  # share of a simulated cohort below which chance decides
LEAST_STOPS = 20  # in these months: with fewer, predictions missed by over 20 points, with 20 to 100 by 17


@dataclass(frozen=True)
class WaitCurves:
    """How S series (provider x treatment function) work through those who wait, on the figures of a month."""

    data_month: str
    providers: NDArray[Any]  # (S,) codes
    treatment_functions: NDArray[Any]  # (S,)
    stop: Floats  # (S, 105) clock stops for each week waited by a patient, by weeks waited
    removal: Floats  # (S, 105) departures with no reported stop likewise
    stops: Floats  # (S,) clock stops the curves rest on
    arrivals: Floats  # (S,) pathways that join the list for each reported clock start, 1 or a little more
    why_not: tuple[str, ...]  # (S,) why the returns do not tell, '' where they do

    @property
    def known(self) -> NDArray[np.bool_]:
        """Whether the returns tell how long the wait is. (S,)"""
        return np.array([not why for why in self.why_not], dtype=np.bool_)

    def untreated(self) -> Floats:
        """Share whose clock has not stopped after so many weeks, of those who stay until it does. (S, 105)"""
        return _left(self.stop)

    def still_waiting(self) -> Floats:
        """Share still on the list after so many weeks, of those who join it: removals leave too. (S, 105)"""
        return _left(self.stop + self.removal)

    def places(self) -> dict[tuple[str, str], int]:
        """Each series' place, by provider and treatment function."""
        codes = zip(self.providers, self.treatment_functions, strict=True)
        return {(str(provider), str(function)): place for place, (provider, function) in enumerate(codes)}

    def under(
        self, providers: NDArray[Any], treatment_functions: NDArray[Any], baseline: Floats, scenario: Floats
    ) -> Self:
        """The curves with a scenario's change in those of its series; the others stay as they are.

        `baseline` and `scenario` are shares untreated, (N, 105), of the series named, from the same engine:
        what they change is applied to the curve that was read from the returns, because the two do not
        agree to the week. Where the engine's are nan, nothing changes.
        """
        places = self.places()
        pairs = zip(providers, treatment_functions, strict=True)
        at = np.array([places.get((str(provider), str(function)), -1) for provider, function in pairs])
        told = (at >= 0) & np.isfinite(baseline[:, 0]) & np.isfinite(scenario[:, 0])
        stop = self.stop.copy()
        curve = changed(_left(stop[at[told]]), baseline[told], scenario[told])
        stop[at[told], :OPEN_BAND] = -np.diff(np.log(np.maximum(curve, LEAST_LEFT)), axis=1)
        return replace(self, stop=stop)


def wait_curves(history: History, england: History, window: int = WINDOW) -> WaitCurves:
    """The curves of every series of `history` on its last month, from the stops of its last `window` months.

    `england` holds the same months with one series a treatment function, as for a calibration. A thin series
    leans on England's curve for its treatment function, brought to its own level.
    """
    place = {code: i for i, code in enumerate(england.treatment_functions)}
    pool = np.array([place[code] for code in history.treatment_functions])
    flows = read_flows(history, pooled_shapes(england), pool)
    lately = flows.used.copy()
    lately[:-window] = False
    events, exposure = _stops(history, lately), person_weeks(history.incomplete, lately)
    everyone = np.zeros((len(england.months) - 1, len(england.providers)), np.bool_)
    everyone[-window:] = True
    events_there, exposure_there = _stops(england, everyone), person_weeks(england.incomplete, everyone)
    there = own_curve(events_there, exposure_there, np.ones_like(events_there))
    stops = events.sum(axis=1)
    return WaitCurves(
        data_month=history.months[-1],
        providers=history.providers,
        treatment_functions=history.treatment_functions,
        stop=own_curve(events, exposure, there[pool]),
        removal=flows.removal,
        stops=stops,
        arrivals=np.clip(flows.starts / np.maximum(flows.reported_starts, 1.0), 1.0, 1.5),
        why_not=tuple(_why_not(history, lately, stops, s, window) for s in range(len(stops))),
    )


def mixed(curves: Floats, weights: Floats) -> Floats:
    """The curve of patients parted over several curves (N, 105) by `weights` (N,), which need not add to 1.

    Shares left are averaged, never percentiles: half of a mixture may wait as neither of its parts does.
    Raises ValueError where no weight is above 0.
    """
    whole = float(weights.sum())
    if whole <= 0:
        raise ValueError("no weight is above 0")
    return np.asarray(weights @ curves / whole)


def changed(curve: Floats, baseline: Floats, scenario: Floats) -> Floats:
    """A curve as a scenario changes it, chances of a stop in the ratio of the two others. (..., 105)

    With H = -ln(share left), H becomes H x H of the scenario / H of the baseline; once few are left,
    the last ratio holds. A share never rises again.
    """
    told = np.minimum(baseline, scenario) >= FEW_LEFT
    summed, under = (-np.log(np.where(told, each, 1.0)) for each in (baseline, scenario))
    factor = np.divide(under, summed, out=np.ones_like(summed), where=summed > 0)
    last = np.maximum(told.sum(axis=-1, keepdims=True) - 1, 0)  # shares fall, so those told come first
    factor = np.where(told, factor, np.take_along_axis(factor, last, axis=-1))
    return np.asarray(np.minimum.accumulate(np.maximum(curve, LEAST_LEFT) ** factor, axis=-1))


def weeks_until(curve: Floats, share: float) -> Floats:
    """Weeks within which `share` (0 to 1) of a curve has left, shape (...); inf where over 104 weeks."""
    left = 1.0 - share
    reached = curve <= left
    after = np.argmax(reached, axis=-1)[..., np.newaxis]
    before = np.maximum(after - 1, 0)
    low, high = np.take_along_axis(curve, after, -1), np.take_along_axis(curve, before, -1)
    part = np.divide(high - left, high - low, out=np.zeros_like(high), where=high > low)
    weeks = (before + part)[..., 0]
    return np.asarray(np.where(reached.any(axis=-1), weeks, np.inf))


def share_by(curve: Floats, weeks: int = STANDARD_WEEKS) -> Floats:
    """Share (0 to 1) of a curve that has left within so many whole weeks (0 to 104), shape (...)."""
    return np.asarray(1.0 - curve[..., weeks])


def remaining(curve: Floats, waited: int) -> Floats:
    """The curve from now on of those who have waited so many weeks, by further weeks. (..., 105)

    Beyond 104 weeks in all nothing is known: the share left then is repeated. nan where nobody is left.
    """
    left = curve[..., waited:]
    edge = np.repeat(left[..., -1:], waited, axis=-1)
    now = left[..., :1]
    further = np.concatenate([left, edge], axis=-1)
    return np.divide(further, now, out=np.full_like(further, np.nan), where=now > 0)


def weeks_said(weeks: float) -> str:
    """A number of weeks for a reader: '14 weeks', 'over 104 weeks', 'not known'."""
    if np.isnan(weeks):
        return "not known"
    if np.isinf(weeks):
        return f"over {OPEN_BAND} weeks"
    whole = round(weeks)
    return "under a week" if whole < 1 else "1 week" if whole == 1 else f"{whole} weeks"


def _left(hazard: Floats) -> Floats:
    """Share left at whole weeks 0 to 104 under chances by weeks waited, the same all through a week."""
    summed = np.cumsum(hazard[..., :OPEN_BAND], axis=-1)
    return np.exp(-np.concatenate([np.zeros((*summed.shape[:-1], 1)), summed], axis=-1))


def _stops(history: History, used: NDArray[np.bool_]) -> Floats:
    return used_sum(history.admitted, used) + used_sum(history.non_admitted, used)


def _why_not(history: History, lately: NDArray[np.bool_], stops: Floats, series: int, window: int) -> str:
    month = months.month_label(history.months[-1])
    if not history.reported[-1, series]:
        return f"nothing was returned in {month}"
    if not lately[:, series].any():
        return f"its list was recoded, or first returned, too lately to be read in {month}"
    if stops[series] < LEAST_STOPS:
        return f"only {stops[series]:.0f} clock stops in {window} months: {LEAST_STOPS} are needed"
    return ""
