"""`forecast`: every list at coming month ends, if nothing is changed."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from commands.parts.asking import answer_to, check_table, question_of
from commands.parts.opening import command, open_store
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
    from data.writers.exports import write_results
    from models.rtt.months import month_label, parse_month
    from models.scenarios.presets import preset
    from questions.forecast import Forecast

    check_table(options.out)
    options.until = options.train_to
    with open_store(options) as store:
        question = question_of(store, options, preset("baseline"))
        if options.until and question.month != parse_month(options.until):
            raise TandemError(
                f"{month_label(parse_month(options.until))} is not held.",
                f"Train to {question.month}, or import it.",
            )
        answer = answer_to(store, Forecast(question, options.horizon), "Forecasting")
    about = {
        "scope": question.scope,
        "train_to": question.month,
        "horizon": options.horizon,
        "seed": options.seed,
        "replications": options.replications,
        "version": PRODUCT_VERSION,
    }
    rows = write_results([answer.frame()], options.out, about)
    print(answer.sentence)
    print(f"{rows:,} rows written to {options.out}")
    return 0
