"""`hindcast`: forecasts from earlier months, and how wrong they were."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from commands.parts.asking import question_of
from commands.parts.opening import Progress, command, open_store
from models.errors import TandemError

if TYPE_CHECKING:
    from commands.parts.opening import Commands


def add(commands: "Commands") -> None:
    """Add to the front door's commands."""
    parser = command(commands, "hindcast", _hindcast, "forecast from earlier months and show the errors")
    parser.add_argument("--horizons", default="3,6", metavar="N,N", help="months ahead (3,6)")
    parser.add_argument(
        "--origins", metavar="FROM..TO", help="months to forecast from (default: all after the first six)"
    )
    parser.add_argument("--replications", type=int, default=20, help="futures drawn for the ranges (20)")
    parser.add_argument("--seed", type=int, default=1, help="equal seeds give equal results (1)")
    parser.add_argument("--markdown", action="store_true", help="print tables for a document")
    parser.add_argument(
        "--ship", action="store_true", help="make the table of past errors that stands beside every answer"
    )
    parser.add_argument("--out", type=Path, metavar="FILE", help="write the tables to a file instead")


def _hindcast(options: argparse.Namespace) -> int:
    if options.ship:
        return _ship(options)
    from data.writers.exports import write_whole
    from models.rtt.organisations import ENGLAND
    from models.scenarios.presets import preset
    from questions.ask import ask
    from questions.forecast import Hindcast

    horizons = tuple(_horizons(options.horizons))
    origins = tuple(_origins(options.origins)) if options.origins else ()
    options.board = ENGLAND
    with open_store(options) as store:
        question = question_of(store, options, preset("baseline"))
        asked = Hindcast(question, horizons, origins, Progress("Looking back").say)
        tables = ask(store, asked).tables
    printed = "\n\n".join(table.markdown() if options.markdown else table.text() for table in tables) + "\n"
    if not options.out:
        print(printed, end="")
        return 0
    write_whole(options.out, printed.encode())
    print(f"{len(tables)} tables written to {options.out}")
    return 0


def _ship(options: argparse.Namespace) -> int:
    from data.returns.past_errors import write_past_errors
    from questions.forecast import errors_so_far

    with open_store(options) as store:
        errors = errors_so_far(store, Progress("Looking back").say)
    print(f"{len(errors)} errors written to {write_past_errors(errors)}")
    return 0


def _horizons(text: str) -> list[int]:
    try:
        horizons = [int(part) for part in text.split(",")]
    except ValueError:
        horizons = []
    if not horizons or min(horizons) < 1:
        raise TandemError(f"'{text}' are not horizons.", "Give months ahead, such as 3,6.")
    return horizons


def _origins(text: str) -> list[str]:
    from models.rtt.months import month_range, parse_month

    first, _, last = text.partition("..")
    origins = month_range(parse_month(first), parse_month(last or first))
    if not origins:
        raise TandemError(f"'{text}' holds no month.", "Give the earlier month first: 2024-10..2025-02.")
    return list(origins)
