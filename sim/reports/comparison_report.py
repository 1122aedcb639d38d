"""What a comparison of scenarios gives to take to a meeting: messages, pictures, tables, what it rests on."""

from collections.abc import Mapping, Sequence

import pandas as pd

from models.outcomes.cost import Prices
from models.reports.picture import Picture, Role, Series
from models.reports.report import Message, Report, Sheet
from models.rtt.measures import measure
from models.rtt.months import month_label
from models.rtt.waiting_list import STANDARD
from models.scenarios.scenario import read_scenario
from models.statements import Interval
from sim.reports.costs import cost_message, cost_sheet
from sim.reports.scenario_report import (
    CAVEATS,
    UNCHANGED,
    WEEK,
    about,
    assumptions_said,
    levers_said,
    prices_about,
)
from sim.reports.side_by_side import OUTCOMES, Column, Outcome, also_said, best_said
from sim.runs.comparison import end_month
from sim.runs.results import Results, band

ROLES: tuple[Role, ...] = ("scenario", "other", "spare", "short", "standard")
MOST = len(ROLES)
BY_WEEK = ("waiting", "share_within_18", "over_52")
SHARED = (
    "All scenarios ran on the same random numbers, so differences between them are the levers', not chance."
)


def comparison_report(
    columns: Sequence[Column], place: str, version: str, prices: Prices, missed: str = ""
) -> Report:
    """The report of up to five scenarios against their baseline for `place`; `version` is the product's.

    All have the same scope, data, seed, weeks and replications, and titles as from `numbered`. Costs are in
    it only where prices are given. `missed` says how wrong such forecasts have been.
    """
    first = columns[0].scenario
    month, also = end_month(first), also_said(columns)
    messages = [
        Message(best_said(columns), _change(columns, month)),
        Message(also[0], _line("share_within_18", columns)),
        Message(also[1], _line("over_52", columns)),
        Message("The list itself, under each and if nothing changes", _line("waiting", columns)),
    ]
    if also[2:]:
        messages.append(Message("Who would be worse off than if nothing changed", None, also[2:]))
    sheets = [outcome_sheet(columns, month), share_sheet(columns, month)]
    sheets += [_weekly(name, columns) for name in BY_WEEK]
    if prices.given():
        messages.append(cost_message(columns, prices))
        sheets.append(cost_sheet(columns, prices))
    return Report(
        title="Scenarios compared",
        place=place,
        data_month=month_label(first.data_month),
        headline=messages[0].sentence,
        messages=tuple(messages),
        sheets=tuple(sheets),
        about=_about(columns, place, version, prices),
        caveats=(*CAVEATS, SHARED, missed) if missed else (*CAVEATS, SHARED),
        labels=("Estimated by simulation",),
    )


def outcome_sheet(columns: Sequence[Column], month: str) -> Sheet:
    """Every outcome that counts patients, a row a scenario, with its band and difference from baseline."""
    frame = _outcomes(columns, [each for each in OUTCOMES.values() if each.unit != "%"], 0)
    explained = f"Patients in {month}: mean of the futures, 80% range, and difference from the baseline."
    return Sheet("Outcomes", explained, frame, tuple(frame.columns[2:]))


def share_sheet(columns: Sequence[Column], month: str) -> Sheet:
    """Every outcome in percent, a row a scenario, with its band and difference from baseline."""
    frame = _outcomes(columns, [each for each in OUTCOMES.values() if each.unit == "%"], 1)
    return Sheet("Shares", f"Percent in {month}; differences in percentage points.", frame)


def _runs(columns: Sequence[Column]) -> list[tuple[str, Role, Results]]:
    runs: list[tuple[str, Role, Results]] = [(UNCHANGED, "baseline", columns[0].baseline)]
    return runs + [
        (column.title, role, column.scenario) for column, role in zip(columns, ROLES, strict=False)
    ]


def _line(name: str, columns: Sequence[Column]) -> Picture:
    share = name == "share_within_18"
    lines = [Series(title, tuple(_mean(name, results)), role) for title, role, results in _runs(columns)]
    days = tuple(each.item() for each in columns[0].scenario.week_ends)
    title = f"{measure(name).label}, {'%' if share else 'patients'}: mean of the futures"
    standard = ("Standard: 92%", 100 * STANDARD.share) if share else None
    return Picture("line", title, days, tuple(lines), "%" if share else "patients", standard)


def _mean(name: str, results: Results) -> list[float]:
    if name == "share_within_18":
        return [round(float(value), 1) for value in 100 * results.share_within_18().mean(axis=0)]
    return [round(float(value)) for value in results.total(name).mean(axis=0)]


def _change(columns: Sequence[Column], month: str) -> Picture:
    changes = [column.change(OUTCOMES["waiting"]).mean for column in columns]
    return Picture(
        "bar",
        f"Pathways more (above zero) or fewer (below) than if nothing changed, {month}",
        tuple(column.title for column in columns),
        (Series("Difference", tuple(float(round(change)) for change in changes)),),
        changes=True,
    )


def _outcomes(columns: Sequence[Column], outcomes: Sequence[Outcome], decimals: int) -> pd.DataFrame:
    def row(title: str, outcome: Outcome, end: Interval, change: Interval | None) -> dict[str, object]:
        cells: dict[str, object] = {"Scenario": title, "Outcome": outcome.label}
        for word, interval in (("", end), ("Difference", change)):
            for name, part in (("mean", "mean"), ("80% from", "lower"), ("80% to", "upper")):
                label = f"{word}, {name}" if word else name.capitalize()
                cells[label] = None if interval is None else round(getattr(interval, part), decimals)
        return cells

    rows = []
    for outcome in outcomes:
        unchanged = Interval.of(band(outcome.values(columns[0].baseline)))
        rows.append(row(UNCHANGED, outcome, unchanged, None))
        rows += [row(each.title, outcome, each.end(outcome), each.change(outcome)) for each in columns]
    return pd.DataFrame(rows)


def _weekly(name: str, columns: Sequence[Column]) -> Sheet:
    table: dict[str, object] = {WEEK: [each.item() for each in columns[0].scenario.week_ends]}
    for title, _, results in _runs(columns):
        table[title] = _mean(name, results)
    frame = pd.DataFrame(table)
    label = measure(name).label
    counts = () if name == "share_within_18" else tuple(frame.columns[1:])
    return Sheet(
        label, f"{label} at each week's end: mean of the futures.", frame, counts, _line(name, columns)
    )


def _about(columns: Sequence[Column], place: str, version: str, prices: Prices) -> Mapping[str, str]:
    shared = about(columns[0].scenario, place, version)
    for one in ("Scenario", "Levers", "Assumptions changed from default"):
        del shared[one]
    origin = {"Board": shared.pop("Board")}
    for column in columns:
        document = read_scenario(column.scenario.document)
        origin[f"Scenario '{column.title}'"] = (
            f"{levers_said(document)}. Assumptions changed from default: {assumptions_said(document)}"
        )
    return origin | prices_about(prices) | shared
