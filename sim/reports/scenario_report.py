"""What a run and its baseline give to take to a meeting: messages, pictures, tables, what they rest on."""

from collections.abc import Mapping, Sequence
from datetime import date

import numpy as np
import pandas as pd

from models.outcomes.cost import Prices
from models.reports.picture import Picture, Series
from models.reports.report import Message, Report, Sheet
from models.rtt.months import month_label
from models.rtt.treatment_functions import name_of
from models.rtt.waiting_list import STANDARD
from models.scenarios.assumptions import REGISTER
from models.scenarios.scenario import RELATIVE_WEEKS, LeverSetting, Scenario, in_unit, read_scenario
from models.statements import list_context
from sim.reports.costs import cost_message, cost_sheet
from sim.reports.side_by_side import Column
from sim.runs.comparison import answer, changes_by_treatment_function, end_month, end_of
from sim.runs.results import Results, band

UNCHANGED = "If nothing changes"
WEEK = "Week ending"
OWN_COLUMNS = (WEEK, UNCHANGED)
MOST_BARS = 12
NO_PRICES = Prices()
CAVEATS = (
    "The future is simulated, not known: ranges hold 80% of simulated futures.",
    "Published: the list by weeks waited, clock starts and stops. Estimated: who has had a first "
    "appointment, removals, appointments and their medium.",
)
_BY_WEEK = (("waiting", "Waiting"), ("share_within_18", "Within 18 weeks, %"), ("over_52", "Over 52 weeks"))


def scenario_report(
    scenario: Results,
    baseline: Results,
    place: str,
    version: str,
    missed: str = "",
    prices: Prices = NO_PRICES,
) -> Report:
    """The report of a scenario against its baseline; `missed` says how wrong such forecasts have been.

    Both runs have the same scope, data, seed, weeks and replications; `version` is the product's. What the
    scenario costs is in it only where prices are given.
    """
    title = str(scenario.document.get("title") or scenario.document["name"])
    (label,) = numbered([title])
    statements, month = answer(scenario, baseline), end_month(scenario)
    alone = not scenario.document["levers"]
    messages = [
        Message(
            statements.headline,
            _line("Pathways waiting", "waiting", scenario, baseline, label),
            () if alone else (_context(scenario, baseline),),
        )
    ]
    for sentence, (measure, name) in zip(statements.changes, _BY_WEEK[1:], strict=True):
        messages.append(Message(sentence, _line(name, measure, scenario, baseline, label)))
    if not alone:
        messages.append(
            Message(
                " ".join((*statements.losses[:1], *statements.gains[:1])), _gains(scenario, baseline, month)
            )
        )
    rest = (*statements.losses[1:], *statements.gains[1:], *statements.limits)
    if rest:
        messages.append(Message("What else changes, and what limits it", None, rest))
    costed = [Column(label, scenario, baseline)] if prices.given() and not alone else []
    if costed:
        messages.append(cost_message(costed, prices))
    return Report(
        title=title,
        place=place,
        data_month=month_label(scenario.data_month),
        headline=statements.headline,
        messages=tuple(messages),
        sheets=(
            *(_weekly_sheet(name, measure, scenario, baseline, label) for measure, name in _BY_WEEK),
            *(() if alone else (_functions_sheet(scenario, baseline, month),)),
            *((cost_sheet(costed, prices),) if costed else ()),
        ),
        about=about(scenario, place, version) | prices_about(prices),
        caveats=(*CAVEATS, missed) if missed else CAVEATS,
        labels=("Estimated by simulation",),
    )


def numbered(titles: Sequence[str]) -> list[str]:
    """The titles as columns of a table, those that are alike told apart by a number.

    One that is called as a column of the table's own is numbered too, so that neither takes its place.
    """
    columns = list(OWN_COLUMNS)
    for title in titles:
        column, number = title, 2
        while column in columns:
            column, number = f"{title} ({number})", number + 1
        columns.append(column)
    return columns[len(OWN_COLUMNS) :]


def _context(scenario: Results, baseline: Results) -> str:
    opening = scenario.opening_value("waiting")
    return list_context(opening, end_of(scenario, "waiting"), end_of(baseline, "waiting"))


def _values(results: Results, measure: str) -> np.ndarray:
    if measure == "share_within_18":
        return 100 * results.share_within_18()
    return results.total(measure).astype(float)


def _runs(scenario: Results, baseline: Results, title: str) -> list[tuple[str, Results]]:
    unchanged = (UNCHANGED, baseline)
    return [unchanged] if not scenario.document["levers"] else [unchanged, (title, scenario)]


def _days(results: Results) -> tuple[date, ...]:
    return tuple(each.item() for each in results.week_ends)


def _line(name: str, measure: str, scenario: Results, baseline: Results, title: str) -> Picture:
    lines = []
    for label, results in _runs(scenario, baseline, title):
        weekly = band(_values(results, measure))
        ends = (tuple(weekly.lower.round(1).tolist()), tuple(weekly.upper.round(1).tolist()))
        role = "baseline" if label == UNCHANGED else "scenario"
        lines.append(Series(label, tuple(weekly.mean.round(1).tolist()), role, ends))  # type: ignore[arg-type]
    share = measure == "share_within_18"
    return Picture(
        "line",
        f"{name}, with 80% range",
        _days(scenario),
        tuple(lines),
        "%" if share else "patients",
        ("Standard: 92%", 100 * STANDARD.share) if share else None,
    )


def _gains(scenario: Results, baseline: Results, month: str) -> Picture:
    changes = list(changes_by_treatment_function(scenario, baseline).items())
    if len(changes) > MOST_BARS:
        changes = changes[: MOST_BARS // 2] + changes[-MOST_BARS // 2 :]
    return Picture(
        "bar",
        f"Pathways more (above zero) or fewer (below) than if nothing changed, {month}",
        tuple(name_of(code) for code, _ in changes),
        (Series("Difference", tuple(float(round(each.mean)) for _, each in changes)),),
        changes=True,
    )


def _weekly_sheet(name: str, measure: str, scenario: Results, baseline: Results, title: str) -> Sheet:
    decimals = 1 if measure == "share_within_18" else 0
    columns: dict[str, object] = {WEEK: _days(scenario)}
    for label, results in _runs(scenario, baseline, title):
        weekly = band(_values(results, measure))
        for ending, values in (("", weekly.mean), (", 80% from", weekly.lower), (", 80% to", weekly.upper)):
            columns[f"{label}{ending}"] = values.round(decimals)
    frame = pd.DataFrame(columns)
    counts = () if decimals else tuple(frame.columns[1:])
    picture = _line(name, measure, scenario, baseline, title)
    return Sheet(
        name, f"{name} at each week's end: mean of the futures and 80% range.", frame, counts, picture
    )


def _functions_sheet(scenario: Results, baseline: Results, month: str) -> Sheet:
    rows = []
    for code, change in changes_by_treatment_function(scenario, baseline).items():
        here = scenario.chosen(None, [code])
        rows.append(
            {
                "Specialty": name_of(code),
                "Difference": round(change.mean),
                "Difference, 80% from": round(change.lower),
                "Difference, 80% to": round(change.upper),
                "Waiting now": scenario.opening_value("waiting", here),
                UNCHANGED: round(float(baseline.total("waiting", here)[:, -1].mean())),
                "Scenario": round(float(scenario.total("waiting", here)[:, -1].mean())),
            }
        )
    frame = pd.DataFrame(rows)
    picture = Picture(
        "bar",
        f"Pathways more or fewer than if nothing changed, {month}",
        tuple(frame["Specialty"]),
        (Series("Difference", tuple(frame["Difference"].astype(float))),),
        changes=True,
    )
    explained = f"Pathways waiting by specialty in {month}, the greatest rise first."
    return Sheet("By specialty", explained, frame, tuple(frame.columns[1:]), picture)


def _lever_said(setting: LeverSetting) -> str:
    """One lever with what it is set to: 'Extra sessions (extra clinic sessions 20 sessions a week, ...)'."""
    values = []
    for parameter in setting.lever.parameters:
        value, label = setting.values.get(parameter.name), parameter.label.lower()
        if isinstance(value, float) and value != parameter.neutral:
            values.append(f"{label} {in_unit(f'{value:,.10g}', parameter.unit)}")
        elif isinstance(value, str) and value:
            values.append(f"{label} {_when(value)}")
        elif isinstance(value, Mapping) and value:
            each = (f"{name_of(code)} {level:g}" for code, level in value.items())
            values.append(f"{label}: {', '.join(each)}")
    scope = (*setting.providers, *map(name_of, setting.treatment_functions))
    values += [f"only {', '.join(scope)}"] if scope else []
    return f"{setting.lever.title} ({'; '.join(values)})"


def _when(value: str) -> str:
    """A date or name as it is; weeks after the figures, '+26w', in words."""
    weeks = RELATIVE_WEEKS.fullmatch(value)
    if weeks is None:
        return value
    return f"week {weeks[1]}" if int(weeks[1]) else "the first week"


def levers_said(document: Scenario) -> str:
    """A scenario's levers with what they are set to, in a line; 'none' for the baseline."""
    return "; ".join(map(_lever_said, document.levers)) or "none"


def assumptions_said(document: Scenario) -> str:
    """The assumptions that a scenario changes from the register's, in a line; 'none' where there are none."""
    changed = [
        f"{REGISTER[key].label}: {value:g} {REGISTER[key].unit} (default {REGISTER[key].value:g})"
        for key, value in document.assumptions.items()
    ]
    return "; ".join(changed) or "none"


def prices_about(prices: Prices) -> dict[str, str]:
    """The planner's prices for the list of what an export rests on; nothing where none are given."""
    return {"Prices, given by the planner": prices.said()} if prices.given() else {}


def about(results: Results, place: str, version: str) -> dict[str, str]:
    """What makes a run again and what it rests on, in words by label, as every export prints it."""
    document = read_scenario(results.document)
    return {
        "Board": f"{place} ({results.scope})",
        "Scenario": f"{document.title or document.name}: {document.description}".strip(": "),
        "Levers": levers_said(document),
        "Assumptions changed from default": assumptions_said(document),
        "Figures to": month_label(results.data_month),
        "Weeks ahead": f"{results.weeks}",
        "Simulated futures": f"{results.replications}",
        "Seed": f"{results.seed}",
        "Tandem": version,
        "Source": "RTT waiting times, NHS England, Open Government Licence v3.0",
    }
