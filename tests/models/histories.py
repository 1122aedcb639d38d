"""Returns small enough to know the answer: a list that stands still, and ways of breaking it."""

from dataclasses import replace

import numpy as np

from models.rtt import months
from models.rtt.history import History

BANDS = 105
YEAR = months.month_range("2024-08", "2025-08")  # 13 lists, 12 months of flows
DAYS = 252  # working days of September 2024 to August 2025: 21+23+21+20+22+20+21+20+20+21+23+20


def still(
    sizes: tuple[int, ...] = (1000,),
    functions: tuple[str, ...] | None = None,
    scope: str = "QK1",
    span: tuple[str, ...] = YEAR,
) -> History:
    """A list that stands still, for each of `sizes`: so many wait under a week, 4% fewer a week on.

    An eighth have a decision to admit. Of those who wait, 2.4% stop in outpatients a week; of those with a
    decision, 7% are admitted; the rest of the clock starts leave with no reported stop.
    """
    profile = 0.96 ** np.arange(BANDS)
    waiting = np.rint(np.outer(sizes, profile)).astype(np.int32)
    dta = waiting // 8
    stops = np.rint(months.WEEKS_PER_MONTH * 0.024 * waiting).astype(np.int32)
    admitted = np.rint(months.WEEKS_PER_MONTH * 0.07 * dta).astype(np.int32)
    # a week's starts are those under a week and half of the 4% who have left by then
    starts = np.rint(months.WEEKS_PER_MONTH * 1.02 * np.array(sizes)).astype(np.int32)
    count, series = len(span), len(sizes)

    def monthly(values: np.ndarray) -> np.ndarray:
        return np.repeat(values[None], count, axis=0)

    return History(
        scope=scope,
        months=span,
        providers=np.array([f"R{i:02d}" for i in range(series)]),
        treatment_functions=np.array(functions or ("C_110",) * series),
        incomplete=monthly(waiting),
        dta=monthly(dta),
        admitted=monthly(admitted),
        non_admitted=monthly(stops),
        unknown_start=np.zeros((count, series), np.int32),
        starts=monthly(starts),
        reported=np.ones((count, series), bool),
    )


def england(functions: tuple[str, ...] = ("C_110",), span: tuple[str, ...] = YEAR) -> History:
    """Returns that stand still and are large enough for curves by weeks waited, a series a function."""
    return still((50_000,) * len(functions), functions, "ENGLAND", span).pooled()


def growing(history: History, by: float) -> History:
    """The same flows, with lists that grow by a share of the first each month; starts raised to match."""
    factor = 1 + by * np.arange(len(history.months))[:, None, None]
    incomplete = np.rint(history.incomplete * factor).astype(np.int32)
    dta = np.minimum(history.dta, incomplete)
    change = np.diff(incomplete.sum(axis=2), axis=0, prepend=0)
    change[0] = 0
    return replace(history, incomplete=incomplete, dta=dta, starts=(history.starts + change).astype(np.int32))


def silent(history: History, series: int, gone: list[int]) -> History:
    """The same with one series not reported in some months."""
    arrays = {
        name: getattr(history, name).copy()
        for name in ("incomplete", "dta", "admitted", "non_admitted", "unknown_start", "starts", "reported")
    }
    for values in arrays.values():
        values[gone, series] = 0
    return replace(history, **arrays)
