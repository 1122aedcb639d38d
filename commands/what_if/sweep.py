"""`sweep`: a scenario's settings over a grid, its levers' shares of the change, or its evidence."""

import argparse
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from commands.parts.opening import INTERRUPTED, Progress, command, interrupted, open_store, scenario_of
from data.database.version import PRODUCT_VERSION

if TYPE_CHECKING:
    from commands.parts.opening import Commands
    from models.rtt.measures import Measure
    from models.statements import Interval
    from sim.runs.common_random_numbers import PairedRuns
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
    from data.writers.exports import check_format, write_results
    from models.rtt.measures import USUAL
    from models.rtt.months import month_label
    from sim.runs.common_random_numbers import PairedRuns
    from sim.runs.runner import Cancelled
    from sim.studies.sweep import Sweep

    paired = PairedRuns(
        tuple(dict.fromkeys(options.measure or USUAL)),
        options.weeks,
        options.replications,
        options.seed,
        options.workers,
    )
    if options.out:
        check_format(options.out)
    try:
        found, told = _asked(options, paired)
    except Cancelled as fault:
        print(f"\n{fault.message}", file=sys.stderr)
        return INTERRUPTED
    print(
        f"{found.scope}, {found.document['name']}, figures of {month_label(found.data_month)}, "
        f"seed {paired.seed}, "
        f"{paired.replications:,} replications, Tandem {PRODUCT_VERSION}"
    )
    print(f"Measured on {found.last_day:%d %B %Y}; ranges hold 80% of the simulated futures.")
    print(told)
    if options.out:
        about = {
            "scope": found.scope,
            "scenario": dict(found.document),
            "data_month": found.data_month,
            "seed": paired.seed,
            "weeks": paired.weeks,
            "replications": paired.replications,
            "version": PRODUCT_VERSION,
        }
        rows = write_results([found.frame()], options.out, about)
        print(f"{rows:,} rows written to {options.out}")
    stopped = isinstance(found, Sweep) and len(found.combinations) < found.asked
    return INTERRUPTED if stopped else 0


def _asked(options: argparse.Namespace, paired: "PairedRuns") -> tuple["Found", str]:
    """What the options ask for, and the same as printed."""
    from models.calibration.rates import Calibration
    from models.pairing.default_pair import with_trusts
    from models.rtt.months import parse_month
    from models.scenarios.scenario import Scenario
    from questions.prepare import calibration
    from sim.studies.attribution import attribute
    from sim.studies.sensitivity import tornado
    from sim.studies.sweep import sweep, vary

    scenario, variations = vary(scenario_of(options.scenario), options.vary or ())
    until = parse_month(options.until) if options.until else None
    with open_store(options) as store:

        def calibrated(here: Scenario) -> Calibration:
            return calibration(store, options.board, here, until)

        found = calibrated(scenario)
        scenario = with_trusts(scenario, found)
        if options.evidence:
            swings = tornado(calibrated, scenario, paired, progress=Progress("Varying the evidence").say)
            return swings, _tornado_told(swings)
    if options.waterfall:
        shares = attribute(found, scenario, paired, progress=Progress("Sharing out the change").say)
        return shares, _waterfall_told(shares)
    with interrupted() as cancel:
        grid = sweep(found, scenario, variations, paired, progress=Progress("Sweeping").say, cancel=cancel)
    return grid, _grid_told(grid)


def _grid_told(grid: "Sweep") -> str:
    from models.rtt.measures import measure

    parts = []
    for name in grid.paired.measures:
        said = measure(name)
        rows = [
            [
                *(f"{value:g}" if isinstance(value, float) else value for value in given),
                _range(said, grid.end(place, name)),
                _range(said, grid.change(place, name), signed=True),
            ]
            for place, given in enumerate(grid.combinations)
        ]
        if len(rows) < grid.asked:
            rows.append([f"stopped: the first {len(rows)} of {grid.asked}", *[""] * (len(grid.names) + 1)])
        headings = [*grid.names, said.unit, f"change, {said.unit_of_change}"]
        start = said.form(grid.start(name).mean)
        parts.append(f"\n{said.label}: {start} {said.unit} if nothing changed\n{_table(headings, rows)}")
    return "\n".join(parts)


def _waterfall_told(shares: "Waterfall") -> str:
    from models.rtt.measures import measure

    parts = []
    for name in shares.paired.measures:
        said = measure(name)
        rows = [["If nothing changed", _range(said, shares.start(name))]]
        for lever, label in enumerate(shares.levers):
            rows.append([label, _range(said, shares.share(lever, name), signed=True)])
        rows.append(["With all of them", _range(said, shares.end(name))])
        headings = ["", said.unit if said.unit == said.unit_of_change else "% and points"]
        caution = shares.caution(name)
        parts.append(f"\n{said.label}\n{_table(headings, rows)}" + (f"\n{caution}" if caution else ""))
    return "\n".join(parts)


def _tornado_told(swings: "Tornado") -> str:
    from models.rtt.measures import measure

    parts = []
    for name in swings.paired.measures:
        said = measure(name)
        rows = [
            [
                each.assumption.label,
                each.assumption.unit,
                f"{each.low:g}",
                f"{each.high:g}",
                _range(said, each.at_low, signed=True),
                _range(said, each.at_high, signed=True),
                said.form(each.width),
            ]
            for each in swings.swings(name)
        ]
        headings = ["Assumption", "in", "low", "high", "effect at low", "effect at high", "apart"]
        effect = _range(said, swings.change(name), signed=True)
        parts.append(f"\n{said.label}: effect {effect} {said.unit_of_change}\n{_table(headings, rows)}")
    if swings.fixed:
        parts.append("Held as the scenario sets them: " + ", ".join(each.label for each in swings.fixed))
    return "\n".join(parts)


def _range(said: "Measure", found: "Interval", signed: bool = False) -> str:
    """A mean with its 80% range: '4,710 (4,250 to 5,270)', with a sign where it is a change."""

    def form(value: float) -> str:
        text = said.form(abs(value))
        if text.strip("0.,") == "":
            return text
        return ("−" if value < 0 else "+" if signed else "") + text

    return f"{form(found.mean)} ({form(found.lower)} to {form(found.upper)})"


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
