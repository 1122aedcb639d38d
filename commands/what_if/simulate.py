"""`simulate`: run a scenario and print its answer."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from commands.parts.opening import INTERRUPTED, Progress, command, interrupted, open_store, scenario_of
from data.database.version import PRODUCT_VERSION
from models.errors import TandemError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from commands.parts.opening import Commands
    from sim.runs.executors import Pool
    from sim.runs.results import Results


def add(commands: "Commands") -> None:
    """Add to the front door's commands."""
    parser = command(commands, "simulate", _simulate, "run a scenario for a board, several or England")
    parser.add_argument(
        "--board",
        default="QK1",
        metavar="CODE",
        help="a board's code, ENGLAND, or boards to run together, as QE1+QOP (QK1)",
    )
    parser.add_argument(
        "--scenario", default="baseline", metavar="NAME", help="a preset's name, or a .yaml or .json file"
    )
    parser.add_argument("--weeks", type=int, default=104, help="how far to run (104)")
    parser.add_argument("--replications", type=int, default=30, help="how many futures to draw (30)")
    parser.add_argument("--seed", type=int, default=1, help="equal seeds give equal results (1)")
    parser.add_argument("--until", metavar="YYYY-MM", help="start from this month (default: the latest)")
    parser.add_argument("--workers", type=int, help="processor cores to use (default: all)")
    where = parser.add_mutually_exclusive_group()
    where.add_argument(
        "--processes",
        action="store_true",
        help="a process for each core instead of a thread: for England on many cores, with memory to spare",
    )
    where.add_argument(
        "--scheduler", metavar="ADDRESS", help="use a Dask cluster's workers, as tcp://HOST:8786"
    )
    parser.add_argument("--out", type=Path, metavar="FILE", help="write the results: .parquet or .csv")


def _simulate(options: argparse.Namespace) -> int:
    from data.returns.past_errors import error_said
    from data.writers.exports import check_format, write_results
    from models.pairing.default_pair import with_trusts
    from models.rtt.months import WEEKS_PER_MONTH, parse_month
    from questions.prepare import calibration
    from sim.observers.counts import Counts, CountsByTreatmentFunction
    from sim.reports.clearance import heading_said
    from sim.runs.results import joined
    from sim.runs.runner import Cancelled, observe_in_batches

    scenario = scenario_of(options.scenario)
    until = parse_month(options.until) if options.until else None
    if options.out:
        check_format(options.out)
    with open_store(options) as store:
        found = calibration(store, options.board, scenario, until)
    scenario = with_trusts(scenario, found)
    kept: list[Results] = []
    about = {
        "scope": found.scope,
        "scenario": scenario.document(),
        "data_month": found.data_month,
        "seed": options.seed,
        "weeks": options.weeks,
        "replications": options.replications,
        "version": PRODUCT_VERSION,
    }
    ending: dict[str, int] = {}  # where the run ends early
    kinds = (CountsByTreatmentFunction(), *([Counts()] if options.out else []))

    with interrupted() as cancel, _pool(options) as pool:

        def finished() -> "Iterator[Results]":
            """Each batch in turn, of which little is kept here; an interrupted run ends early."""
            try:
                for pooled, *batches in observe_in_batches(
                    found,
                    scenario,
                    kinds,
                    seed=options.seed,
                    weeks=options.weeks,
                    replications=options.replications,
                    pool=pool,
                    progress=Progress("Simulating").say,
                    cancel=cancel,
                ):
                    kept.append(pooled)
                    yield from batches
            except Cancelled as fault:
                print(f"\n{fault.message}", file=sys.stderr)
                if not kept:
                    raise
                ending["interrupted_after_replications"] = _replications(kept)

        try:
            if options.out:
                frames = (frame for batch in finished() for frame in batch.frames())
                rows = write_results(frames, options.out, about, ending)
            else:
                list(finished())
        except Cancelled:  # before anything was done
            return INTERRUPTED
    results = joined(kept)
    print(_answer(results, options.replications))
    print("\n".join((*heading_said(results), error_said(found.scope, options.weeks / WEEKS_PER_MONTH))))
    if options.out:
        print(f"{rows:,} rows written to {options.out}")
    return 0 if results.replications == options.replications else INTERRUPTED


def _replications(batches: "Sequence[Results]") -> int:
    return sum(batch.replications for batch in batches)


def _pool(options: argparse.Namespace) -> "Pool":
    from sim.runs.executors import Cluster, Processes, Threads

    if options.workers is not None and options.workers < 1:
        raise TandemError(f"{options.workers} workers were asked for.", "Ask for 1 or more.")
    if options.scheduler:
        return Cluster(options.scheduler)
    return Processes(options.workers) if options.processes else Threads(options.workers)


def _answer(results: "Results", asked_for: int) -> str:
    from models.rtt.months import month_label
    from sim.runs.results import Band, band

    def range_of(found: Band, form: str) -> str:
        if results.replications == 1:
            return ""
        return f" (80%: {found.lower:{form}} to {found.upper:{form}})"

    waiting, share = band(results.total("waiting")[:, -1]), band(results.share_within_18()[:, -1])
    year = band(results.total("over_52")[:, -1])
    start = results.opening_value("waiting")
    share_at_start = results.opening_value("within_18") / max(start, 1)
    futures = "1 replication" if results.replications == 1 else f"{results.replications:,} replications"
    if results.replications < asked_for:
        futures = f"the first {results.replications:,} of {asked_for:,} replications"
    return (
        f"{results.scope}, {results.document['name']}, figures of {month_label(results.data_month)}, "
        f"seed {results.seed}, {futures}, Tandem {PRODUCT_VERSION}\n"
        f"Waiting: {start:,} at the start, {waiting.mean:,.0f} by {results.week_ends[-1].item():%d %B %Y}"
        f"{range_of(waiting, ',.0f')}\n"
        f"Within 18 weeks: {share_at_start:.1%} at the start, {share.mean:.1%} then{range_of(share, '.1%')}\n"
        f"Over 52 weeks: {results.opening_value('over_52'):,} at the start, {year.mean:,.0f} then"
        f"{range_of(year, ',.0f')}"
    )
