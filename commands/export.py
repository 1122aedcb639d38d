"""`export`: a scenario's slides, workbook, printable page or scenario file, as the pages give them."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from commands.opening import Progress, command, open_store, scenario_of
from data.version import PRODUCT_VERSION
from models.errors import TandemError

if TYPE_CHECKING:
    from commands.opening import Commands
    from models.takeaway import Takeaway

FORMATS = (".pptx", ".xlsx", ".html", ".yaml", ".csv", ".parquet")


def add(commands: "Commands") -> None:
    """Add to the front door's commands."""
    parser = command(commands, "export", _export, "make slides, a workbook or a page to print of a scenario")
    parser.add_argument("--board", default="QK1", metavar="CODE", help="a board's code, or ENGLAND (QK1)")
    parser.add_argument(
        "--scenario", default="baseline", metavar="NAME", help="a preset's name, or a .yaml or .json file"
    )
    parser.add_argument("--weeks", type=int, default=104, help="how far to run (104)")
    parser.add_argument("--replications", type=int, default=30, help="how many futures to draw (30)")
    parser.add_argument("--seed", type=int, default=1, help="equal seeds give equal results (1)")
    parser.add_argument("--until", metavar="YYYY-MM", help="start from this month (default: the latest)")
    parser.add_argument(
        "--suppress-small", action="store_true", help="leave counts from 1 to 4 out of the tables"
    )
    parser.add_argument(
        "--out", type=Path, action="append", required=True, metavar="FILE",
        help="ending in .pptx, .xlsx, .html, .csv, .parquet or .yaml; may be given several times",
    )  # fmt: skip


def _export(options: argparse.Namespace) -> int:
    from data.calibrations import calibration
    from data.exports import write_whole
    from data.lists import boards
    from data.past_errors import error_said
    from data.takeaway import contents
    from models.months import WEEKS_PER_MONTH, parse_month
    from models.organisations import ENGLAND, plain_name
    from models.presets import baseline_for
    from models.takeaway import suppressed
    from sim.comparison import by_treatment_function
    from sim.runner import run
    from sim.takeaway import takeaway

    for path in options.out:
        _check(path)
    scenario = scenario_of(options.scenario)
    until = parse_month(options.until) if options.until else None
    with open_store(options) as store:
        found = calibration(store, options.board, scenario, until)
        names = {row.code: plain_name(row.name) for row in boards(store, found.data_month).itertuples()}
    runs = []
    for part, each in enumerate((baseline_for(scenario), scenario)):
        progress = Progress("Simulating the scenario" if part else "Simulating if nothing changes")
        results = run(
            found, each, seed=options.seed, weeks=options.weeks, replications=options.replications,
            progress=progress.say,
        )  # fmt: skip
        runs.append(by_treatment_function(results))
    place = "England" if options.board == ENGLAND else names.get(options.board, options.board)
    taken: Takeaway = takeaway(
        runs[1], runs[0], place, PRODUCT_VERSION, error_said(found.scope, options.weeks / WEEKS_PER_MONTH)
    )
    if options.suppress_small:
        taken = suppressed(taken)
    print(taken.headline)
    for path in options.out:
        write_whole(path, contents(path.suffix.lower(), taken, scenario.document()))
        print(f"{path} written")
    return 0


def _check(path: Path) -> None:
    if path.suffix.lower() not in FORMATS:
        raise TandemError(
            f"{path.name} ends in none of {', '.join(FORMATS)}.", "Name a file such as board.pptx."
        )
    if not path.absolute().parent.is_dir():
        raise TandemError(f"There is no folder {path.absolute().parent}.", "Make it first, or name another.")
