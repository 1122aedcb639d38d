"""Tables fitted to known margins, keeping the pattern they began with (iterative proportional fitting)."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


def raked(pattern: ArrayLike, rows: ArrayLike, columns: ArrayLike, rounds: int = 100) -> Floats:
    """Gives the table (R, C) nearest the pattern (in relative entropy) with these row and column sums.

    Rows and columns where the pattern is all zero stay empty, and the others share the total. Row sums hold
    exactly, column sums as nearly as `rounds` bring them.
    Deming and Stephan, 1940, Annals of Mathematical Statistics 11, 427-444.
    """
    table = np.array(pattern, dtype=np.float64)
    wanted_rows = _of_total(np.asarray(rows, dtype=np.float64), table.sum(axis=1) > 0)
    wanted_columns = _of_total(np.asarray(columns, dtype=np.float64), table.sum(axis=0) > 0)
    for _ in range(rounds):
        table *= _ratio(wanted_columns, table.sum(axis=0))[None, :]
        before = table.sum(axis=1)
        table *= _ratio(wanted_rows, before)[:, None]
        if np.allclose(before, wanted_rows, rtol=1e-9, atol=1e-12):
            break
    return table * float(np.asarray(rows, dtype=np.float64).sum())


def _of_total(wanted: Floats, fillable: NDArray[np.bool_]) -> Floats:
    kept = np.where(fillable, wanted, 0.0)
    even = fillable / max(int(fillable.sum()), 1)
    return kept / kept.sum() if kept.sum() else even


def _ratio(wanted: Floats, present: Floats) -> Floats:
    return np.divide(wanted, present, out=np.zeros_like(wanted), where=present > 0)
