"""`solve`: what it would take of a lever, or of a mix of levers, to reach a goal."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from commands.parts.asking import answer_to, check_table, heading, question_of, write_table
from commands.parts.opening import Interrupted, command, open_store, scenario_of
from data.database.version import PRODUCT_VERSION

if TYPE_CHECKING:
    import pandas as pd

    from commands.parts.opening import Commands
    from questions.studies import Solve


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
    from models.scenarios.goals import read_goal
    from questions.studies import Solve, SolveStopped

    goal = read_goal(options.goal, options.by, options.probability)
    scenario = scenario_of(options.scenario)
    check_table(options.out)
    with open_store(options) as store:
        asked = Solve(question_of(store, options, scenario), goal, tuple(options.lever))
        try:
            solution = answer_to(store, asked, "Solving", options.workers).solution
        except Interrupted as stopped:
            if isinstance(stopped.fault, SolveStopped) and len(stopped.fault.doses):
                _tell(asked, stopped.fault.doses, options.out)
            raise
    print(heading(asked.question, solution.document["name"]))
    print("\n".join(solution.sentences))
    write_table([solution.frame()], options.out, solution.about() | {"version": PRODUCT_VERSION})
    return 0


def _tell(asked: "Solve", doses: "pd.DataFrame", path: Path | None) -> None:
    """What was tried before it was stopped."""
    from data.writers.exports import write_results

    print(f"Doses tried before it was stopped:\n{doses.round(3).to_string(index=False)}")
    if path:
        question = asked.question
        about = {"scope": question.scope, "goal": asked.goal.document(), "seed": question.seed}
        write_results([doses], path, about | {"stopped": True, "version": PRODUCT_VERSION})
