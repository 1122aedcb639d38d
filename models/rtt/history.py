"""The returns of one scope as arrays: what the calibration reads and the store fills."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

Counts = NDArray[np.int32]


@dataclass(frozen=True)
class History:
    """Monthly returns of S series (provider x treatment function) over M months, oldest first.

    Counts are pathways. Banded arrays have shape (M, S, 105), by whole weeks waited, the last band open.
    A series that a provider did not report in a month is all zeros there and False in `reported`.
    """

    scope: str
    months: tuple[str, ...]  # M, 'YYYY-MM'
    providers: NDArray[Any]  # (S,) provider codes, str
    treatment_functions: NDArray[Any]  # (S,) codes, str
    incomplete: Counts  # (M, S, 105) still waiting at the month's end
    dta: Counts  # (M, S, 105) those of them with a decision to admit
    admitted: Counts  # (M, S, 105) clock stops by admission in the month
    non_admitted: Counts  # (M, S, 105) other clock stops in the month
    unknown_start: Counts  # (M, S) clock stops of unknown wait, in neither band array
    starts: Counts  # (M, S) new clock starts in the month
    reported: NDArray[np.bool_]  # (M, S) the provider returned any row for this series in the month

    def throughout(self) -> Self:
        """The series reported in every month; all of a treatment function's where none of them was."""
        whole = self.reported.all(axis=0)
        lacking = ~np.isin(self.treatment_functions, self.treatment_functions[whole])
        return self.chosen(whole | lacking)

    def until(self, month: str, count: int) -> Self:
        """The same series over at most `count` months, the last of them `month`."""
        end = self.months.index(month) + 1
        span = slice(max(0, end - count), end)
        return replace(
            self,
            months=self.months[span],
            incomplete=self.incomplete[span],
            dta=self.dta[span],
            admitted=self.admitted[span],
            non_admitted=self.non_admitted[span],
            unknown_start=self.unknown_start[span],
            starts=self.starts[span],
            reported=self.reported[span],
        )

    def chosen(self, series: NDArray[np.bool_] | NDArray[np.intp]) -> Self:
        """The same returns with these series alone: a mask, (S,), or their places."""
        return type(self)(
            scope=self.scope,
            months=self.months,
            providers=self.providers[series],
            treatment_functions=self.treatment_functions[series],
            incomplete=self.incomplete[:, series],
            dta=self.dta[:, series],
            admitted=self.admitted[:, series],
            non_admitted=self.non_admitted[:, series],
            unknown_start=self.unknown_start[:, series],
            starts=self.starts[:, series],
            reported=self.reported[:, series],
        )

    def pooled(self) -> Self:
        """The same returns with one series per treatment function, every provider together."""
        return self._added_up(np.full(len(self.providers), "all"))

    def joined(self, merged: Mapping[str, str]) -> Self:
        """The same returns with merged providers' series in those of their successors, by code."""
        if not np.isin(self.providers, list(merged)).any():
            return self
        return self._added_up(np.array([merged.get(str(code), str(code)) for code in self.providers]))

    def _added_up(self, providers: NDArray[Any]) -> Self:
        """The same returns under these providers, (S,), with series of one treatment function added up."""
        pairs = np.char.add(np.char.ljust(providers.astype(str), 8), self.treatment_functions.astype(str))
        _, first, place = np.unique(pairs, return_index=True, return_inverse=True)
        order = np.argsort(place, kind="stable")
        begins = np.searchsorted(place[order], np.arange(len(first)))

        def added(counts: Counts) -> Counts:
            return np.asarray(np.add.reduceat(counts[:, order], begins, axis=1, dtype=counts.dtype))

        return type(self)(
            scope=self.scope,
            months=self.months,
            providers=providers[first],
            treatment_functions=self.treatment_functions[first],
            incomplete=added(self.incomplete),
            dta=added(self.dta),
            admitted=added(self.admitted),
            non_admitted=added(self.non_admitted),
            unknown_start=added(self.unknown_start),
            starts=added(self.starts),
            reported=np.asarray(np.logical_or.reduceat(self.reported[:, order], begins, axis=1)),
        )
