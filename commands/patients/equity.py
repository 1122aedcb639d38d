"""`equity`: waits and virtual appointments by deprivation, age and access, today and under a scenario."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from commands.parts.asking import answer_to, check_table, question_of, write_table
from commands.parts.opening import command, open_store

if TYPE_CHECKING:
    from commands.parts.opening import Commands


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
    from questions.equity import Equity
    from questions.plain_report import about
    from questions.way import check_workers

    check_workers(options.workers)
    check_table(options.out)
    with open_store(options) as store:
        question = question_of(store, options)
        answer = answer_to(store, Equity(question), "Simulating", options.workers)
    print("\n".join(answer.statements.sentences))
    write_table([answer.frame()], options.out, about(question, answer.scenario.document))
    return 0
