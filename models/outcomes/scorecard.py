"""The scorecard: the ten expectations, each held against what a scenario leads to by its date."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import pandas as pd

from models.outcomes.expectations import EXPECTATIONS, Expectation, Measure, Target
from models.outcomes.milestones import Milestone, progress_said
from models.reports.report import Message, Sheet
from models.rtt import months
from models.statements import Interval

CLOSE = 0.9  # of the way from today to the target


class Verdict(StrEnum):
    """How an expectation stands, in the words a reader sees."""

    MET = "Met"
    CLOSE = "Close"
    MISSED = "Missed"
    UNCLEAR = "No clear answer"
    LATER = "After the run's end"
    UNKNOWN = "Not worked out"
    MILESTONE = "Milestones"


@dataclass(frozen=True)
class Reading:
    """A measure at a target's date, in its unit: `change` is scenario less baseline, future by future.

    `today` is where it stands now: as published for a list, else as simulated if nothing changes.
    """

    today: float
    baseline: Interval
    scenario: Interval
    change: Interval


@dataclass(frozen=True)
class Judged:
    """One expectation with what was read for it; `note` says why there is no reading, where there is none."""

    expectation: Expectation
    verdict: Verdict
    target: Target | None = None
    reading: Reading | None = None
    milestones: tuple[Milestone, ...] = ()
    note: str = ""

    @property
    def measure(self) -> Measure | None:
        return self.expectation.measure

    @property
    def target_said(self) -> str:
        """What is asked for, with its date; blank for milestones."""
        return self.target.said(self.measure) if self.target and self.measure else ""

    def value_said(self, found: Interval) -> str:
        """A value with its 80% range: '53.2% (80%: 52.1% to 54%)', '410 patients (80%: 380 to 450)'."""
        assert self.measure
        mean = self.measure.form(found.mean)
        if self.measure.form(found.lower) == self.measure.form(found.upper):
            return mean
        return f"{mean} (80%: {self.measure.form_range(found.lower, found.upper)})"

    def sentence(self, today: date) -> str:
        """It in one line: 'Excellent care: missed. Within 18 weeks 55.1% (...), against 53% ...'."""
        title = self.expectation.title
        if not self.measure:
            return f"{title}: {progress_said(self.milestones, today).lower()}."
        if not self.reading:
            return f"{title}: {self.verdict.lower()}. {self.note}".strip()
        unchanged = self.measure.form(self.reading.baseline.mean)
        return (
            f"{title}: {self.verdict.lower()}. {self.measure.label}: "
            f"{self.value_said(self.reading.scenario)}, against {unchanged} if nothing changed; "
            f"asked for: {self.target_said}."
        )


@dataclass(frozen=True)
class Scorecard:
    """The ten expectations under one scenario, called `title`, on a day."""

    title: str
    judged: tuple[Judged, ...]
    today: date

    def count(self, *verdicts: Verdict) -> int:
        return sum(each.verdict in verdicts for each in self.judged)

    @property
    def headline(self) -> str:
        """How many of the ten the scenario meets, is close to, misses or leaves open, in a sentence."""
        met = self.count(Verdict.MET)
        parts = [f"meets {met or 'none'}"]
        for verdict, words in ((Verdict.CLOSE, "comes close to {}"), (Verdict.MISSED, "misses {}")):
            if number := self.count(verdict):
                parts.append(words.format(number))
        whole = f"Of the ten expectations, {self.title} {_listed(parts)}."
        if number := self.count(Verdict.UNCLEAR):
            whole += f" {number} {'has' if number == 1 else 'have'} no clear answer."
        if number := self.count(Verdict.LATER, Verdict.UNKNOWN):
            whole += f" {number} {'is' if number == 1 else 'are'} not worked out."
        milestones = [milestone for each in self.judged for milestone in each.milestones]
        number = self.count(Verdict.MILESTONE)
        progress = progress_said(milestones, self.today)
        return f"{whole} No figure stands for the other {number}: {progress[0].lower()}{progress[1:]}."

    @property
    def sentences(self) -> tuple[str, ...]:
        """The headline, then a line for each expectation."""
        return (self.headline, *(each.sentence(self.today) for each in self.judged))


def verdict_of(reading: Reading, target: Target, measure: Measure) -> Verdict:
    """Whether a reading meets a target, with its 80% range.

    Met where the whole range is at the target or beyond, or, where no level is asked for, clearly better than
    if nothing changed. Without a clear answer where the range takes in the target, or no change. Close
    where it falls short but the mean has come nine tenths of the way from today.
    """
    change = reading.change
    if target.value is None:
        ends = (change.mean, change.lower, change.upper)
        if change.is_clear(measure.same):
            return Verdict.MET if change.mean * measure.better > 0 else Verdict.MISSED
        return Verdict.MISSED if all(abs(end) < measure.same for end in ends) else Verdict.UNCLEAR
    interval = reading.scenario
    values = [measure.better * value for value in (interval.mean, interval.lower, interval.upper)]
    goal = measure.better * target.value
    if all(value > goal - measure.same for value in values):
        return Verdict.MET
    if not all(value <= goal - measure.same for value in values):  # also where nothing could be read: nan
        return Verdict.UNCLEAR
    start = measure.better * reading.today
    return Verdict.CLOSE if goal > start and values[0] - start >= CLOSE * (goal - start) else Verdict.MISSED


def scorecard(
    title: str,
    readings: Mapping[str, Reading],
    targets: Mapping[str, Target],
    last_month: str,
    milestones: Sequence[Milestone] = (),
    notes: Mapping[str, str] | None = None,
    today: date | None = None,
) -> Scorecard:
    """The scorecard of a scenario: `readings` and `targets` by expectation's name, as far as there are any.

    `last_month` is the last that the run covers whole; `notes` says by name why there is no reading; `today`
    says which milestones are overdue, by default the day it is.
    """
    judged = []
    for name, expectation in EXPECTATIONS.items():
        own = tuple(each for each in milestones if each.expectation == name and not each.deleted)
        target, reading, measure = targets.get(name), readings.get(name), expectation.measure
        note = (notes or {}).get(name, "")
        if not measure:
            verdict = Verdict.MILESTONE
        elif target and target.month > last_month:
            verdict, reading = Verdict.LATER, None
            note = (
                f"The run ends in {months.month_label(last_month)}: run more weeks, or choose a month before."
            )
        elif target and reading:
            verdict = verdict_of(reading, target, measure)
        else:
            verdict = Verdict.UNKNOWN
        judged.append(Judged(expectation, verdict, target, reading, own, note))
    return Scorecard(title, tuple(judged), today or date.today())


def sheet(scorecards: Sequence[Scorecard]) -> Sheet:
    """The scorecards as one table to take away: a row for each scenario and expectation."""
    rows: list[dict[str, object]] = []
    for card in scorecards:
        for each in card.judged:
            row: dict[str, object] = {
                "Scenario": card.title,
                "Expectation": each.expectation.title,
                "Verdict": str(each.verdict),
                "Measure": each.measure.label if each.measure else "Milestones",
                "Unit": each.measure.unit if each.measure else "",
            }
            row |= _numbers(each)
            row |= {
                "Target": each.target_said,
                "Milestones": "; ".join(one.said(card.today) for one in each.milestones),
                "Leaves out": each.expectation.leaves_out,
            }
            rows.append(row)
    explained = (
        "The ten expectations at their dates: if nothing changed, under the scenario, and the difference, "
        "each with its 80% range. Targets and milestones are the planner's."
    )
    frame = pd.DataFrame(rows)
    numbers = tuple(name for name in frame if name.startswith(("If nothing", "Scenario,", "Difference")))
    people = tuple(frame["Unit"].str.startswith("patients"))
    return Sheet("Scorecard", explained, frame, numbers, people=people)


def message(scorecards: Sequence[Scorecard]) -> Message:
    """The scorecards as one message to take away: the headline, the lines as points, limits as notes."""
    alone = len(scorecards) == 1
    points = [
        each.sentence(card.today)
        for card in scorecards
        for each in card.judged
        if alone and (each.reading or each.milestones)
    ]
    points += [] if alone else [card.headline for card in scorecards]
    notes = tuple(
        f"{each.title}, not in it: {each.leaves_out[0].lower()}{each.leaves_out[1:]}"
        for each in EXPECTATIONS.values()
    )
    first = scorecards[0].headline if alone else "How the scenarios stand against the ten expectations"
    return Message(first, None, tuple(points), notes)


def _numbers(judged: Judged) -> dict[str, object]:
    """The reading in columns, to the decimals that are shown; None where there is none."""
    columns: dict[str, object] = {}
    reading, measure = judged.reading, judged.measure
    for label, name in (
        ("If nothing changed", "baseline"),
        ("Scenario", "scenario"),
        ("Difference", "change"),
    ):
        interval: Interval | None = getattr(reading, name, None)
        heading = f"{label}, mean" if label == "Scenario" else label
        for column, end in (
            (heading, "mean"),
            (f"{label}, 80% from", "lower"),
            (f"{label}, 80% to", "upper"),
        ):
            columns[column] = (
                round(getattr(interval, end), measure.decimals or None) if interval and measure else None
            )
    return columns


def _listed(parts: Sequence[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
