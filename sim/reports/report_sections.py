"""What can join the report of a scenario or of a comparison: the ten expectations, travel, and equity."""

from collections.abc import Sequence

import pandas as pd

from models.outcomes import scorecard, travel
from models.outcomes.equity import DIMENSIONS
from models.outcomes.equity_statements import DIMENSION_WORDS, GROUP_WORDS
from models.outcomes.scorecard import Scorecard
from models.outcomes.travel import Travel
from models.reports.picture import Picture, Series
from models.reports.report import Message, Part, Sheet
from sim.observers.equity import Equity
from sim.reports.equity_statements import answer
from sim.reports.scenario_report import UNCHANGED
from sim.runs.results import band

# what is told of each group at the end of a run: its name with the unit, and whether it counts people
GROUP_COLUMNS = {
    "waiting": ("Waiting, patients", True),
    "within_18": ("Within 18 weeks, %", False),
    "over_52_patients": ("Over 52 weeks, patients", True),
    "mean_weeks": ("Mean wait, weeks", False),
    "seen_virtually": ("Seen virtually, %", False),
}


def expectations_part(scored: Sequence[tuple[Scorecard, Travel]]) -> Part:
    """The scorecards and the travel of one or more scenarios, judged against the same targets."""
    cards, travels = [card for card, _ in scored], [travelled for _, travelled in scored]
    asked = [f"{each.expectation.title}: {each.target_said}" for each in cards[0].judged if each.target]
    carbon = travels[0].carbon
    return Part(
        messages=(scorecard.message(cards), travel.message(travels)),
        sheets=(scorecard.sheet(cards), travel.sheet(travels)),
        about={
            "Targets": "; ".join(asked) or "none",
            "Carbon from a mile by car": "not given" if carbon is None else f"{carbon:g} kg CO2e",
        },
    )


def equity_part(followed: Sequence[tuple[str, Equity, Equity | None]]) -> Part:
    """Who waits by class under one or more scenarios, each as title, run and baseline."""
    rows = []
    for title, scenario, baseline in followed:
        runs = [(UNCHANGED, baseline)] if baseline else []
        for name, run in (*runs, (title, scenario)):
            rows += _group_rows(title, name, run)
    frame = pd.DataFrame(rows)
    sheet = Sheet(
        "Equity",
        "Each group in the last week, with 80% ranges: how many wait, how long, and how they are seen.",
        frame,
        tuple(name for name in frame if name.startswith(("Value", "80%"))),
        people=tuple(frame["Measure"].isin([name for name, counts in GROUP_COLUMNS.values() if counts])),
    )
    return Part(
        messages=tuple(_equity_message(*each) for each in followed),
        sheets=(sheet,),
        caveats=(
            "Equity: deprivation and age are the published shares of each trust's list in one week of "
            "January 2026; who can use neither video nor telephone is an assumption.",
        ),
    )


def _equity_message(title: str, scenario: Equity, baseline: Equity | None) -> Message:
    statements = answer(scenario, baseline) if baseline else answer(scenario)
    fifths = DIMENSIONS["deprivation"]
    bars = [(UNCHANGED, baseline)] if baseline else []
    series = tuple(
        Series(
            name,
            tuple(run.by_group("within_18", "deprivation")[:, -1].mean(axis=0).round(1).tolist()),
            "baseline" if name == UNCHANGED else "scenario",
        )
        for name, run in (*bars, (title, scenario))
    )
    picture = Picture(
        "bar",
        f"Within 18 weeks by deprivation, {scenario.month}, %",
        tuple(GROUP_WORDS[each] for each in fifths),
        series,
        "%",
    )
    return Message(
        statements.warning or statements.headline,
        picture,
        (statements.headline, *statements.details) if statements.warning else statements.details,
    )


def _group_rows(title: str, name: str, run: Equity) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    for dimension, groups in DIMENSIONS.items():
        for measure, (label, counts) in GROUP_COLUMNS.items():
            level = band(run.by_group(measure, dimension)[:, -1])
            rows += [
                {
                    "Scenario": title,
                    "Run": name,
                    "By": DIMENSION_WORDS[dimension],
                    "Group": GROUP_WORDS[group],
                    "Measure": label,
                    "Value": level.mean[place].round(0 if counts else 1),
                    "80% from": level.lower[place].round(0 if counts else 1),
                    "80% to": level.upper[place].round(0 if counts else 1),
                }
                for place, group in enumerate(groups)
            ]
    return rows
