"""`sweep`: a scenario's settings over a grid, its levers' shares of the change, or its evidence."""

import argparse
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from commands.parts.asking import answer_to, check_table, heading, question_of, write_table
from commands.parts.opening import INTERRUPTED, command, open_store, scenario_of

if TYPE_CHECKING:
    from commands.parts.opening import Commands
    from data.database.store import Store
    from models.rtt.measures import Measure
    from models.statements import Interval
    from questions.question import Question
    from sim.studies.attribution import Waterfall
    from sim.studies.sensitivity import Tornado
    from sim.studies.sweep import Sweep

    Found = Sweep | Waterfall | Tornado


def add(commands: "Commands") -> None:
    """Add to the front door's commands."""
    parser = command(
        commands,
        "sweep",
        _sweep,
        "move a scenario's settings over a grid, or ask what did what and how sure it is",
    )
    parser.add_argument("--board", default="QK1", metavar="CODE", help="a board's code, or ENGLAND (QK1)")
    parser.add_argument(
        "--scenario", default="virtual-70", metavar="NAME", help="a preset's name, or a .yaml or .json file"
    )
    asked = parser.add_mutually_exclusive_group(required=True)
    asked.add_argument(
        "--vary",
        action="append",
        metavar="LEVER.SETTING=VALUE,VALUE",
        help="values for a setting; may be given again, and every combination is run",
    )
    asked.add_argument("--waterfall", action="store_true", help="which lever did what: shares of the change")
    asked.add_argument(
        "--evidence", action="store_true", help="the effect at both ends of each assumption's likely range"
    )
    parser.add_argument(
        "--measure",
        action="append",
        metavar="NAME",
        help="waiting, share_within_18, over_52, over_65 ...; may be given again (these four)",
    )
    parser.add_argument("--weeks", type=int, default=104, help="measure at the end of this week (104)")
    parser.add_argument("--replications", type=int, default=30, help="how many futures to draw (30)")
    parser.add_argument("--seed", type=int, default=1, help="equal seeds give equal results (1)")
    parser.add_argument("--until", metavar="YYYY-MM", help="start from this month (default: the latest)")
    parser.add_argument("--workers", type=int, help="processor cores to use (default: all)")
    parser.add_argument("--out", type=Path, metavar="FILE", help="write the table: .parquet or .csv")


def _sweep(options: argparse.Namespace) -> int:
    from questions.plain_report import about
    from sim.studies.sweep import Sweep

    check_table(options.out)
    with open_store(options) as store:
        question, study, told = _asked(store, options)
    print(heading(question))
    print(f"Measured on {study.last_day:%d %B %Y}; ranges hold 80% of the simulated futures.")
    print(told)
    write_table([study.frame()], options.out, about(question, study.document))
    return INTERRUPTED if isinstance(study, Sweep) and len(study.combinations) < study.asked else 0


def _asked(store: "Store", options: argparse.Namespace) -> tuple["Question", "Found", str]:
    """What the options ask for, what was found, and the same as printed."""
    from models.rtt.measures import USUAL
    from questions.studies import Attribution, Evidence, Grid
    from sim.studies.sweep import vary

    measures, workers = tuple(dict.fromkeys(options.measure or USUAL)), options.workers
    scenario, variations = vary(scenario_of(options.scenario), options.vary or ())
    question = question_of(store, options, scenario)
    if options.evidence:
        evidence = Evidence(question, measures)
        swings = answer_to(store, evidence, "Varying the evidence", workers).tornado
        return question, swings, _tornado_told(swings)
    if options.waterfall:
        shared = Attribution(question, measures)
        shares = answer_to(store, shared, "Sharing out the change", workers).waterfall
        return question, shares, _waterfall_told(shares)
    grid = answer_to(store, Grid(question, variations, measures), "Sweeping", workers).sweep
    return question, grid, _grid_told(grid)


def _grid_told(grid: "Sweep") -> str:
    from models.rtt.measures import measure

    parts = []
    for name in grid.paired.measures:
        shown = measure(name)
        rows = [
            [
                *(f"{value:g}" if isinstance(value, float) else value for value in given),
                _range(shown, grid.end(place, name)),
                _range(shown, grid.change(place, name), signed=True),
            ]
            for place, given in enumerate(grid.combinations)
        ]
        if len(rows) < grid.asked:
            rows.append([f"stopped: the first {len(rows)} of {grid.asked}", *[""] * (len(grid.names) + 1)])
        headings = [*grid.names, shown.unit, f"change, {shown.unit_of_change}"]
        start = shown.form(grid.start(name).mean)
        parts.append(f"\n{shown.label}: {start} {shown.unit} if nothing changed\n{_table(headings, rows)}")
    return "\n".join(parts)


def _waterfall_told(shares: "Waterfall") -> str:
    from models.rtt.measures import measure

    parts = []
    for name in shares.paired.measures:
        shown = measure(name)
        rows = [["If nothing changed", _range(shown, shares.start(name))]]
        for lever, label in enumerate(shares.levers):
            rows.append([label, _range(shown, shares.share(lever, name), signed=True)])
        rows.append(["With all of them", _range(shown, shares.end(name))])
        headings = ["", shown.unit if shown.unit == shown.unit_of_change else "% and points"]
        caution = shares.caution(name)
        parts.append(f"\n{shown.label}\n{_table(headings, rows)}" + (f"\n{caution}" if caution else ""))
    return "\n".join(parts)


def _tornado_told(swings: "Tornado") -> str:
    from models.rtt.measures import measure

    parts = []
    for name in swings.paired.measures:
        shown = measure(name)
        rows = [
            [
                each.assumption.label,
                each.assumption.unit,
                f"{each.low:g}",
                f"{each.high:g}",
                _range(shown, each.at_low, signed=True),
                _range(shown, each.at_high, signed=True),
                shown.form(each.width),
            ]
            for each in swings.swings(name)
        ]
        headings = ["Assumption", "in", "low", "high", "effect at low", "effect at high", "apart"]
        effect = _range(shown, swings.change(name), signed=True)
        parts.append(f"\n{shown.label}: effect {effect} {shown.unit_of_change}\n{_table(headings, rows)}")
    if swings.fixed:
        parts.append("Held as the scenario sets them: " + ", ".join(each.label for each in swings.fixed))
    return "\n".join(parts)


def _range(shown: "Measure", interval: "Interval", signed: bool = False) -> str:
    """A mean with its 80% range: '4,710 (4,250 to 5,270)', with a sign where it is a change."""

    def form(value: float) -> str:
        text = shown.form(abs(value))
        if text.strip("0.,") == "":
            return text
        return ("−" if value < 0 else "+" if signed else "") + text

    return f"{form(interval.mean)} ({form(interval.lower)} to {form(interval.upper)})"


def _table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Columns under their headings, words to the left and numbers to the right."""
    lines = [headings, *rows]
    widths = [max(len(line[column]) for line in lines) for column in range(len(headings))]
    numbers = [all(line[column][-1:] in "0123456789)" for line in lines[1:]) for column in range(len(widths))]
    return "\n".join(
        "  ".join(
            text.rjust(width) if right else text.ljust(width)
            for text, width, right in zip(line, widths, numbers, strict=True)
        ).rstrip()
        for line in lines
    )
