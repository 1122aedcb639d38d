"""How long somebody referred on a given day of a run waits: their own cohort, followed through the weeks.

The engine keeps patients by the week their clock started, so the share of a cohort still on the list, week
by week, is how its patients wait. Those who leave with no reported stop are taken out at the calibrated rates
and by validation, so that only clock stops count, as in `models.waits.expected_waits`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Unpack

import numpy as np
from numpy.typing import NDArray

from models.calibration.rates import Calibration
from models.rtt.waiting_list import OPEN_BAND
from models.scenarios.scenario import Scenario
from models.waits.expected_waits import share_by, weeks_until
from sim.engine.state import BANDS, STARTS
from sim.engine.world import World
from sim.observers.observer import Observer, Recorder, RunPart, in_place
from sim.runs.common_random_numbers import observe_each
from sim.runs.runner import SpreadOptions

Floats = NDArray[np.float64]

COHORT = 4  # weeks of referrals taken together: a week of a small series is mostly chance
BLOCK = 10  # replications added up together
LEAST_STARTS = 200.0  # of a series' cohort over all replications, below which chance decides


@dataclass(frozen=True)
class ExpectedWaits:
    """How those wait whom a scenario's run refers in the four weeks from each of some weeks on.

    `left` is (T, S, 105): the share untreated after 0, 1, ... 104 whole weeks, of those who stay until their
    clock stops; the mean of all replications, nan where too few are referred.
    """

    name: str  # the scenario's
    data_month: str
    referred: tuple[int, ...]  # (T,) weeks from the day of the figures
    providers: NDArray[Any]  # (S,)
    treatment_functions: NDArray[Any]  # (S,)
    left: Floats

    def half_within(self) -> Floats:
        """Weeks within which half are treated, (T, S); inf where over 104, nan where not known."""
        return self._weeks(0.5)

    def nine_in_ten_within(self) -> Floats:
        """Weeks within which nine in ten are treated, likewise."""
        return self._weeks(0.9)

    def treated_within_18(self) -> Floats:
        """Share treated within 18 weeks. (T, S)"""
        return share_by(self.left)

    def _weeks(self, share: float) -> Floats:
        return np.where(np.isnan(self.left[..., 0]), np.nan, weeks_until(self.left, share))


def expected_waits(
    calibration: Calibration,
    scenarios: Sequence[Scenario],
    *,
    referred: Sequence[int] = (0,),
    seed: int = 1,
    replications: int = 10,
    **options: Unpack[SpreadOptions],
) -> tuple[ExpectedWaits, ...]:
    """The waits of those referred from each week of `referred` on, under each scenario, in its order.

    A run goes on for 104 weeks after the last of them. Options and errors as of `sim.runs.runner.observe`.
    """
    observer = ExpectedWaitsObserver(tuple(referred))
    seen = observe_each(
        calibration,
        scenarios,
        (observer,),
        seed=seed,
        weeks=observer.weeks,
        replications=replications,
        **options,
    )
    return tuple(waits for (waits,) in seen)


@dataclass(frozen=True)
class Cohorts:
    """What became of cohorts, by weeks since their referral and blocks of replications: (B, T, S, 105).

    `met` counts those who would be there at a week's end had no clock stopped in it, `left` those who are.
    """

    met: Floats
    left: Floats


@dataclass(frozen=True)
class ExpectedWaitsObserver(Observer[Cohorts]):
    """Follows the cohorts of the four weeks from each week of `referred` on."""

    referred: tuple[int, ...]
    block: ClassVar[int] = BLOCK
    after: ClassVar[int] = COHORT + OPEN_BAND

    @property
    def weeks(self) -> int:
        """How long a run must be."""
        return max(self.referred) + self.after

    def start(self, world: World, part: RunPart) -> Recorder[Cohorts]:
        return _Followed(world, self.referred)

    def merged_series(self, whole: RunPart, pieces: Sequence[tuple[RunPart, Cohorts]]) -> Cohorts:
        return Cohorts(
            in_place([(part, piece.met) for part, piece in pieces], axis=2),
            in_place([(part, piece.left) for part, piece in pieces], axis=2),
        )

    def merged_replications(self, pieces: list[Cohorts]) -> Cohorts:
        return Cohorts(
            np.concatenate([each.met for each in pieces]), np.concatenate([each.left for each in pieces])
        )

    def result(self, whole: RunPart, piece: Cohorts) -> ExpectedWaits:
        return ExpectedWaits(
            name=whole.scenario.name,
            data_month=whole.calibration.data_month,
            referred=self.referred,
            providers=whole.calibration.providers,
            treatment_functions=whole.calibration.treatment_functions,
            left=_curves(piece.met.sum(axis=0), piece.left.sum(axis=0)),
        )


class _Followed:
    """The cohorts of one unit, counted as it runs."""

    def __init__(self, world: World, referred: Sequence[int]) -> None:
        self._world, self._referred = world, referred
        series, replications = world.capable.shape
        self._blocks = [slice(begin, begin + BLOCK) for begin in range(0, replications, BLOCK)]
        shape = len(self._blocks), len(referred), series, BANDS
        self._met, self._left = np.zeros(shape), np.zeros(shape)
        self._before: dict[tuple[int, int], Floats] = {}  # (S, R) a cohort's patients at the last week's end

    def week(self, week: int) -> None:
        for place, first in enumerate(self._referred):
            for started in range(first, first + COHORT):
                if 0 <= (waited := week - started) < BANDS:
                    self._count(place, started, waited, week)

    def end(self) -> Cohorts:
        return Cohorts(self._met, self._left)

    def _count(self, place: int, started: int, waited: int, week: int) -> None:
        world = self._world
        before = world.state.out[:, :, week, STARTS].T if waited == 0 else self._before[place, started]
        stays = np.exp(-world.inputs.leaving[:, waited, None] * world.inputs.removal_level)
        checked = world.settings.validation_from <= waited
        stays = stays * (1.0 - np.where(checked, world.settings.validation, 0.0))
        met = before * stays
        now = world.state.pathways[:, :, :, BANDS + started].sum(axis=2, dtype=np.float64)
        for block, chosen in enumerate(self._blocks):
            self._met[block, place, :, waited] += met[:, chosen].sum(axis=1)
            self._left[block, place, :, waited] += now[:, chosen].sum(axis=1)
        self._before[place, started] = now


def _curves(met: Floats, left: Floats) -> Floats:
    """Shares untreated at whole weeks from what was met and left at the ends of weeks. (T, S, 105)

    A cohort that began in the course of a week has waited half a week at its end, so a whole week lies
    between two ends.
    """
    step = np.divide(left, met, out=np.ones_like(left), where=met > 0)
    # by chance fewer may leave with no stop than the rates say: a share that rose is held at what it was
    at_ends = np.minimum.accumulate(np.minimum(np.cumprod(step, axis=-1), 1.0), axis=-1)
    whole = (at_ends[..., :-1] + at_ends[..., 1:]) / 2
    curves = np.concatenate([np.ones((*whole.shape[:-1], 1)), whole], axis=-1)
    return np.where(met[..., :1] >= LEAST_STARTS, curves, np.nan)
