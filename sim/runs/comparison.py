"""A scenario held against its baseline: what changed, for whom, and the answer in sentences."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models import statements as answers
from models.rtt import months
from models.rtt.treatment_functions import name_of, order_of
from models.scenarios.scenario import LeverSetting, read_scenario
from models.statements import Change, Interval
from sim.engine.state import MEASURES
from sim.runs.results import Results, band, difference

SETTLED_WEEKS = 13  # the last weeks of a run, over which appointments are averaged
OUTPATIENT_MEDIA = {
    "first": ("first_virtual", "first_face_to_face", "first appointments"),
    "follow_up": ("follow_up_virtual", "follow_up_face_to_face", "follow-ups"),
}


@dataclass(frozen=True)
class Answer:
    """What the two runs say: one sentence first, then what else changes, who gains, who loses, what binds."""

    headline: str
    changes: tuple[str, ...]
    gains: tuple[str, ...]
    losses: tuple[str, ...]
    limits: tuple[str, ...]

    @property
    def sentences(self) -> tuple[str, ...]:
        return (self.headline, *self.changes, *self.gains, *self.losses, *self.limits)


def by_treatment_function(results: Results) -> Results:
    """The same run with one series for each treatment function, all its providers together."""
    codes = sorted(set(results.treatment_functions.tolist()), key=order_of)
    place = [codes.index(code) for code in results.treatment_functions.tolist()]

    def summed(values: NDArray[Any], axis: int) -> NDArray[Any]:
        along = np.moveaxis(values, axis, 0)
        sums = np.zeros((len(codes), *along.shape[1:]), values.dtype)
        for series, code in enumerate(place):
            sums[code] += along[series]
        return np.ascontiguousarray(np.moveaxis(sums, 0, axis))

    return replace(
        results,
        providers=np.full(len(codes), ""),
        treatment_functions=np.array(codes),
        counts=summed(results.counts, 1),
        opening=summed(results.opening, 0),
        closing=summed(results.closing, 0),
    )


def end_month(results: Results) -> str:
    """The month in words in which the last simulated week ends, such as 'August 2027'."""
    return months.month_label(months.month_of(results.week_ends[-1].item()))


def end_of(results: Results, measure: str) -> Interval:
    """A measure in the last week: patients, or percent for share_within_18."""
    if measure == "share_within_18":
        return Interval.of(band(results.share_within_18()[:, -1]), 100)
    return Interval.of(band(results.total(measure)[:, -1]))


def change_in(scenario: Results, baseline: Results, measure: str) -> Interval:
    """Scenario less baseline in the last week: patients, or percentage points for share_within_18."""
    return Interval.of(difference(scenario, baseline, measure), 100 if measure == "share_within_18" else 1)


def changes_by_treatment_function(
    scenario: Results, baseline: Results, measure: str = "waiting"
) -> dict[str, Interval]:
    """Scenario less baseline in the last week by treatment function's code, the greatest rise first."""
    which = MEASURES.index(measure)
    change = scenario.counts[:, :, -1, which].astype(np.int64) - baseline.counts[:, :, -1, which]
    codes = scenario.treatment_functions
    changes = {
        str(code): Interval.of(band(change[:, codes == code].sum(axis=1))) for code in dict.fromkeys(codes)
    }
    return dict(sorted(changes.items(), key=lambda item: -item[1].mean))


def answer(scenario: Results, baseline: Results) -> Answer:
    """The answer in sentences. Both runs have the same scope, data, seed, weeks and replications."""
    month = end_month(scenario)
    if not scenario.document["levers"]:
        return _baseline_answer(baseline, month)
    changes = [
        Change(name_of(code), waiting)
        for code, waiting in changes_by_treatment_function(scenario, baseline).items()
    ]
    share = answers.share_answer(
        change_in(scenario, baseline, "share_within_18"),
        end_of(scenario, "share_within_18").mean,
        _opening_share(scenario),
    )
    over = answers.over_answer(change_in(scenario, baseline, "over_52"), end_of(scenario, "over_52").mean)
    admission = change_in(scenario, baseline, "waiting_admission")
    admission_said = answers.admission_answer(
        admission,
        _over_the_run(scenario, baseline, "decisions_to_admit"),
        _over_the_run(scenario, baseline, "stops_admitted"),
    )
    worse = admission.clear and admission.mean > 0
    gains, losses = [answers.gainer_answer(changes)], [answers.loser_answer(changes)]
    (losses if worse else gains).append(admission_said)
    return Answer(
        headline=answers.list_answer(change_in(scenario, baseline, "waiting"), month),
        changes=(share, over),
        gains=tuple(gains),
        losses=tuple(losses),
        limits=reached(scenario),
    )


def _baseline_answer(results: Results, month: str) -> Answer:
    opening = results.opening_value("waiting")
    growth = end_of(results, "waiting")
    rise = Interval(growth.mean - opening, growth.lower - opening, growth.upper - opening)
    return Answer(
        headline=answers.baseline_answer(growth, rise, month),
        changes=(
            answers.baseline_share(end_of(results, "share_within_18"), _opening_share(results)),
            answers.baseline_over(end_of(results, "over_52"), results.opening_value("over_52")),
        ),
        gains=(),
        losses=(),
        limits=(),
    )


def _opening_share(results: Results) -> float:
    waiting = results.opening_value("waiting")
    return 100 * results.opening_value("within_18") / waiting if waiting else float("nan")


def _over_the_run(scenario: Results, baseline: Results, measure: str) -> float:
    return float((scenario.total(measure).sum(axis=1) - baseline.total(measure).sum(axis=1)).mean())


def reached(results: Results) -> tuple[str, ...]:
    """For each target of virtual appointments, a sentence on how much of it is reached in the last weeks."""
    sentences: list[str] = []
    for setting in read_scenario(results.document).levers:
        if setting.lever.name == "virtual_by_default" and not setting.providers:
            sentences += _reached_by(results, setting)
    return tuple(sentences)


def _reached_by(results: Results, setting: LeverSetting) -> list[str]:
    here = results.chosen(treatment_functions=setting.treatment_functions or None)
    asked, share = {}, {}
    for name, (virtual, face_to_face, _) in OUTPATIENT_MEDIA.items():
        seen = [results.total(each, here)[:, -SETTLED_WEEKS:].sum() for each in (virtual, face_to_face)]
        if sum(seen):
            asked[name], share[name] = setting.number(name), 100 * float(seen[0]) / float(sum(seen))
    full = setting.week("full_by", results.data_month)
    in_full = full is None or full <= results.weeks - SETTLED_WEEKS
    values = list(share.values())
    if len(values) == 2 and len(set(asked.values())) == 1 and abs(values[0] - values[1]) < 1:
        return [answers.reach_answer("appointments", asked["first"], sum(values) / 2, in_full)]
    return [
        answers.reach_answer(OUTPATIENT_MEDIA[name][2], asked[name], share[name], in_full) for name in share
    ]
