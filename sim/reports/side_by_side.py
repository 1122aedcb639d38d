"""Scenarios side by side on the same random numbers: outcomes, which does best, who is worse off."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.rtt.measures import measure
from models.statements import Interval, percent, rounded, signed_points
from sim.runs.comparison import OUTPATIENT_MEDIA, SETTLED_WEEKS, end_month
from sim.runs.results import Results, band, difference

Values = NDArray[np.float64]
SAME = {"patients": 0.5, "%": 0.05}  # half of the last digit shown: less is no difference


@dataclass(frozen=True)
class Outcome:
    """What is read off every run: `values` by replication.

    `better` is -1 where less of it is better, 1 where more is, 0 where neither.
    """

    name: str
    label: str
    unit: str
    better: int
    values: Callable[[Results], Values]

    def form(self, value: float) -> str:
        """A value as it is said: three figures of a count, one decimal of a percentage."""
        return percent(value) if self.unit == "%" else f"{rounded(value):,}"

    def form_change(self, value: float) -> str:
        """A difference as it is said, with its sign: '−4,710', or points '+1.2'."""
        if self.unit == "%":
            return signed_points(value)
        return f"{rounded(value):+,}".replace("-", "−") if rounded(value) else "0"


def _at_the_end(name: str) -> Callable[[Results], Values]:
    return lambda results: results.by_replication(name)


def virtual_share(results: Results, first: int = -SETTLED_WEEKS, last: int | None = None) -> Values:
    """Percent of attended outpatient appointments held virtually, by default in the last weeks. (R,)"""
    virtual, whole = np.zeros(results.replications), np.zeros(results.replications)
    for by_video, face_to_face, _ in OUTPATIENT_MEDIA.values():
        seen = results.total(by_video)[:, first:last].sum(axis=1)
        virtual += seen
        whole += seen + results.total(face_to_face)[:, first:last].sum(axis=1)
    return np.divide(100 * virtual, whole, out=np.full_like(whole, np.nan), where=whole > 0)


def _listed(name: str, better: int) -> Outcome:
    measured = measure(name)
    return Outcome(name, measured.label, measured.unit, better, _at_the_end(name))


OUTCOMES = {
    each.name: each
    for each in (
        _listed("waiting", -1),
        _listed("share_within_18", 1),
        _listed("over_52", -1),
        _listed("over_65", -1),
        _listed("waiting_admission", -1),
        Outcome("virtual", "Appointments held virtually", "%", 0, virtual_share),
    )
}


@dataclass(frozen=True)
class Column:
    """One scenario with its own baseline, under the title that a reader sees."""

    title: str
    scenario: Results
    baseline: Results

    def end(self, outcome: Outcome) -> Interval:
        """The outcome at the run's end with its 80% band."""
        return Interval.of(band(outcome.values(self.scenario)))

    def change(self, outcome: Outcome) -> Interval:
        """Scenario less baseline, future by future; raises ValueError for runs of two worlds."""
        difference(self.scenario, self.baseline, "waiting")
        return Interval.of(band(outcome.values(self.scenario) - outcome.values(self.baseline)))

    def is_better(self, outcome: Outcome) -> bool | None:
        """Whether the scenario is clearly better than its baseline; None where that is not clear."""
        change = self.change(outcome)
        if not outcome.better or not change.is_clear(SAME[outcome.unit]):
            return None
        return change.mean * outcome.better > 0

    def scorecard(self) -> str:
        """On how many outcomes it is better or worse: '3 better, 1 worse, 1 unclear'."""
        marks = [self.is_better(outcome) for outcome in OUTCOMES.values() if outcome.better]
        counts = {"better": marks.count(True), "worse": marks.count(False), "unclear": marks.count(None)}
        return ", ".join(f"{number} {word}" for word, number in counts.items() if number)


def ordered(columns: Sequence[Column], outcome: Outcome) -> list[Column]:
    """The columns with the best at the outcome first; the highest where neither end is better."""
    sign = outcome.better or 1
    return sorted(columns, key=lambda column: -sign * column.end(outcome).mean)


def best_said(columns: Sequence[Column]) -> str:
    """Which clearly leaves the list shortest and by how much, and whether it is clearly ahead of the next.

    All columns have the same scope, data, seed, weeks and replications.
    """
    waiting = OUTCOMES["waiting"]
    ranked = ordered(columns, waiting)
    clear = [column for column in ranked if column.is_better(waiting)]
    first, month = (clear or ranked)[0], end_month(ranked[0].scenario)
    change = measure("waiting").say_change(first.change(waiting))
    if not clear:
        shorter = f"clearly leave a shorter list by {month} than if nothing changed"
        if len(ranked) == 1:
            return f"{first.title} would not {shorter}: {change}."
        return f"None of these would {shorter}. The nearest is {first.title}: {change}."
    if len(ranked) == 1:
        return f"{first.title} would leave {change} in {month} than if nothing changed."
    others = [column for column in ranked if column is not first]
    surest = f"{first.title} would leave {change} in {month} than if nothing changed"
    if ranked[0] is not first:
        unclear = "may leave fewer still, or more than if nothing changed: that is not clear"
        return f"{surest}. {ranked[0].title} {unclear}."
    ahead = Interval.of(band(waiting.values(first.scenario) - waiting.values(others[0].scenario)))
    if not ahead.clear:
        return f"{surest}. It is not clearly ahead of the next, {others[0].title}."
    return (
        f"{surest}, the fewest of these. The next is {others[0].title}, with {rounded(-ahead.mean):,} more."
    )


def also_said(columns: Sequence[Column]) -> tuple[str, ...]:
    """Which does best on the 18-week share and the long waits, and who would be worse off under which."""
    sentences = []
    share, over = OUTCOMES["share_within_18"], OUTCOMES["over_52"]
    first = ordered(columns, share)[0]
    sentences.append(f"Most within 18 weeks: {first.title}, {share.form(first.end(share).mean)}.")
    first = ordered(columns, over)[0]
    sentences.append(f"Fewest over 52 weeks: {first.title}, {over.form(first.end(over).mean)}.")
    for column in columns:
        worse = [
            f"{outcome.label.lower()} {outcome.form_change(column.change(outcome).mean)}"
            f"{' points' if outcome.unit == '%' else ''}"
            for outcome in OUTCOMES.values()
            if column.is_better(outcome) is False
        ]
        if worse:
            sentences.append(f"Worse under {column.title}: {', '.join(worse)}.")
    return tuple(sentences)
