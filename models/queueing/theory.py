"""The queueing theory of a waiting list: how large it may be, and what capacity keeps it there.

Weeks throughout: demand and capacity are patients a week, waits are weeks, list sizes are patients. Give
numbers or arrays, which broadcast; numbers in, a number out. An unknown (nan) stays unknown; what cannot be
is refused with the name of the argument.

Source of the waiting list formulae: Fong and others (2022), Understanding waiting lists pressures, medRxiv
2022.08.23.22279117. Its factor F is the target wait over the mean wait that meets it.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from models.errors import TandemError

Amount: TypeAlias = float | Sequence[float] | NDArray[Any]
Result: TypeAlias = Any  # a float for numbers, an array for arrays: NumPy's types cannot say which

FACTOR = 4.0  # the paper's rule of thumb; 6 for the most urgent
SHARE = 0.92  # of waits inside the target: the standard in England


def queue_load(demand: Amount, capacity: Amount) -> Result:
    """Gives the load, demand / capacity, a plain ratio: above 1 the list grows without end."""
    return _plain(_not_negative("demand", demand) / _positive("capacity", capacity))


def factor_for_share(share: Amount) -> Result:
    """Gives the factor F = -ln(1 - share) that puts `share` (0 to 1) of exponential waits inside the target.

    0.92 gives 2.53; the rule of thumb of 4 stands for 0.98.
    """
    values = np.asarray(share, dtype=np.float64)
    if np.any((values <= 0) | (values >= 1)):
        raise _refused("share", share, "Give a share above 0 and below 1, such as 0.92.")
    return _plain(-np.log1p(-values))


def target_mean_wait(target_wait: Amount, share: Amount = SHARE, *, factor: Amount | None = None) -> Result:
    """Gives the mean wait in weeks, target / F, at which `share` of waits are inside `target_wait` weeks.

    F comes from `share` for exponential waits, unless the plain `factor` is given (4, or 6 if most urgent).
    """
    divisor = factor_for_share(share) if factor is None else _positive("factor", factor)
    return _plain(_positive("target_wait", target_wait) / divisor)


def target_queue_size(
    demand: Amount, target_wait: Amount, share: Amount = SHARE, *, factor: Amount | None = None
) -> Result:
    """Gives the patients on a list that meets its target: demand x target mean wait (Little's law).

    `demand` a week, `target_wait` in weeks; `share` or `factor` as for `target_mean_wait`.
    """
    return _plain(_not_negative("demand", demand) * target_mean_wait(target_wait, share, factor=factor))


def needs_relief(queue_size: Amount, target_queue_size: Amount) -> Result:
    """Gives whether a list is above twice its target size, when the paper advises relief capacity."""
    size = _not_negative("queue_size", queue_size)
    return _plain(size > 2 * _not_negative("target_queue_size", target_queue_size))


def relief_capacity(demand: Amount, queue_size: Amount, target_queue_size: Amount, weeks: Amount) -> Result:
    """Gives the capacity a week, demand + (list - target list) / weeks, that reaches the target in `weeks`.

    Below `demand` for a list that is under its target.
    """
    excess = _not_negative("queue_size", queue_size) - _not_negative("target_queue_size", target_queue_size)
    return _plain(_not_negative("demand", demand) + excess / _positive("weeks", weeks))


def target_capacity(
    demand: Amount,
    target_wait: Amount,
    cv_demand: Amount = 1.0,
    cv_capacity: Amount = 1.0,
    factor: Amount = FACTOR,
) -> Result:
    """Gives the capacity a week that holds a list at its target: demand + (cv_d^2 + cv_c^2) / 2 x F / target.

    `cv_demand` and `cv_capacity` are coefficients of variation of the gaps between referrals and between
    slots: 1 is chance, 0 is clockwork. The paper's Fact 8, demand + 2 (1 + 4 F) / target, has another F, the
    variability of capacity: it is `cv_demand` 1, `cv_capacity` 2 sqrt(F) and `factor` 4.
    """
    variability = (
        _not_negative("cv_demand", cv_demand) ** 2 + _not_negative("cv_capacity", cv_capacity) ** 2
    ) / 2
    allowance = variability * _positive("factor", factor) / _positive("target_wait", target_wait)
    return _plain(_not_negative("demand", demand) + allowance)


def steady_queue_size(demand: Amount, capacity: Amount, removal: Amount) -> Result:
    """Gives the patients a list settles at, (demand - capacity) / removal: where as many leave as come.

    The fluid balance d list / dt = demand - capacity - removal x list, all a week; `removal` is the chance a
    week that somebody waiting leaves unseen. 0 where capacity is enough for all; infinite where it is not and
    nobody is removed.
    """
    short = np.maximum(_not_negative("demand", demand) - _not_negative("capacity", capacity), 0.0)
    chance = _not_negative("removal", removal)
    short, chance = np.broadcast_arrays(short, chance)
    none = np.where(short > 0, np.inf, 0.0)
    return _plain(np.divide(short, chance, out=none, where=chance > 0))


def clearance_weeks(
    queue_size: Amount, target_queue_size: Amount, demand: Amount, capacity: Amount, removal: Amount = 0.0
) -> Result:
    """Gives the weeks until a list is down to its target size; infinite if it never is.

    On the balance of `steady_queue_size`: ln(1 + removal x (list - target) / gap) / removal, which without
    removals is (list - target) / gap, where gap = capacity + removal x target - demand is by how much more
    leave than come at the target. It never gets there unless that is above 0. 0 for a list at its target.
    """
    excess = np.maximum(
        _not_negative("queue_size", queue_size) - _not_negative("target_queue_size", target_queue_size), 0.0
    )
    chance = _not_negative("removal", removal)
    gap = _not_negative("capacity", capacity) + chance * np.asarray(target_queue_size, dtype=np.float64)
    gap = gap - _not_negative("demand", demand)
    excess, chance, gap = np.broadcast_arrays(excess, chance, gap)
    # a gap too small to divide by is infinitely long, as none is; where nobody is removed no product is used
    with np.errstate(over="ignore", invalid="ignore"):
        weeks = np.divide(excess, gap, out=np.zeros(excess.shape), where=gap > 0)
        weeks = np.divide(np.log1p(chance * weeks), chance, out=weeks, where=chance > 1e-12)
    return _plain(np.where((excess > 0) & (gap <= 0), np.inf, weeks))


def waiting_list_pressure(mean_wait: Amount, target_wait: Amount, factor: Amount = FACTOR) -> Result:
    """Gives the pressure, F / 2 x mean wait / target, a plain ratio, both waits in weeks.

    One scale across specialties: a list at its target mean wait, target / F, stands at 0.5.
    """
    waits = _not_negative("mean_wait", mean_wait) / _positive("target_wait", target_wait)
    return _plain(_positive("factor", factor) / 2 * waits)


def queue_sizes(referrals: Sequence[date], removals: Sequence[date | None]) -> NDArray[np.int64]:
    """Gives the patients waiting at the end of each day, from the first referral to the last event.

    `removals` holds the day each of `referrals` left the list, None for who still waits: shape (days,).
    """
    referred, removed = _dated(referrals, removals)
    first = referred.min()
    left = removed[~np.isnat(removed)]
    days = int((np.concatenate([referred, left]).max() - first).astype(np.int64)) + 1
    change = np.bincount((referred - first).astype(np.int64), minlength=days)
    change -= np.bincount((left - first).astype(np.int64), minlength=days)
    return np.cumsum(change)


def mean_wait_so_far(referrals: Sequence[date], removals: Sequence[date | None], at: date) -> float:
    """Gives the mean wait, in weeks, of those waiting at the end of day `at`; nan if nobody waits."""
    referred, removed = _dated(referrals, removals)
    day = np.datetime64(at, "D")
    waiting = (referred <= day) & (np.isnat(removed) | (removed > day))
    if not waiting.any():
        return float("nan")
    return float((day - referred[waiting]).astype(np.int64).mean() / 7)


def erlang_c(servers: int, offered_load: Amount) -> Result:
    """Gives the chance (0 to 1) that an arrival at M/M/c must wait; `offered_load` is demand / service rate.

    Source: Erlang's C formula, from his B by the usual recursion. The load must be below `servers`.
    """
    load = _not_negative("offered_load", offered_load)
    if servers < 1:
        raise _refused("servers", servers, "Give at least 1.")
    if np.any(load >= servers):
        raise _refused(
            "offered_load", offered_load, f"Keep it below the {servers} servers, or the list has no end."
        )
    blocked = np.ones_like(load)
    for busy in range(1, servers + 1):
        blocked = load * blocked / (busy + load * blocked)
    return _plain(blocked / (1 - load / servers * (1 - blocked)))


def mmc_mean_wait(demand: Amount, service_rate: Amount, servers: int = 1) -> Result:
    """Gives the mean wait in weeks before service at M/M/c: Erlang C / (c x rate - demand).

    `demand` and each server's `service_rate` are patients a week; demand must be below capacity.
    """
    arrivals, rate = _not_negative("demand", demand), _positive("service_rate", service_rate)
    if np.any(arrivals >= servers * rate):
        raise _refused("demand", demand, "Keep it below servers x service_rate, or the wait has no end.")
    return _plain(erlang_c(servers, arrivals / rate) / (servers * rate - arrivals))


def _not_negative(name: str, value: Amount) -> NDArray[np.float64]:
    values = np.asarray(value, dtype=np.float64)
    if np.any(values < 0):
        raise _refused(name, value, "Give 0 or more.")
    return values


def _positive(name: str, value: Amount) -> NDArray[np.float64]:
    values = np.asarray(value, dtype=np.float64)
    if np.any(values <= 0):
        raise _refused(name, value, "Give a number above 0.")
    return values


def _dated(
    referrals: Sequence[date], removals: Sequence[date | None]
) -> tuple[NDArray[np.datetime64], NDArray[np.datetime64]]:
    referred = np.array(referrals, dtype="datetime64[D]")
    removed = np.array(removals, dtype="datetime64[D]")
    if referred.size == 0 or referred.shape != removed.shape:
        raise TandemError(
            f"There are {referred.size} referrals and {removed.size} removals.",
            "Give at least one referral, and a removal, or None, for each.",
        )
    if np.any(removed < referred):
        raise TandemError("A removal comes before its referral.", "Check the dates of removals.")
    return referred, removed


def _plain(result: Any) -> Result:
    return result.item() if np.ndim(result) == 0 and isinstance(result, np.ndarray | np.generic) else result


def _refused(name: str, value: object, remedy: str) -> TandemError:
    return TandemError(f"{name} cannot be {value}.", remedy)
