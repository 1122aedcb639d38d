"""`forecast`: every list at coming month ends, if nothing is changed."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from commands.parts.opening import Progress, command, open_store
from data.database.version import PRODUCT_VERSION
from models.errors import TandemError

if TYPE_CHECKING:
    from commands.parts.opening import Commands


def add(commands: "Commands") -> None:
    """Add to the front door's commands."""
    parser = command(commands, "forecast", _forecast, "forecast every list if nothing is changed")
    parser.add_argument("--train-to", metavar="YYYY-MM", help="learn up to this month (default: the latest)")
    parser.add_argument("--horizon", type=int, default=8, help="months ahead (8)")
    parser.add_argument(
        "--board",
        default="ENGLAND",
        metavar="CODE",
        help="a board's code, or ENGLAND: every provider, without commissioner NONC, as England is published",
    )
    parser.add_argument("--replications", type=int, default=30, help="futures drawn for the ranges (30)")
    parser.add_argument("--seed", type=int, default=1, help="equal seeds give equal results (1)")
    parser.add_argument("--out", type=Path, required=True, metavar="FILE", help=".csv or .parquet")


def _forecast(options: argparse.Namespace) -> int:
    from data.writers.exports import check_format, write_results
    from models.rtt.months import month_label, parse_month
    from models.scenarios.presets import preset
    from questions.prepare import calibration
    from sim.studies.forecast import forecast

    check_format(options.out)
    until = parse_month(options.train_to) if options.train_to else None
    with open_store(options) as store:
        found = calibration(store, options.board, preset("baseline"), until)
    if until and found.data_month != until:
        raise TandemError(f"{month_label(until)} is not held.", f"Train to {found.data_month}, or import it.")
    made = forecast(
        found,
        options.horizon,
        replications=options.replications,
        seed=options.seed,
        progress=Progress("Forecasting").say,
    )
    about = {
        "scope": made.scope,
        "train_to": made.data_month,
        "horizon": options.horizon,
        "seed": options.seed,
        "replications": options.replications,
        "version": PRODUCT_VERSION,
    }
    rows = write_results([made.frame()], options.out, about)
    total = made.mean[-1, :, 0].sum()
    print(
        f"{made.scope}: {found.waiting.sum():,} waiting in {month_label(made.data_month)}, "
        f"{total:,.0f} expected in {month_label(made.months[-1])}"
    )
    print(f"{rows:,} rows written to {options.out}")
    return 0
