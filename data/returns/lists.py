"""The waiting lists as the pages, the command line and the simulation read them.

Every function takes a scope: a board's code (its providers in that month, all commissioners) or 'ENGLAND'
(every provider, without commissioner NONC). Counts are pathways at the month's end, or in the month for stops
and starts.
"""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data.database.figures import BANDED_PARTS, weeks_matrix
from data.database.store import Store
from data.returns.scope import scope_condition
from models.errors import TandemError
from models.rtt.waiting_list import median

_LONG_WAITS = ("within_18", "over_52", "over_65", "over_78", "over_104")


def months(store: Store) -> list[str]:
    """Give the months held, oldest first."""
    return [month for (month,) in store.rows("SELECT DISTINCT month FROM commissioners ORDER BY month")]


def boards(store: Store, month: str) -> pd.DataFrame:
    """Give the boards that had providers in a month, largest list first.

    Columns: code, name (official), region, waiting, within_18, over_52.
    """
    return store.frame(
        "SELECT p.board AS code, coalesce(any_value(b.name), p.board) AS name, "
        "coalesce(any_value(b.region), '') AS region, sum(p.total)::BIGINT AS waiting, "
        "sum(p.within_18)::BIGINT AS within_18, sum(p.over_52)::BIGINT AS over_52 "
        "FROM pathways p LEFT JOIN boards b ON b.code = p.board "
        "WHERE p.month = ? AND p.part = 'incomplete' GROUP BY p.board ORDER BY waiting DESC, code",
        [month],
    )


def trend(store: Store, scope: str) -> pd.DataFrame:
    """Give a scope month by month, oldest first.

    Columns: month, incomplete, within_18, over_52, over_65, over_78, over_104 (of those waiting), dta,
    admitted, non_admitted, starts.
    """
    condition, params = scope_condition(store, scope)
    return store.frame(
        "SELECT month, "
        "coalesce(sum(total) FILTER (part = 'incomplete'), 0)::BIGINT AS incomplete, "
        + "".join(
            f"coalesce(sum({name}) FILTER (part = 'incomplete'), 0)::BIGINT AS {name}, "
            for name in _LONG_WAITS
        )
        + "coalesce(sum(total) FILTER (part = 'dta'), 0)::BIGINT AS dta, "
        "coalesce(sum(total) FILTER (part = 'admitted'), 0)::BIGINT AS admitted, "
        "coalesce(sum(total) FILTER (part = 'non_admitted'), 0)::BIGINT AS non_admitted, "
        "coalesce(any_value(starts), 0)::BIGINT AS starts "
        f"FROM pathways LEFT JOIN (SELECT month, sum(total) AS starts FROM clock_starts WHERE {condition} "
        f"GROUP BY month) USING (month) WHERE {condition} GROUP BY month ORDER BY month",
        [*params, *params],
    )


def profile(
    store: Store,
    scope: str,
    month: str,
    part: str = "incomplete",
    *,
    provider: str | None = None,
    treatment_function: str | None = None,
) -> NDArray[np.int64]:
    """Give pathways by whole weeks waited, shape (105,), the last band open.

    `part` is incomplete, dta, admitted or non_admitted; `provider` and `treatment_function` narrow it down.
    Zeros where nothing was returned.
    """
    if part not in BANDED_PARTS:
        raise TandemError(f"There are no week bands for '{part}'.", f"Use one of {', '.join(BANDED_PARTS)}.")
    condition, params = scope_condition(store, scope)
    for column, code in (("provider", provider), ("treatment_function", treatment_function)):
        if code is not None:
            condition += f" AND {column} = ?"
            params.append(code)
    rows = store.read(
        f"SELECT weeks FROM pathways WHERE month = ? AND part = ? AND {condition}", [month, part, *params]
    )
    return weeks_matrix(rows["weeks"]).sum(axis=0, dtype=np.int64)


def by_treatment_function(
    store: Store, scope: str, month: str, *, provider: str | None = None
) -> pd.DataFrame:
    """Give a scope's list by treatment function, largest first.

    Columns: treatment_function, name (as the returns spell it), waiting, within_18, over_52, over_65,
    over_78, over_104, median_weeks.
    """
    return _ranked(store, scope, month, "treatment_function", "treatment_functions", "provider", provider)


def by_provider(
    store: Store, scope: str, month: str, *, treatment_function: str | None = None
) -> pd.DataFrame:
    """Give a scope's list by provider, largest first.

    Columns: provider, name, waiting, within_18, over_52, over_65, over_78, over_104, median_weeks.
    """
    return _ranked(store, scope, month, "provider", "providers", "treatment_function", treatment_function)


def grid(store: Store, scope: str, month: str) -> pd.DataFrame:
    """Give a scope's list by provider and treatment function, ordered by both codes.

    Columns: provider, provider_name, treatment_function, waiting, within_18, over_52, over_65.
    """
    condition, params = scope_condition(store, scope)
    return store.frame(
        "SELECT provider, coalesce(any_value(name), provider) AS provider_name, treatment_function, "
        "sum(total)::BIGINT AS waiting, sum(within_18)::BIGINT AS within_18, "
        "sum(over_52)::BIGINT AS over_52, "
        "sum(over_65)::BIGINT AS over_65 "
        f"FROM (SELECT * FROM pathways WHERE month = ? AND part = 'incomplete' AND {condition}) "
        "LEFT JOIN (SELECT code AS provider, name FROM providers) USING (provider) "
        "GROUP BY provider, treatment_function ORDER BY provider, treatment_function",
        [month, *params],
    )


def _ranked(
    store: Store, scope: str, month: str, by: str, names: str, narrowed: str, code: str | None
) -> pd.DataFrame:
    condition, params = scope_condition(store, scope)
    if code is not None:
        condition += f" AND {narrowed} = ?"
        params.append(code)
    rows = store.read(
        f"SELECT {by}, total, {', '.join(_LONG_WAITS)}, weeks FROM pathways "
        f"WHERE month = ? AND part = 'incomplete' AND {condition} ORDER BY {by}",
        [month, *params],
    )
    codes, first = np.unique(rows[by].to_numpy().astype(str), return_index=True)
    ranked = pd.DataFrame({by: codes, "name": _names(store, names, codes)})
    for column, source in (("waiting", "total"), *((name, name) for name in _LONG_WAITS)):
        ranked[column] = _sums(rows[source].to_numpy().astype(np.int64), first)
    ranked["median_weeks"] = median(_sums(weeks_matrix(rows["weeks"]), first))
    return ranked.sort_values(["waiting", by], ascending=[False, True], ignore_index=True)


def _sums(values: NDArray[np.int32] | NDArray[np.int64], first: NDArray[np.int64]) -> NDArray[np.int64]:
    """Sums over runs of rows that start at `first`; none for no rows."""
    if len(first) == 0:
        return np.zeros((0, *values.shape[1:]), dtype=np.int64)
    return np.add.reduceat(values, first, axis=0, dtype=np.int64)


def _names(store: Store, table: str, codes: NDArray[np.str_]) -> list[str]:
    names = dict(store.rows(f"SELECT code, name FROM {table}"))
    return [names.get(code, code) for code in codes.tolist()]
