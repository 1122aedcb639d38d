"""`simulate`: run a scenario and print its answer."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from commands.opening import Progress, command, open_store, scenario_of
from data.version import PRODUCT_VERSION

if TYPE_CHECKING:
    from commands.opening import Commands
    from sim.results import Results


def add(commands: "Commands") -> None:
    """Add to the front door's commands."""
    parser = command(commands, "simulate", _simulate, "run a scenario for a board or for England")
    parser.add_argument("--board", default="QK1", metavar="CODE", help="a board's code, or ENGLAND (QK1)")
    parser.add_argument(
        "--scenario", default="baseline", metavar="NAME", help="a preset's name, or a .yaml or .json file"
    )
    parser.add_argument("--weeks", type=int, default=104, help="how far to run (104)")
    parser.add_argument("--replications", type=int, default=30, help="how many futures to draw (30)")
    parser.add_argument("--seed", type=int, default=1, help="equal seeds give equal results (1)")
    parser.add_argument("--until", metavar="YYYY-MM", help="start from this month (default: the latest)")
    parser.add_argument("--workers", type=int, help="processor cores to use (default: all)")
    parser.add_argument("--out", type=Path, metavar="FILE", help="write the results: .parquet or .csv")


def _simulate(options: argparse.Namespace) -> int:
    from data.calibrations import calibration
    from data.exports import check_format, write_results
    from models.months import parse_month
    from sim.runner import run

    scenario = scenario_of(options.scenario)
    until = parse_month(options.until) if options.until else None
    if options.out:
        check_format(options.out)
    with open_store(options) as store:
        found = calibration(store, options.board, scenario, until)
    results = run(
        found, scenario, seed=options.seed, weeks=options.weeks, replications=options.replications,
        workers=options.workers, progress=Progress("Simulating").say,
    )  # fmt: skip
    print(_answer(results))
    if options.out:
        rows = write_results(results.frames(), options.out, results.about() | {"version": PRODUCT_VERSION})
        print(f"{rows:,} rows written to {options.out}")
    return 0


def _answer(results: "Results") -> str:
    from models.months import month_label
    from sim.results import Band, band

    def range_of(found: Band, form: str) -> str:
        if results.replications == 1:
            return ""
        return f" (80%: {found.lower:{form}} to {found.upper:{form}})"

    waiting, share = band(results.total("waiting")[:, -1]), band(results.share_within_18()[:, -1])
    year = band(results.total("over_52")[:, -1])
    start = results.opening_value("waiting")
    share_at_start = results.opening_value("within_18") / max(start, 1)
    futures = "1 replication" if results.replications == 1 else f"{results.replications:,} replications"
    return (
        f"{results.scope}, {results.document['name']}, figures of {month_label(results.data_month)}, "
        f"seed {results.seed}, {futures}, Tandem {PRODUCT_VERSION}\n"
        f"Waiting: {start:,} at the start, {waiting.mean:,.0f} by {results.week_ends[-1].item():%d %B %Y}"
        f"{range_of(waiting, ',.0f')}\n"
        f"Within 18 weeks: {share_at_start:.1%} at the start, {share.mean:.1%} then{range_of(share, '.1%')}\n"
        f"Over 52 weeks: {results.opening_value('over_52'):,} at the start, {year.mean:,.0f} then"
        f"{range_of(year, ',.0f')}"
    )
