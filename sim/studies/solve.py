"""What would it take: the least of a lever, or of a mix of levers, that reaches a goal.

Every dose runs on the same random numbers, so that doses differ by what they do and not by chance. The doses
are searched upwards from none on a fixed scale and then by halving between the last that fails and the first
that does not. So a higher probability never needs a smaller dose, and a lever of which too much does harm is
still found at its least.
"""

import itertools
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from threading import Event
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from models.calibration.rates import Calibration
from models.scenarios.goals import Goal
from models.scenarios.parameters_to_vary import Mix
from models.statements import Interval
from sim.runs.results import band
from sim.runs.runner import run

Floats = NDArray[np.float64]
SCALE = (0.0, 1 / 16, 1 / 8, 1 / 4, 1 / 2, 3 / 4, 1.0)  # parts of the most, tried first


@dataclass(frozen=True)
class Trial:
    """One dose as it was run: its step of the mix, and what the list is in each future at the goal's date."""

    step: int
    factor: float  # of the scenario's own values
    values: tuple[float, ...]  # each parameter's, in its unit
    outcomes: Floats  # (R,) patients, or percent
    probability: float  # the share of futures that meet the goal

    @property
    def outcome(self) -> Interval:
        """The goal's measure at its date: the mean, and what 80% of futures lie between."""
        return Interval.of(band(self.outcomes))


@dataclass(frozen=True)
class Solution:
    """The answer: `dose` is the least that reaches the goal, None if nothing tried does.

    `lower` and `upper` bound it with 80% confidence; `upper` is None where its range, or the number of
    futures, sets no upper end. `curve` holds every dose tried, the smallest first; the first is none at all.
    """

    scope: str
    data_month: str
    goal: Goal
    mix: Mix
    seed: int
    weeks: int
    replications: int
    now: float  # the goal's measure on the day of the figures: patients, or percent
    curve: tuple[Trial, ...]
    dose: Trial | None
    lower: Trial | None
    upper: Trial | None

    @property
    def without(self) -> Trial:
        """The scenario with none of what was varied, on the same random numbers."""
        return self.curve[0]

    @property
    def best(self) -> Trial:
        """The dose that gives the most of those tried, at the probability asked for; the least of equals."""
        sign = 1 if self.goal.at_least else -1
        return max(self.curve, key=lambda trial: (sign * self.goal.assured(trial.outcomes), -trial.step))

    @property
    def answer(self) -> Trial:
        """The dose that reaches the goal, or else the one that gives the most."""
        return self.dose or self.best

    @property
    def document(self) -> dict[str, Any]:
        """The scenario at the answer, as a plain document."""
        return self.mix.at(self.answer.step).document()

    @property
    def sentences(self) -> tuple[str, ...]:
        """The answer in words, the first what it would take, then what it gives and how sure that is."""
        if self.dose is None:
            return (self._unreached(), self._compared(), self._counted())
        if self.dose.step == 0:
            return (
                f"{self.goal.sentence} That is reached {self._none}: "
                f"the list is expected to have {self.goal.outcome(self.dose.outcome)}.",
                self._counted(),
            )
        return (
            f"{self.goal.sentence} The least that reaches it: {self._said(self.dose)}.",
            self._compared(),
            self._counted(),
        )

    def frame(self) -> pd.DataFrame:
        """A row a dose tried: each parameter's value, the factor, the probability, and the measure's 80%."""
        return doses(self.mix, self.curve)

    def about(self) -> dict[str, Any]:
        """What makes this answer again, and the scenario it ends in: written into every export."""
        return {
            "scope": self.scope,
            "data_month": self.data_month,
            "goal": self.goal.document(),
            "reached": self.dose is not None,
            "scenario": self.document,
            "seed": self.seed,
            "weeks": self.weeks,
            "replications": self.replications,
        }

    def _said(self, trial: Trial) -> str:
        parts = []
        for place, (span, value) in enumerate(zip(self.mix.ranges, trial.values, strict=True)):
            bounded = self.lower is not None and trial is self.dose
            high = self.upper.values[place] if self.upper else None
            parts.append(
                span.say(value, (self.lower.values[place], high) if bounded and self.lower else None)
            )
        return " and ".join(parts)

    @property
    def _none(self) -> str:
        return "with none of it" if self.mix.alone else "with the rest of the scenario alone"

    def _unreached(self) -> str:
        best, last = self.best, self.curve[-1]
        dose = self._none if best.step == 0 else f"with {self._said(best)}"
        sentence = f"{self.goal.sentence} It can't be reached: the most it gives is "
        sentence += f"{self.goal.outcome(best.outcome)}, {dose}."
        if best is last:
            return sentence
        further = (
            "no more" if self.goal.assured(last.outcomes) == self.goal.assured(best.outcomes) else "less"
        )
        return f"{sentence} More of it gives {further}."

    def _compared(self) -> str:
        none = f"{self.goal.outcome(self.without.outcome)} {self._none}; now it is"
        now = self.goal.said(self.now)
        if self.dose is None:
            return f"It would be {none} {now}."
        change = self.goal.measure.say_change(Interval.of(band(self.dose.outcomes - self.without.outcomes)))
        return f"It gives {self.goal.outcome(self.dose.outcome)}, against {none} {now}: {change}."

    def _counted(self) -> str:
        met, needed = round(self.answer.probability * self.replications), self.goal.needed(self.replications)
        futures = f"{met:,} of {self.replications:,} simulated futures meet the goal"
        return f"{futures}." if self.dose else f"{futures} then; {needed:,} are needed."


def doses(mix: Mix, curve: Sequence[Trial]) -> pd.DataFrame:
    """A row a dose: each parameter's value, the factor, the probability, and the measure's 80%."""
    rows = []
    for trial in curve:
        outcome = trial.outcome
        named = {span.name: value for span, value in zip(mix.ranges, trial.values, strict=True)}
        rows.append(
            named
            | {"factor": trial.factor, "probability": trial.probability}
            | {"mean": outcome.mean, "lower": outcome.lower, "upper": outcome.upper}
        )
    return pd.DataFrame(rows)


def solve(
    calibration: Calibration,
    mix: Mix,
    goal: Goal,
    *,
    seed: int = 1,
    replications: int = 30,
    workers: int | None = None,
    progress: Callable[[float], None] = lambda share: None,
    cancel: Event | None = None,
    heard: Callable[[Trial], None] = lambda trial: None,
) -> Solution:
    """The least of `mix` that reaches `goal` from the calibrated day on, with its interval.

    The same arguments give the same answer, whatever the number of `workers`. `progress` hears a share that
    reaches 1 at the end, early if fewer doses than the search may need were enough; `heard` is told of each
    dose as it is done; setting `cancel` stops it within a simulated week. Raises sim.runs.runner.Cancelled
    then, and TandemError where a run can't be made.
    """
    weeks = goal.weeks(calibration.data_month)
    tried: dict[int, Trial] = {}
    most_runs = _most_runs(mix.steps)

    def trial(step: int) -> Trial:
        if step not in tried:
            begun = len(tried) / most_runs
            results = run(
                calibration,
                mix.at(step),
                seed=seed,
                weeks=weeks,
                replications=replications,
                workers=workers,
                progress=lambda share: progress(min(begun + share / most_runs, 0.999)),
                cancel=cancel,
            )
            # a share of nobody is not a number: with nobody waiting, all are within 18 weeks
            outcomes = np.nan_to_num(results.by_replication(goal.measure.name), nan=100.0)
            tried[step] = Trial(
                step, mix.factor(step), mix.values(step), outcomes, float(goal.met(outcomes).mean())
            )
            heard(tried[step])
        return tried[step]

    def met(step: int) -> int:
        return round(trial(step).probability * replications)

    needed = goal.needed(replications)
    lower_rank, upper_rank = goal.ranks(replications)
    step = _least(needed, mix.steps, met)
    lower = upper = None
    if step is not None:
        lower = _least(lower_rank, mix.steps, met)
        upper = _least(upper_rank, mix.steps, met) if upper_rank <= replications else None
    progress(1.0)
    return Solution(
        scope=calibration.scope,
        data_month=calibration.data_month,
        goal=goal,
        mix=mix,
        seed=seed,
        weeks=weeks,
        replications=replications,
        now=_now(calibration, goal),
        curve=tuple(tried[step] for step in sorted(tried)),
        dose=None if step is None else tried[step],
        lower=None if lower is None else tried[lower],
        upper=None if upper is None else tried[upper],
    )


def scale(steps: int) -> tuple[int, ...]:
    """The doses tried first, from none to the most, in steps."""
    return tuple(sorted({math.ceil(part * steps) for part in SCALE}))


def _least(needed: int, steps: int, met: Callable[[int], int]) -> int | None:
    """The least step at which `needed` futures meet the goal, None if at none of the scale.

    For two needs the same doses are compared up to where they part, so the greater need ends no lower.
    """
    low = -1
    for high in scale(steps):
        if met(high) >= needed:
            break
        low = high
    else:
        return None
    while low >= 0 and high - low > 1:
        middle = (low + high) // 2
        if met(middle) >= needed:
            high = middle
        else:
            low = middle
    return high


def _most_runs(steps: int) -> int:
    """The most doses a search may run: the scale, then halvings for the answer and both ends about it."""
    tried = scale(steps)
    widest = max(after - before for before, after in itertools.pairwise(tried))
    return len(tried) + 3 * math.ceil(math.log2(widest))


def _now(calibration: Calibration, goal: Goal) -> float:
    waiting = calibration.waiting.sum(axis=0)
    if goal.measure.is_share:
        return float(100 * waiting[:18].sum() / max(waiting.sum(), 1))
    weeks = goal.measure.name.removeprefix("over_")
    return float(waiting[int(weeks) :].sum() if weeks.isdigit() else waiting.sum())
