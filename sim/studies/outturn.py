"""What was forecast held against what came: a run's month ends beside the months published since."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from models.rtt.months import add_months, month_label, month_range
from models.statements import Interval, count, percent, signed_points, spread
from sim.runs.results import Results, band
from sim.studies.forecast import at_month_ends, month_ends

PUBLISHED = ("waiting", "within_18", "over_52")  # what is read off both, patients
SHARE = "share_within_18"
MISSED_TOGETHER = (
    "A miss is of the forecast and of the scenario together: what came may have come without the levers that "
    "this scenario pulls."
)


@dataclass(frozen=True)
class Outturn:
    """One measure at one month's end: what the run expected, and what was published."""

    month: str
    expected: Interval  # patients, or percent for share_within_18
    published: float

    @property
    def inside(self) -> bool:
        """Whether what came lies in the 80% range, its ends included."""
        return self.expected.lower <= self.published <= self.expected.upper

    @property
    def missed(self) -> float:
        """Expected less published, in the measure's unit."""
        return self.expected.mean - self.published

    @property
    def error(self) -> float:
        """Expected less published, in percent of the published; nan where nothing was published."""
        return 100 * self.missed / self.published if self.published else float("nan")


def outturn(results: Results, published: Sequence[Mapping[str, float]]) -> dict[str, list[Outturn]]:
    """The months published after the run's figures, by measure: waiting, over_52, share_within_18.

    `published` has month, waiting, within_18 and over_52 of the run's scope, oldest first; months at or
    before the run's figures, and after its end, are left out.
    """
    since = [each for each in published if str(each["month"]) > results.data_month]
    horizon = len(month_range(add_months(results.data_month, 1), str(since[-1]["month"]))) if since else 0
    while horizon and month_ends(results.data_month, horizon)[1][-1][0] >= results.weeks:
        horizon -= 1
    outturns: dict[str, list[Outturn]] = {"waiting": [], "over_52": [], SHARE: []}
    if not horizon:
        return outturns
    ahead, places = month_ends(results.data_month, horizon)
    opening = np.array([[results.opening_value(name) for name in PUBLISHED]], dtype=float)
    by_week = np.stack([results.total(name) for name in PUBLISHED], axis=2)  # (R, weeks, 3)
    expected = np.stack([at_month_ends(each, opening, places) for each in by_week])  # (R, months, 3)
    for row in since:
        month = str(row["month"])
        if month not in ahead:
            continue
        waiting, within, over = expected[:, ahead.index(month)].T
        outturns["waiting"].append(Outturn(month, Interval.of(band(waiting)), float(row["waiting"])))
        outturns["over_52"].append(Outturn(month, Interval.of(band(over)), float(row["over_52"])))
        share = Interval.of(band(100 * within / np.maximum(waiting, 1)))
        outturns[SHARE].append(
            Outturn(month, share, 100 * row["within_18"] / row["waiting"] if row["waiting"] else 0.0)
        )
    return outturns


def outturn_frame(found: Mapping[str, Sequence[Outturn]]) -> pd.DataFrame:
    """A row a measure and month: published, expected with its 80% range, and by how much it missed.

    In patients, share_within_18 in percent; error_percent is of the published.
    """
    rows = [
        (
            name,
            each.month,
            each.published,
            each.expected.mean,
            each.expected.lower,
            each.expected.upper,
            each.missed,
            each.error,
            each.inside,
        )
        for name, months in found.items()
        for each in months
    ]
    columns = "measure month published expected lower upper expected_less_published error_percent inside"
    return pd.DataFrame(rows, columns=columns.split()).round(3)


def outturn_said(found: Mapping[str, Sequence[Outturn]]) -> tuple[str, str]:
    """How the newest month came out against what was expected, and how often months fell in the range."""
    waiting, share = found["waiting"][-1], found[SHARE][-1]
    way = "more" if waiting.missed < 0 else "fewer"
    where = "inside" if waiting.inside else "outside"
    first = (
        f"{count(waiting.published)} were waiting in {month_label(waiting.month)}, {count(waiting.missed)} "
        f"{way} than expected ({abs(waiting.error):.1f}% off), {where} the 80% range "
        f"({spread(waiting.expected).removeprefix('80%: ')})."
    )
    hits = sum(each.inside for each in found["waiting"])
    whole = len(found["waiting"])
    mean = sum(abs(each.error) for each in found["waiting"]) / whole
    months = "month" if whole == 1 else "months"
    second = (
        f"Over {whole} {months} the list was {mean:.1f}% off on average, and inside its range in {hits}. "
        f"{percent(share.published)} were within 18 weeks, where {percent(share.expected.mean)} was expected "
        f"({signed_points(-share.missed)} points)."
    )
    return first, second
