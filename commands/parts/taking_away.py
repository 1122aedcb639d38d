"""What the commands that make files for a meeting share: their options, and the writing."""

import argparse
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from models.errors import TandemError
from models.outcomes.cost import ITEMS

if TYPE_CHECKING:
    from models.reports.report import Report

TABLES = (".pptx", ".xlsx", ".html", ".csv", ".parquet")


def add_run_options(parser: argparse.ArgumentParser) -> None:
    """Let a command say how its scenarios run."""
    parser.add_argument("--weeks", type=int, default=104, help="how far to run (104)")
    parser.add_argument("--replications", type=int, default=30, help="how many futures to draw (30)")
    parser.add_argument("--seed", type=int, default=1, help="equal seeds give equal results (1)")
    parser.add_argument("--until", metavar="YYYY-MM", help="start from this month (default: the latest)")
    parser.add_argument(
        "--equity",
        action="store_true",
        help="also follow who waits, by deprivation, age and access: takes several times as long",
    )


def add_file_options(
    parser: argparse.ArgumentParser, formats: Sequence[str], *, required: bool = False
) -> None:
    """Let a command take prices, the files to write and whether small counts are left out of them."""
    parser.add_argument(
        "--price",
        action="append",
        default=[],
        metavar="ITEM=POUNDS",
        help=f"what one costs you, as clinic=450; may be given for each of {', '.join(ITEMS)}",
    )
    parser.add_argument(
        "--suppress-small", action="store_true", help="leave counts from 1 to 4 out of the tables"
    )
    parser.add_argument(
        "--scorecard", action="store_true", help="with the ten expectations, and the miles travelled"
    )
    parser.add_argument(
        "--out",
        type=Path,
        action="append",
        required=required,
        default=[],
        metavar="FILE",
        help=f"ending in {', '.join(formats[:-1])} or {formats[-1]}; may be given several times",
    )


def check_files(paths: Sequence[Path], formats: Sequence[str]) -> None:
    """Raises TandemError unless each path ends in one of the formats and its folder is there."""
    for path in paths:
        if path.suffix.lower() not in formats:
            raise TandemError(
                f"{path.name} ends in none of {', '.join(formats)}.", "Name a file such as board.pptx."
            )
        if not path.absolute().parent.is_dir():
            raise TandemError(
                f"There is no folder {path.absolute().parent}.", "Make it first, or name another."
            )


def write_files(report: "Report", options: argparse.Namespace, document: Mapping[str, Any]) -> None:
    """Write the files that the options name, and say so."""
    from data.writers import contents
    from data.writers.exports import write_whole
    from models.reports.report import suppressed

    if options.suppress_small:
        report = suppressed(report)
    for path in options.out:
        write_whole(path, contents(path.suffix.lower(), report, document))
        print(f"{path} written")
