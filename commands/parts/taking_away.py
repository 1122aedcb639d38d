"""What the commands that make files for a meeting share: their options, their runs, and the writing."""

import argparse
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from commands.parts.opening import Progress
from models.errors import TandemError
from models.outcomes.cost import ITEMS

if TYPE_CHECKING:
    from models.calibration.rates import Calibration
    from models.outcomes.equity import Composition
    from models.reports.report import Report
    from models.scenarios.scenario import Scenario
    from sim.observers.equity import Equity
    from sim.reports.scorecard import Run
    from sim.runs.results import Results

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


def ran(found: "Calibration", scenario: "Scenario", options: argparse.Namespace, what: str) -> "Run":
    """A run summed to treatment functions, and the appointments kept at each trust; progress is `what`."""
    from sim.observers.visits import visits_of, visits_together
    from sim.reports.scorecard import Run
    from sim.runs.comparison import by_treatment_function
    from sim.runs.runner import run

    visits = []

    def keep(batch: "Results") -> "Results":
        visits.append(visits_of(batch))
        return by_treatment_function(batch)

    results = run(
        found,
        scenario,
        seed=options.seed,
        weeks=options.weeks,
        replications=options.replications,
        progress=Progress(what).say,
        keep=keep,
    )
    return Run(results, visits_together(visits))


def by_class(
    found: "Calibration",
    everyone: "Composition",
    scenario: "Scenario",
    options: argparse.Namespace,
    what: str,
) -> "tuple[Equity, Equity]":
    """A scenario's run and its baseline's, followed by class; progress is `what`."""
    import os

    from models.scenarios.presets import baseline_for
    from sim.observers.equity import equity

    with_it, without = equity(
        found,
        [scenario, baseline_for(scenario)],
        everyone,
        seed=options.seed,
        weeks=options.weeks,
        replications=options.replications,
        workers=os.cpu_count() or 1,
        progress=Progress(what).say,
    )
    return with_it, without


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
