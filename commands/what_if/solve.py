"""`solve`: what it would take of a lever, or of a mix of levers, to reach a goal."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from commands.parts.opening import INTERRUPTED, Progress, command, interrupted, open_store, scenario_of
from data.database.version import PRODUCT_VERSION

if TYPE_CHECKING:
    from commands.parts.opening import Commands


def add(commands: "Commands") -> None:
    """Add to the front door's commands."""
    parser = command(commands, "solve", _solve, "find the least of a lever that reaches a goal")
    parser.add_argument("--board", default="QK1", metavar="CODE", help="a board's code, or ENGLAND (QK1)")
    parser.add_argument(
        "--lever",
        action="append",
        required=True,
        metavar="LEVER.SETTING[=PART]",
        help="what to turn, such as extra_sessions.clinics; given again, they turn together in proportion to "
        "their parts, or to the scenario's own values",
    )
    parser.add_argument(
        "--scenario",
        default="baseline",
        metavar="NAME",
        help="what stands beside it: a preset's name, or a .yaml or .json file (baseline)",
    )
    parser.add_argument(
        "--goal", required=True, metavar="GOAL", help="within-18=92, over-52=0, over-65=0 or list=200000"
    )
    parser.add_argument("--by", required=True, metavar="YYYY-MM", help="the month to reach it by")
    parser.add_argument(
        "--probability", type=float, default=0.8, metavar="SHARE", help="of futures that must reach it (0.8)"
    )
    parser.add_argument("--replications", type=int, default=30, help="how many futures to draw (30)")
    parser.add_argument("--seed", type=int, default=1, help="equal seeds give equal answers (1)")
    parser.add_argument("--until", metavar="YYYY-MM", help="start from this month (default: the latest)")
    parser.add_argument("--workers", type=int, help="processor cores to use (default: all)")
    parser.add_argument("--out", type=Path, metavar="FILE", help="write every dose tried: .parquet or .csv")


def _solve(options: argparse.Namespace) -> int:
    from data.writers.exports import check_format, write_results
    from models.pairing.default_pair import with_trusts
    from models.rtt.months import month_label, parse_month
    from models.scenarios.goals import read_goal
    from models.scenarios.parameters_to_vary import mix, read_varied
    from questions.prepare import calibration
    from sim.runs.runner import Cancelled
    from sim.studies.solve import Trial, doses, solve

    goal = read_goal(options.goal, options.by, options.probability)
    scenario, varied = read_varied(scenario_of(options.scenario), options.lever)
    varied_mix = mix(scenario, varied)
    until = parse_month(options.until) if options.until else None
    if options.out:
        check_format(options.out)
    with open_store(options) as store:
        found = calibration(store, options.board, scenario, until)
    varied_mix = mix(with_trusts(scenario, found), varied)
    tried: list[Trial] = []
    try:
        with interrupted() as cancel:
            solution = solve(
                found,
                varied_mix,
                goal,
                seed=options.seed,
                replications=options.replications,
                workers=options.workers,
                progress=Progress("Solving").say,
                cancel=cancel,
                heard=tried.append,
            )
    except Cancelled as fault:
        print(f"\n{fault.message}", file=sys.stderr)
        if tried:
            kept = doses(varied_mix, sorted(tried, key=lambda trial: trial.step))
            print(f"Doses tried before it was stopped:\n{kept.round(3).to_string(index=False)}")
            if options.out:
                asked = {"scope": found.scope, "goal": goal.document(), "seed": options.seed, "stopped": True}
                write_results([kept], options.out, asked | {"version": PRODUCT_VERSION})
        return INTERRUPTED
    print(
        f"{solution.scope}, {scenario.name}, figures of {month_label(solution.data_month)}, "
        f"seed {solution.seed}, {solution.replications:,} replications, Tandem {PRODUCT_VERSION}"
    )
    print("\n".join(solution.sentences))
    if options.out:
        about = solution.about() | {"version": PRODUCT_VERSION}
        rows = write_results([solution.frame()], options.out, about)
        print(f"{rows:,} rows written to {options.out}")
    return 0
