"""What a run says, in sentences: the same words on the page, on the command line and in exports.

Every function takes differences of a scenario from its baseline (scenario less baseline) and gives plain
sentences, rounded to three figures at most and never to parts of a patient.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, SupportsFloat

FIGURES = 3  # significant figures that a forecast is worth
SAME_SHARE = 1.0  # percentage points within which a target counts as reached


class Bounds(Protocol):
    """Anything with a mean and the two ends of an 80% band."""

    @property
    def mean(self) -> SupportsFloat: ...
    @property
    def lower(self) -> SupportsFloat: ...
    @property
    def upper(self) -> SupportsFloat: ...


@dataclass(frozen=True)
class Interval:
    """A number with its 80% band: the mean over simulated futures, and what 80% of them lie between."""

    mean: float
    lower: float
    upper: float

    @classmethod
    def of(cls, bounds: Bounds, scale: float = 1.0) -> "Interval":
        """The interval of anything with a mean and two bounds, each times `scale` (100 for points)."""
        return cls(float(bounds.mean) * scale, float(bounds.lower) * scale, float(bounds.upper) * scale)

    @property
    def clear(self) -> bool:
        """Whether all of the band, and the mean, lie on one side of zero, by half a patient at least."""
        return self.is_clear(0.5)

    def is_clear(self, step: float) -> bool:
        """Whether the band and the mean lie on one side of zero by at least `step`."""
        values = (self.mean, self.lower, self.upper)
        return min(values) >= step or max(values) <= -step

    @property
    def none(self) -> bool:
        """Whether there is no difference at all: every future ends alike."""
        return max(abs(self.mean), abs(self.lower), abs(self.upper)) < 0.5


def rounded(value: float, figures: int = FIGURES) -> int:
    """`value` in whole patients, to `figures` significant figures at most, halves away from zero."""
    whole = math.floor(abs(value) + 0.5)
    if whole == 0:
        return 0
    step = 10 ** max(len(str(whole)) - figures, 0)
    return int(math.copysign(math.floor(abs(value) / step + 0.5) * step, value))


def count(value: float) -> str:
    """A number of patients as it is said, without its sign: 4,710 for -4,709.6."""
    return f"{abs(rounded(value)):,}"


def percent(value: float) -> str:
    """A share in percent as it is said: 52.1%, and 100% without a decimal."""
    return f"{value:.1f}".removesuffix(".0") + "%"


def spread(change: Interval) -> str:
    """The band of a change that lies on one side of zero, smaller end first: '80%: 4,250 to 5,270'."""
    ends = sorted((abs(rounded(change.lower)), abs(rounded(change.upper))))
    return f"80%: {ends[0]:,} to {ends[1]:,}"


def straddling(change: Interval, less: str, more: str) -> str:
    """The band of a change that may go either way: '1,200 fewer to 300 more'."""
    return " to ".join(_one_end(end, less, more) for end in (change.lower, change.upper))


def _one_end(value: float, less: str, more: str) -> str:
    if rounded(value) == 0:
        return "none"
    return f"{count(value)} {more if value > 0 else less}"


def list_answer(change: Interval, month: str) -> str:
    """The answer in one sentence: how the list in `month` ('August 2027') differs from the baseline's."""
    if change.none:
        return f"By {month} the list would be the same as if nothing changed."
    if not change.clear:
        between = straddling(change, "lower", "higher")
        return f"By {month} there would be no clear difference in the list (80%: {between})."
    way = "higher" if change.mean > 0 else "lower"
    return (
        f"By {month} the list would be {count(change.mean)} {way} ({spread(change)}) than if nothing changed."
    )


def list_context(opening: int, scenario: Interval, baseline: Interval) -> str:
    """Where both lists end, beside the one published: three whole numbers to hold the change against."""
    return (
        f"{opening:,} are waiting now. The list would be {count(scenario.mean)} ({spread(scenario)}), "
        f"against {count(baseline.mean)} ({spread(baseline)}) if nothing changed."
    )


def baseline_answer(end: Interval, rise: Interval, month: str) -> str:
    """Where the list goes if nothing changes; `rise` is its end less the list published."""
    sentence = f"If nothing changed, {count(end.mean)} would be waiting in {month} ({spread(end)})"
    if not rise.clear:
        return f"{sentence}: no clear difference from now (80%: {straddling(rise, 'fewer', 'more')})."
    return f"{sentence}: {count(rise.mean)} {_fewer(rise)} than now."


def baseline_share(end: Interval, opening: float, standard: float = 92.0) -> str:
    """The share within 18 weeks if nothing changes; all arguments in percent."""
    return (
        f"{percent(end.mean)} (80%: {percent(end.lower)} to {percent(end.upper)}) would be within 18 weeks, "
        f"against {percent(opening)} now. The standard is {percent(standard)}."
    )


def baseline_over(end: Interval, opening: int, weeks: int = 52) -> str:
    """How many would have waited over `weeks` if nothing changes, and how many have now."""
    return f"{count(end.mean)} ({spread(end)}) would have waited over {weeks} weeks, against {opening:,} now."


def share_answer(change: Interval, scenario: float, opening: float, standard: float = 92.0) -> str:
    """How the share within 18 weeks differs, in points; all arguments in percent."""
    now = f"now it is {percent(opening)}. The standard is {percent(standard)}."
    end = f"{percent(scenario)} would be within 18 weeks"
    if not change.is_clear(0.05):
        ends = f"{signed_points(change.lower)} to {signed_points(change.upper)} points"
        return f"{end}, no clear difference from if nothing changed (80%: {ends}); {now}"
    way = "more" if change.mean > 0 else "less"
    low, high = sorted((abs(change.lower), abs(change.upper)))
    points = f"{abs(change.mean):.1f} points {way} (80%: {low:.1f} to {high:.1f})"
    return f"{end}, {points} than if nothing changed; {now}"


def signed_points(value: float) -> str:
    """A change in percentage points as it is said, with its sign: −1.2."""
    return "0.0" if abs(value) < 0.05 else f"{value:+.1f}".replace("-", "−")


def over_answer(change: Interval, scenario: float, weeks: int = 52) -> str:
    """How many have waited over `weeks`, and how that differs from the baseline."""
    end = f"{count(scenario)} would have waited over {weeks} weeks"
    if change.none:
        return f"{end}, as many as if nothing changed."
    if not change.clear:
        return f"{end}: no clear difference (80%: {straddling(change, 'fewer', 'more')})."
    return f"{end}: {count(change.mean)} {_fewer(change)} ({spread(change)}) than if nothing changed."


def admission_answer(change: Interval, decisions: float, admissions: float) -> str:
    """How many wait to be admitted, and why where they are more: decisions to admit against admissions.

    `decisions` and `admissions` are the mean differences over the whole run.
    """
    if change.none:
        return "As many would be waiting for admission as if nothing changed."
    if not change.clear:
        between = straddling(change, "fewer", "more")
        return f"No clear difference in how many would be waiting for admission (80%: {between})."
    sentence = f"{count(change.mean)} {_fewer(change)} ({spread(change)}) would be waiting for admission"
    if change.mean < 0 or decisions <= max(admissions, 0):
        return f"{sentence}."
    if rounded(admissions) <= 0:
        met = "no more admissions"
    else:
        met = f"only {count(admissions)} more {_plural(admissions, 'admission', 'admissions')}"
    return f"{sentence}, because {count(decisions)} more decisions to admit meet {met}."


@dataclass(frozen=True)
class Change:
    """A treatment function's (or provider's) list against the baseline's, by a reader's name."""

    name: str
    waiting: Interval


def loser_answer(changes: Sequence[Change], most: int = 3) -> str:
    """Whose lists would clearly be longer than if nothing changed, worst first."""
    losers = sorted(
        (each for each in changes if each.waiting.clear and each.waiting.mean > 0),
        key=lambda each: -each.waiting.mean,
    )
    if not losers:
        return "No specialty's list would clearly be longer."
    named = [f"{each.name} ({count(each.waiting.mean)} more)" for each in losers[:most]]
    return f"{_lists(len(losers))} longer: {_joined(named, len(losers) - most)}."


def gainer_answer(changes: Sequence[Change], most: int = 3) -> str:
    """Whose lists would clearly be shorter than if nothing changed, greatest gain first."""
    gainers = sorted(
        (each for each in changes if each.waiting.clear and each.waiting.mean < 0),
        key=lambda each: each.waiting.mean,
    )
    if not gainers:
        return "No specialty's list would clearly be shorter."
    named = [f"{each.name} ({count(each.waiting.mean)} fewer)" for each in gainers[:most]]
    return f"{_lists(len(gainers))} shorter: {_joined(named, len(gainers) - most)}."


def reach_answer(what: str, asked: float, reached: float, in_full: bool) -> str:
    """Whether a target share is met: `asked` and `reached` in percent, `what` as in 'first appointments'.

    `in_full` says whether the lever had come in fully by the weeks that `reached` was measured over.
    """
    if reached >= asked - SAME_SHARE:
        return f"{percent(asked)} of {what} virtual is asked for, and reached."
    if not in_full:
        return (
            f"{percent(asked)} of {what} virtual is asked for; {percent(round(reached))} is reached, "
            "because the change has not come in fully by then."
        )
    return (
        f"{percent(asked)} of {what} virtual is asked for; {percent(round(reached))} is what the ceilings of "
        "the specialties, and the patients who cannot use video or telephone, allow."
    )


def _fewer(change: Interval) -> str:
    return "more" if change.mean > 0 else "fewer"


def _plural(value: float, one: str, many: str) -> str:
    return one if abs(rounded(value)) == 1 else many


def _lists(number: int) -> str:
    return "One specialty's list would be" if number == 1 else f"{number} specialties' lists would be"


def _joined(named: Sequence[str], others: int) -> str:
    parts = [*named, f"{others} {'other' if others == 1 else 'others'}"] if others > 0 else list(named)
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
