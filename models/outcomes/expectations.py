"""The ten expectations of Leicester, Leicestershire and Rutland: what stands for each, and by when.

Each is meant to be specific, measurable, attainable and timely. Where a run can measure something that stands
for an expectation, it is named here with what it leaves out; the others are milestones that the planner sets.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from types import MappingProxyType

from models import statements as answers
from models.errors import TandemError
from models.rtt import months

LEAST_MONTHS = 6  # from the figures to the end of a financial year for that to be a date to work to
FINANCIAL_YEAR_ENDS = 3  # the month


@dataclass(frozen=True)
class Measure:
    """What stands for an expectation: read over `weeks` weeks up to the date, 1 for a list at a week's end.

    `better` is 1 where more of it is better, -1 where less is. `target` is in `unit`; None asks for no level,
    only for clearly better than if nothing changed.
    """

    label: str
    unit: str
    better: int
    target: float | None
    most: float  # that can be asked for
    weeks: int = 1
    by_year_end: bool = False  # due by the end of the financial year rather than of the run

    def form(self, value: float) -> str:
        """A value as it is said, with its unit: '53.2%', '3,410 patients', '7.4 miles'."""
        if self.unit == "%":
            return answers.percent(value)
        return f"{self._number(value)} {self.unit}"

    def form_range(self, lower: float, upper: float) -> str:
        """The ends of a range as they are said: '52.1% to 54%', '3,200 to 3,600' without their unit."""
        if self.unit == "%":
            return f"{self.form(lower)} to {self.form(upper)}"
        return f"{self._number(lower)} to {self._number(upper)}"

    def form_change(self, value: float) -> str:
        """A difference as it is said, with its sign: '+1.2 points', '−410 patients'."""
        sign = "−" if value < 0 else "+"
        if self.unit == "%":
            return f"{answers.signed_points(value)} points"
        number = self._number(abs(value))
        return f"{'' if float(number.replace(',', '')) == 0 else sign}{number} {self.unit}"

    @property
    def same(self) -> float:
        """Half of the last digit shown: less is no difference."""
        return 0.05 if self.decimals else 0.5

    @property
    def decimals(self) -> int:
        return 0 if self.unit.startswith(("patients", "moves", "tonnes")) else 1

    def _number(self, value: float) -> str:
        number = f"{value:,.1f}" if self.decimals else f"{answers.rounded(value):,}"
        return number.replace("-", "−")


@dataclass(frozen=True)
class Expectation:
    """One of the ten: what it asks, what stands for it (None: a milestone), and what that leaves out."""

    name: str
    title: str
    asks: str
    measure: Measure | None
    leaves_out: str


@dataclass(frozen=True)
class Target:
    """What is asked of a measure by the end of `month` ('YYYY-MM').

    `value` is in the measure's unit; None asks only for clearly better than if nothing changed.
    """

    value: float | None
    month: str

    def said(self, measure: Measure) -> str:
        """The target in words: '70% or more by March 2026', 'fewer than if nothing changed by ...'."""
        by = f"by {months.month_label(self.month)}"
        if self.value is None:
            return f"{'more' if measure.better > 0 else 'less'} than if nothing changed {by}"
        if measure.better < 0 and self.value == 0:
            return f"none {by}"
        return f"{measure.form(self.value)} or {'more' if measure.better > 0 else 'less'} {by}"


QUARTER = 13  # weeks over which appointments are averaged, as everywhere in Tandem
YEAR = 52
EXPECTATIONS: Mapping[str, Expectation] = MappingProxyType(
    {
        each.name: each
        for each in (
            Expectation(
                "safety-first",
                "Safety first",
                "Nobody comes to harm for having waited.",
                Measure("Waiting over 65 weeks", "patients", -1, 0, 1e7),
                "Harm itself, and urgent and cancer referrals, which have returns of their own.",
            ),
            Expectation(
                "equitable-care",
                "Equitable care",
                "Care is as good for those with the least as for those with the most.",
                Measure(
                    "Gap in the share within 18 weeks, least less most deprived fifth",
                    "points",
                    -1,
                    None,
                    100,
                ),
                "People who are never referred; ethnicity, language and disability.",
            ),
            Expectation(
                "involve-people",
                "Involve patients and the public",
                "Changes are made with the people who use the service.",
                None,
                "No figure says whether people were listened to: the milestones are yours.",
            ),
            Expectation(
                "virtual-by-default",
                "Virtual by default",
                "70% of outpatient appointments, first and follow-up, by video or telephone, with another "
                "way for those who can't.",
                Measure("Outpatient appointments held virtually", "%", 1, 70, 100, QUARTER, by_year_end=True),
                "Whether it suited the patient; the other way in is counted only as appointments face to "
                "face.",
            ),
            Expectation(
                "local-settings",
                "Care in local settings",
                "Care comes to where people live.",
                Measure(
                    "Travelled for each outpatient appointment, there and back",
                    "miles",
                    -1,
                    None,
                    1000,
                    QUARTER,
                ),
                "Clinics away from the main site, and travel for tests and admission. Those seen virtually "
                "travel nothing.",
            ),
            Expectation(
                "excellent-care",
                "Excellent care",
                "Care meets the standard.",
                Measure("Within 18 weeks", "%", 1, 92, 100),
                "How good the treatment was, and what patients say of it.",
            ),
            Expectation(
                "community-care",
                "Enhanced care in the community",
                "Whoever needs no hospital appointment is cared for without one.",
                Measure(
                    "Cared for without a hospital appointment, beyond today's",
                    "patients a week",
                    1,
                    None,
                    1e7,
                    QUARTER,
                ),
                "Today's advice and patient-initiated follow-up, what community services do themselves, and "
                "the work this gives to GPs.",
            ),
            Expectation(
                "enabling-culture",
                "Enabling culture",
                "Staff can change how they work, and are helped to.",
                None,
                "No figure of the returns says anything about culture: the milestones are yours.",
            ),
            Expectation(
                "sustainability",
                "Technology, innovation and sustainability",
                "New ways of working, that cost the climate less.",
                Measure(
                    "Carbon from travel to outpatient appointments", "tonnes CO2e a year", -1, None, 1e7, YEAR
                ),
                "Buildings, equipment and data centres; the use of new technology beyond video and "
                "telephone.",
            ),
            Expectation(
                "one-system",
                "One system, one workforce",
                "Organisations share patients, capacity and staff as if they were one.",
                Measure(
                    "Patients moved between trusts, those who go back counted again",
                    "moves a week",
                    1,
                    None,
                    1e7,
                    QUARTER,
                ),
                "Staff who work across organisations, shared rotas and passports; emeritus consultants.",
            ),
        )
    }
)


def last_whole_month(data_month: str, weeks: int) -> str:
    """The last month, 'YYYY-MM', whose last whole week a run of so many weeks covers."""
    end = months.week_start(data_month, weeks) - timedelta(days=1)
    month = months.month_of(end)
    return month if (months.last_day(month) - end).days < 7 else months.add_months(month, -1)


def usual_targets(data_month: str, last_month: str) -> dict[str, Target]:
    """The target of each measured expectation where the planner has set none, by name.

    Due at the end of `last_month`, the last that the run covers; or, where the source says by the end of the
    year, of the financial year that ends at least half a year after `data_month`.
    """
    year_end = months.add_months(data_month, LEAST_MONTHS)
    while int(year_end[5:]) != FINANCIAL_YEAR_ENDS:
        year_end = months.next_month(year_end)
    return {
        name: Target(
            each.measure.target, min(year_end, last_month) if each.measure.by_year_end else last_month
        )
        for name, each in EXPECTATIONS.items()
        if each.measure
    }


def read_targets(parts: Iterable[str]) -> dict[str, Target]:
    """The targets in parts such as 'virtual-by-default=65@2026-06'; 'better' asks for no level.

    Raises TandemError that names the part that can't be read and what may stand there.
    """
    targets: dict[str, Target] = {}
    for part in filter(None, map(str.strip, parts)):
        name, _, rest = part.partition("=")
        value, _, month = rest.partition("@")
        measured = [each for each, known in EXPECTATIONS.items() if known.measure]
        if name not in measured or name in targets:
            wrong = "stands twice" if name in targets else "names no expectation with a measure"
            raise TandemError(f"The target '{part[:40]}' {wrong}.", f"Name each once: {', '.join(measured)}.")
        measure = EXPECTATIONS[name].measure
        assert measure is not None
        targets[name] = Target(_value(part, value.strip(), measure), months.parse_month(month.strip()))
    return targets


def target_parts(targets: Mapping[str, Target]) -> tuple[str, ...]:
    """Targets as `read_targets` takes them."""
    return tuple(
        f"{name}={'better' if each.value is None else f'{each.value:.10g}'}@{each.month}"
        for name, each in targets.items()
    )


def _value(part: str, text: str, measure: Measure) -> float | None:
    if text == "better":
        return None
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not 0 <= value <= measure.most:
        raise TandemError(
            f"The target '{part[:40]}' gives no level that can be asked for.",
            f"{measure.label}: give 0 to {measure.most:,.0f} {measure.unit}, or 'better'.",
        )
    return value
