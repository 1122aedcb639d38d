"""`equity`: waits and virtual appointments by deprivation, age and access, today and under a scenario."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from commands.parts.opening import INTERRUPTED, Progress, command, interrupted, open_store, scenario_of
from data.database.version import PRODUCT_VERSION
from models.errors import TandemError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import pandas as pd

    from commands.parts.opening import Commands
    from models.calibration.rates import Calibration
    from models.outcomes.equity import Composition
    from models.scenarios.scenario import Scenario
    from sim.observers.equity import Equity


def add(commands: "Commands") -> None:
    """Add to the front door's commands."""
    parser = command(
        commands, "equity", _equity, "who waits how long by deprivation, age and access, under a scenario"
    )
    parser.add_argument(
        "--board", default="QK1", metavar="CODE", help="a board's code, ENGLAND, or boards together (QK1)"
    )
    parser.add_argument(
        "--scenario",
        default="virtual-70",
        metavar="NAME",
        help="a preset's name, or a .yaml or .json file (virtual-70)",
    )
    parser.add_argument("--weeks", type=int, default=104, help="how far to run (104)")
    parser.add_argument("--replications", type=int, default=30, help="how many futures to draw (30)")
    parser.add_argument("--seed", type=int, default=1, help="equal seeds give equal results (1)")
    parser.add_argument("--workers", type=int, help="processor cores to use (default: all)")
    parser.add_argument("--out", type=Path, metavar="FILE", help="write every group: .parquet or .csv")


def _equity(options: argparse.Namespace) -> int:
    from data.returns.equity import composition
    from data.writers.exports import check_format, write_results
    from models.pairing.default_pair import with_trusts
    from questions.prepare import calibration
    from sim.reports.equity_statements import answer

    scenario = scenario_of(options.scenario)
    if options.workers is not None and options.workers < 1:
        raise TandemError(f"{options.workers} workers were asked for.", "Ask for 1 or more.")
    if options.out:
        check_format(options.out)
    with open_store(options) as store:
        rates = calibration(store, options.board, scenario)
        everyone = composition(store, rates)
    scenario = with_trusts(scenario, rates)
    runs = _followed(rates, scenario, everyone, options)
    if runs is None:
        return INTERRUPTED
    print("\n".join(answer(*runs).sentences))
    if options.out:
        about = {
            "scope": rates.scope,
            "scenario": scenario.document(),
            "data_month": rates.data_month,
            "seed": options.seed,
            "weeks": options.weeks,
            "replications": options.replications,
            "version": PRODUCT_VERSION,
        }
        rows = write_results(_frames(runs), options.out, about)
        print(f"{rows:,} rows written to {options.out}")
    return 0


def _followed(
    rates: "Calibration", scenario: "Scenario", everyone: "Composition", options: argparse.Namespace
) -> "tuple[Equity, ...] | None":
    """The scenario's run by class, and its baseline's where it changes something; None where interrupted."""
    import os

    from models.scenarios.presets import baseline_for
    from sim.observers.equity import equity
    from sim.runs.runner import Cancelled

    with interrupted() as cancel:
        try:
            return equity(
                rates,
                [scenario, baseline_for(scenario)] if scenario.levers else [scenario],
                everyone,
                seed=options.seed,
                weeks=options.weeks,
                replications=options.replications,
                workers=options.workers or os.cpu_count() or 1,
                progress=Progress("Simulating").say,
                cancel=cancel,
            )
        except Cancelled as fault:
            print(f"\n{fault.message}", file=sys.stderr)
            return None


def _frames(runs: "Sequence[Equity]") -> "Iterator[pd.DataFrame]":
    for run in runs:
        frame = run.frame()
        frame.insert(0, "scenario", str(run.document["name"]))
        yield frame
