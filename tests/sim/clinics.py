"""Small clinics for tests: bare ones that drive the kernel alone, and a calibrated board of a few series."""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.calibration.rates import Calibration
from models.scenarios.assumptions import REGISTER
from sim.engine import kernel, state
from sim.engine.queue import rates
from sim.engine.settings import ClinicParameters, SettingsTable

BANDS = state.BANDS
# the register as it stands, chosen: nothing of the evidence then differs by replication
FIXED = {key: entry.value for key, entry in REGISTER.items()}
Counts = NDArray[np.int32]

# one minute an appointment, nobody misses one, everybody is done after one, nothing idle is kept
BARE = ClinicParameters()


@dataclass
class Bench:
    """One clinic on the kernel alone, in many replications; weeks of five working days, nothing varies."""

    inputs: state.StaticInputs
    settings: SettingsTable
    state: state.WorldState

    def run(self) -> Counts:
        """Every week of the bench; counts (R, weeks, measures)."""
        for week in range(self.state.out.shape[2]):
            self.step(week)
        return self.state.out[:, 0]

    def step(self, week: int) -> None:
        """One week; they have to come in their order."""
        steady = np.ones((1, self.state.out.shape[0]))
        kernel.provider_week(
            self.inputs, self.settings.table, self.state, 0, 1, week, 5.0, steady, steady, None
        )


def bench(
    parameters: ClinicParameters = BARE,
    *,
    replications: int,
    weeks: int,
    starts: float = 0.0,
    minutes: float = 0.0,
    theatre: float = 0.0,
    removal: float | NDArray[np.float64] = 0.0,
    decisions: float | NDArray[np.float64] = 0.0,
    capable: float = 0.0,
    virtual: tuple[float, float] = (0.0, 0.0),
    missed: tuple[float, float] = (0.0, 0.0),
    length: float = 1.0,
    repeated: float = 0.0,
    again: float = 0.0,
    seed: int = 1,
) -> Bench:
    """An empty clinic: `starts`, clinic `minutes` and `theatre` slots a week, chances by weeks waited.

    Of virtual appointments, firsts and follow-ups alike, the `length` of a slot and the share `repeated`.
    """
    cohorts = BANDS + weeks
    settings = SettingsTable(1, replications)
    settings.virtual_first[:], settings.virtual_follow_up[:] = virtual
    settings.missed_face[:], settings.missed_first[:], settings.missed_follow_up[:] = *missed, missed[1]
    settings.length_first[:] = settings.length_follow_up[:] = length
    settings.repeated_first[:] = settings.repeated_follow_up[:] = repeated
    each = (1, replications)

    def by_week(chances: float | NDArray[np.float64]) -> NDArray[np.float64]:
        return np.array(np.broadcast_to(chances, (1, cohorts)), float)

    return Bench(
        inputs=state.StaticInputs(
            clinic_parameters=np.tile(np.array(parameters, float), (replications, 1)),
            keys=np.random.SeedSequence(seed).generate_state(replications, np.uint64)[None].astype(np.uint64),
            starts=np.array([starts / 5]),
            minutes=np.full(each, minutes / 5),
            theatre=np.array([theatre / 5]),
            capable=np.full(each, capable),
            again=np.full(each, again),
            removal_level=np.ones(each),
            booking=np.full((1, cohorts), 100_000, np.int32),
            booking_admitted=np.full((1, cohorts), 100_000, np.int32),
            decisions=by_week(decisions),
            leaving=rates(by_week(removal)),
        ),
        settings=settings,
        state=state.WorldState(
            pathways=np.zeros((1, replications, state.QUEUES, cohorts), np.int32),
            due=np.zeros((1, replications, weeks + int(parameters.follow_up_weeks) + 1), np.int32),
            repeats=np.zeros((1, replications), np.int32),
            minutes=np.zeros((1, replications)),
            admissions=np.zeros((1, replications)),
            oldest=np.zeros((1, replications), np.int32),
            out=np.zeros((replications, 1, weeks, len(state.MEASURES)), np.int32),
        ),
    )


def board(
    providers: Sequence[str] = ("NT322", "RNQ", "RWE"),
    functions: Sequence[str] = ("C_110", "C_130", "X02"),
    *,
    starts: float = 40.0,
    spread: float = 0.1,
    data_month: str = "2025-08",
) -> Calibration:
    """A calibration of every provider x function, each a little larger than the one before.

    A series of `starts` a week has about 21 weeks of them waiting, one in eight with a decision to admit,
    and loses about one in eight with no reported stop; clinics and theatres fall a little short.
    """
    codes = np.array([provider for provider in providers for _ in functions])
    size = 1 + 0.1 * np.arange(len(codes))
    profile = 0.96 ** np.arange(BANDS)
    waiting = np.rint(np.outer(size, profile) * starts * 0.8).astype(np.int32)
    admitted = waiting // 8
    review = waiting // 4
    a_day = size * starts / 5
    one = np.ones((len(codes), 1))
    return Calibration(
        scope="QK1",
        data_month=data_month,
        providers=codes,
        treatment_functions=np.array(list(functions) * len(providers)),
        first=waiting - admitted - review,
        review=review,
        admitted=admitted,
        starts=a_day,
        exits=0.88 * a_day,
        admissions=0.17 * a_day,
        decisions=one * np.linspace(0.1, 0.4, BANDS),
        booking=one * np.linspace(0.03, 0.08, BANDS),
        booking_admitted=one * np.linspace(0.05, 0.1, BANDS),
        removal=one * np.linspace(0.002, 0.012, BANDS),
        demand_spread=np.full(len(codes), spread),
        capacity_spread=np.full(len(codes), spread),
        notes=("",) * len(codes),
    )


def only(calibration: Calibration, rows: NDArray[np.bool_]) -> Calibration:
    """The same calibration with these series alone."""
    changes: dict[str, Any] = {"notes": tuple(np.array(calibration.notes)[rows].tolist())}
    for field in fields(calibration):
        value = getattr(calibration, field.name)
        if isinstance(value, np.ndarray):
            changes[field.name] = value[rows]
    return replace(calibration, **changes)


def agree(left: NDArray[Any], right: NDArray[Any]) -> float:
    """How far two independent samples' means lie apart, in standard errors."""
    error = np.sqrt(left.var(ddof=1) / left.size + right.var(ddof=1) / right.size)
    return float(abs(left.mean() - right.mean()) / max(error, 1e-12))


def away(sample: NDArray[Any], mean: float) -> float:
    """How far a sample's mean lies from a known one, in standard errors."""
    return float(abs(sample.mean() - mean) / max(sample.std(ddof=1) / np.sqrt(sample.size), 1e-12))
