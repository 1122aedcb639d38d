"""What a scenario saves or adds in travel to outpatient appointments: miles, and the carbon of driving."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from models import statements as answers
from models.errors import TandemError
from models.reports.report import Message, Sheet
from models.scenarios.assumptions import assumption
from models.statements import Interval

KILOGRAMS = 1000  # in a tonne
NOT_COUNTED = (
    "Counted: appointments kept face to face, there and back by road from where the trust's patients live to "
    "its main site. Not counted: missed appointments, to which nobody came; tests, admissions and visitors; "
    "and appointments at independent and other providers, whose patients' homes are not published. Patients "
    "whom another trust sees by video travel nothing; no lever sends them further."
)


NO_FACTOR = "none"  # said where nobody wants carbon worked out


def read_carbon(text: str, usual: float) -> float | None:
    """A factor as it is written, kg CO2e a mile: `usual` for nothing, None for 'none'.

    Raises TandemError with the range for what is no such figure.
    """
    if not text:
        return usual
    if text == NO_FACTOR:
        return None
    entry = assumption("carbon_a_mile")
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not entry.low <= value <= entry.high:
        raise TandemError(
            f"Carbon from a mile is given as '{text[:20]}', which can't be read.",
            f"Give {entry.low:g} to {entry.high:g} {entry.unit}, or '{NO_FACTOR}'.",
        )
    return value


@dataclass(frozen=True)
class Journeys:
    """One trust's journeys over the weeks counted; changes are scenario less baseline."""

    provider: str
    name: str
    miles: float  # a journey, there and back
    visits: Interval  # if nothing changed
    change: Interval  # of visits
    miles_change: Interval


@dataclass(frozen=True)
class Travel:
    """Travel under one scenario, called `title`, in the last `weeks` weeks of its run.

    `baseline` and `change` are miles; `carbon` kg CO2e a mile, None where nobody has said; `left_out` the
    share (0 to 1) of appointments face to face whose distance is not known; `appointments` the change of all
    that are kept, virtual ones too.
    """

    title: str
    weeks: int
    journeys: tuple[Journeys, ...]
    baseline: Interval
    change: Interval
    appointments: Interval
    carbon: float | None
    left_out: float

    @property
    def tonnes(self) -> Interval | None:
        """The change in carbon, tonnes CO2e; None without a factor."""
        return None if self.carbon is None else _times(self.change, self.carbon / KILOGRAMS)

    @property
    def sentences(self) -> tuple[str, ...]:
        """What it saves or adds, in miles and carbon, then what lies behind that."""
        when = f"In the last {self.weeks} weeks of the run"
        lines = [f"{when}, {self.title} {_changed(self.change, 'miles')}."]
        tonnes = self.tonnes
        if tonnes is not None and self.change.clear:
            less = "less" if tonnes.mean < 0 else "more"
            low, high = sorted((abs(tonnes.lower), abs(tonnes.upper)))
            lines.append(
                f"By car that is {_tonnes(tonnes.mean)} tonnes CO2e {less} (80%: {_tonnes(low)} to "
                f"{_tonnes(high)}), at {self.carbon:g} kg a mile."
            )
        if self.carbon is None:
            lines.append("Carbon is not worked out: give kg CO2e a mile.")
        if self.appointments.clear and self.appointments.mean > 0:
            lines.append(
                f"{answers.count(self.appointments.mean)} more appointments are kept in that time: some of "
                "the miles are journeys that people would otherwise still be waiting to make."
            )
        if self.left_out >= 0.0005:
            lines.append(
                f"{answers.percent(100 * self.left_out)} of appointments face to face are with providers "
                "whose patients' homes are not published, and are not counted."
            )
        return tuple(lines)


def sheet(travels: Sequence[Travel]) -> Sheet:
    """Travel as one table to take away: a row for each scenario and trust, then the whole."""
    rows: list[dict[str, object]] = []
    for travel in travels:
        for each in travel.journeys:
            rows.append(
                {
                    "Scenario": travel.title,
                    "Trust": each.name,
                    "Miles there and back": round(each.miles, 1),
                    "Visits if nothing changed": round(each.visits.mean),
                }
                | _columns("Visits, difference", each.change)
                | _columns("Miles, difference", each.miles_change)
                | _carbon(each.miles_change, travel.carbon)
            )
        rows.append(
            {"Scenario": travel.title, "Trust": "All together"}
            | _columns("Miles, difference", travel.change)
            | _carbon(travel.change, travel.carbon)
        )
    weeks = travels[0].weeks
    explained = f"Travel to outpatient appointments in the last {weeks} weeks of the run. {NOT_COUNTED}"
    return Sheet("Travel", explained, pd.DataFrame(rows))


def message(travels: Sequence[Travel]) -> Message:
    """Travel as one message to take away: what each scenario saves or adds."""
    if len(travels) == 1:
        first, *points = travels[0].sentences
        return Message(first, None, tuple(points), (NOT_COUNTED,))
    points = [" ".join(travel.sentences[:2]) for travel in travels]
    return Message("What the scenarios save or add in travel", None, tuple(points), (NOT_COUNTED,))


def _changed(change: Interval, unit: str) -> str:
    if change.none:
        return f"changes nothing in the {unit} travelled to outpatient appointments"
    if not change.clear:
        between = answers.straddling(change, "fewer", "more")
        return (
            f"makes no clear difference to the {unit} travelled to outpatient appointments (80%: {between})"
        )
    way = "saves" if change.mean < 0 else "adds"
    return (
        f"{way} {answers.count(change.mean)} {unit} of travel to outpatient appointments "
        f"({answers.spread(change)})"
    )


def _tonnes(value: float) -> str:
    """Tonnes as they are said, without a sign: whole ones with separators, a tenth below ten."""
    return f"{abs(value):.1f}" if abs(value) < 10 else answers.count(value)


def _times(interval: Interval, factor: float) -> Interval:
    return Interval(interval.mean * factor, interval.lower * factor, interval.upper * factor)


def _columns(label: str, interval: Interval, decimals: int = 0) -> dict[str, object]:
    places = decimals or None
    return {
        label: round(interval.mean, places),
        f"{label}, 80% from": round(interval.lower, places),
        f"{label}, 80% to": round(interval.upper, places),
    }


def _carbon(change: Interval, carbon: float | None) -> dict[str, object]:
    if carbon is None or not math.isfinite(carbon):
        return {}
    return _columns("Tonnes CO2e, difference", _times(change, carbon / KILOGRAMS), 2)
