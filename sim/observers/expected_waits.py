"""How long somebody referred on a given day of a run waits: their own cohort, followed through the weeks.

The engine keeps patients by the week their clock started, so the share of a cohort still on the list, week
by week, is how its patients wait. Those who leave with no reported stop are taken out at the calibrated rates
and by validation, so that only clock stops count, as in `models.waits.expected_waits`.
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Event, Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.calibration.rates import Calibration
from models.rtt.waiting_list import OPEN_BAND
from models.scenarios.scenario import Scenario
from models.waits.expected_waits import share_by, weeks_until
from sim.engine.state import BANDS, MEASURES, STARTS
from sim.engine.world import World
from sim.runs.runner import Cancelled, Progress

Floats = NDArray[np.float64]

COHORT = 4  # weeks of referrals taken together: a week of a small series is mostly chance
BLOCK = 10  # replications run at once
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
    workers: int = 1,
    progress: Progress = lambda share: None,
    cancel: Event | None = None,
) -> tuple[ExpectedWaits, ...]:
    """The waits of those referred from each week of `referred` on, under each scenario, in its order.

    A run goes on for 104 weeks after the last of them. `progress` hears the share done, 0 to 1; raises
    sim.runs.runner.Cancelled when `cancel` is set.
    """
    weeks = max(referred) + COHORT + OPEN_BAND
    blocks = [range(begin, min(begin + BLOCK, replications)) for begin in range(0, replications, BLOCK)]
    todo = [(scenario, block) for scenario in scenarios for block in blocks]
    lock, done = Lock(), 0

    def followed(scenario: Scenario, block: range) -> "_Cohorts":
        out = np.zeros((len(block), calibration.series, weeks, len(MEASURES)), np.int32)
        world = World(calibration, scenario, seed, block, weeks, out)
        cohorts = _Cohorts(world, referred)

        def look(week: int) -> bool:
            nonlocal done
            cohorts.look(week)
            with lock:
                done += 1
                progress(done / (len(todo) * weeks))
            return not (cancel and cancel.is_set())

        if not (cancel and cancel.is_set()):
            world.run(look)
        return cohorts

    with ThreadPoolExecutor(workers) as hands:
        each = list(hands.map(lambda work: followed(*work), todo))
    if cancel and cancel.is_set():
        raise Cancelled("The run was cancelled.", "Run it again when you are ready.")
    found = []
    for place, scenario in enumerate(scenarios):
        own = each[place * len(blocks) : (place + 1) * len(blocks)]
        met, left = sum(cohorts.met for cohorts in own), sum(cohorts.left for cohorts in own)
        found.append(
            ExpectedWaits(
                name=scenario.name,
                data_month=calibration.data_month,
                referred=tuple(referred),
                providers=calibration.providers,
                treatment_functions=calibration.treatment_functions,
                left=_curves(np.asarray(met), np.asarray(left)),
            )
        )
    return tuple(found)


class _Cohorts:
    """What became of a world's cohorts, by weeks since their referral: `met` and `left`, (T, S, 105).

    `met` counts those who would be there at a week's end had no clock stopped in it, `left` those who are.
    """

    def __init__(self, world: World, referred: Sequence[int]) -> None:
        self.world, self.referred = world, referred
        shape = len(referred), world.calibration.series, BANDS
        self.met, self.left = np.zeros(shape), np.zeros(shape)
        self.before: dict[tuple[int, int], Floats] = {}  # (S, R) a cohort's patients at the last week's end

    def look(self, week: int) -> None:
        """Count the cohorts at the end of a week."""
        for place, first in enumerate(self.referred):
            for started in range(first, first + COHORT):
                if 0 <= (waited := week - started) < BANDS:
                    self._count(place, started, waited, week)

    def _count(self, place: int, started: int, waited: int, week: int) -> None:
        world = self.world
        before = world.state.out[:, :, week, STARTS].T if waited == 0 else self.before[place, started]
        stays = np.exp(-world.inputs.leaving[:, waited, None] * world.inputs.removal_level)
        checked = world.settings.validation_from <= waited
        stays = stays * (1.0 - np.where(checked, world.settings.validation, 0.0))
        now = world.state.pathways[:, :, :, BANDS + started].sum(axis=2, dtype=np.float64)
        self.met[place, :, waited] += (before * stays).sum(axis=1)
        self.left[place, :, waited] += now.sum(axis=1)
        self.before[place, started] = now


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
