"""`simulate`: run a scenario and print its answer."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from commands.parts.asking import check_table, question_of
from commands.parts.opening import INTERRUPTED, Interrupted, Progress, command, interrupted, open_store
from data.database.version import PRODUCT_VERSION

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

    from commands.parts.opening import Commands
    from sim.runs.results import Band, Results


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
    from data.writers.exports import write_results
    from questions.rows import Rows
    from questions.way import Way, pool_of
    from sim.runs.runner import Cancelled

    check_table(options.out)
    with open_store(options) as store:
        rows = Rows.of(store, question_of(store, options))
    ending: dict[str, int] = {}  # where the run ends early

    def frames(way: Way) -> "Iterator[pd.DataFrame]":
        for batch in rows.batches(way):
            yield from batch.frames()
        if rows.stopped:
            ending["interrupted_after_replications"] = rows.replications

    pool = pool_of(options.workers, processes=options.processes, scheduler=options.scheduler)
    with interrupted() as cancel, pool:
        way = Way(Progress("Simulating").say, cancel, pool=pool)
        try:
            if options.out:
                written = write_results(frames(way), options.out, rows.about, ending)
            else:
                for _ in rows.batches(way):
                    pass
        except Cancelled as fault:  # before anything was done
            raise Interrupted(fault) from fault
    if rows.stopped:
        print(f"\n{rows.stopped.message}", file=sys.stderr)
    print(_answer(rows.results, options.replications))
    print("\n".join(rows.sentences))
    if options.out:
        print(f"{written:,} rows written to {options.out}")
    return INTERRUPTED if rows.stopped else 0


def _answer(results: "Results", asked_for: int) -> str:
    from models.rtt.months import month_label
    from sim.runs.results import band

    def range_of(outcome: "Band", form: str) -> str:
        if results.replications == 1:
            return ""
        return f" (80%: {outcome.lower:{form}} to {outcome.upper:{form}})"

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
