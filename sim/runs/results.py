"""What a run gives: counts by replication, series and week, and the bands read from them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from models.rtt import months
from sim.engine.state import MEASURES

LIST_MEASURES = ("waiting", "within_18", "over_52", "over_65", "over_78", "over_104", "waiting_admission")
OUTER = (10, 90)  # percentiles that bound an 80% band


@dataclass(frozen=True)
class Band:
    """A quantity by week (or of one week): mean over replications, and what 80% of them lie between."""

    mean: NDArray[np.float64]
    lower: NDArray[np.float64]
    upper: NDArray[np.float64]


def band(values: NDArray[Any]) -> Band:
    """The band over the first axis, replications."""
    lower, upper = np.percentile(values, OUTER, axis=0)
    return Band(values.mean(axis=0), lower, upper)


@dataclass(frozen=True)
class Results:
    """One run. `counts` is (R, S, weeks, measures), in the order of `MEASURES`; week 0 is the first.

    List measures are patients at the week's end, the others events within the week. `opening` is the list the
    run began from, (S, 105) by weeks waited; `closing` the mean list it ended with, (S, 105).
    """

    scope: str
    data_month: str
    document: Mapping[str, Any]  # the scenario as run
    seed: int
    providers: NDArray[Any]  # (S,)
    treatment_functions: NDArray[Any]  # (S,)
    counts: NDArray[np.int32]
    opening: NDArray[np.int32]
    closing: NDArray[np.float64]
    before: int = 0  # replications of the same run that come before these

    @property
    def replications(self) -> int:
        return int(self.counts.shape[0])

    @property
    def weeks(self) -> int:
        return int(self.counts.shape[2])

    def about(self) -> dict[str, Any]:
        """What makes these results again: written into every export."""
        return {
            "scope": self.scope,
            "scenario": dict(self.document),
            "data_month": self.data_month,
            "seed": self.seed,
            "weeks": self.weeks,
            "replications": self.replications,
        }

    @property
    def week_ends(self) -> NDArray[np.datetime64]:
        """The Sunday on which each week ends. (weeks,)"""
        return months.week_starts(self.data_month, self.weeks) + np.timedelta64(6, "D")

    def chosen(
        self, providers: Sequence[str] | None = None, treatment_functions: Sequence[str] | None = None
    ) -> NDArray[np.bool_]:
        """Which series belong to these providers and treatment functions; None means all. (S,)"""
        here = np.ones(len(self.providers), bool)
        if providers is not None:
            here &= np.isin(self.providers, list(providers))
        if treatment_functions is not None:
            here &= np.isin(self.treatment_functions, list(treatment_functions))
        return here

    def total(self, measure: str, series: NDArray[np.bool_] | None = None) -> NDArray[np.int64]:
        """A measure summed over series, by replication and week. (R, weeks)"""
        counts = self.counts[..., MEASURES.index(measure)]
        if series is not None:
            counts = counts[:, series]
        return np.asarray(counts.sum(axis=1, dtype=np.int64))

    def share_within_18(self, series: NDArray[np.bool_] | None = None) -> NDArray[np.float64]:
        """Share of those waiting who have waited under 18 weeks, by replication and week; nan for no list."""
        waiting = self.total("waiting", series).astype(float)
        within = self.total("within_18", series)
        return np.divide(within, waiting, out=np.full_like(waiting, np.nan), where=waiting > 0)

    def by_replication(self, measure: str, week: int = -1) -> NDArray[np.float64]:
        """A measure of all series at a week: patients, or percent for share_within_18. (R,)"""
        if measure == "share_within_18":
            return np.asarray(100 * self.share_within_18()[:, week])
        return self.total(measure)[:, week].astype(float)

    def opening_value(self, measure: str, series: NDArray[np.bool_] | None = None) -> int:
        """A list measure on the day the figures were counted: waiting, within_18 or an over_ standard."""
        bands = self.opening if series is None else self.opening[series]
        if measure == "waiting":
            return int(bands.sum())
        if measure == "within_18":
            return int(bands[:, :18].sum())
        return int(bands[:, int(measure.removeprefix("over_")) :].sum())

    def frames(self) -> Iterator[pd.DataFrame]:
        """One replication at a time: a row per week x provider x treatment function, a column a measure.

        `week` counts from 1, `week_ending` is its Sunday, `waiting_at_start` the list a week began with,
        so that each row balances: waiting_at_start + clock_starts + moved_in = waiting + stops + removals +
        moved_out.
        """
        replications, series, weeks, _ = self.counts.shape
        codes, names = pd.factorize(self.providers)
        functions, function_names = pd.factorize(self.treatment_functions)
        shared = {
            "week": np.repeat(np.arange(1, weeks + 1, dtype=np.int32), series),
            "week_ending": np.repeat(self.week_ends.astype("datetime64[s]"), series),
            "provider": pd.Categorical.from_codes(np.tile(codes, weeks), names),
            "treatment_function": pd.Categorical.from_codes(np.tile(functions, weeks), function_names),
        }
        opening = self.opening.sum(axis=1)[:, None]
        for replication in range(replications):
            counts = self.counts[replication]
            before = np.concatenate([opening, counts[:, :-1, 0]], axis=1).astype(np.int32)
            ordered = counts.transpose(1, 0, 2).reshape(-1, len(MEASURES))
            yield pd.DataFrame(
                {"replication": np.full(weeks * series, self.before + replication + 1, np.int32)}
                | shared
                | {"waiting_at_start": before.T.reshape(-1)}
                | {name: ordered[:, i] for i, name in enumerate(MEASURES)}
            )

    def frame(self) -> pd.DataFrame:
        """All replications of `frames` in one frame: replication x week x provider x treatment function."""
        return pd.concat(self.frames(), ignore_index=True)

    def summary(self) -> pd.DataFrame:
        """The band of each measure by week for all series together: week, measure, mean, lower, upper.

        `week` counts from 1. The share within 18 weeks stands beside the counts, as a fraction.
        """
        parts = []
        for measure in (*MEASURES, "share_within_18"):
            values = self.share_within_18() if measure == "share_within_18" else self.total(measure)
            bands = band(values)
            parts.append(
                pd.DataFrame(
                    {
                        "week": np.arange(1, self.weeks + 1),
                        "measure": measure,
                        "mean": bands.mean,
                        "lower": bands.lower,
                        "upper": bands.upper,
                    }
                )
            )
        return pd.concat(parts, ignore_index=True)


def joined(batches: list[Results]) -> Results:
    """Batches of one run put together, in the order of their replications; the list is emptied.

    Each batch is let go of when it is copied, so that counts are never held twice.
    """
    counts = np.empty((sum(each.replications for each in batches), *batches[0].counts.shape[1:]), np.int32)
    closing, done = np.zeros_like(batches[0].closing), 0
    whole = replace(batches[0], counts=counts)
    while batches:
        batch = batches.pop(0)
        counts[done : done + batch.replications] = batch.counts
        closing += np.rint(batch.closing * batch.replications)  # patients, so that the sum is exact
        done += batch.replications
    return replace(whole, closing=closing / done)


def difference(scenario: Results, baseline: Results, measure: str, week: int = -1) -> Band:
    """The band of scenario less baseline at a week, replication by replication: they share random numbers.

    Raises ValueError unless both runs have the same scope, data, seed, weeks and replications.
    """
    for name in ("scope", "data_month", "seed", "weeks", "replications"):
        if getattr(scenario, name) != getattr(baseline, name):
            raise ValueError(f"scenario and baseline differ in {name}")
    if measure == "share_within_18":
        return band((scenario.share_within_18() - baseline.share_within_18())[:, week])
    return band((scenario.total(measure) - baseline.total(measure))[:, week])
