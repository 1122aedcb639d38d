"""`watch`: how a list moves under a scenario, by weeks waited, every second week."""

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from commands.parts.asking import answer_to, check_table, heading, question_of, write_table
from commands.parts.opening import command, open_store

if TYPE_CHECKING:
    from commands.parts.opening import Commands
    from questions.studies import MotionAnswer

TOLD = 26  # weeks between two pictures told; `--out` has all


def add(commands: "Commands") -> None:
    """Add to the front door's commands."""
    parser = command(commands, "watch", _watch, "watch a list move: how many have waited how long")
    parser.add_argument(
        "--board", default="QK1", metavar="CODE", help="a board's code, ENGLAND, or boards together (QK1)"
    )
    parser.add_argument(
        "--scenario", default="baseline", metavar="NAME", help="a preset's name, or a .yaml or .json file"
    )
    parser.add_argument("--weeks", type=int, default=104, help="how far to run (104)")
    parser.add_argument("--replications", type=int, default=30, help="how many futures to draw (30)")
    parser.add_argument("--seed", type=int, default=1, help="equal seeds give equal results (1)")
    parser.add_argument("--until", metavar="YYYY-MM", help="start from this month (default: the latest)")
    parser.add_argument("--workers", type=int, help="processor cores to use (default: all)")
    parser.add_argument(
        "--out", type=Path, metavar="FILE", help="write a row a run, week and weeks waited: .parquet or .csv"
    )


def _watch(options: argparse.Namespace) -> int:
    from questions.plain_report import about
    from questions.studies import Motion

    check_table(options.out)
    with open_store(options) as store:
        question = question_of(store, options)
        answer = answer_to(store, Motion(question), "Simulating", options.workers)
    print(heading(question))
    print(answer.sentence)
    print("\n".join(_told(answer)))
    write_table([answer.frame()], options.out, about(question))
    return 0


def _told(answer: "MotionAnswer") -> Iterator[str]:
    """The list under 18 weeks, from there to 52, and over, at each half year's end: each run's means."""
    yield f"{'':<26}{'under 18':>12}{'18 to 51':>12}{'52 and over':>12}"
    for run, moving in (("scenario", answer.scenario), ("baseline", answer.baseline)):
        if moving is None:
            continue
        for place, week in enumerate(moving.weeks):
            if week % TOLD and week != moving.weeks[-1]:
                continue
            bands = moving.waiting[place]
            parts = (bands[:18].sum(), bands[18:52].sum(), bands[52:].sum())
            yield f"{run} {moving.day(place):<17}" + "".join(f"{part:>12,.0f}" for part in parts)
