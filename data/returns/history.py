"""The returns of a scope as arrays over months and series, ready for calibration."""

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from data.database.figures import BANDS, weeks_matrix
from data.database.store import Store
from data.returns.lists import months as held_months
from data.returns.scope import boards_of, scope_code, scope_condition
from models.errors import TandemError
from models.rtt.history import History
from models.rtt.organisations import ENGLAND, merged_by

_PARTS = ("incomplete", "dta", "admitted", "non_admitted")


def history(store: Store, scope: str, until: str | None = None, months: int = 17) -> History:
    """Give the returns of a scope over at most `months` months up to `until` (default: the newest held).

    A board takes in every provider whose parent it was in the newest of these months that the provider
    reported in, with all commissioners and all its months, so a change of boards does not break a series.
    A trust that had merged into another by the last of them is in its successor's series throughout.
    Boards are joined as in 'QE1+QOP'. England leaves out commissioner NONC. Series are ordered by provider,
    then treatment function.
    Raises TandemError for an unknown scope, or when nothing is held for it.
    """
    scope = scope_code(store, scope)
    window = [month for month in held_months(store) if until is None or month <= until][-months:]
    condition, params = _series_condition(store, scope, window)
    banded = store.read(
        f"SELECT month, provider, treatment_function, part, english, unknown_start, weeks FROM pathways "
        f"WHERE month BETWEEN ? AND ? AND {condition}",
        [*window[:1], *window[-1:], *params] if window else ["", "", *params],
    )
    starts = store.read(
        f"SELECT month, provider, treatment_function, english, total FROM clock_starts "
        f"WHERE month BETWEEN ? AND ? AND {condition}",
        [*window[:1], *window[-1:], *params] if window else ["", "", *params],
    )
    if banded.num_rows == 0:
        raise TandemError(
            f"The store holds no returns of {scope} until {until or 'now'}.",
            "Choose another board or month, or import the month on the Data page.",
        )
    return _arrange(scope, window, banded, starts).joined(merged_by(window[-1]))


def provider_boards(store: Store, until: str | None = None) -> dict[str, str]:
    """Give each provider's board in the newest month, up to `until`, that it reported in."""
    return dict(
        store.rows(
            "SELECT provider, arg_max(board, month) FROM pathways WHERE month <= coalesce(?, month) "
            "GROUP BY provider",
            [until],
        )
    )


def _series_condition(store: Store, scope: str, window: list[str]) -> tuple[str, list[str]]:
    if scope == ENGLAND or not window:
        return scope_condition(store, scope)
    codes = boards_of(store, scope)
    return (
        "provider IN (SELECT provider FROM pathways WHERE month BETWEEN ? AND ? "
        f"GROUP BY provider HAVING arg_max(board, month) IN ({', '.join('?' * len(codes))}))",
        [window[0], window[-1], *codes],
    )


def _arrange(scope: str, window: list[str], banded: pa.Table, starts: pa.Table) -> History:
    codes = pa.concat_tables(
        [table.select(["month", "provider", "treatment_function"]) for table in (banded, starts)]
    )
    provider, providers = _places(codes["provider"])
    function, functions = _places(codes["treatment_function"])
    pairs, series = np.unique(provider * len(functions) + function, return_inverse=True)
    month = np.searchsorted(np.array(window), codes["month"].to_numpy().astype(str))
    shape = (len(window), len(pairs))
    reported = np.zeros(shape, dtype=np.bool_)
    reported[month, series] = True

    rows = banded.num_rows
    weeks = weeks_matrix(banded["weeks"])
    unknown = banded["unknown_start"].to_numpy()
    part = banded["part"].to_numpy()
    english = banded["english"].to_numpy()
    arrays = {name: np.zeros((*shape, BANDS), dtype=np.int32) for name in _PARTS}
    unknown_start = np.zeros(shape, dtype=np.int32)
    # A series has at most two rows in a month and part, English and not: within each, no place comes twice.
    for name in _PARTS:
        for nation in (True, False):
            chosen = np.flatnonzero((part == name) & (english == nation))
            arrays[name][month[chosen], series[chosen]] += weeks[chosen]
            unknown_start[month[chosen], series[chosen]] += unknown[chosen]
    new_starts = np.zeros(shape, dtype=np.int32)
    np.add.at(new_starts, (month[rows:], series[rows:]), starts["total"].to_numpy())
    return History(
        scope=scope,
        months=tuple(window),
        providers=providers[pairs // len(functions)],
        treatment_functions=functions[pairs % len(functions)],
        unknown_start=unknown_start,
        starts=new_starts,
        reported=reported,
        **arrays,
    )


def _places(column: pa.ChunkedArray) -> tuple[NDArray[np.int64], NDArray[np.str_]]:
    """Give each row's place in the sorted distinct codes, and those codes."""
    coded = column.combine_chunks().dictionary_encode()
    codes = np.array(coded.dictionary.to_pylist(), dtype=str)
    order = np.argsort(codes)
    rank = np.empty(len(codes), dtype=np.int64)
    rank[order] = np.arange(len(codes))
    return rank[coded.indices.to_numpy()], codes[order]
