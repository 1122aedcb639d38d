"""`gp-work`: the GP contacts that waiting makes in a board's areas, today and under a scenario."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from commands.parts.asking import answer_to, check_table, question_of, write_table
from commands.parts.opening import command, open_store
from data.database.version import PRODUCT_VERSION

if TYPE_CHECKING:
    from commands.parts.opening import Commands


def add(commands: "Commands") -> None:
    """Add to the front door's commands."""
    parser = command(
        commands, "gp-work", _gp_work, "show the GP contacts that waiting makes, by practice area"
    )
    parser.add_argument("--board", default="QK1", metavar="CODE", help="a board's code (QK1)")
    parser.add_argument(
        "--scenario",
        default="jointly-managed",
        metavar="NAME",
        help="a preset's name, or a .yaml or .json file (jointly-managed)",
    )
    parser.add_argument("--weeks", type=int, default=52, help="how far to run (52)")
    parser.add_argument("--replications", type=int, default=20, help="how many futures to draw (20)")
    parser.add_argument("--seed", type=int, default=1, help="equal seeds give equal results (1)")
    parser.add_argument("--out", type=Path, metavar="FILE", help="write a row an area: .csv or .parquet")


def _gp_work(options: argparse.Namespace) -> int:
    from models.rtt.months import month_label
    from models.scenarios.assumptions import resolve
    from models.waits.gp_work import FACTORS, change_said, changes
    from questions.waits import GpWork

    check_table(options.out)
    with open_store(options) as store:
        question = question_of(store, options)
        answer = answer_to(store, GpWork(question), "Simulating")
    rows, change = answer.frame(), answer.change
    assumed = {key: resolve(question.scenario.assumptions)[key] for key in FACTORS}
    print(f"GP contacts a month, estimated: {month_label(question.month)}, and {options.weeks} weeks on")
    print(rows.drop(columns=["per_thousand"]).round(0).astype(int, errors="ignore").to_string(index=False))
    print(f"{change_said(changes(change.baseline, change.scenario), options.board)}.")
    print(f"Assumed: {', '.join(f'{key} {assumed[key]:g}' for key in FACTORS)}; no source was found for any.")
    about = {
        "scope": options.board,
        "scenario": question.scenario.document(),
        "data_month": question.month,
        "weeks": options.weeks,
        "replications": options.replications,
        "seed": options.seed,
        "assumed": assumed,
        "unit": "GP contacts a month",
        "version": PRODUCT_VERSION,
    }
    write_table([rows], options.out, about)
    return 0
