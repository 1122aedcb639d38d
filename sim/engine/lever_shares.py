"""Who waits in the whole of a run: what a lever's weekly amount is shared by, whatever part is simulated."""

from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from models.calibration.rates import Calibration
from models.scenarios.scenario import LeverSetting


@dataclass(frozen=True)
class LeverAllocation:
    """The S series of a whole run by who waits when it begins, and which of them are simulated here."""

    providers: NDArray[Any]  # (S,)
    treatment_functions: NDArray[Any]  # (S,)
    first: NDArray[np.int64]  # (S,) patients waiting for a first appointment
    outpatients: NDArray[np.int64]  # (S,) patients waiting for a first appointment or a review
    admitted: NDArray[np.int64]  # (S,) patients with a decision to admit
    here: NDArray[np.bool_]  # (S,)

    @classmethod
    def of(cls, calibration: Calibration, here: NDArray[np.bool_] | None = None) -> Self:
        """Everyone in `calibration`, of whom the series `here` are simulated; None: all."""
        return cls(
            providers=calibration.providers,
            treatment_functions=calibration.treatment_functions,
            first=calibration.first.sum(axis=1, dtype=np.int64),
            outpatients=(calibration.first + calibration.review).sum(axis=1, dtype=np.int64),
            admitted=calibration.admitted.sum(axis=1, dtype=np.int64),
            here=np.ones(calibration.series, bool) if here is None else here,
        )

    def within(self, setting: LeverSetting) -> NDArray[np.bool_]:
        """Which series a lever applies to. (S,)"""
        chosen = np.ones(len(self.providers), bool)
        if setting.providers:
            chosen &= np.isin(self.providers, setting.providers)
        if setting.treatment_functions:
            chosen &= np.isin(self.treatment_functions, setting.treatment_functions)
        return chosen

    def rows(self, setting: LeverSetting) -> NDArray[np.intp]:
        """The series simulated here that a lever applies to, by their place here."""
        return np.flatnonzero(self.within(setting)[self.here])

    def allocated(
        self, setting: LeverSetting, amount: float | NDArray[np.float64], waiting: NDArray[Any]
    ) -> NDArray[np.float64]:
        """A lever's amount a week shared by those waiting, (S, ...) patients: the shares of `rows`."""
        chosen = self.within(setting)
        return allocate(amount, waiting[chosen])[self.here[chosen]]


def allocate(amount: float | NDArray[np.float64], waiting: NDArray[Any]) -> NDArray[np.float64]:
    """An amount a week, or one by replication, shared by those waiting: series first, (S, ...)."""
    # added up in order: numpy's own sum takes another order, and rounds otherwise, for a single replication
    total = np.cumsum(waiting, axis=0)[-1:]
    return np.asarray(amount * waiting / np.maximum(total, 1))
